"""The metrics lane of the worker: what networks tell of pages and posts comes in, slowly and last of all.

Figures can wait, posts and answers cannot: a few posts of an account are read in one pass, and an account whose
network takes no more calls is left alone until it does. Nothing here stops what is published.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from smm_tui.db.database import Database
from smm_tui.domain.clock import MINUTE, Instant
from smm_tui.domain.errors import NetworkError, NotFound, RateLimited, SmmError, Transient
from smm_tui.i18n import _
from smm_tui.networks.client import Client
from smm_tui.networks.page import Readings
from smm_tui.networks.ports import Account
from smm_tui.secret_store import SecretStore, Slot
from smm_tui.services.figures import Figures, PostTurn, Turn
from smm_tui.workers.lane import Lane

log = logging.getLogger(__name__)

ACCOUNTS_AT_ONCE = 2
EVERY: Instant = MINUTE
"""Between two looks at whose turn it is."""
HELD: Instant = 15 * MINUTE
"""An account that was refused for its rate is left alone so long where the network names no time."""


@dataclass(slots=True)
class FiguresReport:
    """What came of one pass: figures that were kept, pages and posts that could not be read."""

    figures: int = 0
    failed: int = 0


class MetricsLane(Lane):
    """Figures in."""

    name = "figures"

    def __init__(
        self, db: Database, secrets: SecretStore, connect: Callable[[Account, Slot], Client], owner: str
    ) -> None:
        super().__init__(db, secrets, connect, owner)
        self._figures = Figures(db)
        self._held: dict[int, Instant] = {}
        self._looked: Instant | None = None

    def run_once(
        self, stop: threading.Event | None = None, *, accounts: Iterable[int] | None = None
    ) -> FiguresReport:
        """One pass: whoever's turn it is, or `accounts` at once with all their posts."""
        wanted = None if accounts is None else list(accounts)
        return self.once(lambda: self._pass(wanted), stop)

    async def work(self) -> FiguresReport:
        """One pass, at most once a minute: other lanes wake with every change, figures need not."""
        now = self._db.clock()
        if self._looked is not None and 0 <= now - self._looked < EVERY:
            return FiguresReport()
        self._looked = now
        return await self._pass(None)

    def next_due(self) -> Instant | None:
        """A minute after the last look."""
        return None if self._looked is None else self._looked + EVERY

    async def _pass(self, accounts: list[int] | None) -> FiguresReport:
        report = FiguresReport()
        self._figures.settle_zones()
        now = self._db.clock()
        turns = [turn for turn in self._figures.due(accounts) if self._held.get(turn.account.id, 0) <= now]
        gate = asyncio.Semaphore(ACCOUNTS_AT_ONCE)
        await asyncio.gather(*(self._account(gate, turn, report) for turn in turns))
        return report

    async def _account(self, gate: asyncio.Semaphore, turn: Turn, report: FiguresReport) -> None:
        async with gate:
            if turn.since is not None and not await self._read(turn, None, report):
                return
            for post in turn.posts:
                if self._stop.is_set() or not await self._read(turn, post, report):
                    return

    async def _read(self, turn: Turn, post: PostTurn | None, report: FiguresReport) -> bool:
        """Read and keep the figures of a page or a post; False when the account is to be left alone now."""
        try:
            told = await self._told(turn, post)
        except NetworkError as error:
            self._figures.failed(turn.account, post, error)
            report.failed += 1
            if isinstance(error, RateLimited):
                wait = HELD if error.retry_after is None else round(error.retry_after * 1000)
                self._held[turn.account.id] = self._db.clock() + wait
            return post is not None and isinstance(error, NotFound)
        except SmmError:
            raise
        except Exception as error:
            log.exception("reading the figures of account %s failed", turn.account.id)
            sentence = _("Something went wrong inside this program: {error}.")
            self._figures.failed(turn.account, post, Transient(sentence.format(error=type(error).__name__)))
            report.failed += 1
            return True
        if post is None:
            report.figures += self._figures.store_page(turn.account, told)
        else:
            report.figures += self._figures.store_post(turn.account, post, told)
        return True

    async def _told(self, turn: Turn, post: PostTurn | None) -> Readings:
        metrics = (await self.client(turn.account)).metrics
        if post is not None:
            return await metrics.of_post(post.ref)
        return await metrics.of_page(turn.since or 0, self._db.clock())
