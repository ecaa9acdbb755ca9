"""Counts as the Graph API writes them. Pure."""

from __future__ import annotations

from typing import Any


def whole(value: Any) -> int | None:
    """A count, zero among them; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 18:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        return None
    return value
