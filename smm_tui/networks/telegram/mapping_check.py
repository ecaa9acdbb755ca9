"""What a check of the account learns of the bot, its chat and the chat's discussion group. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smm_tui.domain.errors import Rejected
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.address import host
from smm_tui.networks.http import quoted
from smm_tui.networks.ports import JSON, Checked
from smm_tui.networks.telegram.mapping import is_number, number_in, username_of
from smm_tui.networks.telegram.spec import (
    CAN_CHANGE_INFO,
    CAN_DELETE,
    CAN_EDIT,
    CAN_PIN,
    CAN_POST,
    CAN_RESTRICT,
    CHANNEL,
    OFFICIAL,
    RIGHTS,
)


def checked(bot: Any, chat: Any, *, server: str) -> Checked:
    """What getMe and getChat tell. Rejected (field ``handle``) when the chat is a person's."""
    user, about = shape.an_object(bot, "bot"), shape.an_object(chat, "chat")
    number, kind = number_in(about, "id"), shape.text(about, "type")
    username = username_of(about)
    handle = f"@{username}" if username else number
    if kind == "private":
        raise Rejected(
            _("{handle} is a private chat, not a channel or group.").format(handle=handle),
            _("Give the channel's @name, or its number (-100...)."),
            field="handle",
        )
    facts: JSON = {
        "bot_id": number_in(user, "id"),
        "bot": username_of(user),
        "type": kind[:20],
        "own_server": server != OFFICIAL,
    }
    if is_number(linked := str(about.get("linked_chat_id"))):
        facts["linked_chat_id"] = linked
    return Checked(
        remote_id=number,
        handle=handle,
        display_name=shape.text(about, "title") or handle,
        server=server,
        url=f"https://t.me/{username}" if username else "",
        facts=facts,
    )


def rights(member: Any) -> list[str]:
    """The rights of an administrator that a getChatMember tells, those that matter here."""
    values = shape.an_object(member, "member")
    status = shape.text(values, "status")
    if status == "creator":
        return list(RIGHTS)
    return [name for name in RIGHTS if values.get(name) is True] if status == "administrator" else []


def is_inside(member: Any) -> bool:
    """Whether a getChatMember tells of somebody who is in the chat."""
    return shape.text(shape.an_object(member, "member"), "status") not in ("", "left", "kicked")


def missing_rights(member: Any, chat: Any) -> tuple[str, ...]:
    """Sentences for what the bot may not do in the chat, from getChatMember and getChat."""
    values, about = shape.an_object(member, "member"), shape.an_object(chat, "chat")
    status, may = shape.text(values, "status"), frozenset(rights(member))
    if shape.text(about, "type") == CHANNEL:
        return _missing_in_channel(status, may)
    return _missing_in_group(status, may, values, shape.inner(about, "permissions"))


def no_administrator() -> str:
    """The sentence for a bot that is nobody in a channel."""
    return _("cannot publish: the bot is no administrator there")


def _missing_in_channel(status: str, may: frozenset[str]) -> tuple[str, ...]:
    if status not in ("administrator", "creator"):
        return (no_administrator(),)
    if CAN_POST not in may:
        return (_("cannot publish: the bot lacks the right to post messages"),)
    missing = []
    if CAN_EDIT not in may:
        missing.append(_("can publish; cannot pin posts: the bot lacks the right to edit messages"))
    if CAN_DELETE not in may:
        missing.append(_("can publish; cannot delete posts of others: the bot lacks the right to delete messages"))
    if CAN_CHANGE_INFO not in may:
        missing.append(
            _("can publish; cannot change the profile: the bot lacks the right to change the channel's info")
        )
    return tuple(missing)


def _missing_in_group(
    status: str, may: frozenset[str], member: Mapping[str, Any], everybody: Mapping[str, Any]
) -> tuple[str, ...]:
    if status in ("left", "kicked"):
        return (_("cannot publish: the bot is not a member of the group"),)
    if status not in ("administrator", "creator"):
        if status == "member":
            silent = everybody.get("can_send_messages") is False
        else:
            silent = member.get("can_send_messages") is not True
        if silent:
            return (_("cannot publish: the bot may not write in the group"),)
        return (_("can publish; cannot pin, ban or delete messages of others: the bot is no administrator"),)
    missing = []
    if CAN_PIN not in may:
        missing.append(_("can publish; cannot pin messages: the bot lacks the right to pin"))
    if CAN_DELETE not in may:
        missing.append(_("can publish; cannot delete messages of others: the bot lacks the right to delete"))
    if CAN_RESTRICT not in may:
        missing.append(_("can publish; cannot ban or mute: the bot lacks the right to restrict members"))
    if CAN_CHANGE_INFO not in may:
        missing.append(
            _("can publish; cannot change the profile: the bot lacks the right to change the group's info")
        )
    return tuple(missing)


def missing_in_discussion(member: Any, bot: Any) -> tuple[str, ...]:
    """Sentences for what the bot may not do in the discussion group of its channel; `bot` is what getMe tells."""
    if not is_inside(member):
        return (not_in_discussion(),)
    may = rights(member)
    if not may and shape.an_object(bot, "bot").get("can_read_all_group_messages") is not True:
        return (_("cannot see all comments, delete any or ban: the bot is no administrator of the discussion group"),)
    missing = []
    if CAN_DELETE not in may:
        missing.append(_("cannot delete comments: the bot lacks the right to delete in the discussion group"))
    if CAN_RESTRICT not in may:
        missing.append(_("cannot ban or mute: the bot lacks the right to restrict members of the discussion group"))
    return tuple(missing)


def not_in_discussion() -> str:
    """The sentence for a bot that is not in the discussion group."""
    return _("cannot read or answer comments: the bot is not in the channel's discussion group")


def webhook_of(info: Any) -> str:
    """Where a getWebhookInfo says that everything is sent to, inert; empty when nothing is."""
    url = shape.text(shape.an_object(info, "webhook"), "url")
    return (quoted(host(url)) or "?") if url else ""


def webhook_set(where: str) -> str:
    """The sentence for a bot whose updates go to another program."""
    return _("cannot read what people write: it all goes to another program (a webhook is set to {host})").format(
        host=where
    )
