"""One call to the Graph API: its caller, its rights, its limits, its errors, and the fields it asks for."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from smm_tui.domain.clock import HOUR, MINUTE, SECOND, Instant, to_datetime
from smm_tui.sandbox.http import JSON, BadBody, Refused, Request, Response, Router, Upload, json_response, parameters
from smm_tui.sandbox.things import Account, Quota, Server, Token
from smm_tui.sandbox.world import World

ROUTER = Router()
SITE = "https://www.facebook.com"
CALLS_AN_HOUR = 4800  # of one Page's tokens; a server's `config` sets it as "calls"

Fields = dict[str, "Fields"]


@dataclass
class Call:
    """A request on its way through one handler."""

    world: World
    server: Server
    request: Request
    quota: Quota | None = None
    business: tuple[str, str] = ("", "")  # whom the quota is of, and its kind

    @cached_property
    def parameters(self) -> JSON:
        """Query and body."""
        try:
            return parameters(self.request)
        except BadBody as error:
            raise self.error(1, f"An unknown error occurred: {error}") from error

    @property
    def method(self) -> str:
        """The method meant: a POST may name another one in its body."""
        told = str(self.parameters.get("method") or "").upper() if self.request.method == "POST" else ""
        return told or self.request.method

    def text(self, name: str) -> str:
        """A parameter as text, empty when absent."""
        value = self.parameters.get(name)
        return "" if value is None or isinstance(value, Upload) else str(value)

    def number(self, name: str, default: int) -> int:
        """A parameter as a whole number; `default` when it is none."""
        return int(self.text(name)) if self.text(name).isdecimal() else default

    def flag(self, name: str, default: bool) -> bool:
        """A parameter as yes or no."""
        return default if not self.text(name) else self.text(name).lower() in ("true", "1", "yes")

    def file(self, name: str) -> bytes | None:
        """An uploaded file, None when absent."""
        value = self.parameters.get(name)
        return value.data if isinstance(value, Upload) else None

    # -- errors -----------------------------------------------------------------------------------------------------

    def error(self, code: int, message: str, **more: Any) -> Refused:
        """An error in the API's form."""
        return Refused(error_response(self.world, code, message, **more))

    def missing(self, node: str) -> Refused:
        """The answer for what is not there or may not be seen: Facebook does not tell which."""
        verb = self.method.lower()
        return self.error(
            100,
            f"Unsupported {verb} request. Object with ID '{node}' does not exist, cannot be loaded due to missing "
            "permissions, or does not support this operation.",
            kind="GraphMethodException",
            subcode=33,
        )

    # -- who calls --------------------------------------------------------------------------------------------------

    @cached_property
    def token(self) -> Token:
        """The caller's live token."""
        value = self.request.bearer or self.text("access_token")
        if not value:
            if self.request.path.endswith("/me"):
                message = "An active access token must be used to query information about the current user."
                raise self.error(2500, message)
            raise self.error(104, "An access token is required to request this resource.", status=401)
        token = self.world.token(self.server.host, value, "access")
        if token is None:
            raise self.error(190, "Invalid OAuth access token - Cannot parse access token", status=401)
        self.ensure_alive(token)
        self._check_proof(value)
        return token

    def ensure_alive(self, token: Token) -> None:
        """Refuse a token that does not open anything any more."""
        if token.revoked_at is not None:
            message = "Error validating access token: The session has been invalidated because the user changed "
            raise self.error(190, message + "their password.", subcode=460)
        if token.expires_at is not None and token.expires_at <= self.world.clock():
            raise Refused(expired_response(self.world))
        if token.account_id is not None and self.world.account(token.account_id).state != "active":
            message = "Error validating access token: You cannot access the app till you log in to www.facebook.com"
            raise self.error(190, f"{message} and follow the instructions given.", subcode=459)

    def _check_proof(self, value: str) -> None:
        given = self.text("appsecret_proof")
        if not given and not self.server.config.get("demands_proof"):
            return
        app = self.world.token(self.server.host, app_id_of(self.server), "app")
        secret = str(app.data["secret"]) if app else ""
        if hmac.new(secret.encode(), value.encode(), hashlib.sha256).hexdigest() != given:
            message = "Invalid appsecret_proof provided in the API argument"
            if not given:
                message = "API calls from the server require an appsecret_proof argument"
            raise self.error(100, message, kind="GraphMethodException")

    def page(self, node: str) -> Account:
        """The Page that a path names; the token must be the Page's own."""
        token = self.token
        name = str(self.subject(token).remote_id) if node == "me" and token.account_id else node
        page = self.world.find_account(self.server.host, name)
        if page is None:
            raise self.missing(node)
        if token.account_id != page.id:
            raise self.error(
                200, "(#200) The user hasn't authorized the application to perform this action", status=403
            )
        self.spend(page)
        return page

    def subject(self, token: Token) -> Account:
        """The Page that a Page token belongs to."""
        assert token.account_id is not None  # noqa: S101 - asked for Page tokens only
        return self.world.account(token.account_id)

    def need(self, permission: str, task: str = "") -> None:
        """Refuse a token that lacks a permission, or whose person lacks a task on the Page."""
        data = self.token.data
        if permission not in data["scopes"]:
            code = 200 if task else 10
            message = f"(#{code}) This endpoint requires the '{permission}' permission or the 'Page Public Content "
            raise self.error(code, message + "Access' feature.", status=403)
        if task and task not in data["tasks"]:
            raise self.error(200, "(#200) Unpublished posts must be posted to a page as the page itself.", status=403)

    # -- limits -----------------------------------------------------------------------------------------------------

    def spend(self, page: Account) -> None:
        """Count a call of a Page. Refused when too many were made in an hour."""
        limit = int(self.server.config.get("calls", CALLS_AN_HOUR))
        self.quota = self.world.consume(f"{self.server.host} page {page.remote_id}", 1, limit, HOUR)
        self.business = (page.remote_id, "pages")
        if self.quota.exceeded:
            message = "There have been too many calls to this Page account. Wait a bit and try again. For more info, "
            message += "please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting."
            raise self.error(80001, message, subcode=2446079, transient=True)

    @property
    def usage_headers(self) -> dict[str, str]:
        """What every answer tells of the calls used up."""
        if self.quota is None:
            return usage(app=0)
        used = 100 - 100 * self.quota.remaining // self.quota.limit
        wait = self.quota.resets_at - self.world.clock() if self.quota.exceeded else 0
        whose, kind = self.business
        return usage(app=used // 10, page=whose, used=used, wait=wait, kind=kind)

    # -- fields -----------------------------------------------------------------------------------------------------

    def shown(self, kind: str, entity: JSON, default: str) -> JSON:
        """The fields of a node that the call asks for. Refused when it has no such field."""
        wanted = parsed_fields(self.text("fields") or default)
        unknown = next((name for name in wanted if name not in entity), None)
        if unknown is not None:
            raise self.error(100, f"(#100) Tried accessing nonexisting field ({unknown}) on node type ({kind})")
        return selected(entity, {"id": {}, **wanted})


def app_id_of(server: Server) -> str:
    """The id of the one app of a server."""
    return str(server.config.get("app_id", "300000000000001"))


def parsed_fields(text: str) -> Fields:
    """``a,b{c,d}`` as nested names; modifiers such as ``.limit(0)`` are left out."""
    root: Fields = {}
    stack, last = [root], root
    for piece in re.findall(r"[{}]|[^,{}]+", text):
        if piece == "{":
            stack.append(last)
        elif piece == "}" and len(stack) > 1:
            stack.pop()
        elif name := re.sub(r"\..*", "", piece.strip()):
            last = stack[-1].setdefault(name, {})
    return root


def selected(entity: Mapping[str, Any], wanted: Fields) -> JSON:
    """The wanted fields of an entity, those without a value left out as Facebook does."""
    found = {}
    for name, inner in wanted.items():
        value = entity.get(name)
        if value is None:
            continue
        if inner and isinstance(value, dict) and isinstance(value.get("data"), list):
            value = {**value, "data": [selected(item, inner) for item in value["data"]]}
        elif inner and isinstance(value, dict) and isinstance(value.get("data"), dict):
            value = {**value, "data": selected(value["data"], inner)}
        elif inner and isinstance(value, dict):
            value = selected(value, inner)
        found[name] = value
    return found


def error_response(
    world: World,
    code: int,
    message: str,
    *,
    status: int = 400,
    kind: str = "OAuthException",
    subcode: int = 0,
    title: str = "",
    said: str = "",
    transient: bool | None = None,
) -> Response:
    """An error; `said` is what people shall be told."""
    error: JSON = {"message": message, "type": kind, "code": code}
    if transient is not None:
        error["is_transient"] = transient
    if subcode:
        error["error_subcode"] = subcode
    if said:
        error |= {"error_user_title": title, "error_user_msg": said}
    error["fbtrace_id"] = world.secret("fbtrace", 23)
    return json_response({"error": error}, status)


def expired_response(world: World) -> Response:
    """The refusal of a token whose time is over."""
    message = "Error validating access token: Session has expired."
    return error_response(world, 190, message, subcode=463)


def usage(*, app: int, page: str = "", used: int = 0, wait: Instant = 0, kind: str = "pages") -> dict[str, str]:
    """The usage headers: per cents, and the wait in whole minutes."""
    headers = {"x-app-usage": json.dumps({"call_count": app, "total_cputime": 0, "total_time": app})}
    if page:
        business = {
            "type": kind,
            "call_count": used,
            "total_cputime": 1,
            "total_time": 1,
            "estimated_time_to_regain_access": -(-wait // MINUTE),
        }
        headers["x-business-use-case-usage"] = json.dumps({page: [business]})
    return headers


def stamp(instant: Instant) -> str:
    """A time as the API writes it: whole seconds."""
    return to_datetime(instant - instant % SECOND).strftime("%Y-%m-%dT%H:%M:%S+0000")


def new_number(world: World) -> str:
    """A fresh id. Ids of Facebook do not sort by time."""
    step = world.sequence("facebook")
    return str(122_000_000_000_000 + step * 7_368_787 % 1_000_000_007)
