"""All that an account can do there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.facebook.api import FacebookApi
from smm_tui.networks.facebook.spec import TITLE
from smm_tui.networks.ports import Account, SecretSlot

if TYPE_CHECKING:
    from smm_tui.networks.facebook.advertiser import FacebookAdvertiser
    from smm_tui.networks.facebook.editor import FacebookEditor, FacebookPinner, FacebookScheduler
    from smm_tui.networks.facebook.inbox import FacebookInbox
    from smm_tui.networks.facebook.metrics import FacebookMetrics
    from smm_tui.networks.facebook.moderator import FacebookModerator
    from smm_tui.networks.facebook.profile import FacebookProfile
    from smm_tui.networks.facebook.publisher import FacebookPublisher
    from smm_tui.networks.facebook.responder import FacebookResponder


class FacebookClient(Client):
    """The ports of one Page, each imported at its first use."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self._api = FacebookApi(account, slot, around)

    @cached_property
    def publisher(self) -> FacebookPublisher:
        """See `Client.publisher`."""
        from smm_tui.networks.facebook.publisher import FacebookPublisher

        return FacebookPublisher(self._api)

    @cached_property
    def editor(self) -> FacebookEditor:
        """See `Client.editor`."""
        from smm_tui.networks.facebook.editor import FacebookEditor

        return FacebookEditor(self._api)

    @cached_property
    def pinner(self) -> FacebookPinner:
        """See `Client.pinner`."""
        from smm_tui.networks.facebook.editor import FacebookPinner

        return FacebookPinner(self._api)

    @cached_property
    def scheduler(self) -> FacebookScheduler:
        """See `Client.scheduler`."""
        from smm_tui.networks.facebook.editor import FacebookScheduler

        return FacebookScheduler(self._api)

    @cached_property
    def inbox(self) -> FacebookInbox:
        """See `Client.inbox`."""
        from smm_tui.networks.facebook.inbox import FacebookInbox

        return FacebookInbox(self._api)

    @cached_property
    def responder(self) -> FacebookResponder:
        """See `Client.responder`."""
        from smm_tui.networks.facebook.responder import FacebookResponder

        return FacebookResponder(self._api)

    @cached_property
    def moderator(self) -> FacebookModerator:
        """See `Client.moderator`."""
        from smm_tui.networks.facebook.moderator import FacebookModerator

        return FacebookModerator(self._api)

    @cached_property
    def profile_reader(self) -> FacebookProfile:
        """See `Client.profile_reader`."""
        from smm_tui.networks.facebook.profile import FacebookProfile

        return FacebookProfile(self._api)

    @cached_property
    def profile_writer(self) -> FacebookProfile:
        """See `Client.profile_writer`."""
        return self.profile_reader

    @cached_property
    def metrics(self) -> FacebookMetrics:
        """See `Client.metrics`."""
        from smm_tui.networks.facebook.metrics import FacebookMetrics

        return FacebookMetrics(self._api)

    @cached_property
    def advertiser(self) -> FacebookAdvertiser:
        """See `Client.advertiser`."""
        from smm_tui.networks.facebook.advertiser import FacebookAdvertiser

        return FacebookAdvertiser(self._api)

    async def aclose(self) -> None:
        """See `Client.aclose`."""
        await self._api.aclose()
