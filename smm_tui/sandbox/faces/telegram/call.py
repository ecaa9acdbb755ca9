"""One call to the Bot API: its bot, its chat, its parameters, its limits, its refusals."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import unquote

from smm_tui.domain.clock import MINUTE, SECOND, Instant
from smm_tui.sandbox.http import JSON, BadBody, Refused, Request, json_response, parameters
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World

_ADDRESS = re.compile(r"/(file/)?bot([^/]+)/(.+)")
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_RATES: Mapping[str, tuple[int, Instant]] = {"chat": (20, MINUTE), "bot": (30, SECOND)}


class Address(NamedTuple):
    """What the path of a call says."""

    file: bool
    token: str
    method: str


Handler = Callable[["Call"], Any]
METHODS: dict[str, Handler] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Decorator: register the handler of a method; its name may be written in any case."""

    def register(handler: Handler) -> Handler:
        METHODS[name.lower()] = handler
        return handler

    return register


def address_of(request: Request) -> Address | None:
    """Token and method of a call, None when its path is none of this API."""
    found = _ADDRESS.fullmatch(request.path)
    return Address(bool(found[1]), unquote(found[2]), found[3]) if found else None


def bot_of(world: World, server: Server, token: str) -> Account:
    """The bot of a token. Refused when there is none, or no longer."""
    if not _TOKEN.fullmatch(token):
        raise refusal(404, "Not Found")
    known = world.token(server.host, token, "bot")
    if known is None or known.revoked_at is not None or known.account_id is None:
        raise refusal(401, "Unauthorized")
    bot = world.account(known.account_id)
    if bot.state != "active":
        raise refusal(401, "Unauthorized")
    return bot


def refusal(status: int, description: str, **more: Any) -> Refused:
    """An error in the API's form; `more` are its parameters."""
    body: JSON = {"ok": False, "error_code": status, "description": description}
    if more:
        body["parameters"] = more
    return Refused(json_response(body, status))


def bad(description: str, **more: Any) -> Refused:
    """An error that the caller made."""
    return refusal(400, f"Bad Request: {description}", **more)


def too_many(seconds: int | None) -> Refused:
    """429; None: it does not say when to come back."""
    if seconds is None:
        return refusal(429, "Too Many Requests")
    refused = refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    return Refused(refused.response.with_headers({"retry-after": str(seconds)}))


@dataclass
class Call:
    """A call on its way through one handler."""

    world: World
    server: Server
    request: Request
    bot: Account

    # -- parameters ----------------------------------------------------------------------------------------------

    @cached_property
    def parameters(self) -> JSON:
        """Query and body."""
        try:
            return parameters(self.request)
        except BadBody as error:
            raise bad("can't parse request body") from error

    def text(self, name: str) -> str:
        """A parameter as text, empty when absent."""
        value = self.parameters.get(name)
        return "" if value is None else value if isinstance(value, str) else json.dumps(value)

    def flag(self, name: str) -> bool:
        """A parameter as yes or no."""
        return self.text(name).lower() in ("true", "1", "yes")

    def integer(self, name: str) -> int:
        """A required whole number. Refused when it is none."""
        try:
            return int(self.text(name))
        except ValueError:
            raise bad(f"parameter {name} is missing or no integer") from None

    def nested(self, name: str) -> Any:
        """An object or array, which forms carry as JSON text; None when absent."""
        value = self.parameters.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None

    # -- chats -----------------------------------------------------------------------------------------------------

    @cached_property
    def chat(self) -> Account:
        """The chat that is meant. Refused when it is unknown, or moved to another number."""
        name = self.text("chat_id").strip()
        if not name:
            raise bad("chat_id is empty")
        found = (
            next(
                (
                    account
                    for account in self.world.accounts(server=self.server.host)
                    if "type" in account.data and account.handle.lower() == name[1:].lower()
                ),
                None,
            )
            if name.startswith("@")
            else self.world.find_account(self.server.host, name)
        )
        if found is None or "type" not in found.data or (name.startswith("@") and not found.data["public"]):
            raise bad("chat not found")
        if moved := found.data.get("moved_to"):
            raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=moved)
        return found

    @property
    def rights(self) -> JSON:
        """The bot's membership in the chat; ``left`` when it has none."""
        member = self.chat.data["members"].get(self.bot.remote_id, {"status": "left"})
        return dict(member)

    def chat_kind(self) -> str:
        """How the API calls the kind of chat in its errors."""
        return f"{self.chat.data['type']} chat"

    def joined(self) -> JSON:
        """The bot's membership. Refused when it is not in the chat."""
        rights = self.rights
        if self.chat.data["type"] == "private" and rights["status"] != "member":
            blocked = rights["status"] == "kicked"
            why = "bot was blocked by the user" if blocked else "bot can't initiate conversation with a user"
            raise refusal(403, f"Forbidden: {why}")
        if rights["status"] == "kicked":
            raise refusal(403, f"Forbidden: bot was kicked from the {self.chat_kind()}")
        if rights["status"] == "left" or self.chat.state != "active":
            raise refusal(403, f"Forbidden: bot is not a member of the {self.chat_kind()}")
        return rights

    def may_post(self) -> None:
        """Refused when the bot may not write in the chat."""
        rights = self.joined()
        if self.chat.data["type"] == "channel":
            if rights["status"] != "administrator":
                raise bad(f"need administrator rights in the {self.chat_kind()}")
            if not rights.get("can_post_messages"):
                raise bad("not enough rights to post messages in the chat")
        elif rights["status"] == "restricted" and not rights.get("can_send_messages"):
            raise bad("not enough rights to send text messages to the chat")

    # -- limits ----------------------------------------------------------------------------------------------------

    def spend(self, messages: int = 1) -> None:
        """Count messages of the bot and of the chat. Refused with 429 when that is too many."""
        rates = {**_RATES, **(self.server.config.get("rates") or {})}
        owners = {"bot": self.bot.remote_id, "chat": self.chat.remote_id}
        for bucket, owner in owners.items():
            limit, window = rates[bucket]
            quota = self.world.consume(f"{self.server.host} {bucket} {owner}", messages, limit, window)
            if quota.exceeded:
                raise too_many(max(1, math.ceil((quota.resets_at - self.world.clock()) / SECOND)))
