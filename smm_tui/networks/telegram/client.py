"""All that an account can do there."""

from __future__ import annotations

from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.community import Inbox, Moderator, Responder
from smm_tui.networks.page import Editor, Metrics, Pinner, ProfileReader, ProfileWriter
from smm_tui.networks.ports import Account, Publisher, SecretSlot
from smm_tui.networks.telegram.api import TelegramApi
from smm_tui.networks.telegram.editor import TelegramEditor, TelegramPinner
from smm_tui.networks.telegram.inbox import TelegramInbox
from smm_tui.networks.telegram.moderator import TelegramModerator
from smm_tui.networks.telegram.page import TelegramMetrics, TelegramProfile
from smm_tui.networks.telegram.publisher import TelegramPublisher
from smm_tui.networks.telegram.responder import TelegramResponder
from smm_tui.networks.telegram.spec import TITLE


class TelegramClient(Client):
    """The ports of one account."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self._api = TelegramApi(account, slot, around)

    @property
    def publisher(self) -> Publisher:
        """See `Client.publisher`."""
        return TelegramPublisher(self._api)

    @property
    def editor(self) -> Editor:
        """See `Client.editor`."""
        return TelegramEditor(self._api)

    @property
    def pinner(self) -> Pinner:
        """See `Client.pinner`."""
        return TelegramPinner(self._api)

    @property
    def inbox(self) -> Inbox:
        """See `Client.inbox`."""
        return TelegramInbox(self._api)

    @property
    def responder(self) -> Responder:
        """See `Client.responder`."""
        return TelegramResponder(self._api)

    @property
    def moderator(self) -> Moderator:
        """See `Client.moderator`."""
        return TelegramModerator(self._api)

    @property
    def profile_reader(self) -> ProfileReader:
        """See `Client.profile_reader`."""
        return TelegramProfile(self._api)

    @property
    def profile_writer(self) -> ProfileWriter:
        """See `Client.profile_writer`."""
        return TelegramProfile(self._api)

    @property
    def metrics(self) -> Metrics:
        """See `Client.metrics`."""
        return TelegramMetrics(self._api)

    async def aclose(self) -> None:
        """See `Client.aclose`."""
        await self._api.aclose()
