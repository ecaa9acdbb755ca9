"""Projects, as lists and screens need them."""

from __future__ import annotations

from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant


class ProjectRow(NamedTuple):
    """A project's own facts."""

    id: int
    name: str
    client: str
    goal: str
    timezone: str
    language: str
    colour: str
    hotkey: int | None
    approval: str
    archived_at: Instant | None
    version: int
    country: str


class ProjectOverviewRow(NamedTuple):
    """A line of the Projects screen. `waiting` counts what only a person can settle."""

    id: int
    name: str
    client: str
    timezone: str
    colour: str
    hotkey: int | None
    next_at: Instant | None
    covered_until: Instant | None
    waiting: int
    to_approve: int
    drafts: int
    live_30_days: int
    accounts: int
    accounts_in_trouble: int


_COLUMNS = "id, name, client, goal, timezone, language, colour, hotkey, approval, archived_at, version, country"


def all_projects(db: Database, *, archived: bool = False) -> list[ProjectRow]:
    """All projects in the order of their hotkeys."""
    where = "" if archived else "WHERE archived_at IS NULL"
    return db.rows(ProjectRow, f"SELECT {_COLUMNS} FROM project {where} ORDER BY hotkey IS NULL, hotkey, name, id")


def project(db: Database, project_id: int) -> ProjectRow | None:
    """One project, archived or not."""
    return db.one(ProjectRow, f"SELECT {_COLUMNS} FROM project WHERE id = ?", (project_id,))


def overview(db: Database, now: Instant) -> list[ProjectOverviewRow]:
    """What burns, client by client."""
    month_ago = now - 30 * 24 * 3_600_000
    return db.rows(
        ProjectOverviewRow,
        """
        SELECT p.id, p.name, p.client, p.timezone, p.colour, p.hotkey,
            (SELECT min(planned_at) FROM post WHERE project_id = p.id AND planned_at >= :now
                AND state IN ('planned', 'approved', 'armed')),
            (SELECT max(planned_at) FROM post WHERE project_id = p.id AND planned_at >= :now
                AND state IN ('planned', 'approved', 'armed')),
            (SELECT count(*) FROM account a JOIN delivery d ON d.account_id = a.id
                WHERE a.project_id = p.id AND d.state IN ('unknown', 'rejected', 'missed', 'held') AND d.needs_human),
            (SELECT count(*) FROM post WHERE project_id = p.id AND planned_at >= :now AND state = 'planned'
                AND p.approval != 'none'),
            (SELECT count(*) FROM post WHERE project_id = p.id AND state = 'draft'),
            (SELECT count(*) FROM post WHERE project_id = p.id AND state = 'live'
                AND planned_at BETWEEN :month_ago AND :now),
            (SELECT count(*) FROM account WHERE project_id = p.id AND removed_at IS NULL),
            (SELECT count(*) FROM account WHERE project_id = p.id AND removed_at IS NULL AND state != 'ok')
        FROM project p WHERE p.archived_at IS NULL
        ORDER BY p.hotkey IS NULL, p.hotkey, p.name, p.id
        """,
        {"now": now, "month_ago": month_ago},
    )


def waiting(db: Database) -> dict[int, int]:
    """How many things wait for a person, by project; projects with none are left out."""
    return dict(
        db.rows(
            lambda project_id, count: (project_id, count),
            """
            SELECT a.project_id, count(*) FROM delivery d JOIN account a ON a.id = d.account_id
            WHERE d.state IN ('unknown', 'rejected', 'missed', 'held') AND d.needs_human GROUP BY a.project_id
            """,
        )
    )
