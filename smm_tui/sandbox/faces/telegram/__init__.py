"""A server of Telegram's Bot API: bots in channels and groups.

Texts are taken as plain text with entities; parse modes are refused.
"""

from __future__ import annotations

from dataclasses import replace

# Importing the handlers enters their methods.
from smm_tui.sandbox.faces.telegram import chats, files, members, messages, updates  # noqa: F401
from smm_tui.sandbox.faces.telegram.call import METHODS, Call, address_of, bot_of, refusal, too_many
from smm_tui.sandbox.http import Refused, Request, Response, html_response, json_response
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World

BODY_LIMIT = 50 * 1000 * 1000  # bytes of a request


def handle(world: World, server: Server, request: Request) -> Response:
    """Answer a call; every failure is an answer too."""
    address = address_of(request)
    try:
        if address is None:
            raise refusal(404, "Not Found")
        bot = bot_of(world, server, address.token)
        call = Call(world, server, request, bot)
        if address.file:
            return files.download(call, address.method)
        if len(request.body) > int(server.config.get("body_limit", BODY_LIMIT)):
            raise refusal(413, "Request Entity Too Large")
        handler = METHODS.get(address.method.lower())
        if handler is None:
            raise refusal(404, "Not Found: method not found")
        result = handler(call)
        response = json_response({"ok": True, "result": result})
        waits = address.method.lower() == "getupdates" and not result and call.text("timeout")
        return replace(response, held=float(min(call.integer("timeout"), updates.LONGEST_POLL)) if waits else 0.0)
    except Refused as refused:
        return refused.response


def caller(world: World, server: Server, request: Request) -> Account | None:
    """The bot whose token stands in the address."""
    address = address_of(request)
    token = world.token(server.host, address.token, "bot") if address else None
    return world.account(token.account_id) if token is not None and token.account_id is not None else None


def settle(world: World, server: Server) -> None:
    """Nothing happens by itself."""


def carries_token(request: Request) -> bool:
    """Whether the address names a bot's token."""
    return address_of(request) is not None


def rate_limited(world: World, server: Server, seconds: float | None) -> Response:
    """429 with the time in the body and in a header."""
    del world, server
    return too_many(None if seconds is None else max(1, round(seconds))).response


def server_error(status: int) -> Response:
    """A failure inside speaks JSON, the proxy before it does not."""
    if status == 500:
        return refusal(500, "Internal Server Error").response
    return html_response(
        f"<html><head><title>{status}</title></head><body><center>nginx</center></body></html>", status
    )


def expired_token(server: Server) -> Response:
    """Tokens do not expire; the nearest is one that @BotFather replaced."""
    del server
    return refusal(401, "Unauthorized").response
