"""What became of the deliveries of a month, with what reading them back showed last."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant

CHECK = "check"
"""What an attempt is called that only looks whether a live post is as it was sent."""


class FactRow(NamedTuple):
    """A delivery of a planned post; `look` and `shown` are of the last check."""

    id: int
    post_id: int
    account_id: int
    network: str
    handle: str
    state: str
    due_at: Instant
    live_at: Instant | None
    remote_url: str
    error_message: str
    planned_wall: str
    head: str
    looked_at: Instant | None
    look: str
    shown: str


class PartRow(NamedTuple):
    """A part of a live post, and what it should show: `text` None while an edit of ours is on its way."""

    intent_id: int
    delivery_id: int
    remote_id: str
    remote_url: str
    extra: dict[str, str]
    text: str | None
    files: int


def month(db: Database, project_id: int, days: str, start: Instant, end: Instant) -> list[FactRow]:
    """The deliveries of posts between two instants whose wall time begins with `days`, by time."""
    return db.rows(
        FactRow,
        f"""
        WITH looks AS (
            SELECT i.delivery_id, max(t.id) AS id FROM post o
            JOIN delivery d ON d.post_id = o.id JOIN intent i ON i.delivery_id = d.id
            JOIN attempt t ON t.intent_id = i.id AND t.what = '{CHECK}'
            WHERE o.project_id = :project AND o.planned_at >= :start AND o.planned_at < :end GROUP BY i.delivery_id
        )
        SELECT d.id, d.post_id, d.account_id, a.network, a.handle, d.state, o.planned_at, d.live_at, d.remote_url,
            d.error_message, o.planned_wall, substr(o.text, 1, 120), t.ended_at, coalesce(t.outcome, ''),
            coalesce(t.answer, '')
        FROM post o JOIN delivery d ON d.post_id = o.id JOIN account a ON a.id = d.account_id
        LEFT JOIN looks k ON k.delivery_id = d.id LEFT JOIN attempt t ON t.id = k.id
        WHERE o.project_id = :project AND o.planned_at >= :start AND o.planned_at < :end
            AND substr(o.planned_wall, 1, length(:days)) = :days AND d.state NOT IN ('cancelled', 'draft')
        ORDER BY o.planned_at, o.id, d.account_id
        """,
        {"project": project_id, "start": start, "end": end, "days": days},
    )


def parts(db: Database, delivery_id: int) -> list[PartRow]:
    """What is live of a delivery, in order; parts whose name on the network nobody knows are left out."""
    found: dict[int, PartRow] = {}

    def made(number: int, remote_id: str, url: str, extra: str, payload: str) -> PartRow:
        content = json.loads(payload)
        files = len(content.get("media", ()))
        return PartRow(number, delivery_id, remote_id, url, json.loads(extra), content["text"], files)

    for row in db.rows(
        made,
        """
        SELECT id, remote_id, remote_url, remote_extra, payload FROM intent
        WHERE delivery_id = ? AND kind = 'publish' AND state = 'done' AND remote_id != ''
        ORDER BY generation, position
        """,
        (delivery_id,),
    ):
        found[row.intent_id] = row
    for state, payload in db.rows(
        lambda *values: values,
        "SELECT state, payload FROM intent "
        "WHERE delivery_id = ? AND kind = 'edit' AND state NOT IN ('dropped', 'failed') ORDER BY id",
        (delivery_id,),
    ):
        content: dict[str, Any] = json.loads(payload)
        target = found.get(content["target"])
        if target is not None:
            text = content["text"] if state == "done" else None
            found[target.intent_id] = target._replace(text=text, files=len(content.get("media", ())))
    return list(found.values())
