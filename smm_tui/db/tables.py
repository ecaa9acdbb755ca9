"""The schema, as SQLModel classes. Importing this costs half a second: only the writing side does.

Instants are integers (milliseconds since 1970 UTC, see :mod:`smm_tui.domain.clock`). A planned time is the wall time
as typed, the zone it was meant in, and the instant these resolved to.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

# An undone creation deletes its row; its number, which a log may name, must not come to mean another thing.
NEVER_REUSE_IDS = {"sqlite_autoincrement": True}


def _instant(*, nullable: bool = True) -> Any:
    return Field(default=None, sa_type=BigInteger, nullable=nullable)


def _json(default: type[Any]) -> Any:
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))


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
    archived_at: int | None = _instant()
    created_at: int = _instant(nullable=False)
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
    facts: dict[str, Any] = _json(dict)
    missing: list[str] = _json(list)
    state: str = "ok"
    state_reason: str = ""
    blocked_until: int | None = _instant()
    checked_at: int | None = _instant()
    created_at: int = _instant(nullable=False)
    removed_at: int | None = _instant()
    version: int = 1


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
    labels: list[str] = _json(list)
    language: str = ""
    planned_wall: str | None = None
    zone: str
    planned_at: int | None = _instant()
    late_rule: str
    state: str = "draft"
    created_at: int = _instant(nullable=False)
    updated_at: int = _instant(nullable=False)
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
    created_at: int = _instant(nullable=False)


class PostMediaTable(SQLModel, table=True):
    """A file attached to a post, in order, with its description."""

    __tablename__ = "post_media"
    __table_args__ = (UniqueConstraint("post_id", "position"),)

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    position: int
    sha256: str = Field(foreign_key="media.sha256")
    alt: str = ""


class DeliveryTable(SQLModel, table=True):
    """A post on one account: own state, own retry, own evidence."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("post_id", "account_id"),
        Index("ix_delivery_work", "state", "due_at"),
        Index("ix_delivery_account_state", "account_id", "state"),
        NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    state: str = "draft"
    due_at: int | None = _instant()
    approved_hash: str | None = None
    approved_at: int | None = _instant()
    approved_by: str = ""
    next_try_at: int | None = _instant()
    lease_owner: str | None = None
    lease_until: int | None = _instant()
    read_backs: int = 0
    needs_human: bool = False
    error_kind: str = ""
    error_message: str = ""
    error_hint: str = ""
    error_field: str = ""
    remote_id: str = ""
    remote_url: str = ""
    live_at: int | None = _instant()
    verified_at: int | None = _instant()
    late_accepted: bool = False


class IntentTable(SQLModel, table=True):
    """One outside effect, sent at most once. Written before the socket opens."""

    __tablename__ = "intent"
    __table_args__ = (UniqueConstraint("delivery_id", "kind", "position", "generation"),)

    id: int | None = Field(default=None, primary_key=True)
    delivery_id: int = Field(foreign_key="delivery.id", index=True)
    kind: str = "publish"
    position: int = 0
    generation: int = 0
    identity: str = Field(unique=True)
    payload: dict[str, Any] = _json(dict)
    payload_hash: str
    wire: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    wire_hash: str = ""
    state: str = "pending"
    remote_id: str = ""
    remote_url: str = ""
    remote_extra: dict[str, Any] = _json(dict)
    first_sent_at: int | None = _instant()
    last_sent_at: int | None = _instant()
    done_at: int | None = _instant()
    created_at: int = _instant(nullable=False)


class AttemptTable(SQLModel, table=True):
    """One try at an intent, or one read back of it, with what came of it. Append only."""

    __tablename__ = "attempt"

    id: int | None = Field(default=None, primary_key=True)
    intent_id: int = Field(foreign_key="intent.id", index=True)
    what: str
    worker: str = ""
    started_at: int = _instant(nullable=False)
    ended_at: int | None = _instant()
    outcome: str = ""
    status: int = 0
    answer: str = ""


class AuditTable(SQLModel, table=True):
    """Who did what, when, and to what. Append only."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_project_at", "project_id", "id"),
        Index("ix_audit_subject", "subject", "subject_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: int = _instant(nullable=False)
    actor: str
    project_id: int | None = None
    verb: str
    subject: str
    subject_id: int | None = None
    summary: str
    details: dict[str, Any] = _json(dict)


class UndoTable(SQLModel, table=True):
    """What a command changed, row by row, so that it can be taken back and done again."""

    __tablename__ = "undo"

    id: int | None = Field(default=None, primary_key=True)
    at: int = _instant(nullable=False)
    actor: str
    project_id: int | None = None
    label: str
    changes: list[dict[str, Any]] = _json(list)
    undone_at: int | None = _instant()


class AutosaveTable(SQLModel, table=True):
    """Text being typed, kept with every keystroke until it is saved or thrown away."""

    __tablename__ = "autosave"

    key: str = Field(primary_key=True)
    payload: dict[str, Any] = _json(dict)
    updated_at: int = _instant(nullable=False)


class LeaseTable(SQLModel, table=True):
    """Who leads: the one worker that may act. `token` grows with every change of hands."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    owner: str
    token: int
    host: str = ""
    pid: int = 0
    beat_at: int = _instant(nullable=False)
    expires_at: int = _instant(nullable=False)


class SettingTable(SQLModel, table=True):
    """A fact about this workspace, such as where the user was when the line dropped."""

    __tablename__ = "setting"

    key: str = Field(primary_key=True)
    value: str
