"""What people write on Instagram, as the world keeps it."""

from __future__ import annotations

from smm_tui.sandbox.faces.facebook.people import COMMENT, TAGGED, addressed, below, order
from smm_tui.sandbox.faces.instagram.call import SITE, new_number
from smm_tui.sandbox.things import POST, Account, Object
from smm_tui.sandbox.world import World

__all__ = ["COMMENT", "TAGGED", "addressed", "below", "order"]


def write_comment(world: World, author: Account, target: Object, text: str) -> Object:
    """Write below a media object, or below a comment; answers to answers join those of the comment at the top."""
    post = target.remote_id if target.kind != COMMENT else str(target.record["post"])
    parent = target.remote_id
    if target.kind == COMMENT and target.reply_to != post:
        parent = target.reply_to or parent
    record = {"post": post, "hidden": False, "likes": []}
    return world.add_object(
        author, COMMENT, new_number(world), sort=order(world), text=text, record=record, reply_to=parent
    )


def write_tag(world: World, author: Account, account: Account, text: str) -> Object:
    """Publish a media object that tags an account."""
    number = new_number(world)
    record = {"page": account.remote_id, "permalink": f"{SITE}/p/{number}/", "likes": []}
    return world.add_object(author, TAGGED, number, sort=order(world), text=text, record=record)


def post_of(world: World, item: Object) -> Object | None:
    """The media object that a comment stands below."""
    for kind in (POST, TAGGED):
        found = world.find_object(item.server, kind, str(item.record["post"]))
        if found is not None:
            return found
    return None
