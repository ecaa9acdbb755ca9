"""Bots, and chats as pages: how they look, what is pinned, how many people they have."""

from __future__ import annotations

from typing import Any

from smm_tui.sandbox import crowd
from smm_tui.sandbox.faces.telegram.call import Call, bad, method
from smm_tui.sandbox.faces.telegram.entities import chat_entity, find_message, message_entity, title_of, user_entity
from smm_tui.sandbox.faces.telegram.files import received
from smm_tui.sandbox.http import JSON, Upload

TITLE, DESCRIPTION = 128, 255
SMALLEST_SIDE = 160  # pixels of a chat's picture
_ANY_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


@method("getMe")
def get_me(call: Call) -> JSON:
    """The bot itself."""
    return user_entity(call.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getChat")
def get_chat(call: Call) -> JSON:
    """Everything about a chat; a public one is shown to strangers too."""
    chat = call.chat
    if not chat.data["public"]:
        call.joined()
    entity: JSON = chat_entity(chat) | {
        "accent_color_id": 3,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_ANY_GIFTS, False),
    }
    if chat.data["public"]:
        entity["active_usernames"] = [chat.handle]
    for name in ("description", "linked_chat_id", "permissions", "photo"):
        if chat.data.get(name):
            entity[name] = chat.data[name]
    pinned = [find_message(call.world, chat, number) for number in sorted(chat.data.get("pins", ()), reverse=True)]
    newest = next((found for found in pinned if found is not None), None)
    if newest is not None:
        entity["pinned_message"] = message_entity(chat, newest.message)
    return entity


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    """How many subscribers or members."""
    call.joined()
    return int(call.chat.data["count"]) + crowd.size(call.chat)


@method("pinChatMessage")
def pin_chat_message(call: Call) -> bool:
    """Pin a message; in a channel the right to edit is needed."""
    _may_pin(call)
    number = call.integer("message_id")
    if find_message(call.world, call.chat, number) is None:
        raise bad("message to pin not found")
    pins = {*call.chat.data.get("pins", ()), number}
    call.world.update_account(call.chat, {"pins": sorted(pins)})
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: Call) -> bool:
    """Unpin a message, the newest one where none is named."""
    _may_pin(call)
    pins = sorted(call.chat.data.get("pins", ()))
    number = call.integer("message_id") if call.text("message_id") else max(pins, default=0)
    if number not in pins:
        raise bad("message to unpin not found")
    call.world.update_account(call.chat, {"pins": [pin for pin in pins if pin != number]})
    return True


def _may_pin(call: Call) -> None:
    needed = "can_edit_messages" if call.chat.data["type"] == "channel" else "can_pin_messages"
    if not call.joined().get(needed):
        raise bad("not enough rights to manage pinned messages in the chat")


@method("setChatTitle")
def set_chat_title(call: Call) -> bool:
    """Give the chat another name."""
    _may_change(call, "title")
    title = call.text("title").strip()
    if not title:
        raise bad("CHAT_TITLE_EMPTY")
    if title == title_of(call.chat):
        raise bad("chat title is not modified")
    call.world.update_account(call.chat, {"title": title[:TITLE]})
    return True


@method("setChatDescription")
def set_chat_description(call: Call) -> bool:
    """Say something else about the chat, or nothing."""
    _may_change(call, "description")
    description = call.text("description").strip()
    if len(description) > DESCRIPTION:
        raise bad("CHAT_ABOUT_TOO_LONG")
    if description == call.chat.data.get("description", ""):
        raise bad("chat description is not modified")
    call.world.update_account(call.chat, {"description": description})
    return True


@method("setChatPhoto")
def set_chat_photo(call: Call) -> bool:
    """Give the chat another picture, which must come along."""
    _may_change(call, "photo")
    upload: Any = call.parameters.get("photo")
    if not isinstance(upload, Upload):
        raise bad("there is no photo in the request")
    media = received(call, "photo", upload)
    if min(media.meta["width"], media.meta["height"]) < SMALLEST_SIDE:
        raise bad("PHOTO_CROP_SIZE_SMALL")
    names = {
        f"{size}_{name}": value
        for size in ("small", "big")
        for name, value in (("file_id", media.id), ("file_unique_id", f"{media.meta['unique_id']}{size[0]}"))
    }
    call.world.update_account(call.chat, {"photo": names})
    return True


@method("deleteChatPhoto")
def delete_chat_photo(call: Call) -> bool:
    """Take the chat's picture away."""
    _may_change(call, "photo")
    call.world.update_account(call.chat, {"photo": None})
    return True


def _may_change(call: Call, what: str) -> None:
    if not call.joined().get("can_change_info"):
        raise bad(f"not enough rights to change chat {what}")
