"""People, chats and messages as the API shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smm_tui.domain.text import COUNTERS, find_hashtags, find_links, find_mentions
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import POST, Account, Object
from smm_tui.sandbox.world import World

# The kinds of objects in a chat beside what a bot publishes: what is written there, copies of a channel's posts in
# its discussion group, and private conversations.
COMMENT, COPY, MESSAGE = "comment", "copy", "message"
_MENTION = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


@dataclass(frozen=True, slots=True)
class Found:
    """A message and the sending that it belongs to."""

    item: Object
    message: JSON


def find_message(world: World, chat: Account, number: int) -> Found | None:
    """A message of a chat that is not deleted."""
    for kind in (POST, COMMENT, COPY, MESSAGE):
        item = world.find_object(chat.server, kind, f"{chat.remote_id}/{number}")
        for candidate in [item] if item is not None else world.objects(chat) if kind == POST else ():
            for message in candidate.record["messages"]:
                if message["message_id"] == number:
                    return Found(candidate, message)
    return None


def is_bot(account: Account) -> bool:
    """Whether an account is a bot: all others are chats, or people with their private conversation."""
    return "type" not in account.data


def is_person(account: Account) -> bool:
    """Whether an account is somebody's, and so also the private conversation with them."""
    return account.data.get("type") == "private"


def title_of(chat: Account) -> str:
    """The name of a chat as it is now."""
    return str(chat.data.get("title") or chat.display_name)


def user_entity(account: Account) -> JSON:
    """A bot or person as a User."""
    return {
        "id": int(account.remote_id),
        "is_bot": is_bot(account),
        "first_name": account.display_name,
        "username": account.handle,
    }


def chat_entity(chat: Account) -> JSON:
    """A Chat."""
    if is_person(chat):
        return {
            "id": int(chat.remote_id),
            "type": "private",
            "first_name": chat.display_name,
            "username": chat.handle,
        }
    entity: JSON = {"id": int(chat.remote_id), "type": chat.data["type"], "title": title_of(chat)}
    if chat.data["public"]:
        entity["username"] = chat.handle
    if chat.data.get("direct_of"):
        entity["is_direct_messages"] = True
    return entity


def message_entity(chat: Account, stored: Mapping[str, Any]) -> JSON:
    """A stored message as a Message."""
    about = chat_entity(chat)
    return {**stored, "chat": about, **({"sender_chat": about} if chat.data["type"] == "channel" else {})}


def answer_to(chat: Account, answered: Mapping[str, Any]) -> JSON:
    """What a message holds that answers another one of its chat: that one, without what it answers itself."""
    shown = {name: value for name, value in answered.items() if name != "reply_to_message"}
    answer: JSON = {"reply_to_message": message_entity(chat, shown)}
    if chat.data["type"] == "supergroup":
        answer["message_thread_id"] = answered.get("message_thread_id", answered["message_id"])
    return answer


def entities_of(text: str) -> list[JSON]:
    """The links, hashtags and mentions that the server finds in a text."""
    spans = [("url", span) for span in find_links(text)]
    spans += [("hashtag", span) for span in find_hashtags(text)]
    spans += [("mention", span) for span in find_mentions(text) if _MENTION.fullmatch(text[span.start : span.end])]
    count = COUNTERS["utf16"]
    return [
        {"type": kind, "offset": count(text[: span.start]), "length": count(text[span.start : span.end])}
        for kind, span in sorted(spans, key=lambda item: item[1].start)
    ]


def next_number(world: World, chat: Account) -> int:
    """The number of the next message of a chat."""
    return world.sequence(f"message {chat.server} {chat.remote_id}")
