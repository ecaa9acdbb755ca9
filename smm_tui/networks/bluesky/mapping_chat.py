"""Between our values and the chat service's JSON. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from smm_tui.domain.clock import Instant
from smm_tui.networks import shape
from smm_tui.networks.bluesky.mapping_inbox import author, moment
from smm_tui.networks.community import Item, ItemKind
from smm_tui.networks.ports import JSON, RemoteRef

_HOME = "https://bsky.app/messages"


@dataclass(frozen=True, slots=True)
class Message:
    """A message that can be read, by whom, and when."""

    id: str
    sender: str
    text: str
    sent_at: Instant
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Messages:
    """A page of a conversation, newest first."""

    messages: tuple[Message, ...]
    cursor: str


@dataclass(frozen=True, slots=True)
class Convo:
    """A conversation and its people by their DIDs."""

    id: str
    people: dict[str, JSON]


@dataclass(frozen=True, slots=True)
class Convos:
    """A page of conversations."""

    convos: tuple[Convo, ...]
    cursor: str


@dataclass(frozen=True, slots=True)
class Log:
    """What happened in all conversations: (conversation, message, people) for each message, and ids taken away."""

    written: tuple[tuple[str, Message, dict[str, JSON]], ...]
    gone: tuple[str, ...]
    cursor: str


def convos(value: Any) -> Convos:
    """The answer of listConvos."""
    answer = shape.an_object(value, "convos")
    shape.a_list(answer.get("convos"), "convos")
    found = [
        Convo(shape.an_id(one, "id"), _people(one, "members"))
        for one in shape.objects(answer, "convos")
        if _has_id(one, "id")
    ]
    return Convos(tuple(found), shape.text(answer, "cursor"))


def convo(value: Any) -> Convo:
    """The answer of getConvo."""
    found = shape.inner(shape.an_object(value, "convo"), "convo")
    return Convo(shape.an_id(found, "id"), _people(found, "members"))


def messages(value: Any) -> Messages:
    """The answer of getMessages; what was deleted, or cannot be read, is left out."""
    answer = shape.an_object(value, "messages")
    shape.a_list(answer.get("messages"), "messages")
    found = (_message(message) for message in shape.objects(answer, "messages"))
    return Messages(tuple(message for message in found if message is not None), shape.text(answer, "cursor"))


def log(value: Any) -> Log:
    """The answer of getLog."""
    answer = shape.an_object(value, "logs")
    shape.a_list(answer.get("logs"), "logs")
    return Log(tuple(_written(answer)), tuple(_deleted(answer)), shape.text(answer, "cursor"))


def sent(value: Any, *, convo: str) -> RemoteRef:
    """The reference of a message, from sendMessage's answer."""
    return ref(shape.an_id(shape.an_object(value, "message"), "id"), convo)


def ref(message: str, convo: str) -> RemoteRef:
    """The reference of a message in a conversation."""
    return RemoteRef(id=message, url=f"{_HOME}/{convo}", extra={"convo": convo})


def item(message: Message, convo: str, people: dict[str, JSON], *, own: str) -> Item:
    """A message as an item; `own` is the account's DID."""
    return Item(
        id=message.id,
        kind=ItemKind.MESSAGE,
        author=author(people.get(message.sender, {}) | {"did": message.sender}, own=own),
        text=message.text,
        created_at=message.sent_at,
        url=f"{_HOME}/{convo}",
        thread_id=convo,
        attachments=message.attachments,
        extra={"convo": convo},
    )


def _written(answer: JSON) -> Iterator[tuple[str, Message, dict[str, JSON]]]:
    for entry in shape.objects(answer, "logs"):
        if not shape.text(entry, "$type").endswith("#logCreateMessage") or not _has_id(entry, "convoId"):
            continue
        message = _message(shape.inner(entry, "message"))
        if message is not None:
            yield shape.an_id(entry, "convoId"), message, _people(entry, "relatedProfiles")


def _deleted(answer: JSON) -> Iterator[str]:
    for entry in shape.objects(answer, "logs"):
        message = shape.inner(entry, "message")
        if shape.text(entry, "$type").endswith("#logDeleteMessage") and _has_id(message, "id"):
            yield shape.an_id(message, "id")


def _message(value: JSON) -> Message | None:
    sender = shape.inner(value, "sender")
    if not _has_id(value, "id") or not _has_id(sender, "did") or not isinstance(value.get("text"), str):
        return None  # deleted, or a kind of its own
    sent_at = moment(value, "sentAt")
    if sent_at is None:
        return None
    quoted = shape.text(shape.inner(value, "embed", "record"), "uri")
    return Message(
        id=shape.an_id(value, "id"),
        sender=shape.an_id(sender, "did"),
        text=shape.text(value, "text"),
        sent_at=sent_at,
        attachments=(quoted,) if quoted else (),
    )


def _people(values: JSON, key: str) -> dict[str, JSON]:
    return {shape.an_id(who, "did"): who for who in shape.objects(values, key) if _has_id(who, "did")}


def _has_id(values: JSON, key: str) -> bool:
    try:
        shape.an_id(values, key)
    except shape.WrongShape:
        return False
    return True
