"""VK's API for communities, with the servers that take uploads."""

from __future__ import annotations

# Importing the handlers enters their methods.
from smm_tui.sandbox.faces.vk import (  # noqa: F401
    ads,
    comments,
    community,
    likes,
    longpoll,
    messages,
    newsfeed,
    people,
    polls,
    stats,
    uploads,
    wall,
)
from smm_tui.sandbox.faces.vk.call import METHODS, Call, error_response
from smm_tui.sandbox.http import JSON, Refused, Request, Response, html_response, json_response
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World

_METHOD = "/method/"


def handle(world: World, server: Server, request: Request) -> Response:
    """Answer a call; every failure is an answer too."""
    call = Call(world, server, request)
    try:
        if request.path.startswith("/upload/") and request.method == "POST":
            return uploads.receive(call)
        if request.path.startswith(longpoll.PATH):
            return longpoll.check(call)
        if request.path.startswith("/files/"):
            return uploads.download(call)
        if not request.path.startswith(_METHOD) or request.method not in ("GET", "POST"):
            return html_response("<html><head><title>404 Not Found</title></head></html>", 404)
        return _called(call, request.path.removeprefix(_METHOD))
    except Refused as refused:
        return refused.response


def caller(world: World, server: Server, request: Request) -> Account | None:
    """The community whose token, or the token of whose administrator, it is."""
    try:
        token = Call(world, server, request).token
    except Refused:
        return None
    return world.account(token.account_id) if token is not None and token.account_id is not None else None


def carries_token(request: Request) -> bool:
    """Whether a call shows a token, in its head or in its form."""
    return bool(request.bearer) or request.argument("access_token") is not None or b"access_token=" in request.body


def settle(world: World, server: Server) -> None:
    """Postponed posts are published when their time comes."""
    wall.publish_due(world, server)


def rate_limited(world: World, server: Server, seconds: float | None) -> Response:
    """Error 6; VK never says when to come back."""
    del world, server, seconds
    return error_response(6)


def server_error(status: int) -> Response:
    """The page of the proxy before VK."""
    return html_response(f"<html><head><title>{status}</title></head><body>nginx</body></html>", status)


def expired_token(server: Server) -> Response:
    """Error 5, as for a token that never was."""
    del server
    return error_response(5, "User authorization failed: access_token has expired.")


def refuse(world: World, account: Account, method: str, code: int, *, executed: bool = False) -> None:
    """Let a method answer a community with an error until `code` is 0; `executed`: it does its work all the same."""
    now = world.account(account.id).data.get("refusals", {})
    refusals = {name: value for name, value in now.items() if name != method}
    if code:
        refusals[method] = {"code": code, "executed": executed}
    world.update_account(account, {"refusals": refusals})


def _called(call: Call, name: str) -> Response:
    found = METHODS.get(name)
    if found is None:
        raise call.refusal(3)
    if not call.text("v"):
        raise call.refusal(8)
    account = caller(call.world, call.server, call.request)
    planned: JSON | None = account.data.get("refusals", {}).get(name) if account is not None else None
    if planned is None:
        return json_response({"response": found.handler(call)})
    if planned["executed"]:
        found.handler(call)
    raise call.refusal(planned["code"], **_ways_out(call, planned["code"]))


def _ways_out(call: Call, code: int) -> JSON:
    """What a person needs to answer a captcha or to confirm a login."""
    base = call.server.base
    if code == 14:
        sid = call.world.secret("vk captcha", 12)
        return {"captcha_sid": sid, "captcha_img": f"{base}/captcha.php?sid={sid}&s=1"}
    if code == 17:
        return {"redirect_uri": f"{base}/security_check?hash={call.world.secret('vk validation', 18)}"}
    return {}
