"""Rules, what they applied to, and what people thought of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant


class RuleRow(NamedTuple):
    """A rule. `agreed` and `disagreed`: of its `hits`, those that people judged."""

    id: int
    project_id: int | None
    project: str | None
    name: str
    conditions: list[dict[str, Any]]
    actions: list[dict[str, Any]]
    position: int
    armed_at: Instant | None
    tested_at: Instant | None
    removed_at: Instant | None
    hits: int
    agreed: int
    disagreed: int

    @property
    def precision(self) -> float | None:
        """The share of judged hits that were right; None before any was judged."""
        judged = self.agreed + self.disagreed
        return self.agreed / judged if judged else None


class HitRow(NamedTuple):
    """A message that a rule applied to."""

    message_id: int
    at: Instant
    why: str
    sampled: bool
    judged: bool | None
    author: str
    text: str
    state: str
    url: str


class SuggestionRow(NamedTuple):
    """A saved reply that a rule suggests for a message."""

    message_id: int
    rule_id: int
    name: str


_RULE = """
    SELECT r.id, r.project_id, p.name, r.name, r.conditions, r.actions, r.position, r.armed_at, r.tested_at,
        r.removed_at, count(h.id), coalesce(sum(h.judged), 0), coalesce(sum(NOT h.judged), 0)
    FROM rule r LEFT JOIN project p ON p.id = r.project_id LEFT JOIN rule_hit h ON h.rule_id = r.id
"""


def _row(*values: Any) -> RuleRow:
    return RuleRow(*values)._replace(conditions=json.loads(values[4]), actions=json.loads(values[5]))


def rules(db: Database, project_id: int | None = None) -> list[RuleRow]:
    """The rules that hold for a project, or all of them, in their order; removed ones are left out."""
    return db.rows(
        _row,
        f"""
        {_RULE} WHERE r.removed_at IS NULL AND (:project IS NULL OR r.project_id IS NULL OR r.project_id = :project)
        GROUP BY r.id ORDER BY r.position, r.id
        """,
        {"project": project_id},
    )


def rule(db: Database, rule_id: int) -> RuleRow | None:
    """One rule that is not removed."""
    return db.one(_row, f"{_RULE} WHERE r.id = ? AND r.removed_at IS NULL GROUP BY r.id", (rule_id,))


def hits(db: Database, rule_id: int, *, sampled: bool = False, limit: int = 100) -> list[HitRow]:
    """What a rule applied to, newest first; `sampled`: only what waits for somebody to judge it."""
    return db.rows(
        lambda *values: HitRow(*values)._replace(
            sampled=bool(values[3]), judged=None if values[4] is None else bool(values[4])
        ),
        f"""
        SELECT h.message_id, h.at, h.why, h.sampled, h.judged, coalesce(nullif(w.name, ''), w.handle, ''),
            substr(m.text, 1, 300), m.state, m.url
        FROM rule_hit h JOIN message m ON m.id = h.message_id LEFT JOIN author w ON w.id = m.author_id
        WHERE h.rule_id = ? {"AND h.sampled AND h.judged IS NULL" if sampled else ""} ORDER BY h.id DESC LIMIT ?
        """,
        (rule_id, limit),
    )


def samples(db: Database) -> dict[int, int]:
    """How many hits wait for somebody to judge them, by rule."""
    return dict(
        db.rows(
            lambda rule_id, count: (rule_id, count),
            "SELECT rule_id, count(*) FROM rule_hit WHERE sampled AND judged IS NULL GROUP BY rule_id",
        )
    )


def suggestions(db: Database, message_ids: Sequence[int]) -> list[SuggestionRow]:
    """The saved replies that rules suggest for these messages."""
    return db.rows(
        SuggestionRow,
        """
        SELECT h.message_id, h.rule_id, a.value ->> 'value'
        FROM rule_hit h JOIN rule r ON r.id = h.rule_id, json_each(r.actions) a
        WHERE a.value ->> 'name' = 'reply' AND h.message_id IN (SELECT value FROM json_each(?)) ORDER BY h.id
        """,
        (json.dumps(list(message_ids)),),
    )


def saved_reply_names(db: Database, project_id: int | None) -> list[str]:
    """The names of the saved replies of a project, and everybody's."""
    return db.rows(
        str,
        "SELECT name FROM saved_reply WHERE project_id IS NULL OR :project IS NULL OR project_id = :project",
        {"project": project_id},
    )


def approved(db: Database, message_ids: Sequence[int]) -> set[int]:
    """Those of these messages that a person found right."""
    return set(
        db.rows(
            int,
            "SELECT m.id FROM json_each(?) j JOIN message m ON m.id = j.value "
            "WHERE m.state IN ('approved', 'answered') AND m.handled_by NOT LIKE 'rule %'",
            (json.dumps(list(message_ids)),),
        )
    )
