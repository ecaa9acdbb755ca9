"""People on servers that speak the Mastodon API. See `smm_tui.sandbox.audience.Audience`."""

from __future__ import annotations

import re

from smm_tui.sandbox.faces.mastodon import people, statuses
from smm_tui.sandbox.faces.mastodon.call import Call
from smm_tui.sandbox.faces.mastodon.ids import new_id
from smm_tui.sandbox.faces.mastodon.statuses import Draft
from smm_tui.sandbox.http import Request
from smm_tui.sandbox.things import Account, Object, Server
from smm_tui.sandbox.world import World


def _call(world: World, host: str) -> Call:
    server = world.server(host)
    if server is None:
        raise ValueError(f"there is no server {host}")
    return Call(world, server, Request("GET", host, "/"))


def person(world: World, server: Server, name: str, *, handle: str = "") -> Account:
    """A new person; the handle is made of the name unless it is given."""
    plain = handle or re.sub(r"\W+", "_", name.casefold()).strip("_") or "person"
    with world.transaction():
        taken = {account.handle for account in world.accounts(server=server.host)}
        number = next(n for n in range(1, len(taken) + 2) if _numbered(plain, n) not in taken)
        remote_id = new_id(_call(world, server.host), world.clock())
        return world.add_account(server, _numbered(plain, number), remote_id, display_name=name)


def _numbered(handle: str, number: int) -> str:
    return handle if number == 1 else f"{handle}{number}"


def _write(
    world: World, writer: Account, text: str, *, visibility: str = "public", reply_to: Object | None = None
) -> Object:
    answered = world.account(reply_to.account_id).remote_id if reply_to is not None else None
    record = {
        "visibility": visibility,
        "sensitive": False,
        "spoiler_text": "",
        "language": "en",
        "application": None,
        "in_reply_to_account_id": answered,
    }
    draft = Draft(text, [], reply_to.remote_id if reply_to is not None else None, record)
    with world.transaction():
        return statuses.publish(_call(world, writer.server), writer, draft)


def comment(world: World, post: Object, person: Account, text: str, *, reply_to: Object | None = None) -> Object:
    """Answer the post, or another answer: as people's programs do, whoever is answered is named first."""
    above = reply_to or post
    answered = world.account(above.account_id)
    return _write(world, person, f"@{answered.handle} {text}", reply_to=above)


def mention(world: World, account: Account, person: Account, text: str) -> Object:
    """A status of its own that names the account."""
    return _write(world, person, f"@{account.handle} {text}")


def message(world: World, account: Account, person: Account, text: str) -> Object:
    """A direct message."""
    return _write(world, person, f"@{account.handle} {text}", visibility="direct")


def report(world: World, item: Object, person: Account, reason: str) -> Object:
    """Report what somebody wrote to the server's moderators."""
    with world.transaction():
        call = _call(world, item.server)
        return people.file_report(call, person, world.account(item.account_id), reason, [item.remote_id])


def edit(world: World, item: Object, text: str) -> Object:
    """The author writes it anew; whom it named stays named."""
    if item.kind == people.REPORT:
        raise ValueError("a report cannot be edited")
    named = re.match(r"(@\S+ )*", item.text)
    return world.update_object(item, text=f"{named.group() if named else ''}{text}")


def delete(world: World, item: Object) -> None:
    """The author takes it down."""
    if item.kind == people.REPORT:
        raise ValueError("a report cannot be taken back")
    with world.transaction():
        statuses.remove(_call(world, item.server), item)


def like(world: World, item: Object, person: Account) -> None:
    """A favourite."""
    with world.transaction():
        statuses.like(_call(world, item.server), world.object(item.id), person)


def follow(world: World, account: Account, person: Account) -> None:
    """Follow the account."""
    with world.transaction():
        people.follow(_call(world, account.server), world.account(account.id), person)


def unfollow(world: World, account: Account, person: Account) -> None:
    """Follow it no longer."""
    with world.transaction():
        people.unfollow(_call(world, account.server), account, person)
