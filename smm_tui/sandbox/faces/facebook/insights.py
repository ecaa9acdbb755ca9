"""Figures of a Page and its posts. One unknown name fails the whole call."""

from __future__ import annotations

from collections.abc import Callable

from smm_tui.domain.clock import DAY, SECOND, Instant
from smm_tui.sandbox import crowd
from smm_tui.sandbox.faces.facebook import ads, ads_figures, people
from smm_tui.sandbox.faces.facebook.call import ROUTER, Call, stamp
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.things import POST, Account, Object
from smm_tui.sandbox.world import World

RIGHT = "read_insights"
LONGEST: Instant = 90 * DAY
OF_POSTS = ("post_media_view", "post_total_media_view_unique", "post_clicks", "post_reactions_by_type_total")
OF_PAGES = (
    "page_media_view",
    "page_total_media_view_unique",
    "page_follows",
    "page_daily_follows",
    "page_daily_follows_unique",
    "page_daily_unfollows_unique",
    "page_post_engagements",
    "page_views_total",
    "page_total_actions",
    "page_video_views",
)


def check_names(call: Call, known: tuple[str, ...]) -> list[str]:
    """The metrics that a call asks for. Refused when one is not known."""
    names = [name.strip(' "[]') for name in call.text("metric").split(",") if name.strip(' "[]')]
    if not names or any(name not in known for name in names):
        raise call.error(100, "(#100) The value must be a valid insights metric")
    return names


def period(call: Call, longest: Instant = LONGEST) -> tuple[Instant, Instant]:
    """From when to when, in whole days; two days before now unless told."""
    until = call.number("until", call.world.clock() // SECOND) * SECOND
    since = call.number("since", (until - 2 * DAY) // SECOND) * SECOND
    if until - since > longest or until < since:
        days = longest // DAY
        raise call.error(100, f"(#100) There cannot be more than {days} days between since and until")
    return since, until


def result(node: str, name: str, period: str, values: list[JSON]) -> JSON:
    """InsightsResult."""
    return {
        "name": name,
        "period": period,
        "values": values,
        "title": name.replace("_", " ").title(),
        "description": name,
        "id": f"{node}/insights/{name}/{period}",
    }


def by_day(since: Instant, until: Instant, count: Callable[[Instant, Instant], int]) -> list[JSON]:
    """The days between two instants."""
    days = []
    start = since - since % DAY
    while start < until:
        days.append({"value": count(start, start + DAY), "end_time": stamp(start + DAY)})
        start += DAY
    return days


def changes(account: Account, sign: int, start: Instant, end: Instant) -> int:
    """How many began (1) or stopped (-1) to follow in a time."""
    log = account.data.get("follow_log", [])
    came, left = crowd.changes(account, start, end)
    return sum(1 for at, what in log if what == sign and start <= at < end) + (came if sign > 0 else left)


def page_insights(call: Call, node: str) -> Response:
    """The Page's days."""
    page = call.page(node)
    call.need(RIGHT, "ANALYZE")
    names = check_names(call, OF_PAGES)
    since, until = period(call)
    counts: dict[str, Callable[[Instant, Instant], int]] = {
        "page_daily_follows_unique": lambda start, end: changes(page, 1, start, end),
        "page_daily_follows": lambda start, end: changes(page, 1, start, end),
        "page_daily_unfollows_unique": lambda start, end: changes(page, -1, start, end),
    }

    def written(start: Instant, end: Instant) -> int:
        posts = sum(1 for item in call.world.objects(page) if start <= item.created_at < end)
        return 10 * posts + crowd.reached(page, start, end)

    data = [result(page.remote_id, name, "day", by_day(since, until, counts.get(name, written))) for name in names]
    return json_response({"data": data, "paging": {"previous": "", "next": ""}})


@ROUTER.on("GET", "/:version/:node/insights")
def insights(call: Call, version: str, node: str) -> Response:
    """Of a Page, of a post since it was published, or of ads."""
    if ads.is_ads(call, node):
        return ads_figures.insights(call, node)
    if call.world.find_account(call.server.host, node) is not None:
        return page_insights(call, node)
    page = call.page("me")
    call.need(RIGHT, "ANALYZE")
    item = call.world.find_object(call.server.host, POST, node)
    if item is None or item.account_id != page.id:
        raise call.missing(node)
    names = check_names(call, OF_POSTS)
    data = [result(node, name, "lifetime", [{"value": _of_post(call.world, item, name)}]) for name in names]
    return json_response({"data": data})


def _of_post(world: World, item: Object, name: str) -> int | JSON:
    touched = len(item.record.get("likes", [])) + sum(1 for _each in people.below(world, item, deep=True))
    if name == "post_reactions_by_type_total":
        return {"like": len(item.record.get("likes", []))}
    return {"post_media_view": 10 * touched + 3, "post_total_media_view_unique": 5 * touched + 2}.get(name, touched)


def summaries(call: Call, item: Object) -> JSON:
    """What a post tells of its likes, comments and shares; only where a call asks, for counting takes time."""
    asked = call.text("fields")
    if "reactions" not in asked and "comments" not in asked:
        return {"comments": None, "reactions": None, "shares": None}
    count = sum(1 for _each in people.below(call.world, item, deep=True))
    return {
        "comments": {"data": [], "summary": {"order": "ranked", "total_count": count, "can_comment": True}},
        "reactions": {
            "data": [],
            "summary": {"total_count": len(item.record.get("likes", [])), "viewer_reaction": "NONE"},
        },
        "shares": {"count": item.record["shares"]} if item.record.get("shares") else None,
    }
