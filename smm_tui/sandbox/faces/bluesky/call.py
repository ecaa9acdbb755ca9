"""One XRPC call: its caller, its limits, its refusals."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, cast

from smm_tui.domain.clock import DAY, HOUR, MINUTE, Instant
from smm_tui.sandbox.faces.bluesky import shapes
from smm_tui.sandbox.faces.bluesky.cid import tid
from smm_tui.sandbox.faces.bluesky.shapes import Check, Misshapen
from smm_tui.sandbox.http import JSON, BadBody, Refused, Request, Router, json_response, parse_json
from smm_tui.sandbox.things import Account, Quota, Server
from smm_tui.sandbox.world import World

ROUTER = Router()
ACCESS = ("com.atproto.access", "com.atproto.appPass", "com.atproto.appPassPrivileged")
ACCESS_LIFE: Instant = 2 * HOUR
REFRESH_LIFE: Instant = 90 * DAY
RATES: dict[str, tuple[int, Instant]] = {
    "calls": (3000, 5 * MINUTE),
    "sessions": (30, 5 * MINUTE),
    "sessions_day": (300, DAY),
    "writes": (5000, HOUR),
    "writes_day": (35000, DAY),
    "blobs": (1000, DAY),
}
_Kind = TypeVar("_Kind")


def refusal(status: int, error: str, message: str) -> Refused:
    """An XRPC error."""
    return Refused(json_response({"error": error, "message": message}, status))


@dataclass
class Call:
    """A request on its way through one handler."""

    world: World
    server: Server
    request: Request
    quotas: list[Quota] = field(default_factory=list)

    # -- input ----------------------------------------------------------------------------------------------------

    @cached_property
    def body(self) -> JSON:
        """The JSON object sent. Refused when it is none."""
        if not self.request.body:
            raise refusal(400, "InvalidRequest", "A request body is expected but none was provided")
        if self.request.content_type != "application/json":
            kind = self.request.content_type or "none"
            raise refusal(400, "InvalidRequest", f"Wrong request encoding (Content-Type): {kind}")
        try:
            value = parse_json(self.request.body)
        except BadBody:
            raise refusal(400, "InvalidRequest", "Unable to parse the request body as JSON") from None
        self.check(lambda: shapes.typed(value, dict, "$"))
        return cast(JSON, value)

    def check(self, check: Callable[[], None]) -> None:
        """Run a check of shapes. Refused with what it finds."""
        try:
            check()
        except Misshapen as error:
            raise refusal(400, "InvalidRequest", str(error)) from None

    def member(self, name: str, kind: type[_Kind], check: Check | None = None) -> _Kind:
        """A required member of the body, of a type and with a check of its content."""
        if name not in self.body:
            raise refusal(400, "InvalidRequest", f'Missing required key "{name}" at $')
        value = self.body[name]
        self.check(lambda: shapes.typed(value, kind, f"$.{name}"))
        if check is not None:
            self.check(lambda: check(value, f"$.{name}"))
        return cast(_Kind, value)

    def optional(self, name: str, kind: type[_Kind], check: Check | None = None) -> _Kind | None:
        """A member of the body, None when it is absent or null."""
        return None if self.body.get(name) is None else self.member(name, kind, check)

    def parameter(self, name: str) -> str:
        """A required query parameter."""
        value = self.request.argument(name)
        if value is None:
            raise self.bad_parameter(f'Missing required key "{name}"')
        return value

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A query parameter that is a number within bounds."""
        text = self.request.argument(name)
        if text is None:
            return default
        if not text.lstrip("-").isdecimal():
            raise self.bad_parameter(f"Expected integer value type (got {shapes.shown(text)})")
        value = int(text)
        if value < least:
            raise self.bad_parameter(f"integer too small (minimum {least}, got {value})")
        if value > most:
            raise self.bad_parameter(f"integer too big (maximum {most}, got {value})")
        return value

    def bad_parameter(self, problem: str) -> Refused:
        """The refusal of a query."""
        nsid = self.request.path.removeprefix("/xrpc/")
        return refusal(400, "InvalidRequest", f"Invalid {nsid} params: {problem}")

    # -- who calls ------------------------------------------------------------------------------------------------

    def user(self) -> Account:
        """The account of the access token."""
        return self._bearer(*ACCESS)

    def privileged(self) -> Account:
        """The account of an access token that opens direct messages too; for one that does not they do not exist."""
        if self._claims(*ACCESS)["scope"] == "com.atproto.appPass":
            raise refusal(400, "InvalidToken", "Bad token method")
        return self._bearer(*ACCESS)

    def service(self, method: str, audience: str) -> str:
        """The DID in a token made for another service, by which it may use one method."""
        claims = read_jwt(self.world, self.request.bearer)
        if claims is None or claims.get("aud") != audience or claims.get("lxm") != method:
            raise refusal(401, "BadJwtAudience", "jwt audience does not match service did")
        if claims["exp"] * 1000 <= self.world.clock():
            raise refusal(401, "JwtExpired", "jwt expired")
        return str(claims["iss"])

    def _bearer(self, *scopes: str) -> Account:
        claims = self._claims(*scopes)
        account = self.world.find_account(self.server.host, claims["sub"])
        if account is None:
            raise refusal(400, "InvalidToken", "Token could not be verified")
        _refuse_closed(account)
        return account

    def refresher(self) -> tuple[Account, JSON]:
        """The account and the claims of the refresh token."""
        claims = self._claims("com.atproto.refresh")
        account = self.world.find_account(self.server.host, claims["sub"])
        if account is None:
            raise refusal(400, "InvalidToken", "Token could not be verified")
        return account, claims

    def _claims(self, *scopes: str) -> JSON:
        header = self.request.header("authorization")
        if not header:
            raise refusal(401, "AuthMissing", "Authentication Required")
        claims = read_jwt(self.world, self.request.bearer)
        if claims is None or claims["aud"] != service_did(self.server) or "scope" not in claims:
            raise refusal(400, "InvalidToken", "Token could not be verified")
        if claims["exp"] * 1000 <= self.world.clock():
            raise refusal(400, "ExpiredToken", "Token has expired")
        if claims["scope"] not in scopes:
            raise refusal(400, "InvalidToken", "Token could not be verified")
        return claims

    def own(self, repo: str, user: Account) -> None:
        """Refuse to write to a repository that is not the caller's."""
        if repo not in (user.remote_id, user.handle):
            if self.world.find_account(self.server.host, repo) is None:
                raise refusal(403, "AccountNotFound", "Account not found")
            raise refusal(401, "AuthenticationRequired", "Authentication Required")

    def repo(self, name: str) -> Account:
        """The account of a repository."""
        account = self.world.find_account(self.server.host, name)
        if account is None:
            raise refusal(400, "InvalidRequest", f"Could not find repo: {name}")
        return account

    def known(self, name: str) -> Account:
        """The account of a repository, asked of it as a whole."""
        account = self.world.find_account(self.server.host, name)
        if account is None:
            raise refusal(400, "RepoNotFound", f"Could not find repo for DID: {name}")
        return account

    # -- limits ---------------------------------------------------------------------------------------------------

    def spend(self, bucket: str, owner: str, points: int = 1) -> None:
        """Take points from a bucket. Refused with 429 when they do not fit."""
        rates = self.server.config.get("rates", {})
        if rates is None:
            return
        limit, window = rates.get(bucket, RATES[bucket])
        quota = self.world.consume(f"{self.server.host} {bucket} {owner}", points, limit, window)
        self.quotas.append(quota)
        if quota.exceeded:
            # What counts now is the bucket that refuses.
            self.quotas[:] = [quota]
            wait = max(1, -(-(quota.resets_at - self.world.clock()) // 1000))
            raise Refused(
                json_response(
                    {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"},
                    429,
                    {"retry-after": str(wait)},
                )
            )

    def spend_writes(self, did: str, points: int) -> None:
        """Take the points of a write: 3 for a creation, 2 for an update, 1 for a deletion."""
        self.spend("writes", did, points)
        self.spend("writes_day", did, points)

    @property
    def rate_headers(self) -> dict[str, str]:
        """The headers of the tightest bucket."""
        if not self.quotas:
            return {}
        quota = min(self.quotas, key=lambda quota: quota.remaining)
        return rate_headers(quota.limit, quota.remaining, quota.resets_at, quota.window)

    # -- names ----------------------------------------------------------------------------------------------------

    def new_tid(self) -> str:
        """A timestamp identifier that sorts after all earlier ones of this world."""
        return new_tid(self.world)


def new_tid(world: World) -> str:
    """A timestamp identifier that sorts after all earlier ones of a world."""
    return tid(world.clock() * 1000 + world.sequence("tid") % 1000, 0)


def _refuse_closed(account: Account) -> None:
    if account.state in ("takendown", "suspended"):
        raise refusal(401, "AccountTakedown", "Account has been taken down")
    if account.state == "deactivated":
        raise refusal(401, "AccountDeactivated", "Account is deactivated")


def rate_headers(limit: int, remaining: int, resets_at: Instant, window: Instant) -> dict[str, str]:
    """RateLimit headers; the reset is in Unix seconds."""
    return {
        "ratelimit-limit": str(limit),
        "ratelimit-remaining": str(remaining),
        "ratelimit-reset": str(-(-resets_at // 1000)),
        "ratelimit-policy": f"{limit};w={window // 1000}",
    }


def service_did(server: Server) -> str:
    """The identity of a PDS."""
    return f"did:web:{server.base.partition('://')[2].replace(':', '%3A')}"


def did_document(server: Server, account: Account) -> JSON:
    """What the directory says of an account: its handle and where its PDS is."""
    did = account.remote_id
    key = "z" + base64.b32encode(hashlib.sha256(did.encode()).digest()).decode().lower().rstrip("=")
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "alsoKnownAs": [f"at://{account.handle}"],
        "verificationMethod": [
            {"id": f"{did}#atproto", "type": "Multikey", "controller": did, "publicKeyMultibase": key}
        ],
        "service": [{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": server.base}],
    }


# -- tokens in the form of a JWT ------------------------------------------------------------------------------------


def write_jwt(world: World, kind: str, claims: JSON) -> str:
    """A signed token; `kind` is its `typ`."""
    content = f"{_base64({'typ': kind, 'alg': 'HS256'})}.{_base64(claims)}"
    return f"{content}.{_signature(world, content)}"


def read_jwt(world: World, token: str) -> dict[str, Any] | None:
    """The claims of a token that this world signed, expired ones included; None for any other."""
    content, _, signature = token.rpartition(".")
    if not content or not hmac.compare_digest(signature.encode(), _signature(world, content).encode()):
        return None
    payload = content.partition(".")[2]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def _base64(value: JSON) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


def _signature(world: World, content: str) -> str:
    digest = hmac.digest(f"sandbox {world.seed}".encode(), content.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
