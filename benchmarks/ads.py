#!/usr/bin/env python3
"""The campaign list over 500 campaigns with 365 days of figures: its query, and opening it from key to last byte.

usage: .venv/bin/python -m benchmarks.ads [CAMPAIGNS [DAYS]]
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.large_campaigns import ADS, build
from benchmarks.switching import summary
from benchmarks.terminal_program import TerminalProgram
from smm_tui.db.database import Database
from smm_tui.domain.clock import system_clock
from smm_tui.services.ads_queries import AdsQueries

ROUNDS = 24
STARTS = 6
AFTER_START = 3.0  # seconds in which the worker of the program has been imported
IN_SIGHT = 60  # lines that the screen asks for at once


def main() -> None:
    campaigns = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    days = int(sys.argv[2]) if len(sys.argv) > 2 else 365
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        build(data, campaigns, days, now=system_clock())
        queries = [_asked(data / "smm-tui.db") for _round in range(ROUNDS)]
        first, again, steps = _opened(data)
    figures = {"campaigns": campaigns, "rows of figures": campaigns * ADS * days, "query": summary(queries)}
    shown = {"open, first visit": summary(first), "open again": summary(again), "cursor step": summary(steps)}
    print(json.dumps({**figures, **shown}, indent=1))


def _opened(data: Path) -> tuple[list[tuple[float, int]], ...]:
    """From key to last byte: the first visit of a program that was just started, and later ones with another client
    chosen meanwhile, so that nothing of what was there is of use."""
    first, again, steps = [], [], []
    for _start in range(STARTS):
        program = TerminalProgram([sys.executable, "-m", "smm_tui", "--data", str(data)], columns=120, lines=40)
        with program:
            program.wait_for("Today|Bakery")
            program.settle()
            program.idle(AFTER_START)
            program.press("g")
            first.append(program.press("a"))
            steps += [program.press(key) for key in "jjjk"]
            for key in "10" * (ROUNDS // STARTS):
                for other in ("g", "p", key, "g"):
                    program.press(other)
                again.append(program.press("a"))
            for key in ("g", "p"):  # where the next start begins
                program.press(key)
    return first, again, steps


def _asked(path: Path) -> tuple[float, int]:
    """What the screen asks when it opens, on a fresh connection: milliseconds, lines."""
    db = Database(path)
    asked = AdsQueries(db)
    start = time.perf_counter()
    keys = asked.tree(asked.campaign_ids(), ())
    lines = asked.lines(keys[:IN_SIGHT])
    taken = (time.perf_counter() - start) * 1000
    db.close()
    return taken, len(lines)


if __name__ == "__main__":
    main()
