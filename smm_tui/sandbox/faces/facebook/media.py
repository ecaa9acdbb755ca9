"""Photos and videos: uploaded unpublished, or published by their upload."""

from __future__ import annotations

from smm_tui.domain.clock import SECOND, Instant
from smm_tui.sandbox.faces.facebook import insights, posts
from smm_tui.sandbox.faces.facebook.call import ROUTER, Call, new_number, stamp
from smm_tui.sandbox.files import is_whole_video, read_picture, sniff
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Media, Object

LARGEST_PHOTO = 4 * 1024 * 1024
LARGEST_VIDEO = 10 * 1024**3
CHUNK = 1024 * 1024  # bytes that the server asks for at a time
PROCESSING: Instant = 2 * SECOND
UPLOAD = "video_upload"  # the kind of an upload that goes on
_PHOTOS = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/heic")


@ROUTER.on("POST", "/:version/:page/photos")
def photo(call: Call, version: str, page: str) -> Response:
    """Take a photo: unpublished ones can be attached to a post later."""
    author = call.page(page)
    call.need(posts.PUBLISH, "CREATE_CONTENT")
    data = call.file("source")
    if data is None:
        data = _fetched(call)
    if data is None:
        raise call.error(324, "(#324) Missing or invalid image file")
    mime = sniff(data)
    picture = read_picture(data) if mime in _PHOTOS else None
    if mime is None or picture is None or len(data) > LARGEST_PHOTO:
        said = "Your photos couldn't be uploaded. Photos should be smaller than 4 MB and saved as JPG or PNG."
        raise call.error(100, "Invalid parameter", subcode=1366046, title="Can't Read Files", said=said)
    message = (call.text("message") or call.text("caption")).strip()
    posts.check_length(call, message)
    number = new_number(call.world)
    meta = {"width": picture.width, "height": picture.height, "temporary": call.flag("temporary", False)}
    call.world.add_media(
        author, number, data, mime, description=call.text("alt_text_custom"), meta=meta, ready_at=call.world.clock()
    )
    if not call.flag("published", True):
        return json_response({"id": number})
    item = posts.publish(call.world, author, message, [number])
    return json_response({"id": number, "post_id": item.remote_id})


def _fetched(call: Call) -> bytes | None:
    """The picture at an address of this very server."""
    host, _slash, number = call.text("url").removeprefix("https://").partition("/media/")
    found = call.world.media_bytes(host, number) if host == call.server.host else None
    return found[1] if found is not None else None


@ROUTER.on("POST", "/:version/:page/videos")
def video(call: Call, version: str, page: str) -> Response:
    """Take a video in pieces; the last call publishes it."""
    author = call.page(page)
    call.need(posts.PUBLISH, "CREATE_CONTENT")
    phase = call.text("upload_phase")
    if phase == "start":
        return _start(call, author)
    upload = call.world.find_object(call.server.host, UPLOAD, call.text("upload_session_id"))
    if upload is None or upload.account_id != author.id or upload.record["ended"]:
        said = "This upload session is not valid any more."
        raise call.error(6000, "There was a problem uploading your video file.", subcode=1363041, said=said)
    if phase == "transfer":
        return _transfer(call, author, upload)
    if phase == "finish":
        return _finish(call, author, upload)
    raise call.error(100, "(#100) param upload_phase must be one of {start, transfer, finish, cancel}")


def _start(call: Call, author: Account) -> Response:
    size = call.number("file_size", 0)
    if not 0 < size <= LARGEST_VIDEO:
        raise call.error(100, "(#100) param file_size must be a positive number of bytes")
    session, number = new_number(call.world), new_number(call.world)
    record = {"video": number, "size": size, "got": 0, "ended": False}
    call.world.add_object(author, UPLOAD, session, sort=session, text="", record=record)
    return json_response({"upload_session_id": session, "video_id": number, **_wanted(record)})


def _transfer(call: Call, author: Account, upload: Object) -> Response:
    data, record = call.file("video_file_chunk"), upload.record
    if data is None:
        raise call.error(100, "(#100) param video_file_chunk is required")
    if call.text("start_offset") == str(record["got"]) and len(data) <= record["size"] - record["got"]:
        call.world.add_media(author, _piece(record, record["got"]), data, "application/octet-stream")
        record = {**record, "got": record["got"] + len(data)}
        call.world.update_object(upload, record=record)
    return json_response(_wanted(record))


def _finish(call: Call, author: Account, upload: Object) -> Response:
    record = upload.record
    if record["got"] < record["size"]:
        raise call.error(6000, "There was a problem uploading your video file.", subcode=1363019)
    message = call.text("description").strip()
    posts.check_length(call, message)
    data = b""
    while len(data) < record["size"]:
        piece = _piece(record, len(data))
        found = call.world.media_bytes(call.server.host, piece)
        assert found is not None  # noqa: S101 - it was counted when it came
        call.world.drop_media(author, [piece])
        data += found[1]
    mime = sniff(data) or ""
    whole = mime.startswith("video/") and is_whole_video(data)
    ready_at = call.world.clock() + PROCESSING if whole else None
    call.world.add_media(author, record["video"], data, mime or "video/mp4", ready_at=ready_at)
    call.world.update_object(upload, record={**record, "ended": True})
    kind, at = posts.when(call)
    posts.publish(call.world, author, message, [record["video"]], kind=kind, at=at)
    return json_response({"success": True})


def _wanted(record: JSON) -> JSON:
    start = record["got"]
    return {"start_offset": str(start), "end_offset": str(min(start + CHUNK, record["size"]))}


def _piece(record: JSON, start: int) -> str:
    return f"{record['video']}/{start}"


def node(call: Call, owner: Account, number: str) -> JSON | None:
    """A photo or video of a Page."""
    file = call.world.media(owner, number)
    if file is not None and file.mime.startswith("image/"):
        return call.shown("Photo", _photo(call, file), "created_time,name,id")
    upload = next((item for item in call.world.objects(owner, UPLOAD) if item.record["video"] == number), None)
    if upload is None or (upload.record["ended"] and (file is None or file.attached_to is None)):
        return None
    return call.shown("Video", _video(call, upload, file), "updated_time,description,id")


def _photo(call: Call, file: Media) -> JSON:
    return {
        "id": file.id,
        "created_time": stamp(file.created_at),
        "name": None,
        "alt_text": None,
        "alt_text_custom": file.description or None,
        "width": file.meta["width"],
        "height": file.meta["height"],
        "images": [
            {
                "source": f"https://{call.server.host}/media/{file.id}",
                "width": file.meta["width"],
                "height": file.meta["height"],
            }
        ],
    }


def _video(call: Call, upload: Object, file: Media | None) -> JSON:
    post = call.world.object(file.attached_to) if file is not None and file.attached_to is not None else None
    state = "uploading"
    if file is not None:
        processed = file.ready_at is not None and file.ready_at <= call.world.clock()
        state = "ready" if processed else "error" if file.ready_at is None else "processing"
    done = {"ready": "complete", "error": "error", "processing": "in_progress", "uploading": "not_started"}[state]
    return {
        "id": upload.record["video"],
        "description": (post.text or None) if post else None,
        "created_time": stamp(post.created_at if post else upload.created_at),
        "updated_time": stamp(post.created_at if post else upload.created_at),
        "permalink_url": f"/{upload.record['video']}/",
        "post_id": post.remote_id if post else None,
        "published": post is not None and post.kind == POST,
        **(insights.summaries(call, post) if post else {"comments": None, "reactions": None}),
        "status": {
            "video_status": state,
            "uploading_phase": {"status": "in_progress" if state == "uploading" else "complete"},
            "processing_phase": {"status": done},
            "publishing_phase": {"status": "complete" if state == "ready" else "not_started"},
        },
    }
