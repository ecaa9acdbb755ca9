"""What people write, from Mastodon's JSON. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from smm_tui.domain.clock import Instant
from smm_tui.networks import shape
from smm_tui.networks.community import Author, Item, ItemKind
from smm_tui.networks.mastodon.mapping import instant, plain_text
from smm_tui.networks.ports import JSON

DIRECT = "direct"


class Own(NamedTuple):
    """Who the account itself is there."""

    id: str
    domain: str


class Place(NamedTuple):
    """Where something stands: below an own post (empty: not), in a conversation."""

    post_id: str
    thread_id: str


class Notice(NamedTuple):
    """A notification that something was written: its own id, its type and the Status."""

    id: str
    kind: str
    status: JSON


# Notifications


def notices(value: Any) -> tuple[int, list[Notice], str]:
    """How many notifications a page holds, those that can be read, and the newest id (empty: none).

    They come newest first, whatever the direction of paging; here they are oldest first.
    """
    page = shape.a_list(value, "notifications")
    found: list[Notice] = []
    newest = ""
    for item in reversed(page):
        try:
            notice_id = shape.an_id(shape.an_object(item, "notification"), "id")
        except shape.WrongShape:
            continue
        newest = max(newest, notice_id, key=order)
        status = item.get("status")
        if isinstance(status, dict):
            found.append(Notice(notice_id, shape.text(item, "type"), status))
    return len(page), found, newest


def order(some_id: str) -> tuple[int, str]:
    """Ids are older or newer by their length, then their letters."""
    return len(some_id), some_id


# Statuses


def status_id(status: Mapping[str, Any]) -> str:
    """The id of a Status."""
    return shape.an_id(status, "id")


def parent_of(status: Mapping[str, Any]) -> str:
    """What a Status answers, empty: nothing."""
    parent = status.get("in_reply_to_id")
    return str(parent) if isinstance(parent, (str, int)) and not isinstance(parent, bool) else ""


def edited(status: Mapping[str, Any]) -> str:
    """When a Status was edited last, as the server writes it."""
    return shape.text(status, "edited_at")


def is_about(status: Mapping[str, Any], own: Own) -> bool:
    """Whether a Status names the account or answers it."""
    return shape.text(status, "in_reply_to_account_id") == own.id or any(
        mention.get("id") == own.id for mention in shape.objects(status, "mentions")
    )


def a_status(value: Any) -> JSON:
    """A Status, unread."""
    return shape.an_object(value, "status")


def context(value: Any) -> tuple[list[JSON], list[JSON]]:
    """What stands above a status and what below, as far as it has an id."""
    values = shape.an_object(value, "context")
    above, below = ([s for s in shape.objects(values, key) if _has_id(s)] for key in ("ancestors", "descendants"))
    if not isinstance(values.get("descendants"), list):
        raise shape.WrongShape("descendants")
    return above, below


def _has_id(status: Mapping[str, Any]) -> bool:
    try:
        return bool(status_id(status))
    except shape.WrongShape:
        return False


def above(ancestors: list[JSON], known: Mapping[str, Place], own: Own) -> Place | None:
    """The place of an answer by what stands above it, from the root on; None: there is nothing above.

    Below an own post is what stands below one that is known, or below a thread that the account began.
    """
    for status in reversed(ancestors):
        place = known.get(status_id(status))
        if place is not None:
            return place
    begun = ""
    for status in ancestors:
        if author_id(status) != own.id:
            break
        begun = status_id(status)
    if begun:
        return Place(begun, begun)
    return Place("", status_id(ancestors[0])) if ancestors else None


def places(post_id: str, descendants: Iterable[JSON], posts: Mapping[str, Place]) -> dict[str, Place]:
    """The place of each status below an own post: below the nearest of the own posts."""
    found: dict[str, Place] = {post_id: Place(post_id, post_id)}
    waiting = [(status_id(status), parent_of(status)) for status in descendants]
    while waiting:  # servers list a parent first, but need not
        left = []
        for here, parent in waiting:
            if here in posts:
                found[here] = posts[here]
            elif parent in found:
                found[here] = found[parent]
            else:
                left.append((here, parent))
        if len(left) == len(waiting):  # what stands between is not shown to us
            found |= dict.fromkeys((here for here, _parent in left), Place(post_id, post_id))
            break
        waiting = left
    return found


def author_id(status: Mapping[str, Any]) -> str:
    """Who wrote a Status, empty when that cannot be read."""
    return shape.text(shape.inner(status, "account"), "id")


def item(status: Mapping[str, Any], own: Own, place: Place | None = None) -> Item:
    """An Item of a Status. Without a place it stands for itself."""
    here = status_id(status)
    writer = author(status.get("account"), own)
    created_at = instant(shape.text(status, "created_at"))
    if created_at is None:
        raise shape.WrongShape("created_at")
    visibility = shape.text(status, "visibility")
    post_id, thread_id = place or (("", parent_of(status) or here))
    extra = {"visibility": visibility} if visibility else {}
    kind = ItemKind.COMMENT if post_id else ItemKind.MENTION
    if visibility == DIRECT:
        kind, post_id = ItemKind.MESSAGE, ""
        others = {shape.text(m, "id"): _handle(shape.text(m, "acct"), own) for m in shape.objects(status, "mentions")}
        others.pop(own.id, None)
        others.pop(writer.id, None)
        thread_id = "-".join(sorted({*others, *(() if writer.own else (writer.id,))} - {""}))
        if others:
            extra["others"] = " ".join(sorted(filter(None, others.values())))
    if warning := shape.text(status, "spoiler_text"):
        extra["content_warning"] = warning
    parent = parent_of(status)
    return Item(
        id=here,
        kind=kind,
        author=writer,
        text=plain_text(shape.text(status, "content")),
        created_at=created_at,
        url=shape.text(status, "url") or shape.text(status, "uri"),
        post_id=post_id,
        parent_id="" if parent == post_id else parent,
        thread_id=thread_id,
        edited_at=_maybe(edited(status)),
        liked=status.get("favourited") is True,
        attachments=_attachments(status),
        language=shape.text(status, "language"),
        extra=extra,
    )


def author(value: Any, own: Own) -> Author:
    """An Author of an Account."""
    account = shape.an_object(value, "account")
    here = shape.an_id(account, "id")
    handle = _handle(shape.text(account, "acct") or shape.text(account, "username"), own)
    return Author(
        id=here,
        handle=handle,
        name=shape.text(account, "display_name") or handle,
        url=shape.text(account, "url"),
        own=here == own.id,
    )


def _handle(acct: str, own: Own) -> str:
    if not acct or any(map(str.isspace, acct)):
        return ""
    return f"@{acct}" if "@" in acct or not own.domain else f"@{acct}@{own.domain}"


def addressees(item: Item) -> list[str]:
    """Whom an answer must name: who wrote it, and who else takes part in a direct conversation."""
    others = item.extra.get("others", "").split()
    writer = [item.author.handle] if item.author.handle and not item.author.own else []
    return list(dict.fromkeys([*writer, *others]))


def _maybe(written: str) -> Instant | None:
    return instant(written) if written else None


def _attachments(status: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        found
        for media in shape.objects(status, "media_attachments")
        if (found := shape.text(media, "url") or shape.text(media, "remote_url") or shape.text(media, "type"))
    )


# Reports


def reports(value: Any, own: Own) -> tuple[int, list[Item], str]:
    """How many reports a page holds, those that can be read, oldest first, and the newest id (empty: none)."""
    page = shape.a_list(value, "reports")
    found: list[Item] = []
    newest = ""
    for entry in reversed(page):
        try:
            newest = max(newest, shape.an_id(shape.an_object(entry, "report"), "id"), key=order)
            found.append(report(entry, own))
        except shape.WrongShape:
            continue
    return len(page), found, newest


def report(value: Any, own: Own) -> Item:
    """An Item of an Admin::Report: its author is who reported, its `extra` names who and what is reported."""
    entry = shape.an_object(value, "report")
    here = shape.an_id(entry, "id")
    created_at = instant(shape.text(entry, "created_at"))
    if created_at is None:
        raise shape.WrongShape("created_at")
    target = author(shape.inner(entry, "target_account", "account"), own)
    statuses = [shape.text(status, "id") for status in shape.objects(entry, "statuses")]
    return Item(
        id=here,
        kind=ItemKind.REPORT,
        author=author(shape.inner(entry, "account", "account"), own),
        text=shape.text(entry, "comment") or shape.text(entry, "category"),
        created_at=created_at,
        thread_id=here,
        attachments=tuple(url for status in shape.objects(entry, "statuses") if (url := shape.text(status, "url"))),
        extra={
            "category": shape.text(entry, "category"),
            "target": target.id,
            "target_handle": target.handle,
            "statuses": " ".join(filter(None, statuses)),
            "closed": "yes" if entry.get("action_taken") is True else "",
        },
    )


def reported(value: Any) -> list[JSON]:
    """The Statuses that an Admin::Report is about."""
    return [s for s in shape.objects(shape.an_object(value, "report"), "statuses") if _has_id(s)]


def streaming(value: Any) -> str:
    """Where an instance says that its events are, as an HTTP address; empty when it does not say."""
    told = value
    for name in ("configuration", "urls"):
        told = told.get(name) if isinstance(told, dict) else None
    address = told.get("streaming") if isinstance(told, dict) else None
    if not isinstance(address, str) or not address.startswith(("wss://", "ws://")):
        return ""
    return "http" + address.removeprefix("ws").rstrip("/")


def told_something(said: bytes) -> bool:
    """Whether server-sent events told of something, whole: comments only keep the line open."""
    return b"\ndata:" in b"\n" + said.replace(b"\r\n", b"\n") and b"\n\n" in said.replace(b"\r\n", b"\n")
