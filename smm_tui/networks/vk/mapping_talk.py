"""Between what people write on VK and our items. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, ParamSpec

from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import NetworkError, Rejected
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.community import Author, Item, ItemKind
from smm_tui.networks.http import quoted
from smm_tui.networks.ports import JSON, RemoteRef
from smm_tui.networks.vk.mapping import address, digits, unescaped

P = ParamSpec("P")

SITE = "https://vk.com"
_MENTION = re.compile(r"\[(?:id|club|public|event)[0-9]{1,18}(?::bp-?[0-9_]{1,40})?\|([^\[\]\n|]+)\]")
_CHAT = 2_000_000_000  # peers from here on are chats of several people

Authors = Mapping[int, Author]


class Comments(NamedTuple):
    """A page of ``wall.getComments``. `top` are the ids of the comments of its own level, `threads` those of them
    that have more answers than the page shows, `length` how many entries it had, readable or not."""

    items: list[Item]
    top: list[int]
    threads: list[int]
    length: int


class Conversation(NamedTuple):
    """With whom, the number of the last message and when it was written (s)."""

    peer: int
    last_id: int
    last_at: int


class Messages(NamedTuple):
    """A page of ``messages.getHistory``: `numbers` are of all that are not deleted, `length` how many entries."""

    items: list[Item]
    numbers: list[int]
    length: int


# People


def authors(told: Any, own: int) -> dict[int, Author]:
    """Those whom an extended answer names, by VK's number: people's are positive, communities' negative."""
    found: dict[int, Author] = {}
    if not isinstance(told, dict):
        return found
    for person in shape.objects(told, "profiles"):
        if number := shape.number(person, "id", 0):
            name = " ".join(filter(None, (shape.text(person, "first_name"), shape.text(person, "last_name"))))
            found[number] = _author(number, own, shape.text(person, "screen_name"), name)
    for group in shape.objects(told, "groups"):
        if number := shape.number(group, "id", 0):
            found[-number] = _author(-number, own, shape.text(group, "screen_name"), shape.text(group, "name"))
    return found


def people(value: Any) -> dict[int, Author]:
    """The people of ``users.get``."""
    return authors({"profiles": shape.a_list(value, "users")}, 0)


def _author(number: int, own: int, handle: str = "", name: str = "") -> Author:
    word = f"id{number}" if number > 0 else f"club{-number}"
    safe = handle if re.fullmatch(r"[\w.]{1,64}", handle, re.ASCII) else word
    return Author(str(number), safe, name or safe, f"{SITE}/{safe}", own=number == own)


def _by(number: int, known: Authors, own: int) -> Author:
    return known.get(number) or _author(number, own)


# Comments


def comments(value: Any, *, owner: int, post: int, thread: int = 0) -> Comments:
    """The comments of a page below an own post, those of their threads that stand there too; `thread`: whose page."""
    told = shape.an_object(value, "comments")
    known = authors(told, owner)
    page = Comments([], [], [], len(shape.a_list(told.get("items"), "items")))
    for comment in _readable(told, "items"):
        number = int(digits(comment, "id"))
        page.top.append(number)
        page.items.extend(_kept(_comment, comment, known, owner, post, thread))
        inner = shape.inner(comment, "thread")
        shown = _readable(inner, "items")
        if shape.number(inner, "count", 0) > len(shown):
            page.threads.append(number)
        for answer in shown:
            page.items.extend(_kept(_comment, answer, known, owner, post, number))
    return page


def the_comment(value: Any, *, owner: int, post: int, thread: int = 0) -> Item | None:
    """The comment of ``wall.getComment``, None when only its trace is left."""
    told = value if isinstance(value, dict) else {"items": value}
    found = shape.an_object(next(iter(shape.a_list(told.get("items"), "items")), None), "comment")
    return _comment(found, authors(told, owner), owner, post, thread)


def _comment(told: Mapping[str, Any], known: Authors, owner: int, post: int, thread: int) -> Item | None:
    if told.get("deleted") in (True, 1):
        return None
    number, by = int(digits(told, "id")), _signed(told, "from_id")
    top = thread or next(iter(_numbers(told.get("parents_stack"))), 0)
    above = shape.number(told, "reply_to_comment", 0) or top
    likes = shape.inner(told, "likes")
    return Item(
        id=f"{owner}_{number}",
        kind=ItemKind.COMMENT,
        author=_by(by, known, owner),
        text=plain(shape.text(told, "text")),
        created_at=_instant(told, "date"),
        url=comment_url(owner, post, number, top),
        post_id=f"{owner}_{post}",
        parent_id=f"{owner}_{above}" if above else "",
        thread_id=f"{owner}_{top or number}",
        liked=likes.get("user_likes") in (True, 1) or likes.get("group_liked") is True,
        attachments=_attachments(told),
        extra={"owner": str(owner), "post": str(post), "comment": str(number), "thread": str(top or number)},
    )


def comment_url(owner: int, post: int, number: int, thread: int = 0) -> str:
    """Where a comment is shown."""
    below = f"&thread={thread}" if thread and thread != number else ""
    return f"{SITE}/wall{owner}_{post}?reply={number}{below}"


# Mentions


def mentions(value: Any, *, own: int) -> tuple[list[Item], int]:
    """The posts and comments of ``newsfeed.getMentions`` that stand elsewhere, and how many entries the page had."""
    told = shape.an_object(value, "mentions")
    length = len(shape.a_list(told.get("items"), "items"))
    known = authors(told, own)
    found: list[Item] = []
    for post in _readable(told, "items"):
        found.extend(_kept(_mention, post, known, own))
    return [item for item in found if item.extra["owner"] != str(own) and not item.author.own], length


def _mention(told: Mapping[str, Any], known: Authors, own: int) -> Item:
    number = int(digits(told, "id"))
    owner = _signed(told, "owner_id" if "owner_id" in told else "to_id")
    by = _signed(told, "from_id") if told.get("from_id") else owner
    post = shape.number(told, "post_id", 0)
    is_comment = bool(post) and post != number
    likes = shape.inner(told, "likes")
    return Item(
        id=f"{owner}_{number}",
        kind=ItemKind.MENTION,
        author=_by(by, known, own),
        text=plain(shape.text(told, "text")),
        created_at=_instant(told, "date"),
        url=comment_url(owner, post, number) if is_comment else f"{SITE}/wall{owner}_{number}",
        thread_id=f"{owner}_{post if is_comment else number}",
        edited_at=_instant(told, "edited") or None,
        liked=likes.get("user_likes") in (True, 1),
        attachments=_attachments(told),
        extra={
            "owner": str(owner),
            "post": str(post if is_comment else number),
            **({"comment": str(number)} if is_comment else {}),
        },
    )


# Messages


def conversations(value: Any) -> tuple[list[Conversation], int]:
    """The conversations of a page with one person or community each, and how many entries the page had."""
    told = shape.an_object(value, "conversations")
    entries = shape.a_list(told.get("items"), "items")
    found = []
    for entry in _objects(entries):
        inner = shape.inner(entry, "conversation")
        try:
            peer = _signed(shape.inner(inner, "peer"), "id")
        except shape.WrongShape:
            continue
        last = shape.number(inner, "last_message_id", 0)
        if last and peer < _CHAT:
            found.append(Conversation(peer, last, shape.number(shape.inner(entry, "last_message"), "date", 0)))
    return found, len(entries)


def messages(value: Any, *, own: int, peer: int) -> Messages:
    """The messages of a page of ``messages.getHistory``."""
    told = shape.an_object(value, "history")
    known = authors(told, own)
    entries = shape.a_list(told.get("items"), "items")
    found: list[Item] = []
    numbers = []
    for message in _objects(entries):
        number = shape.number(message, "id", 0)
        if not number or message.get("deleted") in (True, 1):
            continue
        numbers.append(number)
        found.extend(_kept(_message, message, known, own, peer))
    return Messages(found, numbers, len(entries))


def _message(told: Mapping[str, Any], known: Authors, own: int, peer: int) -> Item | None:
    if told.get("action"):  # what the service says of a chat
        return None
    number = int(digits(told, "id"))
    by = own if told.get("out") in (True, 1) else _signed(told, "from_id")
    above = shape.number(shape.inner(told, "reply_message"), "id", 0)
    return Item(
        id=message_id(peer, number),
        kind=ItemKind.MESSAGE,
        author=_by(by, known, own),
        text=plain(shape.text(told, "text")),
        created_at=_instant(told, "date"),
        url=conversation_url(own, peer),
        parent_id=message_id(peer, above) if above else "",
        thread_id=f"im{peer}",
        edited_at=_instant(told, "update_time") or None,
        attachments=_attachments(told),
        extra={"peer": str(peer), "message": str(number)},
    )


def message_id(peer: int, number: int) -> str:
    """Our id of a message; comments have others."""
    return f"im{peer}_{number}"


def message_number(item_id: str) -> int:
    """VK's number of a message."""
    word = item_id.rpartition("_")[2]
    return int(word) if word.isascii() and word.isdigit() else 0


def conversation_url(own: int, peer: int) -> str:
    """Where a community's people answer a person."""
    return f"{SITE}/gim{abs(own)}?sel={peer}"


def random_id(identity: str) -> int:
    """The ``random_id`` of an identity: 63 bits, never 0, the same one every time."""
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8], "big") >> 1 or 1


# Answers


def comment_ref(value: Any, *, owner: int, post: int, thread: int = 0) -> RemoteRef:
    """The reference of a comment that ``wall.createComment`` just made."""
    return ref_of_comment(int(digits(shape.an_object(value, "comment"), "comment_id")), owner, post, thread)


def ref_of_comment(number: int, owner: int, post: int, thread: int = 0) -> RemoteRef:
    """The reference of an own comment."""
    return RemoteRef(f"{owner}_{number}", comment_url(owner, post, number, thread), {"post": str(post)})


def message_ref(value: Any, *, own: int, peer: int) -> RemoteRef:
    """The reference of a message that ``messages.send`` just sent."""
    return ref_of_message(int(digits({"message_id": value}, "message_id")), own, peer)


def ref_of_message(number: int, own: int, peer: int) -> RemoteRef:
    """The reference of an own message."""
    return RemoteRef(message_id(peer, number), conversation_url(own, peer), {"peer": str(peer)})


def deleted_message(value: Any) -> None:
    """Rejected when ``messages.delete`` says of the message that it is not deleted for both sides."""
    for told in shape.objects({"items": value}, "items"):
        error = shape.inner(told, "error")
        if error:
            raise Rejected(
                _("VK did not take the message back: {reason}").format(
                    reason=quoted(shape.text(error, "description") or str(error.get("code", "")))
                ),
                _("Messages can be taken back within a day."),
                status=200,
            )


def sent_message(value: Any, random: int) -> int:
    """The number of the own message in a page of history that went with a ``random_id``; 0 when it is not there."""
    for message in shape.objects(shape.an_object(value, "history"), "items"):
        if message.get("random_id") in (random, str(random)) and message.get("deleted") not in (True, 1):
            return shape.number(message, "id", 0)
    return 0


# What texts and attachments become


def plain(text: str) -> str:
    """What a person reads of a text: people are named, not linked."""
    return unescaped(_MENTION.sub(r"\1", text))


def _attachments(told: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    for attachment in shape.objects(told, "attachments"):
        kind = shape.text(attachment, "type")
        file = shape.inner(attachment, kind)
        link = address(file) or shape.text(file, "url") or _sticker(file)
        if not link and kind in ("photo", "video", "doc", "market", "poll") and _whole(file.get("owner_id")):
            link = f"{SITE}/{kind}{file['owner_id']}_{shape.number(file, 'id', 0)}"
        if link or kind:
            found.append(link if link.startswith(("https://", "http://")) else kind or "file")
    return tuple(found)


def _sticker(file: Mapping[str, Any]) -> str:
    images = shape.objects(file, "images")
    largest = max(images, key=lambda image: shape.number(image, "width", 0), default={})
    return shape.text(largest, "url")


# Readers


def _readable(told: Mapping[str, Any], key: str) -> list[JSON]:
    return [entry for entry in shape.objects(told, key) if shape.number(entry, "id", 0)]


def _objects(entries: Sequence[Any]) -> Iterator[JSON]:
    return (entry for entry in entries if isinstance(entry, dict))


def _kept(make: Callable[P, Item | None], *args: P.args, **names: P.kwargs) -> Iterable[Item]:
    """The item, unless it cannot be read or is none."""
    try:
        item = make(*args, **names)
    except NetworkError:
        return ()
    return () if item is None else (item,)


def _signed(values: Mapping[str, Any], key: str) -> int:
    value = values.get(key)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        value = int(value)
    if not _whole(value) or not value:
        raise shape.WrongShape(key)
    return int(value)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _numbers(value: Any) -> list[int]:
    return [number for number in value if _whole(number) and number > 0] if isinstance(value, list) else []


def _instant(values: Mapping[str, Any], key: str) -> Instant:
    """A moment in seconds as ours; 0 when it is absent or beyond any calendar."""
    seconds = shape.number(values, key, 0)
    return seconds * 1000 if seconds < 10**11 else 0


class Line(NamedTuple):
    """A line of Bots Long Poll, and from when on it tells."""

    server: str
    key: str
    ts: str


class Heard(NamedTuple):
    """What a line told: whether something happened, and from when on to ask next; no `ts`: the line is to be opened
    anew."""

    something: bool
    ts: str


def line(value: Any) -> Line:
    """Where to listen. Only an address with TLS is used, or one of this machine: the key stands in it."""
    told = shape.an_object(value, "response")
    server = shape.text(told, "server")
    if not server.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise shape.WrongShape("server")
    return Line(server, shape.text(told, "key"), str(told.get("ts", "")))


def heard(value: Any) -> Heard:
    """An answer of the line. After a failure of kind 1 it has lost something: a round reads it all the same."""
    told = shape.an_object(value, "answer")
    ts = str(told.get("ts", "")) if isinstance(told.get("ts"), (str, int)) else ""
    if told.get("failed") is not None:
        return Heard(bool(ts), ts if told.get("failed") == 1 else "")
    return Heard(bool(shape.a_list(told.get("updates", []), "updates")), ts)
