"""How far a goal is: a figure between where it began and where it shall be by a day. Whole numbers only."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from smm_tui.domain.clock import Instant


class Course(StrEnum):
    """Where a goal stands; part of the command line's contract."""

    UNKNOWN = "unknown"  # nothing was told yet
    REACHED = "reached"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    MISSED = "missed"
    AHEAD = "ahead"  # its first day is still to come


class Progress(NamedTuple):
    """`expected`: where it should be today, going evenly. `percent` of the way, below 0 where it went back. None: not
    known. `as_of`: when `value` was true."""

    start: int | None
    value: int | None
    expected: int | None
    percent: int | None
    course: Course
    as_of: Instant | None = None


def progress(
    start: int | None, value: int | None, target: int, days: tuple[date, date], today: date, as_of: Instant | None
) -> Progress:
    """How far a goal is that goes from `start` to `target` within `days`, both included."""
    first, last = days
    if value is None or start is None:
        course = Course.AHEAD if today < first else Course.UNKNOWN
        return Progress(start, value, None, None, course, as_of)
    reached = value >= target if target >= start else value <= target
    span = target - start
    percent = (100 if reached else 0) if span == 0 else int(Fraction(100 * (value - start), span))
    gone = Fraction((min(max(today, first), last) - first).days + (today >= first), (last - first).days + 1)
    expected = start + int(span * gone)
    if reached:
        course = Course.REACHED
    elif today > last:
        course = Course.MISSED
    elif today < first:
        course = Course.AHEAD
    else:
        behind = value < expected if span > 0 else value > expected
        course = Course.BEHIND if behind else Course.ON_COURSE
    return Progress(start, value, expected, percent, course, as_of)
