"""Times in headers, as seconds from now: how long a server asks to wait, and when it counts anew."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime

A_WEEK = 7 * 24 * 3600.0
"""No wait is longer: a server that asks for more is wrong, or its clock is."""
_EPOCH = 10**9  # a number from here on is a Unix time, one below it seconds from now


def retry_after(value: str, now: float) -> float | None:
    """Seconds that ``Retry-After`` asks for: a number, or an HTTP date."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), A_WEEK)
    at = http_date(value)
    return None if at is None else _from(at, now)


def reset(value: str, now: float) -> float | None:
    """Seconds until a reset header: a Unix time, an ISO 8601 time, or seconds from now."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        number = float(value[:12])
        return _from(number, now) if number >= _EPOCH else min(number, A_WEEK)
    try:
        parsed = datetime.fromisoformat(value)
        return _from((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp(), now)
    except (ValueError, OverflowError):
        return None


def http_date(value: str) -> float | None:
    """An HTTP date in Unix seconds."""
    try:
        return email.utils.parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _from(at: float, now: float) -> float:
    return min(max(0.0, at - now), A_WEEK)
