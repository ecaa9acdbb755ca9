"""How soon people are to be answered, in working time: pure, and right where the clocks jump."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from smm_tui.domain import zones
from smm_tui.domain.clock import DAY, MINUTE, Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import inert
from smm_tui.i18n import _

Spans = tuple[tuple[Instant, Instant], ...]
Hours = Mapping[int, tuple[tuple[int, int], ...]]
"""Weekday, 0 for Monday, to spans of minutes after midnight."""

DEFAULT_MINUTES = 24 * 60
HORIZON = 400
"""Days looked ahead: who has no working hour in more than a year has none at all."""
PLAUSIBLE: Instant = 30 * DAY
"""A message that claims to be older than this when it arrives is counted from its arrival."""
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


def began(created_at: Instant, received_at: Instant) -> Instant:
    """When the time to answer begins: as the network says, unless its clock cannot be believed."""
    return created_at if received_at - PLAUSIBLE <= created_at <= received_at else received_at


class ServiceLevel:
    """Minutes of working time until an answer is due, by kind where it differs. No hours: all hours work."""

    def __init__(
        self,
        zone: str,
        minutes: int = DEFAULT_MINUTES,
        *,
        by_kind: Mapping[str, int] | None = None,
        hours: Hours | None = None,
        is_off: Callable[[date], bool] = lambda _day: False,
    ) -> None:
        self._zone = zone
        self._minutes = minutes
        self._by_kind = dict(by_kind or {})
        self._hours = {day: spans for day, spans in (hours or {}).items() if spans}
        self._is_off = is_off
        self._days: dict[date, Spans] = {}

    def minutes(self, kind: str = "") -> int:
        """How many minutes a kind of message may wait."""
        return self._by_kind.get(kind, self._minutes)

    def due(self, start: Instant, kind: str = "") -> Instant:
        """When a message that began to wait at `start` should be answered."""
        left = self.minutes(kind) * MINUTE
        if not self._hours:
            return start + left
        for opens, closes in self._from(start):
            usable = closes - max(opens, start)
            if usable > 0 and left <= usable:
                return max(opens, start) + left
            left -= max(usable, 0)
        return start + self.minutes(kind) * MINUTE

    def working(self, start: Instant, end: Instant) -> Instant:
        """How much working time lies between two instants, in milliseconds; all of it where all hours work."""
        if not self._hours:
            return max(end - start, 0)
        worked = 0
        for opens, closes in self._from(start):
            if opens >= end:
                break
            worked += max(min(closes, end) - max(opens, start), 0)
        return worked

    def _from(self, start: Instant) -> Iterator[tuple[Instant, Instant]]:
        first = zones.local(start, self._zone).date()
        for ahead in range(HORIZON):
            yield from self._of(first + timedelta(days=ahead))

    def _of(self, day: date) -> Spans:
        known = self._days.get(day)
        if known is None:
            spans = () if self._is_off(day) else self._hours.get(day.weekday(), ())
            known = self._days[day] = tuple((self._at(day, low), self._at(day, high)) for low, high in spans)
        return known

    def _at(self, day: date, minute: int) -> Instant:
        """A wall time of a day; of two the first, and one that the clocks leave out moves on with them."""
        wall = datetime.combine(day, time()) + timedelta(minutes=minute)
        return zones.resolve(wall, self._zone)


def parse_hours(written: Mapping[str, Sequence[str]]) -> Hours:
    """Working hours as they are stored: weekday "0" (Monday) to "6" -> ["09:00-12:00", ...]."""
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    for day, spans in written.items():
        if day not in {"0", "1", "2", "3", "4", "5", "6"}:
            raise InvalidInput(_("“{word}” is no weekday: 0 is Monday.").format(word=inert(day)), field="hours")
        read = sorted(_span(span) for span in spans)
        if any(one[1] > two[0] for one, two in pairwise(read)):
            raise InvalidInput(_("Working hours of one day overlap."), field="hours")
        found[int(day)] = tuple(read)
    return found


def _span(written: str) -> tuple[int, int]:
    match = _SPAN.fullmatch(written.strip())
    if match is not None:
        low, high = (int(match[hour]) * 60 + int(match[hour + 1]) for hour in (1, 3))
        if int(match[2]) < 60 and int(match[4]) < 60 and low < high <= 24 * 60:
            return low, high
    raise InvalidInput(
        _("“{word}” are no working hours.").format(word=inert(written)), _("Write 09:00-17:30."), field="hours"
    )


def read_hours(words: Iterable[str]) -> dict[str, list[str]]:
    """Working hours from what a person writes: each as ``0-4=09:00-12:00,13:00-17:00``, 0 for Monday."""
    found: dict[str, list[str]] = {}
    for word in map(str.strip, words):
        days, equals, spans = word.partition("=")
        first, _dash, last = days.partition("-")
        if not equals or not first.isdecimal() or not (last or first).isdecimal():
            raise InvalidInput(
                _("“{word}” are no working hours.").format(word=inert(word)),
                _("Write 0-4=09:00-12:00,13:00-17:00."),
                field="hours",
            )
        for day in range(int(first), min(int(last or first), 6) + 1):
            found.setdefault(str(day), []).extend(span.strip() for span in spans.split(","))
    return found


def write_hours(hours: Mapping[str, Sequence[str]]) -> list[str]:
    """Working hours as `read_hours` takes them, days with equal ones together where they follow each other."""
    told: list[str] = []
    days = [(int(day), ",".join(hours[day])) for day in sorted(hours, key=int) if hours[day]]
    place = 0
    while place < len(days):
        end = place
        while end + 1 < len(days) and days[end + 1] == (days[end][0] + 1, days[place][1]):
            end += 1
        first, last = days[place][0], days[end][0]
        told.append(f"{first}{f'-{last}' if last > first else ''}={days[place][1]}")
        place = end + 1
    return told
