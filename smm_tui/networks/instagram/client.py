"""All that an account can do there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.instagram.api import InstagramApi
from smm_tui.networks.instagram.spec import TITLE
from smm_tui.networks.ports import Account, SecretSlot

if TYPE_CHECKING:
    from smm_tui.networks.instagram.inbox import InstagramInbox
    from smm_tui.networks.instagram.metrics import InstagramMetrics
    from smm_tui.networks.instagram.moderator import InstagramModerator
    from smm_tui.networks.instagram.profile import InstagramProfile
    from smm_tui.networks.instagram.publisher import InstagramPublisher
    from smm_tui.networks.instagram.responder import InstagramResponder


class InstagramClient(Client):
    """The ports of one account, each imported at its first use."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self._api = InstagramApi(account, slot, around)

    @cached_property
    def publisher(self) -> InstagramPublisher:
        """See `Client.publisher`."""
        from smm_tui.networks.instagram.publisher import InstagramPublisher

        return InstagramPublisher(self._api)

    @cached_property
    def inbox(self) -> InstagramInbox:
        """See `Client.inbox`."""
        from smm_tui.networks.instagram.inbox import InstagramInbox

        return InstagramInbox(self._api)

    @cached_property
    def responder(self) -> InstagramResponder:
        """See `Client.responder`."""
        from smm_tui.networks.instagram.responder import InstagramResponder

        return InstagramResponder(self._api)

    @cached_property
    def moderator(self) -> InstagramModerator:
        """See `Client.moderator`."""
        from smm_tui.networks.instagram.moderator import InstagramModerator

        return InstagramModerator(self._api)

    @cached_property
    def profile_reader(self) -> InstagramProfile:
        """See `Client.profile_reader`."""
        from smm_tui.networks.instagram.profile import InstagramProfile

        return InstagramProfile(self._api)

    @cached_property
    def metrics(self) -> InstagramMetrics:
        """See `Client.metrics`."""
        from smm_tui.networks.instagram.metrics import InstagramMetrics

        return InstagramMetrics(self._api)

    async def aclose(self) -> None:
        """See `Client.aclose`."""
        await self._api.aclose()
