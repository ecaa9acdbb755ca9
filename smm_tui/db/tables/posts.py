"""What is planned."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from smm_tui.db.tables.columns import NEVER_REUSE_IDS, instant, json, later, optional_json


class PostTable(SQLModel, table=True):
    """What the administrator planned. What becomes of it on each account is a delivery."""

    __tablename__ = "post"
    __table_args__ = (
        Index("ix_post_project_planned", "project_id", "planned_at"),
        Index("ix_post_planned", "planned_at"),
        Index("ix_post_state", "state", "planned_at"),
        NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    content_type: str
    text: str = ""
    content_warning: str = ""
    labels: list[str] = json(list)
    language: str = ""
    planned_wall: str | None = None
    zone: str
    planned_at: int | None = instant()
    late_rule: str
    state: str = "draft"
    poll: dict[str, Any] | None = optional_json()
    card: dict[str, Any] | None = optional_json()
    first_comment: str = later("")
    pillar_id: int | None = Field(default=None, foreign_key="pillar.id")
    segment_id: int | None = Field(default=None, foreign_key="segment.id")
    review: str = later("")
    submitted_at: int | None = instant()
    created_at: int = instant(nullable=False)
    updated_at: int = instant(nullable=False)
    version: int = 1


class VariantTable(SQLModel, table=True):
    """The text of a post for one account, where it differs from the common one."""

    __tablename__ = "variant"
    __table_args__ = (UniqueConstraint("post_id", "account_id"),)

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    text: str


class MediaTable(SQLModel, table=True):
    """A file in the content-addressed store; its name there is its SHA-256."""

    __tablename__ = "media"

    sha256: str = Field(primary_key=True)
    mime: str
    size: int
    width: int | None = None
    height: int | None = None
    original_name: str = ""
    created_at: int = instant(nullable=False)


class PostMediaTable(SQLModel, table=True):
    """A file attached to a post, in order, with its description."""

    __tablename__ = "post_media"
    __table_args__ = (UniqueConstraint("post_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    position: int
    sha256: str = Field(foreign_key="media.sha256")
    alt: str = ""
