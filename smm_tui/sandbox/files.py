"""What a file really is, whatever its sender says."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

_MAGIC = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
)


def sniff(data: bytes) -> str | None:
    """The media type that the first bytes tell, None when they tell none."""
    return next((mime for at, magic, mime in _MAGIC if data[at : at + len(magic)] == magic), None)


@dataclass(frozen=True, slots=True)
class Picture:
    """A readable picture, in pixels."""

    width: int
    height: int
    animated: bool


def read_picture(data: bytes) -> Picture | None:
    """A picture's measures, None when it cannot be read."""
    from PIL import Image  # slow to import, and most worlds never see a picture

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data)) as image:
                picture = Picture(image.width, image.height, bool(getattr(image, "is_animated", False)))
                image.verify()
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            return None
    return picture


def is_whole_video(data: bytes) -> bool:
    """Whether an MP4 has an index of its frames, without which no server can process it; other kinds pass."""
    return sniff(data) not in ("video/mp4", "video/quicktime") or b"moov" in data or b"moof" in data
