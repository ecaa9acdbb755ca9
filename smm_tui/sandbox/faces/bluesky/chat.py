"""The chat service: conversations of two, which nobody takes a message back from but for himself."""

from __future__ import annotations

import hashlib
from typing import Any

from smm_tui.domain.clock import to_datetime
from smm_tui.sandbox.faces.bluesky import shapes
from smm_tui.sandbox.faces.bluesky.appview import blocked, profile_of
from smm_tui.sandbox.faces.bluesky.call import ROUTER, Call, new_tid, refusal
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import Account, Object, object_of
from smm_tui.sandbox.world import World

SERVICE = "did:web:api.bsky.chat#bsky_chat"
CONVO = "chat.bsky.convo"
MESSAGE = "chat.bsky.convo.message"
LOGGED = 100  # entries in one answer
_VIEW = "chat.bsky.convo.defs"


def open_convo(world: World, one: Account, other: Account) -> Object:
    """The conversation of two accounts, begun when there is none."""
    members = sorted((one.remote_id, other.remote_id))
    name = hashlib.sha256(" ".join(members).encode()).hexdigest()[:13]
    found = world.find_object(one.server, CONVO, name)
    if found is not None:
        return found
    return world.add_object(one, CONVO, name, sort=new_tid(world), text="", record={"members": members})


def write_message(world: World, convo: Object, author: Account, message: JSON) -> Object:
    """A new message; its `text` in the world is what its author sees."""
    rev = new_tid(world)
    kept = {name: message[name] for name in ("text", "facets", "embed") if name in message}
    record = {"message": kept, "deleted": {}}
    return world.add_object(
        author, MESSAGE, rev, sort=rev, text=message["text"], record=record, reply_to=convo.remote_id
    )


@ROUTER.on("GET", "/xrpc/chat.bsky.convo.listConvos")
def list_convos(call: Call) -> Response:
    """The conversations of the account, the latest first."""
    user = _user(call)
    limit = call.number("limit", 50, 1, 100)
    cursor = call.request.argument("cursor")
    by_rev = {_rev(call, convo): convo for convo in _convos(call, user)}
    older = [(rev, by_rev[rev]) for rev in sorted(by_rev, reverse=True) if cursor is None or rev < cursor]
    body: JSON = {"convos": [_convo_view(call, user, convo) for _latest, convo in older[:limit]]}
    if len(older) > limit:
        body["cursor"] = older[limit - 1][0]
    return json_response(body)


@ROUTER.on("GET", "/xrpc/chat.bsky.convo.getConvo")
def get_convo(call: Call) -> Response:
    """One conversation."""
    user = _user(call)
    return json_response({"convo": _convo_view(call, user, _convo(call, user, call.parameter("convoId")))})


@ROUTER.on("GET", "/xrpc/chat.bsky.convo.getConvoForMembers")
def get_convo_for_members(call: Call) -> Response:
    """The conversation with somebody, begun when there is none."""
    user = _user(call)
    call.parameter("members")
    others = [did for did in call.request.arguments("members") if did != user.remote_id]
    other = call.world.find_account(call.server.host, others[0]) if len(others) == 1 else None
    if other is None:
        raise refusal(400, "RecipientNotFound", "recipient not found")
    return json_response({"convo": _convo_view(call, user, open_convo(call.world, user, other))})


@ROUTER.on("GET", "/xrpc/chat.bsky.convo.getMessages")
def get_messages(call: Call) -> Response:
    """The messages of a conversation, newest first."""
    user = _user(call)
    convo = _convo(call, user, call.parameter("convoId"))
    limit = call.number("limit", 50, 1, 100)
    cursor = call.request.argument("cursor")
    found = [item for item in _messages(call, convo) if cursor is None or item.sort < cursor]
    newest = sorted(found, key=lambda item: item.sort, reverse=True)
    body: JSON = {
        "messages": [_message_view(call, user, item) for item in newest[:limit]],
        "relatedProfiles": _members(call, convo),
    }
    if len(newest) > limit:
        body["cursor"] = newest[limit - 1].sort
    return json_response(body)


@ROUTER.on("GET", "/xrpc/chat.bsky.convo.getLog")
def get_log(call: Call) -> Response:
    """What happened in all conversations after a cursor; without one, only where the log stands."""
    user = _user(call)
    cursor = call.request.argument("cursor")
    entries = sorted(_entries(call, user), key=lambda entry: str(entry["rev"]))
    if cursor is None:
        return json_response({"logs": [], "cursor": entries[-1]["rev"] if entries else new_tid(call.world)})
    later = [entry for entry in entries if entry["rev"] > cursor][:LOGGED]
    return json_response({"logs": later, "cursor": later[-1]["rev"] if later else cursor})


@ROUTER.on("POST", "/xrpc/chat.bsky.convo.sendMessage")
def send_message(call: Call) -> Response:
    """A message; the same again is another one."""
    user = _user(call)
    convo = _convo(call, user, call.member("convoId", str))
    message = call.member("message", dict)
    call.check(lambda: shapes.fields(message, "$.message", {"text": shapes.string(10000, 1000)}))
    for did in convo.record["members"]:
        other = call.world.find_account(call.server.host, did)
        if other is not None and other.id != user.id and blocked(call, user, other):
            raise refusal(400, "InvalidRequest", "block between recipient and sender")
    return json_response(_message_view(call, user, write_message(call.world, convo, user, message), plain=True))


@ROUTER.on("POST", "/xrpc/chat.bsky.convo.deleteMessageForSelf")
def delete_message(call: Call) -> Response:
    """Hide a message from oneself; the other side goes on seeing it."""
    user = _user(call)
    convo = _convo(call, user, call.member("convoId", str))
    wanted = call.member("messageId", str)
    item = next((item for item in _messages(call, convo) if item.remote_id == wanted), None)
    if item is None:
        raise refusal(400, "InvalidRequest", "message not found")
    deleted = {**item.record["deleted"], user.remote_id: new_tid(call.world)}
    text = "" if item.account_id == user.id else item.text
    changed = call.world.update_object(item, text=text, record={**item.record, "deleted": deleted}, edited=False)
    return json_response(_message_view(call, user, changed, plain=True))


def _user(call: Call) -> Account:
    """The account whose PDS passes the call on: only when the header says where to, and the password allows it."""
    proxy = call.request.header("atproto-proxy")
    if not proxy:
        raise refusal(501, "MethodNotImplemented", "Method Not Implemented")
    if proxy != SERVICE:
        raise refusal(400, "InvalidRequest", "could not resolve proxy did")
    user = call.privileged()
    call.spend("calls", "ip")
    return user


def _convos(call: Call, user: Account) -> list[Object]:
    rows = call.world.rows(
        "SELECT * FROM objects WHERE server = ? AND kind = ? AND instr(record, ?)",
        call.server.host,
        CONVO,
        user.remote_id,
    )
    return [object_of(row) for row in rows]


def _convo(call: Call, user: Account, name: str) -> Object:
    found = call.world.find_object(call.server.host, CONVO, name)
    if found is None or user.remote_id not in found.record["members"]:
        raise refusal(400, "InvalidConvo", "Convo not found")
    return found


def _messages(call: Call, convo: Object) -> list[Object]:
    return [item for item in call.world.replies(convo.server, convo.remote_id) if item.kind == MESSAGE]


def _rev(call: Call, convo: Object) -> str:
    return max([convo.sort, *(item.sort for item in _messages(call, convo))])


def _members(call: Call, convo: Object) -> list[JSON]:
    found = (call.world.find_account(convo.server, did) for did in convo.record["members"])
    return [_profile(call, account) for account in found if account is not None]


def _profile(call: Call, account: Account) -> JSON:
    record = profile_of(call, account)
    return {"did": account.remote_id, "handle": account.handle, "displayName": record.get("displayName", "")}


def _convo_view(call: Call, user: Account, convo: Object) -> JSON:
    found = sorted(_messages(call, convo), key=lambda item: item.sort)
    view: JSON = {
        "id": convo.remote_id,
        "rev": _rev(call, convo),
        "members": _members(call, convo),
        "muted": False,
        "status": "accepted",
        "unreadCount": sum(item.account_id != user.id for item in found),
    }
    return view | ({"lastMessage": _message_view(call, user, found[-1])} if found else {})


def _message_view(call: Call, user: Account, item: Object, *, plain: bool = False) -> JSON:
    gone = user.remote_id in item.record["deleted"]
    view: JSON = {} if plain else {"$type": f"{_VIEW}#{'deletedMessageView' if gone else 'messageView'}"}
    view |= {
        "id": item.remote_id,
        "rev": item.sort,
        "sender": {"did": call.world.account(item.account_id).remote_id},
        "sentAt": to_datetime(item.stored_at).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return view if gone else {**item.record["message"], **view}


def _entries(call: Call, user: Account) -> list[dict[str, Any]]:
    entries: list[JSON] = []
    for convo in _convos(call, user):
        people = _members(call, convo)
        entries.append({"$type": f"{_VIEW}#logBeginConvo", "rev": convo.sort, "convoId": convo.remote_id})
        for item in _messages(call, convo):
            view = {"convoId": convo.remote_id, "message": _message_view(call, user, item)}
            entries.append(
                {"$type": f"{_VIEW}#logCreateMessage", "rev": item.sort, **view, "relatedProfiles": people}
            )
            if (rev := item.record["deleted"].get(user.remote_id)) is not None:
                entries.append({"$type": f"{_VIEW}#logDeleteMessage", "rev": rev, **view})
    return entries
