"""How long the worker waits between two tries."""

from __future__ import annotations

from smm_tui.domain.clock import SECOND, Instant

WAITS: tuple[Instant, ...] = tuple(SECOND * seconds for seconds in (2, 5, 15, 60, 300, 900, 3600))
"""Between two tries or read backs; the last one goes on for ever."""


def wait_after(tries: int) -> Instant:
    """How long to wait after so many tries (from 1)."""
    return WAITS[min(tries, len(WAITS)) - 1]
