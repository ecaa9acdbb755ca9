"""The workspace on a terminal at a given time and without a worker, so that it sends the same bytes in every run.

usage: python -m tests.e2e.still_program FOLDER INSTANT [running]

The clock stands still unless it is `running`.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from smm_tui.app import WorkspaceApp
from smm_tui.bootstrap import Workspace
from smm_tui.sandbox.demo import demo_settings
from smm_tui.terminal.guard import terminal_guard
from smm_tui.terminal.profile import detect


def main(folder: str, instant: str, mode: str = "") -> None:
    begun, at = time.monotonic(), int(instant)

    def clock() -> int:
        return at + (round((time.monotonic() - begun) * 1000) if mode == "running" else 0)

    workspace = Workspace(demo_settings(Path(folder)), clock=clock)
    profile = detect(os.environ)
    with terminal_guard():
        WorkspaceApp(workspace, profile=profile, run_worker=False).run(mouse=profile.mouse)
    workspace.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
