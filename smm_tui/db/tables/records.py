"""What happened, and what the workspace remembers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from smm_tui.db.tables.columns import instant, json


class AuditTable(SQLModel, table=True):
    """Who did what, when, and to what. Append only."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_project_at", "project_id", "id"),
        Index("ix_audit_subject", "subject", "subject_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: int = instant(nullable=False)
    actor: str
    project_id: int | None = None
    verb: str
    subject: str
    subject_id: int | None = None
    summary: str
    details: dict[str, Any] = json(dict)


class UndoTable(SQLModel, table=True):
    """What a command changed, row by row, so that it can be taken back and done again."""

    __tablename__ = "undo"

    id: int | None = Field(default=None, primary_key=True)
    at: int = instant(nullable=False)
    actor: str
    project_id: int | None = None
    label: str
    changes: list[dict[str, Any]] = json(list)
    undone_at: int | None = instant()


class AutosaveTable(SQLModel, table=True):
    """Text being typed, kept with every keystroke until it is saved or thrown away."""

    __tablename__ = "autosave"

    key: str = Field(primary_key=True)
    payload: dict[str, Any] = json(dict)
    updated_at: int = instant(nullable=False)


class LeaseTable(SQLModel, table=True):
    """Who leads: the one worker that may act. `token` grows with every change of hands."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    owner: str
    token: int
    host: str = ""
    pid: int = 0
    beat_at: int = instant(nullable=False)
    expires_at: int = instant(nullable=False)


class SettingTable(SQLModel, table=True):
    """A fact about this workspace, such as where the user was when the line dropped."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: str
