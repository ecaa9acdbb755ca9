"""A pseudo-terminal with a program on it, whose reader can stall."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console as RichConsole
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from smm_tui.terminal.pacing import REQUEST

from .emulator import Emulator

KEYS = {
    "down": "\x1b[B",
    "up": "\x1b[A",
    "pagedown": "\x1b[6~",
    "pageup": "\x1b[5~",
    "tab": "\t",
    "escape": "\x1b",
    "suspend": "\x1bOQ",
    "crash": "\x1bOR",
    "scribble": "\x1bOS",
    "report": "\x1b[15~",
    "ctrl+l": "\x0c",
    "ctrl+p": "\x10",
    "ctrl+q": "\x11",
}
REPLIES = {REQUEST.encode(): b"\x1b[1;1R", b"\x1b[?2026$p": b"\x1b[?2026;2$y"}
PLAIN = RichConsole(color_system="truecolor", force_terminal=True)
PROGRAM = Path(__file__).with_name("sample_app.py")
PATIENCE = 60.0


class Console:
    """Runs the sample program; a context manager."""

    def __init__(self, width: int, height: int, *arguments: str, replies: bool = True, **environ: str) -> None:
        self.screen = Emulator(width, height)
        self.replies = replies
        self.output = bytearray()
        self._fed = 0
        self.fd, self.tty = os.openpty()
        self._line: tuple[int, ...] = (self.fd, self.tty)
        self.resize_tty(width, height)
        self.attributes = termios.tcgetattr(self.tty)
        self._reports, report_fd = os.pipe()
        self._report = b""
        inherited = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "VIRTUAL_ENV")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, str(report_fd), str(PROGRAM), *arguments],
            stdin=self.tty,
            stdout=self.tty,
            stderr=self.tty,
            pass_fds=[report_fd],
            start_new_session=True,
            env={
                **inherited,
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LANG": "C.UTF-8",
                "PYTHONPATH": str(PROGRAM.parents[2]),
                "TEXTUAL_ANIMATIONS": "none",
                **environ,
            },
        )
        os.close(report_fd)

    def __enter__(self) -> Console:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()
        os.close(self._reports)

    def hang_up(self) -> None:
        """Drop the line."""
        for fd in self._line:
            os.close(fd)
        self._line = ()

    def resize_tty(self, width: int, height: int) -> None:
        fcntl.ioctl(self.tty, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def resize(self, width: int, height: int) -> None:
        """Resize the terminal; everything it showed is garbled."""
        self.feed()
        self.screen.resize(width, height)
        self.resize_tty(width, height)
        self.process.send_signal(28)  # SIGWINCH

    def press(self, *keys: str) -> None:
        os.write(self.fd, "".join(KEYS.get(key, key) for key in keys).encode())

    def read(self, timeout: float = 0.02) -> bool:
        """Take what the program has written, and reply as a terminal does; False if there was nothing."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return False
        for request, reply in REPLIES.items():
            before = self.output.count(request)
            asked = (self.output + data).count(request) - before
            if self.replies and asked:
                os.write(self.fd, reply * asked)
        self.output += data
        return bool(data)

    def wait(self, happened: Callable[[], bool]) -> None:
        """Read until something has happened."""
        deadline = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < deadline, "it does not happen"
            self.read()

    def feed(self) -> None:
        """Let the emulator draw what was read."""
        while self.read(0):
            pass
        complete = self.output.rfind(b"\x1b")  # a sequence may be under way
        text = bytes(self.output[self._fed : complete]).decode()
        self._fed = max(self._fed, complete)
        self.screen.feed(text)

    def drain(self) -> None:
        """Read to the end of a program that ends."""
        self.wait(lambda: self.process.poll() is not None)
        while self.read(0):
            pass
        self.screen.strict = False
        self.screen.feed(bytes(self.output[self._fed :]).decode())
        self._fed = len(self.output)

    def report(self, *, reading: bool = True) -> Emulator:
        """Return what the program means to show now, drawn by Textual's own means."""
        self.press("report")
        deadline = time.monotonic() + PATIENCE
        while b"\n" not in self._report:
            assert time.monotonic() < deadline, "the program is not alive"
            if reading:
                self.read(0)
            if select.select([self._reports], [], [], 0.02)[0]:
                self._report += os.read(self._reports, 1 << 16)
        line, _, self._report = self._report.partition(b"\n")
        rows: list[list[tuple[str, str]]] = json.loads(base64.b64decode(line))
        meant = Emulator(self.screen.width, len(rows))
        for y, row in enumerate(rows):
            strip = Strip([Segment(text, Style.parse(style)) for text, style in row])
            meant.feed(f"\x1b[{y + 1}H" + strip.render(PLAIN))
        return meant

    def settle(self, accept: Callable[[str], bool] | None = None) -> Emulator:
        """Wait until the terminal shows what the program means, and that is what `accept` wants."""
        from .test_encoder import compare

        deadline = time.monotonic() + PATIENCE
        while True:
            meant = self.report()
            while self.read(0.03):
                pass
            self.feed()
            try:
                assert meant.height == self.screen.height
                for wanted, got in zip(meant.rows, self.screen.rows, strict=True):
                    compare(wanted, got)
                assert accept is None or accept("\n".join(self.screen.display())), self.screen.display()
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
            else:
                return meant

    def cost(self, *keys: str) -> int:
        """Return the bytes the program sends for keys."""
        self.settle()
        before = len(self.output)
        self.press(*keys)
        if keys:
            self.wait(lambda: len(self.output) > before)
        self.settle()
        return len(self.output) - before


# The program writes its reports to descriptor 3, wherever the pipe ended up.
_LAUNCH = """
import os, sys
fd = int(sys.argv.pop(1))
if fd != 3:
    os.dup2(fd, 3)
    os.close(fd)
os.set_inheritable(3, True)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
