"""All that an account can do there."""

from __future__ import annotations

from smm_tui.networks.api import Surroundings
from smm_tui.networks.bluesky.publisher import BlueskyPublisher
from smm_tui.networks.bluesky.spec import TITLE
from smm_tui.networks.client import Client
from smm_tui.networks.ports import Account, Publisher, SecretSlot


class BlueskyClient(Client):
    """The ports of one account."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self._publisher = BlueskyPublisher(
            account, slot, transport=around.transport, timeouts=around.timeouts, clock=around.clock
        )

    @property
    def publisher(self) -> Publisher:
        """See `Client.publisher`."""
        return self._publisher

    async def aclose(self) -> None:
        """See `Client.aclose`."""
        await self._publisher.aclose()
