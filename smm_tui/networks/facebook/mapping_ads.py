"""Between our campaigns and the Marketing API's JSON. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from smm_tui.domain.clock import DAY, SECOND, Instant, to_datetime, to_instant
from smm_tui.domain.errors import Rejected
from smm_tui.domain.money import decimal
from smm_tui.i18n import N_, _
from smm_tui.networks import outgoing, shape
from smm_tui.networks.advertising import (
    AdDraft,
    Cabinet,
    CampaignDraft,
    Creative,
    Estimate,
    Figures,
    Goal,
    Level,
    Place,
    PlaceKind,
    Remote,
    RemoteState,
    SetDraft,
    Topic,
)
from smm_tui.networks.facebook.targeting import is_narrowed, needs_payer, targeting
from smm_tui.networks.http import quoted
from smm_tui.networks.meta import currency
from smm_tui.networks.meta.counts import whole
from smm_tui.networks.meta.refusals import Failure
from smm_tui.networks.ports import JSON

EDGES = {Level.CAMPAIGN: "campaigns", Level.SET: "adsets", Level.AD: "ads"}
CABINET_FIELDS = (
    "id,name,currency,timezone_name,account_status,disable_reason,amount_spent,balance,spend_cap,"
    "min_daily_budget,min_campaign_group_spend_cap,default_dsa_payor,default_dsa_beneficiary"
)
CAMPAIGN_FIELDS = "objective,daily_budget,lifetime_budget,special_ad_categories"
_THING = "id,name,status,effective_status,issues_info"
_SPENT = "insights.date_preset(maximum){spend}"
FIELDS = {
    Level.CAMPAIGN: f"{_THING},daily_budget,lifetime_budget,spend_cap,{_SPENT}",
    Level.SET: f"{_THING},campaign_id,daily_budget,lifetime_budget,{_SPENT}",
    Level.AD: f"{_THING},adset_id,ad_review_feedback,{_SPENT}",
}
FIGURE_FIELDS = "ad_id,date_start,impressions,reach,clicks,spend,actions,optimization_goal"
NAME_LENGTH = 300  # characters, with room for the identity
FINAL: Instant = 28 * DAY  # after its end a day's figures are not changed any more
KEPT = timedelta(days=36 * 30)  # figures, at least; asking for older ones is refused
SHOWN = ("ACTIVE", "PAUSED", "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO", "IN_PROCESS",
         "WITH_ISSUES", "CAMPAIGN_PAUSED", "ADSET_PAUSED", "ARCHIVED")  # fmt: skip

_SITE = "https://adsmanager.facebook.com/adsmanager/manage"
_SPECIAL = frozenset(
    {"HOUSING", "EMPLOYMENT", "FINANCIAL_PRODUCTS_SERVICES", "ISSUES_ELECTIONS_POLITICS",
     "ONLINE_GAMBLING_AND_GAMING"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Way:
    """How a goal is bought. `action` is what counts as a result; empty: reach itself."""

    objective: str
    optimization: str
    destination: str
    action: str
    about_page: bool = False


_WAYS = {
    Goal.REACH: _Way("OUTCOME_AWARENESS", "REACH", "", "", about_page=True),
    Goal.ENGAGEMENT: _Way("OUTCOME_ENGAGEMENT", "POST_ENGAGEMENT", "ON_POST", "post_engagement"),
    Goal.TRAFFIC: _Way("OUTCOME_TRAFFIC", "LINK_CLICKS", "WEBSITE", "link_click"),
    Goal.FOLLOWERS: _Way("OUTCOME_ENGAGEMENT", "PAGE_LIKES", "ON_PAGE", "like", about_page=True),
    Goal.MESSAGES: _Way(
        "OUTCOME_ENGAGEMENT",
        "CONVERSATIONS",
        "MESSENGER",
        "onsite_conversion.messaging_conversation_started_7d",
        about_page=True,
    ),
}
_RESULTS = {way.optimization: way.action for way in _WAYS.values()}
_BUTTONS = {
    "learn_more": "LEARN_MORE",
    "shop": "SHOP_NOW",
    "order": "ORDER_NOW",
    "book": "BOOK_NOW",
    "sign_up": "SIGN_UP",
    "subscribe": "SUBSCRIBE",
    "download": "DOWNLOAD",
    "contact": "CONTACT_US",
    "call": "CALL_NOW",
    "message": "MESSAGE_PAGE",
    "follow": "LIKE_PAGE",
}
_STATES = {
    "ACTIVE": RemoteState.ACTIVE,
    "PREAPPROVED": RemoteState.ACTIVE,
    "IN_PROCESS": RemoteState.IN_REVIEW,
    "PENDING_REVIEW": RemoteState.IN_REVIEW,
    "PAUSED": RemoteState.PAUSED,
    "CAMPAIGN_PAUSED": RemoteState.PAUSED,
    "ADSET_PAUSED": RemoteState.PAUSED,
    "PENDING_BILLING_INFO": RemoteState.PAUSED,
    "DISAPPROVED": RemoteState.REJECTED,
    "WITH_ISSUES": RemoteState.REJECTED,
    "ARCHIVED": RemoteState.ENDED,
    "DELETED": RemoteState.GONE,
}
_ACCOUNT_STATES = {
    1: "active",
    2: N_("Facebook has disabled it"),
    3: N_("a bill is not paid"),
    7: N_("Facebook is looking at its payments"),
    8: N_("a payment is on its way"),
    9: N_("a bill is overdue, in its days of grace"),
    100: N_("it is being closed"),
    101: N_("it is closed"),
}
_SUBCODES = {1885272: "budget_daily", 1885621: "budget_daily", 1815946: "places"}
_WORDS = (
    (r"budget|spend cap", "budget_daily"),
    (r"beneficiary|payor", "payer"),
    (r"\bbid", "bid"),
    (r"special ad categor", "special_categories"),
    (r"\bage\b|age_m|gender", "age_from"),
    (r"radius|location|geo|targeting|countr|cit(?:y|ies)\b", "places"),
    (r"image|picture|photo", "pictures"),
    (r"objective|optimization", "goal"),
    (r"end time|end_time|start time|start_time|schedule", "ends_at"),
    (r"link|url|call to action", "link"),
    (r"message|text|creative", "text"),
)


# Cabinets


def cabinet(value: Any) -> Cabinet:
    """An advertising account."""
    found = shape.an_object(value, "ad account")
    money = shape.text(found, "currency")
    if not re.fullmatch(r"[A-Z]{3}", money):
        raise shape.WrongShape("currency")
    state = shape.number(found, "account_status", 0)
    known = _ACCOUNT_STATES.get(state)
    facts = {
        name: text
        for name, key in (("payer", "default_dsa_payor"), ("beneficiary", "default_dsa_beneficiary"))
        if (text := quoted(shape.text(found, key)))
    }
    for name in ("amount_spent", "balance", "spend_cap", "min_campaign_group_spend_cap"):
        if (amount := currency.from_api(found.get(name), money)) is not None:
            facts[name] = str(amount)
    return Cabinet(
        id=shape.an_id(found, "id"),
        name=quoted(shape.text(found, "name")) or shape.an_id(found, "id"),
        currency=money,
        zone=_zone(shape.text(found, "timezone_name")),
        state="active" if state == 1 else _(known) if known else _("its state is {number}").format(number=state),
        least_daily=currency.from_api(found.get("min_daily_budget"), money),
        facts=facts,
    )


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, or not even a name
        return "UTC"
    return name


def kept(one: Cabinet) -> JSON:
    """What a check keeps of an advertising account."""
    return {
        "id": one.id,
        "name": one.name,
        "currency": one.currency,
        "zone": one.zone,
        "state": one.state,
        "least_daily": one.least_daily,
    }


# Drafts


def campaign_form(draft: CampaignDraft, used: Cabinet) -> dict[str, str]:
    """The request that makes a campaign, paused, but for its identity."""
    way = way_of(draft.goal)
    return {
        **campaign_changes(draft, used),
        "objective": way.objective,
        "buying_type": "AUCTION",
        "status": "PAUSED",
        "start_time": _seconds(draft.starts_at),
    }


def campaign_changes(draft: CampaignDraft, used: Cabinet) -> dict[str, str]:
    """What can be changed of a campaign, its name among it."""
    ensure_campaign(draft)
    form = {"name": draft.name, "special_ad_categories": _json(_special(draft.facts))}
    if countries := _words(draft.facts.get("special_countries", "")):
        form["special_ad_category_country"] = _json(countries)
    if draft.ends_at is not None:
        form["stop_time"] = _seconds(draft.ends_at)
    budget = _budget(draft, used)
    if not budget:
        # Facebook demands to be told that sets keep what is given to them.
        return {**form, "is_adset_budget_sharing_enabled": "false"}
    if draft.budget_daily is not None and draft.budget_total is not None:
        form["spend_cap"] = _cap(draft.budget_total, used)
    return {**form, **budget, "bid_strategy": "LOWEST_COST_WITHOUT_CAP"}


def _cap(total: int, used: Cabinet) -> str:
    least = int(used.facts.get("min_campaign_group_spend_cap", "0"))
    if total < least:
        raise Rejected(
            _("Facebook keeps to a total only from {amount} {currency} on, beside a daily budget.").format(
                amount=_shown(least, used), currency=used.currency
            ),
            _("Give either a daily budget or a total one with an end."),
            field="budget_total",
        )
    return currency.to_api(total, used.currency, field="budget_total")


def set_form(draft: SetDraft, used: Cabinet, page: str, parent: Mapping[str, Any]) -> dict[str, str]:
    """The request that makes an ad set, paused, but for its identity and campaign; `parent` is the campaign."""
    goal = draft.goal or _goal_of(shape.text(parent, "objective"))
    way = way_of(goal)
    form = {
        **set_changes(draft, used, parent),
        "optimization_goal": way.optimization,
        "billing_event": "IMPRESSIONS",
        "status": "PAUSED",
    }
    if way.about_page:
        form["promoted_object"] = _json({"page_id": page})
    if way.destination:
        form["destination_type"] = way.destination
    if draft.starts_at is not None:
        form["start_time"] = _seconds(draft.starts_at)
    return form


def set_changes(draft: SetDraft, used: Cabinet, parent: Mapping[str, Any]) -> dict[str, str]:
    """What can be changed of an ad set, its name among it."""
    ensure_set(draft)
    spec = targeting(draft.audience, draft.placements)
    if special := [word for word in _strings(parent.get("special_ad_categories")) if word != "NONE"]:
        _ensure_broad(draft, special)
    form = {"name": draft.name, "targeting": _json(spec)}
    budget = _budget(draft, used)
    shared = any(currency.from_api(parent.get(name), used.currency) for name in ("daily_budget", "lifetime_budget"))
    shared = shared or not (parent or budget)  # nothing is known of the campaign: then it has the budget
    if shared and budget:
        raise Rejected(
            _("The campaign has a budget already: its sets cannot have their own."),
            _("Take the budget from the set, or from the campaign."),
            field="budget_daily",
        )
    if parent and not shared and not budget:
        raise Rejected(
            _("Neither the campaign nor the set has a budget."), _("Give one of them a budget."), field="budget_daily"
        )
    form |= budget
    if draft.ends_at is not None:
        form["end_time"] = _seconds(draft.ends_at)
    if draft.bid is not None:
        form["bid_amount"] = currency.to_api(draft.bid, used.currency, field="bid")
    if not shared:
        capped = draft.bid is not None
        form["bid_strategy"] = "LOWEST_COST_WITH_BID_CAP" if capped else "LOWEST_COST_WITHOUT_CAP"
    elif draft.bid is not None:
        raise Rejected(
            _("A set cannot bid by itself where the campaign has the budget."),
            _("Give the budget to the set, or leave the bid away."),
            field="bid",
        )
    if draft.hours:
        form |= {"adset_schedule": _json(_schedule(draft.hours)), "pacing_type": '["day_parting"]'}
    return {**form, **_payer(draft, used, spec)}


def _payer(draft: SetDraft, used: Cabinet, spec: Mapping[str, Any]) -> dict[str, str]:
    payer = draft.facts.get("payer") or used.facts.get("payer", "")
    beneficiary = draft.facts.get("beneficiary") or used.facts.get("beneficiary", "") or payer
    if payer:
        return {"dsa_payor": payer, "dsa_beneficiary": beneficiary}
    if needs_payer(spec):
        raise Rejected(
            _("Ads in the European Union must say who pays for them."),
            _("Give the payer, and the beneficiary where that is somebody else."),
            field="payer",
        )
    return {}


def creative_form(creative: Creative, page: str, hashes: Sequence[str]) -> dict[str, str]:
    """The request that makes what an ad shows, but for its name."""
    ensure_creative(creative)
    if creative.post_id:
        post = creative.post_id
        return {"object_story_id": post if "_" in post else f"{page}_{post}"}
    message = "\n\n".join(filter(None, (creative.text, creative.label)))
    story: JSON = {"page_id": page}
    if not creative.link and not creative.button:
        story["photo_data"] = {"image_hash": hashes[0] if hashes else "", "caption": message}
        return {"object_story_spec": _json(story)}
    link = creative.link or f"https://www.facebook.com/{page}"
    data: JSON = {"link": link, "message": message}
    if creative.title:
        data["name"] = creative.title
    if creative.button:
        value = {"link": link} if creative.button not in ("message", "follow") else {"page": page}
        data["call_to_action"] = {"type": _BUTTONS[creative.button], "value": value}
    if len(hashes) > 1:
        named_too = {"name": creative.title} if creative.title else {}
        data["child_attachments"] = [{"link": link, "image_hash": each, **named_too} for each in hashes]
    elif hashes:
        data["image_hash"] = hashes[0]
    story["link_data"] = data
    return {"object_story_spec": _json(story)}


def ensure_campaign(draft: CampaignDraft) -> None:
    """Rejected for a campaign that cannot be on Facebook, whatever the account."""
    _ensure_name(draft.name)
    way_of(draft.goal)
    _special(draft.facts)
    _ensure_money(draft)


def ensure_set(draft: SetDraft) -> None:
    """Rejected for a set that cannot be on Facebook, whatever the account and campaign."""
    _ensure_name(draft.name)
    _ensure_money(draft)
    if draft.bid is not None and draft.bid <= 0:
        raise Rejected(_("A bid is more than nothing."), _("Leave it away, or raise it."), field="bid")
    targeting(draft.audience, draft.placements)
    if draft.hours:
        _schedule(draft.hours)
        if draft.budget_total is None:
            raise Rejected(
                _("Facebook keeps to hours only for sets with a total budget."),
                _("Give the set a total budget and an end."),
                field="hours",
            )


def ensure_budget(draft: SetDraft, used: Cabinet) -> None:
    """Rejected for a budget below what the cabinet takes."""
    _budget(draft, used)


def ensure_ad(draft: AdDraft) -> None:
    """Rejected for an ad that cannot be on Facebook."""
    _ensure_name(draft.name)
    ensure_creative(draft.creative)


def ensure_creative(creative: Creative) -> None:
    """Rejected for a creative that Facebook cannot show."""
    if creative.button and creative.button not in _BUTTONS:
        raise Rejected(
            _("Facebook has no such button."),
            _("It has: {names}.").format(names=", ".join(_BUTTONS)),
            field="button",
        )
    if creative.post_id:
        if creative.label:
            raise Rejected(
                _("Nothing can be added to a post that is promoted."),
                _("Write the label into the post itself."),
                field="label",
            )
        return
    outgoing.ensure_whole(creative.text + creative.title + creative.label + creative.link, "text")
    if creative.link and not re.fullmatch(r"https?://[^\s/]+\.\S+", creative.link):
        raise Rejected(_("This is no web address."), _("Begin it with https://"), field="link")
    if len(creative.pictures) > 1 and not creative.link:
        raise Rejected(_("Several pictures need a link."), _("Add a link, or keep one picture."), field="link")
    if len(creative.pictures) > 10:
        raise Rejected(_("An ad takes 10 pictures at most."), _("Remove some."), field="pictures")
    if not creative.link and not creative.pictures and creative.button not in ("message", "follow"):
        raise Rejected(
            _("An ad needs a picture or a link."), _("Add one, or promote a post instead."), field="pictures"
        )


def way_of(goal: Goal) -> _Way:
    """How a goal is bought there. Rejected for those that cannot be set up by this program."""
    if goal not in _WAYS:
        raise Rejected(
            _("Campaigns for contacts need a form that is made on Facebook's site."),
            _("Choose another goal, such as messages."),
            field="goal",
        )
    return _WAYS[goal]


def _goal_of(objective: str) -> Goal:
    return next((goal for goal, way in _WAYS.items() if way.objective == objective), Goal.REACH)


def _ensure_name(name: str) -> None:
    outgoing.ensure_whole(name, "name")
    if not name.strip() or len(name) > NAME_LENGTH:
        raise Rejected(
            _("A name has from 1 to {count} characters.").format(count=NAME_LENGTH),
            _("Change the name."),
            field="name",
        )


def _ensure_money(draft: CampaignDraft | SetDraft) -> None:
    for name, amount in (("budget_daily", draft.budget_daily), ("budget_total", draft.budget_total)):
        if amount is not None and amount <= 0:
            raise Rejected(_("A budget is more than nothing."), _("Raise it."), field=name)
    if draft.ends_at is not None and draft.starts_at is not None and draft.ends_at <= draft.starts_at:
        raise Rejected(_("It ends before it begins."), _("Move the end behind the start."), field="ends_at")
    if draft.budget_total is not None and draft.budget_daily is None and draft.ends_at is None:
        raise Rejected(
            _("A total budget needs an end, over which Facebook spreads it."),
            _("Give an end, or a daily budget."),
            field="ends_at",
        )
    if isinstance(draft, SetDraft) and draft.budget_daily is not None and draft.budget_total is not None:
        raise Rejected(
            _("A set on Facebook has either a daily or a total budget."), _("Give one of them."), field="budget_total"
        )


def _ensure_broad(draft: SetDraft, special: Sequence[str]) -> None:
    if is_narrowed(draft.audience):
        raise Rejected(
            _("Ads of the category {names} may leave out no ages and no sex.").format(
                names=quoted(", ".join(special))
            ),
            _("Take the ages and the sex from the audience."),
            field="age_from" if not draft.audience.sex else "sex",
        )


def _budget(draft: CampaignDraft | SetDraft, used: Cabinet) -> dict[str, str]:
    if draft.budget_daily is not None:
        name, key, amount = "budget_daily", "daily_budget", draft.budget_daily
        enough = used.least_daily is None or amount >= used.least_daily
    elif draft.budget_total is not None:
        name, key, amount = "budget_total", "lifetime_budget", draft.budget_total
        enough = used.least_daily is None or amount >= used.least_daily * _days(draft)
    else:
        return {}
    if not enough:
        raise Rejected(
            _("Facebook takes no less than {amount} {currency} a day.").format(
                amount=_shown(used.least_daily or 0, used), currency=used.currency
            ),
            _("Raise the budget."),
            field=name,
        )
    return {key: currency.to_api(amount, used.currency, field=name)}


def _days(draft: CampaignDraft | SetDraft) -> int:
    if draft.ends_at is None or draft.starts_at is None:
        return 1
    return max(1, (draft.ends_at - draft.starts_at) // DAY)


def _shown(amount: int, used: Cabinet) -> str:
    return decimal(amount, used.currency)


def _schedule(hours: Mapping[str, Sequence[int]]) -> list[JSON]:
    """Each weekday's hours as stretches of minutes; Facebook's week begins on Sunday."""
    found: list[JSON] = []
    for weekday, chosen in sorted(hours.items()):
        known = sorted(set(chosen))
        if weekday not in tuple("0123456") or any(not 0 <= hour < 24 for hour in known):
            raise Rejected(_("There is no such hour."), _("Hours go from 0 to 23."), field="hours")
        for hour in known:
            if found and found[-1]["days"] == [(int(weekday) + 1) % 7] and found[-1]["end_minute"] == hour * 60:
                found[-1]["end_minute"] += 60
            else:
                found.append(
                    {
                        "start_minute": hour * 60,
                        "end_minute": hour * 60 + 60,
                        "days": [(int(weekday) + 1) % 7],
                        "timezone_type": "ADVERTISER",
                    }
                )
    return found


def _special(facts: Mapping[str, str]) -> list[str]:
    words = [word for word in _words(facts.get("special_categories", "")) if word != "NONE"]
    if unknown := next((word for word in words if word not in _SPECIAL), None):
        raise Rejected(
            _("Facebook has no special category {name}.").format(name=ascii(unknown)[1:-1]),
            _("It has: {names}.").format(names=", ".join(sorted(_SPECIAL))),
            field="special_categories",
        )
    return words


def _words(text: str) -> list[str]:
    return [word.upper() for word in re.split(r"[,\s]+", text) if word]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _seconds(instant: Instant) -> str:
    return str(instant // SECOND)


# What is there


def remote(level: Level, value: Any, money: str, number: str) -> Remote:
    """A campaign, set or ad, with its review; `number` is the cabinet's id."""
    found = shape.an_object(value, level)
    state = state_of(found)
    spent = next((row.get("spend") for row in shape.objects(shape.inner(found, "insights"), "data")), None)
    total = found.get("lifetime_budget") if currency.from_api(found.get("lifetime_budget"), money) else None
    return Remote(
        level=level,
        id=shape.an_id(found, "id"),
        parent_id=shape.text(found, {Level.SET: "campaign_id", Level.AD: "adset_id"}.get(level, "")),
        name=shape.text(found, "name"),
        state=state,
        reasons=tuple(_reasons(found)),
        budget_total=currency.from_api(found.get("spend_cap") if total is None else total, money),
        budget_daily=currency.from_api(found.get("daily_budget"), money),
        spent=currency.from_decimal(spent, money),
        url=url_of(level, number, shape.an_id(found, "id")),
    )


def url_of(level: Level, cabinet_id: str, number: str) -> str:
    """Where a thing is shown on Facebook's site."""
    selected = {Level.CAMPAIGN: "campaign", Level.SET: "adset", Level.AD: "ad"}[level]
    act = cabinet_id.removeprefix("act_")
    return f"{_SITE}/{EDGES[level]}?act={act}&selected_{selected}_ids={number}"


def state_of(found: Mapping[str, Any]) -> RemoteState:
    """The state of a thing; words that are not known are read as what was asked of it."""
    known = _STATES.get(shape.text(found, "effective_status"))
    return known or _STATES.get(shape.text(found, "status"), RemoteState.PAUSED)


def _reasons(found: Mapping[str, Any]) -> Iterable[str]:
    feedback = shape.inner(found, "ad_review_feedback")
    placements = shape.inner(feedback, "placement_specific")
    told = [shape.inner(feedback, "global"), *(shape.inner(placements, name) for name in placements)]
    seen: dict[str, None] = {}
    for each in told:
        for reason, text in each.items():
            seen[quoted(f"{reason}: {text}" if isinstance(text, str) and text else str(reason))] = None
    for issue in shape.objects(found, "issues_info"):
        text = shape.text(issue, "error_message") or shape.text(issue, "error_summary")
        if text:
            seen[quoted(text)] = None
    if shape.text(found, "effective_status") == "PENDING_BILLING_INFO":
        seen[_("the advertising account has no means of payment")] = None
    return seen


def has_never_run(value: Mapping[str, Any]) -> bool:
    """Whether a set or ad was never active, by the seconds that it was."""
    return not any(shape.number(value, name, 0) for name in ("campaign_active_time", "ad_active_time"))


def made(value: Any) -> str:
    """The id of what was made."""
    return shape.an_id(shape.an_object(value, "made"), "id")


def image_hash(value: Any) -> str:
    """The hash of an uploaded picture, by which creatives name it."""
    images = shape.inner(shape.an_object(value, "images"), "images")
    return shape.an_id(next((each for each in images.values() if isinstance(each, dict)), {}), "hash")


# Audiences


def estimate(value: Any, budget_daily: int | None, money: str) -> Estimate:
    """What ``delivery_estimate`` tells, a list of one, or ``reachestimate``, which is one object."""
    data = shape.an_object(value, "estimate").get("data")
    found = next(iter(shape.objects({"data": data}, "data")), None) if isinstance(data, list) else data
    found = shape.an_object(found, "estimate")
    ready = found.get("estimate_ready") is not False
    return Estimate(
        people_least=_first(found, "estimate_mau_lower_bound", "users_lower_bound"),
        people_most=_first(found, "estimate_mau_upper_bound", "users_upper_bound"),
        ready=ready,
        reach_daily=_reach(found, budget_daily, money),
        note="" if ready else _("Facebook is still counting."),
    )


def _first(found: Mapping[str, Any], *names: str) -> int | None:
    return next((count for name in names if (count := whole(found.get(name))) is not None), None)


def _reach(found: Mapping[str, Any], budget: int | None, money: str) -> int | None:
    """The reach of a day at the largest spend of the curve that the budget still pays."""
    best: tuple[int, int] | None = None
    for point in shape.objects(found, "daily_outcomes_curve"):
        spend, reach = (
            currency.from_api(_rounded(point.get("spend")), money) or 0,
            whole(_rounded(point.get("reach"))),
        )
        if budget is not None and reach is not None and spend <= budget and (best is None or spend > best[0]):
            best = spend, reach
    return best[1] if best else None


def _rounded(value: Any) -> Any:
    return round(value) if isinstance(value, float) and 0 <= value < 2**53 else value


def place(value: JSON) -> Place:
    """A place of a search."""
    kind = {"country": PlaceKind.COUNTRY, "region": PlaceKind.REGION, "city": PlaceKind.CITY}.get(
        shape.text(value, "type")
    )
    if kind is None:
        raise shape.WrongShape("type")
    around = [shape.text(value, name) for name in ("region", "country_name")]
    name = shape.text(value, "name")
    return Place(
        kind=kind,
        id=shape.an_id(value, "key"),
        name=quoted(", ".join(dict.fromkeys(filter(None, [name, *around])))),
    )


def topic(value: JSON) -> Topic:
    """An interest, a language or a list of people."""
    key = "id" if value.get("id") else "key"
    return Topic(shape.an_id(value, key), quoted(shape.text(value, "name")) or shape.an_id(value, key))


# Figures


def figures(value: JSON, used: Cabinet, now: Instant) -> Figures:
    """One day of one ad."""
    try:
        day = date.fromisoformat(shape.text(value, "date_start"))
        ended = to_instant(datetime.combine(day + timedelta(days=1), time(), ZoneInfo(used.zone)))
    except (ValueError, OverflowError):
        raise shape.WrongShape("date_start") from None
    reach = whole(value.get("reach"))
    return Figures(
        ad_id=shape.an_id(value, "ad_id"),
        day=day,
        impressions=whole(value.get("impressions")),
        reach=reach,
        clicks=whole(value.get("clicks")),
        results=_results(value, reach),
        spent=currency.from_decimal(value.get("spend"), used.currency),
        final=now >= ended + FINAL,
    )


def kept_since(zone: str, now: Instant) -> date:
    """The first day whose figures may be asked for."""
    return to_datetime(now).astimezone(ZoneInfo(zone)).date() - KEPT


def _results(value: JSON, reach: int | None) -> int | None:
    """What the set was bought for. Actions that are not told of have not happened."""
    wanted = _RESULTS.get(shape.text(value, "optimization_goal"))
    if wanted is None:
        return None
    if not wanted:
        return reach
    for action in shape.objects(value, "actions"):
        if shape.text(action, "action_type") == wanted:
            return whole(action.get("value"))
    return 0


# Refusals


def field_of(failed: Failure | None) -> str:
    """Which part of a draft is refused; empty when the refusal does not say."""
    if failed is None:
        return ""
    if failed.subcode in _SUBCODES:
        return _SUBCODES[failed.subcode]
    return next((field for words, field in _WORDS if re.search(words, failed.message, re.I)), "")


def _strings(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
