"""Textual without the waits that are for people's eyes and for slow machines, so that tests wait for the program.

Textual puts off drawing for a sixtieth of a second and a new size for half of that, and its pilot sleeps twice for a
fiftieth after every key. What it waits for stays the same: a program with nothing left to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from textual.pilot import Pilot

SLEEP = 0.002
"""Seconds that the pilot sleeps at a time until the program rests."""
IDLE = SLEEP / 10
"""Seconds of processor time in them that count as rest."""
FRAME = 0.001
"""Seconds that drawing is put off."""


async def resize_terminal(self: Pilot[object], width: int, height: int) -> None:
    """Change the size, until the program has taken it: it does so by a timer."""
    await _resize_terminal(self, width, height)
    while self.app._resize_event is not None:
        await asyncio.sleep(SLEEP)
    await self.pause()


_resize_terminal = Pilot.resize_terminal


@contextmanager
def brisk() -> Iterator[None]:
    """As long as it lasts, Textual waits no longer than it must."""
    with (
        patch("textual._wait.SLEEP_GRANULARITY", SLEEP),
        patch("textual._wait.SLEEP_IDLE", IDLE),
        patch("textual.screen.UPDATE_PERIOD", FRAME),
        patch.object(Pilot, "resize_terminal", resize_terminal),
    ):
        yield
