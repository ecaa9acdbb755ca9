"""Posts of a Page: publish, list, read, delete."""

from __future__ import annotations

import json
import re
from itertools import islice

from smm_tui.domain.clock import DAY, MINUTE, SECOND, Instant
from smm_tui.sandbox.faces.facebook import insights
from smm_tui.sandbox.faces.facebook.call import ROUTER, SITE, Call, new_number, stamp
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Media, Object, Server
from smm_tui.sandbox.world import World

LONGEST = 63_206  # characters of a message
MOST_PHOTOS = 10
UNPUBLISHED = "unpublished"  # the kind of posts that only the Page's administrators see
SCHEDULED = "scheduled"  # the kind of posts that are published by themselves; they show that time
SOONEST, LATEST = 10 * MINUTE, 30 * DAY
DEFAULT = "created_time,message,id"  # the fields of a post that nobody asked for
READ, PUBLISH = "pages_read_engagement", "pages_manage_posts"


@ROUTER.on("POST", "/:version/:page/feed")
def create(call: Call, version: str, page: str) -> Response:
    """Publish a text, a link or photos that were uploaded before."""
    author = call.page(page)
    call.need(PUBLISH, "CREATE_CONTENT")
    message, link = call.text("message").strip(), call.text("link")
    photos = _attached(call, author)
    if not message and not link and not photos:
        raise call.error(100, "(#100) Missing message or attachment")
    check_length(call, message)
    if link and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", link):
        said = "The link you tried to share is not valid."
        raise call.error(100, "Invalid parameter", subcode=1609005, title="Invalid link", said=said)
    newest = next(call.world.objects(author), None)
    if (
        newest is not None
        and (newest.text, newest.record.get("link", "")) == (message, link)
        and not (newest.media or photos)
    ):
        said = "This status update is identical to the last one you posted. Try posting something different, or "
        said += "delete your previous update."
        title = "Duplicate Status Update"
        raise call.error(506, "Duplicate status message", subcode=1455006, title=title, said=said)
    kind, at = when(call)
    if kind == SCHEDULED and any(not photo.meta.get("temporary") for photo in photos):
        raise call.error(100, "(#100) Unpublished photos of a scheduled post must be temporary")
    item = publish(call.world, author, message, [photo.id for photo in photos], kind=kind, link=link, at=at)
    return json_response({"id": item.remote_id})


def when(call: Call) -> tuple[str, Instant | None]:
    """The kind of post that a call makes, and when a scheduled one is due."""
    if call.flag("published", True):
        return POST, None
    if not call.text("scheduled_publish_time"):
        return UNPUBLISHED, None
    at = call.number("scheduled_publish_time", 0) * SECOND
    if not SOONEST <= at - call.world.clock() <= LATEST:
        said = "The specified scheduled publish time is invalid."
        raise call.error(100, "(#100) The specified scheduled publish time is invalid.", subcode=1366047, said=said)
    return SCHEDULED, at


def publish_due(world: World, server: Server) -> None:
    """Publish the scheduled posts whose time has come."""
    for item in world.due_objects(server.host, SCHEDULED):
        author = world.account(item.account_id)
        world.delete_object(item)
        world.add_object(
            author,
            POST,
            item.remote_id,
            sort=_order(world),
            text=item.text,
            record=item.record,
            media=item.media,
            created_at=item.created_at,
        )


@ROUTER.on("GET", "/:version/:page/scheduled_posts")
def scheduled(call: Call, version: str, page: str) -> Response:
    """The Page's posts that wait for their time."""
    author = call.page(page)
    call.need(READ)
    found = list(call.world.objects(author, SCHEDULED))
    shown = [call.shown("PagePost", entity(call, item), DEFAULT) for item in found]
    return json_response({"data": shown})


def publish(
    world: World,
    author: Account,
    text: str,
    files: list[str],
    *,
    kind: str = POST,
    link: str = "",
    at: Instant | None = None,
) -> Object:
    """Make a post."""
    number = new_number(world)
    record = {"link": link} if link else {}
    return world.add_object(
        author,
        kind,
        f"{author.remote_id}_{number}",
        sort=_order(world),
        text=text,
        record=record,
        media=files,
        created_at=at,
    )


def _order(world: World) -> str:
    return f"{world.clock():015}{world.sequence('facebook posts'):09}"


def update(call: Call, item: Object) -> Response:
    """Change a post's text, or what stands on top of the Page."""
    record = dict(item.record)
    if call.text("is_pinned"):
        record["pinned"] = call.flag("is_pinned", False)
    if call.text("is_hidden"):
        record["hidden"] = call.flag("is_hidden", False)
    text = call.text("message") or call.text("description")
    check_length(call, text)
    edited = bool(text) and text != item.text
    call.world.update_object(item, text=text or None, record=record, edited=edited)
    return json_response({"success": True})


def check_length(call: Call, message: str) -> None:
    """Refuse a text that is too long."""
    if len(message) > LONGEST:
        said = f"Your message is too long: it has {len(message)} characters, the most is {LONGEST}."
        raise call.error(100, "Invalid parameter", title="Message Too Long", said=said)


def _attached(call: Call, author: Account) -> list[Media]:
    written = call.parameters.get("attached_media") or []
    try:
        items = json.loads(written) if isinstance(written, str) else written
        numbers = [str(item["media_fbid"]) for item in items]
    except (ValueError, TypeError, KeyError):
        raise call.error(100, "(#100) param attached_media must be an array.") from None
    found = [call.world.media(author, number) for number in numbers]
    photos = [item for item in found if item is not None and item.mime.startswith("image/")]
    if len(photos) < len(numbers):
        raise call.error(100, "(#100) param attached_media must contain IDs of photos of this Page.")
    if len(photos) > MOST_PHOTOS:
        raise call.error(100, f"(#100) param attached_media must have at most {MOST_PHOTOS} photos.")
    if any(item.attached_to is not None for item in photos):
        said = "Those photos were already posted."
        raise call.error(1, "An unknown error occurred", subcode=1366051, title="Already Posted", said=said)
    return photos


@ROUTER.on("GET", "/:version/:page/published_posts", "/:version/:page/feed", "/:version/:page/posts")
def listing(call: Call, version: str, page: str) -> Response:
    """The Page's posts, newest first. The address of the next answer holds the token, as on Facebook."""
    author = call.page(page)
    call.need(READ)
    limit = max(1, min(call.number("limit", 25), 100))
    before = call.text("after")
    items = list(islice(call.world.objects(author, before=before), limit + 1))
    shown, more = items[:limit], len(items) > limit
    answer: JSON = {"data": [call.shown("PagePost", entity(call, item), DEFAULT) for item in shown]}
    if shown:
        cursors = {"before": shown[0].sort, "after": shown[-1].sort}
        answer["paging"] = {"cursors": cursors}
        if more:
            query = f"limit={limit}&after={cursors['after']}&access_token={call.token.value}"
            answer["paging"]["next"] = f"{call.server.base}{call.request.path}?{query}"
    return json_response(answer)


def entity(call: Call, item: Object) -> JSON:
    """PagePost."""
    author = call.world.account(item.account_id)
    return {
        "id": item.remote_id,
        "message": item.text or None,
        "created_time": stamp(item.created_at),
        "updated_time": stamp(item.edited_at or item.created_at),
        "permalink_url": f"{SITE}/{item.remote_id}",
        "from": {"id": author.remote_id, "name": author.display_name},
        "is_hidden": item.record.get("hidden", False),
        "is_published": item.kind == POST,
        "scheduled_publish_time": item.created_at // SECOND if item.kind == SCHEDULED else None,
        **insights.summaries(call, item),
        "attachments": _attachments(call, author, item),
    }


def _attachments(call: Call, author: Account, item: Object) -> JSON | None:
    files = [found for number in item.media if (found := call.world.media(author, number)) is not None]
    parts: list[JSON] = [_attachment(call, found) for found in files]
    if link := item.record.get("link"):
        parts = [{"media_type": "link", "type": "share", "target": {"url": link}, "url": link, "title": link}]
    if len(parts) > 1:
        album = {"id": new_album(item), "url": f"{SITE}/{item.remote_id}"}
        parts = [{"media_type": "album", "type": "album", "target": album, "subattachments": {"data": parts}}]
    return {"data": parts} if parts else None


def new_album(item: Object) -> str:
    """The id that an album of a post goes by."""
    return item.remote_id.rpartition("_")[2]


def _attachment(call: Call, file: Media) -> JSON:
    kind = "photo" if file.mime.startswith("image/") else "video"
    return {
        "media_type": kind,
        "type": kind if kind == "photo" else "video_inline",
        "target": {"id": file.id, "url": f"{SITE}/{file.id}"},
        "media": {"image": {"src": f"{call.server.base}/media/{file.id}"}},
        "url": f"{SITE}/{file.id}",
    }
