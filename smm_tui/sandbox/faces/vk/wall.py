"""The wall: post, postpone, read, change, pin, delete."""

from __future__ import annotations

from itertools import islice

from smm_tui.domain.clock import DAY, MINUTE, SECOND, Instant
from smm_tui.sandbox.faces.vk import comments, newsfeed, polls, uploads
from smm_tui.sandbox.faces.vk.call import EITHER, Call, method
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import POST, Account, Object, Server
from smm_tui.sandbox.world import World

POSTPONED = "postponed"
TEXT = 16_384
PAGE = 100
AT_MOST_POSTPONED = 150
LATEST: Instant = 365 * DAY


@method("wall.post", kinds=EITHER, right="wall")
def post(call: Call) -> JSON:
    """Publish, or postpone. A guid that was used within the hour publishes nothing."""
    account = call.authorised("wall.post")
    text, attachments = _content(call)
    if not call.ours(account, call.number("owner_id", 0)) or call.text("from_group") != "1":
        raise call.refusal(214, "Access to adding post denied: you cannot post in the name of this group")
    guid = call.text("guid")
    known = call.known(account, guid)
    if known is not None:
        return _repeated(call, known)
    files = uploads.attached(call, account, attachments)
    at = _publish_date(call, account)
    if at is None:
        call.spend_post(account)
    item = _add(call.world, account, text, files, guid, at)
    call.remember(account, guid, item)
    return {"post_id": item.record["number"]}


@method("wall.edit", right="wall")
def edit(call: Call) -> JSON:
    """Set the whole content; attachments that are not sent again are lost.

    A postponed post whose time is not sent again is published at once.
    """
    account = call.authorised("wall.edit")
    item = _ours(call, account)
    text, attachments = _content(call)
    files = uploads.attached(call, account, attachments)
    at = _publish_date(call, account, item) if item.kind == POSTPONED else None
    if item.kind == POSTPONED and at is None:
        call.world.delete_object(item)
        return {"post_id": _add(call.world, account, text, files, item.record["guid"], None).record["number"]}
    record = {**item.record, "polls": _polls(call.world, account, files)}
    call.world.update_object(item, text=text, record=record, media=files, created_at=at, edited=item.kind == POST)
    return {"post_id": item.record["number"]}


@method("wall.pin", right="wall")
def pin(call: Call) -> int:
    """Pin a post; the one that was pinned before is not any more."""
    account = call.authorised("wall.pin")
    item = _ours(call, account)
    if item.kind == POSTPONED:
        raise call.wrong("post is not published")
    call.world.update_account(account, {"pinned": item.record["number"]})
    return 1


@method("wall.unpin", right="wall")
def unpin(call: Call) -> int:
    """Unpin a post."""
    account = call.authorised("wall.unpin")
    item = _ours(call, account)
    if account.data.get("pinned") == item.record["number"]:
        call.world.update_account(account, {"pinned": None})
    return 1


@method("wall.get", right="wall")
def get(call: Call) -> JSON:
    """The wall, newest first, a pinned post before all others; or what waits there, earliest first."""
    account = call.authorised("wall.get")
    wall = _wall(call, account)
    count = min(call.number("count", 20), PAGE)
    if call.text("filter") == "postponed":
        if not call.ours(account, -int(wall.remote_id)):
            raise call.refusal(15, "Access denied: no access to postponed posts")
        items = sorted(call.world.objects(wall, POSTPONED), key=lambda item: item.created_at)
        total = len(items)
    else:
        pinned = wall.data.get("pinned")
        items = sorted(call.world.objects(wall), key=lambda item: item.record["number"] != pinned)
        total = call.world.totals(wall)[0]
    page = islice(items, call.number("offset", 0), None)
    return {"count": total, "items": [entity(call, wall, item) for item in islice(page, count)]}


@method("wall.getById", right="wall")
def get_by_id(call: Call) -> JSON:
    """Posts by their full ids; those that are not there are left out."""
    account = call.authorised("wall.getById")
    found = []
    for name in call.text("posts").split(",")[:PAGE]:
        item = comments.post_of(call.world, call.server.host, name)
        if item is None and call.ours(account, int(account.remote_id)):
            item = call.world.find_object(call.server.host, POSTPONED, name)
        if item is not None and item.kind == comments.MENTION:
            found.append(newsfeed.entity(call, item))
        elif item is not None:
            found.append(entity(call, call.world.account(item.account_id), item))
    return {"items": found}


@method("wall.delete", right="wall")
def delete(call: Call) -> int:
    """Take a post down; a second time is refused as if it were another's."""
    account = call.authorised("wall.delete")
    call.world.delete_object(_ours(call, account))
    return 1


def publish_due(world: World, server: Server) -> None:
    """Publish the postponed posts whose time has come; each gets another number."""
    for item in world.due_objects(server.host, POSTPONED):
        account = world.account(item.account_id)
        world.delete_object(item)
        made = _add(world, account, item.text, item.media, item.record["guid"], None)
        world.update_object(made, created_at=item.created_at, edited=False)


def entity(call: Call, account: Account, item: Object) -> JSON:
    """A post as the API shows it."""
    owner = -int(account.remote_id)
    likes = comments.liked(item)
    shown: JSON = {
        "inner_type": "wall_wallpost",
        "id": item.record["number"],
        "owner_id": owner,
        "from_id": owner,
        "date": item.created_at // 1000,
        "post_type": "postpone" if item.kind == POSTPONED else "post",
        "text": item.text,
        "attachments": uploads.entities(call, account, item.media),
        "marked_as_ads": 0,
        "can_edit": 1,
        "can_delete": 1,
        "comments": {"can_post": 1, "count": len(comments.below(call.world, item))},
        "likes": {key: likes[key] for key in ("can_like", "can_publish", "count", "user_likes")},
        "reposts": {"count": 0, "user_reposted": 0},
        "views": {"count": 1 + likes["count"]},
    }
    shown |= {"edited": item.edited_at // 1000} if item.edited_at else {}
    return shown | ({"is_pinned": 1} if account.data.get("pinned") == item.record["number"] else {})


def _content(call: Call) -> tuple[str, list[str]]:
    text = call.text("message").strip()
    attachments = [item for item in call.text("attachments").split(",") if item]
    if not text and not attachments:
        raise call.wrong("message or attachments is required")
    if len(text) > TEXT:
        raise call.wrong("message is too long")
    return text, attachments


def _publish_date(call: Call, account: Account, edited: Object | None = None) -> Instant | None:
    """When a post is to be published; None: now."""
    if not call.text("publish_date"):
        return None
    at = call.number("publish_date") * SECOND
    if not call.world.clock() < at <= call.world.clock() + LATEST:
        raise call.wrong("publish_date is incorrect")
    others = [item for item in call.world.objects(account, POSTPONED) if edited is None or item.id != edited.id]
    if any(item.created_at // MINUTE == at // MINUTE for item in others):
        raise call.refusal(214, "Access to adding post denied: a post is already scheduled for this time")
    if len(others) >= AT_MOST_POSTPONED:
        raise call.refusal(214, f"Access to adding post denied: you can only postpone {AT_MOST_POSTPONED} posts")
    return at


def _add(world: World, account: Account, text: str, files: list[str], guid: str, at: Instant | None) -> Object:
    number = world.sequence(f"vk wall {account.remote_id}")
    return world.add_object(
        account,
        POST if at is None else POSTPONED,
        f"-{account.remote_id}_{number}",
        sort=f"{number:012}",
        text=text,
        record={"number": number, "guid": guid, "polls": _polls(world, account, files)},
        media=files,
        created_at=at,
    )


def _polls(world: World, account: Account, files: list[str]) -> list[JSON]:
    found = (world.media(account, media_id) for media_id in files)
    return [media.meta for media in found if media is not None and media.mime == polls.POLL]


def _ours(call: Call, account: Account) -> Object:
    """The own post that a call names, published or postponed."""
    owner, number = call.number("owner_id", 0), call.number("post_id")
    found = (call.world.find_object(call.server.host, kind, f"{owner}_{number}") for kind in (POST, POSTPONED))
    item = next((item for item in found if item is not None), None)
    if item is None or not call.ours(account, owner):
        raise call.refusal(15, "Access denied: post not found or access denied")
    return item


def _wall(call: Call, account: Account) -> Account:
    name = call.text("domain") or str(abs(call.number("owner_id", 0)))
    wall = call.world.find_account(call.server.host, name) if name != "0" else account
    if wall is None:
        raise call.refusal(18, "User was deleted or banned")
    return wall


def _repeated(call: Call, known: Object) -> JSON:
    answer = call.setting("repeated_guid")
    if answer == "post_id":
        return {"post_id": known.record["number"]}
    raise call.refusal(int(answer), "Access to adding post denied: a post with this guid was already published")
