"""What travels down the line, on a terminal of 120x40: the bars that this program promises, in bytes.

Bytes are the same in every run, so that more of them is a mistake and not a slow machine; times are measured by
``benchmarks/ssh.py``.
"""

from __future__ import annotations

import shutil
import signal
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from benchmarks import large_workspace
from benchmarks.terminal_program import TerminalProgram
from smm_tui.domain.clock import MINUTE, SECOND

from .still_program import NOW

FAST: dict[str, str] = {}
SLOW = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}

STEP, STEP_P95, PAGE, SWITCH, BOX, LETTER, FIRST = 250, 600, 3_000, 6_000, 8_000, 120, 12_000

Running = Callable[..., AbstractContextManager[TerminalProgram]]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Far more than one screen of everything; what travels does not depend on how much more."""
    folder = tmp_path_factory.mktemp("large")
    large_workspace.build(folder, 6_000, now=NOW)
    return folder


@pytest.fixture
def running(tmp_path: Path) -> Running:
    """Starts the program on a copy of a folder."""

    @contextmanager
    def run(
        folder: Path, *, at: int = NOW, mode: str = "", environ: dict[str, str] = FAST
    ) -> Iterator[TerminalProgram]:
        copy = tmp_path / "data"
        shutil.copytree(folder, copy)
        root = str(Path(__file__).parents[2])
        command = [sys.executable, "-m", "tests.e2e.still_program", str(copy), str(at), mode]
        with TerminalProgram(command, environ={"PYTHONPATH": root, **environ}) as program:
            program.wait_for(r"1 of \d")
            program.settle()
            yield program

    return run


def costs(program: TerminalProgram, keys: Sequence[str]) -> list[int]:
    """The bytes of each key that changes anything."""
    return [size for size in (program.press(key)[1] for key in keys) if size]


def go(program: TerminalProgram, *keys: str) -> int:
    """Press keys; the bytes of the last one."""
    return [program.press(key)[1] for key in keys][-1]


def check_steps(program: TerminalProgram, keys: Sequence[str]) -> None:
    sizes = sorted(costs(program, keys))
    assert len(sizes) >= 4, program.text
    assert statistics.median(sizes) <= STEP, sizes
    assert sizes[round(len(sizes) * 0.95) - 1] <= STEP_P95, sizes


def check_pages(program: TerminalProgram, keys: Sequence[str]) -> None:
    sizes = costs(program, keys)
    assert sizes, program.text
    assert max(sizes) <= PAGE, sizes


@pytest.mark.parametrize("environ", [FAST, SLOW], ids=["fast", "slow"])
def test_the_demo(demo: Path, running: Running, environ: dict[str, str]) -> None:
    with running(demo, environ=environ) as program:
        assert program.bytes <= FIRST
        check_steps(program, ["j"] * 4 + ["k"] * 4)
        for round_ in range(2):
            for screen in "cdascpdaps":
                assert go(program, "g", screen) <= SWITCH, (round_, screen)
        for screen in "pcds":
            go(program, "g", screen)
            assert max(costs(program, "1234560123")) <= SWITCH, screen

        go(program, "g", "a", "0")
        check_steps(program, ["l", "j", "j", "j", "k", "k", "k", "h"])
        assert go(program, "enter") <= SWITCH
        assert go(program, "right") <= SWITCH
        check_steps(program, ["j"] * 10)
        assert go(program, "esc") <= SWITCH

        go(program, "g", "d", "0")
        for which in "olawl":
            assert go(program, which) <= SWITCH, which
        check_steps(program, ["j"] * 45 + ["k"] * 45)
        check_pages(program, ["pagedown"] * 4 + ["pageup"] * 4)
        go(program, "enter")
        check_steps(program, ["j"] * 40)
        check_pages(program, ["pagedown", "pagedown", "pageup", "pageup"])
        assert go(program, "esc") <= SWITCH

        for opening in (":", "?"):
            assert sum(program.press(key)[1] for key in (opening, "esc")) <= BOX, opening
            go(program, opening)
            check_steps(program, ["down"] * 30)
            go(program, "esc")
        assert sum(program.press(key)[1] for key in ("D", "n")) <= BOX


def test_the_calendar_and_the_composer(demo: Path, running: Running) -> None:
    with running(demo) as program:
        go(program, "1", "g", "c")
        check_steps(program, ["right"] * 5 + ["left"] * 5 + ["up", "up", "down", "down"])
        assert max(costs(program, ["pagedown", "pagedown", "pageup", "pageup"])) <= SWITCH
        assert go(program, "L") <= SWITCH
        check_steps(program, ["j"] * 12 + ["k"] * 12)
        go(program, "L")

        assert go(program, "n") <= SWITCH
        program.wait_for("new post")
        letters = costs(program, "We bake at night, so that the rolls are warm when you come to us at six: see you.")
        assert statistics.median(letters) <= LETTER, letters
        assert sorted(letters)[round(len(letters) * 0.95) - 1] <= LETTER, letters
        assert go(program, "esc") <= SWITCH


@pytest.mark.matrix
@pytest.mark.parametrize("environ", [FAST, SLOW], ids=["fast", "slow"])
def test_a_large_workspace(large: Path, running: Running, environ: dict[str, str]) -> None:
    with running(large, environ=environ) as program:
        assert program.bytes <= FIRST
        for screen in "cdsdcp":
            assert go(program, "g", screen) <= SWITCH, screen
        for screen in "cd":
            go(program, "g", screen)
            assert max(costs(program, "1234560123")) <= SWITCH, screen
        go(program, "0")
        for which in "ola":
            assert go(program, which) <= SWITCH, which
            check_steps(program, ["j"] * 45 + ["k"] * 45)
            check_pages(program, ["pagedown"] * 6 + ["pageup"] * 6)
        go(program, "1", "g", "c", "L")
        check_steps(program, ["j"] * 45 + ["k"] * 45)
        check_pages(program, ["pagedown"] * 4 + ["pageup"] * 4)


def test_on_a_slow_line_an_idle_workspace_sends_nothing_not_even_the_time(demo: Path, running: Running) -> None:
    with running(demo, at=NOW + MINUTE - 3 * SECOND, mode="running", environ=SLOW) as program:
        before = program.bytes
        program.signal(signal.SIGUSR1)
        program.idle(5)
        program.settle()
        assert program.bytes == before
        assert "14:13" in program.text
        program.press("j")  # what is sent anyway takes the time with it
        assert "14:14" in program.text


def test_on_a_fast_line_an_idle_workspace_sends_the_time_once_a_minute(demo: Path, running: Running) -> None:
    with running(demo, at=NOW + MINUTE - 3 * SECOND, mode="running") as program:
        go(program, "g", "p")  # where nothing else tells how long something may still take
        before = program.bytes
        program.signal(signal.SIGUSR1)
        program.wait_for("14:14")
        program.idle(1)
        program.settle()
        assert program.bytes - before <= 20


def test_a_line_that_is_behind_gets_the_last_frame_and_not_every_one(demo: Path, running: Running) -> None:
    """50 quick steps through a reader of 2 KB/s cost at most two full repaints, and no waiting."""
    with running(demo, environ=SLOW) as program:
        go(program, "g", "d", "l", "g", "g")
        repaint = go(program, "ctrl+l")
        program.throttle = 2_000
        before = program.bytes
        program.type(*["j"] * 50)
        slept = program.settle()
        assert "51 of" in program.text
        assert program.bytes - before <= 2 * repaint
        assert slept <= 2


def test_insight_and_pages(demo: Path, running: Running) -> None:
    with running(demo) as program:
        for screen in "ifcifp":
            assert go(program, "g", screen) <= SWITCH, screen
        go(program, "g", "i")
        check_steps(program, ["j"] * 6 + ["k"] * 6)
        sizes = [go(program, key) for key in "llllllrrrr"]
        assert max(sizes) <= SWITCH, sizes
        assert max(costs(program, "12310")) <= SWITCH
        go(program, "g", "f")
        check_steps(program, ["j"] * 8 + ["k"] * 8)
        assert go(program, "enter") <= SWITCH
        check_steps(program, ["j"] * 5 + ["k"] * 5)
        for key in ("e", "esc", "c", "esc", "H", "esc"):
            assert go(program, key) <= BOX, key


ROUND = {"t": 3, "r": 1, "q": 1, "e": 3, "p": 3, "s": 3, "w": 3, "y": 3, "b": 0, "k": 0}
"""Second keys of the ways to main screens that no other test walks, how many of four steps show in the demo there."""


def test_every_main_screen_and_what_opens_over_it(demo: Path, running: Running) -> None:
    with running(demo) as program:
        for screen, shown in ROUND.items():
            assert go(program, "g", screen) <= SWITCH, screen
            sizes = costs(program, "jjkk")
            assert len(sizes) >= shown, (screen, program.text)
            assert statistics.median(sizes or [0]) <= STEP, (screen, sizes)
            assert max(sizes, default=0) <= STEP_P95, (screen, sizes)
            assert max(costs(program, ["pagedown"]), default=0) <= PAGE, screen
            assert max(costs(program, "20"), default=0) <= SWITCH, screen
        for way in ("grn", "grt", "gen", "gwn", "gae"):
            go(program, *way[:-1])
            assert sum(go(program, key) for key in (way[-1], "esc")) <= BOX, way
        for way in ("gh", "gmp", "gc!", "gco", "1gk"):
            assert go(program, *way) <= SWITCH, way
            sizes = costs(program, "jjjkk")
            assert len(sizes) >= 4, (way, program.text)
            assert statistics.median(sizes) <= STEP, (way, sizes)
            assert max(sizes) <= STEP_P95, (way, sizes)
            go(program, "esc")
        # In the queue a step changes what stands beside it, post, thread and author: as much as there is to read.
        go(program, "0", "g", "m")
        sizes = costs(program, "jjjjjkkkkk")
        assert len(sizes) >= 8, program.text
        assert max(sizes) <= PAGE, sizes


def test_a_question_that_arrives_in_two_parts_is_answered() -> None:
    """A terminal that leaves one unanswered seems to be behind, and gets no frame for seconds."""
    asking = "stty raw -echo; printf '\\033[6n'; head -c 6 >/dev/null; printf answered"
    with TerminalProgram(["sh", "-c", asking]) as program:
        program.throttle = 60  # it reads three bytes at a time, and the question has four
        program.wait_for("answered", timeout=20)
