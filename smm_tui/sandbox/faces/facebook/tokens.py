"""Whose token it is: the Page or person, the Pages a person manages, the app, and what a token may do."""

from __future__ import annotations

from smm_tui.domain.clock import SECOND
from smm_tui.sandbox import crowd
from smm_tui.sandbox.faces.facebook.call import ROUTER, SITE, Call, app_id_of
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import Account, Server, Token
from smm_tui.sandbox.world import World


def grant_page_token(world: World, page: Account, *, scopes: tuple[str, ...], tasks: tuple[str, ...]) -> Token:
    """A Page's own token, as made for one person who has these tasks on it."""
    data = {"type": "PAGE", "scopes": list(scopes), "tasks": list(tasks)}
    return world.add_token("EAA" + world.secret("page token", 60), "access", page.server, account=page, data=data)


def grant_user_token(world: World, server: Server, page_tokens: list[Token]) -> Token:
    """A token of a person who manages the Pages of these tokens."""
    scopes = sorted({scope for token in page_tokens for scope in token.data["scopes"]})
    data = {"type": "USER", "scopes": scopes, "tasks": [], "pages": [token.value for token in page_tokens]}
    return world.add_token("EAA" + world.secret("user token", 60), "access", server.host, data=data)


def page_entity(call: Call, page: Account) -> JSON:
    """Page."""
    username = None if page.data.get("nameless") else page.handle
    linked = call.world.find_account(page.server, str(page.data.get("instagram", "")))
    cover, picture = page.data.get("cover"), page.data.get("picture", "")
    return {
        "id": page.remote_id,
        "name": page.display_name,
        "username": username,
        "link": f"{SITE}/{username or page.remote_id}",
        "is_published": page.data.get("is_published", True),
        "category": "Bakery",
        "fan_count": len(page.data.get("followers", [])) + crowd.size(page),
        "followers_count": len(page.data.get("followers", [])) + crowd.size(page),
        "about": page.data.get("about"),
        "description": None,
        "website": page.data.get("website"),
        "cover": {"id": cover, "source": f"{call.server.base}/media/{cover}"} if cover else None,
        "picture": {"data": {"url": f"{call.server.base}/media/{picture}", "is_silhouette": not picture}},
        "instagram_business_account": {"id": linked.remote_id, "username": linked.handle} if linked else None,
        "access_token": None,
        "tasks": None,
    }


@ROUTER.on("GET", "/:version/me")
def me(call: Call, version: str) -> Response:
    """The Page or person of the token."""
    token = call.token
    if token.account_id is None:
        return json_response(call.shown("User", {"id": "100000000000007", "name": "Ann"}, "id,name"))
    return json_response(call.shown("Page", page_entity(call, call.subject(token)), "id,name"))


@ROUTER.on("GET", "/:version/me/accounts")
def accounts(call: Call, version: str) -> Response:
    """The Pages that a person manages, each with its own token."""
    token = call.token
    if token.account_id is not None:
        raise call.error(100, "(#100) Tried accessing nonexisting field (accounts) on node type (Page)")
    if "pages_show_list" not in token.data["scopes"]:
        return json_response({"data": []})
    limit = max(1, min(call.number("limit", 25), 100))
    first = call.number("after", 0)
    values = token.data["pages"]
    shown = []
    for value in values[first : first + limit]:
        own = call.world.token(call.server.host, value, "access")
        assert own is not None  # noqa: S101 - tokens are never forgotten
        entity = page_entity(call, call.subject(own)) | {"access_token": value, "tasks": own.data["tasks"]}
        shown.append(call.shown("Page", entity, "access_token,category,name,tasks"))
    answer: JSON = {"data": shown}
    if shown:
        answer["paging"] = {"cursors": {"before": str(first), "after": str(first + limit)}}
        if first + limit < len(values):
            query = f"limit={limit}&after={first + limit}&access_token={token.value}"
            answer["paging"]["next"] = f"{call.server.base}{call.request.path}?{query}"
    return json_response(answer)


@ROUTER.on("GET", "/:version/me/permissions")
def permissions(call: Call, version: str) -> Response:
    """What a person granted to the app."""
    if call.token.account_id is not None:
        raise call.error(100, "(#100) Tried accessing nonexisting field (permissions) on node type (Page)")
    granted = [{"permission": scope, "status": "granted"} for scope in call.token.data["scopes"]]
    return json_response({"data": granted})


@ROUTER.on("GET", "/:version/app")
def app(call: Call, version: str) -> Response:
    """The app that a token was made with."""
    assert call.token  # noqa: S101 - any live one will do
    return json_response(call.shown("Application", {"id": app_id_of(call.server), "name": "smm-tui"}, "id,name"))


@ROUTER.on("GET", "/:version/debug_token")
def debug_token(call: Call, version: str) -> Response:
    """What a token may do and when it ends; for its app, and for people who develop that app."""
    known = call.world.token(call.server.host, app_id_of(call.server), "app")
    app_token = f"{app_id_of(call.server)}|{known.data['secret'] if known else ''}"
    if call.request.bearer != app_token and not call.token.data.get("develops"):
        message = "(#100) You must provide an app access token, or a user access token that is an owner or developer"
        raise call.error(100, f"{message} of the app")
    inspected = call.world.token(call.server.host, call.text("input_token"), "access")
    if inspected is None:
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return json_response({"data": {"error": error, "is_valid": False, "scopes": []}})
    page = call.subject(inspected).remote_id if inspected.account_id is not None else None
    data = {
        "app_id": app_id_of(call.server),
        "type": inspected.data["type"],
        "application": "smm-tui",
        "data_access_expires_at": inspected.data.get("data_access_expires_at", 0),
        "expires_at": (inspected.expires_at or 0) // SECOND,
        "is_valid": True,
        "issued_at": inspected.created_at // SECOND,
        "scopes": inspected.data["scopes"],
        "granular_scopes": [
            {"scope": scope, **({"target_ids": [page]} if page and scope.startswith("pages_") else {})}
            for scope in inspected.data["scopes"]
        ],
        **({"profile_id": page} if page else {}),
    }
    return json_response({"data": data})
