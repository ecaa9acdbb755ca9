"""Looking at campaigns and what they brought: light to import."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import ads as reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads.ads import (
    AdLine,
    CampaignLine,
    ClientMoney,
    Day,
    FollowerCost,
    Promotable,
    Promotion,
    SetLine,
    Totals,
)
from smm_tui.domain import zones
from smm_tui.domain.clock import Instant
from smm_tui.domain.pacing import Pace, pace

CAMPAIGN, SET, AD = "campaign", "set", "ad"
LETTERS = {CAMPAIGN: "c", SET: "s", AD: "a"}
"""Keys of the tree: a letter and a number, as c12."""
TREND = 7
"""Days of a trend."""
STARTED = frozenset({"in_review", "active", "paused", "ended"})
"""States in which a campaign's money may be on its way."""


class Figures(NamedTuple):
    """What something brought: in all, and the results of the last days, the newest last."""

    totals: Totals = Totals()
    trend: tuple[int | None, ...] = ()


class Line(NamedTuple):
    """A line of the tree of campaigns."""

    key: str
    level: str
    row: CampaignLine | SetLine | AdLine
    pace: Pace
    figures: Figures

    @property
    def state(self) -> str:
        """What it does: a set or ad of a campaign that does not run does what the campaign does."""
        row = self.row
        if isinstance(row, CampaignLine) or row.campaign_state in ("active", "in_review", "rejected"):
            return row.state
        return row.campaign_state


def key(level: str, number: int) -> str:
    """The key of a thing."""
    return f"{LETTERS[level]}{number}"


def parted(name: str) -> tuple[str, int]:
    """The level and number behind a key."""
    return next(level for level, letter in LETTERS.items() if letter == name[0]), int(name[1:])


class AdsQueries:
    """Questions about campaigns."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def campaign_ids(
        self, project_id: int | None = None, *, words: Sequence[str] = (), states: Collection[str] = ()
    ) -> list[int]:
        """The campaigns of a client, or of all, whose names, accounts or states hold these words: what runs first."""
        rows = reads.names(self._db, project_id, states)
        return [row.id for row in rows if all(word in row.words for word in words)]

    def tree(self, campaign_ids: Sequence[int], unfolded: Collection[str]) -> list[str]:
        """The keys of the tree in order: of what is unfolded the sets, and of those that are the ads."""
        opened = [number for number in campaign_ids if key(CAMPAIGN, number) in unfolded]
        below: dict[int, list[str]] = {}
        for branch in reads.branches(self._db, opened) if opened else ():
            if branch.ad_id is None:
                below.setdefault(branch.campaign_id, []).append(key(SET, branch.set_id))
            elif key(SET, branch.set_id) in unfolded:
                below[branch.campaign_id].append(key(AD, branch.ad_id))
        return [name for number in campaign_ids for name in (key(CAMPAIGN, number), *below.get(number, ()))]

    def lines(self, keys: Sequence[str], *, now: Instant | None = None) -> dict[str, Line]:
        """These lines of the tree, with their figures; what is gone meanwhile is left out."""
        now = self._db.clock() if now is None else now
        found: dict[str, Line] = {}
        for level in LETTERS:
            numbers = [number for name in keys for kind, number in (parted(name),) if kind == level]
            if numbers:
                found.update((line.key, line) for line in self._lines(level, numbers, now))
        return found

    def line(self, name: str) -> Line | None:
        """One line."""
        return self.lines([name]).get(name)

    def parts(self, name: str) -> list[Line]:
        """What is below: the sets and ads of a campaign, the ads of a set."""
        level, number = parted(name)
        if level == CAMPAIGN:
            keys = self.tree([number], {name, *(key(SET, one.set_id) for one in reads.branches(self._db, [number]))})
        elif level == SET:
            keys = [key(AD, one) for one in reads.ads_of(self._db, number)]
        else:
            keys = []
        found = self.lines([one for one in keys if one != name])
        return [found[one] for one in keys if one in found]

    def days(self, level: str, number: int, since: str = "") -> list[Day]:
        """The days of a campaign, set or ad that are known, in order."""
        return reads.days(self._db, level, [number], since).get(number, [])

    def totals(self, level: str, numbers: Sequence[int], since: str = "") -> dict[int, Totals]:
        """What these brought from a day on, or ever."""
        return reads.totals(self._db, level, numbers, since) if numbers else {}

    def promotable(self, account_id: int, words: Sequence[str] = ()) -> list[Promotable]:
        """The posts of an account that an ad can promote, the latest first, whose texts hold these words."""
        rows = reads.promotable(self._db, account_id)
        return [row for row in rows if all(word in f"{row.planned_wall} {row.head}".casefold() for word in words)]

    def promotions(self, project_id: int | None, start: Instant, end: Instant) -> dict[int, list[Promotion]]:
        """By post, the ads that promote what is planned between two instants."""
        found: dict[int, list[Promotion]] = {}
        for row in reads.promotions(self._db, project_id, start, end):
            found.setdefault(row.post_id, []).append(row)
        return found

    def promotions_of(self, post_id: int) -> list[Promotion]:
        """The ads that promote a post."""
        return reads.promotions_of(self._db, post_id)

    def money(self) -> dict[int, list[ClientMoney]]:
        """By client what its ads spent this month and may spend, the currency with the most first."""
        month = zones.local(self._db.clock(), "UTC").date().replace(day=1)
        found: dict[int, list[ClientMoney]] = {}
        for row in reads.money(self._db, month.isoformat()):
            found.setdefault(row.project_id, []).append(row)
        return found

    def follower_costs(self, project_id: int | None, since: date, until: date) -> list[FollowerCost]:
        """What a new follower cost on each advertised account, from one day to another, both included."""
        zone = "UTC"
        if project_id is not None and (project := project_reads.project(self._db, project_id)) is not None:
            zone = project.timezone
        start, end = _midnight(since, zone), _midnight(until + timedelta(days=1), zone)
        return reads.follower_costs(self._db, project_id, since.isoformat(), until.isoformat(), start, end)

    def _lines(self, level: str, numbers: Sequence[int], now: Instant) -> Iterator[Line]:
        rows: Sequence[CampaignLine | SetLine | AdLine]
        if level == CAMPAIGN:
            rows = reads.campaigns(self._db, numbers)
        elif level == SET:
            rows = reads.sets(self._db, numbers)
        else:
            rows = reads.ads(self._db, numbers)
        figures = self._figures(level, numbers, now)
        for row in rows:
            yield Line(key(level, row.id), level, row, _pace(row, now), figures.get(row.id, Figures()))

    def _figures(self, level: str, numbers: Sequence[int], now: Instant) -> Mapping[int, Figures]:
        totals = reads.totals(self._db, level, numbers)
        last = zones.local(now, "UTC").date()
        days = [(last - timedelta(days=back)).isoformat() for back in reversed(range(TREND))]
        told = [number for number in numbers if number in totals]
        recent = reads.days(self._db, level, told, days[0]) if told else {}
        found = {}
        for number, sums in totals.items():
            by_day = {day.day: day.totals.results for day in recent.get(number, ())}
            found[number] = Figures(sums, tuple(by_day.get(day) for day in days))
        return found


def _midnight(day: date, zone: str) -> Instant:
    return zones.resolve(datetime.combine(day, time()), zone)


def _pace(row: CampaignLine | SetLine | AdLine, now: Instant) -> Pace:
    if isinstance(row, AdLine):
        return Pace(None)
    if isinstance(row, SetLine):
        running = row.campaign_state in STARTED
        return pace(row.budget_total, row.budget_daily, row.starts_at, row.ends_at, now, running=running)
    total, daily = row.budget_total, row.budget_daily
    if total is None and daily is None:
        total, daily = row.sets_total, row.sets_daily
    running = row.state in STARTED
    return pace(total, daily, row.starts_at, row.ends_at, now, cap=row.cap, running=running)
