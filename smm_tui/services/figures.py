"""What networks tell of pages and posts, into the database: as told, with the moment it was true.

A figure that a network does not tell is absent, never zero. One that goes down stays as told: followers leave, and
networks take back what they counted. What is told again of the same time replaces what was told first: networks
finish their counting days later.

Beside the readings, which only grow, stand two digests for questions over long times: a figure a day of each page,
and the latest figures of each post. They follow from the readings, and are made anew when a project's zone changes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlmodel import select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.tables import FigureTurnTable, PostFigureTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import zones
from smm_tui.domain.clock import DAY, HOUR, MINUTE, SECOND, Instant
from smm_tui.domain.errors import AuthExpired, NotFound, RateLimited, SmmError, Unsupported
from smm_tui.domain.inert import inert
from smm_tui.domain.states import AccountState
from smm_tui.networks import registry
from smm_tui.networks.page import Metric, Reading, Readings
from smm_tui.networks.ports import Capability, RemoteRef

PAGE_EVERY: Instant = 6 * HOUR
POST_EVERY: tuple[tuple[Instant, Instant], ...] = (
    (DAY, 2 * HOUR),
    (7 * DAY, 12 * HOUR),
    (30 * DAY, 2 * DAY),
)
"""Up to which age the figures of a post are read how often; older ones never again."""
FIRST_LOOK: Instant = 30 * DAY
"""So far back the first reading of a page asks."""
OVERLAP: Instant = 4 * DAY
"""Later ones ask again for so long before the last one: networks finish counting days later."""
AT_ONCE = 10
"""Posts of one account that are read in one pass, so that its allowance is left to publishing and answering."""
LONGEST_DAY: Instant = 36 * HOUR
"""A period longer than that belongs to no day."""
LONGEST_WAIT: Instant = 12 * HOUR
ACTOR = "worker"
_EPOCH = date(1970, 1, 1).toordinal()
_TOTALS = {
    Metric.LIKES: "likes",
    Metric.REPLIES: "replies",
    Metric.REPOSTS: "reposts",
    Metric.SAVES: "saves",
    Metric.CLICKS: "clicks",
    Metric.VIEWS: "views",
    Metric.REACH: "reach",
}
_DEEDS = ("likes", "replies", "reposts", "saves")


class PostTurn(NamedTuple):
    """A live post whose figures are to be read."""

    delivery_id: int
    ref: RemoteRef
    live_at: Instant


class Turn(NamedTuple):
    """What is to be read of an account now; `since` None: nothing of the page itself."""

    account: AccountRow
    since: Instant | None
    posts: tuple[PostTurn, ...]


class Figures:
    """The writing side of readings."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # When

    def due(self, accounts: Iterable[int] | None = None) -> list[Turn]:
        """What is to be read now. `accounts`: all that these tell, whether its time has come or not."""
        wanted = None if accounts is None else set(accounts)
        found = []
        for account in account_reads.of_project(self._db):
            if wanted is not None and account.id not in wanted:
                continue
            now = self._db.clock()
            if account.state != AccountState.OK or (account.blocked_until or 0) > now:
                continue
            turn = self._turn(account, now, at_once=wanted is not None)
            if turn.since is not None or turn.posts:
                found.append(turn)
        return found

    def _turn(self, account: AccountRow, now: Instant, *, at_once: bool) -> Turn:
        can = registry.spec(account.network).rules(account.facts).capabilities
        since = None
        if Capability.PAGE_METRICS in can:
            row = self._db.one(
                lambda next_at, read_at: (next_at, read_at),
                "SELECT next_at, read_at FROM figure_turn WHERE account_id = ? AND delivery_id IS NULL",
                (account.id,),
            )
            if row is None or at_once or (row[0] is not None and row[0] <= now):
                read_at = row[1] if row is not None else None
                since = now - FIRST_LOOK if read_at is None else max(read_at - OVERLAP, now - FIRST_LOOK)
        posts: tuple[PostTurn, ...] = ()
        if Capability.POST_METRICS in can:
            posts = tuple(self._posts(account.id, now, at_once=at_once))
        return Turn(account, since, posts)

    def _posts(self, account_id: int, now: Instant, *, at_once: bool) -> list[PostTurn]:
        return self._db.rows(
            lambda delivery, number, url, extra, live_at: PostTurn(
                delivery, RemoteRef(number, url, json.loads(extra)), live_at
            ),
            """
            SELECT d.id, i.remote_id, i.remote_url, i.remote_extra, d.live_at FROM delivery d
                JOIN intent i ON i.delivery_id = d.id AND i.remote_id = d.remote_id AND i.kind = 'publish'
                    AND i.state = 'done'
                LEFT JOIN figure_turn t ON t.account_id = d.account_id AND t.delivery_id = d.id
            WHERE d.account_id = :account AND d.state = 'live' AND d.remote_id != '' AND d.live_at >= :oldest
                AND (t.id IS NULL OR t.next_at <= :now OR (:at_once AND t.next_at IS NOT NULL))
            GROUP BY d.id ORDER BY coalesce(t.next_at, 0), d.live_at DESC LIMIT :most
            """,
            {
                "account": account_id,
                "oldest": now - POST_EVERY[-1][0] - POST_EVERY[-1][1],
                "now": now,
                "at_once": at_once,
                "most": -1 if at_once else AT_ONCE,
            },
        )

    # What

    def store_page(self, account: AccountRow, told: Readings) -> int:
        """Keep what was told of a page; how many figures."""
        with self._db.unit() as unit:
            zone = self._zone(unit, account.id)
            for reading in told.values:
                self._keep(unit, account.id, None, reading)
                self._digest_day(unit, account.id, zone, reading)
            self._next(unit, account.id, None, unit.now + PAGE_EVERY, told)
        return len(told.values)

    def store_post(self, account: AccountRow, post: PostTurn, told: Readings) -> int:
        """Keep what was told of a post; how many figures."""
        with self._db.unit() as unit:
            for reading in told.values:
                self._keep(unit, account.id, post.delivery_id, reading)
            self._digest_post(unit, account.id, self._zone(unit, account.id), post, told)
            age = unit.now - post.live_at
            step = next((every for limit, every in POST_EVERY if age < limit), None)
            self._next(unit, account.id, post.delivery_id, None if step is None else unit.now + step, told)
        return len(told.values)

    def failed(self, account: AccountRow, post: PostTurn | None, error: SmmError) -> None:
        """Nothing was told: try again later, at growing distances; never again where the post is gone."""
        delivery = None if post is None else post.delivery_id
        with self._db.unit() as unit:
            row = self._row(unit, account.id, delivery)
            row.tries += 1
            wait = min(5 * MINUTE * 3 ** min(row.tries - 1, 5), LONGEST_WAIT)
            if isinstance(error, RateLimited) and error.retry_after is not None:
                wait = max(wait, round(error.retry_after * SECOND))
            gone = post is not None and isinstance(error, NotFound | Unsupported)
            row.next_at, row.error_message = None if gone else unit.now + wait, inert(error.message)
            if isinstance(error, AuthExpired):
                unit.connection.exec_driver_sql(
                    "UPDATE account SET state = ?, state_reason = ?, version = version + 1 WHERE id = ?",
                    (AccountState.AUTH, inert(error.message), account.id),
                )

    # Digests

    def settle_zones(self) -> int:
        """Make the digests of projects anew whose zone is another than they were made in; how many projects."""
        stale = self._db.rows(
            lambda number, zone, made: (number, zone, made),
            """
            SELECT p.id, p.timezone, s.value FROM project p LEFT JOIN setting s ON s.key = 'figures.zone:' || p.id
            WHERE s.value IS NULL OR s.value != p.timezone
            """,
        )
        for project_id, zone, made in stale:
            with self._db.unit() as unit:
                if made is not None:
                    self._rebuild(unit, project_id, zone)
                unit.connection.exec_driver_sql(
                    "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)",
                    (f"figures.zone:{project_id}", zone),
                )
        return sum(made is not None for _number, _zone, made in stale)

    def _rebuild(self, unit: UnitOfWork, project_id: int, zone: str) -> None:
        connection = unit.connection
        accounts = [
            row[0] for row in connection.exec_driver_sql("SELECT id FROM account WHERE project_id = ?", (project_id,))
        ]
        for account_id in accounts:
            connection.exec_driver_sql("DELETE FROM day_figure WHERE account_id = ?", (account_id,))
            for metric, value, at, since in connection.exec_driver_sql(
                "SELECT metric, value, at, since FROM reading WHERE account_id = ? AND delivery_id IS NULL "
                "ORDER BY at, id",
                (account_id,),
            ).fetchall():
                self._digest_day(unit, account_id, zone, Reading(Metric(metric), value, at, since))
            for delivery_id, live_at in connection.exec_driver_sql(
                "SELECT delivery_id, live_at FROM post_figure WHERE account_id = ?", (account_id,)
            ).fetchall():
                local = zones.local(live_at, zone)
                connection.exec_driver_sql(
                    "UPDATE post_figure SET weekday = ?, hour = ? WHERE delivery_id = ?",
                    (local.weekday(), local.hour, delivery_id),
                )

    def _digest_day(self, unit: UnitOfWork, account_id: int, zone: str, reading: Reading) -> None:
        """The last total of a day; of periods the one whose middle lies in it."""
        moment = reading.at
        if reading.since is not None:
            if reading.at - reading.since > LONGEST_DAY:
                return
            moment = (reading.since + reading.at) // 2
        unit.connection.exec_driver_sql(
            """
            INSERT INTO day_figure (account_id, metric, day, value, at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (account_id, metric, day) DO UPDATE SET value = excluded.value, at = excluded.at
            WHERE excluded.at >= day_figure.at
            """,
            (account_id, reading.metric.value, day_of(moment, zone), reading.value, reading.at),
        )

    def _digest_post(self, unit: UnitOfWork, account_id: int, zone: str, post: PostTurn, told: Readings) -> None:
        running = [one for one in told.values if one.metric in _TOTALS and one.since is None]
        if not running:
            return
        row = unit.session.get(PostFigureTable, post.delivery_id)
        if row is None:
            local = zones.local(post.live_at, zone)
            row = PostFigureTable(
                delivery_id=post.delivery_id,
                account_id=account_id,
                live_at=post.live_at,
                weekday=local.weekday(),
                hour=local.hour,
                at=0,
            )
            unit.session.add(row)
        for one in running:  # what is not told this time was so much when it was told last
            setattr(row, _TOTALS[one.metric], one.value)
        row.at = max(one.at for one in running)
        deeds = [value for name in _DEEDS if (value := getattr(row, name)) is not None]
        row.engagement = sum(deeds) if deeds else None
        row.score = math.log1p(max(sum(deeds), 0)) if deeds else None

    # Parts

    def _keep(self, unit: UnitOfWork, account_id: int, delivery_id: int | None, reading: Reading) -> None:
        of_what = (account_id, delivery_id, reading.metric.value, reading.at, reading.since)
        unit.connection.exec_driver_sql(
            "DELETE FROM reading WHERE account_id = ? AND delivery_id IS ? AND metric = ? AND at = ? AND since IS ?",
            of_what,
        )
        unit.connection.exec_driver_sql(
            "INSERT INTO reading (account_id, delivery_id, metric, at, since, value, read_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*of_what, reading.value, unit.now),
        )

    def _next(
        self, unit: UnitOfWork, account_id: int, delivery_id: int | None, next_at: Instant | None, told: Readings
    ) -> None:
        row = self._row(unit, account_id, delivery_id)
        row.next_at, row.read_at, row.tries, row.error_message = next_at, unit.now, 0, ""
        row.missing = {metric.value: inert(why) for metric, why in told.missing.items()}

    def _row(self, unit: UnitOfWork, account_id: int, delivery_id: int | None) -> FigureTurnTable:
        row = unit.session.exec(
            select(FigureTurnTable).where(
                FigureTurnTable.account_id == account_id, FigureTurnTable.delivery_id == delivery_id
            )
        ).first()
        if row is None:
            row = FigureTurnTable(account_id=account_id, delivery_id=delivery_id)
            unit.session.add(row)
        return row

    def _zone(self, unit: UnitOfWork, account_id: int) -> str:
        found = unit.connection.exec_driver_sql(
            "SELECT p.timezone FROM account a JOIN project p ON p.id = a.project_id WHERE a.id = ?", (account_id,)
        ).scalar()
        return str(found)


def day_of(at: Instant, zone: str) -> int:
    """The day of an instant in a zone, counted from 1970-01-01."""
    return zones.local(at, zone).date().toordinal() - _EPOCH
