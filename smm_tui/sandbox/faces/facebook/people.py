"""What people write to a Page, as the world keeps it: comments, posts that name a Page, messages."""

from __future__ import annotations

from collections.abc import Iterator

from smm_tui.sandbox.faces.facebook.call import new_number
from smm_tui.sandbox.things import POST, Account, Object, object_of
from smm_tui.sandbox.world import World

COMMENT, TAGGED, VISITOR, MESSAGE = "comment", "tagged", "visitor", "message"


def write_comment(world: World, author: Account, below: Object, text: str) -> Object:
    """Write below a post, or below a comment: answers to answers join those of the comment at the top."""
    post = post_of(world, below)
    parent = below
    if below.kind == COMMENT and below.reply_to != post.remote_id:
        found = world.find_object(below.server, COMMENT, below.reply_to or "")
        parent = found if found is not None else below
    record = {"post": post.remote_id, "hidden": False, "likes": []}
    number = f"{post.remote_id.rpartition('_')[2]}_{new_number(world)}"
    return world.add_object(
        author, COMMENT, number, sort=order(world), text=text, record=record, reply_to=parent.remote_id
    )


def write_post(world: World, author: Account, page: Account, text: str, *, visitor: bool = False) -> Object:
    """Write a post that names a Page, or one that stands on it."""
    owner = page.remote_id if visitor else author.remote_id
    record = {"page": page.remote_id, "hidden": False, "likes": []}
    number = f"{owner}_{new_number(world)}"
    kind = VISITOR if visitor else TAGGED
    return world.add_object(author, kind, number, sort=order(world), text=text, record=record)


def write_message(world: World, author: Account, page: Account, person: Account, text: str) -> Object:
    """Write a direct message, from the person or from the Page."""
    record = {"page": page.remote_id, "person": person.remote_id}
    return world.add_object(
        author, MESSAGE, f"m_{world.secret('message', 24)}", sort=order(world), text=text, record=record
    )


def order(world: World) -> str:
    """What sorts by time of writing."""
    return f"{world.clock():015}{world.sequence('facebook posts'):09}"


def post_of(world: World, below: Object) -> Object:
    """The post that something stands below, or itself."""
    if below.kind != COMMENT:
        return below
    for kind in (POST, TAGGED, VISITOR):
        post = world.find_object(below.server, kind, str(below.record["post"]))
        if post is not None:
            return post
    return below


def below(world: World, item: Object, *, deep: bool) -> Iterator[Object]:
    """The comments below something, oldest first; `deep`: with the answers to them."""
    direct = [found for found in world.replies(item.server, item.remote_id) if found.kind == COMMENT]
    for comment in direct:
        yield comment
        if deep:
            yield from below(world, comment, deep=True)


def addressed(world: World, page: Account, kind: str) -> list[Object]:
    """What people wrote to a Page, newest first."""
    rows = world.rows(
        "SELECT * FROM objects WHERE server = ? AND kind = ? AND deleted_at IS NULL"
        " AND json_extract(record, '$.page') = ? ORDER BY sort DESC",
        page.server,
        kind,
        page.remote_id,
    )
    return [object_of(row) for row in rows]


def threads(world: World, page: Account) -> dict[str, list[Object]]:
    """The messages of a Page's conversations by person, newest first, the conversation that changed last first."""
    found: dict[str, list[Object]] = {}
    for message in addressed(world, page, MESSAGE):
        found.setdefault(str(message.record["person"]), []).append(message)
    return found
