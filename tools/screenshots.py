"""Make the pictures of the screens in docs/images/ from the demo: ``.venv/bin/python tools/screenshots.py [FOLDER]``.

They are the same wherever and whenever this runs: the clock stands still, and what is random else is seeded here.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot

from smm_tui.app import WorkspaceApp
from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import SECOND, Instant
from smm_tui.sandbox.demo import demo_settings, prepare
from smm_tui.terminal.profile import LineProfile

OPENED: Instant = 1_796_907_720_000  # Thursday 10 December 2026, 13:02 UTC
WATCHED = (11, 26, 46)  # seconds after the opening at which the worker came by: the first posts went live
SIZES = ((80, 24), (120, 40))
SCENES = {
    "today": ("0", "g", "t"),
    "moderation": ("0", "g", "m", "j"),
    "person": ("0", "g", "m", "p"),
    "rules": ("0", "g", "r"),
    "questions": ("0", "g", "q"),
    "replies": ("0", "g", "e"),
    "bans": ("0", "g", "b"),
    "projects": ("0", "g", "p"),
    "calendar": ("1", "g", "c"),
    "week": ("1", "g", "c", "j", "w"),
    "warnings": ("1", "g", "c", "!"),
    "all_months": ("1", "g", "c", "o"),
    "composer": ("1", "g", "c", "j", "h", "enter"),  # Wednesday of next week
    "deliveries": ("0", "g", "d"),
    "insight": ("0", "g", "i"),
    "engagement": ("0", "g", "i", "l", "l"),
    "pages": ("0", "g", "f"),
    "page": ("1", "g", "f", "enter"),
    "setup": ("1", "g", "s"),
    "work": ("0", "g", "w"),
    "brief": ("1", "g", "k"),
    "goals": ("1", "g", "k", "l"),
    "scheme": ("1", "g", "s", "t", "l"),  # the places of the week
    "ads": ("0", "g", "a", "j", "o", "j"),
    "campaign": ("2", "g", "a", "j", "enter", "right"),
    "ad-set": ("2", "g", "a", "j", "l", "j", "e"),
}
PATIENCE = 200  # looks at a screen until it stands still


class Clock:
    """Stands still until it is set."""

    def __init__(self, now: Instant) -> None:
        self.now = now

    def __call__(self) -> Instant:
        return self.now


def main(target: Path) -> None:
    """Write NAME-WIDTHxHEIGHT.svg for every scene and size."""
    target.mkdir(parents=True, exist_ok=True)
    clock, dice = Clock(OPENED), random.Random(1)
    with (
        tempfile.TemporaryDirectory() as scratch,
        patch("os.urandom", dice.randbytes),
        patch.dict("os.environ", SMM_TUI_ACTOR="demo"),
        patch("time.time_ns", lambda: clock.now * 1_000_000),
    ):
        data = Path(scratch) / "demo"
        prepare(data, clock=clock)
        workspace = Workspace(demo_settings(data), clock=clock)
        try:
            for seconds in WATCHED:
                clock.now = OPENED + seconds * SECOND
                workspace.worker().run_once()
            for size in SIZES:
                asyncio.run(_photograph(workspace, size, target))
        finally:
            workspace.close()


async def _photograph(workspace: Workspace, size: tuple[int, int], target: Path) -> None:
    for name, keys in SCENES.items():
        app = WorkspaceApp(workspace, profile=LineProfile())
        async with app.run_test(size=size) as pilot:
            await _still(pilot)
            for key in keys:
                await pilot.press(key)
                await _still(pilot)
            path = target / f"{name}-{size[0]}x{size[1]}.svg"
            path.write_text(await _still(pilot), encoding="utf-8")
        print(path)


async def _still(pilot: Pilot[int]) -> str:
    """The screen, once it stays the same for a while: everything is loaded and drawn."""
    seen: list[str] = []
    await pilot.pause()
    for _look in range(PATIENCE):
        await pilot.pause(0.03)
        seen.append(pilot.app.export_screenshot(title="smm-tui"))
        if len(seen) > 4 and len(set(seen[-5:])) == 1:
            return seen[-1]
    raise SystemExit("The screen never stood still.")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "docs" / "images")
