"""Leave the terminal as it was found, however the program ends."""

from __future__ import annotations

import os
import signal
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

# Default style and scroll region, wrapping, visible cursor; no synchronised output, mouse, focus,
# paste or size reports; kitty keyboard mode popped before the alternate screen is left.
RESET = (
    "\x1b[?2026l\x1b[m\x1b[r\x1b[?7h\x1b[?1000;1003;1015;1006;1016;1004;2004;2048l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[m"
)


@contextmanager
def terminal_guard() -> Iterator[None]:
    """Restore the terminal if the program ends without doing so itself.

    Covers what a full-screen program cannot clean up after: an error outside its loop, and
    SIGTERM or SIGHUP where it has no handler of its own. Does nothing after an orderly end.
    """
    fd = sys.__stdin__.fileno() if sys.__stdin__ else -1
    try:
        before = termios.tcgetattr(fd)
    except (termios.error, OSError):
        yield
        return
    owner = os.getpid()

    def restore() -> None:
        if os.getpid() != owner:  # a forked child must not touch its parent's terminal
            return
        with suppress(termios.error, OSError):
            if termios.tcgetattr(fd) != before:
                termios.tcflush(fd, termios.TCIFLUSH)
                termios.tcsetattr(fd, termios.TCSANOW, before)
                os.set_blocking(fd, False)
                try:
                    os.write(fd, RESET.encode())
                finally:
                    os.set_blocking(fd, True)

    def die(signum: int, _frame: FrameType | None) -> None:
        restore()
        signal.signal(signum, signal.SIG_DFL)
        os.kill(os.getpid(), signum)

    handled = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL]
    for number in handled:
        signal.signal(number, die)
    try:
        yield
    finally:
        for number in handled:
            if signal.getsignal(number) is die:
                signal.signal(number, signal.SIG_DFL)
        restore()
