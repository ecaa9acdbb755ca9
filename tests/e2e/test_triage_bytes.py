"""What a verdict costs on the line at 120x40, with the next message painted beside the queue."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from benchmarks.large_inbox import build, name_of
from benchmarks.terminal_program import TerminalProgram
from smm_tui.domain.clock import MINUTE

NOW = 1_790_000_000_000 // MINUTE * MINUTE
VERDICT, PAGE, OPEN = 2_500, 6_000, 6_000


def test_a_verdict_and_the_next_message(tmp_path: Path) -> None:
    data = tmp_path / "data"
    build(data, 300, 200, now=NOW)
    command = [sys.executable, "-m", "tests.e2e.still_program", str(data), str(NOW)]
    environ = {"PYTHONPATH": str(Path(__file__).parents[2]), "SMM_TUI_SECRETS": "file"}
    with TerminalProgram(command, environ=environ) as program:
        program.wait_for("1 of")
        program.settle()
        before = program.bytes
        program.type("g", "m")
        program.wait_for(f"> {name_of(1)}")
        program.settle(0.5)
        assert program.bytes - before <= OPEN
        sizes = []
        for number in range(45):  # over the end of a page, which is drawn again once
            before = program.bytes
            program.type("aahx"[number % 4])
            program.wait_for(f"> {name_of(number + 2)}")
            program.settle()
            sizes.append(program.bytes - before)
        assert statistics.median(sizes) <= 600, sizes
        assert sorted(sizes)[round(len(sizes) * 0.95) - 1] <= VERDICT, sizes
        assert max(sizes) <= PAGE, sizes
