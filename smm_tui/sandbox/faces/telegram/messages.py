"""Messages: sending, albums, editing, deleting.

One sending is one object of the world, an album too: its record holds the messages that it consists of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smm_tui.domain.clock import HOUR, SECOND
from smm_tui.domain.text import COUNTERS, find_hashtags, find_links, find_mentions
from smm_tui.sandbox.faces.telegram.call import Call, bad, method
from smm_tui.sandbox.faces.telegram.files import media_entity, received
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import POST, Media, Object

TEXT = 4096
CAPTION = 1024
ALBUM = 10
BATCH = 100
DELETABLE = 48 * HOUR
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_MENTION = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")


@dataclass(frozen=True, slots=True)
class Found:
    """A message and the sending that it belongs to."""

    item: Object
    message: JSON


def find(call: Call, number: int) -> Found | None:
    """A message of the chat that is not deleted."""
    for item in call.world.objects(call.chat):
        for message in item.record["messages"]:
            if message["message_id"] == number:
                return Found(item, message)
    return None


def message_entity(call: Call, stored: Mapping[str, Any]) -> JSON:
    """A stored message as a Message."""
    chat = call.chat
    about: JSON = {"id": int(chat.remote_id), "type": chat.data["type"], "title": chat.display_name}
    if chat.data["public"]:
        about["username"] = chat.handle
    return {**stored, "chat": about, **({"sender_chat": about} if chat.data["type"] == "channel" else {})}


# -- sending ------------------------------------------------------------------------------------------------------


@method("sendMessage")
def send_message(call: Call) -> JSON:
    """Publish a text."""
    call.may_post()
    return _published(call, [_text(call, call.text("text"), call.nested("entities"), "text", TEXT)])[0]


@method("sendPhoto")
def send_photo(call: Call) -> JSON:
    """Publish a picture."""
    return _send_file(call, "photo")


@method("sendVideo")
def send_video(call: Call) -> JSON:
    """Publish a video."""
    return _send_file(call, "video")


@method("sendMediaGroup")
def send_media_group(call: Call) -> list[JSON]:
    """Publish an album: one message a file, the caption on the first."""
    call.may_post()
    items = call.nested("media")
    if not isinstance(items, list) or not items:
        raise bad("there are no messages to send")
    if len(items) > ALBUM:
        raise bad("too many messages to send as an album")
    files: list[Media] = []
    contents: list[JSON] = []
    for item in items:
        if not isinstance(item, dict) or item.get("type") not in ("photo", "video"):
            raise bad("can't parse InputMedia")
        media = received(call, item["type"], item.get("media"))
        files.append(media)
        caption = _text(call, item.get("caption") or "", item.get("caption_entities"), "caption", CAPTION)
        contents.append({item["type"]: media_entity(media), **caption, **_spoiler(item.get("has_spoiler"))})
    group = str(10**16 + call.world.sequence("album"))
    return _published(call, [{**content, "media_group_id": group} for content in contents], files)


def _send_file(call: Call, kind: str) -> JSON:
    call.may_post()
    caption = _text(call, call.text("caption"), call.nested("caption_entities"), "caption", CAPTION)
    media = received(call, kind, call.parameters.get(kind))
    content = {kind: media_entity(media), **caption, **_spoiler(call.flag("has_spoiler"))}
    return _published(call, [content], [media])[0]


def _spoiler(wanted: Any) -> JSON:
    return {"has_media_spoiler": True} if wanted else {}


def _text(call: Call, text: str, entities: Any, name: str, limit: int) -> JSON:
    """Text or caption with its entities: the given ones, else those that the server finds."""
    if call.text("parse_mode"):
        raise bad("unsupported parse_mode")
    text = text.strip()
    if not text and name == "text":
        raise bad("message text is empty")
    if COUNTERS["utf16"](text) > limit:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    if not text:
        return {}
    found = entities if isinstance(entities, list) else _entities(text)
    key = "entities" if name == "text" else "caption_entities"
    return {name: text, **({key: found} if found else {})}


def _entities(text: str) -> list[JSON]:
    spans = [("url", span) for span in find_links(text)]
    spans += [("hashtag", span) for span in find_hashtags(text)]
    spans += [("mention", span) for span in find_mentions(text) if _MENTION.fullmatch(text[span.start : span.end])]
    count = COUNTERS["utf16"]
    return [
        {"type": kind, "offset": count(text[: span.start]), "length": count(text[span.start : span.end])}
        for kind, span in sorted(spans, key=lambda item: item[1].start)
    ]


def _published(call: Call, contents: list[JSON], files: list[Media] | None = None) -> list[JSON]:
    reply = call.nested("reply_parameters")
    answered: JSON = {}
    if isinstance(reply, dict):
        found = find(call, int(reply.get("message_id") or 0))
        if found is not None:
            answered = {"reply_to_message": message_entity(call, found.message)}
        elif not reply.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
    call.spend(len(contents))
    chat, now = call.chat, call.world.clock()
    stored = [
        {
            "message_id": call.world.sequence(f"message {call.server.host} {chat.remote_id}"),
            "date": now // SECOND,
            **answered,
            **content,
        }
        for content in contents
    ]
    if call.server.config.get("held_back"):  # as large chats do with videos: published later, under another number
        return [message_entity(call, {**message, "message_id": 0}) for message in stored]
    first = stored[0]["message_id"]
    call.world.add_object(
        chat,
        POST,
        f"{chat.remote_id}/{first}",
        sort=f"{first:012}",
        text=_shown(stored),
        record={"messages": stored, "bot": call.bot.remote_id},
        media=[media.id for media in files or ()],
        reply_to=f"{chat.remote_id}/{reply['message_id']}" if answered else None,
    )
    return [message_entity(call, message) for message in stored]


def _shown(messages: list[JSON]) -> str:
    return next((text for message in messages if (text := message.get("text") or message.get("caption"))), "")


# -- changing -----------------------------------------------------------------------------------------------------


@method("editMessageText")
def edit_message_text(call: Call) -> JSON:
    """Give a text message another text."""
    found = _editable(call)
    if "text" not in found.message:
        raise bad("there is no text in the message to edit")
    return _changed(call, found, _text(call, call.text("text"), call.nested("entities"), "text", TEXT))


@method("editMessageCaption")
def edit_message_caption(call: Call) -> JSON:
    """Give a message with a file another caption, or none."""
    found = _editable(call)
    if "text" in found.message:
        raise bad("there is no caption in the message to edit")
    return _changed(
        call, found, _text(call, call.text("caption"), call.nested("caption_entities"), "caption", CAPTION)
    )


def _editable(call: Call) -> Found:
    rights = call.joined()
    found = find(call, call.integer("message_id"))
    if found is None:
        raise bad("message to edit not found")
    if found.item.record["bot"] != call.bot.remote_id and not rights.get("can_edit_messages"):
        raise bad("message can't be edited")
    return found


def _changed(call: Call, found: Found, content: JSON) -> JSON:
    names = ("text", "entities", "caption", "caption_entities")
    kept = {name: value for name, value in found.message.items() if name not in names}
    if {**kept, **content} == found.message:
        raise bad(_NOT_MODIFIED)
    call.spend()
    changed = {**kept, **content, "edit_date": call.world.clock() // SECOND}
    messages = [changed if message is found.message else message for message in found.item.record["messages"]]
    record = {**found.item.record, "messages": messages}
    call.world.update_object(found.item, text=_shown(messages), record=record)
    return message_entity(call, changed)


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """Take a message down, within two days."""
    call.joined()
    found = find(call, call.integer("message_id"))
    if found is None:
        raise bad("message to delete not found")
    _delete(call, found)
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """Take several messages down; those that are not there are passed over."""
    call.joined()
    numbers = call.nested("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= BATCH:
        raise bad("message identifiers are not specified")
    for number in numbers:
        found = find(call, int(number))
        if found is not None:
            _delete(call, found)
    return True


def _delete(call: Call, found: Found) -> None:
    rights = call.joined()
    own = found.item.record["bot"] == call.bot.remote_id and rights.get("can_post_messages", True)
    if not (own or rights.get("can_delete_messages")):
        raise bad("message can't be deleted")
    if call.world.clock() - found.message["date"] * SECOND >= DELETABLE:
        raise bad("message can't be deleted for everyone")
    rest = [message for message in found.item.record["messages"] if message is not found.message]
    if rest:
        record = {**found.item.record, "messages": rest}
        call.world.update_object(found.item, text=_shown(rest), record=record)
    else:
        call.world.delete_object(found.item)
