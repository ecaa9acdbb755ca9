"""All that an account can do there."""

from __future__ import annotations

from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.community import Inbox, Moderator, Responder
from smm_tui.networks.page import Editor, Metrics, Pinner, ProfileReader, ProfileWriter, Scheduler
from smm_tui.networks.ports import Account, Publisher, SecretSlot
from smm_tui.networks.vk.api import VkApi
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
from smm_tui.networks.vk.spec import TITLE
from smm_tui.networks.vk.talk import Talk
from smm_tui.networks.vk.wall import Wall


class VkClient(Client):
    """The ports of one account."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self._api = api = VkApi(account, slot, around)
        wall, talk, attachments = Wall(api), Talk(api), Attachments(api)
        self._publisher = VkPublisher(api, wall, attachments)
        self._editor = VkEditor(api, wall, attachments)
        self._pinner = VkPinner(api, wall)
        self._scheduler = VkScheduler(api, wall, self._publisher)
        self._inbox = VkInbox(api, talk)
        self._responder = VkResponder(api, talk, attachments)
        self._moderator = VkModerator(api, talk)
        self._profile = VkProfile(api)
        self._metrics = VkMetrics(api)

    @property
    def publisher(self) -> Publisher:
        """See `Client.publisher`."""
        return self._publisher

    @property
    def editor(self) -> Editor:
        """See `Client.editor`."""
        return self._editor

    @property
    def pinner(self) -> Pinner:
        """See `Client.pinner`."""
        return self._pinner

    @property
    def scheduler(self) -> Scheduler:
        """See `Client.scheduler`."""
        return self._scheduler

    @property
    def inbox(self) -> Inbox:
        """See `Client.inbox`."""
        return self._inbox

    @property
    def responder(self) -> Responder:
        """See `Client.responder`."""
        return self._responder

    @property
    def moderator(self) -> Moderator:
        """See `Client.moderator`."""
        return self._moderator

    @property
    def profile_reader(self) -> ProfileReader:
        """See `Client.profile_reader`."""
        return self._profile

    @property
    def profile_writer(self) -> ProfileWriter:
        """See `Client.profile_writer`."""
        return self._profile

    @property
    def metrics(self) -> Metrics:
        """See `Client.metrics`."""
        return self._metrics

    async def aclose(self) -> None:
        """See `Client.aclose`."""
        await self._api.aclose()
