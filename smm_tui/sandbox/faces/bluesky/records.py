"""Which records are valid: the parts of the post's lexicon that clients use, and the blobs that a record names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from smm_tui.sandbox.faces.bluesky import shapes
from smm_tui.sandbox.faces.bluesky.cid import is_cid
from smm_tui.sandbox.faces.bluesky.shapes import Check, Misshapen, array, fields, integer, string, union
from smm_tui.sandbox.http import JSON

POST = "app.bsky.feed.post"
LIKE = "app.bsky.feed.like"
REPOST = "app.bsky.feed.repost"
FOLLOW = "app.bsky.graph.follow"
BLOCK = "app.bsky.graph.block"
THREADGATE = "app.bsky.feed.threadgate"
POSTGATE = "app.bsky.feed.postgate"
PROFILE = "app.bsky.actor.profile"
PICTURE_BYTES = 1_000_000
IMAGE_BYTES = 2_000_000
THUMB_BYTES = 1_000_000
VIDEO_BYTES = 300_000_000


def check_key(collection: str, rkey: str) -> None:
    """Refuse a key that the collection does not take. Misshapen."""
    if collection == PROFILE and rkey != "self":
        raise Misshapen(f'Invalid record key for {PROFILE}: Expected "self" (got {shapes.shown(rkey)}) at $')
    if collection in _CHECKS and collection != PROFILE:
        try:
            shapes.tid(rkey, "$")
        except Misshapen as error:
            raise Misshapen(f"Invalid record key for {collection}: {error}") from None


def check_record(collection: str, record: JSON, at: str) -> bool:
    """Check a record of a known collection. False when the collection is unknown here. Misshapen."""
    check = _CHECKS.get(collection)
    if check is None:
        return False
    try:
        check(record, at)
    except Misshapen as error:
        raise Misshapen(f"Invalid {collection} record: {error}") from None
    return True


def subject_of(collection: str, record: JSON) -> str | None:
    """The address or DID of what a valid record is about: the post that it answers or likes, whom it follows."""
    if collection == POST:
        return str(record["reply"]["parent"]["uri"]) if "reply" in record else None
    if collection in (LIKE, REPOST):
        return str(record["subject"]["uri"])
    return str(record["subject"]) if collection in (FOLLOW, BLOCK) else None


def check_values(value: Any, at: str) -> None:
    """Refuse what no record can hold, fractions above all. Misshapen."""
    if isinstance(value, dict):
        for name, member in value.items():
            check_values(member, f"{at}.{name}")
    elif isinstance(value, list):
        for number, member in enumerate(value):
            check_values(member, f"{at}[{number}]")
    elif value is not None and not isinstance(value, str | int):
        wanted = "one of null, boolean, integer, string, cid, bytes, array or object"
        raise Misshapen(f"Expected {wanted} value type (got {shapes.shown(value)}) at {at}")


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


# -- the lexicon of the post, by hand -----------------------------------------------------------------------------


def _blob(mime: str, most: int) -> Check:
    def check(value: Any, at: str) -> None:
        if not is_blob(value):
            raise Misshapen(f"Expected blob value type (got {shapes.shown(value)}) at {at}")
        if value["size"] > most:
            raise Misshapen(f"blob too big (maximum {most}, got {value['size']}) at {at}")
        if not value["mimeType"].startswith(mime.removesuffix("*")):
            raise Misshapen(f'Expected "{mime}" (got "{value["mimeType"]}") at {at}.mimeType')

    return check


def _object(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return lambda value, at: fields(value, at, required, optional)


_STRONG_REF = _object({"uri": shapes.at_uri, "cid": shapes.cid})
_RATIO = _object({"width": integer(1), "height": integer(1)})
_IMAGE = _object({"image": _blob("image/*", IMAGE_BYTES), "alt": string()}, {"aspectRatio": _RATIO})
_CARD = _object(
    {"uri": shapes.uri, "title": string(), "description": string()},
    {"thumb": _blob("image/*", THUMB_BYTES)},
)
_QUOTE = _object({"record": _STRONG_REF})
_MEDIA = {
    "app.bsky.embed.images": _object({"images": array(_IMAGE, 4)}),
    "app.bsky.embed.video": _object(
        {"video": _blob("video/mp4", VIDEO_BYTES)}, {"alt": string(), "aspectRatio": _RATIO}
    ),
    "app.bsky.embed.external": _object({"external": _CARD}),
}
_EMBED = union(
    {
        **_MEDIA,
        "app.bsky.embed.record": _QUOTE,
        "app.bsky.embed.recordWithMedia": _object({"record": _QUOTE, "media": union(_MEDIA)}),
    }
)
_FEATURE = union(
    {
        "app.bsky.richtext.facet#mention": _object({"did": shapes.did}),
        "app.bsky.richtext.facet#link": _object({"uri": shapes.uri}),
        "app.bsky.richtext.facet#tag": _object({"tag": string(640, 64)}),
    }
)
_FACET = _object({"index": _object({"byteStart": integer(0), "byteEnd": integer(0)}), "features": array(_FEATURE)})
_LABELS = union({"com.atproto.label.defs#selfLabels": _object({"values": array(_object({"val": string(128)}), 10)})})
_post = _object(
    {"text": string(3000, 300), "createdAt": shapes.date_time},
    {
        "facets": array(_FACET),
        "reply": _object({"root": _STRONG_REF, "parent": _STRONG_REF}),
        "embed": _EMBED,
        "langs": array(shapes.language, 3),
        "labels": _LABELS,
        "tags": array(string(640, 64), 8),
    },
)
_ADDRESSES = array(shapes.at_uri, 300)
_PICTURE = _blob("image/", PICTURE_BYTES)
_SUBJECT = _object({"subject": _STRONG_REF, "createdAt": shapes.date_time})
_ACTOR = _object({"subject": shapes.did, "createdAt": shapes.date_time})
_CHECKS: dict[str, Check] = {
    POST: _post,
    LIKE: _SUBJECT,
    REPOST: _SUBJECT,
    FOLLOW: _ACTOR,
    BLOCK: _ACTOR,
    THREADGATE: _object(
        {"post": shapes.at_uri, "createdAt": shapes.date_time},
        {"allow": array(union({}), 5), "hiddenReplies": _ADDRESSES},
    ),
    POSTGATE: _object(
        {"post": shapes.at_uri, "createdAt": shapes.date_time},
        {"embeddingRules": array(union({}), 5), "detachedEmbeddingUris": array(shapes.at_uri, 50)},
    ),
    PROFILE: _object(
        {},
        {
            "displayName": string(640, 64),
            "description": string(2560, 256),
            "pronouns": string(200, 20),
            "website": shapes.uri,
            "avatar": _PICTURE,
            "banner": _PICTURE,
            "pinnedPost": _STRONG_REF,
            "labels": _LABELS,
            "createdAt": shapes.date_time,
        },
    ),
}
