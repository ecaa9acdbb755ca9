"""Likes of posts and comments, of an administrator or of the community."""

from __future__ import annotations

from smm_tui.sandbox.faces.vk import people
from smm_tui.sandbox.faces.vk.call import Call, method
from smm_tui.sandbox.faces.vk.comments import COMMENT, post_of
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import Object
from smm_tui.sandbox.world import World


@method("likes.add", right="wall")
def add(call: Call) -> JSON:
    """Like something; once more changes nothing."""
    item, who = _target(call, "likes.add")
    return {"likes": like(call.world, item, who)}


@method("likes.delete", right="wall")
def delete(call: Call) -> JSON:
    """Take a like back."""
    item, who = _target(call, "likes.delete")
    likes = item.record.get("likes", {})
    if str(who) in likes:
        left = {key: at for key, at in likes.items() if key != str(who)}
        call.world.update_object(item, record={**item.record, "likes": left}, edited=False)
        return {"likes": len(left)}
    return {"likes": len(likes)}


def like(world: World, item: Object, who: int) -> int:
    """Let somebody like something; how many do."""
    item = world.object(item.id)
    likes = item.record.get("likes", {})
    if str(who) not in likes:
        likes = {**likes, str(who): world.clock()}
        world.update_object(item, record={**item.record, "likes": likes}, edited=False)
    return len(likes)


def _target(call: Call, name: str) -> tuple[Object, int]:
    account = call.authorised(name)
    full_id = f"{call.number('owner_id', 0)}_{call.number('item_id')}"
    match call.text("type"):
        case "comment":
            item = call.world.find_object(call.server.host, COMMENT, full_id)
        case "post":
            item = post_of(call.world, call.server.host, full_id)
        case _:
            raise call.wrong("type is incorrect")
    if item is None:
        raise call.wrong("object not found")
    by_group = call.text("from_group") == "1"
    return item, people.owner_id(account) if by_group else people.ADMINISTRATOR_ID
