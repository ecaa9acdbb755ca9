"""Drives the workspace as a user does, and reads what stands on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from textual.pilot import Pilot

from smm_tui.app import WorkspaceApp
from smm_tui.bootstrap import Workspace
from smm_tui.screens.base import WorkspaceScreen

SIZES = ((80, 24), (120, 40))


@dataclass
class Stage:
    """A running workspace, without a worker."""

    app: WorkspaceApp
    pilot: Pilot[int]

    async def settle(self) -> None:
        """Wait until nothing is under way: keys, loads, commands and what they caused."""
        quiet = 0
        while quiet < 3:
            await self.pilot.pause()
            await self.app.desk.settled()
            busy = any(isinstance(s, WorkspaceScreen) and s._loading for s in self.app.screen_stack)
            quiet = 0 if busy or self.app.desk._tasks else quiet + 1
            await asyncio.sleep(0)

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait for something that happens while other work goes on."""
        while not reached():
            await self.pilot.pause(0.01)

    async def press(self, *keys: str) -> str:
        """Press keys, one after the other settled; the text of the screen after the last."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()
        return self.text

    async def type(self, text: str) -> str:
        """Type a text into what has the focus."""
        await self.pilot.press(*(_KEYS.get(char, char) for char in text))
        await self.settle()
        return self.text

    async def news(self) -> None:
        """Wait for what the last commit makes the screen load, without waiting for the watching thread."""
        self.app.reload()
        await self.settle()

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        return ["".join(segment.text for segment in strip) for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(line.rstrip() for line in self.lines)

    @property
    def screen(self) -> Any:
        """The topmost screen."""
        return self.app.screen

    @property
    def message(self) -> str:
        """What the status line was told."""
        return self.app.desk.message.text


_KEYS = {" ": "space", "/": "slash", ":": "colon", ".": "full_stop", "@": "at", "-": "minus", "_": "underscore"}


@asynccontextmanager
async def on_stage(
    workspace: Workspace, size: tuple[int, int] = (80, 24), *, home: str = "projects"
) -> AsyncIterator[Stage]:
    """Run the workspace without a terminal and without a worker, beginning at a main screen."""
    app = WorkspaceApp(workspace, run_worker=False)
    with patch("smm_tui.app.HOME", home):
        async with app.run_test(size=size) as pilot:
            stage = Stage(app, pilot)
            await stage.settle()
            yield stage
