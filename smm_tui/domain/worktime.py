"""Time spent for clients: measured from what was done, written by hand, counted by day. Pure; in milliseconds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from smm_tui.domain import zones
from smm_tui.domain.clock import HOUR, MINUTE, Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _

IDLE: Instant = 5 * MINUTE
"""What lies between two actions counts as work up to so much: the rest was a break."""

LONGEST: Instant = 24 * HOUR
"""No entry is longer: a timer that ran for days was forgotten."""


class Kind(StrEnum):
    """What kind of work a stretch of time was."""

    POSTS = "posts"
    MESSAGES = "messages"
    ADS = "ads"
    OTHER = "other"


_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(
        ("post", "plan", "month", "media", "idea", "slot", "template", "content_type", "pillar", "fill", "delivery"),
        Kind.POSTS,
    ),
    **dict.fromkeys(("message", "author", "person", "rule", "saved_reply", "question", "ban"), Kind.MESSAGES),
    **dict.fromkeys(("campaign", "ad_set", "ad", "ads", "segment", "ad_rule", "ad_cap"), Kind.ADS),
}


def kind_of(verb: str) -> Kind:
    """What kind of work an entry of the log belongs to, by its verb such as ``post.approve``."""
    return _KINDS.get(verb.partition(".")[0], Kind.OTHER)


class Moment(NamedTuple):
    """Something was done for a client."""

    at: Instant
    project_id: int
    kind: Kind


class Span(NamedTuple):
    """A stretch of work for one client; `end` is after `start`."""

    start: Instant
    end: Instant
    project_id: int
    kind: str

    @property
    def length(self) -> Instant:
        """Milliseconds."""
        return self.end - self.start


def measured(moments: Sequence[Moment], *, since: Instant, idle: Instant = IDLE) -> list[Span]:
    """The work behind actions, oldest first: each took the time since the one before it, or `idle` where more passed.

    `since` is the action before the first of them; nothing before it is counted. Stretches that touch and are of one
    client and kind become one.
    """
    spans: list[Span] = []
    before = since
    for at, project_id, kind in moments:
        start = max(before, at - idle)
        before = max(before, at)
        if start >= at:
            continue
        last = spans[-1] if spans else None
        if last is not None and last.end == start and (last.project_id, last.kind) == (project_id, kind):
            spans[-1] = last._replace(end=at)
        else:
            spans.append(Span(start, at, project_id, kind))
    return spans


def without(spans: Iterable[Span], taken: Iterable[tuple[Instant, Instant]]) -> list[Span]:
    """What is left of stretches outside of those that are accounted for already."""
    left = list(spans)
    for start, end in taken:
        left = [
            piece
            for span in left
            for piece in (span._replace(end=min(span.end, start)), span._replace(start=max(span.start, end)))
            if piece.length > 0
        ]
    return left


def by_day(spans: Iterable[Span], zone: str) -> dict[tuple[date, int], Instant]:
    """Milliseconds by day of a zone and client. A stretch over midnight belongs to both days; the days of a clock
    change are 23 or 25 hours long, and what is counted is the time that really passed."""
    days: dict[tuple[date, int], Instant] = {}
    for span in spans:
        start = span.start
        while start < span.end:
            day = zones.local(start, zone).date()
            end = min(span.end, midnight(day + timedelta(days=1), zone))
            days[day, span.project_id] = days.get((day, span.project_id), 0) + end - start
            start = end
    return days


def midnight(day: date, zone: str) -> Instant:
    """When a day begins in a zone; where the clocks jump over midnight, right after."""
    return zones.resolve(datetime(day.year, day.month, day.day), zone)


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def hours(milliseconds: Instant) -> Decimal:
    """Hours to a hundredth, halves up, as they stand on an invoice."""
    return (Decimal(milliseconds) / HOUR).quantize(Decimal("0.01"), ROUND_HALF_UP)


def clock_time(milliseconds: Instant) -> str:
    """As ``1:05``; whole minutes, begun ones are left out."""
    whole, minutes = divmod(milliseconds // MINUTE, 60)
    return f"{whole}:{minutes:02}"


_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)")
_PARTS = re.compile(r"(?:(\d{1,3}(?:[.,]\d{1,2})?) ?(?:h|hours?|óra|ó))? ?(?:(\d{1,4}) ?(?:m|min|minutes?|perc|p))?")


def duration(words: str, field: str = "for") -> Instant:
    """Milliseconds of ``1:30``, ``90m``, ``1.5h`` or ``2h 15m``; InvalidInput on `field` for anything else."""
    plain = words.strip().casefold()
    found: Instant | None = None
    if match := _CLOCK.fullmatch(plain):
        found = int(match[1]) * HOUR + int(match[2]) * MINUTE
    elif plain and (match := _PARTS.fullmatch(plain)):
        found = int(Decimal((match[1] or "0").replace(",", ".")) * HOUR) + int(match[2] or 0) * MINUTE
    if found is None:
        raise InvalidInput(
            _("“{words}” is no length of time.").format(words=clip(inert(words), 40)),
            _("Write it as 1:30, 90m or 1.5h."),
            field=field,
        )
    return checked(found, field)


def weekly(words: str, field: str = "capacity") -> Instant:
    """Milliseconds of hours a week, as ``32``, ``32h`` or ``37:30``; InvalidInput on `field`."""
    match = re.fullmatch(r"([0-9]{1,3})(?::([0-5][0-9]))?", words.strip().casefold().removesuffix("h").strip())
    if match is None or int(match[1]) > 168:
        raise InvalidInput(
            _("“{words}” is no number of hours a week.").format(words=clip(inert(words), 40)),
            _("Write it as 32h or 37:30."),
            field=field,
        )
    return int(match[1]) * HOUR + int(match[2] or 0) * MINUTE


def checked(length: Instant, field: str = "to") -> Instant:
    """The length of an entry; InvalidInput on `field` if it is none or cannot be meant."""
    if length <= 0:
        raise InvalidInput(_("The end is not after the beginning."), _("Give a later end, or a length."), field=field)
    if length > LONGEST:
        raise InvalidInput(
            _("That is {time} hours: no entry is longer than {most}.").format(
                time=clock_time(length), most=clock_time(LONGEST)
            ),
            _("Write down each day by itself."),
            field=field,
        )
    return length
