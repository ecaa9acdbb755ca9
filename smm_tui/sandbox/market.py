"""The market behind the networks that sell ads: review, an auction that spends by the clock, late figures.

A cabinet is an account of its server; campaigns, sets and ads are objects of it whose `record` holds `Terms` and,
under ``wire``, what the face keeps for itself. Time passes in ticks: what runs when a tick ends ran for all of it,
so what is spent depends on the seed and on what was changed when, never on who looks.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from smm_tui.domain.clock import DAY, MINUTE, Instant, to_datetime, to_instant
from smm_tui.sandbox.things import Account, Object, Server
from smm_tui.sandbox.world import World

CAMPAIGN, SET, AD = "ads campaign", "ads set", "ad"
ACTIVE, PAUSED, ARCHIVED, DELETED = "active", "paused", "archived", "deleted"
PENDING, APPROVED, REFUSED = "pending", "approved", "refused"

TICK: Instant = 15 * MINUTE
REVIEW: Instant = 30 * MINUTE  # how long an ad waits for its review; a server's `config` sets it as "review"
SETTLED: Instant = 2 * DAY  # after its end a day's figures do not grow any more
TOLD_AT_ONCE = 0.7  # of a day's figures; the rest comes until they are settled
CPM = 300  # what a thousand impressions cost about, in minor units; a cabinet's `data` sets it as "cpm"

_RESULTS = {"reach": 1.0, "engagement": 0.6, "traffic": 0.9, "followers": 0.2, "messages": 0.1, "leads": 0.06}
_FORBIDDEN = {
    "casino": "gambling",
    "казино": "gambling",
    "guaranteed": "misleading",
    "гарантированно": "misleading",
    "miracle": "misleading",
    "чудо": "misleading",
    "tobacco": "prohibited",
    "табак": "prohibited",
    "weapon": "prohibited",
    "оружие": "prohibited",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What the market knows of a campaign, set or ad; money in minor units, `people` the size of the audience.

    `hours` are those of the week, from Monday 0 o'clock in the cabinet's zone, in which it runs; empty: all.
    """

    status: str = PAUSED
    goal: str = ""  # of a set or its campaign; empty on both: reach
    budget_daily: int | None = None
    budget_total: int | None = None
    bid: int | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    people: int = 0
    hours: tuple[int, ...] = ()
    creative: str = ""  # the words that the review reads


@dataclass(frozen=True, slots=True)
class Review:
    """What the review says of an ad; `reasons` are words such as "misleading"."""

    state: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """What is told of one ad's day so far; `spent` in minor units."""

    day: date
    impressions: int
    reach: int
    clicks: int
    results: int
    spent: int


def add(
    world: World,
    cabinet: Account,
    kind: str,
    remote_id: str,
    name: str,
    terms: Terms,
    *,
    parent: str = "",
    wire: Mapping[str, Any] | None = None,
) -> Object:
    """A new campaign, set or ad; an ad goes to its review at once."""
    with world.transaction() as db:
        now = world.clock() // TICK
        db.execute("INSERT OR IGNORE INTO counters VALUES (?, ?)", (_tick_name(cabinet.server), now))
    record = {**asdict(terms), "wire": dict(wire or {}), "days": {}, "spent": 0.0, "reviewed_from": world.clock()}
    sort = f"{world.sequence('ads'):012}"
    return world.add_object(cabinet, kind, remote_id, sort=sort, text=name, record=record, reply_to=parent or None)


def change(
    world: World, item: Object, terms: Terms, *, name: str | None = None, wire: Mapping[str, Any] | None = None
) -> Object:
    """Bring it up to date; another creative is reviewed anew."""
    record = {**item.record, **asdict(terms), "wire": {**item.record["wire"], **(wire or {})}}
    if terms.creative != item.record["creative"]:
        record["reviewed_from"] = world.clock()
    return world.update_object(item, text=name, record=record)


def terms(item: Object) -> Terms:
    """What the market knows of a thing."""
    names = Terms.__dataclass_fields__
    return Terms(**{**{name: item.record[name] for name in names}, "hours": tuple(item.record["hours"])})


def set_status(world: World, item: Object, status: str) -> Object:
    """Launch, pause, archive or delete it; what is deleted stays known, for its spend counts."""
    return change(world, item, replace(terms(item), status=status))


def find(world: World, cabinet: Account | Server, kind: str, remote_id: str) -> Object | None:
    """A thing of a cabinet, or of a server, by its id, deleted ones too."""
    host = cabinet.server if isinstance(cabinet, Account) else cabinet.host
    found = world.find_object(host, kind, remote_id)
    return None if found is None or (isinstance(cabinet, Account) and found.account_id != cabinet.id) else found


def children(world: World, item: Object) -> list[Object]:
    """The sets of a campaign, or the ads of a set, oldest first, deleted ones too."""
    return [each for each in world.replies(item.server, item.remote_id) if each.kind in (SET, AD)]


def parent(world: World, item: Object) -> Object | None:
    """The set of an ad, or the campaign of a set."""
    above = {AD: SET, SET: CAMPAIGN}.get(item.kind)
    return None if above is None or item.reply_to is None else world.find_object(item.server, above, item.reply_to)


def ads(world: World, item: Object) -> list[Object]:
    """The ads at or below a thing."""
    return [item] if item.kind == AD else [ad for each in children(world, item) for ad in ads(world, each)]


def review(world: World, ad: Object) -> Review:
    """What the review says of an ad by now."""
    config = (world.server(ad.server) or _NOWHERE).config
    if world.clock() < ad.record["reviewed_from"] + int(config.get("review", REVIEW)):
        return Review(PENDING)
    words = ad.record["creative"].casefold()
    reasons = sorted({reason for word, reason in _FORBIDDEN.items() if word in words})
    return Review(REFUSED, tuple(reasons)) if reasons else Review(APPROVED)


def spent(world: World, item: Object) -> int:
    """What a thing cost so far, as far as the network has told of it: whole minor units."""
    known = [day for ad in ads(world, item) for day in told(world, ad, date.min, date.max)]
    return sum(day.spent for day in known)


def told(world: World, ad: Object, since: date, until: date) -> list[Day]:
    """The days of an ad, both ends included, as the network tells of them now: the newest ones not whole."""
    zone = zone_of(world.account(ad.account_id))
    above = parent(world, ad)
    people = max(1, above.record["people"] if above is not None else 1)
    found = []
    for name, (impressions, clicks, results, cost) in sorted(ad.record["days"].items()):
        day = date.fromisoformat(name)
        if not since <= day <= until:
            continue
        ended = to_instant(datetime.combine(day + timedelta(days=1), time(), zone))
        late = min(1.0, max(0.0, (world.clock() - ended) / SETTLED))
        known = TOLD_AT_ONCE + (1 - TOLD_AT_ONCE) * late
        seen = impressions * known
        found.append(
            Day(
                day=day,
                impressions=int(seen),
                reach=int(people * -math.expm1(-seen / people)),
                clicks=int(clicks * known),
                results=int(results * known),
                spent=int(cost * known + 1e-6),
            )
        )
    return found


def zone_of(cabinet: Account) -> ZoneInfo:
    """The zone in which a cabinet's days begin."""
    return ZoneInfo(str(cabinet.data.get("zone", "UTC")))


def settle(world: World, server: Server) -> None:
    """Let the auction run until now, tick by tick."""
    now = world.clock() // TICK
    name = _tick_name(server.host)
    known = world.rows("SELECT value FROM counters WHERE name = ?", name)
    if not known or known[0][0] >= now:
        return
    with world.transaction() as db:
        db.execute("UPDATE counters SET value = ? WHERE name = ?", (now, name))
        rows = world.rows(
            "SELECT DISTINCT account_id FROM objects WHERE server = ? AND kind = ? AND deleted_at IS NULL",
            server.host,
            CAMPAIGN,
        )
        for row in rows:
            _settle_cabinet(world, world.account(row[0]), known[0][0], now)


def estimated_cpm(cabinet: Account, people: int) -> float:
    """What a thousand impressions will cost about: small audiences are dear."""
    return float(cabinet.data.get("cpm", CPM)) * (1 + 20_000 / (people + 5_000))


# The auction


@dataclass
class _Line:
    """A thing that may spend, with what it has spent, during one settling."""

    item: Object
    terms: Terms
    total: float
    days: dict[str, float]

    def allowance(self, now: Instant, day: str, share: float) -> float:
        """What it may spend in one tick; infinite without a budget of its own."""
        allowed = math.inf
        if self.terms.budget_daily is not None:
            daily = self.terms.budget_daily
            allowed = min(allowed, daily * share, daily - self.days.get(day, 0.0))
        if self.terms.budget_total is not None:
            left = self.terms.budget_total - self.total
            ends = self.terms.ends_at
            if self.terms.budget_daily is not None:
                return max(0.0, min(allowed, left))
            ticks = max(1.0, (ends - now) / TICK) if ends is not None else DAY / TICK * 7
            allowed = min(allowed, left / ticks, left)
        return max(0.0, allowed)

    def pay(self, day: str, cost: float) -> None:
        self.total += cost
        self.days[day] = self.days.get(day, 0.0) + cost

    def is_open(self, now: Instant, hour: int) -> bool:
        known = self.terms
        started = known.starts_at is None or known.starts_at < now
        ended = known.ends_at is not None and known.ends_at <= now - TICK
        return known.status == ACTIVE and started and not ended and (not known.hours or hour in known.hours)


def _settle_cabinet(world: World, cabinet: Account, first: int, last: int) -> None:
    zone = zone_of(cabinet)
    running = [
        branch
        for campaign in world.objects(cabinet, CAMPAIGN, ascending=True)
        if campaign.record["status"] == ACTIVE
        for branch in _branches(world, campaign)
    ]
    if not running or cabinet.state != "active":
        return
    config = (world.server(cabinet.server) or _NOWHERE).config
    wait = int(config.get("review", REVIEW))
    balance = cabinet.data.get("balance")
    left = math.inf if balance is None else float(balance)
    for tick in range(first + 1, last + 1):
        now = tick * TICK
        local = to_datetime(now - TICK).astimezone(zone)
        day, hour = local.date().isoformat(), local.weekday() * 24 + local.hour
        live = [b for b in running if b[2].item.record["reviewed_from"] + wait <= now - TICK]
        live = [b for b in live if all(line.is_open(now, hour) for line in b)]
        for campaign, group, ad in live:
            beside = sum(1 for each in live if each[1] is group)
            below = sum(1 for each in live if each[0] is campaign)
            share = TICK / DAY * (0.8 + 0.4 * _chance(world, ad.item.remote_id, tick))
            cost = min(campaign.allowance(now, day, share) / below, group.allowance(now, day, share) / beside, left)
            cost = min(cost, _most(cabinet, group.terms))
            if not 0 < cost < math.inf:
                continue
            left -= cost
            for line in (campaign, group, ad):
                line.pay(day, cost)
            _deliver(world, cabinet, group.terms, group.terms.goal or campaign.terms.goal, ad.item, day, cost)
    for ad in {id(branch[2]): branch[2] for branch in running}.values():
        world.update_object(ad.item, record={**ad.item.record, "spent": ad.total}, edited=False)
    if balance is not None:
        world.update_account(cabinet, {"balance": left})


def _branches(world: World, campaign: Object) -> Iterable[tuple[_Line, _Line, _Line]]:
    """Each ad that may run by its own status and review, with its set and campaign."""
    top = _line(world, campaign)
    for group in children(world, campaign):
        middle = _line(world, group)
        for ad in children(world, group):
            refused = any(word in ad.record["creative"].casefold() for word in _FORBIDDEN)
            if ad.record["status"] == ACTIVE and group.record["status"] == ACTIVE and not refused:
                yield top, middle, _line(world, ad)


def _line(world: World, item: Object) -> _Line:
    days: dict[str, float] = {}
    total = 0.0
    for ad in ads(world, item):
        for name, figures in ad.record["days"].items():
            days[name] = days.get(name, 0.0) + figures[3]
            total += figures[3]
    return _Line(item, terms(item), total, days)


def _most(cabinet: Account, group: Terms) -> float:
    """What an audience can be shown in one tick at most, in money: three times a day, less at a low bid."""
    price = estimated_cpm(cabinet, group.people)
    won = 1.0 if group.bid is None else min(1.0, group.bid / price)
    return group.people * 3 * TICK / DAY * price / 1000 * won


def _deliver(world: World, cabinet: Account, group: Terms, goal: str, ad: Object, day: str, cost: float) -> None:
    known = ad.record["days"].get(day, [0.0, 0.0, 0.0, 0.0])
    impressions = cost / estimated_cpm(cabinet, group.people) * 1000
    clicks = impressions * (0.005 + 0.025 * _chance(world, ad.remote_id, "click"))
    base = impressions if goal in ("", "reach") else clicks
    results = base * _RESULTS.get(goal, 1.0)
    gained = (impressions, clicks, results, cost)
    ad.record["days"][day] = [was + more for was, more in zip(known, gained, strict=True)]


def _chance(world: World, *what: object) -> float:
    """A number from 0 to 1 that the seed decides."""
    text = " ".join(map(str, (world.seed, *what)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]) / 2**48


def _tick_name(host: str) -> str:
    return f"market {host}"


_NOWHERE = Server("", "", "", "", "", {})
