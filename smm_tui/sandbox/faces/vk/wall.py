"""The wall: post, read, delete."""

from __future__ import annotations

from itertools import islice

from smm_tui.domain.clock import HOUR, Instant
from smm_tui.sandbox.faces.vk import uploads
from smm_tui.sandbox.faces.vk.call import EITHER, Call, method
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import POST, Account, Object

TEXT = 16_384
ATTACHMENTS = 10
GUID_KEPT: Instant = HOUR
PAGE = 100


@method("wall.post", kinds=EITHER, right="wall")
def post(call: Call) -> JSON:
    """Publish. A guid that was used within the hour publishes nothing."""
    account = call.authorised("wall.post")
    text = call.text("message").strip()
    attachments = [item for item in call.text("attachments").split(",") if item]
    if not text and not attachments:
        raise call.wrong("message or attachments is required")
    if not call.ours(account, call.number("owner_id", 0)) or call.text("from_group") != "1":
        raise call.refusal(214, "Access to adding post denied: you cannot post in the name of this group")
    guid = call.text("guid")
    # A guid holds for one caller: another token of the same community does not know it.
    key = f"{call.token.value if call.token else ''} {guid}"
    known = call.world.recall_key(account, key, at=call.world.clock(), ttl=GUID_KEPT) if guid else None
    if known is not None:
        return _repeated(call, known)
    if len(text) > TEXT:
        raise call.wrong("message is too long")
    files = _files(call, account, attachments)
    call.spend_post(account)
    number = call.world.sequence(f"vk wall {account.remote_id}")
    item = call.world.add_object(
        account,
        POST,
        f"-{account.remote_id}_{number}",
        sort=f"{number:012}",
        text=text,
        record={"number": number, "guid": guid},
        media=files,
    )
    if guid:
        call.world.remember_key(account, key, item)
    return {"post_id": number}


@method("wall.get", right="wall")
def get(call: Call) -> JSON:
    """The wall, newest first, a pinned post before all others."""
    account = call.authorised("wall.get")
    wall = _wall(call, account)
    count = min(call.number("count", 20), PAGE)
    pinned = wall.data.get("pinned")
    items = sorted(call.world.objects(wall), key=lambda item: item.record["number"] != pinned)
    page = islice(items, call.number("offset", 0), None)
    return {"count": call.world.totals(wall)[0], "items": [entity(call, wall, item) for item in islice(page, count)]}


@method("wall.getById", right="wall")
def get_by_id(call: Call) -> JSON:
    """Posts by their full ids; those that are not there are left out."""
    call.authorised("wall.getById")
    found = []
    for name in call.text("posts").split(",")[:PAGE]:
        item = call.world.find_object(call.server.host, POST, name)
        if item is not None:
            found.append(entity(call, call.world.account(item.account_id), item))
    return {"items": found}


@method("wall.delete", right="wall")
def delete(call: Call) -> int:
    """Take a post down; a second time is refused as if it were another's."""
    account = call.authorised("wall.delete")
    owner, number = call.number("owner_id", 0), call.number("post_id")
    item = call.world.find_object(call.server.host, POST, f"{owner}_{number}")
    if item is None or not call.ours(account, owner):
        raise call.refusal(15, "Access denied: post not found or access denied")
    call.world.delete_object(item)
    return 1


def entity(call: Call, account: Account, item: Object) -> JSON:
    """A post as the API shows it."""
    owner = -int(account.remote_id)
    attachments = []
    for media_id in item.media:
        media = call.world.media(account, media_id)
        if media is None:
            continue
        kind = "photo" if media_id.startswith("photo") else "video"
        show = uploads.photo_entity if kind == "photo" else uploads.video_entity
        attachments.append({"type": kind, kind: show(call, media)})
    shown: JSON = {
        "inner_type": "wall_wallpost",
        "id": item.record["number"],
        "owner_id": owner,
        "from_id": owner,
        "date": item.created_at // 1000,
        "post_type": "post",
        "text": item.text,
        "attachments": attachments,
        "marked_as_ads": 0,
        "can_delete": 1,
        "comments": {"can_post": 1, "count": 0},
        "likes": {"can_like": 1, "can_publish": 1, "count": 0, "user_likes": 0},
        "reposts": {"count": 0, "user_reposted": 0},
        "views": {"count": 1},
    }
    return shown | ({"is_pinned": 1} if account.data.get("pinned") == item.record["number"] else {})


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


def _files(call: Call, account: Account, attachments: list[str]) -> list[str]:
    if len(attachments) > ATTACHMENTS:
        raise call.wrong("too many attachments")
    if sum("://" in item for item in attachments) > 1:
        raise call.refusal(222, "Hyperlinks are forbidden")
    files = []
    for item in attachments:
        media_id = "_".join(item.split("_")[:2])  # the third part is its access key
        if "://" in item:
            continue
        if call.world.media(account, media_id) is None:
            raise call.wrong(f"attachments: {media_id} is unknown")
        files.append(media_id)
    return files
