"""What the Marketing API tells: dictionaries of places and interests, estimates, and the figures of ads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from smm_tui.domain.clock import to_datetime
from smm_tui.sandbox import market, population
from smm_tui.sandbox.faces.facebook import ads, ads_checks
from smm_tui.sandbox.faces.facebook.call import ROUTER, Call
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.market import Day
from smm_tui.sandbox.population import Spot, Trait
from smm_tui.sandbox.things import Account, Object

_LEVELS = {"ad": 0, "adset": 1, "campaign": 2, "account": 3}


@ROUTER.on("GET", "/:version/search")
def search(call: Call, version: str) -> Response:
    """Places, interests and languages by the beginning of a word."""
    assert call.token  # noqa: S101 - any live one will do
    words, kind = call.text("q"), call.text("type")
    if kind == "adgeolocation":
        within = call.text("region_id")
        if code := call.text("country_code"):
            known = population.country(code)
            within = known.id if known else "?"
        kinds = ads_checks.parsed(call, "location_types", ["country", "region", "city"])
        found = [_place(spot) for spot in population.spots(kinds, words, within=within)]
    elif kind == "adinterest":
        found = [_interest(trait) for trait in population.traits(population.INTERESTS.values(), words)]
    elif kind == "adlocale":
        languages = population.traits(population.LANGUAGES.values(), words)
        found = [{"key": int(trait.id), "name": trait.name} for trait in languages]
    else:
        raise call.error(100, f"(#100) The type {kind or 'null'} is not supported")
    return json_response({"data": found[: call.number("limit", 8)]})


def _place(spot: Spot) -> JSON:
    around = population.surrounding(spot, population.COUNTRY)
    region = population.surrounding(spot, population.REGION)
    found: JSON = {
        "key": spot.code or spot.id,
        "name": spot.name,
        "type": spot.kind,
        "country_code": around.code if around else "",
        "country_name": around.name if around else "",
        "supports_region": True,
        "supports_city": True,
    }
    if spot.kind == population.CITY and region is not None:
        found |= {"region": region.name, "region_id": int(region.id)}
    return found


def _interest(trait: Trait) -> JSON:
    everybody = population.people(population.Crowd(interests=(trait.id,)))
    return {
        "id": trait.id,
        "name": trait.name,
        "audience_size_lower_bound": everybody * 9 // 10,
        "audience_size_upper_bound": everybody * 11 // 10,
        "path": ["Interests", trait.name],
        "topic": "Interests",
    }


@ROUTER.on("GET", "/:version/:node/delivery_estimate")
def delivery_estimate(call: Call, version: str, node: str) -> Response:
    """The size of an audience, and what a day's budget brings."""
    cabinet = ads.opened(call, node)
    if call.text("optimization_goal") not in ads_checks.GOALS:
        raise call.error(100, "(#100) The parameter optimization_goal is required")
    people = _people(call)
    price = market.estimated_cpm(cabinet, people)
    curve = [{"spend": 0, "reach": 0, "impressions": 0, "actions": 0}]
    for spend in (100, 500, 1000, 5000, 10_000, 50_000):
        seen = spend / price * 1000
        reach = min(people, round(seen * 0.8))
        curve.append({"spend": spend, "reach": reach, "impressions": round(seen), "actions": round(seen * 0.01)})
    least, most = _bounds(people)
    found = {
        "daily_outcomes_curve": curve,
        "estimate_dau": people // 2,
        "estimate_mau_lower_bound": least,
        "estimate_mau_upper_bound": most,
        "estimate_ready": True,
    }
    return json_response({"data": [found]})


@ROUTER.on("GET", "/:version/:node/reachestimate")
def reachestimate(call: Call, version: str, node: str) -> Response:
    """The size of an audience."""
    ads.opened(call, node)
    least, most = _bounds(_people(call))
    return json_response({"data": {"users_lower_bound": least, "users_upper_bound": most, "estimate_ready": True}})


def _people(call: Call) -> int:
    return population.people(ads_checks.checked_crowd(call, ads_checks.parsed(call, "targeting_spec", None)))


def _bounds(people: int) -> tuple[int, int]:
    """Small audiences are not told apart."""
    return max(0, people * 9 // 1000 * 100), max(1000, people * 11 // 1000 * 100)


def insights(call: Call, node: str) -> Response:
    """Figures by level and day. Everything but the reach of several days is a sum."""
    if node.startswith("act_"):
        cabinet = ads.opened(call, node)
        below = [ad for top in call.world.objects(cabinet, market.CAMPAIGN) for ad in market.ads(call.world, top)]
    else:
        item = ads.thing(call, node)
        if item is None:
            raise call.missing(node)
        cabinet = ads.owner(call, item)
        below = market.ads(call.world, item)
    level = call.text("level") or "ad"
    if level not in _LEVELS:
        raise call.error(100, "(#100) Param level must be one of {ad, adset, campaign, account}")
    since, until = _period(call, cabinet)
    for condition in ads_checks.parsed(call, "filtering", []):
        if condition["field"] == "ad.id":
            below = [ad for ad in below if ad.remote_id in condition["value"]]
    rows = list(_rows(call, cabinet, below, since, until, level))
    return ads.page(call, rows, "AdsInsights", "impressions,spend")


def _period(call: Call, cabinet: Account) -> tuple[date, date]:
    today = to_datetime(call.world.clock()).astimezone(market.zone_of(cabinet)).date()
    asked = ads_checks.parsed(call, "time_range", None)
    if asked is None:
        return (date.min, today) if call.text("date_preset") == "maximum" else (today - timedelta(days=30), today)
    try:
        since, until = date.fromisoformat(asked["since"]), date.fromisoformat(asked["until"])
    except (KeyError, TypeError, ValueError):
        raise call.error(100, "(#100) Must be a time range with since and until") from None
    if since > until:
        raise call.error(100, "(#100) since must not be after until")
    if (today - since).days > 37 * 31:
        raise call.error(3018, "(#3018) The start date of the time range cannot be beyond 37 months")
    return since, until


def _rows(call: Call, cabinet: Account, below: list[Object], since: date, until: date, level: str) -> Iterable[JSON]:
    daily = call.text("time_increment") == "1"
    groups: dict[tuple[str, ...], list[tuple[Object, Day]]] = {}
    for ad in below:
        for day in market.told(call.world, ad, since, until):
            names = _names(call, ad)[_LEVELS[level] :]
            if day.impressions:
                groups.setdefault((*names, day.day.isoformat() if daily else ""), []).append((ad, day))
    for key in sorted(groups, key=lambda key: (key[-1], key)):
        yield _row(call, cabinet, groups[key], level)


def _names(call: Call, ad: Object) -> list[str]:
    group = market.parent(call.world, ad)
    return [ad.remote_id, str(ad.reply_to), str(group.reply_to) if group else ""]


def _row(call: Call, cabinet: Account, told: list[tuple[Object, Day]], level: str) -> JSON:
    ad, first = told[0]
    days = [day for _ad, day in told]
    names = dict(zip(("ad_id", "adset_id", "campaign_id"), _names(call, ad), strict=True))
    shown = {name: value if at >= _LEVELS[level] else None for at, (name, value) in enumerate(names.items())}
    group = market.parent(call.world, ad)
    goal = group.record["wire"]["optimization_goal"] if group else ""
    clicks, results = sum(day.clicks for day in days), sum(day.results for day in days)
    actions = {"link_click": clicks}
    if goal in ads_checks.ACTIONS:
        actions[ads_checks.ACTIONS[goal]] = results
    return {
        "id": None,
        **shown,
        "ad_name": ad.text if level == "ad" else None,
        "account_id": cabinet.remote_id.removeprefix("act_"),
        "account_currency": cabinet.data["currency"],
        "date_start": first.day.isoformat(),
        "date_stop": days[-1].day.isoformat(),
        "impressions": str(sum(day.impressions for day in days)),
        "reach": str(max(day.reach for day in days)),
        "clicks": str(clicks),
        "inline_link_clicks": str(clicks),
        "spend": ads_checks.decimal(sum(day.spent for day in days), cabinet),
        "optimization_goal": goal,
        "actions": [{"action_type": name, "value": str(count)} for name, count in actions.items() if count] or None,
    }
