"""Files: what comes in with a message, and what can be fetched again."""

from __future__ import annotations

from typing import Any

from smm_tui.sandbox.faces.telegram.call import Call, bad, method, refusal
from smm_tui.sandbox.files import is_whole_video, read_picture, sniff
from smm_tui.sandbox.http import JSON, Response, Upload
from smm_tui.sandbox.things import Media

PHOTO_BYTES = 10 * 1000 * 1000
SIDES = 10_000  # pixels of width and height together
RATIO = 20
_ATTACHED = "attach://"
_FOLDERS = {"photo": "photos", "video": "videos"}


def received(call: Call, kind: str, value: Any) -> Media:
    """The file that a parameter names: one that comes along, or one that is known by its id."""
    if isinstance(value, str) and value.startswith(_ATTACHED):
        value = call.parameters.get(value.removeprefix(_ATTACHED))
    if isinstance(value, Upload):
        return _stored(call, kind, value.data)
    if not value:
        raise bad(f"there is no {kind} in the request")
    known = call.world.media(call.bot, str(value))
    if known is None:
        raise bad("wrong file identifier/HTTP URL specified")
    if known.meta["kind"] != kind:
        raise bad("type of file mismatch")
    return known


def media_entity(media: Media) -> Any:
    """A photo as its sizes, a video as a Video."""
    meta = media.meta
    common: JSON = {
        "file_id": media.id,
        "file_unique_id": meta["unique_id"],
        "width": meta["width"],
        "height": meta["height"],
        "file_size": media.size,
    }
    return [common] if meta["kind"] == "photo" else common | {"duration": 1, "mime_type": media.mime}


@method("getFile")
def get_file(call: Call) -> JSON:
    """Where a file can be fetched."""
    media = call.world.media(call.bot, call.text("file_id"))
    if media is None:
        raise bad("invalid file_id")
    return {
        "file_id": media.id,
        "file_unique_id": media.meta["unique_id"],
        "file_size": media.size,
        "file_path": f"{_FOLDERS[media.meta['kind']]}/{media.id}",
    }


def download(call: Call, path: str) -> Response:
    """The bytes of a file."""
    folder, _, media_id = path.partition("/")
    found = call.world.media_bytes(call.server.host, media_id) if folder in _FOLDERS.values() else None
    if found is None:
        raise refusal(404, "Not Found")
    return Response(200, {"content-type": "application/octet-stream"}, found[1])


def _stored(call: Call, kind: str, data: bytes) -> Media:
    mime = sniff(data) or "application/octet-stream"
    if kind == "photo":
        width, height = _photo(data)
    else:
        if mime != "video/mp4" or not is_whole_video(data):
            raise bad("VIDEO_CONTENT_TYPE_INVALID")
        width, height = 640, 360
    media_id = ("AgAC" if kind == "photo" else "BAAC") + call.world.secret("file", 56)
    meta = {"kind": kind, "unique_id": "AQAD" + call.world.secret("file", 12), "width": width, "height": height}
    return call.world.add_media(call.bot, media_id, data, mime, meta=meta, ready_at=call.world.clock())


def _photo(data: bytes) -> tuple[int, int]:
    if len(data) > PHOTO_BYTES:
        raise bad(f"file of size {len(data)} bytes is too big for a photo; the maximum size is {PHOTO_BYTES} bytes")
    picture = read_picture(data)
    if picture is None:
        raise bad("IMAGE_PROCESS_FAILED")
    short, long = sorted((picture.width, picture.height))
    if short + long > SIDES or long > RATIO * short:
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return picture.width, picture.height
