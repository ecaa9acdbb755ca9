"""What has an id: Pages, posts, photos and videos, read and taken down."""

from __future__ import annotations

from smm_tui.sandbox.faces.facebook import ads, comments, inbox, media, people, posts, profile, tokens
from smm_tui.sandbox.faces.facebook.call import ROUTER, Call
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Object


@ROUTER.on("GET", "/:version/")
def several(call: Call, version: str) -> Response:
    """Several nodes by ``ids``, with the same fields."""
    numbers = [number for number in call.text("ids").split(",") if number]
    if not numbers:
        raise call.error(100, "The parameter ids is required")
    return json_response({number: _node(call, number) for number in numbers})


@ROUTER.on("GET", "/:version/:node")
def show(call: Call, version: str, node: str) -> Response:
    """A Page, post, photo or video."""
    return json_response(_node(call, node))


def _node(call: Call, node: str) -> JSON:
    if ads.is_ads(call, node):
        return ads.show(call, node)
    page = call.world.find_account(call.server.host, node)
    if page is not None:
        return call.shown("Page", tokens.page_entity(call, call.page(node)), "id,name")
    if call.token.account_id is None:
        raise call.missing(node)
    owner = call.page("me")
    call.need(posts.READ)
    other = comments.find(call, owner, node)
    if other is not None:
        call.need(comments.READ_OTHERS)
        if other.kind == people.COMMENT:
            return comments.shown(call, owner, other)
        return inbox.post(call, other)
    item = _own_post(call, owner, node)
    if item is not None:
        return call.shown("PagePost", posts.entity(call, item), posts.DEFAULT)
    found = media.node(call, owner, node)
    if found is None:
        raise call.missing(node)
    return found


def _own_post(call: Call, owner: Account, node: str) -> Object | None:
    for kind in (POST, posts.UNPUBLISHED, posts.SCHEDULED):
        item = call.world.find_object(call.server.host, kind, node)
        if item is not None and item.account_id == owner.id:
            return item
    return None


@ROUTER.on("POST", "/:version/:node")
def update(call: Call, version: str, node: str) -> Response:
    """Change a Page, a post, a video's text, a comment or an ad."""
    if ads.is_ads(call, node):
        return ads.update(call, node)
    if call.token.account_id is None:
        raise call.missing(node)
    owner = call.page("me")
    if call.world.find_account(call.server.host, node) is not None:
        return profile.update(call, call.page(node))
    other = comments.find(call, owner, node)
    if other is not None:
        return comments.update(call, owner, other)
    call.need(posts.PUBLISH, "CREATE_CONTENT")
    return posts.update(call, _post(call, owner, node))


def _post(call: Call, owner: Account, node: str) -> Object:
    item = _own_post(call, owner, node)
    if item is None:
        file = call.world.media(owner, node)
        if file is None or file.attached_to is None:
            raise call.missing(node)
        item = call.world.object(file.attached_to)
    return item


@ROUTER.on("DELETE", "/:version/:node")
def delete(call: Call, version: str, node: str) -> Response:
    """Take a post, or a video with its post, down; or an ad."""
    if ads.is_ads(call, node):
        return ads.delete(call, node)
    if call.token.account_id is None:
        raise call.missing(node)
    owner = call.page("me")
    other = comments.find(call, owner, node)
    if other is not None:
        return comments.delete(call, owner, other)
    call.need(posts.PUBLISH, "CREATE_CONTENT")
    call.world.delete_object(_post(call, owner, node))
    return json_response({"success": True})
