"""What the Marketing API demands of campaigns, sets and creatives, and what the market learns of them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from smm_tui.domain.clock import SECOND, Instant
from smm_tui.sandbox import market
from smm_tui.sandbox.faces.facebook.call import Call
from smm_tui.sandbox.files import sniff
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.market import Terms
from smm_tui.sandbox.population import PLACES, Circle, Crowd, country, people, surrounding
from smm_tui.sandbox.things import POST, Account, Object

CAMPAIGN_KEPT = (
    "objective", "special_ad_categories", "buying_type", "spend_cap", "bid_strategy",
    "is_adset_budget_sharing_enabled",
)  # fmt: skip
SET_KEPT = (
    "targeting", "optimization_goal", "billing_event", "destination_type", "promoted_object", "bid_strategy",
    "dsa_payor", "dsa_beneficiary", "adset_schedule",
)  # fmt: skip
GOALS = {
    "REACH": "reach",
    "POST_ENGAGEMENT": "engagement",
    "LINK_CLICKS": "traffic",
    "PAGE_LIKES": "followers",
    "CONVERSATIONS": "messages",
}
ACTIONS = {
    "POST_ENGAGEMENT": "post_engagement",
    "LINK_CLICKS": "link_click",
    "PAGE_LIKES": "like",
    "CONVERSATIONS": "onsite_conversion.messaging_conversation_started_7d",
}
_OBJECTIVES = {
    "OUTCOME_AWARENESS": ("REACH",),
    "OUTCOME_TRAFFIC": ("LINK_CLICKS", "REACH"),
    "OUTCOME_ENGAGEMENT": ("POST_ENGAGEMENT", "PAGE_LIKES", "CONVERSATIONS"),
}
_CATEGORIES = (
    "NONE", "HOUSING", "EMPLOYMENT", "FINANCIAL_PRODUCTS_SERVICES", "ISSUES_ELECTIONS_POLITICS",
    "ONLINE_GAMBLING_AND_GAMING",
)  # fmt: skip
_ABOUT_PAGE = ("PAGE_LIKES", "CONVERSATIONS")
_UNION = ("DE", "AT", "FR")
_WHOLE = ("JPY", "HUF", "KRW", "ISK", "CLP", "VND", "TWD", "COP", "CRC", "IDR", "PYG")
_TARGETING = {
    "geo_locations", "excluded_geo_locations", "age_min", "age_max", "genders", "locales", "flexible_spec",
    "custom_audiences", "excluded_custom_audiences", "publisher_platforms", "targeting_automation", "exclusions",
    "facebook_positions", "instagram_positions", "device_platforms", "user_os",
}  # fmt: skip
_APART = {"status", "name", "execution_options", "access_token", "appsecret_proof", "method"}
_PLATFORMS = ("facebook", "instagram", "messenger", "audience_network", "threads", "whatsapp")


def decimal(amount: int, cabinet: Account) -> str:
    """Money as insights write it."""
    return str(amount) if cabinet.data["currency"] in _WHOLE else f"{amount // 100}.{amount % 100:02}"


def campaign(call: Call, cabinet: Account) -> tuple[Terms, JSON]:
    """A new campaign."""
    objective = call.text("objective")
    if objective not in _OBJECTIVES:
        raise call.error(
            100, f"(#100) Objective {objective or 'null'} is invalid. Use one of: {', '.join(_OBJECTIVES)}"
        )
    if call.parameters.get("special_ad_categories") is None:
        raise call.error(100, "(#100) The parameter special_ad_categories is required")
    terms, wire = _campaign_values(call, cabinet, Terms(), {})
    if terms.budget_daily is None and terms.budget_total is None and not call.text("is_adset_budget_sharing_enabled"):
        said = "You must specify is_adset_budget_sharing_enabled when budgets are set on ad sets."
        raise call.error(100, "Invalid parameter", subcode=4834011, said=said)
    return terms, {**wire, "objective": objective, "buying_type": call.text("buying_type") or "AUCTION"}


def campaign_changes(call: Call, cabinet: Account, item: Object) -> tuple[Terms, JSON]:
    """Changes of a campaign."""
    return _campaign_values(call, cabinet, market.terms(item), item.record["wire"])


def _campaign_values(call: Call, cabinet: Account, terms: Terms, wire: JSON) -> tuple[Terms, JSON]:
    categories = parsed(call, "special_ad_categories", wire.get("special_ad_categories", []))
    if not isinstance(categories, list) or any(each not in _CATEGORIES for each in categories):
        raise call.error(100, f"(#100) Param special_ad_categories must be among {', '.join(_CATEGORIES)}")
    terms = _money(call, cabinet, terms, kept=bool(wire.get("spend_cap")))
    cap = amount(call, "spend_cap")
    if cap is not None:
        if cap < 100 * cabinet.data["min_daily"]:
            said = "The spend cap is below the minimum of this ad account."
            raise call.error(100, "Invalid parameter", subcode=1885200, said=said)
        terms = replace(terms, budget_total=cap)
    known = {
        "special_ad_categories": categories,
        "spend_cap": str(cap) if cap is not None else wire.get("spend_cap"),
        "bid_strategy": call.text("bid_strategy") or wire.get("bid_strategy"),
    }
    if call.text("is_adset_budget_sharing_enabled"):
        known["is_adset_budget_sharing_enabled"] = call.flag("is_adset_budget_sharing_enabled", False)
    return _times(call, terms, "stop_time"), known


def group(call: Call, cabinet: Account, above: Object) -> tuple[Terms, JSON]:
    """A new ad set."""
    goal = call.text("optimization_goal")
    if goal not in _OBJECTIVES[above.record["wire"]["objective"]]:
        said = "The optimization goal does not fit the campaign's objective."
        raise call.error(100, "Invalid parameter", subcode=2490408, said=said)
    if call.text("billing_event") != "IMPRESSIONS":
        raise call.error(100, "Invalid parameter", subcode=2446404, said="This billing event is not available.")
    if goal in _ABOUT_PAGE and not parsed(call, "promoted_object", {}).get("page_id"):
        raise call.error(100, "Invalid parameter", subcode=1885154, said="A promoted object with a page is required.")
    if call.parameters.get("targeting") is None:
        raise call.error(100, "(#100) The parameter targeting is required")
    kept = {
        name: call.text(name)
        for name in ("optimization_goal", "billing_event", "destination_type")
        if call.text(name)
    }
    terms, wire = _group_values(call, cabinet, above, Terms(goal=GOALS[goal]), {})
    if parsed(call, "promoted_object", None):
        kept["promoted_object"] = parsed(call, "promoted_object", None)
    return terms, {**wire, **kept}


def group_changes(call: Call, cabinet: Account, item: Object) -> tuple[Terms, JSON]:
    """Changes of an ad set."""
    above = market.find(call.world, cabinet, market.CAMPAIGN, str(item.reply_to))
    assert above is not None  # noqa: S101 - sets are made in campaigns, which stay known
    if not set(call.parameters) - {
        "status",
        "name",
        "execution_options",
        "access_token",
        "appsecret_proof",
        "method",
    }:
        return market.terms(item), {}
    return _group_values(call, cabinet, above, market.terms(item), item.record["wire"])


def _group_values(call: Call, cabinet: Account, above: Object, terms: Terms, wire: JSON) -> tuple[Terms, JSON]:
    spec = parsed(call, "targeting", wire.get("targeting"))
    crowd = checked_crowd(call, spec)
    special = [each for each in above.record["wire"]["special_ad_categories"] if each != "NONE"]
    if special and (spec.get("genders") or spec.get("age_min") or spec.get("age_max")):
        said = "Ads of a special ad category cannot be targeted by age or gender."
        raise call.error(100, "Invalid parameter", subcode=1885183, said=said)
    terms = _times(call, _money(call, cabinet, terms), "end_time")
    shared = above.record["budget_daily"] is not None or above.record["budget_total"] is not None
    own = terms.budget_daily is not None or terms.budget_total is not None
    if shared and own:
        said = "You can set a budget on the campaign or on its ad sets, not on both."
        raise call.error(100, "Invalid parameter", subcode=1885621, said=said)
    if not shared and not own:
        raise call.error(100, "Invalid parameter", subcode=1885272, said="An ad set needs a budget.")
    if terms.budget_total is not None and terms.ends_at is None:
        raise call.error(100, "Invalid parameter", subcode=1885028, said="A lifetime budget needs an end time.")
    schedule = parsed(call, "adset_schedule", wire.get("adset_schedule"))
    if schedule and terms.budget_total is None:
        raise call.error(100, "Invalid parameter", subcode=1885044, said="A schedule needs a lifetime budget.")
    payer = call.text("dsa_payor") or wire.get("dsa_payor") or cabinet.data.get("payer")
    if _in_union(crowd) and not payer:
        said = "Ad sets that are shown in the European Union need a beneficiary and a payor."
        raise call.error(100, "Invalid parameter", subcode=3858081, title="No beneficiary", said=said)
    known = {
        "targeting": spec,
        "bid_strategy": call.text("bid_strategy") or wire.get("bid_strategy"),
        "dsa_payor": payer,
        "dsa_beneficiary": call.text("dsa_beneficiary") or payer,
        "adset_schedule": schedule,
    }
    bid = amount(call, "bid_amount")
    hours = tuple(_hours(schedule)) if schedule else terms.hours
    return replace(terms, people=people(crowd), bid=bid if bid is not None else terms.bid, hours=hours), known


def checked_crowd(call: Call, spec: Any) -> Crowd:
    """Whom a targeting means. Refused for what is not there or not possible."""
    if not isinstance(spec, dict) or set(spec) - _TARGETING:
        raise call.error(100, "Invalid parameter", subcode=1885364, said="The targeting spec is invalid.")
    if spec.get("targeting_automation", {}).get("advantage_audience") not in (0, 1):
        said = "The Advantage audience flag is required: set targeting_automation.advantage_audience to 0 or 1."
        raise call.error(100, "Invalid parameter", subcode=1870227, said=said)
    least, most = spec.get("age_min", 18), spec.get("age_max", 65)
    if not 13 <= least <= most <= 65:
        raise call.error(100, "Invalid parameter", subcode=1885185, said="The age range is invalid.")
    if any(each not in _PLATFORMS for each in spec.get("publisher_platforms", ())):
        raise call.error(100, "Invalid parameter", subcode=1885186, said="A placement is not available.")
    wanted = list(_places(call, spec.get("geo_locations", {})))
    if not wanted and not spec.get("custom_audiences"):
        said = "Your ad set must have a location or a custom audience in its targeting."
        raise call.error(100, "Invalid parameter", subcode=1885364, said=said)
    genders = spec.get("genders") or [1, 2]
    interests = [each["id"] for flexible in spec.get("flexible_spec", ()) for each in flexible.get("interests", ())]
    return Crowd(
        places=tuple(wanted),
        without=tuple(_places(call, spec.get("excluded_geo_locations", {}))),
        age_from=least,
        age_to=most if most < 65 else 99,
        sex="" if len(set(genders)) > 1 else "male" if genders == [1] else "female",
        interests=tuple(interests),
        languages=tuple(str(each) for each in spec.get("locales", ())),
    )


def _places(call: Call, spec: JSON) -> Iterable[str | Circle]:
    for code in spec.get("countries", ()):
        known = country(str(code))
        if known is None:
            raise call.error(100, "Invalid parameter", subcode=1487851, said=f"{code} is no country.")
        yield known.id
    countries = {each.id for code in spec.get("countries", ()) if (each := country(str(code)))}
    for kind in ("regions", "cities"):
        for each in spec.get(kind, ()):
            place = PLACES.get(str(each.get("key")))
            if place is None or place.kind != {"regions": "region", "cities": "city"}[kind]:
                raise call.error(100, "Invalid parameter", subcode=1487851, said="A location does not exist.")
            around = surrounding(place, "country")
            if around is not None and around.id in countries:
                said = "Some of your locations overlap. Remove a location."
                raise call.error(100, "Invalid parameter", subcode=1487756, said=said)
            radius = _kilometres(each)
            if radius and not 17 <= radius <= 80:
                raise _radius(call)
            yield place.id
    for each in spec.get("custom_locations", ()):
        radius = _kilometres(each)
        if not 1 <= radius <= 80:
            raise _radius(call)
        yield Circle(float(each["latitude"]), float(each["longitude"]), round(radius * 1000))


def _kilometres(each: JSON) -> float:
    return float(each.get("radius", 0)) * (1 if each.get("distance_unit") == "kilometer" else 1.609)


def _radius(call: Call) -> Exception:
    return call.error(100, "Invalid parameter", subcode=1815946, said="The radius of a location is out of range.")


def _in_union(crowd: Crowd) -> bool:
    for place in crowd.places:
        around = surrounding(PLACES[place], "country") if isinstance(place, str) else None
        if around is not None and around.code in _UNION:
            return True
    return False


def _hours(schedule: list[JSON]) -> Iterable[int]:
    """Hours of the week from Monday on; the API's begins on Sunday."""
    for part in schedule:
        for day in part["days"]:
            for hour in range(part["start_minute"] // 60, -(-part["end_minute"] // 60)):
                yield (day - 1) % 7 * 24 + hour


def _money(call: Call, cabinet: Account, terms: Terms, *, kept: bool = False) -> Terms:
    daily, total = amount(call, "daily_budget"), amount(call, "lifetime_budget")
    if daily is not None and total is not None:
        raise call.error(100, "Invalid parameter", subcode=1885621, said="Choose a daily or a lifetime budget.")
    least = cabinet.data["min_daily"]
    if any(each is not None and each < least for each in (daily, total)):
        said = f"Your budget is too low. It must be at least {decimal(least, cabinet)} {cabinet.data['currency']}."
        raise call.error(100, "Invalid parameter", subcode=1885272, title="Budget Is Too Low", said=said)
    if daily is not None:
        return replace(terms, budget_daily=daily, budget_total=terms.budget_total if kept else None)
    return replace(terms, budget_total=total, budget_daily=None) if total is not None else terms


def amount(call: Call, name: str) -> int | None:
    """Money in a parameter. Refused when it is no whole number."""
    text = call.text(name)
    if text and not text.isdecimal():
        raise call.error(100, f"(#100) Param {name} must be an integer")
    return int(text) if text else None


def _times(call: Call, terms: Terms, end: str) -> Terms:
    starts = _moment(call, "start_time") or terms.starts_at
    given = _moment(call, end)
    ends = given or terms.ends_at
    least = (
        max(call.world.clock(), starts or 0) if given else starts or 0
    )  # an end that has come changes nothing more
    if ends is not None and ends <= least:
        raise call.error(100, "Invalid parameter", subcode=1487033, said="The end time must be after the start time.")
    return replace(terms, starts_at=starts, ends_at=ends)


def _moment(call: Call, name: str) -> Instant | None:
    text = call.text(name)
    if text and not text.isdecimal():
        raise call.error(100, f"(#100) Param {name} must be a valid date/time")
    return int(text) * SECOND if text else None


def creative(call: Call, cabinet: Account) -> JSON:
    """A new creative; ``words`` is what the review reads of it."""
    story, spec = call.text("object_story_id"), parsed(call, "object_story_spec", None)
    if story:
        post = call.world.find_object(call.server.host, POST, story)
        if post is None:
            said = "The post that is to be promoted does not exist or cannot be promoted."
            raise call.error(100, "Invalid parameter", subcode=1487472, said=said)
        return {"object_story_id": story, "words": post.text}
    if not isinstance(spec, dict) or call.world.find_account(call.server.host, str(spec.get("page_id"))) is None:
        raise call.error(100, "Invalid parameter", subcode=1443048, said="The object story spec is ill formed.")
    data = spec.get("link_data") or spec.get("photo_data")
    if not isinstance(data, dict) or ("link_data" in spec and not data.get("link")):
        raise call.error(100, "Invalid parameter", subcode=1443048, said="The object story spec is ill formed.")
    hashes = [each.get("image_hash") for each in (data, *data.get("child_attachments", ()))]
    for number in filter(None, hashes):
        if call.world.media(cabinet, str(number)) is None:
            raise call.error(100, "Invalid parameter", subcode=1487411, said="The image of this ad does not exist.")
    words = " ".join(str(data.get(name, "")) for name in ("message", "caption", "name"))
    return {"object_story_spec": spec, "words": words}


def image_bytes(call: Call) -> bytes:
    """An uploaded picture. Refused when it is none."""
    try:
        data = base64.b64decode(call.text("bytes"), validate=True)
    except ValueError:
        data = b""
    if sniff(data) not in ("image/png", "image/jpeg"):
        raise call.error(100, "Invalid parameter", subcode=1487411, said="The image could not be read.")
    return data


def hash_of(data: bytes) -> str:
    """The hash by which a picture is named."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def parsed(call: Call, name: str, default: Any) -> Any:
    """A parameter that is JSON. Refused when it is none."""
    value = call.parameters.get(name)
    if value is None or value == "":
        return default
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise call.error(100, f"(#100) Param {name} must be valid JSON") from None
