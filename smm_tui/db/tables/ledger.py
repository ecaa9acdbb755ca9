"""What leaves this machine, and how fast it may."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from smm_tui.db.tables.columns import NEVER_REUSE_IDS, instant, json, optional_json


class DeliveryTable(SQLModel, table=True):
    """A post on one account: own state, own retry, own evidence."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("post_id", "account_id"),
        Index("ix_delivery_work", "state", "due_at"),
        Index("ix_delivery_account_state", "account_id", "state"),
        Index("ix_delivery_retry", "next_try_at", sqlite_where=text("next_try_at IS NOT NULL")),
        Index("ix_delivery_moving", "state", "due_at", sqlite_where=text("state IN ('armed', 'sending')")),
        NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    state: str = "draft"
    due_at: int | None = instant()
    approved_hash: str | None = None
    approved_at: int | None = instant()
    approved_by: str = ""
    next_try_at: int | None = instant()
    lease_owner: str | None = None
    lease_until: int | None = instant()
    read_backs: int = 0
    needs_human: bool = False
    error_kind: str = ""
    error_message: str = ""
    error_hint: str = ""
    error_field: str = ""
    remote_id: str = ""
    remote_url: str = ""
    live_at: int | None = instant()
    verified_at: int | None = instant()
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
    payload: dict[str, Any] = json(dict)
    payload_hash: str
    wire: dict[str, Any] | None = optional_json()
    wire_hash: str = ""
    state: str = "pending"
    remote_id: str = ""
    remote_url: str = ""
    remote_extra: dict[str, Any] = json(dict)
    first_sent_at: int | None = instant()
    last_sent_at: int | None = instant()
    done_at: int | None = instant()
    created_at: int = instant(nullable=False)


class AttemptTable(SQLModel, table=True):
    """One try at an intent, or one read back of it, with what came of it. Append only."""

    __tablename__ = "attempt"

    id: int | None = Field(default=None, primary_key=True)
    intent_id: int = Field(foreign_key="intent.id", index=True)
    what: str
    worker: str = ""
    started_at: int = instant(nullable=False)
    ended_at: int | None = instant()
    outcome: str = ""
    status: int = 0
    answer: str = ""


class RateBucketTable(SQLModel, table=True):
    """How many calls were made within a window, as all processes of this workspace count them together."""

    __tablename__ = "rate_bucket"

    name: str = Field(primary_key=True)
    used: int = 0
    remaining: int | None = None  # what the network itself said is left
    resets_at: int = instant(nullable=False)
