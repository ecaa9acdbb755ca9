"""Photos and videos: an address to upload to, the upload itself, and what is made of it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from smm_tui.domain.clock import HOUR
from smm_tui.sandbox.faces.vk import polls
from smm_tui.sandbox.faces.vk.call import ADMINISTRATOR, EITHER, Call, method
from smm_tui.sandbox.files import is_whole_video, read_picture, sniff
from smm_tui.sandbox.http import JSON, Response, Upload, html_response, json_response
from smm_tui.sandbox.things import POST, Account, Media, Token

ATTACHMENTS = 10
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
    if call.number("server", 0) != _SERVER:
        raise call.refusal(118, "Invalid server")
    return [photo_entity(call, _saved(call, account))]


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


@method("photos.getOwnerPhotoUploadServer", right="photos")
def get_owner_photo_upload_server(call: Call) -> JSON:
    """Where a community's picture is to be sent."""
    account = call.authorised("photos.getOwnerPhotoUploadServer")
    if not call.ours(account, call.number("owner_id", 0), level=ADMINISTRATOR):
        raise call.refusal(15, "Access denied: you are not an administrator of this group")
    return {"upload_url": _address(call, account, "avatar")}


@method("photos.saveOwnerPhoto", right="photos")
def save_owner_photo(call: Call) -> JSON:
    """Make what was uploaded the community's picture; the wall tells of it by a post."""
    account = call.authorised("photos.saveOwnerPhoto")
    media = _saved(call, account)
    url = f"{call.server.base}/files/{media.id}"
    call.world.update_account(account, {"avatar": url})
    number = call.world.sequence(f"vk wall {account.remote_id}")
    call.world.add_object(
        account,
        POST,
        f"-{account.remote_id}_{number}",
        sort=f"{number:012}",
        text="",
        record={"number": number, "guid": ""},
        media=[media.id],
    )
    return {"photo_hash": media.meta["hash"], "photo_src": url, "saved": 1, "post_id": number}


@method("photos.getOwnerCoverPhotoUploadServer", kinds=EITHER, right="manage")
def get_owner_cover_photo_upload_server(call: Call) -> JSON:
    """Where a community's cover is to be sent."""
    account = call.authorised("photos.getOwnerCoverPhotoUploadServer")
    if not call.ours(account, call.number("group_id", 0), level=ADMINISTRATOR):
        raise call.refusal(15, "Access denied: you are not an administrator of this group")
    for name in ("crop_x", "crop_y", "crop_x2", "crop_y2"):
        call.number(name, 0)
    return {"upload_url": _address(call, account, "cover")}


@method("photos.saveOwnerCoverPhoto", kinds=EITHER, right="manage")
def save_owner_cover_photo(call: Call) -> JSON:
    """Make what was uploaded the community's cover."""
    account = call.authorised("photos.saveOwnerCoverPhoto")
    media = _saved(call, account)
    image = {
        "url": f"{call.server.base}/files/{media.id}",
        "width": media.meta["width"],
        "height": media.meta["height"],
    }
    call.world.update_account(account, {"cover": [image]})
    return {"images": [image]}


def receive(call: Call) -> Response:
    """Take an uploaded file; the address is the permission."""
    ticket = call.world.token(call.server.host, call.request.path.rpartition("/")[2], _TICKET)
    expired = ticket is not None and ticket.expires_at is not None and ticket.expires_at <= call.world.clock()
    if ticket is None or expired or ticket.account_id is None:
        return html_response("<h1>403 Forbidden</h1>", 403)
    account = call.world.account(ticket.account_id)
    take = _take_video if ticket.data["kind"] == "video" else _take_photo
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


def entities(call: Call, account: Account, media_ids: Sequence[str]) -> list[JSON]:
    """The attachments of a post, comment or message as the API shows them."""
    shown: list[JSON] = []
    for media_id in media_ids:
        media = call.world.media(account, media_id)
        if media is None:
            continue
        kind = media_id.partition("-")[0]
        match kind:
            case "photo":
                entity = photo_entity(call, media)
            case "video":
                entity = video_entity(call, media)
            case _:
                entity = polls.entity(media)
        shown.append({"type": kind, kind: entity})
    return shown


def attached(call: Call, account: Account, attachments: Sequence[str]) -> list[str]:
    """The files among attachments. Refused when one is unknown, or when there are too many."""
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


def _saved(call: Call, account: Account) -> Media:
    """The photo that is made of an upload."""
    try:
        name = str(json.loads(call.text("photo"))[0]["photo"])
    except (ValueError, LookupError, TypeError):
        raise call.refusal(129, "Invalid photo") from None
    raw = call.world.media(account, name)
    if raw is None or call.text("hash") != raw.meta["hash"]:
        raise call.refusal(121, "Invalid hash")
    found = call.world.media_bytes(call.server.host, name)
    assert found is not None  # noqa: S101 - its description is there
    media_id = f"photo-{account.remote_id}_{call.world.sequence('vk photo') + 456_239_016}"
    meta = {**raw.meta, "access_key": call.world.secret("vk access key", 18).lower()}
    return call.world.add_media(account, media_id, found[1], found[0], description=call.text("caption"), meta=meta)


def _take_photo(call: Call, account: Account, ticket: Token) -> JSON:
    del ticket
    files = [value for value in call.parameters.values() if isinstance(value, Upload)]  # whatever the field's name is
    data = files[0].data if files else b""
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
