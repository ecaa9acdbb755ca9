"""The people of the simulated world on Facebook."""

from __future__ import annotations

from smm_tui.sandbox.faces.facebook import people
from smm_tui.sandbox.faces.facebook.call import new_number
from smm_tui.sandbox.things import Account, Object, Server
from smm_tui.sandbox.world import World


def person(world: World, server: Server, name: str, *, handle: str = "") -> Account:
    """See `Audience.person`. Nobody has a handle that apps could see."""
    with world.transaction():
        number = new_number(world)
        return world.add_account(
            server, handle or f"person {number}", number, display_name=name, data={"person": True}
        )


def comment(world: World, post: Object, person: Account, text: str, *, reply_to: Object | None = None) -> Object:
    """See `Audience.comment`."""
    return people.write_comment(world, person, reply_to or post, text)


def mention(world: World, account: Account, person: Account, text: str) -> Object:
    """See `Audience.mention`."""
    return people.write_post(world, person, account, text)


def visit(world: World, account: Account, person: Account, text: str) -> Object:
    """Write a post on the Page itself."""
    return people.write_post(world, person, account, text, visitor=True)


def message(world: World, account: Account, person: Account, text: str) -> Object:
    """See `Audience.message`."""
    return people.write_message(world, person, account, person, text)


def report(world: World, item: Object, person: Account, reason: str) -> Object:
    """Pages learn of no reports."""
    raise ValueError("Facebook shows no reports to Pages")


def edit(world: World, item: Object, text: str) -> Object:
    """See `Audience.edit`."""
    if item.kind == people.MESSAGE:
        raise ValueError("messages are not edited")
    return world.update_object(world.object(item.id), text=text)


def delete(world: World, item: Object) -> None:
    """See `Audience.delete`."""
    if item.kind == people.MESSAGE:
        raise ValueError("messages stay")
    for answer in list(people.below(world, item, deep=True)):
        world.delete_object(answer)
    world.delete_object(item)


def like(world: World, item: Object, person: Account) -> None:
    """See `Audience.like`."""
    item = world.object(item.id)
    likes = sorted({*item.record.get("likes", []), person.remote_id})
    world.update_object(item, record={**item.record, "likes": likes}, edited=False)


def follow(world: World, account: Account, person: Account) -> None:
    """See `Audience.follow`."""
    _follow(world, account, person, 1)


def unfollow(world: World, account: Account, person: Account) -> None:
    """See `Audience.unfollow`."""
    _follow(world, account, person, -1)


def _follow(world: World, account: Account, person: Account, sign: int) -> None:
    data = world.account(account.id).data
    known = set(data.get("followers", []))
    if (person.remote_id in known) == (sign > 0):
        return
    changed = known | {person.remote_id} if sign > 0 else known - {person.remote_id}
    log = [*data.get("follow_log", []), [world.clock(), sign]]
    world.update_account(account, {"followers": sorted(changed), "follow_log": log})
