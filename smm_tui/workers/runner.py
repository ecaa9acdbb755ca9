"""The worker: finds what is due, leads or waits, and keeps a heartbeat.

Run by ``smm-tui worker`` or by a thread of the workspace; a lease in the database sees to it that one of them acts.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from smm_tui.db.database import Database
from smm_tui.domain.clock import SECOND
from smm_tui.domain.errors import SmmError
from smm_tui.domain.identity import new_uuid
from smm_tui.domain.states import State
from smm_tui.networks.client import Client
from smm_tui.networks.ports import Account
from smm_tui.secret_store import SecretStore, Slot
from smm_tui.services import lease
from smm_tui.services.guard import Guard
from smm_tui.services.ledger import Job, Ledger
from smm_tui.services.media import MediaStore
from smm_tui.workers.publisher import DeliveryRun

if TYPE_CHECKING:
    from smm_tui.db.reads.accounts import AccountRow

log = logging.getLogger(__name__)

ACCOUNTS_AT_ONCE = 8
"""Accounts are independent of each other; within one, deliveries go out in order."""
IDLE = 5 * SECOND
"""Milliseconds until a due thing that could not be done is looked at again."""
POLL = 1.0
"""Seconds between two looks at whether another process changed something."""


@dataclass(slots=True)
class PassReport:
    """What came of one pass: deliveries by their new state, messages that came in, replies and verdicts that were
    worked on, pages that were changed, figures that networks told, calls for ads, and all that waits for a person
    now.

    `led` is False when another worker leads and this one did nothing.
    """

    sent: int = 0
    live: int = 0
    rejected: int = 0
    unknown: int = 0
    missed: int = 0
    held: int = 0
    messages: int = 0
    actions: int = 0
    pages: int = 0
    figures: int = 0
    ads: int = 0
    waiting_for_human: int = 0
    led: bool = False

    def add(self, other: PassReport) -> None:
        """Sum up two passes; what waits is as of the later one."""
        for item in fields(self):
            if item.name not in ("waiting_for_human", "led"):
                setattr(self, item.name, getattr(self, item.name) + getattr(other, item.name))
        self.waiting_for_human, self.led = other.waiting_for_human, other.led


class Runner:
    """One worker."""

    def __init__(
        self,
        db: Database,
        media: MediaStore,
        secrets: SecretStore,
        connect: Callable[[Account, Slot], Client],
        guard: Guard,
    ) -> None:
        self._db = db
        self._secrets = secrets
        self._connect = connect
        self.owner = f"{lease.this_host()}:{os.getpid()}:{new_uuid()[:8]}"
        self._ledger = Ledger(db, media, self.owner, guard)
        self._clients: dict[int, tuple[int, Client]] = {}
        self._stop = threading.Event()
        self._lost = False

    def run_once(self, stop: threading.Event | None = None) -> PassReport:
        """One pass: until nothing is due and no read back is owed now, or `stop` is set and what is under way is
        finished. Does nothing while another worker leads."""
        self._stop = stop or self._stop
        with asyncio.Runner() as loop:
            try:
                return loop.run(self._pass())
            finally:
                loop.run(self._close())
                lease.release(self._db, self.owner)

    def run(self, stop: threading.Event, on_pass: Callable[[PassReport], None] = lambda report: None) -> None:
        """Work until `stop` is set; what is under way then is finished first. `on_pass` hears of each pass that did
        something."""
        self._stop = stop
        with asyncio.Runner() as loop:
            try:
                while not stop.is_set():
                    report = self._guarded(loop)
                    if report.sent or report.missed or report.held or report.rejected:
                        on_pass(report)
                    self._sleep(stop, report)
            finally:
                loop.run(self._close())
                lease.release(self._db, self.owner)

    def _guarded(self, loop: asyncio.Runner) -> PassReport:
        """A pass that cannot end the worker: a full disk or a locked database is waited out."""
        try:
            return loop.run(self._pass())
        except SmmError as error:
            log.error("%s %s", error.message, error.hint)  # noqa: TRY400 - the sentence says it all
        except Exception:
            log.exception("a pass failed")
        return PassReport()

    def _sleep(self, stop: threading.Event, report: PassReport) -> None:
        """Until something is due, something changed, or the lease must be renewed."""
        try:
            version = self._db.version()
            beat = self._db.clock() + lease.TERM // 3
            due = self._ledger.next_due() if report.led else None
            if due is not None and due <= self._db.clock():
                due = self._db.clock() + IDLE  # known and looked at already: it waits for something else
            while not stop.wait(POLL):
                now = self._db.clock()
                if now >= beat or (due is not None and now >= due) or self._db.version() != version:
                    return
        except SmmError as error:
            log.error("%s %s", error.message, error.hint)  # noqa: TRY400
            stop.wait(POLL)

    async def _pass(self) -> PassReport:
        report = PassReport(waiting_for_human=self._waiting())
        if not lease.take(self._db, self.owner):
            return report
        report.led, self._lost = True, False
        heart = asyncio.create_task(self._beat())
        try:
            tried: set[int] = set()
            while not self._halted:
                report.missed += self._ledger.expire()
                self._ledger.arm()
                work = {
                    account: fresh
                    for account, ids in self._ledger.due().items()
                    if (fresh := [id for id in ids if id not in tried])
                }
                if not work:
                    break
                tried.update(id for ids in work.values() for id in ids)
                gate = asyncio.Semaphore(ACCOUNTS_AT_ONCE)
                for result in await asyncio.gather(*(self._account(gate, ids) for ids in work.values())):
                    report.add(result)
        finally:
            heart.cancel()
        report.led = True
        report.waiting_for_human = self._waiting()
        return report

    @property
    def _halted(self) -> bool:
        return self._lost or self._stop.is_set()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(lease.TERM / SECOND / 3)
            if not lease.take(self._db, self.owner):
                self._lost = True  # taken over while this process was silent: begin nothing more
                return

    async def _account(self, gate: asyncio.Semaphore, delivery_ids: list[int]) -> PassReport:
        report = PassReport()
        async with gate:
            for delivery_id in delivery_ids:
                if self._halted:
                    break
                job = self._ledger.claim(delivery_id)
                if job is None:
                    continue
                await self._deliver(job)
                self._count(report, delivery_id)
        return report

    async def _deliver(self, job: Job) -> None:
        try:
            client = await self._client(job.account)
            await DeliveryRun(job, client, self._ledger, self._db.clock).run()
        except SmmError as error:
            # The ledger itself failed (disk full, database locked). The lease ends by itself, and what was under way
            # is then settled like after a crash.
            log.error("delivery %s: %s %s", job.delivery_id, error.message, error.hint)  # noqa: TRY400

    def _count(self, report: PassReport, delivery_id: int) -> None:
        state = self._db.value("SELECT state FROM delivery WHERE id = ?", (delivery_id,))
        report.sent += 1
        if state in (State.LIVE, State.REJECTED, State.UNKNOWN, State.MISSED, State.HELD):
            setattr(report, str(state), getattr(report, str(state)) + 1)

    async def _client(self, account: AccountRow) -> Client:
        """The client of an account, made anew when the account changed."""
        known = self._clients.get(account.id)
        if known is not None and known[0] == account.version:
            return known[1]
        if known is not None:
            await known[1].aclose()
        port = Account(account.network, account.server, account.handle, account.remote_id, account.facts)
        client = self._connect(port, self._secrets.slot(account.secret_ref))
        self._clients[account.id] = (account.version, client)
        return client

    async def _close(self) -> None:
        for _version, client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def _waiting(self) -> int:
        return int(
            self._db.value(
                "SELECT count(*) FROM delivery "
                "WHERE needs_human AND state IN ('unknown', 'rejected', 'missed', 'held')"
            )
        )
