"""What the lanes of the worker beside publishing have in common: a thread, the clients of accounts, and when to act.

A lane runs on a thread of its own, with connections of its own, so that nothing it waits for delays a post.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from smm_tui.db.database import Database
from smm_tui.db.reads import records
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.domain.clock import SECOND, Instant
from smm_tui.domain.errors import SmmError
from smm_tui.networks.client import Client
from smm_tui.networks.ports import Account
from smm_tui.secret_store import SecretStore, Slot

log = logging.getLogger(__name__)

POLL = 1.0
IDLE: Instant = 5 * SECOND

Result = TypeVar("Result")


class Lane:
    """Work on accounts, whenever this worker leads. `owner` is the worker's, whose lease it acts under."""

    name = "lane"

    def __init__(
        self, db: Database, secrets: SecretStore, connect: Callable[[Account, Slot], Client], owner: str
    ) -> None:
        self._db = db
        self._secrets = secrets
        self._connect = connect
        self._owner = owner
        self._clients: dict[int, tuple[int, Client]] = {}
        self._stop = threading.Event()

    # What a lane fills in

    async def work(self) -> object:
        """One pass over all that is due."""
        raise NotImplementedError

    def next_due(self) -> Instant | None:
        """When there will be something to do; None when nothing is known to come."""
        raise NotImplementedError

    # What it gets

    def once(self, work: Callable[[], Coroutine[Any, Any, Result]], stop: threading.Event | None) -> Result:
        """One pass of `work`, with a loop and clients of its own."""
        self._stop = stop or self._stop
        with asyncio.Runner() as loop:
            try:
                return loop.run(work())
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
                            loop.run(self.work())
                    except SmmError as error:
                        log.error("%s %s", error.message, error.hint)  # noqa: TRY400 - the sentence says it all
                    except Exception:
                        log.exception("a pass of the lane %s failed", self.name)
                    self._sleep()
            finally:
                loop.run(self._close())

    async def client(self, account: AccountRow) -> Client:
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

    def _sleep(self) -> None:
        """Until something is due, or something changed."""
        try:
            version = self._db.version()
            due = self.next_due()
            if due is not None and due <= self._db.clock():
                due = self._db.clock() + IDLE  # known and looked at already: it waits for something else
            while not self._stop.wait(POLL):
                if (due is not None and self._db.clock() >= due) or self._db.version() != version:
                    return
        except SmmError as error:
            log.error("%s %s", error.message, error.hint)  # noqa: TRY400
            self._stop.wait(POLL)

    def _leads(self) -> bool:
        row = records.lease(self._db)
        return row is not None and row.owner == self._owner and row.expires_at > self._db.clock()
