"""One call to the world: it arrives, a fault may meet it, the face executes it, the answer may get lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from smm_tui.sandbox import chatter
from smm_tui.sandbox.faces import FACES
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.http import Request, Response, html_response
from smm_tui.sandbox.things import Server
from smm_tui.sandbox.world import World


class UnknownHost(LookupError):
    """Nothing of the sandbox lives at this host; no other network is ever asked."""


class Break(StrEnum):
    """How a call ends without an answer."""

    REFUSED = "refused"  # no connection
    RESET = "reset"  # the connection is reset
    HANG_UP = "hang_up"  # the connection is closed before an answer
    TIMEOUT = "timeout"  # nothing comes
    CRASH = "crash"  # the calling process is to be killed


class Broken(Exception):
    """There is no answer."""

    def __init__(self, how: Break) -> None:
        super().__init__(how.value)
        self.how = how


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call at the network's door, with the fault that will meet it."""

    number: int
    server: Server
    request: Request
    fault: Fault | None

    @property
    def delay(self) -> float:
        """Seconds of real time that pass before it is answered."""
        return self.fault.seconds if self.fault and self.fault.kind is FaultKind.SLOW else 0.0


_BEFORE = {
    FaultKind.REFUSED: Break.REFUSED,
    FaultKind.RESET_BEFORE: Break.RESET,
    FaultKind.TIMEOUT_BEFORE: Break.TIMEOUT,
    FaultKind.CRASH_BEFORE: Break.CRASH,
}
_AFTER = {
    FaultKind.LOST_RESPONSE: Break.HANG_UP,
    FaultKind.TIMEOUT_AFTER: Break.TIMEOUT,
    FaultKind.CRASH_AFTER: Break.CRASH,
}
_PAGE = "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Please come back later</h1></body></html>"


def receive(world: World, request: Request) -> Arrival:
    """Note a call and decide its fault. UnknownHost when no server lives there."""
    with world.transaction():
        server = world.server(request.host)
        if server is None:
            raise UnknownHost(request.host)
        request = replace(request, received=world.clock())
        account = FACES[server.network].caller(world, server, request)
        names = (account.handle, account.remote_id) if account else ()
        fault = world.next_fault(request, names)
        number = world.log_call(request, account.handle if account else "", fault.kind.value if fault else "")
    return Arrival(number, server, request, fault)


def answer(world: World, arrival: Arrival) -> Response:
    """Let the call happen, and its fault. Broken when no answer reaches the client."""
    fault = arrival.fault
    if fault is not None and fault.kind in _BEFORE:
        raise Broken(_BEFORE[fault.kind])
    if fault is not None and fault.kind is FaultKind.LATE:
        world.postpone(arrival.request, arrival.request.received + round(fault.seconds * 1000))
        raise Broken(Break.TIMEOUT)
    with world.transaction():
        settle(world)
        response = _respond(world, arrival.server, arrival.request, fault)
        world.log_status(arrival.number, response.status)
    if fault is not None and fault.kind in _AFTER:
        raise Broken(_AFTER[fault.kind])
    return response


def settle(world: World) -> None:
    """Let everything happen whose time has come: late requests, and what the servers do by themselves."""
    with world.transaction():
        for request in world.take_due():
            server = world.server(request.host)
            if server is not None:
                FACES[server.network].handle(world, server, request)
        for server in world.servers():
            FACES[server.network].settle(world, server)
        chatter.live(world)


def _respond(world: World, server: Server, request: Request, fault: Fault | None) -> Response:
    face = FACES[server.network]
    if fault is None:
        return face.handle(world, server, request)
    match fault.kind:
        case FaultKind.RATE_LIMITED:
            return face.rate_limited(world, server, fault.seconds)
        case FaultKind.RATE_LIMITED_BARE:
            return face.rate_limited(world, server, None)
        case FaultKind.EXPIRED_TOKEN if face.carries_token(request):
            return face.expired_token(server)
        case FaultKind.SERVER_ERROR | FaultKind.HTML:
            if fault.executed:
                face.handle(world, server, request)
            if fault.kind is FaultKind.HTML:
                return html_response(_PAGE, fault.status)
            return face.server_error(fault.status)
        case FaultKind.BAD_JSON:
            whole = face.handle(world, server, request)
            return Response(whole.status, whole.headers, whole.body[: len(whole.body) // 2] or b"{")
        case _:
            return face.handle(world, server, request)
