"""Textual without the waits that are for people's eyes and for slow machines, so that tests wait for the program.

Textual puts off drawing for a sixtieth of a second and a new size for half of that, and its pilot sleeps twice for a
fiftieth after every key. What it waits for stays the same: a program with nothing left to do.
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


async def wait_for_idle(min_sleep: float = SLEEP, max_sleep: float = 1.0) -> None:
    """Sleep until this process used no time meanwhile, and not for want of a processor: no thread waits for one."""
    end = time.monotonic() + max_sleep
    while time.monotonic() < end:
        used = time.process_time()
        await asyncio.sleep(SLEEP)
        if time.process_time() - used < IDLE and not _others_run():
            return


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
        patch("textual.screen.UPDATE_PERIOD", FRAME),
        patch.object(Pilot, "resize_terminal", resize_terminal),
    ):
        yield
