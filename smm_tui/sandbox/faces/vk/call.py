"""One call of a VK method: its parameters, its token, its limits, its refusals inside HTTP 200."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from smm_tui.domain.clock import DAY, HOUR, SECOND
from smm_tui.sandbox.http import JSON, BadBody, Refused, Request, Response, Upload, json_response, parse_multipart
from smm_tui.sandbox.things import Account, Object, Server, Token
from smm_tui.sandbox.world import World

USER, COMMUNITY = "user", "community"  # the kinds of token
EITHER = frozenset({USER, COMMUNITY})
MODERATOR, EDITOR, ADMINISTRATOR = 1, 2, 3
RIGHTS = {"stories": 1, "photos": 4, "app_widget": 64, "messages": 4096, "wall": 8192, "docs": 131_072}
RIGHTS |= {"video": 16, "manage": 262_144, "groups": 262_144, "offline": 65_536, "stats": 1_048_576, "ads": 32_768}
USERS_NAME = {"manage": "groups"}  # what a right of communities is called among a user's

# A server's `config` overrides these by name.
DEFAULTS: JSON = {
    "rates": {USER: 3, COMMUNITY: 20},  # calls a second; a kind that is left out has no limit
    "posts_a_day": 50,
    "community_posts": True,  # whether a community token may post text: the documents and reports disagree
    "repeated_guid": "post_id",  # what a repeat gets: the first post's id, or else an error of that code
}
MESSAGES = {
    3: "Unknown method passed",
    5: "User authorization failed: invalid access_token (4).",
    6: "Too many requests per second",
    8: "Invalid request: v (version) is required",
    9: "Flood control",
    10: "Internal server error: could not get application",
    14: "Captcha needed",
    15: "Access denied",
    17: "Validation required: please open redirect_uri in browser [5].",
    27: "Group authorization failed: method is unavailable with group auth.",
    28: "Application authorization failed: method is available only with a community token.",
    29: "Rate limit reached",
    18: "User was deleted or banned",
    100: "One of the parameters specified was missing or invalid",
    104: "Not found",
    211: "Access to wall's comment denied",
    212: "Access to post comments denied",
    213: "Access to status replies denied",
    214: "Access to adding post denied",
    243: "Comment has not been deleted",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    914: "Message is too long",
    1051: "Method is unavailable with this profile type",
}


class Method(NamedTuple):
    """A handler, the kinds of token it takes and the right it needs."""

    handler: Callable[[Call], Any]
    kinds: frozenset[str]
    right: str


METHODS: dict[str, Method] = {}


def method(
    name: str, *, kinds: frozenset[str] = frozenset({USER}), right: str = ""
) -> Callable[[Callable[[Call], Any]], Callable[[Call], Any]]:
    """Decorator: register the handler of a method."""

    def register(handler: Callable[[Call], Any]) -> Callable[[Call], Any]:
        METHODS[name] = Method(handler, kinds, right)
        return handler

    return register


def error_response(code: int, message: str = "", *, parameters: JSON | None = None, **more: Any) -> Response:
    """A refusal; it repeats the request's parameters, without the token."""
    shown = [{"key": key, "value": str(value)} for key, value in (parameters or {}).items() if key != "access_token"]
    text = message or MESSAGES.get(code, "Unknown error occurred")
    return json_response({"error": {"error_code": code, "error_msg": text, "request_params": shown, **more}})


@dataclass
class Call:
    """A request on its way through one handler."""

    world: World
    server: Server
    request: Request

    @cached_property
    def parameters(self) -> dict[str, str | Upload]:
        """Query and form; the form wins. JSON bodies are not looked at."""
        merged: dict[str, str | Upload] = dict(self.request.query)
        kind = self.request.content_type
        if kind == "application/x-www-form-urlencoded":
            merged |= parse_qsl(self.request.body.decode("utf-8", "replace"), keep_blank_values=True)
        elif kind == "multipart/form-data":
            try:
                merged |= parse_multipart(self.request.header("content-type"), self.request.body)
            except BadBody as error:
                raise self.refusal(8, f"Invalid request: {error}") from error
        return merged

    def text(self, name: str) -> str:
        """A parameter as text, empty when absent."""
        value = self.parameters.get(name, "")
        return value if isinstance(value, str) else ""

    def number(self, name: str, default: int | None = None) -> int:
        """A parameter as a whole number."""
        text = self.text(name)
        if not text and default is not None:
            return default
        if not text.removeprefix("-").isdecimal():
            raise self.wrong(f"{name} is not integer" if text else f"{name} is undefined")
        return int(text)

    def setting(self, name: str) -> Any:
        """One of DEFAULTS, or what this server has instead."""
        return self.server.config.get(name, DEFAULTS[name])

    def refusal(self, code: int, message: str = "", **more: Any) -> Refused:
        """An error in the API's form."""
        return Refused(error_response(code, message, parameters=self.parameters, **more))

    def wrong(self, what: str) -> Refused:
        """Error 100: a parameter is missing or wrong."""
        return self.refusal(100, f"{MESSAGES[100]}: {what}")

    # -- who calls ------------------------------------------------------------------------------------------------

    @cached_property
    def token(self) -> Token | None:
        """The token as it is known here, dead ones included."""
        value = self.request.bearer or self.text("access_token")
        found = (self.world.token(self.server.host, value, kind) for kind in (USER, COMMUNITY))
        return next((token for token in found if token is not None), None) if value else None

    def authorised(self, name: str) -> Account:
        """The community that the token opens. Refused unless the token is alive and may call the method."""
        token = self.token
        if token is None or token.account_id is None:
            given = self.request.bearer or self.text("access_token")
            raise self.refusal(5, "" if given else "User authorization failed: no access_token passed.")
        if token.revoked_at is not None:
            raise self.refusal(5, "User authorization failed: access_token has expired.")
        self._spend(token)
        wanted = METHODS[name]
        if token.kind not in wanted.kinds:
            raise self.refusal(27 if token.kind == COMMUNITY else 28)
        if name == "wall.post" and token.kind == COMMUNITY and not self.setting("community_posts"):
            raise self.refusal(27)
        if wanted.right and token.kind == USER and token.data.get("by_vk_id"):
            raise self.refusal(1051)
        right = USERS_NAME.get(wanted.right, wanted.right) if token.kind == USER else wanted.right
        if right and right not in token.data["rights"]:
            raise self.refusal(15, "Access denied: no access to call this method. It cannot be called with scopes.")
        account = self.world.account(token.account_id)
        if account.state != "active" and wanted.right:
            raise self.refusal(15, "Access denied: group is blocked")
        return account

    @property
    def level(self) -> int:
        """What the token's owner may do in the community: 0 nothing, 1 moderator, 2 editor, 3 administrator."""
        token = self.token
        return 0 if token is None else int(token.data.get("level", 3))

    def ours(self, account: Account, number: int, *, level: int = EDITOR) -> bool:
        """Whether the caller may act for the community of this number."""
        return str(abs(number)) == account.remote_id and self.level >= level

    @property
    def by_community(self) -> bool:
        """Whether it is a community's token."""
        return self.token is not None and self.token.kind == COMMUNITY

    def known(self, account: Account, key: str) -> Object | None:
        """What a call with this guid or random_id made within the hour; it holds for one caller only."""
        return self.world.recall_key(account, self._key(key), at=self.world.clock(), ttl=HOUR) if key else None

    def remember(self, account: Account, key: str, item: Object) -> None:
        """Keep what this call made."""
        if key:
            self.world.remember_key(account, self._key(key), item)

    def _key(self, key: str) -> str:
        return f"{self.token.value if self.token else ''} {key}"

    # -- limits ---------------------------------------------------------------------------------------------------

    def _spend(self, token: Token) -> None:
        limit = self.setting("rates").get(token.kind)
        if limit and self.world.consume(f"vk {token.value}", 1, limit, SECOND).exceeded:
            raise self.refusal(6)

    def spend_post(self, account: Account) -> None:
        """Count one post against the wall's day."""
        limit = self.setting("posts_a_day")
        if self.world.consume(
            f"vk wall {self.server.host} {account.remote_id}", 1, limit, DAY, aligned=True
        ).exceeded:
            raise self.refusal(214, f"{MESSAGES[214]}: you can only add {limit} posts a day")
