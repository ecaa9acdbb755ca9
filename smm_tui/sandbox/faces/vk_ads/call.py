"""One call to VK Реклама: its token, its rights, its limits, its errors, its lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from smm_tui.domain.clock import DAY, HOUR, SECOND
from smm_tui.sandbox.http import JSON, BadBody, Refused, Request, Response, Router, json_response, parameters
from smm_tui.sandbox.things import Account, Server
from smm_tui.sandbox.world import World

ROUTER = Router()
PAGE, MOST = 20, 50  # things of a list, unless asked otherwise, and at most
LIMITS = {"rps": 10, "hourly": 7_200, "daily": 100_000}  # calls; a server's `config` sets them as "limits"
_WINDOWS = {"rps": ("RPS", SECOND), "hourly": ("Hourly", HOUR), "daily": ("Daily", DAY)}

READ, WRITE = "read_ads", "create_ads"  # scopes


def error_response(status: int, code: str, message: str = "", fields: Mapping[str, Any] | None = None) -> Response:
    """A refusal in the API's form."""
    error: JSON = {"code": code, "message": message or code.replace("_", " ").capitalize()}
    return json_response({"error": {**error, "fields": fields} if fields else error}, status)


@dataclass
class Call:
    """A request on its way through one handler; `limits` are the headers that tell what is left."""

    world: World
    server: Server
    request: Request
    limits: dict[str, str] = field(default_factory=dict)

    @cached_property
    def parameters(self) -> Any:
        """The body, or the form."""
        try:
            return parameters(self.request)
        except BadBody:
            raise self.error(400, "bad_request", "Malformed request body") from None

    def error(self, status: int, code: str, message: str = "") -> Refused:
        """A refusal."""
        return Refused(error_response(status, code, message))

    def wrong(self, name: str, code: str, message: str) -> Refused:
        """A field that does not pass; `name` may be a path with dots."""
        fields: JSON = {"code": code, "message": message}
        for part in reversed(name.split(".")):
            fields = {part: fields} if "code" in fields else {part: {"code": "invalid", "fields": fields}}
        return Refused(error_response(400, "validation_failed", "Validation failed", fields))

    def missing(self) -> Refused:
        """The thing is not there, or not in this cabinet."""
        return self.error(404, "not_found", "Object not found")

    def authorised(self, scope: str = READ) -> Account:
        """The cabinet that the token opens. Refused unless the token is alive and has the scope."""
        value = self.request.bearer
        token = self.world.token(self.server.host, value, "access") if value else None
        if token is None or token.account_id is None:
            raise self.error(401, "invalid_token", "Unknown access token")
        if token.revoked_at is not None:
            raise self.error(401, "revoked_token", "Access token was revoked")
        if token.expires_at is not None and token.expires_at <= self.world.clock():
            raise self.error(401, "expired_token", "Access token is expired")
        self._spend(value)
        account = self.world.account(token.account_id)
        if scope not in account.data["scopes"]:
            raise self.error(403, "insufficient_permissions", f"No access: the scope {scope} is missing")
        if scope == WRITE and account.state != "active":
            raise self.error(403, "account_blocked", "The cabinet is blocked")
        return account

    def _spend(self, token: str) -> None:
        limits = self.server.config.get("limits", LIMITS)
        over = False
        for name, limit in limits.items():
            header, window = _WINDOWS[name]
            quota = self.world.consume(f"vk ads {name} {token}", 1, limit, window, aligned=True)
            self.limits[f"X-RateLimit-{header}-Limit"] = str(limit)
            self.limits[f"X-RateLimit-{header}-Remaining"] = str(quota.remaining)
            over = over or quota.exceeded
        if over:
            raise self.error(429, "too_many_requests", "Too many requests")

    def listed(self, items: Sequence[JSON], default: Iterable[str]) -> Response:
        """A page of a list with the fields that were asked for."""
        query = dict(self.request.query)
        for name, values in _filters(query).items():
            items = [item for item in items if str(item.get(name)) in values]
        sorting = query.get("sorting", "id")
        items = sorted(items, key=_by(sorting.removeprefix("-")), reverse=sorting.startswith("-"))
        limit, offset = self._number("limit", PAGE), self._number("offset", 0)
        if not 0 < limit <= MOST:
            raise self.wrong("limit", "max_value", f"Maximum value is {MOST}")
        page = items[offset : offset + limit]
        shown = [self.chosen(item, default) for item in page]
        return json_response({"count": len(items), "items": shown, "offset": offset})

    def chosen(self, item: JSON, default: Iterable[str]) -> JSON:
        """A thing with the fields that were asked for; unknown ones are refused."""
        asked = (self.request.argument("fields") or ",".join(default)).split(",")
        for name in asked:
            if name not in item:
                raise self.wrong("fields", "unknown_field", f"Unknown field: {name}")
        return {name: item[name] for name in ("id", *asked)}

    def _number(self, name: str, default: int) -> int:
        text = self.request.argument(name) or str(default)
        if not text.isdecimal():
            raise self.wrong(name, "bad_value", "Enter a whole number")
        return int(text)


def _filters(query: Mapping[str, str]) -> dict[str, set[str]]:
    return {
        name.removeprefix("_").removesuffix("__in"): set(value.split(","))
        for name, value in query.items()
        if name.startswith("_") and name not in ("_q", "_flags__in")
    }


def _by(name: str) -> Callable[[JSON], Any]:
    return lambda item: item.get(name, 0)
