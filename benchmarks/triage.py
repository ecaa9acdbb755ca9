#!/usr/bin/env python3
"""Triage on a pseudo-terminal of 120x40: how fast the next message is there, and how many that makes in a minute;
beside it neomutt with a mailbox of 100,000 messages.

usage: .venv/bin/python -m benchmarks.triage [MESSAGES]

Opens the queue with 1,000 messages and with MESSAGES (1,000,000) in the database, deals with 500 of them at machine
speed, searches, and takes 100,000 comments in while keys are pressed. A verdict counts as done when the next message
stands beside the queue. What a person does at 2 s a decision is reckoned: the time measured, and 2 s before each key.
"""

from __future__ import annotations

import json
import shutil
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks.large_inbox import build, name_of
from benchmarks.ssh import neomutt
from benchmarks.terminal_program import TerminalProgram
from smm_tui.domain.clock import MINUTE

NOW = 1_790_000_000_000 // MINUTE * MINUTE
VERDICTS = 500
CALM = 100
"""Verdicts that each wait until the program has done with the one before, as people's do."""
DECISION = 2.0
KEYS = "aaahaxaf"
"""The verdicts, over and over: close, hide, spam, flag."""


def start(data: Path) -> TerminalProgram:
    """The workspace on these data, with a clock that goes, and without a worker."""
    command = [sys.executable, "-m", "tests.e2e.still_program", str(data), str(NOW), "running"]
    root = str(Path(__file__).parents[1])
    return TerminalProgram(command, environ={"PYTHONPATH": root, "SMM_TUI_SECRETS": "file"})


def until(program: TerminalProgram, key: str, sight: str, timeout: float = 20.0) -> tuple[float, int]:
    """Press a key; milliseconds and bytes until something stands on the screen."""
    before, began = program.bytes, time.perf_counter()
    program.type(key)
    while sight not in program.text:
        if time.perf_counter() - began > timeout:
            raise TimeoutError(f"{sight!r} did not appear after {key!r}:\n{program.text}")
        program._read(0.005)
    return (program._last - began) * 1000, program.bytes - before


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of them lies."""
    return sorted(values)[max(0, round(len(values) * share) - 1)]


def opening(data: Path) -> float:
    """Milliseconds from `g m` until the first message stands there; the median of three programs."""
    times = []
    for _round in range(3):
        with start(data) as program:
            program.wait_for("1 of")
            program.type("g", "t")
            program.settle(0.5)
            program.type("g")
            times.append(until(program, "m", f"> {name_of(1)}")[0])
    return statistics.median(times)


def triage(data: Path) -> dict[str, Any]:
    """Deal with messages at machine speed, then at a person's."""
    with start(data) as program:
        program.wait_for("1 of")
        program.settle()
        program.type("g")
        until(program, "m", f"> {name_of(1)}")
        program.settle(1.0)
        samples = []
        process = psutil.Process(program.pid)
        used, began = _processor(process), time.perf_counter()
        for number in range(VERDICTS):
            key = KEYS[number % len(KEYS)]
            samples.append(until(program, key, f"> {name_of(number + 2)}"))
        fast = VERDICTS / (time.perf_counter() - began) * 60
        program.settle(1.0)
        used = (_processor(process) - used) / VERDICTS
        calm = []
        for number in range(VERDICTS, VERDICTS + CALM):
            calm.append(until(program, KEYS[number % len(KEYS)], f"> {name_of(number + 2)}")[0])
            program.settle()
        memory = process.memory_info().rss / 2**20
        searches = []
        for word in ("bread", "parcel", "szállítás", "iphone"):
            program.type("/")
            program.settle()
            program.type(word[:-1])
            program.settle()
            searches.append(program.press(word[-1])[0])
            program.press("esc")
    paced = 60 / (DECISION + statistics.mean(calm) / 1000)
    times, sizes = [ms for ms, _ in samples], [float(size) for _, size in samples]
    return {
        "verdict, median ms": round(statistics.median(times), 1),
        "verdict, p95 ms": round(percentile(times, 0.95), 1),
        "verdict, processor time of all threads, ms": round(used * 1000, 1),
        "verdict of a program at rest, median ms": round(statistics.median(calm), 1),
        "verdict of a program at rest, p95 ms": round(percentile(calm, 0.95), 1),
        "verdict, median bytes": round(statistics.median(sizes)),
        "verdict, p95 bytes": round(percentile(sizes, 0.95)),
        "verdict, most bytes": round(max(sizes)),
        "items a minute at machine speed": round(fast),
        f"items a minute at {DECISION:g} s a decision": round(paced, 1),
        "search, letter to last byte, most ms": round(max(searches)),
        "memory, MB": round(memory),
    }


def _processor(process: psutil.Process) -> float:
    """Seconds of processor time that a program has used."""
    times = process.cpu_times()
    return float(times.user + times.system)


def catch_up(data: Path) -> dict[str, Any]:
    """Press keys while the program takes comments in, on a thread of its own as its worker does."""
    told = data / "catch-up.json"
    command = [sys.executable, "-m", "benchmarks.catching_up", str(data), str(NOW), str(told)]
    root = str(Path(__file__).parents[1])
    answers = []
    with TerminalProgram(command, environ={"PYTHONPATH": root, "SMM_TUI_SECRETS": "file"}) as program:
        program.wait_for(r"\d of \d")
        program.settle()
        program.type("g", "m")
        program.wait_for("> Person")
        program.settle()
        program.signal(signal.SIGUSR2)  # begin
        while not told.exists():
            for key in "jjjk":
                before = program.bytes
                began = time.perf_counter()
                program.type(key)
                while program.bytes == before and time.perf_counter() - began < 2:
                    program._read(0.002)
                answers.append((time.perf_counter() - began) * 1000)
                program.idle(0.05)
    found: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return found | {
        "keys pressed meanwhile": len(answers),
        "key to first byte, median ms": round(statistics.median(answers), 1),
        "key to first byte, p95 ms": round(percentile(answers, 0.95), 1),
        "key to first byte, most ms": round(max(answers), 1),
    }


def beside(home: Path) -> dict[str, Any]:
    """neomutt, the fastest mail reader at hand, on a mailbox of 100,000 messages."""
    if not shutil.which("neomutt"):
        return {"not installed here": True}
    subject = neomutt(home)
    with TerminalProgram(subject.command, environ=dict(subject.environ)) as program:
        opened = program.wait_for(subject.ready)
        program.settle()
        memory = psutil.Process(program.pid).memory_info().rss / 2**20
        steps = [program.press("j") for _step in range(30)]
        messages = [program.press(key) for key in ["enter", "j", "j", "j", "i"]]
    sizes = [size for _ms, size in [*steps, *messages]]
    return {
        "open, s": round(opened, 2),
        "memory, MB": round(memory),
        "bytes a key, least to most": [min(sizes), max(sizes)],
        "step, median ms": round(statistics.median(ms for ms, _size in steps), 1),
    }


def main() -> None:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        build(small, 1_000, 1_000, now=NOW)
        build(large, messages, min(messages, 20_000), now=NOW)
        first, second = opening(small), opening(large)
        result = {
            "messages": messages,
            "open the queue, 1,000 messages, ms": round(first),
            "open the queue, ms": round(second),
            "ratio": round(second / first, 2),
            **triage(large),
            "catch-up of 100,000 comments": catch_up(large),
            "neomutt, 100,000 messages": beside(Path(folder)),
        }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
