"""The directory of did:plc identities."""

from __future__ import annotations

from smm_tui.sandbox.faces.bluesky.call import did_document
from smm_tui.sandbox.http import Request, Response, json_response
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World


def handle(world: World, server: Server, request: Request) -> Response:
    """The document of ``/did:plc:…``."""
    del server
    did = request.path.strip("/")
    for account in world.accounts(network="bluesky"):
        home = world.server(account.server)
        if account.remote_id == did and home is not None:
            return json_response(did_document(home, account), headers={"content-type": "application/did+ld+json"})
    return json_response({"message": f"DID not registered: {did}"}, 404)


def caller(world: World, server: Server, request: Request) -> Account | None:
    """Nobody: the directory is public."""
    del world, server, request
    return None


def carries_token(request: Request) -> bool:
    """Whether a call shows a token."""
    return bool(request.bearer)


def settle(world: World, server: Server) -> None:
    """Nothing happens by itself here."""


def rate_limited(world: World, server: Server, seconds: float | None) -> Response:
    """429."""
    del world, server
    headers = {} if seconds is None else {"retry-after": str(max(1, round(seconds)))}
    return json_response({"message": "Too many requests"}, 429, headers)


def server_error(status: int) -> Response:
    """A failure inside."""
    return json_response({"message": "Internal Server Error"}, status)


def expired_token(server: Server) -> Response:
    """There are no tokens here."""
    del server
    return json_response({"message": "Unauthorized"}, 401)
