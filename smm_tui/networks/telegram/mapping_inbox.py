"""What people write to a bot, in the chats that it is in, as items. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smm_tui.domain.clock import SECOND
from smm_tui.networks import shape
from smm_tui.networks.community import Author, Item, ItemKind
from smm_tui.networks.ports import JSON, RemoteRef
from smm_tui.networks.telegram.mapping import is_number, link_to, number_in, username_of
from smm_tui.networks.telegram.spec import CHANNEL

KINDS = ("message", "edited_message")  # the updates that are asked for
PRIVATE, DIRECT = "private", "direct"  # conversations with the bot, and with the channel
_THREADS = 300  # threads that are remembered
_ATTACHMENTS = (
    "photo",
    "video",
    "animation",
    "audio",
    "voice",
    "video_note",
    "document",
    "sticker",
    "live_photo",
    "paid_media",
    "story",
    "poll",
    "checklist",
    "contact",
    "venue",
    "location",
    "dice",
    "game",
)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where reading stands. `offset`: the first update that was not seen (0: none was); instants in ms.

    `threads` are the posts by the ``chat/message`` of their copies in the discussion group: an answer deep in a
    thread names nothing else.
    """

    offset: int = 0
    heard: int = 0  # when an update came last
    asked: int = 0
    threads: Mapping[str, str] = field(default_factory=dict)


def progress(cursor: JSON | None) -> Progress:
    """What a cursor says; whatever cannot be read of it is as if nothing had been."""
    if cursor is None:
        return Progress()
    threads = {place: post for place, post in shape.inner(cursor, "threads").items() if isinstance(post, str)}
    return Progress(
        shape.number(cursor, "offset", 0), shape.number(cursor, "heard", 0), shape.number(cursor, "asked", 0), threads
    )


def cursor_of(reached: Progress) -> JSON:
    """The JSON that `progress` reads, with the newest threads."""
    newest = dict(list(reached.threads.items())[-_THREADS:])
    return {"offset": reached.offset, "heard": reached.heard, "asked": reached.asked, "threads": newest}


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens. Chats are numbers; `discussion` is where comments are written, empty when nowhere."""

    chat: str
    discussion: str
    bot: str
    names: frozenset[str]  # what mentions it: ``@name`` in lower case
    posts: Mapping[str, str]  # own posts by each of their messages


def listener(remote_id: str, handle: str, facts: Mapping[str, Any], posts: Sequence[RemoteRef]) -> Listener:
    """Who listens for an account that was checked, about these own posts."""
    linked = facts.get("linked_chat_id", "") if facts.get("type") == CHANNEL else remote_id
    names = {f"@{facts.get('bot', '')}".lower(), handle.lower()}
    return Listener(
        chat=remote_id,
        discussion=str(linked),
        bot=str(facts.get("bot_id", "")),
        names=frozenset(name for name in names if name.startswith("@") and len(name) > 1),
        posts={message: post.id for post in posts for message in messages_of(post)},
    )


def messages_of(ref: RemoteRef) -> list[str]:
    """The ``chat/message`` of everything that a sending consists of."""
    chat, _slash, first = ref.id.partition("/")
    numbers = [number for number in ref.extra.get("ids", "").split(",") if is_number(number)] or [first]
    return [f"{chat}/{number}" for number in numbers]


def post_copied(message: Mapping[str, Any], who: Listener) -> str:
    """The own post of which a message is the automatic copy in the discussion group; empty when it is none."""
    origin = shape.inner(message, "forward_origin")
    chat = shape.inner(origin, "chat")
    if message.get("is_automatic_forward") is not True or _known_number(chat, "id") != who.chat:
        return ""
    number = _known_number(origin, "message_id")
    place = f"{who.chat}/{number}"
    return who.posts.get(place, place) if number else ""


def place_in(message: Mapping[str, Any]) -> str:
    """The ``chat/message`` of a message."""
    return f"{number_in(shape.an_object(message.get('chat'), 'chat'), 'id')}/{number_in(message, 'message_id')}"


def update_number(update: Any) -> int:
    """The number of an update."""
    return int(number_in(shape.an_object(update, "update"), "update_id"))


def message_of(update: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The message that an update tells of, None when it is about something else."""
    for kind in KINDS:
        if kind in update:
            return shape.an_object(update[kind], kind)
    return None


def item(message: Mapping[str, Any], who: Listener, threads: dict[str, str]) -> Item | None:
    """What a message is to the account, None when it is nothing to it. Learns `threads` on the way."""
    place = place_in(message)
    copied = post_copied(message, who)
    if copied:
        threads[place] = copied
        return None
    text, attachments = _whole(_words(message)), _attachments(message)
    if not text and not attachments:
        return None  # somebody came, left, pinned something
    chat = shape.inner(message, "chat")
    number = number_in(chat, "id")
    above = _above(message, who, threads, number)
    kind = _kind(message, chat, who, above)
    if kind is None:
        return None
    created = shape.number(message, "date", 0)
    edited = shape.number(message, "edit_date", 0)
    if not created:
        raise shape.WrongShape("date")
    return Item(
        id=place,
        kind=kind,
        author=_author(message, who),
        text=text,
        created_at=created * SECOND,
        url=link_to(number, username_of(chat), number_in(message, "message_id")),
        post_id=above.post,
        parent_id=above.parent,
        thread_id=_thread(message, chat, above),
        edited_at=edited * SECOND if edited else None,
        attachments=attachments,
        extra=_extra(message, chat),
    )


@dataclass(frozen=True, slots=True)
class _Above:
    """What a message answers: `root` begins the thread."""

    post: str = ""
    parent: str = ""
    root: str = ""


def _above(message: Mapping[str, Any], who: Listener, threads: dict[str, str], chat: str) -> _Above:
    answered = shape.inner(message, "reply_to_message")
    number, thread = _known_number(answered, "message_id"), _known_number(message, "message_thread_id")
    parent = f"{chat}/{number}" if number else ""
    root = f"{chat}/{thread}" if thread else parent
    post = post_copied(answered, who)
    if post:
        threads[parent] = post
        return _Above(post, "", parent)
    if parent in threads or parent in who.posts:
        return _Above(threads.get(parent) or who.posts[parent], "", root)
    return _Above(threads.get(root) or who.posts.get(root, ""), parent, root)


def _kind(message: Mapping[str, Any], chat: Mapping[str, Any], who: Listener, above: _Above) -> ItemKind | None:
    if shape.text(chat, "type") == "private" or chat.get("is_direct_messages") is True:
        return ItemKind.MESSAGE
    named = _names_somebody(message, who)
    if str(chat.get("id")) == who.discussion:
        return ItemKind.MENTION if named and not above.post else ItemKind.COMMENT
    return ItemKind.MENTION if named else None


def _names_somebody(message: Mapping[str, Any], who: Listener) -> bool:
    spans = _words(message).encode("utf-16-le", "surrogatepass")
    for entity in (*shape.objects(message, "entities"), *shape.objects(message, "caption_entities")):
        if entity.get("type") == "text_mention" and _known_number(shape.inner(entity, "user"), "id") == who.bot:
            return True
        start, length = entity.get("offset"), entity.get("length")
        if entity.get("type") == "mention" and isinstance(start, int) and isinstance(length, int) and start >= 0:
            span = spans[2 * start : 2 * (start + length)].decode("utf-16-le", "replace")
            if span.lower() in who.names:
                return True
    return False


def _author(message: Mapping[str, Any], who: Listener) -> Author:
    sender = shape.inner(message, "sender_chat") or shape.inner(message, "from")
    number = number_in(sender, "id")
    username = username_of(sender)
    names = (shape.text(sender, key) for key in ("title", "first_name", "last_name"))
    return Author(
        id=number,
        handle=f"@{username}" if username else "",
        name=_whole(" ".join(filter(None, names))),
        url=f"https://t.me/{username}" if username else "",
        own=number in (who.bot, who.chat, who.discussion),
    )


def _thread(message: Mapping[str, Any], chat: Mapping[str, Any], above: _Above) -> str:
    if topic := _topic(message):
        return f"{number_in(chat, 'id')}#{topic}"
    if shape.text(chat, "type") == "private":
        return number_in(chat, "id")
    return above.root or place_in(message)


def _extra(message: Mapping[str, Any], chat: Mapping[str, Any]) -> dict[str, str]:
    """What answering and moderating need: the kind of chat, and the topic of a channel's direct messages."""
    if topic := _topic(message):
        return {"chat": DIRECT, "topic": topic}
    return {"chat": shape.text(chat, "type")[:20]}


def _topic(message: Mapping[str, Any]) -> str:
    return _known_number(shape.inner(message, "direct_messages_topic"), "topic_id")


def _words(message: Mapping[str, Any]) -> str:
    return (
        shape.text(message, "text")
        or shape.text(message, "caption")
        or shape.text(shape.inner(message, "poll"), "question")
        or shape.text(shape.inner(message, "sticker"), "emoji")
    )


def _attachments(message: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in _ATTACHMENTS if message.get(name))


def _known_number(values: Mapping[str, Any], key: str) -> str:
    """A whole number as its digits, empty when there is none."""
    found = values.get(key)
    number = "" if isinstance(found, bool) or not isinstance(found, int | str) else str(found)[:30]
    return number if is_number(number) else ""


def _whole(text: str) -> str:
    """The text, halves of characters replaced: no database and no terminal takes these."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
