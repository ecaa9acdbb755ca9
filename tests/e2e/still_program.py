"""The workspace on a terminal at a given time and without a worker, so that it sends the same bytes in every run.

usage: python -m tests.e2e.still_program FOLDER INSTANT [running | breaking]

The clock stands still; `running`, only until the signal SIGUSR1; `breaking`, the program fails at the key 0.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from textual import events

from smm_tui.app import WorkspaceApp
from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import MINUTE
from smm_tui.sandbox.demo import demo_settings
from smm_tui.terminal.guard import terminal_guard
from smm_tui.terminal.profile import detect

NOW = 1_790_000_000_000 // MINUTE * MINUTE
"""A Monday, 14:13 UTC."""


class BreakingApp(WorkspaceApp):
    """Has a mistake outside of any action."""

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and event.key == "0":
            raise RuntimeError("broken on purpose")
        await super().on_event(event)


def main(folder: str, instant: str, mode: str = "") -> None:
    begun: list[float] = []

    def clock() -> int:
        return int(instant) + (round((time.monotonic() - begun[0]) * 1000) if begun else 0)

    if mode == "running":
        signal.signal(signal.SIGUSR1, lambda *_: begun.append(time.monotonic()))

    workspace = Workspace(demo_settings(Path(folder)), clock=clock)
    profile = detect(os.environ)
    with terminal_guard():
        app = (BreakingApp if mode == "breaking" else WorkspaceApp)(workspace, profile=profile, run_worker=False)
        status = app.run(mouse=profile.mouse)
    workspace.close()
    sys.exit(1 if app.failure else status)


if __name__ == "__main__":
    main(*sys.argv[1:])
