"""Who is in a chat, who may write there, and shutting people out."""

from __future__ import annotations

from typing import Any

from smm_tui.domain.clock import DAY, SECOND
from smm_tui.sandbox.faces.telegram.call import Call, bad, method
from smm_tui.sandbox.faces.telegram.entities import is_bot, is_person, user_entity
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import Account
from smm_tui.sandbox.world import World

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
# What a member may be allowed.
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
_SOONEST, _LATEST = 30 * SECOND, 366 * DAY


def membership(world: World, chat: Account, who: Account) -> JSON:
    """What somebody is in a chat now; terms that ran out are over."""
    member: JSON = dict(chat.data["members"].get(who.remote_id) or {"status": "left"})
    until = member.get("until_date", 0)
    if until and world.clock() >= until * SECOND:
        return {"status": "member" if member["status"] == "restricted" else "left"}
    return member


def may_write(world: World, chat: Account, person: Account) -> bool:
    """Whether somebody may write in a chat; nobody needs to join a discussion group for that."""
    member = membership(world, chat, person)
    return member["status"] != "kicked" and (
        member["status"] != "restricted" or member.get("can_send_messages") is True
    )


def set_member(world: World, chat: Account, who: Account, member: JSON | None) -> None:
    """Make somebody something in a chat; None: they are out, and may come again."""
    members = {name: value for name, value in chat.data["members"].items() if name != who.remote_id}
    world.update_account(chat, {"members": members if member is None else {**members, who.remote_id: member}})


@method("getChatMember")
def get_chat_member(call: Call) -> JSON:
    """Somebody's membership; only administrators of a channel may ask."""
    if call.chat.data["type"] == "channel" and call.joined()["status"] != "administrator":
        raise bad("member list is inaccessible")
    call.joined()
    return _entity(call, _user(call))


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[JSON]:
    """The administrators that are no other bots."""
    call.joined()
    people = [call.world.find_account(call.server.host, number) for number in call.chat.data["members"]]
    return [
        _entity(call, who)
        for who in people
        if who is not None
        and (is_person(who) or who.id == call.bot.id)
        and membership(call.world, call.chat, who)["status"] == "administrator"
    ]


@method("banChatMember")
def ban_chat_member(call: Call) -> bool:
    """Put somebody out for good, or until a date where that is near enough."""
    person = _target(call)
    until = _until(call) if call.chat.data["type"] != "group" else 0
    set_member(call.world, call.chat, person, {"status": "kicked", "until_date": until})
    return True


@method("unbanChatMember")
def unban_chat_member(call: Call) -> bool:
    """Let somebody come again; who is in is put out by that, unless the call says otherwise."""
    person = _target(call)
    if call.chat.data["type"] == "group":
        raise bad("method is available for supergroup and channel chats only")
    banned = membership(call.world, call.chat, person)["status"] == "kicked"
    if banned or not call.flag("only_if_banned"):
        set_member(call.world, call.chat, person, None)
    return True


@method("restrictChatMember")
def restrict_chat_member(call: Call) -> bool:
    """Take somebody's permissions, or give them all back."""
    person = _target(call)
    if call.chat.data["type"] != "supergroup":
        raise bad("method is available only for supergroups")
    wanted = call.nested("permissions")
    if not isinstance(wanted, dict):
        raise bad("can't parse permissions JSON object")
    allowed = {name: bool(wanted.get(name)) for name in PERMISSIONS}
    if all(bool(wanted.get(name)) for name in PERMISSIONS[:10]):
        set_member(call.world, call.chat, person, {"status": "member"})
    else:
        restricted = {"status": "restricted", "is_member": True, **allowed, "until_date": _until(call)}
        set_member(call.world, call.chat, person, restricted)
    return True


@method("banChatSenderChat")
def ban_chat_sender_chat(call: Call) -> bool:
    """Let a channel write here no more."""
    return _sender(call, banned=True)


@method("unbanChatSenderChat")
def unban_chat_sender_chat(call: Call) -> bool:
    """Let a channel write here again."""
    return _sender(call, banned=False)


def _sender(call: Call, *, banned: bool) -> bool:
    _may_restrict(call)
    sender = call.world.find_account(call.server.host, str(call.integer("sender_chat_id")))
    if sender is None or sender.data.get("type") != "channel":
        raise bad("chat not found")
    set_member(call.world, call.chat, sender, {"status": "kicked", "until_date": 0} if banned else None)
    return True


def _may_restrict(call: Call) -> None:
    if not call.joined().get("can_restrict_members"):
        raise bad("not enough rights to restrict/unrestrict chat member")


def _target(call: Call) -> Account:
    _may_restrict(call)
    person = _user(call)
    if person.id == call.bot.id:
        raise bad("can't restrict self")
    if membership(call.world, call.chat, person)["status"] == "administrator":
        raise bad("user is an administrator of the chat")
    return person


def _user(call: Call) -> Account:
    found = call.world.find_account(call.server.host, str(call.integer("user_id")))
    if found is None or not (is_bot(found) or is_person(found)):
        raise bad("user not found")
    return found


def _until(call: Call) -> int:
    """Seconds since 1970, 0: for ever."""
    until = call.integer("until_date") if call.text("until_date") else 0
    return until if _SOONEST <= until * SECOND - call.world.clock() <= _LATEST else 0


def _entity(call: Call, user: Account) -> JSON:
    member: dict[str, Any] = membership(call.world, call.chat, user)
    entity = {**member, "user": user_entity(user)}
    if member["status"] == "administrator":
        entity |= {name: bool(member.get(name)) for name in RIGHTS}
        entity |= {"can_be_edited": False, "is_anonymous": False}
        if call.chat.data["type"] != "channel":
            entity["can_pin_messages"] = bool(member.get("can_pin_messages"))
            del entity["can_post_messages"], entity["can_edit_messages"]
    elif member["status"] == "restricted":
        entity = dict.fromkeys(PERMISSIONS, False) | {"is_member": True, "until_date": 0} | entity
    return entity
