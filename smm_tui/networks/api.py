"""What the ports of one account share: its secret, its server, its connection and its pace."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from smm_tui.domain.clock import Clock, Instant, system_clock
from smm_tui.networks.address import server_address
from smm_tui.networks.http import Http, Timeouts
from smm_tui.networks.ports import Account, SecretSlot

if TYPE_CHECKING:
    import httpx

Pause = Callable[[float], Awaitable[None]]


class Rates(Protocol):
    """How many calls are left, known to every process that uses the same accounts."""

    def take(self, bucket: str, limit: int, window: float) -> float:
        """Take one of `limit` calls in `window` seconds; 0 when it may be made now, else the seconds to wait."""

    def learn(self, bucket: str, remaining: int, resets_at: Instant) -> None:
        """What the network itself said is left, and until when."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a client. `transport` replaces the real network (the sandbox's), `pause` waits (seconds)."""

    transport: httpx.AsyncBaseTransport | None = None
    timeouts: Timeouts | None = None
    clock: Clock = system_clock
    pause: Pause = asyncio.sleep
    rates: Rates | None = None


class Api:
    """The calls of one account, before anything is made of their answers. Each network's API derives from it."""

    title = ""

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self.account = account
        self.slot = slot
        self.around = around
        self.server = server_address(account.server)
        self.http = Http(self.title, transport=around.transport, timeouts=around.timeouts, clock=around.clock)

    async def aclose(self) -> None:
        """Close connections."""
        await self.http.aclose()
