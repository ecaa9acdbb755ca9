#!/usr/bin/env python3
"""Switching client and month in the calendar with 100,000 posts: milliseconds and bytes from key to last byte.

usage: .venv/bin/python -m benchmarks.switching [POSTS]
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.large_workspace import build
from benchmarks.terminal_program import TerminalProgram

ROUNDS = 8


def summary(samples: list[tuple[float, int]]) -> dict[str, float]:
    """Median and 95th percentile of the times, median and most of the bytes."""
    times, sizes = sorted(ms for ms, _ in samples), sorted(size for _, size in samples)
    return {
        "n": len(samples),
        "median ms": round(statistics.median(times), 1),
        "p95 ms": round(times[max(0, round(len(times) * 0.95) - 1)], 1),
        "median bytes": round(statistics.median(sizes)),
        "most bytes": sizes[-1],
    }


def main() -> None:
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        build(data, posts)
        program = TerminalProgram([sys.executable, "-m", "smm_tui", "--data", str(data)], columns=120, lines=40)
        with program:
            program.wait_for("Bakery(.|\n)*Gym(.|\n)*keys")
            program.settle()
            for key in ("g", "c"):
                program.press(key)
            program.wait_for("Mon +Tue")
            for key in ("1", "2", "pagedown", "pageup"):  # warm
                program.press(key)
            client = [program.press(key) for _ in range(ROUNDS) for key in "123456"]
            month = [
                program.press(key) for _ in range(ROUNDS) for key in ("pagedown", "pagedown", "pageup", "pageup")
            ]
            day = [program.press(key) for _ in range(ROUNDS) for key in ("right", "down", "left", "up")]
    print(json.dumps({
        "posts": posts,
        "switch client": summary(client),
        "switch month": summary(month),
        "move a day": summary(day),
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
