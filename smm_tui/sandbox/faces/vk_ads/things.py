"""Campaigns, sets and ads: made, changed, listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from smm_tui.domain.clock import Instant, to_datetime, to_instant
from smm_tui.sandbox import market, population
from smm_tui.sandbox.faces.vk_ads import audience, content
from smm_tui.sandbox.faces.vk_ads.call import READ, ROUTER, WRITE, Call
from smm_tui.sandbox.faces.vk_ads.dictionaries import PACKAGES
from smm_tui.sandbox.http import JSON, BadBody, Refused, Response, json_response, parse_json
from smm_tui.sandbox.market import AD, CAMPAIGN, SET, Terms
from smm_tui.sandbox.things import Account, Object

KINDS = {"ad_plans": CAMPAIGN, "ad_groups": SET, "banners": AD}
LEAST = 10_000  # kopecks a day; a server's `config` sets it as "least_daily"
ACTIONS = 200  # of one call
_STATUS = {"active": market.ACTIVE, "blocked": market.PAUSED, "deleted": market.DELETED}
_SHOWN_STATUS = {ours: theirs for theirs, ours in _STATUS.items()}
_GOALS = {"socialengagement": "engagement", "traffic": "traffic", "reach": "reach"}
_MODERATION = {market.PENDING: "pending", market.APPROVED: "allowed", market.REFUSED: "banned"}
_REASONS = {
    "gambling": "Азартные игры",
    "misleading": "Недостоверная информация",
    "prohibited": "Запрещённые товары и услуги",
}
_MOSCOW = ZoneInfo("Europe/Moscow")
_DEFAULT = ("id", "name")
_PICTURES = {"image_600x600": (600, 600), "image_1080x607": (1080, 607), "image_1080x1350": (1080, 1350)}
_ICON = "icon_256x256"
_TEXTS = {"title_40_vkads": 40, "text_2000": 2000, "text_90": 90, "text_long": 2000, "about_company_115": 115}
_OF_COMMUNITY = {"title_40_vkads", "text_2000", "cta_community_vk"}
_OF_SITE = {"title_40_vkads", "text_90", "text_long", "cta_sites_full"}


@ROUTER.on("GET", "/api/v2/ad_plans.json")
def plans(call: Call) -> Response:
    """Campaigns."""
    return _listed(call, CAMPAIGN)


@ROUTER.on("GET", "/api/v2/ad_groups.json")
def groups(call: Call) -> Response:
    """Sets."""
    return _listed(call, SET)


@ROUTER.on("GET", "/api/v2/banners.json")
def banners(call: Call) -> Response:
    """Ads. They are made within sets only: a POST is not known here."""
    return _listed(call, AD)


@ROUTER.on("POST", "/api/v2/ad_plans.json")
def add_plan(call: Call) -> Response:
    """A campaign, with the sets that are told along with it."""
    cabinet = call.authorised(WRITE)
    told = dict(call.parameters)
    inner = told.pop("ad_groups", [])
    with _whole(call):
        made = _add(call, cabinet, CAMPAIGN, told, "")
        below = [_add_group(call, cabinet, {**each, "ad_plan_id": int(made.remote_id)}) for each in inner]
    return json_response({"id": int(made.remote_id), "ad_groups": below})


@ROUTER.on("POST", "/api/v2/ad_groups.json")
def add_group(call: Call) -> Response:
    """A set, with the ads that are told along with it."""
    cabinet = call.authorised(WRITE)
    with _whole(call):
        return json_response(_add_group(call, cabinet, dict(call.parameters)))


@ROUTER.on("POST", "/api/v2/ad_groups/:group/banners.json")
def add_banner(call: Call, group: str) -> Response:
    """An ad."""
    cabinet = call.authorised(WRITE)
    parent = _thing(call, cabinet, SET, group)
    made = _add(call, cabinet, AD, dict(call.parameters), parent.remote_id)
    return json_response({"id": int(made.remote_id)})


@ROUTER.on("POST", "/api/v2/:kind/mass_action.json")
def mass_action(call: Call, kind: str) -> Response:
    """Statuses of many things at once."""
    cabinet = call.authorised(WRITE)
    try:
        told = parse_json(call.request.body)
    except BadBody:
        told = None
    items = [item for item in told if isinstance(item, dict)] if isinstance(told, list) else []
    if kind not in KINDS or not 0 < len(items) <= ACTIONS:
        raise call.error(400, "bad_request", "Malformed request body")
    with _whole(call):
        for item in items:
            found = _thing(call, cabinet, KINDS[kind], str(item.get("id")))
            _change(call, cabinet, found, {"status": item.get("status")})
    return Response(204)


@ROUTER.on("GET", "/api/v2/:kind/:file")
def one(call: Call, kind: str, file: str) -> Response:
    """One thing, deleted ones too."""
    cabinet = call.authorised()
    found = _thing(call, cabinet, _kind(call, kind), file.removesuffix(".json"))
    return json_response(call.chosen(_shown(call, found), _DEFAULT))


@ROUTER.on("POST", "/api/v2/:kind/:file")
def change(call: Call, kind: str, file: str) -> Response:
    """Another name, status, budget, audience or content."""
    cabinet = call.authorised(WRITE)
    found = _thing(call, cabinet, _kind(call, kind), file.removesuffix(".json"))
    if market.terms(found).status == market.DELETED:
        raise call.error(400, "deleted", "The object is deleted")
    _change(call, cabinet, found, dict(call.parameters))
    return Response(204)


def things(call: Call, cabinet: Account, kind: str) -> list[Object]:
    """All of a kind, deleted ones too."""
    return list(call.world.objects(cabinet, kind, ascending=True))


def _listed(call: Call, kind: str) -> Response:
    cabinet = call.authorised(READ)
    return call.listed([_shown(call, item) for item in things(call, cabinet, kind)], _DEFAULT)


def _add_group(call: Call, cabinet: Account, told: JSON) -> JSON:
    inner = told.pop("banners", [])
    parent = market.find(call.world, cabinet, CAMPAIGN, str(told.get("ad_plan_id")))
    if parent is None:
        raise call.wrong("ad_plan_id", "bad_value", "Unknown campaign")
    made = _add(call, cabinet, SET, told, parent.remote_id)
    below = [{"id": int(_add(call, cabinet, AD, dict(each), made.remote_id).remote_id)} for each in inner]
    return {"id": int(made.remote_id), "banners": below}


def _add(call: Call, cabinet: Account, kind: str, told: JSON, parent: str) -> Object:
    wire = {"status": "active", **told}
    above = call.world.find_object(call.server.host, {SET: CAMPAIGN, AD: SET}[kind], parent) if parent else None
    terms = _checked(call, cabinet, kind, wire, above)
    number = str(call.world.sequence("vk ads") + 20_000_000)
    return market.add(call.world, cabinet, kind, number, str(wire["name"]), terms, parent=parent, wire=wire)


def _change(call: Call, cabinet: Account, found: Object, told: JSON) -> None:
    wire = {**found.record["wire"], **told}
    terms = _checked(call, cabinet, found.kind, wire, market.parent(call.world, found))
    market.change(call.world, found, terms, name=str(wire["name"]), wire=told)


def _checked(call: Call, cabinet: Account, kind: str, wire: JSON, above: Object | None) -> Terms:
    """What the market is to know. Refused with the field that does not pass."""
    name = wire.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= 255:
        raise call.wrong("name", "required", "This field is required")
    if wire.get("status") not in _STATUS:
        raise call.wrong("status", "bad_value", "Unknown status")
    terms = Terms(status=_STATUS[wire["status"]])
    if kind == AD:
        return replace(terms, creative=_creative(call, cabinet, wire, above))
    if kind == CAMPAIGN and wire.get("objective") not in _GOALS:
        raise call.wrong("objective", "bad_value", "Unknown objective")
    if kind == CAMPAIGN and content.address(cabinet, wire.get("ad_object_id")) is None:
        raise call.wrong("ad_object_id", "bad_value", "Unknown object")
    terms = replace(
        terms,
        goal=_GOALS[wire["objective"]] if kind == CAMPAIGN else "",  # a set has that of its campaign
        budget_daily=_money(call, wire, "budget_limit_day"),
        budget_total=_money(call, wire, "budget_limit"),
        bid=_money(call, wire, "max_price"),
        starts_at=_begin(call, wire, "date_start", 0),
        ends_at=_begin(call, wire, "date_end", 1),
    )
    least = int(call.server.config.get("least_daily", LEAST))
    if terms.budget_daily is not None and terms.budget_daily < least:
        raise call.wrong("budget_limit_day", "min_value", f"Minimum value is {least / 100:.2f}")
    if terms.starts_at is not None and terms.ends_at is not None and terms.ends_at <= terms.starts_at:
        raise call.wrong("date_end", "bad_value", "The end is before the start")
    if kind == CAMPAIGN:
        return terms
    objective = above.record["wire"]["objective"] if above is not None else ""
    package = next((each for each in PACKAGES if each["id"] == wire.get("package_id")), None)
    if package is None or package["status"] != "active" or objective not in package["objective"]:
        raise call.wrong("package_id", "bad_value", "The package does not fit the objective")
    wanted = wire.get("targetings", {})
    return replace(terms, people=population.people(audience.crowd(call, wanted)), hours=audience.hours(wanted))


def _creative(call: Call, cabinet: Account, wire: JSON, group: Object | None) -> str:
    package = group.record["wire"]["package_id"] if group is not None else 0
    urls, texts, files = (_dictionary(wire, name) for name in ("urls", "textblocks", "content"))
    slot = "vk_post" if package == 3194 else "primary"
    link = content.address(cabinet, _dictionary(urls, slot).get("id"))
    if link is None:
        raise call.wrong(f"urls.{slot}", "required", "This field is required")
    if package == 3194:
        return content.words(call, link) or link
    wanted = _OF_COMMUNITY if package in (3122, 3127) else _OF_SITE
    shown = [name for name in files if name in _PICTURES]
    if _ICON not in files or len(shown) != 1 or not wanted <= set(texts):
        raise call.wrong("patterns", "bad_value", "At least one pattern must be in package's settings")
    for name, size in ((_ICON, (256, 256)), (shown[0], _PICTURES[shown[0]])):
        file = call.world.media(cabinet, str(_dictionary(files, name).get("id")))
        if file is None or (file.meta["width"], file.meta["height"]) != size:
            raise call.wrong(f"content.{name}", "bad_width", "The picture does not fit the slot")
    said = {name: str(_dictionary(texts, name).get("text", "")) for name in texts}
    for name, text in said.items():
        if len(text) > _TEXTS.get(name, 100):
            raise call.wrong(f"textblocks.{name}", "max_length", f"Maximum length is {_TEXTS.get(name, 100)}")
    return " ".join([*said.values(), link, *(str(_dictionary(files, name).get("id")) for name in files)])


def _shown(call: Call, item: Object) -> JSON:
    wire = item.record["wire"]
    known = market.terms(item)
    shown: JSON = {
        "id": int(item.remote_id),
        "name": item.text,
        "status": _SHOWN_STATUS[known.status],
        "delivery": "delivering" if known.status == market.ACTIVE else "not_delivering",
        "issues": _issues(call, item),
        "created": to_datetime(item.created_at).strftime("%Y-%m-%d %H:%M:%S"),
    }
    if item.kind == AD:
        review = market.review(call.world, item)
        return {
            **shown,
            "ad_group_id": int(item.reply_to or 0),
            "moderation_status": _MODERATION[review.state],
            "moderation_reasons": [{"title": _REASONS[reason]} for reason in review.reasons],
            **{name: wire.get(name, {}) for name in ("urls", "textblocks", "content")},
        }
    above = market.parent(call.world, item)
    shown |= {
        "objective": (above or item).record["wire"].get("objective"),
        "budget_limit": _roubles(known.budget_total),
        "budget_limit_day": _roubles(known.budget_daily),
        "max_price": _roubles(known.bid),
        **{name: wire.get(name) for name in ("date_start", "date_end", "autobidding_mode")},
    }
    if item.kind == CAMPAIGN:
        return {**shown, "ad_object_type": wire.get("ad_object_type"), "ad_object_id": wire.get("ad_object_id")}
    return {
        **shown,
        "ad_plan_id": int(item.reply_to or 0),
        **{name: wire.get(name) for name in ("package_id", "targetings", "age_restrictions")},
    }


def _issues(call: Call, item: Object) -> list[JSON]:
    codes = [] if market.terms(item).status == market.ACTIVE else ["STOPPED"]
    if item.kind == AD:
        state = market.review(call.world, item).state
        codes += {market.PENDING: ["BANNER_ON_MODERATION"], market.REFUSED: ["BANNER_BANNED"]}.get(state, [])
    balance = call.world.account(item.account_id).data.get("balance")
    if balance is not None and balance <= 0:
        codes.append("NO_MONEY")
    return [{"code": code, "message": code.replace("_", " ").lower()} for code in codes]


def _thing(call: Call, cabinet: Account, kind: str, number: str) -> Object:
    found = market.find(call.world, cabinet, kind, number)
    if found is None or found.deleted_at is not None:
        raise call.missing()
    return found


def _kind(call: Call, name: str) -> str:
    if name not in KINDS:
        raise call.error(404, "unknown_resource")
    return KINDS[name]


def _money(call: Call, wire: Mapping[str, Any], name: str) -> int | None:
    value = wire.get(name)
    if value in (None, 0, "0", ""):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise call.wrong(name, "bad_value", "Enter a number") from None
    if not found.is_finite() or found != round(found, 2) or found < 0:
        raise call.wrong(name, "bad_value", "Enter a number with two decimals at most")
    return int(found * 100)


def _roubles(amount: int | None) -> str | None:
    return None if amount is None else f"{amount / 100:.2f}"


def _begin(call: Call, wire: Mapping[str, Any], name: str, days: int) -> Instant | None:
    if wire.get(name) is None:
        return None
    try:
        on = date.fromisoformat(str(wire[name])) + timedelta(days=days)
    except (ValueError, OverflowError):
        raise call.wrong(name, "bad_value", "Enter a valid date") from None
    return to_instant(datetime.combine(on, time(), _MOSCOW))


def _dictionary(value: Mapping[str, Any], name: str) -> JSON:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


@contextmanager
def _whole(call: Call) -> Iterator[None]:
    """Everything that is made in here, or nothing of it when a part is refused."""
    with call.world.transaction() as db:
        db.execute("SAVEPOINT tree")
        try:
            yield
        except Refused:
            db.execute("ROLLBACK TO tree")
            raise
        finally:
            db.execute("RELEASE tree")
