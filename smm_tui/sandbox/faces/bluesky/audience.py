"""The people of a simulated Bluesky."""

from __future__ import annotations

import base64

from smm_tui.domain.clock import to_datetime
from smm_tui.sandbox.faces.bluesky import records
from smm_tui.sandbox.faces.bluesky.call import new_tid
from smm_tui.sandbox.faces.bluesky.chat import MESSAGE, open_convo, write_message
from smm_tui.sandbox.faces.bluesky.cid import cid_of_record
from smm_tui.sandbox.faces.bluesky.repo import Prepared, keep, record_of
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import Account, Object, Server
from smm_tui.sandbox.world import World


def person(world: World, server: Server, name: str, *, handle: str = "") -> Account:
    """A new person with an account on a server."""
    letters = [letter for letter in (handle or name).lower() if letter.isascii() and letter.isalnum()]
    word = "".join(letters) or "someone"
    with world.transaction():
        number = world.sequence("bluesky person")
        domain = server.host.partition(":")[0]
        did = "did:plc:" + base64.b32encode(world.entropy("did")).decode().lower()[:24]
        taken = world.find_account(server.host, f"{word}.{domain}") is not None
        full = f"{word}{number if taken else ''}.{domain}"
        account = world.add_account(server, full, did, display_name=name)
        _store(world, account, records.PROFILE, {"displayName": name}, rkey="self")
    return account


def comment(world: World, post: Object, person: Account, text: str, *, reply_to: Object | None = None) -> Object:
    """Answer a post, or somebody's answer to it."""
    above = reply_to or post
    reply = record_of(above).get("reply", {})
    root = reply.get("root") or _strong(above)
    return _store(world, person, records.POST, {"text": text, "reply": {"root": root, "parent": _strong(above)}})


def mention(world: World, account: Account, person: Account, text: str) -> Object:
    """A post that begins with the account's name."""
    name = f"@{account.handle}"
    facet = {
        "index": {"byteStart": 0, "byteEnd": len(name)},
        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": account.remote_id}],
    }
    return _store(world, person, records.POST, {"text": f"{name} {text}", "facets": [facet]})


def message(world: World, account: Account, person: Account, text: str) -> Object:
    """A message in the chat of the two."""
    with world.transaction():
        return write_message(world, open_convo(world, account, person), person, {"text": text})


def report(world: World, item: Object, person: Account, reason: str) -> Object:
    """Reports go to the network's moderators, never to an account."""
    raise ValueError("accounts get no reports on Bluesky")


def edit(world: World, item: Object, text: str) -> Object:
    """Nobody edits there."""
    raise ValueError("posts cannot be changed on Bluesky")


def delete(world: World, item: Object) -> None:
    """Take a post back; a message can only be hidden from oneself."""
    if item.kind == MESSAGE:
        raise ValueError("messages stay on Bluesky")
    world.delete_object(item)


def like(world: World, item: Object, person: Account) -> None:
    """Like a post or an answer."""
    _store(world, person, records.LIKE, {"subject": _strong(item)})


def follow(world: World, account: Account, person: Account) -> None:
    """Begin to follow the account."""
    _store(world, person, records.FOLLOW, {"subject": account.remote_id})


def unfollow(world: World, account: Account, person: Account) -> None:
    """Stop following the account."""
    for item in world.objects(person, records.FOLLOW):
        if item.reply_to == account.remote_id:
            world.delete_object(item)


def _strong(item: Object) -> JSON:
    return {"uri": item.remote_id, "cid": item.record["cid"]}


def _store(world: World, author: Account, collection: str, values: JSON, *, rkey: str = "") -> Object:
    with world.transaction():
        at = to_datetime(world.clock()).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record = {"$type": collection, **values, "createdAt": at}
        records.check_record(collection, record, "$.record")
        return keep(
            world, author, Prepared(collection, rkey or new_tid(world), record, cid_of_record(record), True, {})
        )
