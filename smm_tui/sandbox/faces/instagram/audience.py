"""The people of the simulated world on Instagram."""

from __future__ import annotations

from dataclasses import replace

from smm_tui.sandbox.faces.facebook.audience import follow, like, unfollow
from smm_tui.sandbox.faces.instagram import people
from smm_tui.sandbox.faces.instagram.call import new_number
from smm_tui.sandbox.things import Account, Object, Server
from smm_tui.sandbox.world import World

__all__ = ["comment", "delete", "edit", "follow", "like", "mention", "message", "person", "report", "unfollow"]


def person(world: World, server: Server, name: str, *, handle: str = "") -> Account:
    """See `Audience.person`."""
    with world.transaction():
        number = new_number(world)
        letters = "".join(c for c in name.casefold() if c.isalnum())
        own = replace(server, network="instagram")
        return world.add_account(own, handle or f"{letters}{number[-6:]}", number, display_name=name)


def comment(world: World, post: Object, person: Account, text: str, *, reply_to: Object | None = None) -> Object:
    """See `Audience.comment`."""
    return people.write_comment(world, person, reply_to or post, text)


def mention(world: World, account: Account, person: Account, text: str) -> Object:
    """See `Audience.mention`: a tag on somebody's media."""
    return people.write_tag(world, person, account, text)


def message(world: World, account: Account, person: Account, text: str) -> Object:
    """Messages are not simulated."""
    raise ValueError("no messages here")


def report(world: World, item: Object, person: Account, reason: str) -> Object:
    """Accounts learn of no reports."""
    raise ValueError("Instagram shows no reports to accounts")


def edit(world: World, item: Object, text: str) -> Object:
    """Comments are not edited; captions are."""
    if item.kind == people.COMMENT:
        raise ValueError("comments are not edited")
    return world.update_object(world.object(item.id), text=text)


def delete(world: World, item: Object) -> None:
    """See `Audience.delete`."""
    for answer in list(people.below(world, item, deep=True)):
        world.delete_object(answer)
    world.delete_object(item)
