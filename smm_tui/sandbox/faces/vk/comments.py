"""Comments below posts: read, write, delete, restore, report."""

from __future__ import annotations

from collections.abc import Sequence

from smm_tui.domain.clock import DAY
from smm_tui.sandbox.faces.vk import people, uploads
from smm_tui.sandbox.faces.vk.call import EITHER, MODERATOR, Call, method
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import POST, Account, Object
from smm_tui.sandbox.world import World

COMMENT, MENTION = "comment", "mention"  # a mention is a post on a stranger's wall
TEXT = 16_384
PAGE, IN_THREAD = 100, 10
KEPT = DAY  # how long a deleted comment can be restored


def post_of(world: World, host: str, full_id: str) -> Object | None:
    """A post on a community's wall, or on a stranger's."""
    return world.find_object(host, POST, full_id) or world.find_object(host, MENTION, full_id)


def below(world: World, post: Object) -> list[Object]:
    """The live comments of a post, those in threads too, oldest first."""
    return [item for item in world.replies(post.server, post.remote_id) if item.kind == COMMENT]


def add(
    world: World,
    post: Object,
    author: Account,
    text: str,
    *,
    above: Object | None = None,
    media: Sequence[str] = (),
) -> Object:
    """Write below a post, or answer a comment there: answers of any depth stand in one thread."""
    owner = int(post.remote_id.partition("_")[0])
    number = world.sequence(f"vk wall {abs(owner)}")
    thread = (above.record["thread"] or above.record["number"]) if above is not None else 0
    record = {
        "number": number,
        "owner": owner,
        "post": post.record["number"],
        "thread": thread,
        "above": above.record["number"] if above is not None else 0,
        "to": people.owner_id(world.account(above.account_id)) if above is not None else 0,
    }
    return world.add_object(
        author,
        COMMENT,
        f"{owner}_{number}",
        sort=f"{number:012}",
        text=text,
        record=record,
        media=media,
        reply_to=post.remote_id,
    )


@method("wall.getComments", right="wall")
def get_comments(call: Call) -> JSON:
    """The comments of a post with the first answers to each, or one comment's whole thread."""
    call.authorised("wall.getComments")
    owner, number = call.number("owner_id", 0), call.number("post_id", 0)
    post = post_of(call.world, call.server.host, f"{owner}_{number}")
    if post is None:
        raise call.refusal(15, "Access denied: post was not found")
    every = below(call.world, post)
    thread = call.number("comment_id", 0)
    level = [item for item in every if item.record["thread"] == thread]
    if not thread:
        level = sorted([*level, *_traces(call, every)], key=lambda item: item.record["number"])
    if call.text("sort") == "desc":
        level.reverse()
    start = call.number("start_comment_id", 0)
    places = [place for place, item in enumerate(level) if item.record["number"] == start]
    first = (places[0] if places else 0) + call.number("offset", 0)
    shown = level[first : first + min(call.number("count", 10), PAGE)]
    inside = [item for item in every for top in shown if item.record["thread"] == top.record["number"]]
    return {
        "count": len(every),
        "items": [entity(call, item, [] if thread else every) for item in shown],
        "current_level_count": len(level),
        "can_post": True,
        "show_reply_button": True,
        "groups_can_post": True,
        **people.beside(call, [_author_id(call.world, item) for item in (*shown, *inside)]),
    }


@method("wall.getComment", right="wall")
def get_comment(call: Call) -> JSON:
    """One comment."""
    call.authorised("wall.getComment")
    item = _comment(call)
    return {"items": [entity(call, item, [])], **people.beside(call, [_author_id(call.world, item)])}


@method("wall.createComment", kinds=EITHER, right="wall")
def create_comment(call: Call) -> JSON:
    """Write a comment in the community's name. A guid that was used before writes nothing."""
    account = call.authorised("wall.createComment")
    text = call.text("message").strip()
    attachments = [word for word in call.text("attachments").split(",") if word]
    if not text and not attachments:
        raise call.wrong("message or attachments is required")
    if not call.ours(account, call.number("from_group", 0)):
        raise call.refusal(213, "Access to status replies denied: you cannot comment in the name of this group")
    owner = call.number("owner_id", 0)
    if call.by_community and not call.ours(account, owner):
        raise call.refusal(213)
    known = call.known(account, f"comment {call.text('guid')}" if call.text("guid") else "")
    if known is not None:
        return _made(known)
    post = post_of(call.world, call.server.host, f"{owner}_{call.number('post_id')}")
    if post is None:
        raise call.wrong("post_id is incorrect")
    if len(text) > TEXT:
        raise call.wrong("message is too long")
    above = None
    if answered := call.number("reply_to_comment", 0):
        above = call.world.find_object(call.server.host, COMMENT, f"{owner}_{answered}")
        if above is None:
            raise call.wrong("reply_to_comment is incorrect")
    item = add(call.world, post, account, text, above=above, media=uploads.attached(call, account, attachments))
    call.remember(account, f"comment {call.text('guid')}" if call.text("guid") else "", item)
    return _made(item)


@method("wall.deleteComment", right="wall")
def delete_comment(call: Call) -> int:
    """Delete a comment on the own wall, or an own one elsewhere; a second time is refused."""
    account = call.authorised("wall.deleteComment")
    item = _comment(call)
    if not call.ours(account, item.record["owner"], level=MODERATOR) and item.account_id != account.id:
        raise call.refusal(211)
    remove(call.world, item, by="moderator")
    return 1


@method("wall.restoreComment", right="wall")
def restore_comment(call: Call) -> int:
    """Bring back what a moderator deleted, as long as VK keeps it."""
    account = call.authorised("wall.restoreComment")
    full_id = f"{call.number('owner_id', 0)}_{call.number('comment_id')}"
    if call.world.find_object(call.server.host, COMMENT, full_id) is not None:
        raise call.refusal(243)
    item = _dead(call.world, call.server.host, full_id)
    if item is None or item.record.get("deleted_by") != "moderator":
        raise call.refusal(15, "Access denied: comment was not found")
    if not call.ours(account, item.record["owner"], level=MODERATOR):
        raise call.refusal(211)
    if (item.deleted_at or 0) + KEPT < call.world.clock():
        raise call.refusal(15, "Access denied: comment was deleted too long ago")
    call.world.add_object(
        call.world.account(item.account_id),
        COMMENT,
        item.remote_id,
        sort=item.sort,
        text=item.text,
        record={key: value for key, value in item.record.items() if key != "deleted_by"},
        media=item.media,
        reply_to=item.reply_to,
        created_at=item.created_at,
    )
    return 1


@method("wall.reportComment", right="wall")
def report_comment(call: Call) -> int:
    """Tell VK's own moderators."""
    call.authorised("wall.reportComment")
    item = _comment(call)
    reason = call.number("reason")
    if reason not in (0, 1, 2, 3, 4, 5, 6, 8, 11):
        raise call.wrong("reason is incorrect")
    call.world.update_object(item, record={**item.record, "reported": reason}, edited=False)
    return 1


def remove(world: World, item: Object, *, by: str) -> None:
    """Delete a comment; VK remembers who did."""
    world.update_object(item, record={**item.record, "deleted_by": by}, edited=False)
    world.delete_object(item)


def entity(call: Call, item: Object, every: Sequence[Object]) -> JSON:
    """A comment as the API shows it, with the first answers among `every` comment of the post."""
    number, record = item.record["number"], item.record
    shown: JSON = {
        "id": number,
        "from_id": _author_id(call.world, item),
        "date": item.created_at // 1000,
        "text": item.text,
        "post_id": record["post"],
        "owner_id": record["owner"],
        "parents_stack": [record["thread"]] if record["thread"] else [],
        "attachments": uploads.entities(call, call.world.account(item.account_id), item.media),
    }
    if item.deleted_at is not None:
        shown |= {"deleted": True, "from_id": 0, "text": ""}
    if record["above"]:
        shown |= {"reply_to_comment": record["above"], "reply_to_user": record["to"]}
    if call.text("need_likes") == "1" and item.deleted_at is None:
        shown["likes"] = liked(item)
    if not record["thread"]:
        answers = [other for other in every if other.record["thread"] == number]
        count = min(call.number("thread_items_count", 0), IN_THREAD)
        shown["thread"] = {
            "count": len(answers),
            "items": [entity(call, answer, []) for answer in answers[:count]],
            "can_post": True,
            "show_reply_button": True,
            "groups_can_post": True,
        }
    return shown


def liked(item: Object) -> JSON:
    """The likes of a post or comment as an administrator sees them."""
    likes = item.record.get("likes", {})
    return {
        "can_like": 1,
        "can_publish": 1,
        "count": len(likes),
        "user_likes": int(str(people.ADMINISTRATOR_ID) in likes),
        "group_liked": item.record.get("owner") is not None and str(item.record["owner"]) in likes,
    }


def _made(item: Object) -> JSON:
    thread = item.record["thread"]
    return {"comment_id": item.record["number"], "parents_stack": [thread] if thread else []}


def _comment(call: Call) -> Object:
    full_id = f"{call.number('owner_id', 0)}_{call.number('comment_id')}"
    item = call.world.find_object(call.server.host, COMMENT, full_id)
    if item is None:
        raise call.refusal(15, "Access denied: comment was not found")
    return item


def _author_id(world: World, item: Object) -> int:
    return people.owner_id(world.account(item.account_id))


def _traces(call: Call, every: Sequence[Object]) -> list[Object]:
    """Deleted comments whose answers are still there: VK shows that something was there."""
    there = {item.record["number"] for item in every}
    tops = {item.record["thread"]: item.record["owner"] for item in every if item.record["thread"] not in {0, *there}}
    found = (_dead(call.world, call.server.host, f"{owner}_{number}") for number, owner in tops.items())
    return [item for item in found if item is not None]


def _dead(world: World, host: str, full_id: str) -> Object | None:
    rows = world.rows(
        "SELECT id FROM objects WHERE server = ? AND kind = ? AND remote_id = ? ORDER BY id DESC LIMIT 1",
        host,
        COMMENT,
        full_id,
    )
    return world.object(rows[0][0]) if rows else None
