"""Texts to answer with."""

from __future__ import annotations

from typing import NamedTuple

from smm_tui.db.database import Database


class SavedReplyRow(NamedTuple):
    """A text with {variables}; `project_id` None: everybody's."""

    id: int
    project_id: int | None
    name: str
    text: str
    language: str
    used: int


def saved_replies(db: Database, project_id: int | None) -> list[SavedReplyRow]:
    """Those of a project (None: of all projects) and everybody's, the most used first."""
    return db.rows(
        SavedReplyRow,
        """
        SELECT id, project_id, name, text, language, used FROM saved_reply
        WHERE :project IS NULL OR project_id IS NULL OR project_id = :project
        ORDER BY used DESC, used_at DESC, name, id
        """,
        {"project": project_id},
    )
