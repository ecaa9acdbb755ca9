"""What was said about posts, and the months that were approved."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.approval import Snapshot
from smm_tui.domain.clock import Instant


class CommentRow(NamedTuple):
    """What somebody said about a post; `verdict` is ``returned`` or ``approved`` where it was said with one."""

    id: int
    post_id: int
    author: str
    audience: str
    verdict: str
    text: str
    created_at: Instant


class MonthApprovalRow(NamedTuple):
    """A month as it was approved: its hash, and each of its posts."""

    id: int
    project_id: int
    month: str
    digest: str
    posts: dict[int, Snapshot]
    approved_by: str
    approved_at: Instant


_COMMENT = "SELECT id, post_id, author, audience, verdict, text, created_at FROM post_comment"


def comments(db: Database, post_id: int) -> list[CommentRow]:
    """What was said about a post, oldest first."""
    return db.rows(CommentRow, _COMMENT + " WHERE post_id = ? ORDER BY id", (post_id,))


def comments_in(db: Database, project_id: int, days: str) -> dict[int, list[CommentRow]]:
    """What was said about the posts of a project whose wall time begins with `days`, by post, oldest first."""
    found: dict[int, list[CommentRow]] = {}
    for row in db.rows(
        CommentRow,
        _COMMENT
        + """
        WHERE post_id IN (
            SELECT id FROM post WHERE project_id = ? AND substr(planned_wall, 1, length(?)) = ?
        ) ORDER BY id
        """,
        (project_id, days, days),
    ):
        found.setdefault(row.post_id, []).append(row)
    return found


def month_approval(db: Database, project_id: int, month: str) -> MonthApprovalRow | None:
    """The approval of a month (``2026-12``) that holds; None without one."""

    def row(*values: Any) -> MonthApprovalRow:
        posts = {int(number): parts for number, parts in json.loads(values[4]).items()}
        return MonthApprovalRow(*values)._replace(posts=posts)

    return db.one(
        row,
        """
        SELECT id, project_id, month, digest, posts, approved_by, approved_at FROM month_approval
        WHERE project_id = ? AND month = ? AND withdrawn_at IS NULL ORDER BY id DESC LIMIT 1
        """,
        (project_id, month),
    )
