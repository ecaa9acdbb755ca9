#!/usr/bin/env python3
"""Start-up against a bare Textual program, in turn, in one run: the shell painted, and the first data.

Both run from byte code, as an installed program does, even where the environment forbids writing it.

usage: .venv/bin/python -m benchmarks.startup [RUNS]
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.large_workspace import build
from benchmarks.terminal_program import TerminalProgram


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        build(data, 2_000)
        environ = {"PYTHONPYCACHEPREFIX": str(Path(folder) / "byte-code"), "PYTHONDONTWRITEBYTECODE": ""}
        times: dict[str, list[float]] = {"bare": [], "shell": [], "data": []}
        for run in range(runs + 1):
            with TerminalProgram([sys.executable, "benchmarks/bare_app.py"], environ=environ) as bare:
                first = bare.wait_for("bare and ready")
            command = [sys.executable, "-m", "smm_tui", "--data", str(data)]
            with TerminalProgram(command, environ=environ) as program:
                shell = program.wait_for(r"0 All")
                shown = program.wait_for(r"Bakery(.|\n)*days|Bakery +\S+ \d")
            if run:  # the first one writes the byte code of both
                for name, seconds in zip(times, (first, shell, shown), strict=True):
                    times[name].append(seconds)
    median = {name: statistics.median(values) for name, values in times.items()}
    print(json.dumps({
        "runs": runs,
        "bare Textual app painted, s": round(median["bare"], 3),
        "shell painted, s": round(median["shell"], 3),
        "first data, s": round(median["data"], 3),
        "shell / bare": round(median["shell"] / median["bare"], 2),
        "data / bare": round(median["data"] / median["bare"], 2),
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
