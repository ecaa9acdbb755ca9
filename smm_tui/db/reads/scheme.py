"""The scheme of a project's plan: its kinds of post, places of the week, days that matter, ideas and templates."""

from __future__ import annotations

import json
from datetime import date, time
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant
from smm_tui.domain.content_types import DEFAULTS, Band, ContentType, ContentTypes
from smm_tui.domain.scheme import Slot


class Pillar(NamedTuple):
    """A rubric."""

    id: int
    name: str
    note: str


class HashtagSet(NamedTuple):
    """Hashtags that go together; each with its ``#``."""

    id: int
    name: str
    tags: tuple[str, ...]


class SpecialDay(NamedTuple):
    """A day that matters to a project. `yearly`: it comes back on the same date; `quiet`: nothing is posted on it."""

    id: int
    day: date
    name: str
    yearly: bool
    quiet: bool


class Idea(NamedTuple):
    """Something to write about. `rest_days` None: used once; else it may come again so many days after `used_at`."""

    id: int
    text: str
    content_type: str
    pillar_id: int | None
    media: tuple[tuple[str, str], ...]  # SHA-256 and description
    source: str
    rest_days: int | None
    used_at: Instant | None
    used_post_id: int | None


class Template(NamedTuple):
    """A text with {variables}; `project_id` None: everybody's."""

    id: int
    project_id: int | None
    name: str
    text: str
    content_type: str


def content_types(db: Database, project_id: int) -> ContentTypes:
    """A project's kinds in its order, without those it gave up; the built-in ones while it has none of its own."""
    kinds = db.rows(
        _content_type,
        """
        SELECT name, title, glyph, late_rule, colour, share_from, share_to, max_in_row, max_gap_days, max_per_day
        FROM content_type WHERE project_id = ? AND retired_at IS NULL ORDER BY position, id
        """,
        (project_id,),
    )
    return ContentTypes(kinds) if kinds else DEFAULTS


def _content_type(*values: Any) -> ContentType:
    name, title, glyph, late_rule, colour, low, high, in_row, gap_days, per_day = values
    share = None if low is None or high is None else Band(low, high)
    return ContentType(name, title, glyph, late_rule, colour, share, in_row, gap_days, per_day)


def pillars(db: Database, project_id: int) -> list[Pillar]:
    """A project's rubrics in its order, those it gave up left out."""
    return db.rows(
        Pillar,
        "SELECT id, name, note FROM pillar WHERE project_id = ? AND retired_at IS NULL ORDER BY position, id",
        (project_id,),
    )


def pillar_named(db: Database, project_id: int, name: str) -> int | None:
    """The number of a rubric, given up or not."""
    return db.one(int, "SELECT id FROM pillar WHERE project_id = ? AND name = ?", (project_id, name))


def has_pillar(db: Database, project_id: int, pillar_id: int) -> bool:
    """Whether a rubric is a project's, also one that it gave up."""
    return bool(db.value("SELECT count(*) FROM pillar WHERE id = ? AND project_id = ?", (pillar_id, project_id)))


def hashtag_sets(db: Database, project_id: int) -> list[HashtagSet]:
    """A project's sets by name."""
    return db.rows(
        lambda number, name, tags: HashtagSet(number, name, tuple(json.loads(tags))),
        "SELECT id, name, tags FROM hashtag_set WHERE project_id = ? ORDER BY name",
        (project_id,),
    )


def slots(db: Database, project_id: int) -> list[Slot]:
    """The places of a project's scheme that are not ended, by their time of day."""
    return db.rows(
        _slot,
        """
        SELECT id, title, rule, first_day, wall_time, content_type, pillar_id, accounts, exceptions
        FROM slot WHERE project_id = ? AND ended_at IS NULL ORDER BY wall_time, id
        """,
        (project_id,),
    )


def _slot(*values: Any) -> Slot:
    number, title, rule, first_day, wall_time, content_type, pillar_id, accounts, exceptions = values
    chosen = None if accounts is None else json.loads(accounts)
    return Slot(
        rule,
        date.fromisoformat(first_day),
        time.fromisoformat(wall_time),
        content_type,
        title,
        pillar_id,
        None if chosen is None else tuple(chosen),
        frozenset(date.fromisoformat(day) for day in json.loads(exceptions)),
        number,
    )


def special_days(db: Database, project_id: int) -> list[SpecialDay]:
    """A project's own days, in order."""
    return db.rows(
        lambda number, day, name, yearly, quiet: SpecialDay(
            number, date.fromisoformat(day), name, bool(yearly), bool(quiet)
        ),
        "SELECT id, day, name, yearly, quiet FROM special_day WHERE project_id = ? ORDER BY day, id",
        (project_id,),
    )


def ideas(db: Database, project_id: int) -> list[Idea]:
    """A project's ideas that are not dropped: those that were never used first, then those that rest longest."""
    return db.rows(
        _idea,
        """
        SELECT id, text, content_type, pillar_id, media, source, rest_days, used_at, used_post_id
        FROM idea WHERE project_id = ? AND dropped_at IS NULL AND (used_at IS NULL OR rest_days IS NOT NULL)
        ORDER BY used_at IS NOT NULL, used_at, id
        """,
        (project_id,),
    )


def _idea(*values: Any) -> Idea:
    number, text, content_type, pillar_id, media, *rest = values
    files = tuple((item["sha256"], item.get("alt", "")) for item in json.loads(media))
    return Idea(number, text, content_type, pillar_id, files, *rest)


def templates(db: Database, project_id: int | None) -> list[Template]:
    """The templates of a project, and everybody's, by name."""
    return db.rows(
        Template,
        "SELECT id, project_id, name, text, content_type FROM template"
        " WHERE project_id IS NULL OR project_id = ? ORDER BY name, id",
        (project_id,),
    )
