"""Sessions and identities."""

from __future__ import annotations

from smm_tui.domain.clock import HOUR, MINUTE, Instant
from smm_tui.sandbox.faces.bluesky.call import (
    ACCESS_LIFE,
    REFRESH_LIFE,
    ROUTER,
    Call,
    did_document,
    refusal,
    service_did,
    write_jwt,
)
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import Account, Token

GRACE: Instant = 2 * HOUR  # so long a refresh token works on after its first use


@ROUTER.on("POST", "/xrpc/com.atproto.server.createSession")
def create(call: Call) -> Response:
    """Log in with a handle, DID or e-mail address and a password or app password."""
    identifier = call.member("identifier", str).lower().removeprefix("@")
    password = call.member("password", str)
    call.spend("calls", "ip")
    call.spend("sessions_day", identifier)
    call.spend("sessions", identifier)
    account = find_login(call, identifier)
    app_password = call.world.token(call.server.host, password, "app_password")
    if account is None or not (
        (account.password and account.password == password)
        or (app_password and app_password.account_id == account.id and app_password.revoked_at is None)
    ):
        raise refusal(401, "AuthenticationRequired", "Invalid identifier or password")
    if account.state in ("takendown", "suspended"):
        raise refusal(401, "AccountTakedown", "Account has been taken down")
    scope = "com.atproto.access"
    if app_password is not None:
        privileged = app_password.data.get("privileged", False)
        scope = "com.atproto.appPassPrivileged" if privileged else "com.atproto.appPass"
    refresh = _remember(call, account, scope)
    return json_response({**_tokens(call, account, refresh), **_about(call, account)})


@ROUTER.on("POST", "/xrpc/com.atproto.server.refreshSession")
def refresh(call: Call) -> Response:
    """Exchange a refresh token; within its grace the same token gives the same successor again."""
    account, claims = call.refresher()
    call.spend("calls", "ip")
    if account.state in ("takendown", "suspended"):
        raise refusal(401, "AccountTakedown", "Account has been taken down")
    old = call.world.token(call.server.host, claims["jti"], "refresh")
    now = call.world.clock()
    if old is None or old.revoked_at is not None or (old.expires_at or 0) <= now:
        raise refusal(400, "ExpiredToken", "Token has been revoked")
    successor = call.world.token(call.server.host, old.data.get("next", ""), "refresh")
    if successor is None:
        successor = _remember(call, account, old.data["scope"])
        expires_at = min(old.expires_at or 0, now + GRACE)
        call.world.update_token(old, data={"next": successor.value}, expires_at=expires_at)
    return json_response({**_tokens(call, account, successor), **_about(call, account)})


@ROUTER.on("GET", "/xrpc/com.atproto.server.getSession")
def show(call: Call) -> Response:
    """The account of a session."""
    account = call.user()
    call.spend("calls", "ip")
    return json_response(_about(call, account))


@ROUTER.on("POST", "/xrpc/com.atproto.server.deleteSession")
def delete(call: Call) -> Response:
    """Log out: the refresh token dies at once, the access token with its time."""
    _, claims = call.refresher()
    call.spend("calls", "ip")
    token = call.world.token(call.server.host, claims["jti"], "refresh")
    if token is not None:
        call.world.revoke(token)
    return Response(200)


@ROUTER.on("GET", "/xrpc/com.atproto.server.describeServer")
def describe(call: Call) -> Response:
    """What the PDS says of itself."""
    call.spend("calls", "ip")
    return json_response(
        {
            "did": service_did(call.server),
            "availableUserDomains": [f".{call.server.host.partition(':')[0]}"],
            "inviteCodeRequired": True,
            "links": {},
            "contact": {},
        }
    )


@ROUTER.on("GET", "/xrpc/com.atproto.identity.resolveHandle")
def resolve(call: Call) -> Response:
    """The DID of a handle, on whatever server of this world its account lives."""
    handle = call.parameter("handle").lower()
    call.spend("calls", "ip")
    for account in call.world.accounts(network=call.server.network):
        if account.handle == handle:
            return json_response({"did": account.remote_id})
    raise refusal(400, "HandleNotFound", "Unable to resolve handle")


@ROUTER.on("GET", "/xrpc/com.atproto.server.getServiceAuth")
def service_auth(call: Call) -> Response:
    """A token by which another service acts for the account in one method."""
    account = call.user()
    audience = call.parameter("aud")
    method = call.request.argument("lxm")
    call.spend("calls", "ip")
    now = call.world.clock()
    expires = call.number("exp", now // 1000 + 60, -(10**12), 10**12)
    if not audience.startswith("did:"):
        raise refusal(400, "InvalidRequest", "aud must be a valid atproto DID or did#serviceId reference")
    if expires * 1000 < now:
        raise refusal(400, "BadExpiration", "expiration is in past")
    if expires * 1000 - now > HOUR:
        message = "cannot request a token with an expiration more than an hour in the future"
        raise refusal(400, "BadExpiration", message)
    if method is None and expires * 1000 - now > MINUTE:
        message = "cannot request a method-less token with an expiration more than a minute in the future"
        raise refusal(400, "BadExpiration", message)
    claims: JSON = {"iat": now // 1000, "iss": account.remote_id, "aud": audience, "exp": expires}
    return json_response({"token": write_jwt(call.world, "JWT", claims | ({"lxm": method} if method else {}))})


@ROUTER.on("GET", "/xrpc/_health")
def health(call: Call) -> Response:
    """The version of the PDS."""
    del call
    return json_response({"version": "0.5.35"})


def find_login(call: Call, identifier: str) -> Account | None:
    """The account that a login names by handle, DID or e-mail address."""
    account = call.world.find_account(call.server.host, identifier)
    if account is not None or "@" not in identifier:
        return account
    found = call.world.accounts(server=call.server.host)
    return next((account for account in found if account.data.get("email") == identifier), None)


def _remember(call: Call, account: Account, scope: str) -> Token:
    return call.world.add_token(
        call.world.secret("session"),
        "refresh",
        call.server.host,
        account=account,
        data={"scope": scope},
        expires_at=call.world.clock() + REFRESH_LIFE,
    )


def _tokens(call: Call, account: Account, refresh: Token) -> JSON:
    now = call.world.clock()
    access: JSON = {
        "scope": refresh.data["scope"],
        "sub": account.remote_id,
        "aud": service_did(call.server),
        "iat": now // 1000,
        "exp": (now + ACCESS_LIFE) // 1000,
    }
    lasting: JSON = {
        **access,
        "scope": "com.atproto.refresh",
        "jti": refresh.value,
        "iat": refresh.created_at // 1000,
        "exp": (refresh.created_at + REFRESH_LIFE) // 1000,
    }
    return {
        "accessJwt": write_jwt(call.world, "at+jwt", access),
        "refreshJwt": write_jwt(call.world, "refresh+jwt", lasting),
    }


def _about(call: Call, account: Account) -> JSON:
    about: JSON = {
        "did": account.remote_id,
        "didDoc": did_document(call.server, account),
        "handle": account.handle,
        "email": account.data.get("email", ""),
        "emailConfirmed": account.data.get("email_confirmed", True),
        "emailAuthFactor": False,
        "active": account.state == "active",
    }
    if account.state != "active":
        about["status"] = account.state
    return about
