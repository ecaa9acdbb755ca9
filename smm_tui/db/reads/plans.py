"""A month of posts with all that hangs on them, read in bulk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant

R = TypeVar("R")
_CHUNK = 500


class PlanRow(NamedTuple):
    """A post with a time."""

    id: int
    project_id: int
    content_type: str
    text: str
    content_warning: str
    labels: tuple[str, ...]
    language: str
    planned_wall: str
    zone: str
    planned_at: Instant
    late_rule: str
    state: str
    created_at: Instant
    updated_at: Instant
    version: int
    extras: dict[str, Any]  # poll, card and first comment, as far as there are any
    pillar: str
    review: str
    submitted_at: Instant | None


class PlanDelivery(NamedTuple):
    """A post on an account; `out`: something of it has left this machine."""

    post_id: int
    account_id: int
    network: str
    handle: str
    state: str
    out: bool
    id: int
    server: str
    account_remote_id: str
    approved_at: Instant | None
    approved_by: str


class PlanMedia(NamedTuple):
    """A file of a post."""

    post_id: int
    position: int
    sha256: str
    alt: str
    mime: str
    size: int
    width: int | None
    height: int | None
    original_name: str


_POST = """
    SELECT id, project_id, content_type, text, content_warning, labels, language, coalesce(planned_wall, ''), zone,
        coalesce(planned_at, 0), late_rule, state, created_at, updated_at, version,
        CASE WHEN poll IS NULL AND card IS NULL AND first_comment = '' THEN NULL
            ELSE json_object('poll', json(poll), 'card', json(card), 'first_comment', first_comment) END,
        coalesce((SELECT name FROM pillar WHERE pillar.id = post.pillar_id), ''), review, submitted_at
    FROM post
"""


def _row(*values: Any) -> PlanRow:
    row = PlanRow(*values)
    extras = {name: value for name, value in json.loads(values[15]).items() if value} if values[15] else {}
    return row._replace(labels=tuple(json.loads(values[5])), extras=extras)


def month(db: Database, project_id: int, days: str, start: Instant, end: Instant) -> list[PlanRow]:
    """The posts between two instants whose wall time begins with `days` (``2026-12-``), in time order; without
    cancelled ones."""
    return db.rows(
        _row,
        _POST
        + """
        WHERE project_id = ? AND planned_at >= ? AND planned_at < ? AND state != 'cancelled'
            AND substr(planned_wall, 1, length(?)) = ?
        ORDER BY planned_at, id
        """,
        (project_id, start, end, days, days),
    )


def posts(db: Database, ids: Iterable[int]) -> list[PlanRow]:
    """These posts, of whatever project, time and state; `planned_wall` is empty where there is no time."""
    return _in(db, _row, _POST + "WHERE id IN ({marks})", list(ids))


def deliveries(db: Database, ids: Sequence[int]) -> list[PlanDelivery]:
    """The deliveries of these posts that are not cancelled."""

    def row(*values: Any) -> PlanDelivery:
        return PlanDelivery(*values)._replace(out=bool(values[5]))

    return _in(
        db,
        row,
        """
        SELECT d.post_id, d.account_id, a.network, a.handle, d.state,
            d.remote_id != '' OR d.state IN ('sending', 'live', 'unknown'), d.id, a.server, a.remote_id,
            d.approved_at, d.approved_by
        FROM delivery d JOIN account a ON a.id = d.account_id
        WHERE d.post_id IN ({marks}) AND d.state != 'cancelled' ORDER BY d.post_id, d.account_id
        """,
        ids,
    )


def variants(db: Database, ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """Post, account and text where an account has its own."""
    return _in(
        db,
        lambda *values: values,
        "SELECT post_id, account_id, text FROM variant WHERE post_id IN ({marks}) ORDER BY post_id, account_id",
        ids,
    )


def media(db: Database, ids: Sequence[int]) -> list[PlanMedia]:
    """The files of these posts, in order."""
    return _in(
        db,
        PlanMedia,
        """
        SELECT pm.post_id, pm.position, pm.sha256, pm.alt, m.mime, m.size, m.width, m.height, m.original_name
        FROM post_media pm JOIN media m ON m.sha256 = pm.sha256
        WHERE pm.post_id IN ({marks}) ORDER BY pm.post_id, pm.position
        """,
        ids,
    )


def published(db: Database, project_id: int, start: Instant, end: Instant) -> list[tuple[str, int]]:
    """How many posts of each type went live between two instants, the most frequent first."""
    return db.rows(
        lambda kind, count: (kind, count),
        """
        SELECT content_type, count(*) FROM post
        WHERE project_id = ? AND planned_at >= ? AND planned_at < ? AND state = 'live'
        GROUP BY content_type ORDER BY count(*) DESC, content_type
        """,
        (project_id, start, end),
    )


class PastText(NamedTuple):
    """What a post of an earlier month said, and on which day."""

    id: int
    day: str
    text: str


def texts_before(db: Database, project_id: int, start: Instant, end: Instant, limit: int) -> list[PastText]:
    """The texts of the last `limit` posts between two instants, in the order of time; without cancelled ones."""
    return db.rows(
        PastText,
        """
        SELECT id, substr(planned_wall, 1, 10), text FROM post
        WHERE project_id = ? AND planned_at >= ? AND planned_at < ? AND state != 'cancelled' AND text != ''
        ORDER BY planned_at DESC, id DESC LIMIT ?
        """,
        (project_id, start, end, limit),
    )[::-1]


def media_named(db: Database, digits: str) -> list[str]:
    """The stored files whose SHA-256 begins with these hexadecimal digits; at most two."""
    return db.rows(
        str,
        "SELECT sha256 FROM media WHERE sha256 >= ? AND sha256 < ? ORDER BY sha256 LIMIT 2",
        (digits, digits + "g"),
    )


def _in(db: Database, row: Callable[..., R], sql: str, ids: Sequence[int]) -> list[R]:
    found: list[R] = []
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        found += db.rows(row, sql.format(marks=",".join("?" * len(chunk))), chunk)
    return found
