"""Tokens of a cabinet: five at most, each with a refresh token that serves once."""

from __future__ import annotations

from smm_tui.domain.clock import DAY, SECOND
from smm_tui.sandbox.faces.vk_ads.call import ROUTER, Call
from smm_tui.sandbox.http import Refused, Response, json_response
from smm_tui.sandbox.things import Account, Token

MOST = 5
LIFE = 86_400  # seconds
FORGOTTEN = 30 * DAY  # of a token that nobody used


@ROUTER.on("POST", "/api/v2/oauth2/token.json")
def token(call: Call) -> Response:
    """A new token by the application's secret, or by the refresh token of one that dies thereby."""
    cabinet = _client(call)
    grant = call.parameters.get("grant_type")
    if grant == "refresh_token":
        known = call.world.token(call.server.host, str(call.parameters.get("refresh_token", "")), "refresh")
        if known is None or known.revoked_at is not None or known.account_id != cabinet.id:
            raise _refused(401, "invalid_token", "Unknown refresh token")
        _forget(call, known)
    elif grant == "client_credentials":
        if len(_living(call, cabinet)) >= MOST:
            raise _refused(403, "token_limit_exceeded", "Active access token limit reached")
    else:
        raise _refused(400, "unsupported_grant_type", "Unsupported grant type")
    access, refresh = call.world.secret("vk ads token", 50), call.world.secret("vk ads refresh", 50)
    ends = call.world.clock() + LIFE * SECOND
    call.world.add_token(access, "access", call.server.host, account=cabinet, expires_at=ends)
    call.world.add_token(refresh, "refresh", call.server.host, account=cabinet, data={"access": access})
    left = MOST - len(_living(call, cabinet))
    return json_response(
        {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": LIFE,
            "refresh_token": refresh,
            "tokens_left": left,
        }
    )


@ROUTER.on("POST", "/api/v2/oauth2/token/delete.json")
def delete(call: Call) -> Response:
    """All tokens of the cabinet die."""
    for known in _living(call, _client(call)):
        _forget(call, known)
    return Response(204)


def _client(call: Call) -> Account:
    number = str(call.parameters.get("client_id", ""))
    known = call.world.token(call.server.host, number, "application")
    if known is None or known.account_id is None or known.data["secret"] != call.parameters.get("client_secret"):
        raise _refused(401, "invalid_client", "Unknown client or wrong secret")
    return call.world.account(known.account_id)


def _living(call: Call, cabinet: Account) -> list[Token]:
    now = call.world.clock()
    tokens = call.world.tokens(cabinet, "refresh")
    return [each for each in tokens if each.revoked_at is None and each.created_at + FORGOTTEN > now]


def _forget(call: Call, known: Token) -> None:
    call.world.revoke(known)
    access = call.world.token(call.server.host, known.data["access"], "access")
    if access is not None:
        call.world.revoke(access)


def _refused(status: int, error: str, description: str) -> Refused:
    return Refused(json_response({"error": error, "error_description": description}, status))
