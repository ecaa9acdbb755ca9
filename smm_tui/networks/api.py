"""What the ports of one account share: its secret, its server, its connection and its pace."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from smm_tui.domain.clock import Clock, system_clock
from smm_tui.networks.address import server_address
from smm_tui.networks.http import Http, Timeouts
from smm_tui.networks.pace import Bucket, Pace, Rates
from smm_tui.networks.ports import Account, SecretSlot

if TYPE_CHECKING:
    import httpx

    from smm_tui.networks.public_media import PublicMedia

Pause = Callable[[float], Awaitable[None]]


class Surroundings(NamedTuple):
    """What stands around a client. `transport` replaces the real network (the sandbox's), `pause` waits (seconds)."""

    transport: httpx.AsyncBaseTransport | None = None
    timeouts: Timeouts | None = None
    clock: Clock = system_clock
    pause: Pause = asyncio.sleep
    rates: Rates | None = None
    public_media: PublicMedia | None = None  # where networks fetch what they take no bytes of


class Api:
    """The calls of one account, before anything is made of their answers. Each network's API derives from it."""

    title = ""

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self.account = account
        self.slot = slot
        self.around = around
        self.server = server_address(account.server)
        pace = None if around.rates is None else Pace(self.title, around.rates, around.clock, self.buckets)
        self.http = Http(
            self.title, transport=around.transport, timeouts=around.timeouts, clock=around.clock, pace=pace
        )

    def buckets(self, method: str, url: str) -> Iterable[Bucket]:
        """What a call is taken from, narrowest first: an answer that tells what is left speaks of the first."""
        del method, url
        return ()

    def bucket(self, name: str, limit: int, window: float) -> Bucket:
        """A bucket of this account: `limit` calls in `window` seconds."""
        whose = self.account.remote_id or self.account.handle
        return Bucket(f"{self.account.network} {self.server} {whose} {name}".rstrip(), limit, window)

    async def aclose(self) -> None:
        """Close connections."""
        await self.http.aclose()
