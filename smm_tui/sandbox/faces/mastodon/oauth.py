"""Applications and tokens (OAuth 2, RFC 6749, 7009, 7636, 8414)."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import unquote

from smm_tui.domain.clock import MINUTE
from smm_tui.sandbox.faces.mastodon.call import ROUTER, Call
from smm_tui.sandbox.http import Refused, Response, json_response
from smm_tui.sandbox.things import Account, Server, Token
from smm_tui.sandbox.world import World

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_AREAS = {
    "read": "accounts blocks bookmarks favourites filters follows lists mutes notifications search statuses",
    "write": "accounts blocks bookmarks conversations favourites filters follows lists media mutes notifications"
    " reports statuses",
}
SCOPES = (
    "profile",
    "follow",
    "push",
    *_AREAS,
    *(f"{right}:{area}" for right, areas in _AREAS.items() for area in areas.split()),
    *(f"admin:{right}{area}" for right in _AREAS for area in ("", ":accounts", ":reports")),
)


def grant_token(world: World, server: Server, account: Account | None, scopes: list[str], application: str) -> Token:
    """A fresh access token; without an account, of the application alone."""
    data = {"scopes": scopes, "application": {"name": application, "website": None}}
    return world.add_token(world.secret("token"), "access", server.host, account=account, data=data)


def grant_code(
    world: World,
    account: Account,
    client_id: str,
    *,
    scope: str,
    redirect_uri: str = OUT_OF_BAND,
    challenge: str = "",
) -> str:
    """The code that the consent page shows once the account's owner has agreed; good for ten minutes."""
    data = {
        "client_id": client_id,
        "scopes": scope.split(),
        "redirect_uri": redirect_uri,
        "challenge": challenge,
    }
    code = world.secret("code")
    expires_at = world.clock() + 10 * MINUTE
    world.add_token(code, "code", account.server, account=account, data=data, expires_at=expires_at)
    return code


@ROUTER.on("POST", "/api/v1/apps")
def create_app(call: Call) -> Response:
    """Register an application; its scopes cap those of its tokens."""
    name = (call.text("client_name") or "").strip()
    given = call.parameters.get("redirect_uris") or []
    redirects = given if isinstance(given, list) else str(given).split()
    scopes = (call.text("scopes") or "read").split()
    problems = []
    if not name:
        problems.append("Application name can't be blank")
    if not redirects:
        problems.append("Redirect URI can't be blank")
    if any(scope not in SCOPES for scope in scopes):
        problems.append("Scopes doesn't match configured on the server.")
    if problems:
        raise call.refusal(422, f"Validation failed: {', '.join(problems)}")
    number = call.world.sequence("app")
    client_id, secret = call.world.secret("client"), call.world.secret("client")
    data = {"name": name, "secret": secret, "scopes": scopes, "redirect_uris": redirects}
    call.world.add_token(client_id, "app", call.server.host, data=data)
    return json_response(
        {
            "id": str(number),
            "name": name,
            "website": call.text("website") or None,
            "scopes": scopes,
            "redirect_uris": redirects,
            "redirect_uri": "\n".join(redirects),
            "client_id": client_id,
            "client_secret": secret,
            "client_secret_expires_at": 0,
            "vapid_key": "",
        }
    )


@ROUTER.on("POST", "/oauth/token")
def token(call: Call) -> Response:
    """Exchange a code, or the application's own secret, for a token."""
    app = _client(call)
    kind = call.text("grant_type")
    if kind == "client_credentials":
        scopes = (call.text("scope") or "read").split()
        if not set(scopes) <= _allowed(app):
            raise _refusal(call, 400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.")
        return _token_response(grant_token(call.world, call.server, None, scopes, app.data["name"]))
    if kind != "authorization_code":
        raise _refusal(call, 400, "unsupported_grant_type", "The authorization grant type is not supported.")
    code = call.world.token(call.server.host, call.text("code") or "", "code")
    if code is None or not _redeemable(call, code, app) or code.account_id is None:
        raise _refusal(
            call,
            400,
            "invalid_grant",
            "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used"
            " in the authorization request, or was issued to another client.",
        )
    call.world.revoke(code)
    account = call.world.account(code.account_id)
    return _token_response(grant_token(call.world, call.server, account, code.data["scopes"], app.data["name"]))


@ROUTER.on("POST", "/oauth/revoke")
def revoke(call: Call) -> Response:
    """Make a token worthless; repeatable."""
    _client(call)
    found = call.world.token(call.server.host, call.text("token") or "", "access")
    if found is not None:
        call.world.revoke(found)
    return json_response({})


@ROUTER.on("GET", "/.well-known/oauth-authorization-server")
def metadata(call: Call) -> Response:
    """Endpoints and scopes of this server."""
    base = call.server.base
    return json_response(
        {
            "issuer": f"{base}/",
            "authorization_endpoint": f"{base}/oauth/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "app_registration_endpoint": f"{base}/api/v1/apps",
            "revocation_endpoint": f"{base}/oauth/revoke",
            "userinfo_endpoint": f"{base}/oauth/userinfo",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "service_documentation": "https://docs.joinmastodon.org/",
        }
    )


def _refusal(call: Call, status: int, error: str, description: str) -> Refused:
    return call.refusal(status, error, error_description=description)


def _client(call: Call) -> Token:
    client_id, secret = call.text("client_id") or "", call.text("client_secret") or ""
    scheme, _, basic = call.request.header("authorization").partition(" ")
    if scheme.lower() == "basic":
        client_id, _, secret = base64.b64decode(basic + "==").decode("utf-8", "replace").partition(":")
        client_id, secret = unquote(client_id), unquote(secret)
    app = call.world.token(call.server.host, client_id, "app")
    if app is None or app.data["secret"] != secret:
        raise _refusal(
            call,
            401,
            "invalid_client",
            "Client authentication failed due to unknown client, no client authentication included, or unsupported"
            " authentication method.",
        )
    return app


def _allowed(app: Token) -> set[str]:
    wide = set(app.data["scopes"])
    return wide | {scope for scope in SCOPES if scope.rpartition(":")[0] in wide}


def _redeemable(call: Call, code: Token, app: Token) -> bool:
    if code.revoked_at is not None or (code.expires_at or 0) <= call.world.clock():
        return False
    if code.data["client_id"] != app.value or code.data["redirect_uri"] != call.text("redirect_uri"):
        return False
    if not code.data["challenge"]:
        return True
    digest = hashlib.sha256((call.text("code_verifier") or "").encode()).digest()
    return bool(base64.urlsafe_b64encode(digest).decode().rstrip("=") == code.data["challenge"])


def _token_response(token: Token) -> Response:
    return json_response(
        {
            "access_token": token.value,
            "token_type": "Bearer",
            "scope": " ".join(token.data["scopes"]),
            "created_at": token.created_at // 1000,
        }
    )
