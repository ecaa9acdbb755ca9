"""How long there is until something is due, in the few cells of a column."""

from __future__ import annotations

from smm_tui.domain.clock import DAY, HOUR, MINUTE, Instant
from smm_tui.i18n import _
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import BAD, DIM, PLAIN, WARN

SOON: Instant = 15 * MINUTE
WIDTH = 7


def time_left(due_at: Instant | None, now: Instant, *, alarm: str = "!") -> Span:
    """Hours and minutes up to two days, then days; with the alarm's sign where little is left or it is over."""
    if due_at is None:
        return Span("-", DIM)
    minutes = (due_at - now) // MINUTE
    late = "-" if minutes < 0 else ""
    left = abs(minutes)
    if left * MINUTE < 48 * HOUR:
        text = f"{late}{left // 60}:{left % 60:02}"
    else:
        text = late + _("{count} d").format(count=min(left * MINUTE // DAY, 999))
    if minutes < 0:
        return Span(text + alarm, BAD)
    return Span(text + alarm, WARN) if minutes * MINUTE < SOON else Span(text, PLAIN)


def duration(span: Instant) -> str:
    """Hours and minutes up to two days, then days."""
    minutes = span // MINUTE
    if span < 48 * HOUR:
        return f"{minutes // 60}:{minutes % 60:02}"
    return _("{count} d").format(count=min(span // DAY, 999))
