"""All that an account can do there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.ports import Account, SecretSlot
from smm_tui.networks.telegram.api import TelegramApi
from smm_tui.networks.telegram.spec import TITLE

if TYPE_CHECKING:
    from smm_tui.networks.telegram.editor import TelegramEditor, TelegramPinner
    from smm_tui.networks.telegram.inbox import TelegramInbox
    from smm_tui.networks.telegram.moderator import TelegramModerator
    from smm_tui.networks.telegram.page import TelegramMetrics, TelegramProfile
    from smm_tui.networks.telegram.publisher import TelegramPublisher
    from smm_tui.networks.telegram.responder import TelegramResponder


class TelegramClient(Client):
    """The ports of one account, each imported at its first use."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self._api = TelegramApi(account, slot, around)

    @cached_property
    def publisher(self) -> TelegramPublisher:
        """See `Client.publisher`."""
        from smm_tui.networks.telegram.publisher import TelegramPublisher

        return TelegramPublisher(self._api)

    @cached_property
    def editor(self) -> TelegramEditor:
        """See `Client.editor`."""
        from smm_tui.networks.telegram.editor import TelegramEditor

        return TelegramEditor(self._api)

    @cached_property
    def pinner(self) -> TelegramPinner:
        """See `Client.pinner`."""
        from smm_tui.networks.telegram.editor import TelegramPinner

        return TelegramPinner(self._api)

    @cached_property
    def inbox(self) -> TelegramInbox:
        """See `Client.inbox`."""
        from smm_tui.networks.telegram.inbox import TelegramInbox

        return TelegramInbox(self._api)

    @cached_property
    def responder(self) -> TelegramResponder:
        """See `Client.responder`."""
        from smm_tui.networks.telegram.responder import TelegramResponder

        return TelegramResponder(self._api)

    @cached_property
    def moderator(self) -> TelegramModerator:
        """See `Client.moderator`."""
        from smm_tui.networks.telegram.moderator import TelegramModerator

        return TelegramModerator(self._api)

    @cached_property
    def profile_reader(self) -> TelegramProfile:
        """See `Client.profile_reader`."""
        from smm_tui.networks.telegram.page import TelegramProfile

        return TelegramProfile(self._api)

    @cached_property
    def profile_writer(self) -> TelegramProfile:
        """See `Client.profile_writer`."""
        from smm_tui.networks.telegram.page import TelegramProfile

        return TelegramProfile(self._api)

    @cached_property
    def metrics(self) -> TelegramMetrics:
        """See `Client.metrics`."""
        from smm_tui.networks.telegram.page import TelegramMetrics

        return TelegramMetrics(self._api)

    async def aclose(self) -> None:
        """See `Client.aclose`."""
        await self._api.aclose()
