#!/usr/bin/env python3
"""The plan of a month with 2,000 posts among 100,000: seen, lint, export, compare and apply, in milliseconds.

Opening the calendar and turning its pages are measured on a terminal, from the key until the posts are seen; reading
a month, by itself.

usage: .venv/bin/python -m benchmarks.plan [POSTS]
"""

from __future__ import annotations

import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from benchmarks.large_workspace import build
from benchmarks.terminal_program import TerminalProgram
from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.posts import Which
from smm_tui.domain.plan_document import PlanDocument, PlannedPost
from smm_tui.glyphs import UNICODE
from smm_tui.paths import Paths
from smm_tui.screens.calendar_state import View, read_month
from smm_tui.services import month_seal
from smm_tui.services.plan_file import markdown, source
from smm_tui.settings import Settings

PROJECT = 1
IN_MONTH = 2_000
ROWS = 1_000
ROUNDS = 20
LIMITS = {"open": 60, "next month": 50, "lint": 200, "apply added": 2_000, "apply changed": 2_000}
STEMS = "kovász kifli bejgli pogácsa kalács zsemle rozs mák dió szilva túró lekvár reggel délben este ünnep kávé tea"
ENDINGS = " t k hoz ból nak ért kor val ra ról nál kat ig ként ja juk ink"
WORDS = tuple(stem + ending for stem in STEMS.split() for ending in ENDINGS.split(" "))


def text_of(number: int) -> str:
    """A text of forty words, as long as posts are."""
    return " ".join(random.Random(number).choices(WORDS, k=40))


def fill(database: Path, month: date) -> None:
    """Give `PROJECT` a month of IN_MONTH posts, out of those that are there."""
    with closing(sqlite3.connect(database)) as connection, connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM post ORDER BY id LIMIT ?", (IN_MONTH,))]
        for number, post in enumerate(ids):
            day = month + timedelta(days=number % 28)
            wall = f"{day}T{number // 28 % 24:02}:{number % 60:02}:00"
            connection.execute(
                "UPDATE post SET project_id = ?, planned_wall = ?, planned_at = 1000 * unixepoch(?),"
                " state = 'planned', text = ? WHERE id = ?",
                (PROJECT, wall, wall, text_of(number), post),
            )
            connection.execute(
                "UPDATE delivery SET account_id = ?, state = 'planned',"
                " due_at = (SELECT planned_at FROM post WHERE id = ?) WHERE post_id = ?",
                (PROJECT, post, post),
            )


class Took(float):
    """Milliseconds; `cpu` is how many of them this process computed, which others at work do not change."""

    cpu: float


def timed(work: Callable[[], object]) -> Took:
    started, computed = time.perf_counter(), time.process_time()
    work()
    took = Took((time.perf_counter() - started) * 1000)
    took.cpu = (time.process_time() - computed) * 1000
    return took


def main() -> int:
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    month = (date.today().replace(day=1) + timedelta(days=62)).replace(day=1)
    when = month.year, month.month
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        build(data, posts)
        fill(data / "smm-tui.db", month)
        workspace = Workspace(Settings(Paths(data, data / "smm-tui.db"), secrets="file"))
        queries, service = workspace.plan_queries, workspace.plans
        lint = [timed(lambda: queries.lint(PROJECT, *when)) for _ in range(ROUNDS)]
        export = [timed(lambda: queries.export(PROJECT, *when, "md")) for _ in range(ROUNDS)]
        file = queries.export(PROJECT, *when, "md").encode()
        compare = [timed(lambda: service.compare(PROJECT, *when, *source.read(file, "md"))) for _ in range(ROUNDS)]
        with workspace.db.unit() as unit:
            month_seal.seal(unit, PROJECT, "{:04}-{:02}".format(*when), by="benchmark")
        standing = [timed(lambda: workspace.review_queries.standing(PROJECT, *when)) for _ in range(ROUNDS)]
        fact = [timed(lambda: workspace.fact_queries.month(PROJECT, *when)) for _ in range(ROUNDS)]
        workbook = queries.workbook(PROJECT, *when)
        document, _flaws = markdown.read(file.decode())
        edited = [
            replace(post, text=post.text + " új") if position < ROWS else post
            for position, post in enumerate(document.posts)
        ]
        changed = markdown.write(replace(document, posts=tuple(edited))).encode()
        new = markdown.write(
            PlanDocument(tuple(replace(_new(month, number), text=text_of(number + posts)) for number in range(ROWS)))
        ).encode()
        view = View(PROJECT, month)
        read = [timed(lambda: read_month(workspace, view, UNICODE)) for _ in range(ROUNDS)]
        find = [timed(lambda: workspace.post_queries.found_ids(Which(words=("zebra",)))) for _ in range(ROUNDS)]
        opened, turned = on_a_terminal(data, month)
        results = {
            "posts": posts,
            "in the month": IN_MONTH,
            "read the month": summary(read),
            "open": summary(opened),
            "next month": summary(turned),
            "find in all months": summary(find),
            "lint": summary(lint),
            "export": summary(export),
            "compare": summary(compare),
            "deviations": summary(standing),
            "plan against fact": summary(fact),
            "workbook": summary([timed(lambda: queries.workbook(PROJECT, *when))]),
            "read workbook": summary([timed(lambda: source.read(workbook, "xlsx"))]),
            "page": summary([timed(lambda: queries.export(PROJECT, *when, "html"))]),
            "apply changed": summary([timed(lambda: service.apply(PROJECT, *when, *source.read(changed, "md")))]),
            "apply added": summary([timed(lambda: service.apply(PROJECT, *when, *source.read(new, "md")))]),
        }
        workspace.close()
    print(json.dumps(results, indent=1))
    return int(any(results[name]["p95 ms"] > limit for name, limit in LIMITS.items()))


def on_a_terminal(data: Path, month: date) -> tuple[list[float], list[float]]:
    """Opening the calendar at the month, and turning to it from the month before."""
    title = f"{month:%B %Y}.*approved"
    command = [sys.executable, "-m", "smm_tui", "--data", str(data)]
    with TerminalProgram(command, columns=120, lines=40) as program:
        program.wait_for("Bakery(.|\n)*Gym(.|\n)*keys")
        for key in (str(PROJECT), "g", "c", "."):
            program.press(key)
        program.wait_for("Mon +Tue")
        for _month in range(2):
            program.press("pagedown")
        program.wait_for(title)
        opened, turned = [], []
        for _round in range(ROUNDS):
            program.press("pageup")
            turned.append(program.seen("pagedown", title))
            program.press("g")
            program.press("t")
            program.press("g")
            opened.append(program.seen("c", title))
    return opened, turned


def _new(month: date, number: int) -> PlannedPost:
    from datetime import time as clock

    return PlannedPost(month + timedelta(days=number % 28), clock(number // 28 % 24, number % 60, 7), "selling")


def summary(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    computed = [took.cpu for took in times if isinstance(took, Took)]
    return {
        **({"median cpu ms": round(statistics.median(computed), 1)} if computed else {}),
        "median ms": round(statistics.median(ordered), 1),
        "p95 ms": round(ordered[max(0, round(len(ordered) * 0.95) - 1)], 1),
    }


if __name__ == "__main__":
    sys.exit(main())
