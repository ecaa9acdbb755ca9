"""Five hundred messages dealt with on a pseudo-terminal: every key did what it says."""

from __future__ import annotations

import sqlite3
import statistics
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.large_inbox import build, name_of
from benchmarks.terminal_program import TerminalProgram
from benchmarks.triage import DECISION, KEYS, NOW, until

VERDICTS = 500
STATES = {"a": "closed", "h": "hidden", "x": "hidden", "f": "flagged"}


@pytest.mark.matrix
def test_five_hundred_messages(tmp_path: Path, record_property: pytest.FixtureRequest) -> None:
    data = tmp_path / "data"
    build(data, 700, 600, now=NOW)
    command = [sys.executable, "-m", "tests.e2e.still_program", str(data), str(NOW)]
    environ = {"PYTHONPATH": str(Path(__file__).parents[2]), "SMM_TUI_SECRETS": "file"}
    times = []
    with TerminalProgram(command, environ=environ) as program:
        program.wait_for("1 of")
        program.settle()
        program.type("g")
        until(program, "m", f"> {name_of(1)}")
        program.settle()
        for number in range(VERDICTS):
            milliseconds, _bytes = until(program, KEYS[number % len(KEYS)], f"> {name_of(number + 2)}", 60)
            times.append(milliseconds / 1000)
        program.settle()
        program.type("u")
        program.wait_for(f"> {name_of(VERDICTS)}")
        program.settle()
        program.type("q", "q")
        program.end()
    wanted = [STATES[KEYS[number % len(KEYS)]] for number in range(VERDICTS - 1)]
    with sqlite3.connect(data / "smm-tui.db") as db:
        found = [row[0] for row in db.execute("SELECT state FROM message ORDER BY id LIMIT ?", (VERDICTS,))]
        left = Counter(row[0] for row in db.execute("SELECT state FROM action"))
    db.close()
    assert found == [*wanted, "new"]
    assert left == {"held": wanted.count("hidden"), "cancelled": 1}  # the last one was a hide, and taken back
    clock = 0.0  # a person who takes 2 s to decide, on a clock of their own
    for spent in times:
        clock += DECISION + spent
    record_property("items a minute at machine speed", round(60 * VERDICTS / sum(times)))  # type: ignore[operator]
    record_property("items a minute at 2 s a decision", round(60 * VERDICTS / clock, 1))  # type: ignore[operator]
    assert statistics.median(times) < DECISION, "a person would wait for the screen"
