"""What the wrong-client guard knows: the briefs' claims, and what went out for each client."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from smm_tui.db.database import Database


class Claims(NamedTuple):
    """A client that is not archived, with its brief's lists and the handles of its accounts."""

    project_id: int
    name: str
    language: str
    own: dict[str, list[str]]
    handles: tuple[str, ...]
    forbidden: list[str]


class Sent(NamedTuple):
    """A post that went past a person: what it shows."""

    id: int
    text: str
    beside: tuple[str, ...]
    links: tuple[str, ...]
    media: tuple[str, ...]


WITNESSES = "('approved', 'armed', 'sending', 'live', 'unknown', 'missed')"
"""The states of posts that tell what is a client's: somebody approved them, or they went out."""


def claims(db: Database) -> list[Claims]:
    """All clients."""
    handles: dict[int, list[str]] = {}
    for project_id, handle in db.rows(
        lambda project_id, handle: (project_id, handle),
        "SELECT project_id, handle FROM account WHERE removed_at IS NULL ORDER BY id",
    ):
        handles.setdefault(project_id, []).append(handle)
    return db.rows(
        lambda number, name, language, own, forbidden: Claims(
            number,
            name,
            language,
            json.loads(own or "{}"),
            tuple(handles.get(number, ())),
            json.loads(forbidden or "[]"),
        ),
        """
        SELECT p.id, p.name, p.language, b.own, b.forbidden FROM project p LEFT JOIN brief b ON b.project_id = p.id
        WHERE p.archived_at IS NULL ORDER BY p.id
        """,
    )


def versions(db: Database, project_id: int, limit: int) -> dict[int, int]:
    """The newest `limit` witnesses of a client, with their versions."""
    return dict(
        db.rows(
            lambda number, version: (number, version),
            f"SELECT id, version FROM post WHERE project_id = ? AND planned_at IS NOT NULL AND state IN {WITNESSES} "
            "ORDER BY planned_at DESC LIMIT ?",
            (project_id, limit),
        )
    )


def sent(db: Database, ids: Sequence[int]) -> list[Sent]:
    """These posts, with their variants beside their text."""
    found = []
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        marks = ", ".join("?" * len(some))
        variants = _grouped(db, f"SELECT post_id, text FROM variant WHERE post_id IN ({marks})", some)
        media = _grouped(db, f"SELECT post_id, sha256 FROM post_media WHERE post_id IN ({marks})", some)
        for number, text, warning, comment, poll, card in db.rows(
            lambda *values: values,
            f"SELECT id, text, content_warning, first_comment, poll, card FROM post WHERE id IN ({marks})",
            some,
        ):
            options = json.loads(poll)["options"] if poll and poll != "null" else []
            shown = json.loads(card) if card and card != "null" else {}
            beside = (
                *variants.get(number, ()),
                warning,
                comment,
                *options,
                shown.get("title", ""),
                shown.get("description", ""),
            )
            links = (shown["url"],) if shown else ()
            found.append(
                Sent(number, text, tuple(part for part in beside if part), links, tuple(media.get(number, ())))
            )
    return found


def names_of(db: Database, hashes: Iterable[str]) -> dict[str, str]:
    """What stored files were called when they were added."""
    wanted = list(hashes)
    marks = ", ".join("?" * len(wanted))
    return dict(
        db.rows(
            lambda sha256, name: (sha256, name),
            f"SELECT sha256, original_name FROM media WHERE sha256 IN ({marks})",
            wanted,
        )
    )


def _grouped(db: Database, sql: str, parameters: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, value in db.rows(lambda number, value: (number, value), sql, parameters):
        found.setdefault(number, []).append(value)
    return found
