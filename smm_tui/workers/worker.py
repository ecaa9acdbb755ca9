"""The whole worker: posts go out, and beside them the inbox lane sends verdicts and reads what people write."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from smm_tui.db.database import Database
from smm_tui.services import lease
from smm_tui.workers.inbox import InboxLane, InboxReport
from smm_tui.workers.runner import PassReport, Runner


class Worker:
    """A Runner and its inbox lane, under one lease."""

    def __init__(self, db: Database, runner: Runner, lane: InboxLane) -> None:
        self._db = db
        self._runner = runner
        self._lane = lane

    def run_once(self, stop: threading.Event | None = None) -> PassReport:
        """Posts first, then one pass over actions and inboxes. Does nothing while another worker leads."""
        report = self._runner.run_once(stop)
        if report.led:
            read = self.read_once(stop)
            if read is not None:
                report.messages, report.actions = read.new, read.actions
                report.waiting_for_human += read.waiting_for_human
        return report

    def read_once(
        self, stop: threading.Event | None = None, *, accounts: Iterable[int] | None = None
    ) -> InboxReport | None:
        """One pass over actions and inboxes alone; None while another worker leads."""
        if not lease.take(self._db, self._runner.owner):
            return None
        done = threading.Event()
        heart = threading.Thread(target=self._beat, args=(done,), daemon=True)
        heart.start()
        try:
            return self._lane.run_once(stop, accounts=accounts)
        finally:
            done.set()
            heart.join()
            lease.release(self._db, self._runner.owner)

    def run(self, stop: threading.Event, on_pass: Callable[[PassReport], None] = lambda report: None) -> None:
        """Work until `stop` is set; what is under way then is finished first."""
        lane = threading.Thread(target=self._lane.run, args=(stop,), name="inbox")
        lane.start()
        try:
            self._runner.run(stop, on_pass)
        finally:
            stop.set()
            lane.join()

    def _beat(self, done: threading.Event) -> None:
        while not done.wait(lease.TERM / 3000):
            lease.take(self._db, self._runner.owner)
