"""The log, the undo steps, the worker's lease, and counts for `status`."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant


class AuditRow(NamedTuple):
    """Who did what, when, and to what."""

    id: int
    at: Instant
    actor: str
    project_id: int | None
    project: str | None
    verb: str
    subject: str
    subject_id: int | None
    summary: str
    details: dict[str, Any]


class UndoRow(NamedTuple):
    """A step that can be taken back, or was."""

    id: int
    at: Instant
    actor: str
    project_id: int | None
    label: str
    undone_at: Instant | None


class LeaseRow(NamedTuple):
    """Who leads as worker."""

    owner: str
    host: str
    pid: int
    beat_at: Instant
    expires_at: Instant


def audit(
    db: Database,
    *,
    project_id: int | None = None,
    subject: str | None = None,
    subject_id: int | None = None,
    limit: int = 200,
) -> list[AuditRow]:
    """The newest lines of the log, newest first."""

    def row(*values: Any) -> AuditRow:
        return AuditRow(*values)._replace(details=json.loads(values[9]))

    return db.rows(
        row,
        """
        SELECT a.id, a.at, a.actor, a.project_id, p.name, a.verb, a.subject, a.subject_id, a.summary, a.details
        FROM audit a LEFT JOIN project p ON p.id = a.project_id
        WHERE (:project IS NULL OR a.project_id = :project) AND (:subject IS NULL OR a.subject = :subject)
            AND (:subject_id IS NULL OR a.subject_id = :subject_id)
        ORDER BY a.id DESC LIMIT :limit
        """,
        {"project": project_id, "subject": subject, "subject_id": subject_id, "limit": limit},
    )


def next_undo(db: Database) -> UndoRow | None:
    """The step that `u` would take back."""
    return db.one(
        UndoRow,
        "SELECT id, at, actor, project_id, label, undone_at FROM undo WHERE undone_at IS NULL "
        "ORDER BY id DESC LIMIT 1",
    )


def next_redo(db: Database) -> UndoRow | None:
    """The step that `U` would do again: the one undone last. A new step forgets those that were undone before it."""
    return db.one(
        UndoRow,
        "SELECT id, at, actor, project_id, label, undone_at FROM undo WHERE undone_at IS NOT NULL "
        "ORDER BY id LIMIT 1",
    )


def lease(db: Database, name: str = "worker") -> LeaseRow | None:
    """Who leads, or led last."""
    return db.one(LeaseRow, "SELECT owner, host, pid, beat_at, expires_at FROM lease WHERE name = ?", (name,))


def delivery_counts(db: Database, project_id: int | None = None) -> dict[str, int]:
    """How many deliveries are in each state, without those that are drafts or done with."""
    return dict(
        db.rows(
            lambda state, count: (state, count),
            """
            SELECT d.state, count(*) FROM delivery d JOIN account a ON a.id = d.account_id
            WHERE d.state IN ('planned', 'approved', 'armed', 'sending', 'unknown', 'rejected', 'missed', 'held')
                AND (:project IS NULL OR a.project_id = :project)
            GROUP BY d.state
            """,
            {"project": project_id},
        )
    )


def due_count(db: Database, now: Instant) -> int:
    """Deliveries whose time has come and that the worker may send."""
    return int(db.value("SELECT count(*) FROM delivery WHERE state IN ('approved', 'armed') AND due_at <= ?", (now,)))


def waiting_ids(db: Database) -> list[int]:
    """Deliveries that only a person can settle, longest waiting first."""
    return db.rows(
        int,
        """
        SELECT id FROM delivery WHERE state IN ('unknown', 'rejected', 'missed', 'held') AND needs_human
        ORDER BY due_at, id
        """,
    )


def setting(db: Database, key: str) -> str | None:
    """A remembered fact of the workspace."""
    value = db.value("SELECT value FROM setting WHERE key = ?", (key,))
    return None if value is None else str(value)


def autosave(db: Database, key: str) -> dict[str, Any] | None:
    """Text that was being typed under this key."""
    payload = db.value("SELECT payload FROM autosave WHERE key = ?", (key,))
    return None if payload is None else dict(json.loads(payload))


def autosaves(db: Database) -> list[tuple[str, dict[str, Any], Instant]]:
    """Everything that was being typed, newest first."""
    return db.rows(
        lambda key, payload, at: (key, json.loads(payload), at),
        "SELECT key, payload, updated_at FROM autosave ORDER BY updated_at DESC",
    )
