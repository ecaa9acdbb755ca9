"""What people do on VK."""

from __future__ import annotations

from smm_tui.sandbox.faces.vk import comments, community, likes, messages, newsfeed, people
from smm_tui.sandbox.things import Account, Object, Server
from smm_tui.sandbox.world import World

FIRST_PERSON = 1_000_000  # communities' numbers are far higher


def person(world: World, server: Server, name: str, *, handle: str = "") -> Account:
    """See `Audience.person`."""
    number = FIRST_PERSON + world.sequence("vk person")
    return world.add_account(server, handle or f"id{number}", str(number), display_name=name, data={"person": True})


def comment(world: World, post: Object, person: Account, text: str, *, reply_to: Object | None = None) -> Object:
    """See `Audience.comment`. ValueError for somebody who is banned."""
    owner = people.by_owner_id(world, post.server, int(post.remote_id.partition("_")[0]))
    if owner is not None and str(people.owner_id(person)) in community.bans(world, owner):
        raise ValueError(f"{person.display_name} is banned")
    return comments.add(world, post, person, text, above=reply_to)


def mention(world: World, account: Account, person: Account, text: str) -> Object:
    """See `Audience.mention`."""
    return newsfeed.add(world, account, person, text)


def message(world: World, account: Account, person: Account, text: str) -> Object:
    """See `Audience.message`."""
    return messages.add(world, account, people.owner_id(person), text, out=False)


def report(world: World, item: Object, person: Account, reason: str) -> Object:
    """See `Audience.report`: complaints go to VK, no community hears of them."""
    raise ValueError("VK shows complaints to no community")


def edit(world: World, item: Object, text: str) -> Object:
    """See `Audience.edit`."""
    return world.update_object(item, text=text)


def delete(world: World, item: Object) -> None:
    """See `Audience.delete`."""
    if item.kind == comments.COMMENT:
        comments.remove(world, item, by="author")
    else:
        world.delete_object(item)


def like(world: World, item: Object, person: Account) -> None:
    """See `Audience.like`."""
    likes.like(world, item, people.owner_id(person))


def follow(world: World, account: Account, person: Account) -> None:
    """See `Audience.follow`."""
    _change(world, account, person, 1)


def unfollow(world: World, account: Account, person: Account) -> None:
    """See `Audience.unfollow`."""
    _change(world, account, person, -1)


def _change(world: World, account: Account, person: Account, change: int) -> None:
    """Let somebody come or go who is not so already."""
    data = world.account(account.id).data
    followers = set(data.get("followers", []))
    if (person.remote_id in followers) == (change > 0):
        return
    followers ^= {person.remote_id}
    flow = [*data.get("flow", []), [world.clock(), change]]
    world.update_account(account, {"followers": sorted(followers), "flow": flow})
