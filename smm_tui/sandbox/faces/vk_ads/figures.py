"""Statistics: by day or in sum, of ads, sets or campaigns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from smm_tui.sandbox import market
from smm_tui.sandbox.faces.vk_ads.call import ROUTER, Call
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.market import Day
from smm_tui.sandbox.things import Object

IDS, DAYS = 200, 366
_KINDS = {
    "banners": market.AD,
    "ad_groups": market.SET,
    "campaigns": market.SET,  # as the documents still say
    "ad_plans": market.CAMPAIGN,
}


@ROUTER.on("GET", "/api/v2/statistics/:kind/day.json")
def by_day(call: Call, kind: str) -> Response:
    """Day by day; days without an impression are left out."""
    since, until = _day(call, "date_from"), _day(call, "date_to")
    if not 0 <= (until - since).days < DAYS:
        raise call.wrong("date_to", "ERR_LIMIT_EXCEEDED", "The period is too long")
    items = []
    for item in _chosen(call, kind):
        days = [day for ad in market.ads(call.world, item) for day in _days(call, ad, since, until)]
        days.sort(key=_when)
        merged: dict[date, list[Day]] = {}
        for each in days:
            merged.setdefault(each.day, []).append(each)
        rows = [{"date": on.isoformat(), **_figures(found)} for on, found in merged.items()]
        items.append({"id": int(item.remote_id), "rows": rows, "total": _figures(days)})
    return json_response({"items": items, "total": {}})


@ROUTER.on("GET", "/api/v2/statistics/:kind/summary.json")
def summary(call: Call, kind: str) -> Response:
    """All of it in sum."""
    items = []
    for item in _chosen(call, kind):
        days = [day for ad in market.ads(call.world, item) for day in _days(call, ad, date.min, date.max)]
        items.append({"id": int(item.remote_id), "total": _figures(days)})
    return json_response({"items": items, "total": {}})


def _chosen(call: Call, kind: str) -> list[Object]:
    cabinet = call.authorised()
    numbers = [number for number in (call.request.argument("id") or "").split(",") if number]
    if kind not in _KINDS:
        raise call.error(404, "unknown_resource")
    if not 0 < len(numbers) <= IDS:
        raise call.wrong("id", "ERR_LIMIT_EXCEEDED", f"From 1 to {IDS} ids")
    found = [market.find(call.world, cabinet, _KINDS[kind], number) for number in numbers]
    return [item for item in found if item is not None and item.deleted_at is None]


def _days(call: Call, ad: Object, since: date, until: date) -> list[Day]:
    return market.told(call.world, ad, since, until)


def _figures(days: Iterable[Day]) -> JSON:
    found = list(days)
    shows, clicks, goals, spent = (
        sum(getattr(day, name) for day in found) for name in ("impressions", "clicks", "results", "spent")
    )
    money = spent / 100
    base: dict[str, Any] = {
        "shows": shows,
        "clicks": clicks,
        "goals": goals,
        "spent": f"{money:.2f}",
        "cpm": f"{money / shows * 1000 if shows else 0:.2f}",
        "cpc": f"{money / clicks if clicks else 0:.2f}",
        "cpa": f"{money / goals if goals else 0:.2f}",
        "ctr": round(100 * clicks / shows, 3) if shows else 0,
        "cr": round(100 * goals / clicks, 3) if clicks else 0,
    }
    people = sum(day.reach for day in found)
    uniques = {
        "reach": 0,
        "total": people,
        "increment": people,
        "frequency": round(shows / people, 2) if people else 0,
    }
    return {"base": base, "uniques": uniques}


def _day(call: Call, name: str) -> date:
    try:
        return date.fromisoformat(call.request.argument(name) or "")
    except ValueError:
        raise call.wrong(name, "bad_value", "Enter a valid date") from None


def _when(day: Day) -> date:
    return day.day
