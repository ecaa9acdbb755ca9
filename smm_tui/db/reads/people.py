"""The people who write: who may be the same person, and who is shut out."""

from __future__ import annotations

from typing import NamedTuple

from smm_tui.db.database import Database

FOUND = 50
"""So many authors are offered at once."""


class KnownAuthor(NamedTuple):
    """Somebody who wrote to a project; `person` None: not linked to anybody."""

    id: int
    network: str
    handle: str
    name: str
    person: str | None


def authors(db: Database, project_id: int, text: str, *, but: int) -> list[KnownAuthor]:
    """Those who wrote to a project and whose name or handle contains a text, but for one of them and whoever is the
    same person already."""
    pattern = "%" + "".join(f"\\{char}" if char in "%_\\" else char for char in text) + "%"
    return db.rows(
        KnownAuthor,
        """
        SELECT w.id, w.network, w.handle, w.name, p.name FROM author w LEFT JOIN person p ON p.id = w.person_id
        WHERE w.id != :but AND (w.name LIKE :pattern ESCAPE '\\' OR w.handle LIKE :pattern ESCAPE '\\')
            AND (w.person_id IS NULL OR w.person_id IS NOT (SELECT person_id FROM author WHERE id = :but))
            AND EXISTS (SELECT 1 FROM message m WHERE m.author_id = w.id AND m.project_id = :project)
        ORDER BY w.name, w.id LIMIT :most
        """,
        {"but": but, "pattern": pattern, "project": project_id, "most": FOUND},
    )
