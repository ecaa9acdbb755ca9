"""People in the chats of bots; see `smm_tui.sandbox.audience.Audience`.

Somebody whom a chat shut out gets a PermissionError when they write there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from smm_tui.domain.clock import SECOND
from smm_tui.sandbox.faces.telegram.entities import (
    COMMENT,
    MESSAGE,
    answer_to,
    chat_entity,
    entities_of,
    find_message,
    is_bot,
    message_entity,
    next_number,
    user_entity,
)
from smm_tui.sandbox.faces.telegram.members import may_write, membership, set_member
from smm_tui.sandbox.faces.telegram.updates import announce
from smm_tui.sandbox.things import Account, Object, Server
from smm_tui.sandbox.world import World

SQUARE = "town_square"  # a group where people talk about everything
_THUMB = {"type": "emoji", "emoji": "\N{THUMBS UP SIGN}"}


def person(world: World, server: Server, name: str, *, handle: str = "") -> Account:
    """A new person, and the private conversation with them."""
    with world.transaction():
        order = world.sequence(f"person {server.host}")
        wanted = handle or re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "someone"
        free = wanted if world.find_account(server.host, wanted) is None else f"{wanted}_{order}"
        data = {"type": "private", "public": False, "members": {}, "count": 2}
        return world.add_account(server, free, str(5_000_000_000 + order), display_name=name, data=data)


def comment(world: World, post: Object, person: Account, text: str, *, reply_to: Object | None = None) -> Object:
    """Write in the discussion group of a channel below the copy of a post, or in a group below a bot's message."""
    with world.transaction():
        group = _discussion(world, world.account(post.account_id))
        below = reply_to.remote_id if reply_to is not None else str(post.record.get("copy") or post.remote_id)
        return _write(world, group, person, text, COMMENT, below=below)


def say(world: World, group: Account, person: Account, text: str) -> Object:
    """Write in a group, answering nobody."""
    with world.transaction():
        return _write(world, world.account(group.id), person, text, COMMENT)


def mention(world: World, account: Account, person: Account, text: str) -> Object:
    """Name the bot of a chat in another group, where it is a plain member."""
    with world.transaction():
        bot = _bot_of(world, account)
        square = _square(world, account)
        if bot.remote_id not in square.data["members"]:
            set_member(world, square, bot, {"status": "member"})
        square = world.account(square.id)
        return _write(world, square, person, text, COMMENT, named=f"@{bot.handle} ")


def message(world: World, account: Account, person: Account, text: str) -> Object:
    """Write to the bot of a chat in private, which lets it answer."""
    with world.transaction():
        set_member(world, world.account(person.id), _bot_of(world, account), {"status": "member"})
        return _write(world, world.account(person.id), person, text, MESSAGE)


def direct_message(world: World, account: Account, person: Account, text: str) -> Object:
    """Write to the channel itself: each person is a topic of its chat of direct messages."""
    with world.transaction():
        chat = _direct_chat(world, account)
        topic = {"topic_id": int(person.remote_id), "user": user_entity(person)}
        return _write(world, chat, person, text, MESSAGE, more={"direct_messages_topic": topic})


def report(world: World, item: Object, person: Account, reason: str) -> Object:
    """Reports go to Telegram itself."""
    raise ValueError("bots see no reports")


def edit(world: World, item: Object, text: str) -> Object:
    """The author changes a message."""
    with world.transaction():
        chat = world.account(item.account_id)
        (old,) = item.record["messages"]
        text = f"{item.record.get('named', '')}{text}"
        kept = {name: value for name, value in old.items() if name != "entities"}
        changed = {**kept, **_said(text), "edit_date": world.clock() // SECOND}
        announce(world, chat, "edited_message", message_entity(chat, changed))
        return world.update_object(item, text=text, record={**item.record, "messages": [changed]})


def delete(world: World, item: Object) -> None:
    """The author takes a message back; bots are not told."""
    world.delete_object(item)


def like(world: World, item: Object, person: Account) -> None:
    """Put a thumb below a message. Of a channel's posts bots learn how many there are, elsewhere who put it."""
    with world.transaction():
        chat = world.account(item.account_id)
        reactions = {**item.record.get("reactions", {}), person.remote_id: _THUMB}
        world.update_object(item, record={**item.record, "reactions": reactions}, edited=False)
        about: dict[str, Any] = {
            "chat": chat_entity(chat),
            "message_id": item.record["messages"][0]["message_id"],
            "date": world.clock() // SECOND,
        }
        if chat.data["type"] == "channel":
            counts = [{"type": _THUMB, "total_count": len(reactions)}]
            announce(world, chat, "message_reaction_count", {**about, "reactions": counts})
        else:
            who = {"user": user_entity(person), "old_reaction": [], "new_reaction": [_THUMB]}
            announce(world, chat, "message_reaction", {**about, **who})


def follow(world: World, account: Account, person: Account) -> None:
    """Join a channel or group."""
    _move(world, account, person, {"status": "member"}, 1)


def unfollow(world: World, account: Account, person: Account) -> None:
    """Leave it."""
    _move(world, account, person, {"status": "left"}, -1)


def _move(world: World, chat: Account, person: Account, member: Mapping[str, Any], change: int) -> None:
    with world.transaction():
        chat = world.account(chat.id)
        before = membership(world, chat, person)
        if before["status"] == member["status"]:
            return
        set_member(world, chat, person, dict(member))
        world.update_account(chat, {"count": chat.data["count"] + change})
        who = user_entity(person)
        told = {
            "chat": chat_entity(chat),
            "from": who,
            "date": world.clock() // SECOND,
            "old_chat_member": {**before, "user": who},
            "new_chat_member": {**member, "user": who},
        }
        announce(world, chat, "chat_member", told)


def _write(
    world: World,
    chat: Account,
    person: Account,
    text: str,
    kind: str,
    *,
    below: str = "",
    named: str = "",
    more: Mapping[str, Any] | None = None,
) -> Object:
    if not may_write(world, chat, person):
        raise PermissionError(f"{person.handle} may not write in {chat.handle}")
    text = f"{named}{text}"
    answered = find_message(world, chat, int(below.rpartition("/")[2])) if below else None
    stored = {
        "message_id": next_number(world, chat),
        "date": world.clock() // SECOND,
        "from": user_entity(person),
        **(answer_to(chat, answered.message) if answered else {}),
        **(more or {}),
        **_said(text),
    }
    announce(world, chat, "message", message_entity(chat, stored))
    return world.add_object(
        chat,
        kind,
        f"{chat.remote_id}/{stored['message_id']}",
        sort=f"{stored['message_id']:012}",
        text=text,
        record={"messages": [stored], "author": person.remote_id, "named": named},
        reply_to=below or None,
    )


def _said(text: str) -> dict[str, Any]:
    found = entities_of(text)
    return {"text": text, **({"entities": found} if found else {})}


def _discussion(world: World, chat: Account) -> Account:
    if chat.data["type"] != "channel":
        return chat
    linked = chat.data.get("linked_chat_id")
    group = world.find_account(chat.server, str(linked)) if linked else None
    if group is None:
        raise ValueError("the channel has no discussion group")
    return group


def _bot_of(world: World, chat: Account) -> Account:
    found = (world.find_account(chat.server, number) for number in chat.data["members"])
    return next(account for account in found if account is not None and is_bot(account))


def _square(world: World, near: Account) -> Account:
    server = world.server(near.server)
    assert server is not None  # noqa: S101 - the account lives there
    data = {"type": "supergroup", "public": True, "members": {}, "count": 50}
    number = "-1009876543210"
    return world.find_account(near.server, SQUARE) or world.add_account(
        server, SQUARE, number, display_name="Town square", data=data
    )


def _direct_chat(world: World, channel: Account) -> Account:
    number = f"-1002{int(channel.remote_id) % 10**9:09}"
    server = world.server(channel.server)
    assert server is not None  # noqa: S101 - the account lives there
    data = {
        "type": "supergroup",
        "public": False,
        "members": channel.data["members"],
        "count": 1,
        "direct_of": channel.remote_id,
    }
    return world.find_account(channel.server, number) or world.add_account(
        server, f"{channel.handle}_direct", number, display_name=channel.display_name, data=data
    )
