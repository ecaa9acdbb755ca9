"""All that an account can do there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.ports import Account, SecretSlot
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.spec import TITLE

if TYPE_CHECKING:
    from smm_tui.networks.vk.ads.advertiser import VkAdvertiser
    from smm_tui.networks.vk.ads.api import VkAdsApi
    from smm_tui.networks.vk.attachments import Attachments
    from smm_tui.networks.vk.editor import VkEditor
    from smm_tui.networks.vk.inbox import VkInbox
    from smm_tui.networks.vk.metrics import VkMetrics
    from smm_tui.networks.vk.moderator import VkModerator
    from smm_tui.networks.vk.pinner import VkPinner
    from smm_tui.networks.vk.profile import VkProfile
    from smm_tui.networks.vk.publisher import VkPublisher
    from smm_tui.networks.vk.responder import VkResponder
    from smm_tui.networks.vk.scheduler import VkScheduler
    from smm_tui.networks.vk.talk import Talk
    from smm_tui.networks.vk.wall import Wall


class VkClient(Client):
    """The ports of one account, each imported at its first use."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self._api = VkApi(account, slot, around)

    @cached_property
    def publisher(self) -> VkPublisher:
        """See `Client.publisher`."""
        from smm_tui.networks.vk.publisher import VkPublisher

        return VkPublisher(self._api, self._wall, self._attachments)

    @cached_property
    def editor(self) -> VkEditor:
        """See `Client.editor`."""
        from smm_tui.networks.vk.editor import VkEditor

        return VkEditor(self._api, self._wall, self._attachments)

    @cached_property
    def pinner(self) -> VkPinner:
        """See `Client.pinner`."""
        from smm_tui.networks.vk.pinner import VkPinner

        return VkPinner(self._api, self._wall)

    @cached_property
    def scheduler(self) -> VkScheduler:
        """See `Client.scheduler`."""
        from smm_tui.networks.vk.scheduler import VkScheduler

        return VkScheduler(self._api, self._wall, self.publisher)

    @cached_property
    def inbox(self) -> VkInbox:
        """See `Client.inbox`."""
        from smm_tui.networks.vk.inbox import VkInbox

        return VkInbox(self._api, self._talk)

    @cached_property
    def responder(self) -> VkResponder:
        """See `Client.responder`."""
        from smm_tui.networks.vk.responder import VkResponder

        return VkResponder(self._api, self._talk, self._attachments)

    @cached_property
    def moderator(self) -> VkModerator:
        """See `Client.moderator`."""
        from smm_tui.networks.vk.moderator import VkModerator

        return VkModerator(self._api, self._talk)

    @cached_property
    def profile_reader(self) -> VkProfile:
        """See `Client.profile_reader`."""
        from smm_tui.networks.vk.profile import VkProfile

        return VkProfile(self._api)

    @cached_property
    def profile_writer(self) -> VkProfile:
        """See `Client.profile_writer`."""
        return self.profile_reader

    @cached_property
    def metrics(self) -> VkMetrics:
        """See `Client.metrics`."""
        from smm_tui.networks.vk.metrics import VkMetrics

        return VkMetrics(self._api)

    @cached_property
    def advertiser(self) -> VkAdvertiser:
        """See `Client.advertiser`."""
        from smm_tui.networks.vk.ads.advertiser import VkAdvertiser

        return VkAdvertiser(self._ads_api, self._api)

    async def aclose(self) -> None:
        """See `Client.aclose`."""
        await self._api.aclose()
        if "_ads_api" in self.__dict__:
            await self._ads_api.aclose()

    @cached_property
    def _ads_api(self) -> VkAdsApi:
        from smm_tui.networks.vk.ads.api import VkAdsApi

        return VkAdsApi(self._api.account, self._api.slot, self._api.around)

    @cached_property
    def _wall(self) -> Wall:
        from smm_tui.networks.vk.wall import Wall

        return Wall(self._api)

    @cached_property
    def _talk(self) -> Talk:
        from smm_tui.networks.vk.talk import Talk

        return Talk(self._api)

    @cached_property
    def _attachments(self) -> Attachments:
        from smm_tui.networks.vk.attachments import Attachments

        return Attachments(self._api)
