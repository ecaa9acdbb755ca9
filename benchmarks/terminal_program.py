"""A program on a pseudo-terminal, as a person at the other end of a line has it: what arrives, and when."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import pyte

KEYS = {
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "enter": "\r", "esc": "\x1b", "tab": "\t",
    "pagedown": "\x1b[6~", "pageup": "\x1b[5~", "space": " ",
    "backspace": "\x7f", "home": "\x1b[H", "f1": "\x1bOP", "f2": "\x1bOQ", "f6": "\x1b[17~",
}  # fmt: skip
REPLIES = {b"\x1b[6n": b"\x1b[1;1R", b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[c": b"\x1b[?62;22c"}
"""What a terminal answers when it is asked: where the cursor is, whether it draws whole frames, what it is."""
QUIET = 0.06
"""Seconds without a byte from a program that sleeps, after which a screen counts as settled; they are not counted.
Longer than it puts off what it is about to draw: a sixtieth of a second, or 0.03 s where the line is behind."""
LOOKS = 6
"""How often the program must be found asleep in this time, one after the other."""
PATIENCE = 20.0
"""Seconds without a byte after which a screen counts as settled though the program still runs."""
ESCAPE = 0.1
"""Seconds that programs wait after an escape character, which may be the first of a longer key."""


class TerminalProgram:
    """Start it in a `with`; it is gone afterwards."""

    def __init__(
        self, command: Sequence[str], *, columns: int = 120, lines: int = 40, environ: Mapping[str, str] = {}
    ) -> None:
        self._command, self._environ = list(command), dict(environ)
        self.screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self.screen)
        self._size = struct.pack("HHHH", lines, columns, 0, 0)
        self.bytes = 0
        self.received = bytearray()
        self._drawn = 0
        self.throttle = 0
        """Bytes a second that the reader takes at most; 0: as they come."""
        self._last = 0.0
        self._status: int | None = None

    def __enter__(self) -> TerminalProgram:
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
            for name in ("COLUMNS", "LINES", "SSH_CONNECTION", "SSH_TTY", "NO_COLOR"):
                environ.pop(name, None)
            os.execvpe(self._command[0], self._command, {**environ, **self._environ})
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, self._size)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for stop in (signal.SIGTERM, signal.SIGKILL):
            if self._status is None:
                self.signal(stop)
                with suppress(TimeoutError):
                    self.end(3)
        self.hang_up()

    def signal(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Drop the line."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def end(self, timeout: float = 60.0) -> int:
        """Wait until the program has ended; its exit status, negative for a signal."""
        end = time.perf_counter() + timeout
        while self._status is None:
            if time.perf_counter() > end:
                raise TimeoutError(f"still running after {timeout} s")
            self._read(0.02)  # a program that writes its farewell must not block on a full line
            if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                while self._read(0):
                    pass
                self._status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._status

    @property
    def modes(self) -> list[object]:
        """The settings of the terminal, as `termios` has them."""
        return termios.tcgetattr(self._fd)

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(self.screen.display)

    def wait_for(self, pattern: str, timeout: float = 60.0) -> float:
        """Seconds from the start of the program until the screen shows `pattern`."""
        expression = re.compile(pattern)
        end = time.perf_counter() + timeout
        while not expression.search(self.text):
            if time.perf_counter() > end:
                raise TimeoutError(f"{pattern!r} did not appear:\n{self.text}")
            self._read(0.01)
        return self._last - self.started

    def settle(self, quiet: float = QUIET) -> float:
        """Until nothing more arrives for so long; drawn afterwards, because drawing is slower than the program.

        Silence is no proof by itself: where others take the processors, a program is silent because it waits for one.
        Gives the seconds in which it was silent and slept.
        """
        silent_since, looks, slept = time.perf_counter(), 0, 0.0
        while looks < LOOKS:
            if self._read(quiet / LOOKS, draw=False):
                silent_since, looks = time.perf_counter(), 0
            elif self._is_busy() and time.perf_counter() - silent_since < PATIENCE:
                looks = 0
            else:
                looks, slept = looks + 1, slept + quiet / LOOKS
        self._draw()
        return slept

    def _is_busy(self) -> bool:
        """Whether a thread of the program runs, or waits for a processor or the disk; False where nobody tells."""
        with suppress(OSError):  # no Linux, or the program has gone
            for thread in Path(f"/proc/{self.pid}/task").iterdir():
                with suppress(OSError):  # this thread has gone
                    if (thread / "stat").read_bytes().rpartition(b") ")[2][:1] in (b"R", b"D"):
                        return True
        return False

    def idle(self, seconds: float) -> None:
        """Take what comes for so long."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)

    def press(self, key: str) -> tuple[float, int]:
        """Press a key; milliseconds until its last byte, and how many bytes it brought."""
        before, started = self.bytes, time.perf_counter()
        self._last = started
        os.write(self._fd, _bytes(key))
        self.settle(QUIET + ESCAPE if key == "esc" else QUIET)
        return (self._last - started) * 1000, self.bytes - before

    def seen(self, key: str, pattern: str) -> float:
        """Press a key; milliseconds until the screen shows `pattern`, which it does not yet."""
        expression = re.compile(pattern)
        assert not expression.search(self.text), self.text
        started = time.perf_counter()
        os.write(self._fd, _bytes(key))
        while not expression.search(self.text):
            self._read(0.01)
            if time.perf_counter() - started > PATIENCE:
                raise TimeoutError(f"{pattern!r} did not appear:\n{self.text}")
        took = (self._last - started) * 1000
        self.settle()
        return took

    def type(self, *keys: str) -> None:
        """Send keys and texts in one go, as they come out of a line that had stopped."""
        os.write(self._fd, b"".join(_bytes(key) for key in keys))

    def _read(self, seconds: float, *, draw: bool = True) -> bool:
        if self._fd < 0:
            time.sleep(seconds)
            return False
        if not select.select([self._fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._fd, self.throttle // 20 or 1 << 16)
        except OSError:  # the program has gone
            return False
        if self.throttle:
            time.sleep(len(data) / self.throttle)
        self._last = time.perf_counter()
        self.bytes += len(data)
        before = bytes(self.received[1 - max(map(len, REPLIES)) :])
        self.received += data
        for question, answer in REPLIES.items():  # which may be cut in two: who never answers seems to be behind
            if asked := (before + data).count(question) - before.count(question):
                os.write(self._fd, answer * asked)
        if draw:
            self._draw()
        return True

    def _draw(self) -> None:
        data, self._drawn = bytes(self.received[self._drawn :]), len(self.received)
        self._stream.feed(data)


def _bytes(key: str) -> bytes:
    if key.startswith("ctrl+"):
        return bytes([ord(key[-1]) & 0x1F])
    return KEYS.get(key, key).encode()
