"""The Graph API, as far as Facebook Pages and Instagram accounts live by it."""

from __future__ import annotations

import re

from smm_tui.domain.clock import SECOND
from smm_tui.sandbox.faces import instagram

# Importing the handlers enters their routes.
from smm_tui.sandbox.faces.facebook import (  # noqa: F401
    ads,
    ads_figures,
    comments,
    inbox,
    insights,
    media,
    nodes,
    posts,
    profile,
    tokens,
)
from smm_tui.sandbox.faces.facebook.call import ROUTER, Call, error_response, usage
from smm_tui.sandbox.http import Refused, Request, Response, html_response, json_response
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World

_SORRY = "<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>"


def handle(world: World, server: Server, request: Request) -> Response:
    """Answer a call; every failure is an answer too."""
    uploaded = instagram.upload(world, server, request)
    if uploaded is not None:
        return uploaded
    picture = profile.shown(world, server, request)
    if picture is not None:
        return picture
    call = Call(world, server, request)
    try:
        return _routed(call).with_headers(call.usage_headers)
    except Refused as refused:
        return refused.response.with_headers(call.usage_headers if call.quota else {})


def _routed(call: Call) -> Response:
    path = call.request.path
    if not re.match(r"/v\d+\.\d+/", path):
        raise call.error(2500, f"Unknown path components: {path}")
    if path.count("/") > 2:
        path = path.rstrip("/")  # as other clients write it
    found = (instagram.ROUTER if instagram.is_ours(path) else ROUTER).find(call.method, path)
    if found is None:
        raise call.error(2500, f"Unknown path components: {path.partition('/')[2]}")
    handler, arguments = found
    return handler(call, **arguments)


def caller(world: World, server: Server, request: Request) -> Account | None:
    """The Page a token was given for."""
    token = world.token(server.host, request.bearer, "access") if request.bearer else None
    return world.account(token.account_id) if token is not None and token.account_id is not None else None


def carries_token(request: Request) -> bool:
    """Whether a call shows a token."""
    return bool(request.bearer) or request.argument("access_token") is not None or b"access_token=" in request.body


def settle(world: World, server: Server) -> None:
    """Publish the scheduled posts whose time has come, and let the advertising market run."""
    posts.publish_due(world, server)
    ads.settle(world, server)


def rate_limited(world: World, server: Server, seconds: float | None) -> Response:
    """Too many calls: a 400 like most errors; only the usage headers may tell when to come back."""
    if seconds is None:
        refusal = error_response(world, 4, "(#4) Application request limit reached", transient=True, status=403)
        return refusal.with_headers(usage(app=100))
    refusal = error_response(world, 32, "(#32) Page request limit reached", subcode=2446079, transient=True)
    return refusal.with_headers(usage(app=9, page="0", used=100, wait=round(seconds * SECOND)))


def server_error(status: int) -> Response:
    """The API's own failure is JSON and says that it passes; what stands before it sends a page."""
    if status != 500:
        return html_response(_SORRY, status)
    message = "An unexpected error has occurred. Please retry your request later."
    error = {"message": message, "type": "OAuthException", "is_transient": True, "code": 2, "fbtrace_id": "A0"}
    return json_response({"error": error}, status)


def expired_token(server: Server) -> Response:
    """The refusal of a token whose time is over."""
    message = "Error validating access token: Session has expired."
    error = {"message": message, "type": "OAuthException", "code": 190, "error_subcode": 463, "fbtrace_id": "A0"}
    return json_response({"error": error}, 400)
