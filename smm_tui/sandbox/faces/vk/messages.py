"""Messages between people and a community."""

from __future__ import annotations

from smm_tui.domain.clock import DAY
from smm_tui.sandbox.faces.vk import community, people, uploads
from smm_tui.sandbox.faces.vk.call import EITHER, Call, method
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import Account, Object
from smm_tui.sandbox.world import World

MESSAGE = "message"
TEXT = 4096
PAGE = 200
TAKEN_BACK_WITHIN = DAY


def add(
    world: World,
    account: Account,
    peer: int,
    text: str,
    *,
    out: bool,
    random_id: int = 0,
    media: list[str] | None = None,
) -> Object:
    """A message to (`out`) or from a person."""
    number = world.sequence(f"vk messages {account.remote_id}")
    record = {
        "number": number,
        "in_conversation": world.sequence(f"vk messages {account.remote_id} {peer}"),
        "peer": peer,
        "out": int(out),
        "random_id": random_id,
    }
    return world.add_object(
        account,
        MESSAGE,
        f"im{account.remote_id}_{number}",
        sort=f"{number:012}",
        text=text,
        record=record,
        media=media or [],
    )


@method("messages.getConversations", kinds=EITHER, right="messages")
def get_conversations(call: Call) -> JSON:
    """The conversations, that with the latest message first."""
    account = call.authorised("messages.getConversations")
    last: dict[int, Object] = {}
    for item in call.world.objects(account, MESSAGE):
        last.setdefault(item.record["peer"], item)
    match call.text("filter"):
        case "unanswered" | "unread":
            last = {peer: item for peer, item in last.items() if not item.record["out"]}
        case "" | "all":
            pass
        case other:
            raise call.wrong(f"filter {other} is not served here")
    offset = call.number("offset", 0)
    shown = list(last.items())[offset : offset + min(call.number("count", 20), PAGE)]
    return {
        "count": len(last),
        "items": [
            {"conversation": _conversation(peer, item), "last_message": entity(call, account, item)}
            for peer, item in shown
        ],
        **people.beside(call, [peer for peer, _item in shown]),
    }


@method("messages.getHistory", kinds=EITHER, right="messages")
def get_history(call: Call) -> JSON:
    """One conversation, newest first unless asked otherwise."""
    account = call.authorised("messages.getHistory")
    peer = call.number("peer_id", 0) or call.number("user_id", 0)
    if not peer:
        raise call.wrong("peer_id is undefined")
    every = [item for item in call.world.objects(account, MESSAGE) if item.record["peer"] == peer]
    if call.text("rev") == "1":
        every.reverse()
    offset = call.number("offset", 0)
    shown = every[offset : offset + min(call.number("count", 20), PAGE)]
    return {
        "count": len(every),
        "items": [entity(call, account, item) for item in shown],
        **people.beside(call, [peer, people.owner_id(account)]),
    }


@method("messages.send", kinds=EITHER, right="messages")
def send(call: Call) -> int:
    """Write to somebody who wrote before. A random_id that was used before sends nothing; 0 is none."""
    account = call.authorised("messages.send")
    peer = call.number("peer_id", 0) or call.number("user_id", 0)
    random_id = call.number("random_id")
    person = people.by_owner_id(call.world, call.server.host, peer)
    if person is None:
        raise call.wrong("user_id is incorrect")
    text = call.text("message")
    attachments = [word for word in call.text("attachment").split(",") if word]
    if not text.strip() and not attachments:
        raise call.wrong("message is empty or invalid")
    if len(text) > TEXT:
        raise call.refusal(914)
    key = f"message {peer} {random_id}" if random_id else ""
    known = call.known(account, key)
    if known is not None:
        return int(known.record["number"])
    if not any(item.record["peer"] == peer for item in call.world.objects(account, MESSAGE)):
        raise call.refusal(901)
    if str(peer) in community.bans(call.world, account):
        raise call.refusal(900)
    files = uploads.attached(call, account, attachments)
    item = add(call.world, account, peer, text, out=True, random_id=random_id, media=files)
    call.remember(account, key, item)
    return int(item.record["number"])


@method("messages.delete", kinds=EITHER, right="messages")
def delete(call: Call) -> list[JSON]:
    """Delete messages, for both sides only own ones of the last day; each says how it went."""
    account = call.authorised("messages.delete")
    told = []
    for word in call.text("message_ids").split(","):
        number = int(word) if word.isdecimal() else 0
        item = call.world.find_object(call.server.host, MESSAGE, f"im{account.remote_id}_{number}")
        answer: JSON = {"message_id": number}
        if item is None:
            told.append({**answer, "error": {"code": 100, "description": "Message not found"}})
            continue
        old = item.created_at + TAKEN_BACK_WITHIN < call.world.clock()
        answer |= {"peer_id": item.record["peer"], "conversation_message_id": item.record["in_conversation"]}
        if call.text("delete_for_all") == "1" and (old or not item.record["out"]):
            error = {"code": 924, "description": "Can't delete this message for everybody"}
            told.append({**answer, "error": error})
            continue
        call.world.delete_object(item)
        told.append({**answer, "response": 1})
    return told


def entity(call: Call, account: Account, item: Object) -> JSON:
    """A message as the API shows it."""
    record = item.record
    shown: JSON = {
        "id": record["number"],
        "conversation_message_id": record["in_conversation"],
        "peer_id": record["peer"],
        "from_id": people.owner_id(account) if record["out"] else record["peer"],
        "date": item.created_at // 1000,
        "text": item.text,
        "out": record["out"],
        "version": 10_000_000 + record["number"],
        "random_id": record["random_id"],
        "important": False,
        "is_hidden": False,
        "fwd_messages": [],
        "attachments": uploads.entities(call, account, item.media),
    }
    return shown | ({"update_time": item.edited_at // 1000} if item.edited_at else {})


def _conversation(peer: int, last: Object) -> JSON:
    number = last.record["number"]
    return {
        "peer": {"id": peer, "type": "user" if peer > 0 else "group", "local_id": abs(peer)},
        "last_message_id": number,
        "last_conversation_message_id": last.record["in_conversation"],
        "in_read": number,
        "out_read": number,
        "version": 10_000_000 + number,
        "unread_count": int(not last.record["out"]),
        "is_marked_unread": False,
        "important": False,
        "can_write": {"allowed": True},
    }
