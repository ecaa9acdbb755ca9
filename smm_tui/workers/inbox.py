"""The inbox lane of the worker: what was decided goes out, what people wrote comes in, beside publishing.

It runs on a thread of its own, with connections of its own, so that no inbox, however slow, delays a post.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields

from smm_tui.db.database import Database
from smm_tui.db.reads import records
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.domain.canonical import digest
from smm_tui.domain.clock import SECOND, Instant
from smm_tui.domain.errors import NetworkError, SmmError, Transient
from smm_tui.i18n import _
from smm_tui.networks.client import Client
from smm_tui.networks.community import Page
from smm_tui.networks.ports import Account
from smm_tui.secret_store import SecretStore, Slot
from smm_tui.services.guard import Guard
from smm_tui.services.ingest import Ingest, Taken
from smm_tui.services.outbox import Outbox
from smm_tui.workers.listening import Listening
from smm_tui.workers.outbox import ActionRun

log = logging.getLogger(__name__)

ACCOUNTS_AT_ONCE = 4
STEPS_AT_ONCE = 20
"""Steps through one inbox before the others have their turn."""
IDLE_STEPS = 3000
"""Steps in a row that bring nothing new and still promise more, until an inbox is left for now: a round over all that
is known already takes fewer."""
PAUSE = 0.001
"""Seconds between two steps of a catch-up, so that whoever waits for the database or the interpreter gets them."""
POLL = 1.0
IDLE = 5 * SECOND


@dataclass(slots=True)
class InboxReport:
    """What came of one pass: actions that were worked on, messages by what happened to them."""

    actions: int = 0
    new: int = 0
    edited: int = 0
    gone: int = 0
    answered: int = 0
    failed: int = 0  # inboxes that could not be read
    waiting_for_human: int = 0

    def add(self, other: InboxReport) -> None:
        """Sum up two passes; what waits is as of the later one."""
        for item in fields(self):
            if item.name != "waiting_for_human":
                setattr(self, item.name, getattr(self, item.name) + getattr(other, item.name))
        self.waiting_for_human = other.waiting_for_human


@dataclass(slots=True)
class _Round:
    """How the steps through one inbox went since its last end."""

    idle: int = 0
    places: set[str] = field(default_factory=set)

    def goes_in_circles(self, page: Page, taken: Taken) -> bool:
        """Whether a network promises more for ever; told of each step that promises it."""
        self.idle = 0 if taken.new or taken.edited or taken.gone else self.idle + 1
        if not self.idle:
            self.places.clear()
        place = digest(page.cursor)
        known = place in self.places
        self.places.add(place)
        return known or self.idle >= IDLE_STEPS


class InboxLane:
    """Actions out, messages in. `owner` is the worker's, whose lease it acts under."""

    def __init__(
        self,
        db: Database,
        secrets: SecretStore,
        connect: Callable[[Account, Slot], Client],
        owner: str,
        guard: Guard,
    ) -> None:
        self._db = db
        self._secrets = secrets
        self._connect = connect
        self._owner = owner
        self._ingest = Ingest(db)
        self._outbox = Outbox(db, owner, guard)
        self._clients: dict[int, tuple[int, Client]] = {}
        self._stop = threading.Event()
        self._unfinished = False
        self._rounds: dict[int, _Round] = {}
        self._listening = Listening(self._ingest, self._client, db.clock)

    def run_once(self, stop: threading.Event | None = None, *, accounts: Iterable[int] | None = None) -> InboxReport:
        """One pass: all that is due goes out, and every inbox whose turn it is comes in to its end. `accounts`: only
        these inboxes, and those at once."""
        self._stop = stop or self._stop
        with asyncio.Runner() as loop:
            try:
                return loop.run(self._pass(None if accounts is None else list(accounts), whole=True))
            finally:
                loop.run(self._close())

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set, whenever this worker leads."""
        self._stop = stop
        with asyncio.Runner() as loop:
            try:
                while not stop.is_set():
                    try:
                        if self._leads():
                            loop.run(self._pass(None, whole=False))
                    except SmmError as error:
                        log.error("%s %s", error.message, error.hint)  # noqa: TRY400 - the sentence says it all
                    except Exception:
                        log.exception("a pass over the inboxes failed")
                    loop.run(self._wait())
            finally:
                loop.run(self._close())

    async def _wait(self) -> None:
        """Until something is due, or an account's line tells of something; not at all in the middle of a catch-up."""
        if self._unfinished:
            return
        try:
            version, due = self._db.version(), self._next_due()
            if due is not None and due <= self._db.clock():
                due = self._db.clock() + IDLE  # known and looked at already: it waits for something else
            led = self._leads()
            if led:
                self._listening.open()
            else:
                await self._listening.close()  # another worker listens now
            while not await self._stopped() and not self._listening.heard.is_set():
                if self._db.version() != version:
                    version, due = self._db.version(), self._next_due()
                    if self._leads() != led:
                        return
                if due is not None and self._db.clock() >= due:
                    return
            self._listening.heard.clear()
        except SmmError as error:
            log.error("%s %s", error.message, error.hint)  # noqa: TRY400
            await self._stopped()

    async def _stopped(self) -> bool:
        """Whether it is to stop; looked at for a while, which news cuts short."""
        stopping = asyncio.ensure_future(asyncio.to_thread(self._stop.wait, POLL))
        hearing = asyncio.ensure_future(self._listening.heard.wait())
        try:
            await asyncio.wait((stopping, hearing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            hearing.cancel()
        return self._stop.is_set()

    def _next_due(self) -> Instant | None:
        return min((at for at in (self._outbox.next_due(), self._ingest.next_due()) if at is not None), default=None)

    def _leads(self) -> bool:
        row = records.lease(self._db)
        return row is not None and row.owner == self._owner and row.expires_at > self._db.clock()

    async def _pass(self, accounts: list[int] | None, *, whole: bool) -> InboxReport:
        self._unfinished = False
        self._ingest.forget_levels()
        report = InboxReport()
        self._ingest.wake()
        await self._send(report)
        gate = asyncio.Semaphore(ACCOUNTS_AT_ONCE)
        wanted = self._ingest.due() if accounts is None else accounts
        await asyncio.gather(*(self._read(gate, account_id, report, whole=whole) for account_id in wanted))
        await self._send(report)
        report.waiting_for_human = self._outbox.waiting()
        return report

    # Out

    async def _send(self, report: InboxReport) -> None:
        tried: set[int] = set()
        while not self._stop.is_set():
            work = {
                account: fresh
                for account, ids in self._outbox.due().items()
                if (fresh := [number for number in ids if number not in tried])
            }
            if not work:
                return
            tried.update(number for ids in work.values() for number in ids)
            gate = asyncio.Semaphore(ACCOUNTS_AT_ONCE)
            await asyncio.gather(*(self._act(gate, ids, report) for ids in work.values()))

    async def _act(self, gate: asyncio.Semaphore, ids: list[int], report: InboxReport) -> None:
        async with gate:
            for action_id in ids:
                if self._stop.is_set():
                    return
                job = self._outbox.claim(action_id)
                if job is None:
                    continue
                report.actions += 1
                try:
                    client = await self._client(job.account)
                    await ActionRun(job, client, self._outbox, self._db.clock).run()
                except SmmError as error:
                    # The outbox itself failed (disk full, database locked): settled like after a crash.
                    log.error("action %s: %s %s", action_id, error.message, error.hint)  # noqa: TRY400

    # In

    async def _read(self, gate: asyncio.Semaphore, account_id: int, report: InboxReport, *, whole: bool) -> None:
        async with gate:
            await self._listening.hush(account_id)
            steps = 0
            round_ = self._rounds.setdefault(account_id, _Round())
            while not self._stop.is_set() and (whole or steps < STEPS_AT_ONCE):
                source = self._ingest.source(account_id)
                if source is None:
                    return
                try:
                    client = await self._client(source.account)
                    page = await client.inbox.fetch(source.cursor, posts=source.posts)
                except NetworkError as error:
                    self._ingest.failed(account_id, error)
                    report.failed += 1
                    return
                except SmmError:
                    raise
                except Exception as error:
                    log.exception("reading the inbox of account %s failed", account_id)
                    sentence = _("Something went wrong inside this program: {error}.")
                    self._ingest.failed(account_id, Transient(sentence.format(error=type(error).__name__)))
                    report.failed += 1
                    return
                taken = self._ingest.store(source, page)
                report.new += taken.new
                report.edited += taken.edited
                report.gone += taken.gone
                report.answered += taken.answered
                steps += 1
                if not taken.more:
                    del self._rounds[account_id]
                    return
                if round_.goes_in_circles(page, taken):
                    del self._rounds[account_id]
                    sentence = _("The network says again and again that there is more, and brings nothing new.")
                    self._ingest.failed(account_id, Transient(sentence, _("It is tried again by itself.")))
                    report.failed += 1
                    return
                await asyncio.sleep(PAUSE)
            self._unfinished = True

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
        await self._listening.close()
        for _version, client in self._clients.values():
            await client.aclose()
        self._clients.clear()
