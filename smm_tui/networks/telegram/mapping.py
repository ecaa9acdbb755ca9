"""Between our posts and the Bot API's JSON. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smm_tui.domain.errors import Rejected, Unsupported
from smm_tui.domain.media_types import extension
from smm_tui.domain.text import COUNTERS
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.http import quoted
from smm_tui.networks.ports import JSON, MediaFile, Part, Poll, RemoteRef
from smm_tui.networks.telegram.spec import shown_text

_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,200}")
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_PLACE = re.compile(r"(-?[0-9]{1,18})/([0-9]{1,18})")
_QUESTION = 300  # characters
_OPTION = 100
_OPTIONS = range(1, 13)
_OPEN = range(5, 2_628_001)  # seconds
_TEXT, _POLL = "text", "poll"


def is_token(text: str) -> bool:
    """Whether a text has the form of a bot token, and so cannot turn the address of a call into another one."""
    return _TOKEN.fullmatch(text) is not None


# Chats and messages


def chat_id(typed: str) -> int | str:
    """What the calls take for a chat, of what people type: a number, a name, with or without ``@`` or ``t.me/``.

    Rejected (field ``handle``) when it is none of these.
    """
    name = re.sub(r"^(?:https?://)?t\.me/|^@", "", typed.strip())
    if _NUMBER.fullmatch(name):
        return int(name)
    if _USERNAME.fullmatch(name):
        return f"@{name}"
    raise Rejected(
        _("“{handle}” is no channel of Telegram.").format(handle=quoted(typed)),
        _("Give its @name, or the number (-100...) of a private one."),
        field="handle",
    )


def number_in(values: Mapping[str, Any], key: str) -> str:
    """A required whole number, as its digits."""
    found = shape.an_id(values, key)
    if not _NUMBER.fullmatch(found):
        raise shape.WrongShape(key)
    return found


def is_number(text: str) -> bool:
    """Whether a text is a number of a chat or person."""
    return _NUMBER.fullmatch(text) is not None


def username_of(values: Mapping[str, Any]) -> str:
    """The public name of a chat or person, without ``@``; empty when there is none."""
    name = shape.text(values, "username")
    return name if _USERNAME.fullmatch(name) else ""


def link_to(chat: str, username: str, message: str) -> str:
    """The address of a message, empty when it has none."""
    if username:
        return f"https://t.me/{username}/{message}"
    return f"https://t.me/c/{chat.removeprefix('-100')}/{message}" if chat.startswith("-100") else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sending is: its chat and its messages. `shows`: what each is, see `request`; empty when not known."""

    chat: int
    messages: tuple[int, ...]
    shows: tuple[str, ...] = ()


def place_of(ref: RemoteRef) -> Place:
    """Where a reference points to. Rejected when the server never told its number."""
    chat, first = place_of_id(ref.id)
    numbers = tuple(int(number) for number in ref.extra.get("ids", "").split(",") if _NUMBER.fullmatch(number))
    messages = numbers or (first,)
    shows = tuple(ref.extra.get("shows", "").split(","))
    return Place(chat, messages, shows if len(shows) == len(messages) and all(shows) else ())


def place_of_id(place: str) -> tuple[int, int]:
    """Chat and message of an id of ours. Rejected when the server never told its number."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise Rejected(
            _("Telegram did not say under which number it keeps this message."), _("Do it in Telegram itself.")
        )
    return int(found[1]), int(found[2])


# Publishing


def request(part: Part, chat: int | str) -> JSON:
    """The one call that publishes a part: its method, parameters and files by the fields of the form.

    The text goes without entities and without a parse mode: Telegram finds links, mentions and hashtags by itself,
    and nothing that somebody wrote is taken for markup. ``shows`` says what each message will be: "text", "poll", or
    the mark of its file. An edit needs that, for it uploads only what changed.
    """
    text = shown_text(part.text, part.content_warning)
    hidden = is_hidden(part)
    if part.poll is not None:
        return {**_call("sendPoll", {"chat_id": chat, "question": text, **_poll(part.poll)}), "shows": [_POLL]}
    if not part.media:
        return {**_call("sendMessage", {"chat_id": chat, "text": text}), "shows": [_TEXT]}
    shows = [_mark(file, hidden=hidden) for file in part.media]
    if len(part.media) == 1:
        kind, caption = _kind(part.media[0]), {"caption": text} if text else {}
        parameters = {"chat_id": chat, **caption, **_spoiler(hidden), **_measures(part.media[0])}
        return {**_call(f"send{kind.title()}", parameters, {kind: part.media[0]}), "shows": shows}
    names = [f"file{index}" for index in range(len(part.media))]
    items = [
        _input_media(file, name, "" if index else text, hidden=hidden)
        for index, (file, name) in enumerate(zip(part.media, names, strict=True))
    ]
    files = dict(zip(names, part.media, strict=True))
    return {**_call("sendMediaGroup", {"chat_id": chat, "media": items}, files), "shows": shows}


def ensure_sendable(part: Part) -> None:
    """Rejected (field ``poll``) for a poll that Telegram does not take."""
    if part.poll is None:
        return
    count = COUNTERS["utf16"]
    question = shown_text(part.text, part.content_warning)
    problem = ""
    if part.media:
        problem = _("A poll goes without pictures and videos.")
    elif not 0 < count(question) <= _QUESTION:
        problem = _("The question of a poll has up to {limit} characters.").format(limit=_QUESTION)
    elif len(part.poll.options) not in _OPTIONS:
        problem = _("A poll has up to {limit} answers.").format(limit=_OPTIONS[-1])
    elif not all(0 < count(option) <= _OPTION for option in part.poll.options):
        problem = _("An answer of a poll has up to {limit} characters.").format(limit=_OPTION)
    elif part.poll.seconds not in _OPEN:
        problem = _("A poll is open for 5 seconds at the least and 30 days at the most.")
    if problem:
        raise Rejected(problem, _("Change the poll."), field="poll")


def is_hidden(part: Part) -> bool:
    """Whether the files of a part are covered until somebody taps on them."""
    return bool(part.content_warning.strip())


def _call(method: str, parameters: JSON, files: Mapping[str, MediaFile] | None = None) -> JSON:
    named = {
        name: {"path": str(file.path), "sha256": file.sha256, "mime": file.mime, "size": file.size}
        for name, file in (files or {}).items()
    }
    return {"method": method, "parameters": parameters, "files": named}


def _poll(poll: Poll) -> JSON:
    return {
        "options": [{"text": option} for option in poll.options],
        "is_anonymous": True,  # a channel takes no others
        "allows_multiple_answers": poll.multiple,
        "open_period": poll.seconds,
    }


def _input_media(file: MediaFile, name: str, text: str, *, hidden: bool) -> JSON:
    caption = {"caption": text} if text else {}
    return {
        "type": _kind(file),
        "media": f"attach://{name}",
        **caption,
        **_spoiler(hidden),
        **_measures(file),
    }


def _spoiler(hidden: bool) -> JSON:
    return {"has_spoiler": True} if hidden else {}


def _kind(file: MediaFile) -> str:
    return "video" if file.mime.startswith("video/") else "photo"


def _mark(file: MediaFile, *, hidden: bool) -> str:
    return f"{file.sha256[:16]}{'!' if hidden else ''}"


def _measures(file: MediaFile) -> JSON:
    """What Telegram wants to be told of a video."""
    if _kind(file) == "photo":
        return {}
    size = {"width": file.width, "height": file.height} if file.width and file.height else {}
    return {"supports_streaming": True, **size}


def file_name(field: str, mime: str) -> str:
    """The name under which a file is uploaded: nothing of its own name gets out."""
    return f"{field}{extension(mime)}"


def result(value: Any) -> Any:
    """What stands inside a successful answer."""
    answer = shape.an_object(value, "answer")
    if answer.get("ok") is not True or "result" not in answer:
        raise shape.WrongShape("ok")
    return answer["result"]


def sent(value: Any, shows: Any) -> RemoteRef:
    """The reference of a sent message, or of an album by its first one; `shows` is the wire's.

    Its id is ``chat/message``, so that it lasts when the chat changes its name. A message that the server keeps for
    later, as it does with videos for large chats, has no id yet: then the reference has none either.
    """
    found = result(value)
    messages = [shape.an_object(item, "message") for item in (found if isinstance(found, list) else [found])]
    if not messages:
        raise shape.WrongShape("messages")
    numbers = [number_in(message, "message_id") for message in messages]
    chat = shape.an_object(messages[0].get("chat"), "chat")
    chat_number = number_in(chat, "id")
    known = [number for number in numbers if int(number) > 0]
    if not known:
        return RemoteRef(id="", url="")
    extra = {"ids": ",".join(known)}
    if isinstance(shows, list) and len(shows) == len(known):
        extra["shows"] = ",".join(map(str, shows))
    return RemoteRef(f"{chat_number}/{known[0]}", link_to(chat_number, username_of(chat), known[0]), extra)


def deletion(ref: RemoteRef) -> tuple[str, JSON]:
    """The method and parameters that delete a message or an album. Rejected when the server never told its number."""
    place = place_of(ref)
    if len(place.messages) > 1:
        return "deleteMessages", {"chat_id": place.chat, "message_ids": list(place.messages)}
    return "deleteMessage", {"chat_id": place.chat, "message_id": place.messages[0]}


# Editing


def edits(ref: RemoteRef, part: Part) -> JSON:
    """The calls that bring a live sending to another content, and what it ``shows`` then.

    Rejected (field ``media``) where Telegram cannot: it takes no files off, and an album keeps their number.
    """
    place = place_of(ref)
    text = shown_text(part.text, part.content_warning)
    if part.poll is not None or _POLL in place.shows:
        raise Unsupported(_("Telegram does not change polls."), _("Delete the post and publish it anew."))
    if not part.media:
        if len(place.messages) > 1 or (place.shows and _TEXT not in place.shows):
            raise _fixed_files(len(place.messages))
        message = {"chat_id": place.chat, "message_id": place.messages[0]}
        return {"calls": [_call("editMessageText", {**message, "text": text})], "shows": [_TEXT]}
    if len(part.media) != len(place.messages):
        raise _fixed_files(len(place.messages))
    hidden = is_hidden(part)
    shows = [_mark(file, hidden=hidden) for file in part.media]
    calls = []
    for index, (number, file) in enumerate(zip(place.messages, part.media, strict=True)):
        message = {"chat_id": place.chat, "message_id": number}
        if not place.shows or place.shows[index] != shows[index]:
            media = _input_media(file, "file", "" if index else text, hidden=hidden)
            calls.append(_call("editMessageMedia", {**message, "media": media}, {"file": file}))
        elif index == 0:
            calls.append(_call("editMessageCaption", {**message, "caption": text}))
    return {"calls": calls, "shows": shows}


def edited(ref: RemoteRef, shows: Any) -> RemoteRef:
    """The reference of a sending after an edit."""
    known = {"shows": ",".join(map(str, shows))} if isinstance(shows, list) and all(shows) else {}
    return RemoteRef(ref.id, ref.url, {**ref.extra, **known})


def _fixed_files(count: int) -> Rejected:
    return Rejected(
        _("Telegram does not change how many files a live post has; this one has {count}.").format(count=count),
        _("Keep their number, or delete the post and publish it anew."),
        field="media",
    )
