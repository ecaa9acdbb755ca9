"""The whole worker: posts go out; lanes send verdicts, change pages, read inboxes and figures, run ads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from smm_tui.db.database import Database
from smm_tui.services import lease
from smm_tui.workers.ads import AdsLane, AdsReport
from smm_tui.workers.inbox import InboxLane, InboxReport
from smm_tui.workers.metrics import FiguresReport, MetricsLane
from smm_tui.workers.profile import ProfileLane, ProfileReport
from smm_tui.workers.runner import PassReport, Runner

Result = TypeVar("Result")


class Worker:
    """A Runner and its lanes, under one lease."""

    def __init__(
        self,
        db: Database,
        runner: Runner,
        lane: InboxLane,
        pages: ProfileLane,
        metrics: MetricsLane,
        ads: AdsLane,
    ) -> None:
        self._db = db
        self._runner = runner
        self._lane = lane
        self._pages = pages
        self._metrics = metrics
        self._ads = ads

    def run_once(self, stop: threading.Event | None = None) -> PassReport:
        """Posts first, then one pass over actions and inboxes, pages, figures, ads. Nothing while another leads."""
        report = self._runner.run_once(stop)
        if report.led:
            read = self.read_once(stop)
            if read is not None:
                report.messages, report.actions = read.new, read.actions
                report.waiting_for_human += read.waiting_for_human
            shown = self.show_once(stop)
            if shown is not None:
                report.pages = shown.applied
                report.waiting_for_human += shown.waiting_for_human
            counted = self.count_once(stop)
            if counted is not None:
                report.figures = counted.figures
            advertised = self.advertise_once(stop)
            if advertised is not None:
                report.ads = advertised.calls
                report.waiting_for_human += advertised.waiting_for_human
        return report

    def read_once(
        self, stop: threading.Event | None = None, *, accounts: Iterable[int] | None = None
    ) -> InboxReport | None:
        """One pass over actions and inboxes alone; None while another worker leads."""
        return self._leading(lambda: self._lane.run_once(stop, accounts=accounts))

    def show_once(
        self, stop: threading.Event | None = None, *, accounts: Iterable[int] | None = None
    ) -> ProfileReport | None:
        """One pass over the looks of pages alone; None while another worker leads."""
        return self._leading(lambda: self._pages.run_once(stop, accounts=accounts))

    def count_once(
        self, stop: threading.Event | None = None, *, accounts: Iterable[int] | None = None
    ) -> FiguresReport | None:
        """One pass over figures alone; None while another worker leads."""
        return self._leading(lambda: self._metrics.run_once(stop, accounts=accounts))

    def advertise_once(
        self, stop: threading.Event | None = None, *, campaigns: Iterable[int] | None = None
    ) -> AdsReport | None:
        """One pass over campaigns alone; None while another worker leads."""
        return self._leading(lambda: self._ads.run_once(stop, campaigns=campaigns))

    def run(self, stop: threading.Event, on_pass: Callable[[PassReport], None] = lambda report: None) -> None:
        """Work until `stop` is set; what is under way then is finished first."""
        lanes = [
            threading.Thread(target=self._lane.run, args=(stop,), name="inbox"),
            threading.Thread(target=self._pages.run, args=(stop,), name=self._pages.name),
            threading.Thread(target=self._metrics.run, args=(stop,), name=self._metrics.name),
            threading.Thread(target=self._ads.run, args=(stop,), name=self._ads.name),
        ]
        for lane in lanes:
            lane.start()
        try:
            self._runner.run(stop, on_pass)
        finally:
            stop.set()
            for lane in lanes:
                lane.join()

    def _leading(self, work: Callable[[], Result]) -> Result | None:
        """Do it as the leader, whose lease is kept alive meanwhile; None while another worker leads."""
        if not lease.take(self._db, self._runner.owner):
            return None
        done = threading.Event()
        heart = threading.Thread(target=self._beat, args=(done,), daemon=True)
        heart.start()
        try:
            return work()
        finally:
            done.set()
            heart.join()
            lease.release(self._db, self._runner.owner)

    def _beat(self, done: threading.Event) -> None:
        while not done.wait(lease.TERM / 3000):
            lease.take(self._db, self._runner.owner)
