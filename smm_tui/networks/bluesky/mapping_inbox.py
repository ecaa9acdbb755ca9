"""From the AppView's notifications, posts and threads to items. Pure: nothing raised but an SmmError."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smm_tui.domain.clock import Instant, iso, to_instant
from smm_tui.networks import shape
from smm_tui.networks.bluesky.mapping import place, strong_of, web_url
from smm_tui.networks.community import Author, Item, ItemKind
from smm_tui.networks.ports import JSON

REASONS = ("reply", "mention", "quote")


@dataclass(frozen=True, slots=True)
class Notifications:
    """A page of notifications, newest first: their posts as items, and how far back in time it reaches."""

    items: tuple[Item, ...]
    newest: Instant  # 0 when there is none
    oldest: Instant
    cursor: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A record beside an own post, at its key, that lists what shall not be shown with it."""

    collection: str
    field: str
    most: int


REPLIES = Gate("app.bsky.feed.threadgate", "hiddenReplies", 300)
QUOTES = Gate("app.bsky.feed.postgate", "detachedEmbeddingUris", 50)


def notifications(value: Any, *, own: str) -> Notifications:
    """The answer of listNotifications; `own` is the account's DID. What cannot be read is left out."""
    answer = shape.an_object(value, "notifications")
    shape.a_list(answer.get("notifications"), "notifications")
    told = shape.objects(answer, "notifications")
    items: dict[str, Item] = {}
    for one in told:  # a reply that mentions the account is told of twice
        found = post_item(one, own=own)
        if found is not None and shape.text(one, "reason") in REASONS and not found.author.own:
            items.setdefault(found.id, found)
    times = [at for one in told if (at := moment(one, "indexedAt")) is not None]
    return Notifications(
        tuple(items.values()), max(times, default=0), min(times, default=0), shape.text(answer, "cursor")
    )


def thread(value: Any, *, own: str) -> tuple[Item, ...]:
    """The answer of getPostThread: what is above and below a post, oldest first, without the own post it hangs on."""
    node = shape.inner(shape.an_object(value, "thread"), "thread")
    above = list(_above(node))
    items = [*reversed(above), *_below(node)]
    found = {item.id: item for post in items if (item := post_item(post, own=own)) is not None}
    shown = [item for item in found.values() if not (item.author.own and item.id == item.thread_id)]
    return tuple(sorted(shown, key=lambda item: item.created_at))


def likes(value: Any) -> dict[str, str]:
    """The answer of getPosts: of each post that is there, the address of the account's own like, or empty."""
    answer = shape.an_object(value, "posts")
    shape.a_list(answer.get("posts"), "posts")
    return {shape.text(post, "uri"): _liked(post) for post in shape.objects(answer, "posts")}


def listed(value: Any, gate: Gate) -> dict[str, frozenset[str]]:
    """What each own post does not show, from listRecords of its gates."""
    answer = shape.an_object(value, "records")
    shape.a_list(answer.get("records"), "records")
    gates = (shape.inner(record, "value") for record in shape.objects(answer, "records"))
    return {shape.text(found, "post"): held(found, gate) for found in gates}


def held(record: Mapping[str, Any], gate: Gate) -> frozenset[str]:
    """What a gate's record lists."""
    return frozenset(_texts(record, gate.field))


def gated(record: JSON, gate: Gate, post: str, uri: str, *, shut: bool, at: Instant) -> JSON:
    """A gate's record, or none ({}), with `uri` on its list or off it; all else in it stays."""
    if (uri in held(record, gate)) == shut:
        return record
    if not shut:
        return {**record, gate.field: [other for other in _texts(record, gate.field) if other != uri]}
    return {"$type": gate.collection, "post": post, "createdAt": iso(at)} | {
        **record,
        gate.field: [*_texts(record, gate.field), uri],
    }


def blocking(value: Any) -> str:
    """The address of the account's own block of somebody, from getProfile; empty when there is none."""
    return shape.text(shape.inner(shape.an_object(value, "profile"), "viewer"), "blocking")


def post_item(post: JSON, *, own: str) -> Item | None:
    """A post, or the notification of one, as an item; None when it cannot be read."""
    record = shape.inner(post, "record")
    uri, cid = shape.text(post, "uri"), shape.text(post, "cid")
    written = moment(record, "createdAt")
    indexed = moment(post, "indexedAt")
    who = author(shape.inner(post, "author"), own=own)
    at = indexed if written is None else written if indexed is None else min(written, indexed)
    if not cid or not who.id or at is None or not isinstance(record.get("text"), str):
        return None
    try:
        place(uri)
        url = web_url(uri, who.handle)
    except shape.WrongShape:
        return None
    root = strong_of(shape.inner(record, "reply", "root"))
    parent = strong_of(shape.inner(record, "reply", "parent"))
    top = root or {"uri": uri, "cid": cid}
    own_post = next((ref["uri"] for ref in (root, parent) if ref and _belongs(ref["uri"], own)), "")
    quoted = _quoted(record)
    extra = {"cid": cid, "root": top["uri"], "root_cid": top["cid"]}
    if _belongs(quoted, own):
        extra["quotes"] = quoted
    languages = _texts(record, "langs")
    return Item(
        id=uri,
        kind=ItemKind.COMMENT if own_post else ItemKind.MENTION,
        author=who,
        text=shape.text(record, "text"),
        created_at=at,
        url=url,
        post_id=own_post or extra.get("quotes", ""),
        parent_id=parent["uri"] if parent and parent["uri"] != own_post else "",
        thread_id=top["uri"],
        liked=bool(_liked(post)),
        attachments=tuple(_attached(record)),
        language=languages[0] if languages else "",
        extra=extra,
    )


def author(value: Mapping[str, Any], *, own: str) -> Author:
    """Who wrote it; without an id when that cannot be read."""
    did, handle = shape.text(value, "did"), shape.text(value, "handle")
    if re.fullmatch(r"did:[a-z]+:[A-Za-z0-9._:%-]+", did) is None:
        return Author("")
    known = handle if handle != "handle.invalid" else ""
    url = f"https://bsky.app/profile/{known or did}"
    return Author(did, handle, shape.text(value, "displayName"), url, did == own)


def moment(values: Mapping[str, Any], key: str) -> Instant | None:
    """A time, None when it is none."""
    try:
        return to_instant(datetime.fromisoformat(shape.text(values, key)))
    except (ValueError, OverflowError):
        return None


def _above(node: JSON) -> Iterator[JSON]:
    while node := shape.inner(node, "parent"):
        yield shape.inner(node, "post")


def _below(node: JSON) -> Iterator[JSON]:
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield shape.inner(node, "post")
        waiting += shape.objects(node, "replies")


def _liked(post: JSON) -> str:
    return shape.text(shape.inner(post, "viewer"), "like")


def _belongs(uri: str, own: str) -> bool:
    return bool(own) and uri.startswith(f"at://{own}/")


def _texts(values: Mapping[str, Any], key: str) -> list[str]:
    found = values.get(key)
    return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []


def _quoted(record: JSON) -> str:
    """The post that a post shows in itself."""
    embed = shape.inner(record, "embed")
    inside = shape.inner(embed, "record")
    return shape.text(inside, "uri") or shape.text(shape.inner(inside, "record"), "uri")


def _attached(record: JSON) -> Iterator[str]:
    embed = shape.inner(record, "embed")
    for part in (embed, shape.inner(embed, "media")):
        for _image in shape.objects(part, "images"):
            yield "photo"
        if "video" in part:
            yield "video"
        if link := shape.text(shape.inner(part, "external"), "uri"):
            yield link
    if quoted := _quoted(record):
        yield quoted
