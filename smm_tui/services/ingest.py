"""Taking in what people write: one transaction a step, rows and cursor together, so that a crash loses nothing.

Plain SQL, because a catch-up brings a hundred thousand rows and none of them is a person's command.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.clock import DAY, MINUTE, SECOND, Instant
from smm_tui.domain.errors import AuthExpired, RateLimited, SmmError
from smm_tui.domain.inert import inert
from smm_tui.domain.service_level import PLAUSIBLE, ServiceLevel, began
from smm_tui.domain.states import OPEN, AccountState, MessageState
from smm_tui.i18n import _
from smm_tui.networks.community import Author, Item, ItemKind, Page
from smm_tui.networks.ports import JSON, RemoteRef
from smm_tui.services import service_levels
from smm_tui.services.inbox_queries import has_inbox
from smm_tui.services.items import key_of, keys_of_gone
from smm_tui.services.screening import Screening

log = logging.getLogger(__name__)

FIRST_INTERVAL: Instant = MINUTE
QUICKEST: Instant = 15 * SECOND
SLOWEST: Instant = 10 * MINUTE
LONGEST_PAUSE: Instant = 30 * MINUTE
"""Between two looks at an inbox: shorter while people write, longer while they do not, longest after errors."""
POSTS_LOOKED_AT = 100
POSTS_FOR: Instant = 30 * DAY
"""Whose comments are read post by post: so many own posts, of so long."""
NETWORK = "network"
"""The actor of what happened there without us."""
_LAST_INSTANT = 253_370_764_800_000  # the year 9999 began
_EPOCH_2000 = 946_684_800_000
_WAITING = (*OPEN, MessageState.SNOOZED)
_WAITING_SQL = ", ".join(f"'{state}'" for state in _WAITING)


class Source(NamedTuple):
    """An inbox to be read: `cursor` as it was kept, `posts` the own posts worth looking at, newest first."""

    account: AccountRow
    cursor: JSON | None
    posts: list[RemoteRef]


@dataclass(slots=True)
class Taken:
    """What one step brought; `ids` are the rows of what is new and not the account's own, `edited_ids`
    those of what has another text now."""

    new: int = 0
    edited: int = 0
    gone: int = 0
    answered: int = 0
    more: bool = False
    ids: list[int] = field(default_factory=list)
    edited_ids: list[int] = field(default_factory=list)


class _Known(NamedTuple):
    id: int
    text: str
    own: bool
    state: str
    gone_at: Instant | None


class Ingest:
    """What the worker reads, into the database."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._levels: dict[int, ServiceLevel] = {}
        self._screening = Screening(db)

    def due(self) -> list[int]:
        """Accounts whose inbox is to be read now, the longest waiting first."""
        now = self._db.clock()
        return [account_id for at, account_id in self._readable() if at <= now]

    def readable(self) -> list[int]:
        """Accounts that can be read at all."""
        return [account_id for _at, account_id in self._readable()]

    def next_due(self) -> Instant | None:
        """When an inbox is to be read next, or a message wakes; None: never, as far as is known now."""
        times = [at for at, _account_id in self._readable()]
        wakes = self._db.value("SELECT min(snoozed_until) FROM message WHERE state = 'snoozed'")
        return min(times if wakes is None else [*times, int(wakes)], default=None)

    def _readable(self) -> list[tuple[Instant, int]]:
        """Accounts that can be read, by when their turn comes."""
        turns = dict(
            self._db.rows(
                lambda account_id, at: (account_id, at),
                """
                SELECT a.id, max(coalesce(c.next_at, 0), coalesce(a.blocked_until, 0)) FROM account a
                LEFT JOIN inbox_cursor c ON c.account_id = a.id WHERE a.state = 'ok' AND a.removed_at IS NULL
                """,
            )
        )
        accounts = account_reads.of_project(self._db)
        return sorted((turns[one.id], one.id) for one in accounts if one.id in turns and has_inbox(one))

    def source(self, account_id: int) -> Source | None:
        """All that reading an account's inbox needs; None when it is not to be read any more."""
        account = account_reads.account(self._db, account_id)
        if account is None or account.removed_at is not None or account.state != AccountState.OK:
            return None
        kept = self._db.value("SELECT cursor FROM inbox_cursor WHERE account_id = ?", (account_id,))
        cursor = None if kept is None else json.loads(kept)
        posts = self._db.rows(
            lambda number, url, extra: RemoteRef(number, url, json.loads(extra)),
            """
            SELECT i.remote_id, i.remote_url, i.remote_extra FROM delivery d
                JOIN intent i ON i.delivery_id = d.id AND i.remote_id = d.remote_id
            WHERE d.account_id = ? AND d.state = 'live' AND d.live_at >= ? AND d.remote_id != ''
                AND i.kind = 'publish' AND i.state = 'done'
            ORDER BY d.live_at DESC, d.id DESC LIMIT ?
            """,
            (account_id, self._db.clock() - POSTS_FOR, POSTS_LOOKED_AT),
        )
        return Source(account, cursor if isinstance(cursor, dict) else None, posts)

    def wake(self) -> int:
        """Put back into the queue what was snoozed until now; how many."""
        now = self._db.clock()
        if not self._db.value("SELECT 1 FROM message WHERE state = 'snoozed' AND snoozed_until <= ?", (now,)):
            return 0
        with self._db.unit() as unit:
            return unit.connection.exec_driver_sql(
                "UPDATE message SET state = 'new', snoozed_until = NULL, version = version + 1 "
                "WHERE state = 'snoozed' AND snoozed_until <= ?",
                (now,),
            ).rowcount

    def store(self, source: Source, page: Page) -> Taken:
        """Write one step down: what is new, what was changed or taken back, and where the next step begins."""
        account = source.account
        level = self._level(account.project_id)
        taken = Taken(more=page.more and page.cursor != source.cursor)
        with self._db.unit() as unit:
            first = unit.connection.exec_driver_sql(
                "SELECT fetched_at FROM inbox_cursor WHERE account_id = ?", (account.id,)
            ).first()
            step = _Step(unit, account, level, taken, is_history=first is None or first[0] is None)
            step.take(page.items)
            step.lose(page.gone)
            self._screening.screen(unit, taken.ids, taken.edited_ids)
            self._keep(unit.connection, account.id, page, taken, unit.now)
        return taken

    def failed(self, account_id: int, error: SmmError) -> None:
        """It could not be read: again later, at growing distances; a dead secret stops the account."""
        with self._db.unit() as unit:
            db, now = unit.connection, unit.now
            row = db.exec_driver_sql("SELECT interval FROM inbox_cursor WHERE account_id = ?", (account_id,)).first()
            interval = min(max(FIRST_INTERVAL, 2 * (row[0] if row else 0)), LONGEST_PAUSE)
            wait = interval
            if isinstance(error, RateLimited) and error.retry_after is not None:
                wait = max(round(error.retry_after * SECOND), SECOND)
            db.exec_driver_sql(
                """
                INSERT INTO inbox_cursor (account_id, interval, next_at, gap, error_kind, error_message)
                VALUES (?, ?, ?, '', ?, ?) ON CONFLICT (account_id) DO UPDATE SET interval = excluded.interval,
                    next_at = excluded.next_at, error_kind = excluded.error_kind,
                    error_message = excluded.error_message
                """,
                (account_id, interval, now + wait, error.kind, inert(error.message)),
            )
            if isinstance(error, AuthExpired):
                db.exec_driver_sql(
                    "UPDATE account SET state = ?, state_reason = ?, version = version + 1 WHERE id = ?",
                    (AccountState.AUTH, inert(error.message), account_id),
                )

    def hurry(self, account_ids: Iterable[int]) -> None:
        """Read these inboxes at the next occasion."""
        with self._db.unit() as unit:
            for account_id in account_ids:
                unit.connection.exec_driver_sql(
                    "UPDATE inbox_cursor SET next_at = ? WHERE account_id = ?", (unit.now, account_id)
                )

    def _level(self, project_id: int) -> ServiceLevel:
        if project_id not in self._levels:
            self._levels[project_id] = service_levels.of_project(self._db, project_id)
        return self._levels[project_id]

    def forget_levels(self) -> None:
        """Read the service levels again at their next use: somebody may have changed them."""
        self._levels.clear()

    @staticmethod
    def _keep(db: Connection, account_id: int, page: Page, taken: Taken, now: Instant) -> None:
        row = db.exec_driver_sql("SELECT interval FROM inbox_cursor WHERE account_id = ?", (account_id,)).first()
        interval = (row[0] if row else 0) or FIRST_INTERVAL
        if not taken.more:
            busy = taken.new or taken.edited or taken.gone
            interval = interval // 2 if busy else interval * 3 // 2
            interval = min(max(interval, QUICKEST), SLOWEST)
        db.exec_driver_sql(
            """
            INSERT INTO inbox_cursor (account_id, cursor, fetched_at, next_at, interval, gap, error_kind,
                error_message) VALUES (:account, :cursor, :fetched, :next, :interval, :gap, '', '')
            ON CONFLICT (account_id) DO UPDATE SET cursor = excluded.cursor, interval = excluded.interval,
                fetched_at = coalesce(excluded.fetched_at, fetched_at), next_at = excluded.next_at,
                gap = CASE WHEN excluded.gap = '' THEN gap ELSE excluded.gap END, error_kind = '', error_message = ''
            """,
            {
                "account": account_id,
                "cursor": json.dumps(page.cursor),
                "fetched": None if taken.more else now,
                "next": now if taken.more else now + interval,
                "interval": interval,
                "gap": inert(page.gap),
            },
        )


class _Step:
    """One step through one inbox, inside its transaction."""

    def __init__(
        self, unit: UnitOfWork, account: AccountRow, level: ServiceLevel, taken: Taken, *, is_history: bool
    ) -> None:
        self._unit = unit
        self._db = unit.connection
        self._account = account
        self._level = level
        self._taken = taken
        self._is_history = is_history
        self._authors: dict[str, int] = {}
        self._deliveries: dict[str, int | None] = {}

    def take(self, items: Sequence[Item]) -> None:
        """Store items; one that cannot be stored is left out and does not stop the rest."""
        keyed: list[tuple[str, Item]] = []
        for item in items:
            with self._leaving_out():
                keyed.append((key_of(item.kind, item.id), item))
        known = self._known([key for key, _item in keyed])
        own: list[Item] = []
        fresh: list[tuple[int, Item]] = []
        for key, item in keyed:
            with self._leaving_out():
                before = known.get(key)
                if before is not None:
                    self._follow(before, item)
                    known[key] = before._replace(text=_storable(item.text), gone_at=None)
                    continue
                number = self._insert(key, item)
                known[key] = _Known(number, _storable(item.text), item.author.own, "", None)
                if item.author.own:
                    own.append(item)
                else:
                    fresh.append((number, item))
        for item in own:
            self._close_question(item)
        for number, item in fresh:
            self._close_answered(number, item)
        self._taken.new += len(fresh)
        self._taken.ids += [number for number, _item in fresh]

    def lose(self, gone: Iterable[str]) -> None:
        """What was taken back by its author stays as evidence, and is done with."""
        for remote_id in gone:
            for key in keys_of_gone(remote_id):
                row = self._db.exec_driver_sql(
                    "SELECT id FROM message WHERE account_id = ? AND remote_id = ? AND gone_at IS NULL "
                    "AND state != 'deleted'",  # what was deleted from here is no news
                    (self._account.id, key),
                ).first()
                if row is None:
                    continue
                self._db.exec_driver_sql(
                    "UPDATE message SET state = 'deleted', gone_at = ?, handled_at = coalesce(handled_at, ?), "
                    "snoozed_until = NULL, version = version + 1 WHERE id = ?",
                    (self._unit.now, self._unit.now, row[0]),
                )
                self._audit("message.gone", row[0], _("Its author, or the network, took it back."))
                self._taken.gone += 1

    @contextmanager
    def _leaving_out(self) -> Iterator[None]:
        """One item that cannot be stored is left out; when it is the database that refuses, all are read again."""
        try:
            yield
        except OperationalError:
            raise
        except Exception:
            log.exception("an item of %s is left out", self._account.network)

    def _known(self, keys: Sequence[str]) -> dict[str, _Known]:
        found: dict[str, _Known] = {}
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            rows = self._db.exec_driver_sql(
                "SELECT remote_id, id, text, own, state, gone_at FROM message WHERE account_id = ? "  # noqa: S608
                f"AND remote_id IN ({','.join('?' * len(some))})",
                (self._account.id, *map(_storable, some)),
            )
            found.update({row[0]: _Known(row[1], row[2], bool(row[3]), row[4], row[5]) for row in rows})
        return found

    def _insert(self, key: str, item: Item) -> int:
        now, created = self._unit.now, _believable(item.created_at)
        waits = not item.author.own
        state = MessageState.NEW if waits else MessageState.CLOSED
        due: Instant | None = self._level.due(began(created, now), item.kind) if waits else None
        if waits and item.hidden:
            state = MessageState.HIDDEN
        elif waits and self._is_history and _EPOCH_2000 < created < now - PLAUSIBLE:
            state = MessageState.CLOSED  # of long before this program came: history, not work
        cursor = self._db.exec_driver_sql(
            """
            INSERT INTO message (project_id, account_id, remote_id, kind, author_id, own, text, language, url,
                post_remote_id, delivery_id, parent_remote_id, thread_id, attachments, extra, created_at, received_at,
                edited_at, state, due_at, handled_by, assigned_to, labels, liked, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '[]', ?, 1)
            """,
            (
                self._account.project_id,
                self._account.id,
                _storable(key),
                str(ItemKind(item.kind)),
                self._author(item.author),
                item.author.own,
                _storable(item.text),
                _storable(item.language),
                _storable(item.url),
                _storable(item.post_id),
                self._delivery(item.post_id),
                _storable(item.parent_id),
                _storable(item.thread_id or item.parent_id or item.id),
                json.dumps(list(item.attachments)),
                json.dumps(dict(item.extra)),
                created,
                now,
                None if item.edited_at is None else _believable(item.edited_at),
                str(state),
                due,
                item.liked,
            ),
        )
        return int(cursor.lastrowid)

    def _follow(self, before: _Known, item: Item) -> None:
        """What is here already: its author may have changed it, or it may have come back."""
        if before.own:
            return
        text, now = _storable(item.text), self._unit.now
        if before.gone_at is not None:
            self._db.exec_driver_sql(
                "UPDATE message SET gone_at = NULL, state = 'new', handled_at = NULL, version = version + 1 "
                "WHERE id = ?",
                (before.id,),
            )
        if text != before.text:
            self._db.exec_driver_sql(
                "INSERT INTO message_edit (message_id, text, replaced_at) VALUES (?, ?, ?)",
                (before.id, before.text, now),
            )
            # A person's "fine as it is" was about other words.
            self._db.exec_driver_sql(
                "UPDATE message SET text = ?, edited_at = ?, version = version + 1, "
                "state = CASE state WHEN 'approved' THEN 'flagged' ELSE state END WHERE id = ?",
                (text, now if item.edited_at is None else _believable(item.edited_at), before.id),
            )
            self._taken.edited += 1
            self._taken.edited_ids.append(before.id)
        if item.hidden and before.state in _WAITING:
            self._settle(before.id, MessageState.HIDDEN, "message.hidden_elsewhere", _("It was hidden there."))

    def _close_question(self, answer: Item) -> None:
        """The account answered elsewhere: what was asked is done with."""
        if answer.kind is ItemKind.MESSAGE:
            rows = self._db.exec_driver_sql(
                f"SELECT id FROM message WHERE account_id = ? AND thread_id = ? AND kind = 'message' AND NOT own "  # noqa: S608
                f"AND created_at <= ? AND state IN ({_WAITING_SQL})",
                (self._account.id, _storable(answer.thread_id), _believable(answer.created_at)),
            ).all()
        elif answer.parent_id:
            rows = self._db.exec_driver_sql(
                f"SELECT id FROM message WHERE account_id = ? AND remote_id = ? AND NOT own "  # noqa: S608
                f"AND state IN ({_WAITING_SQL})",
                (self._account.id, _storable(answer.parent_id)),
            ).all()
        else:
            rows = []
        for row in rows:
            self._answered(int(row[0]), answer.created_at)

    def _close_answered(self, number: int, item: Item) -> None:
        """An own answer that was read before the question it answers."""
        if item.kind is ItemKind.MESSAGE:
            if not item.thread_id:
                return
            answer = self._db.exec_driver_sql(
                "SELECT created_at FROM message WHERE account_id = ? AND thread_id = ? AND own AND kind = 'message' "
                "AND created_at >= ? ORDER BY created_at LIMIT 1",
                (self._account.id, _storable(item.thread_id), _believable(item.created_at)),
            ).first()
        else:
            answer = self._db.exec_driver_sql(
                "SELECT min(created_at) FROM message WHERE account_id = ? AND parent_remote_id = ? AND own",
                (self._account.id, _storable(item.id)),
            ).first()
        if answer is not None and answer[0] is not None:
            self._answered(number, int(answer[0]))

    def _answered(self, number: int, at: Instant) -> None:
        moment = min(_believable(at), self._unit.now)
        self._db.exec_driver_sql("UPDATE message SET answered_at = ? WHERE id = ?", (moment, number))
        summary = _("The account answered it, outside of this program.")
        self._settle(number, MessageState.ANSWERED, "message.answered_elsewhere", summary)
        self._taken.answered += 1

    def _settle(self, number: int, state: MessageState, verb: str, summary: str) -> None:
        self._db.exec_driver_sql(
            "UPDATE message SET state = ?, handled_at = ?, handled_by = ?, snoozed_until = NULL, "
            "version = version + 1 WHERE id = ?",
            (str(state), self._unit.now, NETWORK, number),
        )
        self._audit(verb, number, summary)

    def _audit(self, verb: str, number: int, summary: str) -> None:
        self._db.exec_driver_sql(
            "INSERT INTO audit (at, actor, project_id, verb, subject, subject_id, summary, details) "
            "VALUES (?, ?, ?, ?, 'message', ?, ?, '{}')",
            (self._unit.now, NETWORK, self._account.project_id, verb, number, summary),
        )

    def _author(self, author: Author) -> int | None:
        if not author.id:
            return None
        if author.id in self._authors:
            return self._authors[author.id]
        key = (self._account.network, self._account.server, _storable(author.id))
        says = tuple(map(_storable, (author.handle, author.name, author.url)))
        row = self._db.exec_driver_sql(
            "SELECT id, handle, name, url FROM author WHERE network = ? AND server = ? AND remote_id = ?", key
        ).first()
        if row is None:
            number = int(
                self._db.exec_driver_sql(
                    "INSERT INTO author (network, server, remote_id, handle, name, url, first_seen_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (*key, *says, self._unit.now),
                ).lastrowid
            )
        else:
            number = int(row[0])
            if any(says) and tuple(row[1:]) != says:
                self._db.exec_driver_sql(
                    "UPDATE author SET handle = ?, name = ?, url = ? WHERE id = ?", (*says, number)
                )
        self._authors[author.id] = number
        return number

    def _delivery(self, post_id: str) -> int | None:
        """Our own delivery that an own post is, by the id the network gave any of its parts."""
        if not post_id:
            return None
        if post_id not in self._deliveries:
            row = self._db.exec_driver_sql(
                "SELECT d.id FROM delivery d JOIN intent i ON i.delivery_id = d.id "
                "WHERE d.account_id = ? AND d.state = 'live' AND i.remote_id = ? LIMIT 1",
                (self._account.id, _storable(post_id)),
            ).first()
            self._deliveries[post_id] = None if row is None else int(row[0])
        return self._deliveries[post_id]


def _storable(text: Any) -> str:
    """A text that a database can hold: what is no Unicode becomes a replacement character."""
    return str(text).encode("utf-8", "replace").decode()


def _believable(at: Instant) -> Instant:
    """An instant that dates can be made of."""
    return min(max(int(at), 0), _LAST_INSTANT)
