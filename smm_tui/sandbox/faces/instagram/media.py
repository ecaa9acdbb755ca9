"""Containers and media: filled, published once, read, deleted."""

from __future__ import annotations

import json
import re

from smm_tui.domain.clock import DAY, SECOND, Instant
from smm_tui.sandbox.faces.facebook.call import Call, stamp
from smm_tui.sandbox.faces.facebook.comments import paged
from smm_tui.sandbox.faces.instagram import call as ours
from smm_tui.sandbox.faces.instagram import people
from smm_tui.sandbox.faces.instagram.call import ROUTER
from smm_tui.sandbox.faces.webdav import public_file
from smm_tui.sandbox.files import is_whole_video, read_picture, sniff
from smm_tui.sandbox.http import JSON, Request, Response, json_response
from smm_tui.sandbox.things import POST, Account, Object, Server
from smm_tui.sandbox.world import World

CONTAINER = "container"
LONGEST = 2200  # characters of a caption
HASHTAGS = 30
MOST_CHILDREN = 10
LARGEST_IMAGE = 8 * 1024 * 1024
QUOTA = 100  # posts in 24 hours; a server's `config` sets it as "instagram_posts"
PROCESSING: Instant = 2 * SECOND
_UPLOAD = re.compile(r"/ig-api-upload/v\d+\.\d+/(\d+)")


@ROUTER.on("POST", "/:version/:account/media")
def create(call: Call, version: str, account: str) -> Response:
    """Make a container: of a picture at an address, of a video whose bytes follow, or of other containers."""
    owner = ours.account(call, account)
    call.need(ours.PUBLISH)
    caption = call.text("caption")
    _check_caption(call, caption)
    kind = call.text("media_type")
    record: JSON = {
        "type": kind or "IMAGE",
        "alt": call.text("alt_text"),
        "item": call.flag("is_carousel_item", False),
        "error": "",
        "ready_at": call.world.clock(),
        "published": False,
        "children": [],
    }
    number = ours.new_number(call.world)
    if kind == "CAROUSEL":
        record["children"] = _children(call, owner)
    elif kind in ("REELS", "VIDEO") and call.text("upload_type") == "resumable":
        record["ready_at"] = None
    elif kind in ("REELS", "VIDEO"):
        _store(call, owner, number, call.text("video_url"), picture=False)
        record["ready_at"] = call.world.clock() + PROCESSING
    elif not kind:
        _store(call, owner, number, call.text("image_url"), picture=True)
    else:
        raise call.error(100, "(#100) Param media_type must be one of {IMAGE, VIDEO, CAROUSEL, REELS, STORIES}")
    call.world.add_object(owner, CONTAINER, number, sort=number, text=caption, record=record)
    answer = {"id": number}
    if call.text("upload_type") == "resumable":
        answer["uri"] = f"https://rupload.facebook.com/ig-api-upload/{version}/{number}"
    return json_response(answer)


def _check_caption(call: Call, caption: str) -> None:
    if len(caption) > LONGEST:
        said = f"The caption was too long. It has {len(caption)} characters, the most is {LONGEST}."
        raise call.error(36004, "The caption is too long", subcode=2207010, title="Caption too long", said=said)
    if len(re.findall(r"#\w", caption)) > HASHTAGS:
        raise call.error(100, "Too many hashtags in the caption text", subcode=2207040, said="Too many hashtags.")


def _store(call: Call, owner: Account, number: str, url: str, *, picture: bool) -> None:
    found = public_file(call.world, url)
    if found is None:
        said = "The media could not be fetched from this URI."
        raise call.error(9004, "Only photo or video can be accepted as media type.", subcode=2207052, said=said)
    mime = sniff(found)
    if picture:
        shape = read_picture(found) if mime == "image/jpeg" else None
        if shape is None:
            raise call.error(36001, "The image format is not supported.", subcode=2207005, said="Use JPEG images.")
        if len(found) > LARGEST_IMAGE:
            raise call.error(36000, "The image size is too large", subcode=2207004, said="The image is too large.")
        if not 4 / 5 <= shape.width / shape.height <= 1.91:
            said = "The submitted image's aspect ratio is not supported."
            raise call.error(36003, "The aspect ratio is not supported.", subcode=2207009, said=said)
    call.world.add_media(owner, number, found, mime or "", ready_at=call.world.clock())


def _children(call: Call, owner: Account) -> list[str]:
    try:
        numbers = [str(number) for number in json.loads(call.text("children") or "[]")]
    except (ValueError, TypeError):
        numbers = call.text("children").split(",")
    found = [container(call, owner, number) for number in numbers]
    if not 2 <= len(found) <= MOST_CHILDREN or any(item is None or not item.record["item"] for item in found):
        raise call.error(100, "Carousel children must be 2 to 10 carousel items", subcode=2207028)
    if any(item is not None and status(call.world, item) != "FINISHED" for item in found):
        raise call.error(9007, "Media ID is not available", subcode=2207027, said="The media is not ready.")
    return numbers


def container(call: Call, owner: Account, number: str) -> Object | None:
    """A container of an account."""
    found = call.world.find_object(call.server.host, CONTAINER, number)
    return found if found is not None and found.account_id == owner.id else None


def status(world: World, item: Object) -> str:
    """What became of a container."""
    if item.record["published"]:
        return "PUBLISHED"
    if item.record["error"]:
        return "ERROR"
    if world.clock() - item.created_at >= DAY:
        return "EXPIRED"
    ready = item.record["ready_at"]
    return "FINISHED" if ready is not None and ready <= world.clock() else "IN_PROGRESS"


def shown_container(call: Call, item: Object) -> JSON:
    """A container with the fields that the call asks for."""
    state = status(call.world, item)
    words = f"Error: {item.record['error']}" if state == "ERROR" else f"{state.title()}: Media"
    entity = {"id": item.remote_id, "status_code": state, "status": words}
    return call.shown("ShadowIGMediaBuilder", entity, "id")


def upload(world: World, server: Server, request: Request) -> Response | None:
    """Take a video's bytes; None when the call is for something else."""
    match = _UPLOAD.fullmatch(request.path)
    if match is None:
        return None
    scheme, _space, value = request.header("authorization").partition(" ")
    token = world.token(server.host, value, "access") if scheme == "OAuth" else None
    item = world.find_object(server.host, CONTAINER, match[1])
    if token is None or token.account_id is None or item is None:
        return _upload_error("AuthenticationFailedError", "The upload was not authorized", 401)
    page = world.account(token.account_id)
    owner = world.account(item.account_id)
    if page.data.get("instagram") != owner.remote_id or item.record["ready_at"] is not None:
        return _upload_error("AuthenticationFailedError", "The upload was not authorized", 401)
    if request.header("offset") != "0" or request.header("file_size") != str(len(request.body)):
        return _upload_error("OffsetInvalidError", "Request starting offset is invalid", 400)
    whole = (sniff(request.body) or "").startswith("video/") and is_whole_video(request.body)
    if not whole:
        record = {**item.record, "error": "Media upload has failed with error code 2207026"}
        world.update_object(item, record=record, edited=False)
        return _upload_error("ProcessingFailedError", "Request processing failed", 400)
    world.add_media(owner, item.remote_id, request.body, "video/mp4", ready_at=world.clock() + PROCESSING)
    world.update_object(item, record={**item.record, "ready_at": world.clock() + PROCESSING}, edited=False)
    return json_response({"success": True, "message": "Upload successful."})


def _upload_error(kind: str, message: str, status: int) -> Response:
    return json_response({"debug_info": {"retriable": False, "type": kind, "message": message}}, status)


@ROUTER.on("POST", "/:version/:account/media_publish")
def publish(call: Call, version: str, account: str) -> Response:
    """Make a container's media public, once."""
    owner = ours.account(call, account)
    call.need(ours.PUBLISH)
    item = container(call, owner, call.text("creation_id"))
    if item is None or item.record["published"] or item.record["item"]:
        said = "The media with the creation ID cannot be found."
        raise call.error(24, "The requested resource does not exist", subcode=2207006, said=said)
    state = status(call.world, item)
    if state == "EXPIRED":
        raise call.error(24, "The requested resource does not exist", subcode=2207008, said="The container expired.")
    if state != "FINISHED":
        said = "The media is not ready for publishing, please wait for a moment."
        raise call.error(9007, "Media ID is not available", subcode=2207027, said=said)
    if _used(call, owner) >= _quota(call):
        said = "You have reached the maximum number of posts that can be published by API."
        raise call.error(9, "Application request limit reached", subcode=2207042, said=said)
    number = ours.new_number(call.world)
    files = item.record["children"] or [item.remote_id]
    record = {"type": _type(item.record), "permalink": f"{ours.SITE}/p/{_shortcode(number)}/", "likes": []}
    call.world.update_object(item, record={**item.record, "published": True}, edited=False)
    call.world.add_object(
        owner, POST, number, sort=people.order(call.world), text=item.text, record=record, media=files
    )
    return json_response({"id": number})


def _type(record: JSON) -> str:
    return {"CAROUSEL": "CAROUSEL_ALBUM", "IMAGE": "IMAGE"}.get(record["type"], "VIDEO")


def _shortcode(number: str) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    value, code = int(number), ""
    while value:
        value, digit = divmod(value, 64)
        code = letters[digit] + code
    return code


def _quota(call: Call) -> int:
    return int(call.server.config.get("instagram_posts", QUOTA))


def _used(call: Call, owner: Account) -> int:
    return sum(1 for item in call.world.objects(owner) if call.world.clock() - item.stored_at < DAY)


@ROUTER.on("GET", "/:version/:account/content_publishing_limit")
def limit(call: Call, version: str, account: str) -> Response:
    """How many posts of the last 24 hours are used up."""
    owner = ours.account(call, account)
    call.need(ours.PUBLISH)
    config = {"quota_total": _quota(call), "quota_duration": 86400}
    return json_response({"data": [{"quota_usage": _used(call, owner), "config": config}]})


@ROUTER.on("GET", "/:version/:account/media")
def listing(call: Call, version: str, account: str) -> Response:
    """The account's media, newest first."""
    owner = ours.account(call, account)
    call.need(ours.BASIC)
    items = list(call.world.objects(owner))
    return paged(call, items, lambda item: item.remote_id, lambda item: shown(call, item))


def shown(call: Call, item: Object) -> JSON:
    """A media object with the fields that the call asks for."""
    owner = call.world.account(item.account_id)
    files = [_file(call, owner, number) for number in item.media]
    album = item.record["type"] == "CAROUSEL_ALBUM"
    entity = {
        "id": item.remote_id,
        "caption": item.text or None,
        "timestamp": stamp(item.created_at),
        "media_type": item.record["type"],
        "media_product_type": "REELS" if item.record["type"] == "VIDEO" else "FEED",
        "permalink": item.record["permalink"],
        "media_url": None if album else files[0]["media_url"],
        "alt_text": None if album else files[0]["alt_text"],
        "username": owner.handle,
        "owner": {"id": owner.remote_id},
        "like_count": len(item.record["likes"]),
        "comments_count": sum(1 for _each in people.below(call.world, item, deep=True)),
        "is_comment_enabled": True,
        "children": {"data": files} if album else None,
    }
    return call.shown("IGMedia", entity, "id")


def _file(call: Call, owner: Account, number: str) -> JSON:
    filled = call.world.find_object(call.server.host, CONTAINER, number)
    media = call.world.media(owner, number)
    video = media is not None and media.mime.startswith("video/")
    return {
        "id": number,
        "media_type": "VIDEO" if video else "IMAGE",
        "media_url": f"{call.server.base}/media/{number}",
        "alt_text": (filled.record["alt"] or None) if filled is not None else None,
    }
