"""The scheme of a plan: kinds of post, places in the week, ideas, and what was agreed."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from smm_tui.db.tables.columns import NEVER_REUSE_IDS, instant, json, optional_json


class ContentTypeTable(SQLModel, table=True):
    """A kind of post of one project, its target share (percent) and its rules of alternation; None: no rule."""

    __tablename__ = "content_type"
    __table_args__ = (UniqueConstraint("project_id", "name"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    name: str
    title: str
    glyph: str
    colour: str = ""
    share_from: int | None = None
    share_to: int | None = None
    late_rule: str
    max_in_row: int | None = None
    max_gap_days: int | None = None
    max_per_day: int | None = None
    position: int = 0
    retired_at: int | None = instant()


class PillarTable(SQLModel, table=True):
    """A rubric: what a project's posts keep coming back to."""

    __tablename__ = "pillar"
    __table_args__ = (UniqueConstraint("project_id", "name"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    name: str
    note: str = ""
    position: int = 0
    retired_at: int | None = instant()


class HashtagSetTable(SQLModel, table=True):
    """Hashtags that go together, under a name."""

    __tablename__ = "hashtag_set"
    __table_args__ = (UniqueConstraint("project_id", "name"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    name: str
    tags: list[str] = json(list)


class SlotTable(SQLModel, table=True):
    """A place of the scheme: a wall time that comes back by an RRULE (RFC 5545) from its first day on."""

    __tablename__ = "slot"
    __table_args__ = (Index("ix_slot_project", "project_id"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    title: str = ""
    rule: str
    first_day: str
    wall_time: str
    content_type: str
    pillar_id: int | None = Field(default=None, foreign_key="pillar.id")
    accounts: list[int] | None = optional_json()  # None: all of the project
    exceptions: list[str] = json(list)
    ended_at: int | None = instant()


class SpecialDayTable(SQLModel, table=True):
    """A day that matters to a project beside the public holidays."""

    __tablename__ = "special_day"
    __table_args__ = (Index("ix_special_day_project", "project_id"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    day: str
    name: str
    yearly: bool = False
    quiet: bool = False  # nothing is posted on it


class IdeaTable(SQLModel, table=True):
    """Something to write about, or a post that may come again after `rest_days` (evergreen)."""

    __tablename__ = "idea"
    __table_args__ = (Index("ix_idea_project", "project_id"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    text: str
    content_type: str = ""
    pillar_id: int | None = Field(default=None, foreign_key="pillar.id")
    media: list[dict[str, str]] = json(list)
    source: str = ""
    rest_days: int | None = None  # None: used once
    used_at: int | None = instant()
    used_post_id: int | None = Field(default=None, foreign_key="post.id")
    created_at: int = instant(nullable=False)
    dropped_at: int | None = instant()


class TemplateTable(SQLModel, table=True):
    """A text with {variables} in it; without a project it is everybody's."""

    __tablename__ = "template"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    project_id: int | None = Field(default=None, foreign_key="project.id", index=True)
    name: str
    text: str
    content_type: str = ""


class PostCommentTable(SQLModel, table=True):
    """What somebody said about a planned post."""

    __tablename__ = "post_comment"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    author: str
    audience: str = "internal"  # or "client"
    verdict: str = ""  # "returned" or "approved", where it was said with one
    text: str
    created_at: int = instant(nullable=False)


class MonthApprovalTable(SQLModel, table=True):
    """A month approved as a whole: the hash over it, and that of each of its posts."""

    __tablename__ = "month_approval"
    __table_args__ = (Index("ix_month_approval_month", "project_id", "month"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    month: str
    digest: str
    posts: dict[str, dict[str, str]] = json(dict)  # see domain.approval.Snapshot
    approved_by: str
    approved_at: int = instant(nullable=False)
    withdrawn_at: int | None = instant()
