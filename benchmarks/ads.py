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

ROUNDS = 25
IN_SIGHT = 60  # lines that the screen asks for at once


def main() -> None:
    campaigns = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    days = int(sys.argv[2]) if len(sys.argv) > 2 else 365
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        build(data, campaigns, days, now=system_clock())
        queries = [_asked(data / "smm-tui.db") for _round in range(ROUNDS)]
        program = TerminalProgram([sys.executable, "-m", "smm_tui", "--data", str(data)], columns=120, lines=40)
        with program:
            program.wait_for("Bakery(.|\n)*Gym(.|\n)*keys")
            program.settle()
            opened, stepped = [], []
            for _round in range(ROUNDS):
                program.press("g")
                opened.append(program.press("a"))
                stepped += [program.press(key) for key in "jjk"]
                program.press("g")
                program.press("p")
    figures = {"campaigns": campaigns, "rows of figures": campaigns * ADS * days, "query": summary(queries)}
    print(json.dumps({**figures, "open": summary(opened[1:]), "cursor step": summary(stepped)}, indent=1))


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
