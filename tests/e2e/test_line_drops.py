"""The line drops, in every way it can: what was typed is on the disk, nothing is left running, the next start goes on
where this one ended."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psutil
import pytest

from benchmarks.terminal_program import TerminalProgram
from smm_tui.bootstrap import Workspace
from smm_tui.sandbox.demo import demo_settings

from .still_program import NOW

TEXT = "Warm rolls from six"

Running = Callable[..., AbstractContextManager[TerminalProgram]]

HUNG_UP = (129, 120)
"""128 + SIGHUP; 120 is Python's word for output that it could not write any more at its end."""


@pytest.fixture
def running(data: Path) -> Running:
    """Starts the program on it."""

    @contextmanager
    def run(mode: str = "", *, before: str = "") -> Iterator[TerminalProgram]:
        root = str(Path(__file__).parents[2])
        command = [sys.executable, "-m", "tests.e2e.still_program", str(data), str(NOW), mode]
        if before:
            command = ["sh", "-c", before, "sh", *command]
        with TerminalProgram(command, environ={"PYTHONPATH": root}) as program:
            yield program

    return run


def compose(program: TerminalProgram) -> None:
    """Go to the calendar of the second client and type into a new post, without a pause."""
    program.wait_for(r"1 of \d")
    program.type("2", "g", "c")
    program.wait_for("Mon +Tue")
    program.type("right", "right", "n")
    program.wait_for("new post")
    program.type(*TEXT)


def wait_until_kept(program: TerminalProgram, data: Path) -> None:
    """Until what was typed is on the disk; the first write of a program takes longest."""
    workspace = Workspace(demo_settings(data))
    try:
        while TEXT not in [payload["text"] for _key, payload, _at in workspace.records.autosaves()]:
            program.idle(0.05)
    finally:
        workspace.close()


def goes_on(running: Running) -> None:
    """Start again: everything is where it was."""
    with running() as again:
        again.wait_for("new post")
        again.wait_for(TEXT)
        again.wait_for("IRON YARD")
        again.wait_for("typed before and did not save")
        again.type("esc")
        again.wait_for("Wed 23 Sep")
        assert "2 Iron Yard" in again.text.splitlines()[0]


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_ends_it_in_order(running: Running, number: int) -> None:
    with running() as program:
        modes = program.modes
        compose(program)
        program.wait_for(TEXT[:-1])
        program.signal(number)
        assert program.end() == 128 + number
        assert program.modes == modes
        assert b"\x1b[?1049l" in program.received[-400:]
        assert b"\x1b[?25h" in program.received[-400:]
    goes_on(running)


def test_the_terminal_goes_away(running: Running) -> None:
    with running() as program:
        compose(program)
        program.wait_for(TEXT[:-1])
        program.settle()
        program.hang_up()
        assert program.end() in HUNG_UP
    goes_on(running)


def test_the_terminal_goes_away_without_a_signal(running: Running) -> None:
    """As under a program that keeps SIGHUP to itself: end of file is all that comes."""
    with running(before="trap '' HUP; exec \"$@\"") as program:
        compose(program)
        program.wait_for(TEXT[:-1])
        program.settle()
        program.hang_up()
        assert program.end() in HUNG_UP
    goes_on(running)


def test_standard_error_breaks(running: Running, tmp_path: Path) -> None:
    """What the program draws goes nowhere, while its keyboard still works."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with running(before=f'exec "$@" 2>"{pipe}"') as program:
        reader = os.open(pipe, os.O_RDONLY)
        drawn = b""
        while b"1 of " not in drawn:
            drawn += os.read(reader, 1 << 16)
        os.close(reader)
        program.type("j")
        assert program.end() in HUNG_UP


def test_it_is_killed(running: Running, data: Path) -> None:
    """What was typed is on the disk; only where one was may be a minute old."""
    with running() as program:
        compose(program)
        wait_until_kept(program, data)
        program.signal(signal.SIGKILL)
        assert program.end() == -signal.SIGKILL
    with running() as again:
        again.wait_for(r"1 of \d")
        again.type("2", "g", "c")
        again.wait_for("Mon +Tue")
        again.type("n")
        again.wait_for(TEXT)


def test_a_mistake_of_the_program_leaves_a_sentence_and_a_sane_terminal(running: Running, data: Path) -> None:
    with running("breaking") as program:
        modes = program.modes
        program.wait_for(r"1 of \d")
        program.type("0")
        assert program.end() == 1
        assert program.modes == modes
        assert b"\x1b[?1049l" in program.received
        assert b"Traceback" not in program.received
    assert "broken on purpose" in (data / "smm-tui.log").read_text()


@pytest.mark.parametrize("drop", ["hang up", "SIGHUP"])
def test_the_worker_within_ends_with_it_and_nothing_is_left_running(data: Path, tmp_path: Path, drop: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    data.rename(home / "demo")
    command = [str(Path(sys.executable).with_name("smm-tui")), "--data", str(home), "demo"]
    with TerminalProgram(command) as program:
        program.wait_for("live")
        program.wait_for(r"1 of \d")
        process = psutil.Process(program.pid)
        family = [process, *process.children(recursive=True)]
        if drop == "hang up":
            program.hang_up()
        else:
            program.signal(signal.SIGHUP)
        assert program.end() in HUNG_UP
        assert not psutil.wait_procs(family, timeout=60)[1]
    workspace = Workspace(demo_settings(home / "demo"))
    try:
        assert workspace.records.worker().where == "off"
    finally:
        workspace.close()
