"""Threads for work that must not be done where the screen is drawn."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

Result = TypeVar("Result")


class Lane:
    """A queue of jobs worked off by a few threads, started at the first job. One thread: one job at a time, in order.

    The threads are daemons: a job that hangs does not keep the program from ending. `close` waits for what matters.
    """

    def __init__(self, name: str, threads: int = 1) -> None:
        self._name = name
        self._size = threads
        self._jobs: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def submit(self, job: Callable[[], Result]) -> Future[Result]:
        """Queue a job; RuntimeError after `close`."""
        if self._closed:
            raise RuntimeError(f"lane {self._name} is closed")
        if len(self._threads) < self._size:
            thread = threading.Thread(target=self._work, name=f"{self._name}-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()
        future: Future[Result] = Future()
        self._jobs.put((future, job))
        return future

    async def run(self, job: Callable[[], Result]) -> Result:
        """Do a job on this lane and wait for it."""
        return await asyncio.wrap_future(self.submit(job))

    def close(self, patience: float) -> None:
        """Take no more jobs; wait up to `patience` seconds for those already queued."""
        self._closed = True
        for _thread in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(patience)

    def _work(self) -> None:
        while (item := self._jobs.get()) is not None:
            future, job = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = job()
            except BaseException as error:  # noqa: BLE001 - whoever waits for the job gets it
                future.set_exception(error)
            else:
                future.set_result(result)
            del future, job, item


async def apart(job: Callable[[], Result], name: str = "apart") -> Result:
    """Do one slow job, such as a call over the network, on a thread of its own."""
    future: Future[Result] = Future()

    def work() -> None:
        future.set_running_or_notify_cancel()  # from here on it cannot be cancelled
        try:
            result = job()
        except BaseException as error:  # noqa: BLE001 - whoever waits for the job gets it
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=work, name=name, daemon=True).start()
    return await asyncio.wrap_future(future)
