"""What a campaign may have cost, and may come to cost, at most: the formula behind every cap (docs/adr/0006). Pure.

Statistics come late and may be corrected, answers get lost, a worker may die: so what is told is never taken for
what was spent before it is final. A *line* is a thing with a budget: a campaign, or each set of one whose sets have
theirs. All days are those of the cabinet's zone.

    may(d)      what day d may cost: the largest daily budget that may have been in force on d, times `day_most`;
                0 on days on which the line cannot have run
    counted(d)  spent(d), when d is final; else max(spent(d), may(d))

A week from Sunday on costs `week_most` of the largest daily budget in it at most, and all days together cost the
largest total budget that was ever in force at most. A part of the days (a month) is counted alone, with both bounds
less what is final elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

ENDLESS = math.inf


@dataclass(frozen=True, slots=True)
class Terms:
    """The money of a line, in minor units, as it was sent to the network; `until`: the last day it runs there."""

    daily: int | None
    total: int | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Period:
    """Terms that may have been in force from one day to another, both included; no `last`: still."""

    terms: Terms
    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a line may run on a day under these terms."""
        known = self.terms.until is None or day <= self.terms.until
        return known and self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Told:
    """What the network told of a day."""

    spent: int
    final: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """What a network may take of a daily budget, in per cent: on a day, and in a week."""

    day_most: int = 100
    week_most: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A thing with a budget. `runs`: from when to when it may have run, by the calls that launched and paused it."""

    pace: Pace
    periods: tuple[Period, ...] = ()
    runs: tuple[tuple[date, date | None], ...] = ()
    told: Mapping[date, Told] = field(default_factory=dict)

    def under(self, terms: Terms, since: date) -> Line:
        """The line as it would be if these terms were sent, and it were launched, on a day."""
        return replace(self, periods=(*self.periods, Period(terms, since))).launched(since)

    def launched(self, since: date) -> Line:
        """The line as it would be if it were launched on a day, with what it was sent already."""
        return replace(self, runs=(*self.runs, (since, None)))

    def replaced(self, day: date) -> Line:
        """The line as it would be if what is in force now were over after a day."""
        ended = tuple(replace(each, last=day) if each.last is None else each for each in self.periods)
        return replace(self, periods=ended)

    def lifetime(self) -> float:
        """What it may cost from its first day to its last; infinite when nothing bounds it."""
        return self._counted(None)

    def month(self, year: int, month: int) -> float:
        """What it may cost in a month."""
        return self._counted((year, month))

    def last_day(self) -> date | None:
        """The last day on which it may run, or about which something is told; None: there is none, or no end."""
        ends = [each.terms.until for each in self.periods]
        if not self.runs or any(end is None for end in ends):
            return max(self.told, default=None)
        return max([end for end in ends if end is not None] + list(self.told), default=None)

    def _counted(self, month: tuple[int, int] | None) -> float:
        final = sum(day.spent for day in self.told.values() if day.final)
        inside = 0
        told = 0
        weeks: dict[date, list[date]] = {}
        for day in self._days():
            known = self.told.get(day)
            if month is not None and (day.year, day.month) != month:
                continue
            if known is not None and known.final:
                inside += known.spent
                continue
            told += known.spent if known is not None else 0
            weeks.setdefault(day - timedelta(days=(day.weekday() + 1) % 7), []).append(day)
        open_ = sum(self._week(sunday, days) for sunday, days in weeks.items())
        if self._endless() and month is None:
            open_ = ENDLESS
        total = self._total()
        if total is not None:
            open_ = min(open_, max(0, total - final))
        return inside + max(open_, told)

    def _week(self, sunday: date, days: Sequence[date]) -> float:
        """What these days of one week, none of them final, may cost."""
        alone = 0.0
        told = 0
        for day in days:
            known = self.told.get(day)
            spent = 0 if known is None else known.spent
            told += spent
            daily = self._daily(day)
            alone += max(spent, self._may(daily))
        week = [sunday + timedelta(days=n) for n in range(7)]
        dailies = [daily for day in week if (daily := self._daily(day)) is not None]
        if self.pace.week_most is None or ENDLESS in dailies:  # a day without a daily budget knows no week
            return alone
        most = int(max(dailies, default=0))
        final = sum(one.spent for day in week if (one := self.told.get(day)) is not None and one.final)
        return max(told, min(alone, -(-most * self.pace.week_most // 100) - final))

    def _daily(self, day: date) -> float | None:
        """The largest daily budget that may have been in force; None: it cannot have run; endless without one."""
        if not any(first <= day and (last is None or day <= last) for first, last in self.runs):
            return None
        found = [each.terms.daily for each in self.periods if each.holds(day)]
        if not found:
            return None
        return max(ENDLESS if one is None else one for one in found)

    def _may(self, daily: float | None) -> float:
        if daily is None:
            return 0
        return ENDLESS if daily == ENDLESS else -(-int(daily) * self.pace.day_most // 100)

    def _total(self) -> int | None:
        """The largest total budget that may bound what is not final yet; None when one of the periods had none."""
        totals = [each.terms.total for each in self.periods if each.last is None or not self._is_final(each)]
        known = [total for total in totals if total is not None]
        return max(known) if known and len(known) == len(totals) else None

    def _is_final(self, period: Period) -> bool:
        """Whether all that a period may have cost is known for good."""
        return all(
            (told := self.told.get(day)) is not None and told.final
            for day in self._run_days()
            if period.first <= day and (period.last is None or day <= period.last)
        )

    def _endless(self) -> bool:
        running = any(last is None for _first, last in self.runs)
        return running and any(each.last is None and each.terms.until is None for each in self.periods)

    def _days(self) -> Iterator[date]:
        """Every day that may cost something, or of which something is told."""
        yield from sorted(self._run_days() | set(self.told))

    def _run_days(self) -> set[date]:
        seen: set[date] = set()
        last = self.last_day() or max((each.first for each in self.periods), default=None)
        for first, until in self.runs:
            end = min((one for one in (until, last) if one is not None), default=first)
            day = first
            while day <= end:
                seen.add(day)
                day += timedelta(days=1)
        return seen


@dataclass(frozen=True, slots=True)
class Caps:
    """What may be lost at most: `campaign` over its life; `monthly` by the client, less what its `others` are counted
    with, by (year, month)."""

    campaign: int
    monthly: int | None = None
    others: Mapping[tuple[int, int], float] = field(default_factory=dict)


def months(lines: Iterable[Line], since: date) -> list[tuple[int, int]]:
    """The months, from that of `since` on, in which these lines may cost something."""
    last = max([since, *(end for line in lines if (end := line.last_day()) is not None)])
    found = [(since.year, since.month)]
    while found[-1] < (last.year, last.month):
        year, month = found[-1]
        found.append((year + month // 12, month % 12 + 1))
    return found


def fits(lines: Sequence[Line], caps: Caps, today: date) -> bool:
    """Whether a campaign of these lines can cost no more than its caps allow, from this month on."""
    if sum(line.lifetime() for line in lines) > caps.campaign:
        return False
    if caps.monthly is None:
        return True
    return all(
        sum(line.month(*month) for line in lines) + caps.others.get(month, 0) <= caps.monthly
        for month in months(lines, today)
    )


def leash(lines: Sequence[tuple[Line, Terms | None]], caps: Caps, today: date, last: date) -> date | None:
    """The last day, `last` at most, until which lines may be sent these terms and launched today within their caps;
    None: not even for today. A line without terms stays as it is."""
    if last < today or not _fit(lines, caps, today, today):
        return None
    low, high = 0, (last - today).days
    while low < high:  # the more days, the more it costs
        middle = (low + high + 1) // 2
        if _fit(lines, caps, today, today + timedelta(days=middle)):
            low = middle
        else:
            high = middle - 1
    return today + timedelta(days=low)


def _fit(lines: Sequence[tuple[Line, Terms | None]], caps: Caps, today: date, until: date) -> bool:
    changed = [line if terms is None else line.under(replace(terms, until=until), today) for line, terms in lines]
    return fits(changed, caps, today)
