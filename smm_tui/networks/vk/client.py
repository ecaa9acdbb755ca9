"""All that an account can do there."""

from __future__ import annotations

from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.ports import Account, Publisher, SecretSlot
from smm_tui.networks.vk.publisher import VkPublisher
from smm_tui.networks.vk.spec import TITLE


class VkClient(Client):
    """The ports of one account."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self._publisher = VkPublisher(
            account, slot, transport=around.transport, timeouts=around.timeouts, clock=around.clock
        )

    @property
    def publisher(self) -> Publisher:
        """See `Client.publisher`."""
        return self._publisher

    async def aclose(self) -> None:
        """See `Client.aclose`."""
        await self._publisher.aclose()
