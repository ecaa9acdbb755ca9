"""All that an account can do there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smm_tui.networks.api import Surroundings
from smm_tui.networks.bluesky.api import BlueskyApi
from smm_tui.networks.bluesky.spec import TITLE
from smm_tui.networks.client import Client
from smm_tui.networks.ports import Account, SecretSlot

if TYPE_CHECKING:
    from smm_tui.networks.bluesky.inbox import BlueskyInbox
    from smm_tui.networks.bluesky.metrics import BlueskyMetrics
    from smm_tui.networks.bluesky.moderator import BlueskyModerator
    from smm_tui.networks.bluesky.profile import BlueskyProfile
    from smm_tui.networks.bluesky.publisher import BlueskyPublisher
    from smm_tui.networks.bluesky.responder import BlueskyResponder


class BlueskyClient(Client):
    """The ports of one account, each imported at its first use."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self._api = BlueskyApi(account, slot, around)

    @property
    def publisher(self) -> BlueskyPublisher:
        """See `Client.publisher`."""
        from smm_tui.networks.bluesky.publisher import BlueskyPublisher

        return BlueskyPublisher(self._api)

    @property
    def pinner(self) -> BlueskyProfile:
        """See `Client.pinner`."""
        from smm_tui.networks.bluesky.profile import BlueskyProfile

        return BlueskyProfile(self._api)

    @property
    def inbox(self) -> BlueskyInbox:
        """See `Client.inbox`."""
        from smm_tui.networks.bluesky.inbox import BlueskyInbox

        return BlueskyInbox(self._api)

    @property
    def responder(self) -> BlueskyResponder:
        """See `Client.responder`."""
        from smm_tui.networks.bluesky.responder import BlueskyResponder

        return BlueskyResponder(self._api)

    @property
    def moderator(self) -> BlueskyModerator:
        """See `Client.moderator`."""
        from smm_tui.networks.bluesky.moderator import BlueskyModerator

        return BlueskyModerator(self._api)

    @property
    def profile_reader(self) -> BlueskyProfile:
        """See `Client.profile_reader`."""
        from smm_tui.networks.bluesky.profile import BlueskyProfile

        return BlueskyProfile(self._api)

    @property
    def profile_writer(self) -> BlueskyProfile:
        """See `Client.profile_writer`."""
        from smm_tui.networks.bluesky.profile import BlueskyProfile

        return BlueskyProfile(self._api)

    @property
    def metrics(self) -> BlueskyMetrics:
        """See `Client.metrics`."""
        from smm_tui.networks.bluesky.metrics import BlueskyMetrics

        return BlueskyMetrics(self._api)

    async def aclose(self) -> None:
        """See `Client.aclose`."""
        await self._api.aclose()
