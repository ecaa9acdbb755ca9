"""Messages: sending, albums, editing, deleting.

One sending is one object of the world, an album too: its record holds the messages that it consists of.
"""

from __future__ import annotations

from typing import Any

from smm_tui.domain.clock import HOUR, SECOND
from smm_tui.domain.text import COUNTERS
from smm_tui.sandbox.faces.telegram.call import Call, bad, method
from smm_tui.sandbox.faces.telegram.entities import (
    COMMENT,
    COPY,
    MESSAGE,
    TELEGRAM,
    Found,
    answer_to,
    chat_entity,
    entities_of,
    find_message,
    message_entity,
    next_number,
    user_entity,
)
from smm_tui.sandbox.faces.telegram.files import media_entity, received
from smm_tui.sandbox.faces.telegram.updates import announce
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import POST, Account, Media

TEXT = 4096
CAPTION = 1024
ALBUM = 10
BATCH = 100
DELETABLE = 48 * HOUR
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
QUESTION, OPTION = 300, 100
OPTIONS = range(1, 13)
OPEN = range(5, 2_628_001)  # seconds
REACTIONS = frozenset(["👍", "👎", "❤", "🔥", "🥰", "👏", "😁", "🤔", "🎉", "🤩", "🙏", "👌"])


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


@method("sendPoll")
def send_poll(call: Call) -> JSON:
    """Ask something, with answers to choose from."""
    call.may_post()
    question, options = call.text("question").strip(), call.nested("options")
    if not isinstance(options, list) or not all(isinstance(item, dict) and item.get("text") for item in options):
        raise bad("can't parse options JSON object")
    if not 1 <= len(question) <= QUESTION:
        raise bad("poll question must be non-empty" if not question else "poll question length must not exceed 300")
    if len(options) not in OPTIONS:
        raise bad("poll must have at least 1 option" if not options else "poll can't have more than 12 options")
    if any(len(item["text"]) > OPTION for item in options):
        raise bad("poll options length must not exceed 100")
    anonymous = not call.text("is_anonymous") or call.flag("is_anonymous")
    if not anonymous and call.chat.data["type"] == "channel":
        raise bad("non-anonymous polls can't be sent to channel chats")
    period = call.integer("open_period") if call.text("open_period") else 0
    if period and period not in OPEN:
        raise bad("invalid open period specified")
    poll = {
        "id": str(5_000_000_000_000 + call.world.sequence("poll")),
        "question": question,
        "options": [
            {"persistent_id": str(index), "text": item["text"], "voter_count": 0}
            for index, item in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": anonymous,
        "type": call.text("type") or "regular",
        "allows_multiple_answers": call.flag("allows_multiple_answers"),
        "allows_revoting": True,
        "members_only": False,
        **({"open_period": period, "close_date": call.world.clock() // SECOND + period} if period else {}),
    }
    return _published(call, [{"poll": poll}])[0]


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
    found = entities if isinstance(entities, list) else entities_of(text)
    key = "entities" if name == "text" else "caption_entities"
    return {name: text, **({key: found} if found else {})}


def _published(call: Call, contents: list[JSON], files: list[Media] | None = None) -> list[JSON]:
    reply = call.nested("reply_parameters")
    answered: JSON = {}
    if isinstance(reply, dict):
        found = find_message(call.world, call.chat, int(reply.get("message_id") or 0))
        if found is not None:
            answered = answer_to(call.chat, found.message)
        elif not reply.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
    call.spend(len(contents))
    chat, now = call.chat, call.world.clock()
    stored = [
        {
            "message_id": next_number(call.world, chat),
            "date": now // SECOND,
            **({} if chat.data["type"] == "channel" else {"from": user_entity(call.bot)}),
            **_topic(call),
            **answered,
            **content,
        }
        for content in contents
    ]
    if call.server.config.get("held_back"):  # as large chats do with videos: published later, under another number
        return [message_entity(chat, {**message, "message_id": 0}) for message in stored]
    first = stored[0]["message_id"]
    call.world.add_object(
        chat,
        _kind(chat, answered),
        f"{chat.remote_id}/{first}",
        sort=f"{first:012}",
        text=_shown(stored),
        record={"messages": stored, "bot": call.bot.remote_id, **_copied(call, stored)},
        media=[media.id for media in files or ()],
        reply_to=f"{chat.remote_id}/{reply['message_id']}" if answered else None,
    )
    return [message_entity(chat, message) for message in stored]


def _kind(chat: Account, answered: JSON) -> str:
    """A channel shows posts; a group shows what a bot begins as such."""
    if chat.data["type"] == "private" or chat.data.get("direct_of"):
        return MESSAGE
    return COMMENT if answered and chat.data["type"] != "channel" else POST


def _topic(call: Call) -> JSON:
    """In a channel's direct messages, whom it goes to."""
    if not call.chat.data.get("direct_of"):
        return {}
    person = call.world.find_account(call.server.host, call.text("direct_messages_topic_id"))
    if person is None:
        raise bad("DIRECT_MESSAGES_TOPIC_REQUIRED")
    return {"direct_messages_topic": {"topic_id": int(person.remote_id), "user": user_entity(person)}}


def _copied(call: Call, stored: list[JSON]) -> JSON:
    """Copy what a channel publishes into its discussion group, and pin it there."""
    linked = call.chat.data.get("linked_chat_id") if call.chat.data["type"] == "channel" else None
    group = call.world.find_account(call.server.host, str(linked)) if linked else None
    if group is None:
        return {}
    channel = chat_entity(call.chat)
    copies = [
        {
            **message,
            "message_id": next_number(call.world, group),
            "from": TELEGRAM,
            "sender_chat": channel,
            "is_automatic_forward": True,
            "forward_origin": {
                "type": "channel",
                "date": message["date"],
                "chat": channel,
                "message_id": message["message_id"],
            },
        }
        for message in stored
    ]
    first = copies[0]["message_id"]
    place = f"{group.remote_id}/{first}"
    record = {"messages": copies, "bot": ""}
    call.world.add_object(group, COPY, place, sort=f"{first:012}", text=_shown(copies), record=record)
    call.world.update_account(group, {"pins": [*group.data.get("pins", ()), first]})
    for copy in copies:
        announce(call.world, group, "message", message_entity(group, copy))
    return {"copy": place}


def _shown(messages: list[JSON]) -> str:
    for message in messages:
        text = message.get("text") or message.get("caption") or message.get("poll", {}).get("question")
        if text:
            return str(text)
    return ""


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


@method("editMessageMedia")
def edit_message_media(call: Call) -> JSON:
    """Give a message another file, with its caption; a message of text may get one."""
    found = _editable(call)
    item = call.nested("media")
    if not isinstance(item, dict) or item.get("type") not in ("photo", "video"):
        raise bad("can't parse InputMedia")
    if "poll" in found.message:
        raise bad("message can't be edited")
    media = received(call, item["type"], item.get("media"))
    caption = _text(call, item.get("caption") or "", item.get("caption_entities"), "caption", CAPTION)
    content = {item["type"]: media_entity(media), **caption, **_spoiler(item.get("has_spoiler"))}
    index = found.item.record["messages"].index(found.message)
    files = [*found.item.media[:index], media.id, *found.item.media[index + 1 :]]
    return _changed(call, found, content, files)


def _editable(call: Call) -> Found:
    rights = call.joined()
    found = find_message(call.world, call.chat, call.integer("message_id"))
    if found is None:
        raise bad("message to edit not found")
    if found.item.record.get("bot") != call.bot.remote_id and not (
        rights.get("can_edit_messages") and call.chat.data["type"] == "channel"
    ):
        raise bad("message can't be edited")
    return found


def _changed(call: Call, found: Found, content: JSON, files: list[str] | None = None) -> JSON:
    names = {"text", "entities", "caption", "caption_entities"}
    if files is not None:
        names |= {"photo", "video", "has_media_spoiler"}
    kept = {name: value for name, value in found.message.items() if name not in names}
    if {**kept, **content} == found.message:
        raise bad(_NOT_MODIFIED)
    call.spend()
    changed = {**kept, **content, "edit_date": call.world.clock() // SECOND}
    messages = [changed if message is found.message else message for message in found.item.record["messages"]]
    record = {**found.item.record, "messages": messages}
    call.world.update_object(found.item, text=_shown(messages), record=record, media=files)
    return message_entity(call.chat, changed)


@method("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    """React to a message as the bot, or take that back."""
    call.joined()
    found = find_message(call.world, call.chat, call.integer("message_id"))
    if found is None:
        raise bad("message to react not found")
    wanted = call.nested("reaction") or []
    if not isinstance(wanted, list) or len(wanted) > 1:
        raise bad("REACTIONS_TOO_MANY")
    if any(not isinstance(one, dict) or one.get("emoji") not in REACTIONS for one in wanted):
        raise bad("REACTION_INVALID")
    others = {who: one for who, one in found.item.record.get("reactions", {}).items() if who != call.bot.remote_id}
    reactions = {**others, **({call.bot.remote_id: wanted[0]} if wanted else {})}
    call.world.update_object(found.item, record={**found.item.record, "reactions": reactions}, edited=False)
    return True


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """Take a message down, within two days."""
    call.joined()
    found = find_message(call.world, call.chat, call.integer("message_id"))
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
        found = find_message(call.world, call.chat, int(number))
        if found is not None:
            _delete(call, found)
    return True


def _delete(call: Call, found: Found) -> None:
    rights = call.joined()
    own = found.item.record.get("bot") == call.bot.remote_id and rights.get("can_post_messages", True)
    if not (own or rights.get("can_delete_messages") or call.chat.data["type"] == "private"):
        raise bad("message can't be deleted")
    if call.world.clock() - found.message["date"] * SECOND >= DELETABLE:
        raise bad("message can't be deleted for everyone")
    rest = [message for message in found.item.record["messages"] if message is not found.message]
    if rest:
        record = {**found.item.record, "messages": rest}
        call.world.update_object(found.item, text=_shown(rest), record=record)
    else:
        call.world.delete_object(found.item)
