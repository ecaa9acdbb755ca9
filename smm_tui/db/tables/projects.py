"""Clients and their accounts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from smm_tui.db.tables.columns import NEVER_REUSE_IDS, instant, json, later


class ProjectTable(SQLModel, table=True):
    """One client's community work."""

    __tablename__ = "project"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    client: str = ""
    goal: str = ""
    timezone: str
    language: str = "en"
    colour: str = ""
    hotkey: int | None = None
    approval: str = "item"
    country: str = later("")
    archived_at: int | None = instant()
    created_at: int = instant(nullable=False)
    version: int = 1


class AccountTable(SQLModel, table=True):
    """A page, channel or profile of a project on one network. Its secret lives in the secret store."""

    __tablename__ = "account"
    __table_args__ = (
        Index(
            "uq_account_live",
            "project_id",
            "network",
            "server",
            "remote_id",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", index=True)
    network: str
    server: str
    handle: str
    remote_id: str = ""
    display_name: str = ""
    url: str = ""
    secret_ref: str
    facts: dict[str, Any] = json(dict)
    missing: list[str] = json(list)
    state: str = "ok"
    state_reason: str = ""
    blocked_until: int | None = instant()
    checked_at: int | None = instant()
    created_at: int = instant(nullable=False)
    removed_at: int | None = instant()
    version: int = 1
