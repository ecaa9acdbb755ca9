"""All that an account can do there."""

from __future__ import annotations

from smm_tui.networks.api import Surroundings
from smm_tui.networks.bluesky.api import BlueskyApi
from smm_tui.networks.bluesky.inbox import BlueskyInbox
from smm_tui.networks.bluesky.metrics import BlueskyMetrics
from smm_tui.networks.bluesky.moderator import BlueskyModerator
from smm_tui.networks.bluesky.profile import BlueskyProfile
from smm_tui.networks.bluesky.publisher import BlueskyPublisher
from smm_tui.networks.bluesky.responder import BlueskyResponder
from smm_tui.networks.bluesky.spec import TITLE
from smm_tui.networks.client import Client
from smm_tui.networks.ports import Account, SecretSlot


class BlueskyClient(Client):
    """The ports of one account."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self._api = BlueskyApi(account, slot, around)

    @property
    def publisher(self) -> BlueskyPublisher:
        """See `Client.publisher`."""
        return BlueskyPublisher(self._api)

    @property
    def pinner(self) -> BlueskyProfile:
        """See `Client.pinner`."""
        return BlueskyProfile(self._api)

    @property
    def inbox(self) -> BlueskyInbox:
        """See `Client.inbox`."""
        return BlueskyInbox(self._api)

    @property
    def responder(self) -> BlueskyResponder:
        """See `Client.responder`."""
        return BlueskyResponder(self._api)

    @property
    def moderator(self) -> BlueskyModerator:
        """See `Client.moderator`."""
        return BlueskyModerator(self._api)

    @property
    def profile_reader(self) -> BlueskyProfile:
        """See `Client.profile_reader`."""
        return BlueskyProfile(self._api)

    @property
    def profile_writer(self) -> BlueskyProfile:
        """See `Client.profile_writer`."""
        return BlueskyProfile(self._api)

    @property
    def metrics(self) -> BlueskyMetrics:
        """See `Client.metrics`."""
        return BlueskyMetrics(self._api)

    async def aclose(self) -> None:
        """See `Client.aclose`."""
        await self._api.aclose()
