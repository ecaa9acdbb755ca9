"""What names a community on other walls."""

from __future__ import annotations

from smm_tui.domain.clock import DAY, SECOND
from smm_tui.sandbox.faces.vk import people
from smm_tui.sandbox.faces.vk.call import Call, method
from smm_tui.sandbox.faces.vk.comments import MENTION, below, liked
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import Account, Object
from smm_tui.sandbox.world import World

PAGE = 50


def add(world: World, account: Account, person: Account, text: str) -> Object:
    """A post on a person's own wall that names a community."""
    number = world.sequence(f"vk wall {person.remote_id}")
    return world.add_object(
        person,
        MENTION,
        f"{person.remote_id}_{number}",
        sort=f"{number:012}",
        text=f"[club{account.remote_id}|{account.display_name}] {text}",
        record={"number": number},
        reply_to=f"club{account.remote_id}",
    )


@method("newsfeed.getMentions", right="wall")
def get_mentions(call: Call) -> JSON:
    """Posts that name the community, newest first; without a start, those of the last day."""
    account = call.authorised("newsfeed.getMentions")
    if not call.ours(account, call.number("owner_id", 0)):
        raise call.refusal(15)
    since = call.number("start_time", (call.world.clock() - DAY) // SECOND) * SECOND
    every = call.world.replies(call.server.host, f"club{account.remote_id}")
    found = [item for item in reversed(every) if item.created_at >= since]
    offset = call.number("offset", 0)
    shown = found[offset : offset + min(call.number("count", 20), PAGE)]
    return {"count": len(found), "items": [entity(call, item) for item in shown]}


def entity(call: Call, item: Object) -> JSON:
    """Such a post as the API shows it."""
    owner = people.owner_id(call.world.account(item.account_id))
    shown: JSON = {
        "inner_type": "wall_wallpost",
        "type": "post",
        "id": item.record["number"],
        "owner_id": owner,
        "from_id": owner,
        "date": item.created_at // 1000,
        "post_type": "post",
        "text": item.text,
        "attachments": [],
        "comments": {"can_post": 1, "count": len(below(call.world, item))},
        "likes": liked(item),
        "reposts": {"count": 0, "user_reposted": 0},
    }
    return shown | ({"edited": item.edited_at // 1000} if item.edited_at else {})
