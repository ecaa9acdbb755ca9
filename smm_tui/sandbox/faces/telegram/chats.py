"""Bots, chats and who may do what in them."""

from __future__ import annotations

from smm_tui.sandbox.faces.telegram.call import Call, bad, method
from smm_tui.sandbox.faces.telegram.messages import find, message_entity
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import Account

# What an administrator of a channel may be allowed; the first two are a channel's own.
RIGHTS = (
    "can_post_messages",
    "can_edit_messages",
    "can_delete_messages",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
    "can_manage_chat",
    "can_manage_video_chats",
    "can_promote_members",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
_ANY_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


def user_entity(bot: Account) -> JSON:
    """A bot as a User."""
    return {"id": int(bot.remote_id), "is_bot": True, "first_name": bot.display_name, "username": bot.handle}


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
    entity: JSON = {
        "id": int(chat.remote_id),
        "type": chat.data["type"],
        "title": chat.display_name,
        "accent_color_id": 3,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_ANY_GIFTS, False),
    }
    if chat.data["public"]:
        entity |= {"username": chat.handle, "active_usernames": [chat.handle]}
    for name in ("description", "linked_chat_id", "permissions"):
        if chat.data.get(name):
            entity[name] = chat.data[name]
    pinned = find(call, chat.data["pinned"]) if chat.data.get("pinned") else None
    if pinned is not None:
        entity["pinned_message"] = message_entity(call, pinned.message)
    return entity


@method("getChatMember")
def get_chat_member(call: Call) -> JSON:
    """A bot's membership; only administrators of a channel may ask."""
    if call.chat.data["type"] == "channel" and call.joined()["status"] != "administrator":
        raise bad("member list is inaccessible")
    call.joined()
    user_id = call.integer("user_id")
    user = call.world.find_account(call.server.host, str(user_id))
    member = call.chat.data["members"].get(str(user_id))
    if user is None or member is None:
        raise bad("user not found")
    entity = {**member, "user": user_entity(user)}
    if member["status"] == "administrator":
        entity |= {name: bool(member.get(name)) for name in RIGHTS}
        entity |= {"can_be_edited": False, "is_anonymous": False}
        if call.chat.data["type"] != "channel":
            entity["can_pin_messages"] = bool(member.get("can_pin_messages"))
            del entity["can_post_messages"], entity["can_edit_messages"]
    return entity


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    """How many subscribers or members."""
    call.joined()
    return int(call.chat.data["count"])


@method("pinChatMessage")
def pin_chat_message(call: Call) -> bool:
    """Pin a message; in a channel the right to edit is needed."""
    rights = call.joined()
    needed = "can_edit_messages" if call.chat.data["type"] == "channel" else "can_pin_messages"
    if not rights.get(needed):
        raise bad("not enough rights to manage pinned messages in the chat")
    number = call.integer("message_id")
    if find(call, number) is None:
        raise bad("message to pin not found")
    call.world.update_account(call.chat, {"pinned": number})
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: Call) -> bool:
    """Unpin the pinned message."""
    call.joined()
    call.world.update_account(call.chat, {"pinned": None})
    return True
