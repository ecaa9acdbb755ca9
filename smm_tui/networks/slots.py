"""A secret slot held alone while its secret is renewed, without holding up the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from smm_tui.networks.ports import SecretSlot

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")


class Lane:
    """A secret slot used from one thread alone, as its locks may demand."""

    def __init__(self, slot: SecretSlot, thread: ThreadPoolExecutor) -> None:
        self._slot = slot
        self._thread = thread

    async def _run(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    async def read(self) -> dict[str, str]:
        """The stored values, empty when there are none."""
        return await self._run(self._slot.read) or {}

    async def write(self, values: Mapping[str, str]) -> None:
        """Replace all values at once."""
        await self._run(lambda: self._slot.write(values))


@asynccontextmanager
async def alone(slot: SecretSlot) -> AsyncIterator[Lane]:
    """Hold the slot's lock while the event loop goes on.

    The lock is taken, used and given back on a thread of its own, for it blocks while another process holds it.
    """
    from concurrent.futures import ThreadPoolExecutor

    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="smm-session")
    lane = Lane(slot, thread)
    lock = slot.exclusive()
    try:
        entered = thread.submit(lock.__enter__)
        try:
            await asyncio.shield(asyncio.wrap_future(entered))
            yield lane
        finally:  # in turn behind the entering, also when the wait for it was cancelled
            thread.submit(lambda: lock.__exit__(None, None, None) if entered.exception() is None else None)
    finally:
        thread.shutdown(wait=False)
