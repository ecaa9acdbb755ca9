"""VK Реклама's API (ads.vk.com): cabinets, campaigns, sets and ads over the market."""

from __future__ import annotations

# Importing the handlers enters their paths; those of things fit any name, so they come last.
from smm_tui.sandbox import market
from smm_tui.sandbox.faces.vk_ads import content, dictionaries, figures, oauth, things  # noqa: F401
from smm_tui.sandbox.faces.vk_ads.call import ROUTER, Call, error_response
from smm_tui.sandbox.http import Refused, Request, Response, html_response
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World


def handle(world: World, server: Server, request: Request) -> Response:
    """Answer a call; every failure is an answer too."""
    call = Call(world, server, request)
    try:
        found = ROUTER.find(request.method, request.path.removesuffix("/"))
        if found is None:
            other = "POST" if request.method == "GET" else "GET"
            known = ROUTER.find(other, request.path.removesuffix("/"))
            raise call.error(*((405, "method_not_allowed") if known else (404, "unknown_resource")))
        handler, arguments = found
        return handler(call, **arguments).with_headers(call.limits)
    except Refused as refused:
        return refused.response.with_headers(call.limits)


def caller(world: World, server: Server, request: Request) -> Account | None:
    """The cabinet whose token it is."""
    token = world.token(server.host, request.bearer, "access") if request.bearer else None
    return world.account(token.account_id) if token is not None and token.account_id is not None else None


def carries_token(request: Request) -> bool:
    """Whether a call shows a token."""
    return bool(request.bearer)


def settle(world: World, server: Server) -> None:
    """The auction goes on."""
    market.settle(world, server)


def rate_limited(world: World, server: Server, seconds: float | None) -> Response:
    """A used-up second; VK never says when to come back."""
    del world, server, seconds
    return error_response(429, "too_many_requests", "Too many requests").with_headers(
        {"X-RateLimit-RPS-Limit": "10", "X-RateLimit-RPS-Remaining": "0"}
    )


def server_error(status: int) -> Response:
    """The page of the proxy before it."""
    return html_response(f"<html><head><title>{status}</title></head><body>nginx</body></html>", status)


def expired_token(server: Server) -> Response:
    """The refusal of a token whose day is over."""
    del server
    return error_response(401, "expired_token", "Access token is expired")
