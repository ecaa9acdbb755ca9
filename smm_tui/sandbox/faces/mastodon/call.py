"""One call to a Mastodon API server: its caller, its rights, its limits, its refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from smm_tui.domain.clock import Instant, to_datetime
from smm_tui.sandbox.faces.mastodon.flavour import Flavour, flavour_of
from smm_tui.sandbox.http import JSON, BadBody, Refused, Request, Response, Router, json_response, parameters
from smm_tui.sandbox.things import Account, Object, Quota, Server, Token
from smm_tui.sandbox.world import World

ROUTER = Router()
ADMINISTRATOR, MANAGE_REPORTS, MANAGE_USERS = 1, 1 << 4, 1 << 10  # bits of a role's permissions
MEDIA_KEPT: Instant = 24 * 3600 * 1000  # unattached media are swept after a day


@dataclass
class Call:
    """A request on its way through one handler."""

    world: World
    server: Server
    request: Request
    quotas: list[Quota] = field(default_factory=list)
    accounts: dict[int, JSON] = field(default_factory=dict)  # entities, since a page repeats its author

    @cached_property
    def flavour(self) -> Flavour:
        """The server's rules."""
        return flavour_of(self.server)

    @cached_property
    def parameters(self) -> JSON:
        """Query and body as nested values."""
        try:
            return parameters(self.request)
        except BadBody as error:
            raise self.refusal(400, f"Bad Request: {error}") from error

    def text(self, name: str) -> str | None:
        """A parameter as text, None when absent."""
        value = self.parameters.get(name)
        return None if value is None else str(value)

    def flag(self, name: str) -> bool | None:
        """A parameter as yes or no, None when absent."""
        value = self.parameters.get(name)
        return None if value in (None, "") else str(value).lower() not in ("0", "f", "false", "off")

    def limit(self, default: int, most: int) -> int:
        """The page size asked for."""
        text = self.text("limit")
        return min(max(int(text), 1), most) if text and text.isdigit() else default

    def refusal(self, status: int, message: str, **more: Any) -> Refused:
        """An error in the API's form."""
        return Refused(json_response({"error": message, **more}, status))

    def fail(self, status: int, key: str, **values: Any) -> Refused:
        """An error in the flavour's own words."""
        return self.refusal(status, self.flavour.messages[key].format(**values))

    def not_found(self) -> Refused:
        """404 for what is missing or not visible."""
        return self.fail(404, "not_found")

    # -- who calls ------------------------------------------------------------------------------------------------

    @cached_property
    def token(self) -> Token | None:
        """The access token as it is known here, dead ones included."""
        return self.world.token(self.server.host, self.request.bearer, "access") if self.request.bearer else None

    def app_token(self, *scopes: str) -> Token:
        """The caller's live token, which must carry one of the scopes."""
        if self.token is None:
            raise self.fail(401, "no_token")
        if self.token.revoked_at is not None:
            raise self.fail(401, "revoked")
        granted = set(self.token.data["scopes"])
        if scopes and not any(scope in granted or scope.rpartition(":")[0] in granted for scope in scopes):
            raise self.fail(403, "scope")
        return self.token

    def user(self, *scopes: str) -> Account:
        """The calling account, which must be open and whose token must carry one of the scopes."""
        token = self.app_token(*scopes)
        if token.account_id is None:
            raise self.refusal(422, "This method requires an authenticated user")
        account = self.world.account(token.account_id)
        if account.state != "active":
            raise self.fail(self.flavour.closed_account, "closed")
        return account

    def viewer(self) -> Account | None:
        """The calling account where a token is optional; GoToSocial shows nothing without one."""
        if not self.request.bearer and not self.flavour.ulids:
            return None
        return self.user("read:statuses", "read:accounts")

    def staff(self, scope: str, right: int) -> Account:
        """The calling account, which must be one of the server's moderators with this right."""
        account = self.user(scope)
        if not int(account.data.get("permissions", 0)) & (ADMINISTRATOR | right):
            raise self.fail(403, "no_staff")
        return account

    def found(self, account_id: str) -> Account:
        """An account of this server by its id."""
        account = self.world.find_account(self.server.host, account_id)
        if account is None or account.remote_id != account_id:
            raise self.not_found()
        return account

    # -- limits ---------------------------------------------------------------------------------------------------

    def spend(self, bucket: str, owner: str) -> None:
        """Count one call against a bucket. Refused with 429 when it is empty."""
        rate = (self.flavour.rates or {}).get(bucket)
        if rate is None:
            return
        limit, window = rate
        name = f"{self.server.host} {bucket} {owner}"
        quota = self.world.consume(name, 1, limit, window, aligned=True)
        self.quotas.append(quota)
        if quota.exceeded:
            raise self.fail(429, "too_many")

    @property
    def rate_headers(self) -> dict[str, str]:
        """The headers of the tightest bucket."""
        if not self.quotas:
            return {}
        quota = min(self.quotas, key=lambda quota: quota.remaining)
        return rate_headers(self.flavour, quota.limit, quota.remaining, quota.resets_at)


def rate_headers(flavour: Flavour, limit: int, remaining: int, resets_at: Instant) -> dict[str, str]:
    """X-RateLimit headers; the reset is an ISO time, with microseconds on Mastodon."""
    spec = "milliseconds" if flavour.ulids else "microseconds"
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": to_datetime(resets_at).isoformat(timespec=spec).replace("+00:00", "Z"),
    }


def stamp(instant: Instant) -> str:
    """A time as the API writes it: always with milliseconds."""
    return to_datetime(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def sort_key(remote_id: str) -> str:
    """Ids order by length, then by their letters."""
    return f"{len(remote_id):03}{remote_id}"


def page_links(call: Call, items: list[Object], limit: int) -> dict[str, str]:
    """The Link header of a page, newest first."""
    if not items:
        return {}
    address = call.server.base + call.request.path
    kept = "".join(
        f"{name}={value}&"
        for name, value in call.request.query
        if name not in ("max_id", "min_id", "since_id", "limit")
    )
    start = f"{address}?{kept}limit={limit}"
    links = [f'<{start}&max_id={items[-1].remote_id}>; rel="next"'] if len(items) == limit else []
    links.append(f'<{start}&min_id={items[0].remote_id}>; rel="prev"')
    return {"link": ", ".join(links)}


def bounds(call: Call) -> tuple[str, str, bool]:
    """What a page lies between, as sort keys, and whether it is the one just above `min_id`."""
    before, min_id = call.text("max_id") or "", call.text("min_id") or ""
    after = [sort_key(bound) for bound in (min_id, call.text("since_id")) if bound]
    return sort_key(before) if before else "", max(after, default=""), bool(min_id)


def page(call: Call, items: list[Object], limit: int, body: list[JSON]) -> Response:
    """A page with its links."""
    return json_response(body, headers=page_links(call, items, limit))
