"""How far the terminal is behind what was written to it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

REQUEST = "\x1b[6n"
"""Asks the terminal where the cursor is; its reply says that everything before has arrived."""

PATIENCE = 10.0
"""Seconds after which an unanswered request counts as lost."""


class Pacer:
    """Keeps at most a window of bytes on the way to the terminal.

    Kernel, SSH daemon and network buffer megabytes before a write blocks, so a slow line shows
    itself only in how late the terminal replies. A terminal that never replies is never waited for.
    """

    def __init__(self, window: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._window = window
        self._clock = clock
        self._written = 0
        self._arrived = 0
        self._requests: deque[tuple[int, float]] = deque()
        self._replies = False

    @property
    def waiting(self) -> bool:
        """Whether a reply is still to come."""
        return self._replies and bool(self._requests)

    @property
    def behind(self) -> bool:
        """Whether a further frame should wait for the terminal."""
        if self.waiting and self._clock() - self._requests[0][1] > PATIENCE:
            self.reset()
        return self._replies and self._written - self._arrived > self._window

    def write(self, size: int) -> str:
        """Account for a frame of `size` bytes; returns a request to append to it, or nothing."""
        self._written += size
        asked = self._requests[-1][0] if self._requests else self._arrived
        due = self._written - asked > self._window // 4 if self._replies else not self._requests
        if not due:
            return ""
        self._requests.append((self._written, self._clock()))
        return REQUEST

    def replied(self) -> None:
        """Note a reply of the terminal."""
        if self._requests:
            self._arrived = self._requests.popleft()[0]
            self._replies = True

    def reset(self) -> None:
        """Start anew, with nothing on the way and no knowledge of the terminal."""
        self._arrived = self._written
        self._requests.clear()
        self._replies = False
