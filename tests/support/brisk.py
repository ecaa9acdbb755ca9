"""Textual without the waits that are for people's eyes and for slow machines, so that tests wait for the program.

Textual's pilot sleeps twice for a fiftieth of a second after every key. What it waits for stays the same: a program
with nothing left to do. Frames come as often as ever: a thousand a second starved the layout on a busy machine.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot

SLEEP = 0.004
"""Seconds that the pilot sleeps at a time until the program rests, which it must twice running."""
IDLE = SLEEP / 10
"""Seconds of processor time in them that count as rest."""


async def resize_terminal(self: Pilot[object], width: int, height: int) -> None:
    """Change the size, until the program has taken it: it does so by a timer."""
    await _resize_terminal(self, width, height)
    while self.app._resize_event is not None:
        await asyncio.sleep(SLEEP)
    await self.pause()


async def wait_for_idle(min_sleep: float = SLEEP, max_sleep: float = 3.0) -> None:
    """Sleep until this process used no time meanwhile, twice running, and not for want of a processor."""
    end, rests = time.monotonic() + max_sleep, 0
    while rests < 2 and time.monotonic() < end:
        used = time.process_time()
        await asyncio.sleep(SLEEP)
        rests = rests + 1 if time.process_time() - used < IDLE and not _others_run() else 0


def _others_run() -> bool:
    """Whether another thread of this process runs or waits for a processor; False where nobody tells."""
    own = str(threading.get_native_id())
    with suppress(OSError):  # no Linux, or the thread has gone
        for thread in Path("/proc/self/task").iterdir():
            if thread.name != own and (thread / "stat").read_bytes().rpartition(b") ")[2][:1] in (b"R", b"D"):
                return True
    return False


_resize_terminal = Pilot.resize_terminal


@contextmanager
def brisk() -> Iterator[None]:
    """As long as it lasts, Textual waits no longer than it must."""
    with (
        patch("textual.app.wait_for_idle", wait_for_idle),
        patch("textual.pilot.wait_for_idle", wait_for_idle),
        patch.object(Pilot, "resize_terminal", resize_terminal),
    ):
        yield
