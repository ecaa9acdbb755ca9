#!/usr/bin/env python3
"""This program, a bare Textual app, harlequin, tig and neomutt side by side on a pseudo-terminal of 120x40: start-up,
memory, bytes and milliseconds of each kind of key, and what they cost while nobody types. Writes a Markdown table.

usage: .venv/bin/python -m benchmarks.ssh [--harlequin PATH] [--output docs/benchmarks.md]
       .venv/bin/python -m benchmarks.ssh --quick      # in a minute: this program against its bars, nothing written

Harlequin lives in a virtual environment of its own (`pip install harlequin`), tig and neomutt come with the system;
what is not installed is told so. Every key was pressed before it is measured: only the start is cold.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import psutil

from benchmarks import large_workspace
from benchmarks.terminal_program import TerminalProgram
from smm_tui.sandbox.demo import prepare

ROOT = Path(__file__).parents[1]
POSTS = MESSAGES = 100_000
ROWS = 218
"""What the demo's longest list has, for the bare app."""
IDLE, IDLE_OURS, IDLE_QUICK = 10.0, 60.0, 5.0
"""Seconds without a key: for all programs, for this one, and where it must not take long."""
STARTS = 4
"""How often a program is started to see how long that takes; the first time writes byte code and is not counted."""
QUICK_KEYS = 4
"""Keys of a kind that are pressed where it must not take long."""
REST = "## Where a bar is missed"
"""The heading from which on the document is written by hand."""
BITS, ROUND_TRIP = 64.0, 200.0
"""The slow line: bits a millisecond, milliseconds there and back."""

STEP, PAGE, SCREEN, CLIENT = "cursor step", "page", "switch screen", "switch client"
HELP, PALETTE, QUESTION, LETTER = "help", "palette", "question", "typed letter"
MEASURES = (STEP, PAGE, SCREEN, CLIENT, HELP, PALETTE, QUESTION, LETTER)
BARE = "bare Textual app"
BOXES = (HELP, PALETTE, QUESTION)
"""Opened and closed again: the bytes of both keys together, the time of the opening."""


@dataclass(frozen=True)
class Walk:
    """Keys that lead to where a kind of key is measured, those that are measured, those that lead back."""

    keys: Sequence[str]
    there: Sequence[str] = ()
    back: Sequence[str] = ()


@dataclass(frozen=True)
class Subject:
    """A program to be measured; `ready` is what its first usable screen shows, missing: why it cannot be measured."""

    name: str
    command: Sequence[str]
    ready: str
    walks: Mapping[str, Walk]
    environ: Mapping[str, str] = field(default_factory=dict)
    missing: str = ""
    shell: str = ""
    """What its first picture shows, if that is less."""
    idle: float = IDLE


@dataclass
class Figures:
    """What was measured: seconds, bytes, megabytes, (milliseconds, bytes) of each key, share of a processor."""

    shell: float = 0.0
    start: float = 0.0
    first: int = 0
    memory: float = 0.0
    keys: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    idle: int = 0
    processor: float = 0.0


def measure(subject: Subject) -> Figures:
    """Run one program through its keys."""
    figures = Figures()
    starts = []
    for _again in range(STARTS):
        with TerminalProgram(subject.command, environ=subject.environ) as program:
            first = program.wait_for(subject.shell or subject.ready, timeout=60)
            starts.append((first, program.wait_for(subject.ready, timeout=60)))
            program.settle()
    figures.shell, figures.start = (statistics.median(times) for times in zip(*starts[1:], strict=True))
    with TerminalProgram(subject.command, environ=subject.environ) as program:
        program.wait_for(subject.ready, timeout=60)
        program.settle()
        figures.first = program.bytes
        for name, walk in subject.walks.items():
            for _warm_then_measured in range(2):
                press_all(program, walk.there)
                samples = press_all(program, walk.keys)
                press_all(program, walk.back)
            figures.keys[name] = pairs(samples) if name in BOXES else [s for s in samples if s[1]]
        tree = [psutil.Process(program.pid), *psutil.Process(program.pid).children(recursive=True)]
        figures.memory = sum(process.memory_info().rss for process in tree) / 1e6
        used, sent = processor_time(tree), program.bytes
        program.idle(subject.idle)
        figures.idle = program.bytes - sent
        figures.processor = (processor_time(tree) - used) / subject.idle
    return figures


def press_all(program: TerminalProgram, keys: Sequence[str]) -> list[tuple[float, int]]:
    return [program.press(key) for key in keys]


def pairs(samples: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
    both = zip(samples[::2], samples[1::2], strict=True)
    return [(opened[0], opened[1] + closed[1]) for opened, closed in both if opened[1]]


def processor_time(tree: Sequence[psutil.Process]) -> float:
    return float(sum(times.user + times.system for times in (process.cpu_times() for process in tree)))


# -- the programs

STEPS = ["down"] * 20 + ["up"] * 20
PAGES = ["pagedown"] * 3 + ["pageup"] * 3
TYPED = "We bake at night, so that the rolls are warm"


def ours(name: str, folder: Path, *verb: str) -> Subject:
    return Subject(
        name,
        [sys.executable, "-m", "smm_tui", "--data", str(folder), *verb],
        r"1 of \d",
        {
            STEP: Walk(STEPS, ["g", "d", "0", "a", "g", "g"]),
            PAGE: Walk(PAGES, ["g", "g"]),
            HELP: Walk(["?", "esc"] * 3),
            PALETTE: Walk([":", "esc"] * 3),
            SCREEN: Walk([key for screen in "cdspamifkwyt" for key in ("g", screen)]),
            CLIENT: Walk(list("123456") * 2, ["g", "c"]),
            QUESTION: Walk(["d", "n"] * 3, ["g", "p"]),
            LETTER: Walk(list(TYPED), ["2", "g", "c", "n"], ["esc"]),
        },
        {"PYTHONPATH": str(ROOT), "SMM_TUI_SECRETS": "file"},
        shell="0 All",
        idle=IDLE_OURS,
    )


def bare() -> Subject:
    walks = {
        STEP: Walk(STEPS),
        PAGE: Walk(PAGES),
        PALETTE: Walk(["ctrl+p", "esc"] * 3),
    }
    return Subject(BARE, [sys.executable, str(ROOT / "benchmarks/bare_app.py"), str(ROWS)], "Row 1", walks)


def harlequin(path: str, database: Path, home: Path) -> Subject:
    walks = {
        STEP: Walk(["down"] * 10 + ["up"] * 10, ["f6"]),
        SCREEN: Walk(["f2", "f6"] * 4),
        HELP: Walk(["f1", "esc"] * 3),
        PALETTE: Walk(["ctrl+p", "esc"] * 3),
        LETTER: Walk(list(TYPED), ["f2"]),
    }
    command = [path, "--no-download-tzdata", "-a", "sqlite", str(database)]
    return Subject("harlequin", command, "Database Connected", walks, {"HOME": str(home)}, _missing(path))


def tig(home: Path) -> Subject:
    walks = {
        STEP: Walk(STEPS, ["m"]),
        PAGE: Walk(PAGES),
        SCREEN: Walk(["t", "m"] * 4),
        HELP: Walk(["h", "q"] * 3),
    }
    return Subject(
        "tig", ["sh", "-c", f'cd "{ROOT}" && exec tig'], r"\[main\]", walks, {"HOME": str(home)}, _missing("tig")
    )


def neomutt(home: Path) -> Subject:
    path = home / "mail"
    if shutil.which("neomutt"):
        write_mailbox(path)
    (home / ".neomuttrc").write_text(f'set folder="{home}"\nset move=no\nset mark_old=no\n')
    walks = {
        STEP: Walk(STEPS, ["home"]),
        PAGE: Walk(PAGES),
        SCREEN: Walk(["enter", "i"] * 4),
        HELP: Walk(["?", "q"] * 3),
    }
    command = ["neomutt", "-R", "-F", str(home / ".neomuttrc"), "-f", str(path)]
    return Subject("neomutt", command, "Re: bread", walks, {"HOME": str(home)}, _missing("neomutt"))


def write_mailbox(path: Path) -> None:
    """Generated messages in the format of Unix."""
    with path.open("wb") as file:
        for number in range(MESSAGES):
            message = EmailMessage()
            message["From"] = f"Reader {number % 977} <reader{number % 977}@example.org>"
            message["To"] = "bakery@example.org"
            message["Date"] = f"{number % 28 + 1} Sep 2026 {number % 24:02}:{number % 60:02}:00 +0000"
            message["Subject"] = f"Re: bread, question {number}"
            message["Message-ID"] = f"<{number}@example.org>"
            message.set_content("When do you open, and what does a tray of rolls cost?\n")
            file.write(b"From reader@example.org Tue Sep  1 00:00:00 2026\n" + message.as_bytes() + b"\n")


def _missing(command: str) -> str:
    return "" if shutil.which(command) else "not installed here"


# -- the table


def table(results: Sequence[tuple[Subject, Figures | None]]) -> list[str]:
    """The lines of the table: a column for each program."""

    def row(title: str, cell: Callable[[Figures], str]) -> str:
        cells = [cell(figures) if figures else subject.missing for subject, figures in results]
        return f"| {title} | " + " | ".join(cells) + " |"

    lines = [
        "| | " + " | ".join(subject.name for subject, _figures in results) + " |",
        "|---" * (len(results) + 1) + "|",
        row("first picture, s", lambda f: f"{f.shell:.2f}"),
        row("usable screen, s", lambda f: f"{f.start:.2f}"),
        row("bytes until then", lambda f: f"{f.first:,}"),
        row("memory, MB", lambda f: f"{f.memory:.0f}"),
    ]
    for name in MEASURES:
        title = f"{name}, open and close" if name in BOXES else name
        lines.append(row(f"{title}: bytes", partial(_bytes, name=name)))
        lines.append(row(f"{title}: ms", partial(_time, name=name)))
    lines += [
        row(f"{name} at 64 kbit/s and 200 ms: ms", partial(_on_slow_line, name=name)) for name in (STEP, PAGE, SCREEN)
    ]
    lines += [
        row("all keys, p95: ms", _all_keys),
        row("without a key: bytes", lambda f: f"{f.idle:,}"),
        row("without a key: % of a processor", lambda f: f"{f.processor * 100:.1f}"),
    ]
    return lines


def _bytes(figures: Figures, name: str) -> str:
    sizes = sorted(size for _ms, size in figures.keys.get(name, ()))
    return f"{statistics.median(sizes):,.0f} ({sizes[-1]:,})" if sizes else "-"


def _time(figures: Figures, name: str) -> str:
    times = [ms for ms, _size in figures.keys.get(name, ())]
    return f"{statistics.median(times):.1f}" if times else "-"


def _on_slow_line(figures: Figures, name: str) -> str:
    samples = figures.keys.get(name, ())
    return f"{statistics.median(ms + ROUND_TRIP + size * 8 / BITS for ms, size in samples):,.0f}" if samples else "-"


def _all_keys(figures: Figures) -> str:
    times = sorted(ms for samples in figures.keys.values() for ms, _size in samples)
    return f"{times[round(len(times) * 0.95) - 1]:.0f}"


Results = Sequence[tuple[Subject, Figures | None]]


def bars(results: Results, bare: Figures) -> list[str]:
    """The lines of the table of what this program promises: a column for each of its data sets."""

    def most(figures: Figures, name: str) -> float:
        return max((size for _ms, size in figures.keys[name]), default=0)

    def p95(values: Sequence[float]) -> float:
        return sorted(values)[round(len(values) * 0.95) - 1]

    def sizes(figures: Figures, name: str) -> list[int]:
        return [size for _ms, size in figures.keys[name]]

    promised: list[tuple[str, float, Callable[[Figures], float]]] = [
        ("cursor step, median: bytes", 250, lambda f: statistics.median(sizes(f, STEP))),
        ("cursor step, p95: bytes", 600, lambda f: p95(sizes(f, STEP))),
        ("page down, median: bytes", 3_000, lambda f: statistics.median(sizes(f, PAGE))),
        ("switch screen, median: bytes", 6_000, lambda f: statistics.median(sizes(f, SCREEN))),
        ("switch client, median: bytes", 6_000, lambda f: statistics.median(sizes(f, CLIENT))),
        ("palette, help, question, opened and closed, most: bytes", 8_000, lambda f: max(most(f, b) for b in BOXES)),
        ("typed letter, median: bytes", 120, lambda f: statistics.median(sizes(f, LETTER))),
        ("until usable: bytes", 12_000, lambda f: f.first),
        ("first picture, against the bare app", 1.2, lambda f: f.shell / bare.shell),
        ("first data, against the bare app", 1.5, lambda f: f.start / bare.start),
        ("key to last byte, p95: ms", 20, lambda f: p95([ms for keys in f.keys.values() for ms, _size in keys])),
        ("memory: MB", 90, lambda f: f.memory),
        ("without a key: bytes", 0, lambda f: f.idle),
        ("without a key: % of a processor", 0.3, lambda f: f.processor * 100),
    ]
    ours = [(subject, figures) for subject, figures in results if subject.shell and figures]
    lines = ["| what | bar | " + " | ".join(subject.name for subject, _figures in ours) + " |"]
    lines.append("|---" * (len(ours) + 2) + "|")
    for what, bar, value in promised:
        cells = [value(figures) for _subject, figures in ours]
        shown = [f"{cell:,.4g}" if cell < 100 else f"{cell:,.0f}" for cell in cells]
        told = [text if round(cell, 2) <= bar else f"**{text}**" for text, cell in zip(shown, cells, strict=True)]
        lines.append(f"| {what} | {bar:,} | " + " | ".join(told) + " |")
    return lines


def document(results: Results, bare: Figures, rest: str) -> str:
    memory = psutil.virtual_memory().total / 1e9
    shape = f"{os.cpu_count()} processors ({platform.machine()}), {memory:.0f} GB, Python {platform.python_version()}"
    return f"""# Measured on a line

Written by `.venv/bin/python -m benchmarks.ssh` on {datetime.now(UTC):%Y-%m-%d}, but for the last part.
A shared virtual machine with {platform.system()}, {shape}, {os.getloadavg()[2]:.1f}
programs at work on them on average; a terminal of 120x40, all programs in one run, one after the other. Bytes are
medians with the most in brackets; milliseconds are medians, from a key to its last byte. Starts are the median of
{STARTS - 1} with a warm cache. The times on the slow line are computed: the time measured, 200 ms there and back, the
bytes at 64 kbit/s. Memory is the resident size of all processes of a program. Without a key: {IDLE:.0f} s,
this program {IDLE_OURS:.0f} s.

{chr(10).join(table(results))}

The demo has 6 clients and about 110 posts, and its worker publishes while it is measured: what goes live in a minute
without a key is drawn. The bare app is an OptionList of {ROWS} rows, neomutt has a mailbox of {MESSAGES:,} messages,
tig the history of this repository, harlequin the demo's database; for it, switching the screen is moving the focus
from the catalogue to the editor. `-`: the program has no such key, or not a comparable one.

## The bars

{chr(10).join(bars(results, bare))}

In bold: over the bar. Bytes are asserted for every screen, at a time that stands still, by `tests/e2e/test_bytes.py`;
times are only reported, by `benchmarks/ssh.py --quick` at the end of `.ci/run`.

{rest}"""


def measured(subjects: Sequence[Subject]) -> Results:
    """Run one program after the other."""
    results = []
    for subject in subjects:
        print(f"{subject.name} {subject.missing}", file=sys.stderr)
        results.append((subject, None if subject.missing else measure(subject)))
    return results


def quickly(subject: Subject) -> Subject:
    """The same with fewer keys and less waiting."""
    walks = {name: replace(walk, keys=walk.keys[:QUICK_KEYS]) for name, walk in subject.walks.items()}
    return replace(subject, walks=walks, idle=IDLE_QUICK)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--harlequin", default="harlequin", metavar="PATH", help="the program, if not on the path")
    parser.add_argument("--output", type=Path, default=ROOT / "docs/benchmarks.md")
    parser.add_argument("--quick", action="store_true", help="only the bars of this program, and write nothing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        # All run from byte code, as installed programs do, even where the environment forbids writing it.
        os.environ |= {"PYTHONPYCACHEPREFIX": str(home / "byte-code"), "PYTHONDONTWRITEBYTECODE": ""}
        prepare(home / "ours" / "demo")
        demo = ours("smm-tui, demo", home / "ours", "demo")
        if options.quick:
            results = measured([quickly(demo), quickly(bare())])
        else:
            large_workspace.build(home / "large", POSTS)
            database = home / "demo.db"
            shutil.copyfile(home / "ours" / "demo" / "smm-tui.db", database)
            large = ours(f"smm-tui, {POSTS:,} posts", home / "large")
            others = [harlequin(options.harlequin, database, home), tig(home), neomutt(home)]
            results = measured([demo, large, bare(), *others])
    reference = next(figures for subject, figures in results if subject.name == BARE and figures)
    if not options.quick:
        written = options.output.read_text(encoding="utf-8") if options.output.exists() else ""
        rest = REST + written.partition(REST)[2]
        options.output.write_text(document(results, reference, rest), encoding="utf-8")
        print("\n".join([*table(results), ""]))
    print("\n".join(bars(results, reference)))


if __name__ == "__main__":
    main()
