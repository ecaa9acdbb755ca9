"""A community's figures, counted over what the people of the world did."""

from __future__ import annotations

from collections.abc import Iterator

from smm_tui.domain.clock import DAY, SECOND, Instant
from smm_tui.sandbox import crowd
from smm_tui.sandbox.faces.vk.call import Call, method
from smm_tui.sandbox.faces.vk.comments import below
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import POST, Account, Object

DAYS = 366
POSTS = 30


@method("stats.get", right="stats")
def get(call: Call) -> list[JSON]:
    """Day by day, the latest first."""
    account = call.authorised("stats.get")
    if not call.ours(account, call.number("group_id", 0)):
        raise call.refusal(7, "Permission to perform this action is denied")
    if call.text("interval") not in ("", "day"):
        raise call.wrong("interval is not served here")
    until = call.number("timestamp_to", call.world.clock() // SECOND) * SECOND
    since = call.number("timestamp_from", (until - 30 * DAY) // SECOND) * SECOND
    starts = list(range(since - since % DAY, min(until, call.world.clock()) + 1, DAY))[-DAYS:]
    return [_day(call, account, start) for start in reversed(starts)]


@method("stats.getPostReach", right="stats")
def get_post_reach(call: Call) -> list[JSON]:
    """How many people saw posts, and what they did then."""
    account = call.authorised("stats.getPostReach")
    owner = call.number("owner_id")
    if not call.ours(account, owner):
        raise call.refusal(7, "Permission to perform this action is denied")
    numbers = call.text("post_ids").split(",")
    if len(numbers) > POSTS:
        raise call.wrong("post_ids: too many")
    found = []
    for number in numbers:
        post = call.world.find_object(call.server.host, POST, f"{owner}_{number}")
        if post is None:
            raise call.refusal(212, "Access to post comments denied: post not found")
        people = len({who for who, _at in _acts(call, post)})
        found.append(
            {
                "post_id": post.record["number"],
                "reach_total": 3 * people + 1,
                "reach_subscribers": people,
                "reach_viral": 2 * people + 1,
                "reach_ads": 0,
                "links": people,
                "to_group": 0,
                "join_group": 0,
                "report": 0,
                "hide": 0,
                "unsubscribe": 0,
            }
        )
    return found


def _day(call: Call, account: Account, start: Instant) -> JSON:
    end = start + DAY
    posts = list(call.world.objects(account))
    acts = [(who, at) for post in posts for who, at in _acts(call, post) if start <= at < end]
    comments = sum(start <= item.created_at < end for post in posts for item in below(call.world, post))
    flow = [change for at, change in account.data.get("flow", []) if start <= at < end]
    came, left = crowd.changes(account, start, end)
    reach = len({who for who, _at in acts}) + crowd.reached(account, start, end)
    likes = sum(start <= at < end for post in posts for at in post.record.get("likes", {}).values())
    return {
        "period_from": start // SECOND,
        "period_to": end // SECOND,
        "visitors": {"views": 3 * len(acts), "visitors": len({who for who, _at in acts})},
        "reach": {"reach": reach, "reach_subscribers": 0, "mobile_reach": 0},
        "activity": {
            "likes": likes,
            "comments": comments,
            "copies": 0,
            "subscribed": flow.count(1) + came,
            "unsubscribed": flow.count(-1) + left,
        },
    }


def _acts(call: Call, post: Object) -> Iterator[tuple[str, Instant]]:
    """Who did something about a post, and when."""
    yield from post.record.get("likes", {}).items()
    for item in below(call.world, post):
        yield call.world.account(item.account_id).remote_id, item.created_at
