"""Between our campaigns and VK Реклама's JSON. Pure: no input makes these raise anything but an SmmError."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from smm_tui.domain.clock import SECOND, Instant
from smm_tui.domain.errors import Rejected
from smm_tui.i18n import N_, _
from smm_tui.networks import outgoing, shape
from smm_tui.networks.advertising import (
    AdDraft,
    Cabinet,
    CampaignDraft,
    Creative,
    Draft,
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
from smm_tui.networks.http import quoted
from smm_tui.networks.ports import JSON
from smm_tui.networks.vk.ads import stations
from smm_tui.networks.vk.ads.money import kopecks, roubles
from smm_tui.networks.vk.ads.packages import Package
from smm_tui.networks.vk.ads.targeting import DICTIONARIES, targetings
from smm_tui.networks.vk.ads.words import (
    BUTTONS,
    CURRENCY,
    ISSUES,
    OBJECTIVES,
    PARENTS,
    SETTLED_DAYS,
    TITLE,
    ZONE,
)

NAME = 200  # characters, with room for the identity
TITLE_LENGTH, TEXT_LENGTH, SHORT_LENGTH, LABEL_LENGTH = 40, 2000, 90, 115
SITE = "https://ads.vk.com/hq/dashboard"
_THING = "id,name,status,delivery,issues"
FIELDS = {
    Level.CAMPAIGN: f"{_THING},objective,budget_limit,budget_limit_day,date_start,date_end,ad_object_id",
    Level.SET: f"{_THING},ad_plan_id,package_id,budget_limit,budget_limit_day,date_start,date_end,objective",
    Level.AD: f"{_THING},ad_group_id,moderation_status,moderation_reasons",
}
_TABS = {Level.CAMPAIGN: "ad_plans", Level.SET: "ad_groups", Level.AD: "ads"}
_REGION_WORDS = re.compile(r"област|край|республик|округ|oblast|krai|republic|region", re.IGNORECASE)
_USER_STATES = {
    "blocked": N_("VK has blocked it"),
    "deleted": N_("it is deleted"),
}
_DEEPEST = 12


# Cabinet


def cabinet(value: Any) -> Cabinet:
    """The cabinet of ``user.json``. VK tells the balance only with the right ``read_payments``."""
    found = shape.an_object(value, "user")
    account = shape.inner(found, "account")
    state = shape.text(found, "status") or "active"
    money = shape.text(found, "currency") or shape.text(account, "currency")
    number = shape.an_id(found, "id")
    known = _USER_STATES.get(state)
    name = quoted(shape.text(found, "client_username") or shape.text(found, "username"))
    return Cabinet(
        id=number,
        name=name or number,
        currency=money if re.fullmatch(r"[A-Z]{3}", money) else CURRENCY,
        zone=str(ZONE),
        state="active" if state == "active" else _(known) if known else quoted(state),
        balance=kopecks(account.get("balance")),
    )


# Drafts


def body(draft: Draft) -> JSON:
    """What can be set of a campaign or set by the draft alone, its name without the identity."""
    _ensure_name(draft.name)
    if isinstance(draft, AdDraft):
        return {"name": draft.name}
    _ensure_money(draft)
    found: JSON = {
        "name": draft.name,
        "budget_limit_day": None if draft.budget_daily is None else roubles(draft.budget_daily),
        "budget_limit": None if draft.budget_total is None else roubles(draft.budget_total),
    }
    for name, at in (("date_start", draft.starts_at), ("date_end", draft.ends_at)):
        if at is not None:
            found[name] = day(at).isoformat()
    if isinstance(draft, SetDraft):
        if draft.bid is not None:
            found["max_price"] = roubles(draft.bid)
        found["targetings"] = targetings(draft.audience, draft.hours, draft.placements)
        found["age_restrictions"] = _restriction(draft)
    return found


def campaign_body(draft: CampaignDraft, object_id: int) -> JSON:
    """The request that makes a campaign, blocked, but for its identity; `object_id` is what it leads to."""
    return {
        **body(draft),
        "objective": objective(draft.goal),
        "ad_object_type": "url",
        "ad_object_id": object_id,
        "autobidding_mode": "max_goals",
        "status": "blocked",
    }


def set_body(draft: SetDraft, package: Package | None, parent_id: str) -> JSON:
    """The request that makes a set, blocked, but for its identity."""
    return {
        **body(draft),
        "ad_plan_id": _number(parent_id) if parent_id else None,
        "package_id": package.id if package is not None else None,
        "autobidding_mode": "max_goals" if draft.bid is None else "fixed",
        "status": "blocked",
    }


def banner_body(draft: AdDraft, package: Package, url_id: int, media: Mapping[str, int]) -> JSON:
    """The request that makes an ad, blocked, but for its identity."""
    ensure_creative(draft.creative, package)
    creative = draft.creative
    made = {**body(draft), "status": "blocked"}
    if package.shows_post:
        return {**made, "urls": {"vk_post": {"id": url_id}}}
    button = BUTTONS.get(creative.button, "")
    if package.is_community:
        default = "signUp" if package.goal is Goal.FOLLOWERS else "contactUs"
        texts = {"text_2000": creative.text, "cta_community_vk": button or default}
    else:
        texts = {
            "text_90": _first_line(creative.text),
            "text_long": creative.text,
            "cta_sites_full": button or "visitSite",
        }
    texts |= {"title_40_vkads": creative.title, "about_company_115": creative.label}
    return {
        **made,
        "urls": {"primary": {"id": url_id}},
        "content": {slot: {"id": number} for slot, number in media.items()},
        "textblocks": {slot: {"text": text} for slot, text in texts.items() if text},
    }


def ensure_creative(creative: Creative, package: Package | None) -> None:
    """Rejected for a creative that VK cannot show, or not in the package."""
    if creative.button and creative.button not in BUTTONS:
        raise Rejected(
            _("VK has no such button."), _("It has: {names}.").format(names=", ".join(BUTTONS)), field="button"
        )
    for text, most, field in (
        (creative.title, TITLE_LENGTH, "title"),
        (creative.text, TEXT_LENGTH, "text"),
        (creative.label, LABEL_LENGTH, "label"),
    ):
        outgoing.ensure_whole(text, field)
        if len(text) > most:
            raise Rejected(
                _("VK takes {most} characters there; this has {count}.").format(most=most, count=len(text)),
                _("Shorten it."),
                field=field,
            )
    if creative.link and not re.fullmatch(r"https?://[^\s/]+\.\S+", creative.link):
        raise Rejected(_("This is no web address."), _("Begin it with https://"), field="link")
    shows_post = bool(creative.post_id) if package is None else package.shows_post
    if shows_post and not creative.post_id:
        raise Rejected(
            _("Ads for engagement promote a post."), _("Choose the post, or another goal."), field="post_id"
        )
    if creative.post_id and not shows_post:
        raise Rejected(
            _("VK promotes posts for engagement only."),
            _("Set the campaign's goal to engagement, or write the ad's own text."),
            field="post_id",
        )
    if creative.post_id:
        if creative.label:
            raise Rejected(
                _("Nothing can be added to a post that is promoted."),
                _("Write the label into the post itself."),
                field="label",
            )
        return
    for missing, field in ((creative.title, "title"), (creative.text, "text"), (creative.pictures, "pictures")):
        if not missing:
            raise Rejected(
                _("An ad on VK has a title, a text and a picture."), _("Add what is missing."), field=field
            )
    if len(creative.pictures) > 1:
        raise Rejected(_("An ad on VK shows one picture."), _("Keep one."), field="pictures")
    if package is not None and not package.is_community and len(_first_line(creative.text)) > SHORT_LENGTH:
        raise Rejected(
            _("In small places VK shows the first line alone, of {most} characters at most.").format(
                most=SHORT_LENGTH
            ),
            _("Begin with a short line."),
            field="text",
        )


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def objective(goal: Goal) -> str:
    """VK's word for a goal. Rejected for those it has no package for."""
    if goal not in OBJECTIVES:
        raise Rejected(
            _("Ads for leads need a form that is made on VK's site."), _("Choose another goal."), field="goal"
        )
    return OBJECTIVES[goal]


def goal_of(word: str) -> Goal | None:
    """The goal that an objective of VK's serves, of several the one that promotes posts; None for the others."""
    return next((goal for goal, known in OBJECTIVES.items() if known == word), None)


def post_address(post_id: str, group_id: str) -> str:
    """The address of a post. Rejected when this is no post's id."""
    full = post_id if "_" in post_id else f"-{group_id}_{post_id}"
    if not re.fullmatch(r"-?[0-9]{1,18}_[0-9]{1,18}", full):
        raise Rejected(_("This is no post of VK's."), _("Choose a published post."), field="post_id")
    return f"https://vk.com/wall{full}"


def day(at: Instant) -> date:
    """The day in Moscow."""
    try:
        return datetime.fromtimestamp(at / SECOND, ZONE).date()
    except (ValueError, OverflowError, OSError):
        raise Rejected(_("There is no such day."), _("Correct the date."), field="starts_at") from None


def _ensure_name(name: str) -> None:
    outgoing.ensure_whole(name, "name")
    if not name.strip() or len(name) > NAME:
        raise Rejected(_("A name has 1 to {most} characters.").format(most=NAME), _("Change the name."), field="name")


def _ensure_money(draft: CampaignDraft | SetDraft) -> None:
    for amount, field in ((draft.budget_daily, "budget_daily"), (draft.budget_total, "budget_total")):
        if amount is not None and amount <= 0:
            raise Rejected(_("A budget is more than nothing."), _("Raise it, or leave it away."), field=field)
    if isinstance(draft, SetDraft) and draft.bid is not None and draft.bid <= 0:
        raise Rejected(_("A bid is more than nothing."), _("Leave it away, or raise it."), field="bid")
    if draft.starts_at is not None and draft.ends_at is not None and draft.ends_at <= draft.starts_at:
        raise Rejected(_("It ends before it begins."), _("Change one of the dates."), field="ends_at")


def ensure_least(draft: CampaignDraft | SetDraft, least: int) -> None:
    """Rejected for a daily budget below the least one."""
    if draft.budget_daily is not None and draft.budget_daily < least:
        raise Rejected(
            _("VK takes at least {amount} roubles a day.").format(amount=roubles(least)),
            _("Raise the daily budget."),
            field="budget_daily",
        )


def _restriction(draft: SetDraft) -> str:
    """The age label that the ads carry."""
    told = draft.facts.get("age_restrictions", "")
    return told if told in ("0+", "6+", "12+", "16+", "18+") else "0+"


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 19):
        raise Rejected(_("This is no number of VK's."), _("Choose it from the list."), field="parent_id")
    return int(text)


# Things


def made(value: Any) -> str:
    """The id of what was just made."""
    return shape.an_id(shape.an_object(value, "made"), "id")


def made_banner(value: Any) -> str:
    """The id of an ad that was just made, alone or as the only one of a list."""
    found = shape.an_object(value, "made")
    listed = shape.objects(found, "banners") or shape.objects(found, "items")
    return shape.an_id(listed[0] if listed else found, "id")


def remote(level: Level, value: Any, today: date) -> Remote:
    """A campaign, set or ad as VK has it."""
    found = shape.an_object(value, level.value)
    number = shape.an_id(found, "id")
    parent = PARENTS.get(level, "")
    return Remote(
        level=level,
        id=number,
        parent_id=shape.an_id(found, parent) if parent and found.get(parent) else "",
        name=shape.text(found, "name"),
        state=_state(level, found, today),
        reasons=tuple(_reasons(found)),
        budget_total=kopecks(found.get("budget_limit")) or None,
        budget_daily=kopecks(found.get("budget_limit_day")) or None,
        url=f"{SITE}/{_TABS[level]}?search={number}",
    )


def _state(level: Level, found: Mapping[str, Any], today: date) -> RemoteState:
    status = shape.text(found, "status")
    if status == "deleted":
        return RemoteState.GONE
    if level is Level.AD:
        moderation = shape.text(found, "moderation_status")
        if moderation == "banned":
            return RemoteState.REJECTED
        if moderation == "pending" and status == "active":
            return RemoteState.IN_REVIEW
    ends = _date(found.get("date_end"))
    if ends is not None and ends < today:
        return RemoteState.ENDED
    return RemoteState.ACTIVE if status == "active" else RemoteState.PAUSED


def _reasons(found: Mapping[str, Any]) -> list[str]:
    told = found.get("moderation_reasons")
    reasons = [
        quoted(item) if isinstance(item, str) else quoted(shape.text(item, "title") or shape.text(item, "text"))
        for item in (told if isinstance(told, list) else ())
        if isinstance(item, str | dict)
    ]
    for issue in shape.objects(found, "issues"):
        word = shape.text(issue, "code")
        if word != "STOPPED":
            reasons.append(_(ISSUES[word]) if word in ISSUES else quoted(shape.text(issue, "message") or word))
    return list(dict.fromkeys(filter(None, reasons)))


def _date(value: Any) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


# Dictionaries


def region(value: Mapping[str, Any], depth: int) -> Place:
    """A place of ``regions.json``; `depth` is how many others lie around it."""
    number, name = shape.an_id(value, "id"), quoted(shape.text(value, "name"))
    flags = value.get("flags")
    told = [flag for flag in flags if isinstance(flag, str)] if isinstance(flags, list) else []
    for kind in (PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.CITY):
        if kind.value in told:
            return Place(kind, number, name)
    if depth == 0:
        return Place(PlaceKind.COUNTRY, number, name)
    is_region = depth == 1 and _REGION_WORDS.search(name) is not None
    return Place(PlaceKind.REGION if is_region else PlaceKind.CITY, number, name)


def topics(value: Any, words: str) -> list[Topic]:
    """The interests of ``targetings_tree.json`` one of whose words begins like this, with those above them."""
    tree = shape.an_object(value, "targetings")
    found: list[Topic] = []

    def walk(dictionary: str, items: Any, above: str, depth: int) -> None:
        for item in items if isinstance(items, list) and depth < _DEEPEST else ():
            if not isinstance(item, dict):
                continue
            name = quoted(shape.text(item, "name"))
            whole = f"{above} > {name}" if above else name
            number = shape.number(item, "id", 0)
            if number and name and stations.begins(name, words):
                found.append(Topic(f"{dictionary}:{number}", whole))
            walk(dictionary, item.get("children") or item.get("items"), whole, depth + 1)

    for dictionary in DICTIONARIES:
        walk(dictionary, tree.get(dictionary), "", 0)
    return found


def segment(value: Mapping[str, Any]) -> Topic:
    """A list of people of ``remarketing/segments.json``."""
    return Topic(shape.an_id(value, "id"), quoted(shape.text(value, "name")) or shape.an_id(value, "id"))


def pads(items: Sequence[Mapping[str, Any]], package_id: int) -> list[int]:
    """The pads of ``packages_pads.json`` on which a package is shown."""
    found = []
    for item in items:
        number, of = shape.number(item, "id", 0), item.get("packages", item.get("package_id"))
        if number and (of is None or of == package_id or (isinstance(of, list) and package_id in of)):
            found.append(number)
    return found


# Estimate and figures


def estimate(value: Any, note: str, bid: int | None = None) -> Estimate:
    """What ``projection.json`` foretells: its dearest price reaches all that there are."""
    found = shape.an_object(value, "projection")
    bars = [
        (kopecks(bar.get("price")) or 0, people)
        for bar in _bars(found, 0)
        if (people := _count(bar.get("uniqs"))) is not None
    ]
    if not bars:
        return Estimate(None, None, ready=False, note=note)
    most = max(people for _price, people in bars)
    within = [people for price, people in bars if bid is None or price <= bid]
    return Estimate(min(max(within, default=0), most) if bid is not None else most, most, note=note)


def _bars(value: Any, depth: int) -> list[Mapping[str, Any]]:
    if isinstance(value, dict) and "uniqs" in value:
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [bar for item in inner for bar in _bars(item, depth + 1)] if depth < _DEEPEST else []


def figures(value: Any, today: date) -> list[Figures]:
    """The days of ``statistics/banners/day.json``; what cannot be read is left out."""
    found = []
    for item in shape.objects(shape.an_object(value, "statistics"), "items"):
        try:
            number = shape.an_id(item, "id")
        except shape.WrongShape:
            continue
        for row in shape.objects(item, "rows"):
            on = _date(row.get("date"))
            if on is None:
                continue
            base, uniques = shape.inner(row, "base"), shape.inner(row, "uniques")
            goals = base.get("goals", shape.inner(base, "vk").get("goals"))
            found.append(
                Figures(
                    ad_id=number,
                    day=on,
                    impressions=_count(base.get("shows")),
                    reach=_count(uniques.get("total")),
                    clicks=_count(base.get("clicks")),
                    results=_count(goals),
                    spent=kopecks(base.get("spent")),
                    final=on + timedelta(days=SETTLED_DAYS) < today,
                )
            )
    return found


class Sum(NamedTuple):
    """All that a thing brought so far; `spent` in kopecks."""

    shows: int
    spent: int | None


def sums(value: Any) -> dict[str, Sum]:
    """What ``statistics/.../summary.json`` tells, by id."""
    found = {}
    for item in shape.objects(shape.an_object(value, "statistics"), "items"):
        base = shape.inner(item, "total", "base")
        if number := shape.number(item, "id", 0):
            found[str(number)] = Sum(_count(base.get("shows")) or 0, kopecks(base.get("spent")))
    return found


def _count(value: Any) -> int | None:
    if isinstance(value, str) and len(value) < 19 and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        return None
    return value


def today_at(now: Instant) -> date:
    """The day that it is in Moscow."""
    return datetime.fromtimestamp(now / SECOND, UTC).astimezone(ZONE).date()


def no_list(kind: str) -> Rejected:
    """The answer to a search that VK has no dictionary for."""
    if kind == PlaceKind.DISTRICT:
        return Rejected(
            _("VK knows no districts of cities."),
            _("Use circles of 1 km around points or stations in it."),
            field=kind,
        )
    return Rejected(
        _("{network} has no list of these.").format(network=TITLE),
        _("Look for places, stations, interests or lists."),
        field=kind,
    )
