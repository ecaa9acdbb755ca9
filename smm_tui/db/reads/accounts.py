"""Accounts of projects."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant


class AccountRow(NamedTuple):
    """An account. `facts` is what the last check learnt of its server; `missing` are rights it lacks, in words."""

    id: int
    project_id: int
    project: str
    network: str
    server: str
    handle: str
    remote_id: str
    display_name: str
    url: str
    secret_ref: str
    facts: dict[str, Any]
    missing: list[str]
    state: str
    state_reason: str
    blocked_until: Instant | None
    checked_at: Instant | None
    removed_at: Instant | None
    version: int


_SELECT = """
    SELECT a.id, a.project_id, p.name, a.network, a.server, a.handle, a.remote_id, a.display_name, a.url,
        a.secret_ref, a.facts, a.missing, a.state, a.state_reason, a.blocked_until, a.checked_at, a.removed_at,
        a.version
    FROM account a JOIN project p ON p.id = a.project_id
"""


def _row(*values: Any) -> AccountRow:
    row = AccountRow(*values)
    return row._replace(facts=json.loads(values[10]), missing=json.loads(values[11]))


def of_project(db: Database, project_id: int | None = None) -> list[AccountRow]:
    """The accounts of one project, or of all that are not archived."""
    if project_id is None:
        return db.rows(
            _row,
            _SELECT
            + "WHERE a.removed_at IS NULL AND p.archived_at IS NULL ORDER BY p.hotkey IS NULL, p.hotkey, a.id",
        )
    return db.rows(_row, _SELECT + "WHERE a.removed_at IS NULL AND a.project_id = ? ORDER BY a.id", (project_id,))


def account(db: Database, account_id: int) -> AccountRow | None:
    """One account, also a removed one."""
    return db.one(_row, _SELECT + "WHERE a.id = ?", (account_id,))
