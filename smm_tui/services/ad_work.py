"""A campaign as the worker sees it: what is there, what was called, what may have been spent, and what comes next.

Everything is derived from what is committed, inside one transaction; nothing is remembered between two looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from sqlmodel import and_, col, or_, select

from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.tables import AdCallTable, AdCapTable, AdSetTable, AdTable, CampaignTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import ad_exposure
from smm_tui.domain.ad_exposure import Caps, Line, Pace, Period, Terms, Told
from smm_tui.domain.states import CallState, Wanted
from smm_tui.networks.advertising import AdsRules, Cabinet, Draft, Level
from smm_tui.networks.ports import MediaFile
from smm_tui.services import ad_preflight, ad_wire, campaign_tree
from smm_tui.services.campaign_tree import Tree

HORIZON = 35
"""Days that a campaign without an end, or with a far one, is let run on the network at a time."""
MARGIN = 7
"""It is let run on when no more than so many of them are left."""
CREATES_LIMIT = 6
"""So many attempts to make one thing, and a person is told."""

CREATE, EDIT, LAUNCH, PAUSE, END = "create", "edit", "launch", "pause", "end"
_MAYBE = (CallState.SENDING, CallState.UNKNOWN)


class Step(NamedTuple):
    """The next call for a campaign. `settle`: the create that is in doubt, and is to be looked for instead."""

    level: Level
    subject_id: int
    verb: str
    identity: str
    remote_id: str = ""
    parent_id: str = ""
    draft: Draft | None = None
    until: date | None = None
    settle: int | None = None

    @property
    def key(self) -> tuple[str, int, str, str]:
        """What must still be the same when it begins."""
        shape = "" if self.draft is None else ad_wire.shape(self.draft)
        return self.level, self.subject_id, self.verb, f"{shape} {self.until}"


class Halt(NamedTuple):
    """Why a campaign that is wanted does not go on by itself. `stops`: it must not run any longer."""

    reason: str
    stops: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """The campaign, a set or an ad of it, with its row."""

    level: Level
    id: int
    identity: str
    removed: bool
    row: Any


class Work:
    """A campaign inside a unit of work."""

    def __init__(
        self,
        unit: UnitOfWork,
        campaign_id: int,
        account: AccountRow,
        picture: Callable[[str], MediaFile],
    ) -> None:
        self.unit = unit
        self.tree: Tree = campaign_tree.load(unit, campaign_id)
        self.account = account
        self.rules: AdsRules | None = ad_preflight.rules_of(account)
        self.cabinet: Cabinet | None = ad_preflight.cabinet_of(account)
        self._picture = picture

    @property
    def campaign(self) -> CampaignTable:
        """Its row."""
        return self.tree.campaign

    @property
    def zone(self) -> str:
        """The zone in which its days begin."""
        return "UTC" if self.cabinet is None else self.cabinet.zone

    @property
    def today(self) -> date:
        """The day it is there."""
        return ad_wire.day_of(self.unit.now, self.zone)

    @cached_property
    def things(self) -> list[Thing]:
        """The campaign, its sets and ads from the top down, removed ones too."""
        top = self.campaign
        groups = self.unit.session.exec(
            select(AdSetTable).where(AdSetTable.campaign_id == top.id).order_by(col(AdSetTable.id))
        ).all()
        gone = {group.id for group in groups if group.removed_at is not None}
        ads = self.unit.session.exec(
            select(AdTable)
            .where(col(AdTable.ad_set_id).in_([group.id for group in groups]))
            .order_by(col(AdTable.id))
        ).all()
        return [
            Thing(Level.CAMPAIGN, top.id or 0, top.identity, False, top),
            *(Thing(Level.SET, one.id or 0, one.identity, one.id in gone, one) for one in groups),
            *(
                Thing(Level.AD, one.id or 0, one.identity, one.removed_at is not None or one.ad_set_id in gone, one)
                for one in ads
            ),
        ]

    @cached_property
    def calls(self) -> dict[tuple[str, int], list[AdCallTable]]:
        """All calls by what they are about, oldest first."""
        asked = [
            and_(
                col(AdCallTable.level) == level,
                col(AdCallTable.subject_id).in_([thing.id for thing in self.things if thing.level == level]),
            )
            for level in Level
        ]
        found: dict[tuple[str, int], list[AdCallTable]] = {}
        for call in self.unit.session.exec(
            select(AdCallTable).where(or_(*asked)).order_by(col(AdCallTable.id))
        ).all():
            found.setdefault((call.level, call.subject_id), []).append(call)
        return found

    def calls_of(self, thing: Thing, *verbs: str) -> list[AdCallTable]:
        """The calls of a thing, oldest first."""
        return [call for call in self.calls.get((thing.level, thing.id), ()) if not verbs or call.verb in verbs]

    # Money

    def carriers(self) -> list[Thing]:
        """The things with a budget: the campaign, or its sets, removed ones too."""
        top = self.things[0]
        if top.row.budget_daily is not None or top.row.budget_total is not None:
            return [top]
        return [thing for thing in self.things if thing.level is Level.SET]

    def lines(self) -> list[tuple[Thing, Line]]:
        """What each thing with a budget may cost, by all that was called and told."""
        rules = self.rules
        pace = Pace() if rules is None else Pace(rules.day_most, rules.week_most)
        told = self._told()
        runs = tuple(self._runs())
        return [
            (thing, Line(pace, tuple(self._periods(thing)), runs, told.get(thing.id, {})))
            for thing in self.carriers()
        ]

    def terms_of(self, thing: Thing) -> Terms:
        """The money that a thing is to have."""
        return Terms(thing.row.budget_daily, thing.row.budget_total, None)

    def _periods(self, thing: Thing) -> Iterator[Period]:
        calls = [c for c in self.calls_of(thing, CREATE, EDIT, END) if c.state != CallState.FAILED]
        for at, call in enumerate(calls):
            if call.verb == END:
                continue
            after = next((one for one in calls[at + 1 :] if one.state == CallState.DONE), None)
            last = None if after is None else ad_wire.day_of(after.ended_at or after.started_at, self.zone)
            wire = call.wire or {}
            until = wire.get("until")
            terms = Terms(wire.get("daily"), wire.get("total"), None if until is None else date.fromisoformat(until))
            yield Period(terms, ad_wire.day_of(call.started_at, self.zone), last)

    def _runs(self) -> Iterator[tuple[date, date | None]]:
        first: date | None = None
        for call in self.calls_of(self.things[0], LAUNCH, PAUSE, END):
            if call.state == CallState.FAILED:
                continue
            if call.verb == LAUNCH:
                first = first or ad_wire.day_of(call.started_at, self.zone)
            elif call.state == CallState.DONE and first is not None:
                yield first, ad_wire.day_of(call.ended_at or call.started_at, self.zone)
                first = None
        if first is not None:
            yield first, None

    def _told(self) -> dict[int, dict[date, Told]]:
        """Days by the thing that carries the budget."""
        of_campaign = any(thing.level is Level.CAMPAIGN for thing in self.carriers())
        found: dict[int, dict[date, Told]] = {}
        for key, day, spent, final in campaign_tree.fetching(self.unit)(
            """
            SELECT iif(?, f.campaign_id, d.ad_set_id), f.day, coalesce(sum(f.spent), 0), min(f.final)
            FROM ad_figures f JOIN ad d ON d.id = f.ad_id WHERE f.campaign_id = ? GROUP BY 1, 2
            """,
            (of_campaign, self.campaign.id),
        ):
            found.setdefault(key, {})[date.fromisoformat(day)] = Told(spent, bool(final))
        return found

    def caps(self, others: Mapping[tuple[int, int], float]) -> Caps:
        """What binds the campaign; `others`: what the client's other campaigns in its currency may cost, by month."""
        asked = select(AdCapTable.monthly).where(
            AdCapTable.project_id == self.campaign.project_id, AdCapTable.currency == self.campaign.currency
        )
        return Caps(self.tree.effective_cap, self.unit.session.exec(asked).first(), others)

    # What comes next

    def unsettled(self) -> AdCallTable | None:
        """A create that may have been executed."""
        for thing in self.things:
            for call in self.calls_of(thing, CREATE):
                if call.state in _MAYBE:
                    return call
        return None

    def made(self, thing: Thing) -> bool:
        """Whether the network has it, by its answer."""
        return bool(thing.row.remote_id)

    def is_done(self, thing: Thing, verb: str) -> bool:
        """Whether the last call of a kind that changes the same thing was this one, and went well."""
        rivals = (LAUNCH, PAUSE) if verb in (LAUNCH, PAUSE) else (verb,)
        calls = [call for call in self.calls_of(thing, *rivals) if call.state != CallState.FAILED]
        return bool(calls) and calls[-1].verb == verb and calls[-1].state == CallState.DONE

    def may_run(self) -> bool:
        """Whether the network may be showing it, by all that was called."""
        return any(last is None for _first, last in self._runs())

    def parent_id(self, thing: Thing) -> str:
        """What the network calls the thing above it."""
        if thing.level is Level.SET:
            return self.campaign.remote_id
        if thing.level is Level.AD:
            return next((one.row.remote_id for one in self.things[1:] if one.id == thing.row.ad_set_id), "")
        return ""

    def draft_of(self, thing: Thing, until: date) -> Draft:
        """A thing as the network shall have it."""
        if thing.level is Level.CAMPAIGN:
            return ad_wire.campaign_draft(self.tree, until, self.zone)
        if thing.level is Level.SET:
            return ad_wire.set_draft(self.tree, thing.row, until, self.zone)
        return ad_wire.ad_draft(self.tree, thing.row, self._picture)

    def sent(self, thing: Thing) -> Mapping[str, Any]:
        """What the network has of it for certain: of the last create or edit, when that went well; else nothing."""
        calls = [call for call in self.calls_of(thing, CREATE, EDIT) if call.state != CallState.FAILED]
        return (calls[-1].wire or {}) if calls and calls[-1].state == CallState.DONE else {}

    def sent_until(self) -> date | None:
        """The day until which the network lets it run, as far as that is certain of all its parts."""
        ends = [
            str(self.sent(thing).get("until", ""))
            for thing in self.things
            if thing.level is not Level.AD and not thing.removed and self.made(thing)
        ]
        return min(date.fromisoformat(end) for end in ends) if ends and all(ends) else None

    def natural_end(self) -> date:
        """The last day it is to run, or a day far enough."""
        far = max(self.today, ad_wire.day_of(self.campaign.starts_at, self.zone)) + timedelta(days=HORIZON)
        own = self.campaign.ends_at
        if own is None:
            return far
        end = ad_wire.day_of(own, self.zone)
        total = any(one.row.budget_total is not None for one in self.carriers())
        return end if total else min(end, far)  # a total budget is spread over all of its days

    @property
    def wants_to_run(self) -> bool:
        """Whether somebody wants it on the network."""
        return self.campaign.wanted == Wanted.RUNNING


def others(works: Sequence[Work], since: date) -> dict[tuple[int, int], float]:
    """What campaigns may cost by month, from that of `since` on."""
    found: dict[tuple[int, int], float] = {}
    for work in works:
        lines = [line for _thing, line in work.lines()]
        for month in ad_exposure.months(lines, since):
            found[month] = found.get(month, 0) + sum(line.month(*month) for line in lines)
    return found
