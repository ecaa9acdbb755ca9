"""A real program on a pseudo-terminal: what the terminal shows, what travels, what is left behind."""

from __future__ import annotations

import signal
import termios

import pytest

from smm_tui.terminal.profile import LineProfile

from .console import PATIENCE, Console
from .emulator import Emulator

CURSOR = "48;2;1;120;212"
"""Background of the highlighted row."""


def ready(text: str) -> bool:
    return "Posts of this week" in text and "Search" in text


def cursor_row(screen: Emulator) -> int:
    """The number of the row that is highlighted."""
    lines = zip(screen.display()[1:], screen.rows[1:], strict=True)
    [line] = [line for line, row in lines if row[0].look.bg == CURSOR]
    return int(line.split()[0])


@pytest.mark.parametrize("arguments", [(), ("--side",)])
def test_the_screen_is_what_the_compositor_means(arguments: tuple[str, ...]) -> None:
    with Console(72, 18, *arguments) as console:
        console.settle(ready)
        for keys in (
            ["down"] * 18,
            ["pagedown"],
            ["pagedown", "pageup", "up"],
            ["up"] * 16,
            ["tab", "H", "ü"],
            ["ctrl+p"],
            ["escape"],
        ):
            for key in keys:
                console.press(key)
                console.settle()


def test_resize_suspend_and_scribbles_leave_no_trace() -> None:
    with Console(72, 18) as console:
        console.settle(ready)
        console.resize(50, 12)
        console.settle(ready)
        console.resize(90, 22)
        console.settle(ready)
        console.press("suspend")
        console.wait(lambda: b"the editor was here" in console.output)
        console.settle(ready)
        console.press("scribble")
        console.wait(lambda: b"Broadcast" in console.output)
        console.feed()
        assert any("Broadcast message" in line for line in console.screen.display())
        console.press("ctrl+l")
        console.settle(ready)


def test_bytes_per_key() -> None:
    with Console(120, 40) as console:
        console.settle(ready)
        assert len(console.output) < 6000
        steps = [console.cost("down") for _ in range(42)]
        assert max(steps[:36]) <= 250
        assert max(steps) <= 350  # the list scrolls
        assert max(console.cost("pagedown") for _ in range(3)) <= 3000
        assert console.cost("tab") <= 400
        assert max(console.cost(letter) for letter in "abc") <= 120
        assert console.cost("ctrl+l") <= 6000
        assert console.cost() == 0


def test_only_frames_that_may_tear_are_synchronised() -> None:
    with Console(120, 40) as console:
        console.settle(ready)
        console.press("ctrl+l")
        console.wait(lambda: b"\x1b[?2026h" in console.output)
        console.settle()
        assert "2026" not in console.screen.modes
        before = len(console.output)
        console.cost("down")
        assert b"?2026" not in console.output[before:]


def test_inline_programs_are_left_to_textual() -> None:
    with Console(72, 18, "--inline") as console:
        console.wait(lambda: b"Posts of this week" in console.output)
        console.press("ctrl+q")
        console.wait(lambda: console.process.poll() is not None)
        assert console.process.returncode == 0
        assert b"\x1b[?1049h" not in console.output
        assert termios.tcgetattr(console.tty) == console.attributes


def test_a_stalled_line_drops_frames_and_keys_stay_live() -> None:
    with Console(120, 40, SSH_TTY="/dev/pts/0") as console:
        console.settle(ready)
        repaint = console.cost("ctrl+l")
        before = len(console.output)
        console.press(*["down"] * 50)
        while cursor_row(console.report(reading=False)) != 50:  # nothing is read, yet keys are live
            pass
        console.settle()
        sent = len(console.output) - before
        assert sent <= 2 * repaint
        assert sent <= LineProfile().window + 2048


def test_a_terminal_without_replies_that_stalls_blocks_nothing() -> None:
    with Console(120, 40, replies=False) as console:
        console.settle(ready)
        before = len(console.output)
        for _ in range(20):
            console.press(*["pagedown"] * 5, *["pageup"] * 4)
            console.report(reading=False)
        console.settle()
        assert len(console.output) - before < 180 * 1000


@pytest.mark.parametrize(
    ("end", "status"),
    [("ctrl+q", 0), ("crash", 1), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP)],
)
def test_the_terminal_is_left_sane(end: str | signal.Signals, status: int) -> None:
    with Console(72, 18) as console:
        console.settle(ready)
        assert "1049" in console.screen.modes
        if isinstance(end, signal.Signals):
            console.process.send_signal(end)
        else:
            console.press(end)
        console.drain()
        assert console.process.returncode == status
        assert console.screen.modes == {"7", "25"}
        assert console.screen.keyboard_modes == 0
        assert not console.screen.look.bg
        assert (console.screen.top, console.screen.bottom) == (0, 17)
        assert termios.tcgetattr(console.tty) == console.attributes
        assert (b"crashed on purpose" in console.output) == (end == "crash")


@pytest.mark.parametrize("keys", [[], ["down"] * 40])
def test_a_program_ends_when_the_line_drops(keys: list[str]) -> None:
    with Console(72, 18) as console:
        console.settle(ready)
        console.press(*keys)
        console.hang_up()
        # 120 is Python's word for output it could not write at exit.
        assert console.process.wait(PATIENCE) in (120, 129)
