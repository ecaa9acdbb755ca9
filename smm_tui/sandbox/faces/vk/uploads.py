"""Photos and videos: an address to upload to, the upload itself, and what is made of it."""

from __future__ import annotations

import json

from smm_tui.domain.clock import HOUR
from smm_tui.sandbox.faces.vk.call import Call, method
from smm_tui.sandbox.files import is_whole_video, read_picture, sniff
from smm_tui.sandbox.http import JSON, Response, Upload, html_response, json_response
from smm_tui.sandbox.things import Account, Media, Token

IMAGES = ("image/jpeg", "image/png", "image/gif")
IMAGE_BYTES = 50_000_000
SIDES = 14_000  # width and height together
RATIO = 20
_SERVER = 854  # the number of the machine that keeps an upload
_TICKET = "upload"


@method("photos.getWallUploadServer", right="photos")
def get_wall_upload_server(call: Call) -> JSON:
    """Where photos for a community's wall are to be sent."""
    account = call.authorised("photos.getWallUploadServer")
    _ensure_ours(call, account)
    return {"upload_url": _address(call, account, "photo"), "album_id": -14, "user_id": 1}


@method("photos.saveWallPhoto", right="photos")
def save_wall_photo(call: Call) -> list[JSON]:
    """Make a photo of what was uploaded."""
    account = call.authorised("photos.saveWallPhoto")
    _ensure_ours(call, account)
    try:
        name = str(json.loads(call.text("photo"))[0]["photo"])
    except (ValueError, LookupError, TypeError):
        raise call.refusal(129, "Invalid photo") from None
    raw = call.world.media(account, name)
    if call.number("server", 0) != _SERVER:
        raise call.refusal(118, "Invalid server")
    if raw is None or call.text("hash") != raw.meta["hash"]:
        raise call.refusal(121, "Invalid hash")
    found = call.world.media_bytes(call.server.host, name)
    assert found is not None  # noqa: S101 - its description is there
    media_id = f"photo-{account.remote_id}_{call.world.sequence('vk photo') + 456_239_016}"
    meta = {**raw.meta, "access_key": call.world.secret("vk access key", 18).lower()}
    caption = call.text("caption")
    photo = call.world.add_media(account, media_id, found[1], found[0], description=caption, meta=meta)
    return [photo_entity(call, photo)]


@method("video.save", right="video")
def save_video(call: Call) -> JSON:
    """Reserve a video and say where its file is to be sent."""
    account = call.authorised("video.save")
    _ensure_ours(call, account)
    number = call.world.sequence("vk video") + 456_239_016
    title = call.text("name") or "No name"
    return {
        "upload_url": _address(call, account, "video", video=number, title=title),
        "owner_id": -int(account.remote_id),
        "video_id": number,
        "title": title,
        "description": call.text("description"),
        "access_key": call.world.secret("vk access key", 18).lower(),
    }


def receive(call: Call) -> Response:
    """Take an uploaded file; the address is the permission."""
    ticket = call.world.token(call.server.host, call.request.path.rpartition("/")[2], _TICKET)
    expired = ticket is not None and ticket.expires_at is not None and ticket.expires_at <= call.world.clock()
    if ticket is None or expired or ticket.account_id is None:
        return html_response("<h1>403 Forbidden</h1>", 403)
    account = call.world.account(ticket.account_id)
    take = _take_photo if ticket.data["kind"] == "photo" else _take_video
    return json_response(take(call, account, ticket))


def download(call: Call) -> Response:
    """A file itself."""
    found = call.world.media_bytes(call.server.host, call.request.path.rpartition("/")[2])
    if found is None:
        return html_response("<h1>404 Not Found</h1>", 404)
    return Response(200, {"content-type": found[0]}, found[1])


def photo_entity(call: Call, media: Media) -> JSON:
    """A photo as the API shows it."""
    owner, number = numbers(media.id)
    url = f"{call.server.base}/files/{media.id}"
    size = {"type": "w", "url": url, "width": media.meta["width"], "height": media.meta["height"]}
    return {
        "id": number,
        "owner_id": owner,
        "album_id": -14,
        "date": media.created_at // 1000,
        "text": media.description,
        "sizes": [size],
        "access_key": media.meta["access_key"],
        "has_tags": False,
    }


def video_entity(call: Call, media: Media) -> JSON:
    """A video as the API shows it."""
    owner, number = numbers(media.id)
    return {
        "id": number,
        "owner_id": owner,
        "title": media.description,
        "description": "",
        "date": media.created_at // 1000,
        "duration": 1,
        "player": f"{call.server.base}/video_ext.php?oid={owner}&id={number}",
        "type": "video",
        "can_add": 1,
        "views": 0,
    }


def numbers(media_id: str) -> tuple[int, int]:
    """Owner and number in an id such as ``photo-1_2``."""
    owner, _bar, number = media_id.removeprefix("photo").removeprefix("video").partition("_")
    return int(owner), int(number)


def _take_photo(call: Call, account: Account, ticket: Token) -> JSON:
    del ticket
    file = call.parameters.get("photo")
    data = file.data if isinstance(file, Upload) else b""
    picture = read_picture(data) if sniff(data) in IMAGES and len(data) <= IMAGE_BYTES else None
    if (
        picture is None
        or picture.width + picture.height > SIDES
        or max(picture.width, picture.height) > RATIO * min(picture.width, picture.height)
    ):
        return {"server": _SERVER, "photo": "[]", "hash": ""}
    name, secret = call.world.secret("vk raw photo", 20), call.world.secret("vk upload hash", 32)
    meta = {"width": picture.width, "height": picture.height, "hash": secret}
    call.world.add_media(account, name, data, sniff(data) or "", meta=meta)
    return {"server": _SERVER, "photo": json.dumps([{"photo": name, "sizes": []}]), "hash": secret}


def _take_video(call: Call, account: Account, ticket: Token) -> JSON:
    file = call.parameters.get("video_file")
    data = file.data if isinstance(file, Upload) else b""
    if not (sniff(data) or "").startswith("video/") or not is_whole_video(data):
        return {"error": "ERROR: unknown video format"}
    number = ticket.data["video"]
    media_id = f"video-{account.remote_id}_{number}"
    call.world.add_media(account, media_id, data, sniff(data) or "", description=ticket.data["title"])
    return {"size": len(data), "owner_id": -int(account.remote_id), "video_id": number, "video_hash": "0"}


def _address(call: Call, account: Account, kind: str, **more: str | int) -> str:
    secret = call.world.secret("vk upload", 40)
    expires_at = call.world.clock() + HOUR
    data = {"kind": kind, **more}
    call.world.add_token(secret, _TICKET, call.server.host, account=account, data=data, expires_at=expires_at)
    return f"{call.server.base}/upload/{secret}"


def _ensure_ours(call: Call, account: Account) -> None:
    if not call.ours(account, call.number("group_id", 0)):
        raise call.refusal(15, "Access denied: you are not an editor of this group")
