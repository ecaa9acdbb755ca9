"""Servers that speak the Mastodon API: Mastodon and GoToSocial."""

from __future__ import annotations

# Importing the handlers enters their routes.
from smm_tui.sandbox.faces.mastodon import (  # noqa: F401
    instance,
    media,
    moderation,
    notifications,
    oauth,
    people,
    profile,
    statuses,
    streaming,
)
from smm_tui.sandbox.faces.mastodon.call import ROUTER, Call, rate_headers
from smm_tui.sandbox.faces.mastodon.flavour import flavour_of
from smm_tui.sandbox.http import Refused, Request, Response, html_response, json_response
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World

_SORRY = "<!DOCTYPE html><html><body><h1>We're sorry, but something went wrong on our end.</h1></body></html>"


def handle(world: World, server: Server, request: Request) -> Response:
    """Answer a call; every failure is an answer too."""
    call = Call(world, server, request)
    found = ROUTER.find(request.method, request.path.rstrip("/"))  # a slash at the end means nothing
    if found is None:
        return json_response({"error": "Not Found"}, 404)
    handler, arguments = found
    try:
        if request.path.startswith("/api/"):
            call.spend("api", request.bearer or "anonymous")
        response = handler(call, **arguments)
    except Refused as refused:
        response = refused.response
    return response.with_headers(call.rate_headers)


def caller(world: World, server: Server, request: Request) -> Account | None:
    """The account a token was given for."""
    token = world.token(server.host, request.bearer, "access") if request.bearer else None
    return world.account(token.account_id) if token is not None and token.account_id is not None else None


def carries_token(request: Request) -> bool:
    """Whether a call shows a token."""
    return bool(request.bearer)


def settle(world: World, server: Server) -> None:
    """Publish what was scheduled for a time that has come."""
    statuses.release_scheduled(Call(world, server, Request("GET", server.host, "/")))


def rate_limited(world: World, server: Server, seconds: float | None) -> Response:
    """429; Mastodon itself sends no Retry-After."""
    flavour = flavour_of(server)
    refusal = json_response({"error": flavour.messages["too_many"]}, 429)
    if seconds is None:
        return refusal
    resets_at = world.clock() + round(seconds * 1000)
    return refusal.with_headers(rate_headers(flavour, 300, 0, resets_at))


def server_error(status: int) -> Response:
    """A page: neither the crashed program nor the proxy before it speaks JSON."""
    return html_response(_SORRY, status)


def expired_token(server: Server) -> Response:
    """Tokens do not expire here; the nearest is one that was revoked."""
    return json_response({"error": flavour_of(server).messages["revoked"]}, 401)
