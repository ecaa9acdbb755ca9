"""Roubles as VK writes them, and kopecks as we count them. Pure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

_MOST = 10**15


def kopecks(value: Any) -> int | None:
    """The amount in "12.34" or 12.34; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or len(str(value)[:40]) > 30:
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return round(found * 100) if found.is_finite() and 0 <= found < _MOST else None


def roubles(amount: int) -> str:
    """The amount as VK takes it."""
    return f"{amount // 100}.{amount % 100:02}"
