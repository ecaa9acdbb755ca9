"""Comments: read, written, hidden, liked, taken away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from smm_tui.sandbox.faces.facebook import people
from smm_tui.sandbox.faces.facebook.call import ROUTER, SITE, Call, stamp
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Object

LONGEST = 8000  # characters of a comment
READ_OTHERS, ENGAGE = "pages_read_user_content", "pages_manage_engagement"
T = TypeVar("T")


def find(call: Call, page: Account, number: str) -> Object | None:
    """A comment on something of the Page's, or a post of somebody else that it may see."""
    comment = call.world.find_object(call.server.host, people.COMMENT, number)
    if comment is not None:
        post = people.post_of(call.world, comment)
        return comment if post.account_id == page.id or post.record.get("page") == page.remote_id else None
    for kind in (people.TAGGED, people.VISITOR):
        found = call.world.find_object(call.server.host, kind, number)
        if found is not None and found.record["page"] == page.remote_id:
            return found
    return None


def commented(call: Call, page: Account, number: str) -> Object:
    """What a path names that can have comments. Refused when there is none."""
    post = call.world.find_object(call.server.host, POST, number)
    found = post if post is not None and post.account_id == page.id else find(call, page, number)
    if found is None:
        media = call.world.media(page, number)  # a video stands for its post
        if media is None or media.attached_to is None:
            raise call.missing(number)
        found = call.world.object(media.attached_to)
    return found


@ROUTER.on("GET", "/:version/:node/comments")
def listing(call: Call, version: str, node: str) -> Response:
    """The comments below a post or comment."""
    page = call.page("me")
    call.need(READ_OTHERS)
    target = commented(call, page, node)
    found = list(people.below(call.world, target, deep=call.text("filter") == "stream"))
    found.sort(key=lambda item: (item.created_at, item.id), reverse=call.text("order") == "reverse_chronological")
    return paged(call, found, lambda item: item.remote_id, lambda item: shown(call, page, item))


def shown(call: Call, page: Account, item: Object) -> JSON:
    """A comment with the fields that the call asks for."""
    return call.shown("Comment", entity(call, page, item), "created_time,from,message,id")


def entity(call: Call, page: Account, item: Object) -> JSON:
    """Comment."""
    author = call.world.account(item.account_id)
    likes = item.record["likes"]
    post = item.record["post"]
    file = item.media[0] if item.media else None
    return {
        "id": item.remote_id,
        "message": item.text,
        "from": None if author.data.get("unnamed") else {"id": author.remote_id, "name": author.display_name},
        "created_time": stamp(item.created_at),
        "parent": {"id": item.reply_to} if item.reply_to != post else None,
        "object": {"id": post},
        "attachment": {"type": "photo", "url": f"{SITE}/{file}"} if file else None,
        "is_hidden": item.record["hidden"],
        "user_likes": page.remote_id in likes,
        "like_count": len(likes),
        "comment_count": sum(1 for _each in people.below(call.world, item, deep=False)),
        "can_hide": author.id != page.id,
        "can_remove": True,
        "permalink_url": f"{SITE}/{post}?comment_id={item.remote_id.rpartition('_')[2]}",
    }


@ROUTER.on("POST", "/:version/:node/comments")
def create(call: Call, version: str, node: str) -> Response:
    """Comment as the Page."""
    page = call.page("me")
    call.need(ENGAGE, "MODERATE")
    target = commented(call, page, node)
    message, photo = call.text("message"), call.text("attachment_id")
    if not message.strip() and not photo:
        raise call.error(100, "(#100) Missing message or attachment")
    if len(message) > LONGEST:
        raise call.error(100, "Invalid parameter", title="Comment Too Long", said="Your comment is too long.")
    file = call.world.media(page, photo) if photo else None
    if photo and file is None:
        raise call.error(100, "(#100) param attachment_id must be the ID of a photo of this Page.")
    item = people.write_comment(call.world, page, target, message)
    if file is not None:
        item = call.world.update_object(item, media=[file.id], edited=False)
    return json_response({"id": item.remote_id})


@ROUTER.on("POST", "/:version/:node/likes")
def like(call: Call, version: str, node: str) -> Response:
    """Like as the Page; twice is once."""
    return _likes(call, node, liked=True)


@ROUTER.on("DELETE", "/:version/:node/likes")
def unlike(call: Call, version: str, node: str) -> Response:
    """Take a like of the Page's back."""
    return _likes(call, node, liked=False)


def _likes(call: Call, node: str, *, liked: bool) -> Response:
    page = call.page("me")
    call.need(ENGAGE)
    item = commented(call, page, node)
    others = [name for name in item.record.get("likes", []) if name != page.remote_id]
    likes = [*others, page.remote_id] if liked else others
    call.world.update_object(item, record={**item.record, "likes": likes}, edited=False)
    return json_response({"success": True})


def update(call: Call, page: Account, item: Object) -> Response:
    """Hide or show what others wrote, or change an own comment."""
    call.need(ENGAGE, "MODERATE")
    own = item.account_id == page.id
    if call.text("is_hidden"):
        if own or item.kind == people.TAGGED:
            raise call.error(200, "(#200) Permissions error", status=403)
        record = {**item.record, "hidden": call.flag("is_hidden", False)}
        call.world.update_object(item, record=record, edited=False)
    if call.text("message"):
        if not own:
            raise call.error(200, "(#200) Permissions error", status=403)
        call.world.update_object(item, text=call.text("message"))
    return json_response({"success": True})


def delete(call: Call, page: Account, item: Object) -> Response:
    """Take a comment away with the answers to it, or a post that somebody else wrote on the Page."""
    call.need(ENGAGE, "MODERATE")
    if item.kind == people.TAGGED:
        raise call.error(200, "(#200) Permissions error", status=403)
    for answer in list(people.below(call.world, item, deep=True)):
        call.world.delete_object(answer)
    call.world.delete_object(item)
    return json_response({"success": True})


def paged(call: Call, items: Sequence[T], name: Callable[[T], str], show: Callable[[T], JSON]) -> Response:
    """One page of a list. The address of the next answer holds the token, as on Facebook."""
    limit = max(1, min(call.number("limit", 25), 100))
    names = [name(item) for item in items]
    after = call.text("after")
    start = names.index(after) + 1 if after in names else 0
    chosen = items[start : start + limit]
    answer: JSON = {"data": [show(item) for item in chosen]}
    if chosen:
        answer["paging"] = {"cursors": {"before": name(chosen[0]), "after": name(chosen[-1])}}
        if start + limit < len(items):
            query = f"limit={limit}&after={name(chosen[-1])}&access_token={call.token.value}"
            answer["paging"]["next"] = f"{call.server.base}{call.request.path}?{query}"
    return json_response(answer)
