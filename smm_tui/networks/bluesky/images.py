"""Pictures on their way to Bluesky, which publishes the bytes it gets: place, camera and name are taken out first."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator

from smm_tui.domain.errors import Rejected
from smm_tui.i18n import _

_ORIENTATION = 0x0112
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_PRIVATE = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_WEBP_PRIVATE = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = 0x08 | 0x04  # "has EXIF", "has XMP" in the VP8X header
_JPEG_COMMENT = 0xFE
_JPEG_APPLICATION = range(0xE0, 0xF0)
_JPEG_KEPT = (b"JFIF\0", b"ICC_PROFILE\0", b"Adobe\0")  # what decoders need: density, colour profile, colour coding
_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # inside the pixels: not a stuffed byte, not a restart


def cleaned(data: bytes) -> tuple[bytes, int, int]:
    """The picture without its metadata, and its width and height as they are seen.

    The pixels stay as they are, bit for bit, unless the metadata said that the picture is to be turned: then it is
    turned and encoded anew. Raises Rejected (field ``media``) when this is no picture.
    """
    from PIL import Image, ImageOps  # tens of milliseconds that only a post with pictures needs

    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            if picture.getexif().get(_ORIENTATION, 1) in range(2, 9):
                upright = ImageOps.exif_transpose(picture)
                buffer = io.BytesIO()
                kind = "JPEG" if picture.format == "MPO" else picture.format  # MPO: a JPEG with more inside
                upright.save(buffer, kind, quality=95, icc_profile=picture.info.get("icc_profile"), exif=b"")
                data = buffer.getvalue()
                width, height = upright.size
        return _without_metadata(data), width, height
    except Exception as error:
        raise Rejected(
            _("A picture is damaged or of an unknown kind."),
            _("Open it in a picture editor, save it as JPEG or PNG and attach it again."),
            field="media",
        ) from error


def _without_metadata(data: bytes) -> bytes:
    if data.startswith(b"\xff\xd8"):
        return b"".join(_jpeg(data))
    if data.startswith(_PNG):
        return _PNG + b"".join(_png(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        chunks = b"".join(_webp(data))
        return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks
    return data  # GIF has comments at most


def _jpeg(data: bytes) -> Iterator[bytes]:
    yield data[:2]
    at = 2
    while marker_at := _JPEG_MARKER.search(data, at):
        start = marker_at.start()
        marker = data[start + 1]
        if marker == 0xD9:  # the end; phones hide videos and further pictures behind it
            yield data[start : start + 2]
            return
        end = start + 2 + struct.unpack_from(">H", data, start + 2)[0]
        private = marker == _JPEG_COMMENT or (
            marker in _JPEG_APPLICATION and not data.startswith(_JPEG_KEPT, start + 4)
        )
        if marker == 0xDA:  # pixels follow, up to the next marker
            following = _JPEG_MARKER.search(data, end)
            end = following.start() if following else len(data)
        if not private:
            yield data[start:end]
        at = end


def _png(data: bytes) -> Iterator[bytes]:
    at = len(_PNG)
    while at + 12 <= len(data):
        size = 12 + struct.unpack_from(">I", data, at)[0]
        if data[at + 4 : at + 8] not in _PNG_PRIVATE:
            yield data[at : at + size]
        at += size


def _webp(data: bytes) -> Iterator[bytes]:
    at = 12
    while at + 8 <= len(data):
        name = data[at : at + 4]
        size = struct.unpack_from("<I", data, at + 4)[0]
        end = at + 8 + size + size % 2
        if name == b"VP8X":
            yield data[at : at + 8] + bytes([data[at + 8] & ~_WEBP_FLAGS]) + data[at + 9 : end]
        elif name not in _WEBP_PRIVATE:
            yield data[at:end]
        at = end
