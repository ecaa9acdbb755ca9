"""The sandbox as an httpx transport: the real clients talk to it without a socket."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import httpx

from smm_tui.domain.clock import Clock, system_clock
from smm_tui.sandbox.exchange import Arrival, Break, Broken, UnknownHost, answer, receive
from smm_tui.sandbox.http import Request, Response
from smm_tui.sandbox.world import World

_LOOK = 0.5
"""Seconds between two looks at whether a server that keeps a call open has something to say."""


_WHOLE = 10
"""Of so many looks one lets the world go on, although nothing new is there: its people act when somebody calls."""


class SandboxTransport(httpx.AsyncBaseTransport):
    """Routes calls by host to the world's servers, and never touches a real network.

    Calls run inline: one takes well under a millisecond, less than the way to a thread and back.
    """

    def __init__(self, world: World | Path | str, *, clock: Clock = system_clock) -> None:
        """`world` may be shared; one opened here from a path, with `clock`, is closed with the transport."""
        self._own = not isinstance(world, World)
        self.world = world if isinstance(world, World) else World(world, clock=clock)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a call; faults become the errors that httpx raises for them on a real connection."""
        call = Request.of(request.method, str(request.url), request.headers, await request.aread())
        try:
            arrival = receive(self.world, call)
        except UnknownHost as error:
            raise httpx.ConnectError(f"no such host in the sandbox: {error}", request=request) from error
        patience = request.extensions.get("timeout", {}).get("read")
        impatient = patience is not None and arrival.delay > patience
        if arrival.delay:
            await asyncio.sleep(patience if impatient else arrival.delay)
        try:
            response = await self._held(arrival, patience)
        except Broken as broken:
            raise _error(broken.how, request) from broken
        if impatient:
            raise _error(Break.TIMEOUT, request)
        return httpx.Response(response.status, headers=response.headers, content=response.body)

    async def _held(self, arrival: Arrival, patience: float | None) -> Response:
        """The answer; one that the server keeps for when it has something to say is asked for again and again."""
        response = answer(self.world, arrival)
        left, looks, newest = min(response.held, patience or response.held), 0, self.world.newest()
        while response.held and left > 0:
            await asyncio.sleep(min(_LOOK, left))
            left, looks = left - _LOOK, looks + 1
            if self.world.newest() != newest or looks % _WHOLE == 0:
                newest = self.world.newest()
                response = answer(self.world, arrival)
        return response

    async def aclose(self) -> None:
        """Close the world if it was opened here."""
        if self._own:
            self.world.close()


def _error(how: Break, request: httpx.Request) -> httpx.TransportError:
    match how:
        case Break.REFUSED:
            return httpx.ConnectError("connection refused", request=request)
        case Break.RESET:
            return httpx.ReadError("connection reset by peer", request=request)
        case Break.HANG_UP:
            return httpx.RemoteProtocolError("server disconnected without sending a response", request=request)
        case Break.TIMEOUT:
            return httpx.ReadTimeout("timed out", request=request)
        case Break.CRASH:
            # The death of the client itself: nothing of this process runs after it.
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError("survived SIGKILL")
