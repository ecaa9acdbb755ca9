#!/usr/bin/env python3
"""Insight over three years of daily figures for 30 accounts: its queries, and opening it from key to last byte.

usage: .venv/bin/python -m benchmarks.insight [ACCOUNTS [DAYS]]
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.large_figures import build
from benchmarks.switching import summary
from benchmarks.terminal_program import TerminalProgram
from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import system_clock
from smm_tui.paths import Paths
from smm_tui.screens.insight_views import SECTIONS, Asked, view
from smm_tui.settings import Settings

ROUNDS = 24
STARTS = 6
AFTER_START = 3.0  # seconds in which the worker of the program has been imported


def main() -> None:
    accounts = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    days = int(sys.argv[2]) if len(sys.argv) > 2 else 3 * 365
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        build(data, accounts, days, now=system_clock())
        asked = {
            f"{section}, {length}": summary([_asked(data, section, length) for _round in range(ROUNDS)])
            for length in ("90d", "3y")
            for section in SECTIONS
        }
        opened = {length: _opened(data, presses) for length, presses in (("90d", 0), ("3y", 2))}
    print(json.dumps({"accounts": accounts, "days": days, "views in the reader lane": asked, **opened}, indent=1))


def _opened(data: Path, presses: int) -> dict[str, object]:
    """From key to last byte: the first visit of a program that was just started, and later ones with another client
    chosen meanwhile, so that nothing of what was there is of use. `presses` of `r` choose the range before."""
    first, again, steps, sections, worked = [], [], [], [], []
    for _start in range(STARTS):
        program = TerminalProgram([sys.executable, "-m", "smm_tui", "--data", str(data)], columns=120, lines=40)
        with program:
            program.wait_for("Today|Bakery|1 of")
            program.settle()
            program.idle(AFTER_START)
            for key in ("g", "p", "0", "g"):  # it starts where it was left
                program.press(key)
            first.append(program.press("i"))
            for _time in range(presses):
                program.press("r")
            steps += [program.press(key) for key in "jjjk"]
            for key in "10" * (ROUNDS // STARTS):
                for other in ("g", "p", key, "g"):
                    program.press(other)
                before = _processor(program.pid)
                again.append(program.press("i"))
                worked.append((_processor(program.pid) - before, again[-1][1]))
            sections += [program.press("l") for _section in SECTIONS]
            for _time in range((4 - presses) % 4):  # the range it began with, for the next start
                program.press("r")
    return {
        "open, first visit": summary(first),
        "open again": summary(again),
        "open again, processor time": summary(worked),
        "next section": summary(sections),
        "cursor step": summary(steps),
    }


def _processor(pid: int) -> float:
    """Milliseconds that the threads of a process have run: other work on the machine does not count."""
    ran = (Path(task, "schedstat").read_text().split()[0] for task in Path(f"/proc/{pid}/task").iterdir())
    return sum(map(int, ran)) / 1e6


def _asked(data: Path, section: str, length: str) -> tuple[float, int]:
    """What a section asks and makes of it, on a fresh connection: milliseconds, rows."""
    workspace = Workspace(Settings(Paths(data, data / "smm-tui.db"), secrets="file"))
    span = workspace.insight_queries.span(length)
    start = time.perf_counter()
    shown = view(workspace, section, Asked(None, span, "type", 0))
    taken = (time.perf_counter() - start) * 1000
    workspace.close()
    return taken, len(shown.rows)


if __name__ == "__main__":
    main()
