"""A Bluesky PDS with the AppView reads that it passes on."""

from __future__ import annotations

# Importing the handlers enters their routes.
from smm_tui.domain.clock import MINUTE
from smm_tui.sandbox.faces.bluesky import (  # noqa: F401
    appview,
    chat,
    moderation,
    notifications,
    repo,
    sessions,
    video,
)
from smm_tui.sandbox.faces.bluesky.call import ROUTER, Call, rate_headers, read_jwt
from smm_tui.sandbox.http import Refused, Request, Response, html_response, json_response
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World

_LOGIN = "/xrpc/com.atproto.server.createSession"


def handle(world: World, server: Server, request: Request) -> Response:
    """Answer a call; every failure is an answer too."""
    call = Call(world, server, request)
    found = ROUTER.find(request.method, request.path)
    if found is None:
        if not request.path.startswith("/xrpc/"):
            return html_response("<pre>Cannot find this page</pre>", 404)
        other = "POST" if request.method == "GET" else "GET"
        if ROUTER.find(other, request.path) is not None:
            message = f"Incorrect HTTP method ({request.method}) expected {other}"
            return json_response({"error": "InvalidRequest", "message": message}, 400)
        return json_response({"error": "MethodNotImplemented", "message": "Method Not Implemented"}, 501)
    handler, arguments = found
    try:
        response = handler(call, **arguments)
    except Refused as refused:
        response = refused.response
    return response.with_headers(call.rate_headers)


def caller(world: World, server: Server, request: Request) -> Account | None:
    """The account of a token or of a login."""
    claims = read_jwt(world, request.bearer) if request.bearer else None
    if claims is not None:
        return world.find_account(server.host, claims.get("sub", ""))
    if request.path != _LOGIN:
        return None
    try:
        identifier = Call(world, server, request).member("identifier", str)
    except Refused:
        return None
    return sessions.find_login(Call(world, server, request), identifier.lower())


def carries_token(request: Request) -> bool:
    """Whether a call shows a token."""
    return bool(request.bearer)


def settle(world: World, server: Server) -> None:
    """Nothing happens by itself on a PDS."""


def rate_limited(world: World, server: Server, seconds: float | None) -> Response:
    """429; Retry-After and the headers say the same time."""
    del server
    refusal = json_response({"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, 429)
    if seconds is None:
        return refusal
    resets_at = world.clock() + round(seconds * 1000)
    headers = rate_headers(3000, 0, resets_at, 5 * MINUTE)
    return refusal.with_headers({**headers, "retry-after": str(max(1, round(seconds)))})


def server_error(status: int) -> Response:
    """A failure inside, or of the service behind."""
    error, message = {
        500: ("InternalServerError", "Internal Server Error"),
        502: ("UpstreamFailure", "Upstream Failure"),
        503: ("NotEnoughResources", "Not Enough Resources"),
        504: ("UpstreamTimeout", "Upstream Timeout"),
    }.get(status, ("InternalServerError", "Internal Server Error"))
    return json_response({"error": error, "message": message}, status)


def expired_token(server: Server) -> Response:
    """400, not 401."""
    del server
    return json_response({"error": "ExpiredToken", "message": "Token has expired"}, 400)
