"""Between our values and the Bot API's JSON. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from smm_tui.domain.errors import Rejected
from smm_tui.domain.media_types import extension
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.http import quoted
from smm_tui.networks.ports import JSON, Checked, MediaFile, Part, RemoteRef
from smm_tui.networks.telegram.spec import OFFICIAL, shown_text

_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,200}")
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_PLACE = re.compile(r"(-?[0-9]{1,18})/([0-9]{1,18})")


def is_token(text: str) -> bool:
    """Whether a text has the form of a bot token, and so cannot turn the address of a call into another one."""
    return _TOKEN.fullmatch(text) is not None


# Chats


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


def checked(bot: Any, chat: Any, *, server: str) -> Checked:
    """What getMe and getChat tell. Rejected (field ``handle``) when the chat is a person's."""
    user, about = shape.an_object(bot, "bot"), shape.an_object(chat, "chat")
    number, kind = _number(about, "id"), shape.text(about, "type")
    username = _username(about)
    handle = f"@{username}" if username else number
    if kind == "private":
        raise Rejected(
            _("{handle} is a private chat, not a channel or group.").format(handle=handle),
            _("Give the channel's @name, or its number (-100...)."),
            field="handle",
        )
    facts: JSON = {
        "bot_id": _number(user, "id"),
        "bot": shape.text(user, "username")[:64],
        "type": kind[:20],
        "own_server": server != OFFICIAL,
    }
    if _NUMBER.fullmatch(linked := str(about.get("linked_chat_id"))):
        facts["linked_chat_id"] = linked
    return Checked(
        remote_id=number,
        handle=handle,
        display_name=shape.text(about, "title") or handle,
        server=server,
        url=f"https://t.me/{username}" if username else "",
        facts=facts,
    )


def missing_rights(member: Any, chat: Any) -> tuple[str, ...]:
    """Sentences for what the bot may not do in the chat, from getChatMember and getChat."""
    rights, about = shape.an_object(member, "member"), shape.an_object(chat, "chat")
    status = shape.text(rights, "status")
    if status == "creator":
        return ()
    may = {name for name, value in rights.items() if value is True}
    if shape.text(about, "type") == "channel":
        return _missing_in_channel(status, may)
    return _missing_in_group(status, may, shape.inner(about, "permissions"))


def no_administrator() -> str:
    """The sentence for a bot that is nobody in a channel."""
    return _("cannot publish: the bot is no administrator there")


def _missing_in_channel(status: str, may: set[str]) -> tuple[str, ...]:
    if status != "administrator":
        return (no_administrator(),)
    if "can_post_messages" not in may:
        return (_("cannot publish: the bot lacks the right to post messages"),)
    missing = []
    if "can_edit_messages" not in may:
        missing.append(_("can publish; cannot pin posts: the bot lacks the right to edit messages"))
    if "can_delete_messages" not in may:
        missing.append(_("can publish; cannot delete posts of others: the bot lacks the right to delete messages"))
    return tuple(missing)


def _missing_in_group(status: str, may: set[str], everybody: Mapping[str, Any]) -> tuple[str, ...]:
    if status in ("left", "kicked"):
        return (_("cannot publish: the bot is not a member of the group"),)
    if status != "administrator":
        silent = everybody.get("can_send_messages") is False if status == "member" else "can_send_messages" not in may
        if silent:
            return (_("cannot publish: the bot may not write in the group"),)
        return (_("can publish; cannot pin or delete messages of others: the bot is no administrator"),)
    missing = []
    if "can_pin_messages" not in may:
        missing.append(_("can publish; cannot pin messages: the bot lacks the right to pin"))
    if "can_delete_messages" not in may:
        missing.append(_("can publish; cannot delete messages of others: the bot lacks the right to delete"))
    return tuple(missing)


# Publishing


def request(part: Part, chat: int | str) -> JSON:
    """The one call that publishes a part: its method, parameters and files by the fields of the form.

    The text goes without entities and without a parse mode: Telegram finds links, mentions and hashtags by itself,
    and nothing that somebody wrote is taken for markup.
    """
    text = shown_text(part.text, part.content_warning)
    hidden = {"has_spoiler": True} if part.content_warning.strip() else {}
    caption = {"caption": text} if text else {}
    if not part.media:
        return {"method": "sendMessage", "parameters": {"chat_id": chat, "text": text}, "files": {}}
    if len(part.media) == 1:
        kind = _kind(part.media[0])
        return {
            "method": f"send{kind.title()}",
            "parameters": {"chat_id": chat, **caption, **hidden, **_measures(part.media[0])},
            "files": {kind: _file(part.media[0])},
        }
    items = [
        {"type": _kind(file), "media": f"attach://file{index}", **hidden, **_measures(file)}
        for index, file in enumerate(part.media)
    ]
    items[0] |= caption
    return {
        "method": "sendMediaGroup",
        "parameters": {"chat_id": chat, "media": items},
        "files": {f"file{index}": _file(file) for index, file in enumerate(part.media)},
    }


def _kind(file: MediaFile) -> str:
    return "video" if file.mime.startswith("video/") else "photo"


def _measures(file: MediaFile) -> JSON:
    """What Telegram wants to be told of a video."""
    if _kind(file) == "photo":
        return {}
    size = {"width": file.width, "height": file.height} if file.width and file.height else {}
    return {"supports_streaming": True, **size}


def _file(file: MediaFile) -> JSON:
    return {"path": str(file.path), "sha256": file.sha256, "mime": file.mime, "size": file.size}


def file_name(field: str, mime: str) -> str:
    """The name under which a file is uploaded: nothing of its own name gets out."""
    return f"{field}{extension(mime)}"


def result(value: Any) -> Any:
    """What stands inside a successful answer."""
    answer = shape.an_object(value, "answer")
    if answer.get("ok") is not True or "result" not in answer:
        raise shape.WrongShape("ok")
    return answer["result"]


def sent(value: Any) -> RemoteRef:
    """The reference of a sent message, or of an album by its first one.

    Its id is ``chat/message``, so that it lasts when the chat changes its name. A message that the server keeps for
    later, as it does with videos for large chats, has no id yet: then the reference has none either.
    """
    found = result(value)
    messages = [shape.an_object(item, "message") for item in (found if isinstance(found, list) else [found])]
    if not messages:
        raise shape.WrongShape("messages")
    numbers = [_number(message, "message_id") for message in messages]
    chat = shape.an_object(messages[0].get("chat"), "chat")
    number = _number(chat, "id")
    known = [message for message in numbers if int(message)]
    if not known:
        return RemoteRef(id="", url="")
    url = _link(number, _username(chat), known[0])
    return RemoteRef(id=f"{number}/{known[0]}", url=url, extra={"ids": ",".join(known)})


def deletion(ref: RemoteRef) -> tuple[str, JSON]:
    """The method and parameters that delete a message or an album. Rejected when the server never told its number."""
    found = _PLACE.fullmatch(ref.id)
    if found is None:
        raise Rejected(
            _("Telegram did not say under which number it keeps this message."), _("Delete it in Telegram itself.")
        )
    chat = int(found[1])
    messages = [int(number) for number in ref.extra.get("ids", "").split(",") if _NUMBER.fullmatch(number)]
    if len(messages) > 1:
        return "deleteMessages", {"chat_id": chat, "message_ids": messages}
    return "deleteMessage", {"chat_id": chat, "message_id": int(found[2])}


def _number(values: Mapping[str, Any], key: str) -> str:
    number = shape.an_id(values, key)
    if not _NUMBER.fullmatch(number):
        raise shape.WrongShape(key)
    return number


def _link(chat: str, username: str, message: str) -> str:
    if username:
        return f"https://t.me/{username}/{message}"
    return f"https://t.me/c/{chat.removeprefix('-100')}/{message}" if chat.startswith("-100") else ""


def _username(chat: Mapping[str, Any]) -> str:
    name = shape.text(chat, "username")
    return name if _USERNAME.fullmatch(name) else ""


# Refusals. Their texts are no contract: they are matched loosely, and shown as they are.


def is_refusal(told: Mapping[str, Any]) -> bool:
    """Whether a JSON object is what the Bot API says no with."""
    return told.get("ok") is False


def description(told: Mapping[str, Any]) -> str:
    """Why it said no, without the name of the status before it."""
    return re.sub(r"^(?:Bad Request|Forbidden|Unauthorized|Conflict): ", "", shape.text(told, "description"))


def retry_after(told: Mapping[str, Any]) -> float | None:
    """Seconds to wait, if it says."""
    seconds = shape.number(shape.inner(told, "parameters"), "retry_after", 0)
    return float(min(seconds, 7 * 24 * 3600)) if seconds else None


def moved_to(told: Mapping[str, Any]) -> int | None:
    """The new number of a group that became a supergroup: nothing was executed under the old one."""
    number = shape.inner(told, "parameters").get("migrate_to_chat_id")
    return int(number) if isinstance(number, int | str) and _NUMBER.fullmatch(str(number)) else None


def _names(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


_NO_CHAT = _names(["chat not found", "chat_id is empty", "PEER_ID_INVALID", "CHANNEL_INVALID"])
_NO_RIGHT = _names(
    [
        "not enough rights",
        "administrator rights",
        "no rights",
        "not a member",
        "was kicked",
        "CHAT_ADMIN_REQUIRED",
        "CHAT_WRITE_FORBIDDEN",
        "CHAT_RESTRICTED",
        "CHAT_SEND_",
    ]
)
_TEXT = _names(["message is too long", "caption", "text", "entities", "MESSAGE_TOO_LONG", "MESSAGE_EMPTY"])
_MEDIA = _names(["photo", "video", "file", "image", "media", "album", "dimension", "upload"])
_NOTHING_TO_DELETE = _names(["message to delete not found", "MESSAGE_ID_INVALID"])
_TOO_OLD = _names(["can't be deleted", "MESSAGE_DELETE_FORBIDDEN"])


def names_no_chat(reason: str) -> bool:
    """Whether it was refused because the chat is unknown to the bot."""
    return _NO_CHAT.search(reason) is not None


def names_a_right(reason: str) -> bool:
    """Whether it was refused for want of a right."""
    return _NO_RIGHT.search(reason) is not None


def names_nothing_to_delete(reason: str) -> bool:
    """Whether a deletion found nothing."""
    return _NOTHING_TO_DELETE.search(reason) is not None


def names_too_old(reason: str) -> bool:
    """Whether a deletion came too late, or is not this bot's to make: the server does not tell these apart."""
    return _TOO_OLD.search(reason) is not None


def refused_field(reason: str) -> str:
    """Which part of a post a refusal names: "text", "media", or nothing."""
    if _TEXT.search(reason):
        return "text"
    return "media" if _MEDIA.search(reason) else ""
