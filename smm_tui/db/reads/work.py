"""Time, load and pay: what was worked, what is ahead, what was agreed."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant
from smm_tui.domain.pay import Agreement, Basis, Bonus, Complexity, Step
from smm_tui.domain.worktime import Moment, kind_of

TIMER, HAND, ACTIONS = "timer", "hand", "actions"
"""Where an entry comes from: the timer, somebody's hand, or what the log says was done."""


class EntryRow(NamedTuple):
    """Time spent for a client; `ended_at` None: the timer runs."""

    id: int
    project_id: int
    project: str
    actor: str
    what: str
    source: str
    started_at: Instant
    ended_at: Instant | None


class TaskRow(NamedTuple):
    """Something done that is paid by the piece."""

    id: int
    project_id: int
    project: str
    name: str
    day: str
    actor: str
    note: str


class PaidPostRow(NamedTuple):
    """A post that went live, once whatever the number of its accounts."""

    post_id: int
    project_id: int
    live_at: Instant
    complexity: Complexity


_ENTRY = """
    SELECT e.id, e.project_id, p.name, e.actor, e.what, e.source, e.started_at, e.ended_at
    FROM time_entry e JOIN project p ON p.id = e.project_id WHERE e.removed_at IS NULL
"""


def entries(
    db: Database,
    *,
    start: Instant | None = None,
    end: Instant | None = None,
    project_id: int | None = None,
    actor: str | None = None,
    limit: int = -1,
) -> list[EntryRow]:
    """Entries of which a part lies between two instants, newest first."""
    return db.rows(
        EntryRow,
        f"""
        {_ENTRY} AND (:end IS NULL OR e.started_at < :end)
            AND (:start IS NULL OR e.ended_at IS NULL OR e.ended_at > :start)
            AND (:project IS NULL OR e.project_id = :project) AND (:actor IS NULL OR e.actor = :actor)
        ORDER BY e.started_at DESC, e.id DESC LIMIT :limit
        """,
        {"start": start, "end": end, "project": project_id, "actor": actor, "limit": limit},
    )


def entry(db: Database, entry_id: int) -> EntryRow | None:
    """One entry that was not removed."""
    return db.one(EntryRow, f"{_ENTRY} AND e.id = ?", (entry_id,))


def running(db: Database, actor: str) -> EntryRow | None:
    """The entry whose timer runs, if one does."""
    return db.one(EntryRow, f"{_ENTRY} AND e.ended_at IS NULL AND e.actor = ? ORDER BY e.id DESC LIMIT 1", (actor,))


def moments(db: Database, actor: str, after: int) -> list[tuple[int, Moment]]:
    """What somebody did for clients since an entry of the log, oldest first, with the numbers of the entries."""
    return db.rows(
        lambda number, at, project, verb: (number, Moment(at, project, kind_of(verb))),
        """
        SELECT id, at, project_id, verb FROM audit
        WHERE id > ? AND actor = ? AND project_id IS NOT NULL ORDER BY id
        """,
        (after, actor),
    )


def posts_between(db: Database, start: Instant, end: Instant) -> dict[int, int]:
    """How many posts each client has planned or live between two instants."""
    return dict(
        db.rows(
            lambda project, count: (project, count),
            "SELECT project_id, count(*) FROM post WHERE planned_at >= ? AND planned_at < ? AND state != 'cancelled' "
            "GROUP BY project_id",
            (start, end),
        )
    )


def messages_between(db: Database, start: Instant, end: Instant) -> dict[int, tuple[int, int]]:
    """How many messages each client received between two instants, and how many people settled."""
    received = db.rows(
        lambda project, count: (project, count),
        "SELECT project_id, count(*) FROM message WHERE received_at >= ? AND received_at < ? AND NOT own "
        "GROUP BY project_id",
        (start, end),
    )
    settled = dict(
        db.rows(
            lambda project, count: (project, count),
            "SELECT project_id, count(*) FROM message WHERE handled_at >= ? AND handled_at < ? "
            "AND handled_by NOT IN ('', 'network', 'worker') GROUP BY project_id",
            (start, end),
        )
    )
    counts = {project: (count, settled.pop(project, 0)) for project, count in received}
    return counts | {project: (0, count) for project, count in settled.items()}


def agreements(db: Database, project_id: int | None = None) -> list[Agreement]:
    """What was agreed, by client and first day."""

    def row(
        number: int, project: int, basis: str, amount: str, currency: str, first: str, last: str | None, *more: str
    ) -> Agreement:
        steps, bonuses = (json.loads(text) for text in more)
        return Agreement(
            number,
            project,
            Basis(basis),
            Decimal(amount),
            currency,
            date.fromisoformat(first),
            date.fromisoformat(last) if last else None,
            tuple(
                Step(
                    step["name"],
                    Decimal(step["amount"]) if "amount" in step else None,
                    Decimal(step["factor"]) if "factor" in step else None,
                )
                for step in steps
            ),
            tuple(Bonus(int(bonus["goal"]), Decimal(bonus["amount"])) for bonus in bonuses),
        )

    return db.rows(
        row,
        """
        SELECT id, project_id, kind, amount, currency, from_day, to_day, steps, bonuses FROM agreement
        WHERE :project IS NULL OR project_id = :project ORDER BY project_id, from_day, id
        """,
        {"project": project_id},
    )


def tasks(
    db: Database, *, project_id: int | None = None, first: str | None = None, last: str | None = None
) -> list[TaskRow]:
    """Tasks between two days, newest first."""
    return db.rows(
        TaskRow,
        """
        SELECT t.id, t.project_id, p.name, t.name, t.day, t.actor, t.note
        FROM task t JOIN project p ON p.id = t.project_id
        WHERE t.removed_at IS NULL AND (:project IS NULL OR t.project_id = :project)
            AND (:first IS NULL OR t.day >= :first) AND (:last IS NULL OR t.day <= :last)
        ORDER BY t.day DESC, t.id DESC
        """,
        {"project": project_id, "first": first, "last": last},
    )


def paid_posts(db: Database, project_id: int, start: Instant, end: Instant) -> list[PaidPostRow]:
    """Posts that first went live between two instants, by time."""

    def row(post: int, project: int, live_at: Instant, videos: int, files: int) -> PaidPostRow:
        kind = Complexity.VIDEO if videos else Complexity.ALBUM if files > 1 else Complexity.PICTURE
        return PaidPostRow(post, project, live_at, kind if files else Complexity.TEXT)

    return db.rows(
        row,
        """
        WITH live AS (
            SELECT o.id AS post_id, o.project_id, min(d.live_at) AS live_at
            FROM post o JOIN delivery d ON d.post_id = o.id
            WHERE o.project_id = :project AND d.live_at IS NOT NULL GROUP BY o.id
        )
        SELECT l.post_id, l.project_id, l.live_at, coalesce(sum(f.mime LIKE 'video/%'), 0), count(m.id)
        FROM live l LEFT JOIN post_media m ON m.post_id = l.post_id LEFT JOIN media f ON f.sha256 = m.sha256
        WHERE l.live_at >= :start AND l.live_at < :end GROUP BY l.post_id ORDER BY l.live_at, l.post_id
        """,
        {"project": project_id, "start": start, "end": end},
    )
