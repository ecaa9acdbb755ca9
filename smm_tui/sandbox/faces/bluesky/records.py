"""Which records are valid: the parts of the post's lexicon that clients use, and the blobs that a record names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import regex

from smm_tui.sandbox.faces.bluesky.cid import is_cid, is_tid
from smm_tui.sandbox.http import JSON

POST = "app.bsky.feed.post"
IMAGE_BYTES = 2_000_000
THUMB_BYTES = 1_000_000
VIDEO_BYTES = 300_000_000
_DATETIME = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-6]\d:[0-6]\d(\.\d{1,20})?(Z|[+-][0-2]\d:[0-5]\d)")
_LANGUAGE = re.compile(r"i|[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_DID = re.compile(r"did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]")
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s]+", re.IGNORECASE)
_AT_URI = re.compile(r"at://[^/\s]+/[A-Za-z0-9.-]+/[A-Za-z0-9._:~-]+")
_NSID = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z0-9-]+)+(\.[a-zA-Z][a-zA-Z0-9]*)")
_RECORD_KEY = re.compile(r"[A-Za-z0-9._:~-]{1,512}")
_GRAPHEME = regex.compile(r"\X")

Check = Callable[[Any, str], None]


class Place(NamedTuple):
    """A blob in an embed, what its type must begin with, and its largest size in bytes."""

    blob: JSON
    mime: str
    limit: int


class InvalidRecord(ValueError):
    """A record breaks its lexicon; the message names the place."""


def is_nsid(text: object) -> bool:
    """Whether a text names a collection."""
    return isinstance(text, str) and _NSID.fullmatch(text) is not None


def is_record_key(text: object) -> bool:
    """Whether a text can be a record key."""
    return isinstance(text, str) and _RECORD_KEY.fullmatch(text) is not None and text not in (".", "..")


def check_key(collection: str, rkey: str) -> None:
    """Refuse a key that the collection does not take. InvalidRecord."""
    if collection == POST and not is_tid(rkey):
        raise InvalidRecord(f"Invalid record key for {POST}: expected a tid, got {rkey!r}")


def check_record(collection: str, record: JSON) -> bool:
    """Check a record of a known collection. False when the collection is unknown here. InvalidRecord."""
    if collection != POST:
        return False
    try:
        _post(record, "Record")
    except InvalidRecord as error:
        raise InvalidRecord(f"Invalid {collection} record: {error}") from None
    return True


def blobs(value: Any) -> Iterator[JSON]:
    """The blob references in a record."""
    if is_blob(value):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from blobs(item)


def is_blob(value: Any) -> bool:
    """Whether a value refers to a blob as it should."""
    return (
        isinstance(value, dict)
        and value.get("$type") == "blob"
        and isinstance(value.get("ref"), dict)
        and is_cid(value["ref"].get("$link"))
        and isinstance(value.get("mimeType"), str)
        and isinstance(value.get("size"), int)
    )


def places(record: JSON) -> Iterator[Place]:
    """Where a valid post's embed holds blobs."""
    embed = record.get("embed", {})
    for part in (embed, embed.get("media", {})):
        yield from (Place(item["image"], "image/", IMAGE_BYTES) for item in part.get("images", ()))
        if "thumb" in part.get("external", {}):
            yield Place(part["external"]["thumb"], "image/", THUMB_BYTES)
        if "video" in part:
            yield Place(part["video"], "video/mp4", VIDEO_BYTES)


# -- the lexicon, by hand -----------------------------------------------------------------------------------------


def _object(value: Any, at: str, required: dict[str, Check], optional: dict[str, Check]) -> None:
    if not isinstance(value, dict):
        raise InvalidRecord(f"{at} must be an object")
    for name in required:
        if name not in value:
            raise InvalidRecord(f'{at} must have the property "{name}"')
    for name, check in (required | optional).items():
        if name in value:
            check(value[name], f"{at}/{name}")


def _string(most_bytes: int | None = None, most_graphemes: int | None = None) -> Check:
    def check(value: Any, at: str) -> None:
        if not isinstance(value, str):
            raise InvalidRecord(f"{at} must be a string")
        if most_bytes is not None and len(value.encode()) > most_bytes:
            raise InvalidRecord(f"{at} must not be longer than {most_bytes} characters")
        if most_graphemes is not None and len(_GRAPHEME.findall(value)) > most_graphemes:
            raise InvalidRecord(f"{at} must not be longer than {most_graphemes} graphemes")

    return check


def _format(pattern: re.Pattern[str], name: str) -> Check:
    def check(value: Any, at: str) -> None:
        if not isinstance(value, str) or pattern.fullmatch(value) is None:
            raise InvalidRecord(f"{at} must be {name}")

    return check


def _datetime(value: Any, at: str) -> None:
    message = f"{at} must be an valid atproto datetime (both RFC-3339 and ISO-8601)"
    if not isinstance(value, str) or _DATETIME.fullmatch(value) is None or value.endswith("-00:00"):
        raise InvalidRecord(message)
    try:
        datetime.fromisoformat(value)
    except ValueError:
        raise InvalidRecord(message) from None


def _integer(least: int) -> Check:
    def check(value: Any, at: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidRecord(f"{at} must be an integer")
        if value < least:
            raise InvalidRecord(f"{at} can not be less than {least}")

    return check


def _array(item: Check, most: int | None = None) -> Check:
    def check(value: Any, at: str) -> None:
        if not isinstance(value, list):
            raise InvalidRecord(f"{at} must be an array")
        if most is not None and len(value) > most:
            raise InvalidRecord(f"{at} must not have more than {most} elements")
        for number, member in enumerate(value):
            item(member, f"{at}/{number}")

    return check


def _union(members: Mapping[str, Check]) -> Check:
    def check(value: Any, at: str) -> None:
        if not isinstance(value, dict) or not isinstance(value.get("$type"), str):
            raise InvalidRecord(f'{at} must be an object which includes the "$type" property')
        # Unions are open: a type that nobody here knows is stored as it is.
        members.get(value["$type"], _anything)(value, at)

    return check


def _anything(value: Any, at: str) -> None:
    del value, at


def _cid(value: Any, at: str) -> None:
    if not is_cid(value):
        raise InvalidRecord(f"{at} must be a cid string")


def _blob(value: Any, at: str) -> None:
    if not is_blob(value):
        raise InvalidRecord(f"{at} should be a blob ref")


_did = _format(_DID, "a valid did")
_uri = _format(_URI, "a uri")
_language = _format(_LANGUAGE, "a well-formed BCP 47 language tag")
_at_uri = _format(_AT_URI, "a valid at-uri")


def _strong_ref(value: Any, at: str) -> None:
    _object(value, at, {"uri": _at_uri, "cid": _cid}, {})


def _slice(value: Any, at: str) -> None:
    _object(value, at, {"byteStart": _integer(0), "byteEnd": _integer(0)}, {})


def _facet(value: Any, at: str) -> None:
    _object(value, at, {"index": _slice, "features": _array(_FEATURE)}, {})


def _ratio(value: Any, at: str) -> None:
    _object(value, at, {"width": _integer(1), "height": _integer(1)}, {})


def _image(value: Any, at: str) -> None:
    _object(value, at, {"image": _blob, "alt": _string()}, {"aspectRatio": _ratio})


def _images(value: Any, at: str) -> None:
    _object(value, at, {"images": _array(_image, 4)}, {})


def _video(value: Any, at: str) -> None:
    _object(value, at, {"video": _blob}, {"alt": _string(), "aspectRatio": _ratio})


def _card(value: Any, at: str) -> None:
    _object(value, at, {"uri": _uri, "title": _string(), "description": _string()}, {"thumb": _blob})


def _external(value: Any, at: str) -> None:
    _object(value, at, {"external": _card}, {})


def _quote(value: Any, at: str) -> None:
    _object(value, at, {"record": _strong_ref}, {})


def _quote_with_media(value: Any, at: str) -> None:
    _object(value, at, {"record": _quote, "media": _union(_MEDIA)}, {})


def _label(value: Any, at: str) -> None:
    _object(value, at, {"val": _string(128)}, {})


def _self_labels(value: Any, at: str) -> None:
    _object(value, at, {"values": _array(_label, 10)}, {})


def _reply(value: Any, at: str) -> None:
    _object(value, at, {"root": _strong_ref, "parent": _strong_ref}, {})


def _feature(name: str, check: Check) -> Check:
    return lambda value, at: _object(value, at, {name: check}, {})


_FEATURE = _union(
    {
        "app.bsky.richtext.facet#mention": _feature("did", _did),
        "app.bsky.richtext.facet#link": _feature("uri", _uri),
        "app.bsky.richtext.facet#tag": _feature("tag", _string(640, 64)),
    }
)
_MEDIA: dict[str, Check] = {
    "app.bsky.embed.images": _images,
    "app.bsky.embed.video": _video,
    "app.bsky.embed.external": _external,
}
_EMBED = _union(
    {
        **_MEDIA,
        "app.bsky.embed.record": _quote,
        "app.bsky.embed.recordWithMedia": _quote_with_media,
    }
)


def _post(value: Any, at: str) -> None:
    _object(
        value,
        at,
        {"text": _string(3000, 300), "createdAt": _datetime},
        {
            "facets": _array(_facet),
            "reply": _reply,
            "embed": _EMBED,
            "langs": _array(_language, 3),
            "labels": _union({"com.atproto.label.defs#selfLabels": _self_labels}),
            "tags": _array(_string(640, 64), 8),
        },
    )
