"""Work on the newest value only: while one is worked on, those that come are skipped except the last."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Latest(Generic[Value]):
    """At most one run of `work` at a time; `start` runs a coroutine beside the screen, and tells what it raises.

    Work that fails does not take what waits behind it along: that is worked on all the same.
    """

    def __init__(
        self,
        start: Callable[[Coroutine[Any, Any, None]], None],
        work: Callable[[Value], Coroutine[Any, Any, None]],
    ) -> None:
        self._start = start
        self._work = work
        self._waiting: list[Value] = []
        self._busy = False

    def give(self, value: Value) -> None:
        """Work on this value, now or when the present one is done."""
        self._waiting = [value]
        if not self._busy:
            self._busy = True
            self._start(self._run())

    def forget(self) -> None:
        """What waits is no longer wanted."""
        self._waiting = []

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._work(self._waiting.pop())
        except Exception:
            self._busy = False
            if self._waiting:
                self.give(self._waiting[-1])
            raise
        self._busy = False
