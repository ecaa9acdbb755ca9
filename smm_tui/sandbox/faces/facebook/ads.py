"""The Marketing API over the market: advertising accounts, and campaigns, sets and ads made, changed and listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from smm_tui.domain.clock import HOUR, SECOND
from smm_tui.sandbox import market
from smm_tui.sandbox.faces.facebook import ads_checks
from smm_tui.sandbox.faces.facebook.call import ROUTER, Call, new_number, stamp
from smm_tui.sandbox.files import sniff
from smm_tui.sandbox.http import JSON, Response, json_response
from smm_tui.sandbox.market import AD, CAMPAIGN, SET, Terms
from smm_tui.sandbox.things import Account, Object, Server, Token
from smm_tui.sandbox.world import World

CREATIVE = "ad creative"
CALLS_AN_HOUR = 100_000  # of one advertising account; a server's `config` sets it as "ads_calls"
READ, WRITE = ("ads_read", "ads_management"), ("ads_management",)
EDGES = {"campaigns": CAMPAIGN, "adsets": SET, "ads": AD}

_STATUS = {"ACTIVE": market.ACTIVE, "PAUSED": market.PAUSED, "ARCHIVED": market.ARCHIVED, "DELETED": market.DELETED}
_SHOWN = {known: name for name, known in _STATUS.items()}
_WORDS = {
    "misleading": ("Misleading claims", "Ads must not make claims that nobody can keep."),
    "gambling": ("Online gambling", "Ads for gambling need a permission of their own."),
    "prohibited": ("Prohibited goods", "Ads must not offer these goods."),
}


def grant_cabinet(world: World, person: Token, *, name: str = "", **data: Any) -> Account:
    """An advertising account that a person's token opens."""
    server = world.server(person.server)
    assert server is not None  # noqa: S101 - the token was made there
    number = str(800_000_000_000_000 + world.sequence("ad account"))
    known = {"currency": "EUR", "zone": "Europe/Berlin", "account_status": 1, "min_daily": 100, "lists": [], **data}
    cabinet = world.add_account(server, f"act_{number}", f"act_{number}", display_name=name or "Ads", data=known)
    token = world.token(server.host, person.value, "access")
    assert token is not None  # noqa: S101 - it was given
    world.update_token(token, data={"cabinets": [*token.data.get("cabinets", []), cabinet.remote_id]})
    return cabinet


# Who may what


def opened(call: Call, node: str, rights: tuple[str, ...] = READ) -> Account:
    """The advertising account that a path names; the caller must have a role on it and the right."""
    cabinet = call.world.find_account(call.server.host, node)
    if cabinet is None or not node.startswith("act_"):
        raise call.missing(node)
    token = call.token
    if node not in token.data.get("cabinets", []) or not set(rights) & set(token.data["scopes"]):
        message = "(#200) Ad account owner has NOT grant ads_management or ads_read permission"
        raise call.error(200, message, status=403)
    limit = int(call.server.config.get("ads_calls", CALLS_AN_HOUR))
    call.quota = call.world.consume(f"{call.server.host} {node}", 1, limit, HOUR)
    call.business = (node.removeprefix("act_"), "ads_management")
    if call.quota.exceeded:
        message = "There have been too many calls to this ad-account. Wait a bit and try again."
        raise call.error(80004, message, subcode=2446079, transient=False)
    return cabinet


def for_change(call: Call, node: str) -> Account:
    """The advertising account, when it may be changed."""
    cabinet = opened(call, node, WRITE)
    if cabinet.data["account_status"] != 1:
        said = "Your ad account has been disabled for policy or payment reasons."
        raise call.error(200, "(#200) The ad account is not enabled", title="Account disabled", said=said)
    return cabinet


def thing(call: Call, node: str) -> Object | None:
    """The campaign, set, ad or creative of an id."""
    kinds = (CAMPAIGN, SET, AD, CREATIVE)
    found = (call.world.find_object(call.server.host, kind, node) for kind in kinds)
    return next((item for item in found if item is not None), None)


def is_ads(call: Call, node: str) -> bool:
    """Whether an id belongs to advertising."""
    return node.startswith("act_") or thing(call, node) is not None


def owner(call: Call, item: Object, *, change: bool = False) -> Account:
    """The account of a thing, which the caller must be able to open."""
    cabinet = call.world.account(item.account_id)
    return for_change(call, cabinet.remote_id) if change else opened(call, cabinet.remote_id)


# Lists


def page(call: Call, items: list[JSON], kind: str, default: str) -> Response:
    """One page of a list."""
    limit = max(1, min(call.number("limit", 25), 500))
    first = call.number("after", 0)
    shown = [call.shown(kind, item, default) for item in items[first : first + limit]]
    answer: JSON = {"data": shown}
    if shown:
        answer["paging"] = {"cursors": {"before": str(first), "after": str(first + limit)}}
        if first + limit < len(items):
            query = f"limit={limit}&after={first + limit}&access_token={call.token.value}"
            answer["paging"]["next"] = f"{call.server.base}{call.request.path}?{query}"
    return json_response(answer)


def filters(call: Call) -> Callable[[JSON], bool]:
    """What ``filtering`` and ``effective_status`` leave of a list; archived and deleted things only on request."""
    wanted = ads_checks.parsed(call, "effective_status", [])
    conditions = ads_checks.parsed(call, "filtering", [])

    def passes(entity: JSON) -> bool:
        state = entity["effective_status"]
        if state not in wanted if wanted else state in ("ARCHIVED", "DELETED"):
            return False
        return all(_holds(condition, entity) for condition in conditions)

    return passes


def _holds(condition: JSON, entity: JSON) -> bool:
    name, operator, value = condition["field"], condition["operator"], condition["value"]
    found = entity.get(str(name).rpartition(".")[2])
    return value in str(found) if operator == "CONTAIN" else found in value


# Accounts


def cabinet_entity(call: Call, cabinet: Account) -> JSON:
    """AdAccount."""
    data = cabinet.data
    spent = sum(market.spent(call.world, item) for item in call.world.objects(cabinet, CAMPAIGN))
    return {
        "id": cabinet.remote_id,
        "account_id": cabinet.remote_id.removeprefix("act_"),
        "name": cabinet.display_name,
        "currency": data["currency"],
        "timezone_name": data["zone"],
        "account_status": data["account_status"],
        "disable_reason": 0 if data["account_status"] == 1 else 1,
        "amount_spent": str(spent),
        "balance": "0",
        "spend_cap": "0",
        "min_daily_budget": data["min_daily"],
        "min_campaign_group_spend_cap": str(100 * data["min_daily"]),
        "default_dsa_payor": data.get("payer"),
        "default_dsa_beneficiary": data.get("payer"),
    }


@ROUTER.on("GET", "/:version/me/adaccounts")
def cabinets(call: Call, version: str) -> Response:
    """The advertising accounts of a person."""
    token = call.token
    if token.account_id is not None:
        raise call.error(100, "(#100) Tried accessing nonexisting field (adaccounts) on node type (Page)")
    if not set(READ) & set(token.data["scopes"]):
        raise call.error(200, "(#200) Requires ads_read or ads_management permission", status=403)
    found = [call.world.find_account(call.server.host, node) for node in token.data.get("cabinets", [])]
    return page(call, [cabinet_entity(call, one) for one in found if one], "AdAccount", "account_id,id")


@ROUTER.on("GET", "/:version/:node/customaudiences")
def lists(call: Call, version: str, node: str) -> Response:
    """Lists of people that the account has."""
    cabinet = opened(call, node)
    conditions = ads_checks.parsed(call, "filtering", [])
    found = [each for each in cabinet.data["lists"] if all(_holds(condition, each) for condition in conditions)]
    return page(call, found, "CustomAudience", "id")


# Campaigns, sets and ads


def state_of(call: Call, item: Object) -> str:
    """``effective_status``."""
    own = _SHOWN[item.record["status"]]
    if own in ("DELETED", "ARCHIVED"):
        return own
    above = market.parent(call.world, item)
    higher = state_of(call, above) if above is not None else "ACTIVE"
    if higher in ("DELETED", "ARCHIVED"):
        return higher
    if item.kind == AD:
        review = market.review(call.world, item).state
        if review == market.REFUSED:
            return "DISAPPROVED"
        if review == market.PENDING:
            return "PENDING_REVIEW"
    if own == "PAUSED":
        return own
    if above is not None and above.record["status"] != market.ACTIVE:
        return "ADSET_PAUSED" if item.kind == AD else "CAMPAIGN_PAUSED"
    return higher if higher == "CAMPAIGN_PAUSED" else own


def entity(call: Call, item: Object) -> JSON:
    """Campaign, AdSet, Ad or AdCreative."""
    wire: JSON = item.record["wire"] if item.kind != CREATIVE else item.record
    if item.kind == CREATIVE:
        return {"id": item.remote_id, "name": item.text, **wire}
    record = item.record
    cabinet = call.world.account(item.account_id)
    asked = call.text("fields")
    started = record["wire"].get("started_at")
    seconds = str((call.world.clock() - started) // SECOND + 1) if started else "0"
    found: JSON = {
        "id": item.remote_id,
        "account_id": cabinet.remote_id.removeprefix("act_"),
        "name": item.text,
        "status": _SHOWN[record["status"]],
        "configured_status": _SHOWN[record["status"]],
        "effective_status": state_of(call, item),
        "created_time": stamp(item.created_at),
        "issues_info": None,
        "insights": _lifetime(call, item, cabinet) if "insights" in asked else None,
    }
    budgets = {
        "daily_budget": str(record["budget_daily"] or 0),
        "lifetime_budget": str(0 if wire.get("spend_cap") else record["budget_total"] or 0),
        "start_time": stamp(record["starts_at"]) if record["starts_at"] else None,
    }
    if item.kind == CAMPAIGN:
        found |= budgets | {name: wire.get(name) for name in ads_checks.CAMPAIGN_KEPT}
        return {**found, "stop_time": stamp(record["ends_at"]) if record["ends_at"] else None}
    if item.kind == SET:
        found |= budgets | {name: wire.get(name) for name in ads_checks.SET_KEPT}
        found |= {"campaign_id": item.reply_to, "campaign_active_time": seconds, "bid_amount": record["bid"]}
        return {**found, "end_time": stamp(record["ends_at"]) if record["ends_at"] else None}
    review = market.review(call.world, item)
    told = {_WORDS[reason][0]: _WORDS[reason][1] for reason in review.reasons}
    group = market.parent(call.world, item)
    return found | {
        "adset_id": item.reply_to,
        "campaign_id": group.reply_to if group else None,
        "creative": {"id": wire["creative_id"]},
        "ad_active_time": seconds,
        "ad_review_feedback": {"global": told} if told else None,
    }


def _lifetime(call: Call, item: Object, cabinet: Account) -> JSON | None:
    days = [day for ad in market.ads(call.world, item) for day in market.told(call.world, ad, date.min, date.max)]
    if not days:
        return None
    money = ads_checks.decimal(sum(day.spent for day in days), cabinet)
    return {"data": [{"spend": money, "date_start": days[0].day.isoformat(), "date_stop": days[-1].day.isoformat()}]}


_KINDS = {CAMPAIGN: "Campaign", SET: "AdSet", AD: "Ad", CREATIVE: "AdCreative"}


def _list(kind: str) -> Callable[..., Response]:
    def listing(call: Call, version: str, node: str) -> Response:
        if node.startswith("act_"):
            items: Iterable[Object] = call.world.objects(opened(call, node), kind)
        else:
            item = thing(call, node)
            if item is None:
                raise call.missing(node)
            owner(call, item)
            items = [each for each in _below(call.world, item) if each.kind == kind]
        passes = filters(call)
        shown = [found for each in items if passes(found := entity(call, each))]
        return page(call, shown, _KINDS[kind], "id")

    return listing


def _below(world: World, item: Object) -> Iterable[Object]:
    for each in market.children(world, item):
        yield each
        yield from _below(world, each)


for _edge, _kind in EDGES.items():
    ROUTER.on("GET", f"/:version/:node/{_edge}")(_list(_kind))


def show(call: Call, node: str) -> JSON:
    """An account or a thing by its id."""
    if node.startswith("act_"):
        return call.shown("AdAccount", cabinet_entity(call, opened(call, node)), "account_id,id")
    item = thing(call, node)
    assert item is not None  # noqa: S101 - `is_ads` found it
    owner(call, item)
    return call.shown(_KINDS[item.kind], entity(call, item), "id")


@ROUTER.on("POST", "/:version/:node/campaigns")
def make_campaign(call: Call, version: str, node: str) -> Response:
    """A campaign."""
    cabinet = for_change(call, node)
    terms, wire = ads_checks.campaign(call, cabinet)
    return _made(call, cabinet, CAMPAIGN, terms, wire)


@ROUTER.on("POST", "/:version/:node/adsets")
def make_set(call: Call, version: str, node: str) -> Response:
    """A set in a campaign."""
    cabinet = for_change(call, node)
    above = _parent(call, cabinet, CAMPAIGN, "campaign_id")
    terms, wire = ads_checks.group(call, cabinet, above)
    return _made(call, cabinet, SET, terms, wire, parent=above.remote_id)


@ROUTER.on("POST", "/:version/:node/ads")
def make_ad(call: Call, version: str, node: str) -> Response:
    """An ad in a set."""
    cabinet = for_change(call, node)
    above = _parent(call, cabinet, SET, "adset_id")
    shown = _creative(call, cabinet)
    terms = Terms(creative=shown.record["words"])
    return _made(call, cabinet, AD, terms, {"creative_id": shown.remote_id}, parent=above.remote_id)


@ROUTER.on("POST", "/:version/:node/adcreatives")
def make_creative(call: Call, version: str, node: str) -> Response:
    """What an ad shows."""
    cabinet = for_change(call, node)
    record = ads_checks.creative(call, cabinet)
    if _only_checked(call):
        return json_response({"success": True})
    number = new_number(call.world)
    call.world.add_object(cabinet, CREATIVE, number, sort=number, text=call.text("name"), record=record)
    return json_response({"id": number})


@ROUTER.on("POST", "/:version/:node/adimages")
def add_image(call: Call, version: str, node: str) -> Response:
    """A picture, named by its hash."""
    cabinet = for_change(call, node)
    data = ads_checks.image_bytes(call)
    number = ads_checks.hash_of(data)
    call.world.add_media(cabinet, number, data, sniff(data) or "", ready_at=call.world.clock())
    shown = {"hash": number, "url": f"{call.server.base}/media/{number}", "name": ""}
    return json_response({"images": {"bytes": shown}})


def _made(call: Call, cabinet: Account, kind: str, terms: Terms, wire: JSON, *, parent: str = "") -> Response:
    name = call.text("name")
    if not name:
        raise call.error(100, "(#100) The parameter name is required")
    terms = replace(terms, status=_asked_status(call) or market.ACTIVE)
    if _only_checked(call):
        return json_response({"success": True})
    number = f"1202{new_number(call.world)}"
    wire = wire | ({"started_at": call.world.clock()} if terms.status == market.ACTIVE else {})
    market.add(call.world, cabinet, kind, number, name, terms, parent=parent, wire=wire)
    return json_response({"id": number})


def _only_checked(call: Call) -> bool:
    return "validate_only" in ads_checks.parsed(call, "execution_options", [])


def _asked_status(call: Call) -> str:
    asked = call.text("status")
    if asked and asked not in _STATUS:
        raise call.error(100, "(#100) Param status must be one of {ACTIVE, PAUSED, DELETED, ARCHIVED}")
    return _STATUS[asked] if asked else ""


def _parent(call: Call, cabinet: Account, kind: str, name: str) -> Object:
    found = market.find(call.world, cabinet, kind, call.text(name))
    if found is None or found.record["status"] in (market.DELETED, market.ARCHIVED):
        raise call.error(
            100, "Invalid parameter", subcode=1487390, said=f"There is no such {name} in this ad account."
        )
    return found


def _creative(call: Call, cabinet: Account) -> Object:
    number = str(ads_checks.parsed(call, "creative", {}).get("creative_id", ""))
    found = call.world.find_object(call.server.host, CREATIVE, number)
    if found is None or found.account_id != cabinet.id:
        raise call.error(100, "Invalid parameter", subcode=1487392, said="The creative of this ad does not exist.")
    return found


def update(call: Call, node: str) -> Response:
    """Change a campaign, set or ad."""
    item = thing(call, node)
    if item is None or item.kind == CREATIVE:
        raise call.missing(node)
    cabinet = owner(call, item, change=True)
    asked = _asked_status(call)
    if item.record["status"] == market.DELETED or (
        item.record["status"] == market.ARCHIVED and asked not in ("", market.DELETED, market.ARCHIVED)
    ):
        raise call.error(100, "Invalid parameter", subcode=1487056, said="What was archived cannot be changed.")
    terms = market.terms(item)
    wire: JSON = {}
    if item.kind == CAMPAIGN:
        terms, wire = ads_checks.campaign_changes(call, cabinet, item)
    elif item.kind == SET:
        terms, wire = ads_checks.group_changes(call, cabinet, item)
    elif call.text("creative"):
        shown = _creative(call, cabinet)
        terms, wire = replace(terms, creative=shown.record["words"]), {"creative_id": shown.remote_id}
    if asked:
        terms = replace(terms, status=asked)
    if asked == market.ACTIVE and not item.record["wire"].get("started_at"):
        wire = {**wire, "started_at": call.world.clock()}
    if not _only_checked(call):
        market.change(call.world, item, terms, name=call.text("name") or None, wire=wire)
    return json_response({"success": True})


def delete(call: Call, node: str) -> Response:
    """Delete a campaign, set or ad; what it did stays in the figures."""
    item = thing(call, node)
    if item is None or item.kind == CREATIVE:
        raise call.missing(node)
    owner(call, item, change=True)
    market.set_status(call.world, item, market.DELETED)
    return json_response({"success": True})


def settle(world: World, server: Server) -> None:
    """Let the auction run."""
    market.settle(world, server)
