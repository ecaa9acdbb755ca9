"""What a media file really is, by its first bytes: names lie."""

from __future__ import annotations

HEAD_BYTES = 64  # enough of a file for `sniff`

_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/heic": ".heic",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
}
# ISO base media files tell their kind by a "brand"; the major one may be the general "mif1" of pictures.
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"), "image/heic"),
    b"qt  ": "video/quicktime",
    **dict.fromkeys(
        (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"dash", b"M4V ", b"M4VH", b"MSNV"),
        "video/mp4",
    ),
}


def sniff(head: bytes) -> str | None:
    """The MIME type of a file that begins with these bytes (`HEAD_BYTES` of them); None when it is none we know."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head[:HEAD_BYTES] else "video/x-matroska"
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    return None


def _by_brand(head: bytes) -> str | None:
    size = min(int.from_bytes(head[:4], "big"), len(head), HEAD_BYTES)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))]
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), None)


def extension(mime: str) -> str:
    """The usual file name ending of a MIME type, with its dot; empty for one we do not know."""
    return _EXTENSIONS.get(mime, "")
