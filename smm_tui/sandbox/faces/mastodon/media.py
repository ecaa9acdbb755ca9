"""Media: upload, processing, description."""

from __future__ import annotations

from smm_tui.domain.clock import Instant
from smm_tui.sandbox.faces.mastodon import entities
from smm_tui.sandbox.faces.mastodon.call import ROUTER, Call
from smm_tui.sandbox.faces.mastodon.ids import new_id
from smm_tui.sandbox.files import is_whole_video, read_picture, sniff
from smm_tui.sandbox.http import JSON, Response, Upload, json_response
from smm_tui.sandbox.things import Media

_BROKEN = "Error processing thumbnail for uploaded media"


@ROUTER.on("POST", "/api/v2/media", "/api/v1/media")
def upload(call: Call) -> Response:
    """Take a file: 200 when it can be used at once, 202 while it is processed."""
    author = call.user("write:media")
    call.spend("media", str(author.id))
    file = call.parameters.get("file")
    if not isinstance(file, Upload):
        raise call.refusal(422, "Validation failed: File can't be blank")
    description = _description(call)
    mime = sniff(file.data)
    claimed = file.content_type
    if mime is None or (claimed != "application/octet-stream" and claimed.split("/")[0] != mime.split("/")[0]):
        raise call.fail(422, "unreadable")
    if mime not in call.flavour.mime_types:
        raise call.refusal(422, "Validation failed: File content type is invalid")
    image = mime.startswith("image/")
    most = call.flavour.image_size_limit if image else call.flavour.video_size_limit
    if len(file.data) > most:
        raise call.refusal(422, f"Validation failed: File file size must be less than {most // 1024**2} MB")
    now = call.world.clock()
    meta: JSON = {}
    ready_at: Instant | None = now
    if image:
        picture = read_picture(file.data)
        if picture is None:
            raise call.refusal(422, _BROKEN)
        if picture.width * picture.height > call.flavour.image_matrix_limit:
            raise call.refusal(422, f"{picture.width}x{picture.height} images are not supported")
        meta = {"width": picture.width, "height": picture.height, "animated": picture.animated}
    if not image or meta["animated"]:
        ready_at = now + call.flavour.processing if is_whole_video(file.data) else None
    meta |= _focus(call)
    media = call.world.add_media(
        author, new_id(call, now), file.data, mime, description=description, meta=meta, ready_at=ready_at
    )
    return json_response(entities.media_entity(call, media), 200 if entities.is_ready(call, media) else 202)


@ROUTER.on("GET", "/api/v1/media/:media_id")
def show(call: Call, media_id: str) -> Response:
    """A file that is not attached yet: 206 while it is processed, 422 when that failed."""
    media = _unattached(call, media_id)
    if media.ready_at is None:
        raise call.refusal(422, _BROKEN)
    return json_response(entities.media_entity(call, media), 200 if entities.is_ready(call, media) else 206)


@ROUTER.on("PUT", "/api/v1/media/:media_id")
def update(call: Call, media_id: str) -> Response:
    """Change the description or focus of a file that is not attached yet."""
    media = _unattached(call, media_id)
    described = _description(call) if call.text("description") is not None else None
    updated = call.world.update_media(media, description=described, meta=_focus(call))
    return json_response(entities.media_entity(call, updated))


@ROUTER.on("GET", "/system/media_attachments/:media_id")
def download(call: Call, media_id: str) -> Response:
    """The file itself."""
    found = call.world.media_bytes(call.server.host, media_id)
    if found is None:
        raise call.not_found()
    mime, data = found
    return Response(200, {"content-type": mime}, data)


def _unattached(call: Call, media_id: str) -> Media:
    media = call.world.media(call.user("write:media"), media_id)
    if media is None or media.attached_to is not None:
        raise call.not_found()
    return media


def _description(call: Call) -> str:
    text = (call.text("description") or "").strip()
    if len(text) > call.flavour.description_limit:
        raise call.refusal(
            422,
            f"Validation failed: Description is too long (maximum is {call.flavour.description_limit} characters)",
        )
    return text


def _focus(call: Call) -> JSON:
    written = call.text("focus")
    if not written:
        return {}
    try:
        x, y = (max(-1.0, min(1.0, float(part))) for part in written.split(","))
    except ValueError:
        raise call.refusal(422, "Validation failed: Focus is invalid") from None
    return {"focus": [x, y]}
