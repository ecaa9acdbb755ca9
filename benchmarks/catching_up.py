"""The workspace while its worker's thread takes 100,000 comments in, and how long its event loop ever stood still.

usage: python -m benchmarks.catching_up FOLDER INSTANT RESULT

Begins at the signal SIGUSR2, and writes what it measured to the file RESULT when all are stored.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

from benchmarks.large_inbox import WORDS
from smm_tui.app import WorkspaceApp
from smm_tui.bootstrap import Workspace
from smm_tui.networks.community import Author, Item, ItemKind, Page
from smm_tui.sandbox.demo import demo_settings
from smm_tui.services.ingest import Ingest
from smm_tui.terminal.guard import terminal_guard
from smm_tui.terminal.profile import detect
from smm_tui.workers.inbox import PAUSE

COMMENTS = 100_000
PAGE = 100
LOOK = 0.005
"""Seconds between two looks at the event loop."""


class CatchingUp(WorkspaceApp):
    """Takes in what a page brings, as the inbox lane does, and watches its own loop."""

    def __init__(self, workspace: Workspace, result: Path, **more: object) -> None:
        super().__init__(workspace, **more)  # type: ignore[arg-type]
        self._result = result
        self._lags: list[float] = []
        self._done = threading.Event()

    def on_mount(self) -> None:
        """Wait for the signal."""
        super().on_mount()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR2, self._begin_to_read)

    def _begin_to_read(self) -> None:
        self._watching = asyncio.create_task(self._watch_loop())
        threading.Thread(target=self._read, daemon=True).start()

    async def _watch_loop(self) -> None:
        while not self._done.is_set():
            asked = time.perf_counter()
            await asyncio.sleep(LOOK)
            self._lags.append(time.perf_counter() - asked - LOOK)

    def _read(self) -> None:
        ingest, dice, now = Ingest(self.workspace.db), random.Random(3), self.workspace.clock()
        began = time.perf_counter()
        for start in range(0, COMMENTS, PAGE):
            source = ingest.source(1)
            if source is None:
                raise SystemExit("the account is gone")
            items = tuple(
                Item(
                    f"c{number}",
                    ItemKind.COMMENT,
                    Author(str(dice.randint(1, 2000)), "@a", "A"),
                    f"{dice.choice(WORDS)} {number}",
                    now - number,
                    thread_id=f"c{number // 20}",
                )
                for number in range(start, start + PAGE)
            )
            ingest.store(source, Page(items, {"at": start + 1}, more=True))
            time.sleep(PAUSE)
        seconds = time.perf_counter() - began
        self._done.set()
        lags = sorted(self._lags)
        found = {
            "messages a second": round(COMMENTS / seconds),
            "the loop stood still, p95 ms": round(lags[round(len(lags) * 0.95) - 1] * 1000, 1),
            "the loop stood still, p99.9 ms": round(lags[round(len(lags) * 0.999) - 1] * 1000, 1),
            "the loop stood still, most ms": round(lags[-1] * 1000, 1),
        }
        draft = self._result.with_suffix(".draft")
        draft.write_text(json.dumps(found), encoding="utf-8")
        draft.replace(self._result)


def main(folder: str, instant: str, result: str) -> None:
    workspace = Workspace(demo_settings(Path(folder)), clock=lambda: int(instant))
    profile = detect(os.environ)
    with terminal_guard():
        app = CatchingUp(workspace, Path(result), profile=profile, run_worker=False)
        app.run(mouse=profile.mouse)
    workspace.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
