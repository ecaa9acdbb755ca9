"""Comments, mentions and messages of the Graph API as our items. Pure: WrongShape for what cannot be one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from smm_tui.domain.clock import DAY, HOUR, Instant
from smm_tui.networks import shape
from smm_tui.networks.community import Author, Item, ItemKind
from smm_tui.networks.facebook.mapping import SITE, gist, ref
from smm_tui.networks.meta import paging
from smm_tui.networks.ports import JSON, RemoteRef

COMMENT_FIELDS = (
    "id,message,from,created_time,parent{id},attachment{type,url},is_hidden,user_likes,can_hide,can_remove,"
    "permalink_url"
)
POST_FIELDS = "id,message,from,created_time,updated_time,permalink_url,is_hidden"
MESSAGE_FIELDS = "id,created_time,from,to,message,attachments{mime_type,name,image_data,file_url}"
NEWEST = 20  # messages of a conversation that its listing tells
THREAD_FIELDS = f"id,updated_time,can_reply,messages.limit({NEWEST}){{{MESSAGE_FIELDS}}}"

RESPONSE_WINDOW: Instant = DAY  # after a person's last message
AGENT_WINDOW: Instant = 7 * DAY  # the same for a human agent
NEARLY: Instant = HOUR // 60  # a minute to spare: clocks differ


def comment(value: JSON, *, page: str, post_id: str) -> Item:
    """A comment below a post, at whatever depth."""
    number = shape.an_id(value, "id")
    parent = shape.text(shape.inner(value, "parent"), "id")
    attachment = shape.inner(value, "attachment")
    return Item(
        id=number,
        kind=ItemKind.COMMENT,
        author=_author(value, page),
        text=shape.text(value, "message"),
        created_at=paging.moment(value, "created_time"),
        url=shape.text(value, "permalink_url") or f"{SITE}/{number}",
        post_id=post_id,
        parent_id=parent,
        thread_id=parent or number,
        hidden=value.get("is_hidden") is True,
        liked=value.get("user_likes") is True,
        attachments=_named(attachment) if attachment else (),
    )


def mention(value: JSON, *, page: str, visitor: bool) -> Item:
    """Somebody's post that names the Page; `visitor`: one that stands on the Page itself."""
    number = shape.an_id(value, "id")
    created = paging.moment(value, "created_time")
    return Item(
        id=number,
        kind=ItemKind.MENTION,
        author=_author(value, page),
        text=shape.text(value, "message"),
        created_at=created,
        url=shape.text(value, "permalink_url") or f"{SITE}/{number}",
        thread_id=number,
        hidden=value.get("is_hidden") is True,
        extra={"where": "visitor" if visitor else "tagged"},
    )


def message(value: JSON, *, page: str, thread: str) -> Item:
    """A direct message; `extra` names whom an answer goes to."""
    author = _author(value, page)
    partner = author.id
    if author.own:
        others = shape.objects(shape.inner(value, "to"), "data")
        partner = next((shape.text(other, "id") for other in others), "")
    files = shape.objects(shape.inner(value, "attachments"), "data")
    return Item(
        id=shape.an_id(value, "id"),
        kind=ItemKind.MESSAGE,
        author=author,
        text=shape.text(value, "message"),
        created_at=paging.moment(value, "created_time"),
        thread_id=thread,
        attachments=tuple(name for file in files for name in _named(file)),
        extra={"recipient": partner},
    )


def thread(value: JSON, *, page: str) -> tuple[Instant, list[Item]]:
    """When a conversation last changed, and its newest messages, newest first."""
    number = shape.an_id(value, "id")
    found, _after = paging.listed(
        {"data": shape.objects(shape.inner(value, "messages"), "data")},
        lambda item: message(item, page=page, thread=number),
    )
    return paging.moment(value, "updated_time"), found


def _author(value: Mapping[str, Any], page: str) -> Author:
    """Who wrote it; Facebook leaves people out who did not agree to be named to apps."""
    author = shape.inner(value, "from")
    number = shape.an_id(author, "id") if author.get("id") else ""
    return Author(
        id=number,
        name=shape.text(author, "name"),
        url=f"{SITE}/{number}" if number else "",
        own=number == page,
    )


def _named(attachment: Mapping[str, Any]) -> tuple[str, ...]:
    """What hangs on a comment or message."""
    url = shape.text(attachment, "url") or shape.text(attachment, "file_url")
    url = url or shape.text(shape.inner(attachment, "image_data"), "url")
    return (url or shape.text(attachment, "type") or shape.text(attachment, "name") or "file",)


def messaging_form(recipient: str, text: str, *, since: Instant, now: Instant) -> dict[str, str] | None:
    """The form of an answer to a message of `since`; None when no answer is taken any more."""

    age = now - since
    if age > AGENT_WINDOW - NEARLY:
        return None
    form = {
        "recipient": json.dumps({"id": recipient}, separators=(",", ":")),
        "message": json.dumps({"text": text}, ensure_ascii=False, separators=(",", ":")),
        "messaging_type": "RESPONSE",
    }
    if age > RESPONSE_WINDOW - NEARLY:
        form |= {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return form


def answer_ref(value: Any) -> RemoteRef:
    """The reference of a comment that was just made."""
    return ref(shape.an_id(shape.an_object(value, "comment"), "id"))


def message_ref(value: Any) -> RemoteRef:
    """The reference of a message that was just sent; messages have no address."""
    return RemoteRef(id=shape.an_id(shape.an_object(value, "message"), "message_id"), url="")


class Baseline(NamedTuple):
    """What was there before an attempt: the newest time, and what was written in that second."""

    created: Instant = 0
    ids: tuple[str, ...] = ()

    def is_same(self, item: Item, text: str) -> bool:
        """Whether an own item is what an attempt with this text made."""
        is_later = item.created_at >= self.created and item.id not in self.ids
        return item.author.own and is_later and gist(item.text) == gist(text)


def newest(value: Any) -> JSON:
    """What a `Baseline` is made of, from the beginning of a list that is newest first."""
    found, _after = paging.listed(value, lambda item: (paging.moment(item, "created_time"), shape.an_id(item, "id")))
    latest = max((created for created, _id in found), default=0)
    return {"created": latest, "ids": [number for created, number in found if created == latest]}
