"""The ads side of a worker in a process of its own, for tests that kill it: ``killed_ads.py FOLDER OFFSET_MS``."""

from __future__ import annotations

import sys
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import system_clock
from smm_tui.paths import Paths
from smm_tui.settings import Settings


def main() -> None:
    folder, offset = Path(sys.argv[1]), int(sys.argv[2])
    settings = Settings(paths=Paths(folder, folder / "smm-tui.db"), secrets="file", actor="tester")
    Workspace(settings, clock=lambda: system_clock() + offset).worker().advertise_once()


if __name__ == "__main__":
    main()
