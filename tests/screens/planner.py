"""The program in a terminal of a test, driven by keys, at rest whenever the test looks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.pilot import Pilot

from smm_tui.app import WorkspaceApp
from smm_tui.bootstrap import Workspace


class Planner:
    """Presses keys and reads the screen."""

    def __init__(self, app: WorkspaceApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys, each when the one before has had its effect."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type a text as fast as it goes."""
        await self.pilot.press(*("space" if char == " " else char for char in text))
        await self.settle()

    async def rub_out(self, count: int) -> None:
        """Rub out so many letters."""
        await self.pilot.press(*["backspace"] * count)
        await self.settle()

    async def paste(self, text: str) -> None:
        """Paste a text where the cursor is."""
        assert self.app.screen.focused is not None
        self.app.screen.focused.post_message(events.Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Wait until everything that was begun has ended, and the screen shows how things are now."""
        for _round in range(2):
            await self.pilot.pause()
            await self.app.desk.settled()
            if self.app.seen is not None:
                self.app.seen.reload()
            await self.app.desk.settled()
        await self.pilot.pause()

    @property
    def said(self) -> str:
        """What the status line says."""
        return self.app.desk.message.text

    @property
    def lines(self) -> list[str]:
        """What is seen."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@asynccontextmanager
async def planning(
    workspace: Workspace, *, size: tuple[int, int] = (80, 24), client: int = 1
) -> AsyncIterator[Planner]:
    """The calendar of a client."""
    app = WorkspaceApp(workspace, run_worker=False)
    async with app.run_test(size=size) as pilot:
        planner = Planner(app, pilot)
        await planner.settle()
        await planner.press(str(client), "g", "c")
        yield planner
