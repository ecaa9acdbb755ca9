"""Time: instants are integers, milliseconds since 1970 UTC; a clock is passed in, never assumed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

Instant = int
Clock = Callable[[], Instant]

SECOND: Instant = 1000
MINUTE: Instant = 60 * SECOND
HOUR: Instant = 60 * MINUTE
DAY: Instant = 24 * HOUR


def system_clock() -> Instant:
    """The machine's idea of now."""
    return time.time_ns() // 1_000_000


def to_instant(moment: datetime) -> Instant:
    """The instant of an aware datetime."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no instant")
    return round(moment.timestamp() * 1000)


def to_datetime(instant: Instant) -> datetime:
    """An aware UTC datetime."""
    return datetime.fromtimestamp(instant / 1000, UTC)


def iso(instant: Instant | None) -> str | None:
    """ISO 8601 in UTC with ``Z``, to the second unless there are milliseconds."""
    if instant is None:
        return None
    spec = "milliseconds" if instant % 1000 else "seconds"
    return to_datetime(instant).isoformat(timespec=spec).replace("+00:00", "Z")
