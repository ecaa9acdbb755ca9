"""Work beside the screen: what is typed while saving fails is saved, and what comes too late goes to the log."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from smm_tui.bootstrap import Workspace
from smm_tui.glyphs import UNICODE
from smm_tui.keymap import Keymap
from smm_tui.screens.desk import Desk
from smm_tui.screens.latest import Latest


class Saving:
    """Saves what it is given, once its gate is open; the values in `broken` fail."""

    def __init__(self, *broken: str) -> None:
        self.gate = asyncio.Event()
        self.broken = broken
        self.saved: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.latest: Latest[str] = Latest(self._start, self._save)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.create_task(work))

    async def _save(self, value: str) -> None:
        await self.gate.wait()
        if value in self.broken:
            raise OSError(value)
        self.saved.append(value)

    async def ended(self) -> list[str]:
        """Open the gate and wait for everything; the errors that were raised."""
        self.gate.set()
        errors = []
        for task in self.tasks:  # it grows meanwhile
            errors += [str(error) for error in await asyncio.gather(task, return_exceptions=True) if error]
        return errors


async def test_only_the_newest_of_what_waits_is_worked_on():
    saving = Saving()
    for value in ("a", "ab", "abc"):
        saving.latest.give(value)
        await asyncio.sleep(0)
    assert (await saving.ended(), saving.saved) == ([], ["a", "abc"])


async def test_what_waits_behind_work_that_fails_is_worked_on_and_the_failure_is_told():
    saving = Saving("a")
    for value in ("a", "ab", "abc"):
        saving.latest.give(value)
        await asyncio.sleep(0)
    assert (await saving.ended(), saving.saved) == (["a"], ["abc"])

    saving.latest.give("abcd")
    assert (await saving.ended(), saving.saved) == (["a"], ["abc", "abcd"])


async def test_what_is_forgotten_is_not_worked_on_after_a_failure():
    saving = Saving("a")
    saving.latest.give("a")
    await asyncio.sleep(0)
    saving.latest.give("ab")
    saving.latest.forget()
    assert (await saving.ended(), saving.saved) == (["a"], [])


async def test_a_write_that_comes_after_the_end_goes_to_the_log(empty_workspace: Workspace):
    desk = Desk(empty_workspace, None, keymap=Keymap(), glyphs=UNICODE)  # type: ignore[arg-type]
    desk.close()

    desk.later(lambda w: None)

    assert "lane write is closed" in empty_workspace.settings.paths.log.read_text()
