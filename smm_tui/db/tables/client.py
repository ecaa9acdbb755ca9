"""What surrounds the posts: the client's brief, the page, its figures, and the administrator's own time and pay."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from smm_tui.db.tables.columns import NEVER_REUSE_IDS, instant, json, later, optional_json


class BriefTable(SQLModel, table=True):
    """What a client wants and must not happen."""

    __tablename__ = "brief"

    project_id: int = Field(foreign_key="project.id", primary_key=True)
    words: str = ""
    tone: str = ""
    forbidden: list[str] = json(list)
    topics: list[str] = json(list)  # not to be touched
    own: dict[str, list[str]] = json(dict)  # "domains", "phones", "handles", "hashtags", "brands", "prices"
    legal: str = ""
    contacts: list[dict[str, str]] = json(list)
    competitors: list[dict[str, str]] = json(list)
    hours: str = later("")  # when the client can be reached, as "mon-fri 08:00-16:00"


class GoalTable(SQLModel, table=True):
    """A figure to be reached by a day."""

    __tablename__ = "goal"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", index=True)
    metric: str
    account_id: int | None = Field(default=None, foreign_key="account.id")  # None: all accounts together
    start_value: int | None = None
    target: int
    from_day: str
    by_day: str
    dropped_at: int | None = instant()


class HypothesisTable(SQLModel, table=True):
    """Something believed of an audience, and what came of it."""

    __tablename__ = "hypothesis"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", index=True)
    segment_id: int | None = Field(default=None, foreign_key="segment.id")
    text: str
    outcome: str = ""
    created_at: int = instant(nullable=False)
    settled_at: int | None = instant()


class QuestionTable(SQLModel, table=True):
    """Something people ask, kept to be answered by posts; `asked` counts how often it was heard."""

    __tablename__ = "question"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", index=True)
    segment_id: int | None = Field(default=None, foreign_key="segment.id")
    text: str
    answer: str = ""
    asked: int = 1
    message_id: int | None = Field(default=None, foreign_key="message.id")  # where it was heard first
    post_id: int | None = Field(default=None, foreign_key="post.id")  # what answers it
    created_at: int = instant(nullable=False)
    dropped_at: int | None = instant()


class ClearanceTable(SQLModel, table=True):
    """Somebody saw what looks like another client's in something that leaves, and let it pass: exactly that, as its
    `digest` over the words, the files and the findings says. Any change asks again."""

    __tablename__ = "clearance"
    __table_args__ = (Index("ix_clearance_subject", "subject", "subject_id"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    subject: str  # "delivery", "action" or "ad"
    subject_id: int
    digest: str
    findings: list[str] = json(list)  # their keys, see domain.guard.check
    actor: str
    given_at: int = instant(nullable=False)


class ReadingTable(SQLModel, table=True):
    """A figure of a page or a post, with the moment it was true. Missing is not zero."""

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("account_id", "delivery_id", "metric", "at"),
        Index("ix_reading_series", "account_id", "metric", "at"),
        Index("ix_reading_delivery", "delivery_id", "metric", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id")  # None: the page itself
    metric: str
    value: int
    at: int = instant(nullable=False)
    since: int | None = instant()
    read_at: int = instant(nullable=False)


class ProfileWishTable(SQLModel, table=True):
    """How a page shall look, from a time on; the history of what was wanted and what it became."""

    __tablename__ = "profile_wish"
    __table_args__ = (Index("ix_profile_wish_account", "account_id", "state"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    wanted: dict[str, Any] = json(dict)
    before: dict[str, Any] | None = optional_json()  # as it was live when this was applied
    due_at: int | None = instant()
    state: str = "wanted"  # then "sending", "applied", "failed", "dropped"
    error_message: str = ""
    created_at: int = instant(nullable=False)
    applied_at: int | None = instant()
    identity: str = later("")
    actor: str = later("")
    until_at: int | None = instant()  # then what was there before comes back
    reverts: int | None = None  # the wish whose `before` this one brings back
    after: dict[str, Any] | None = optional_json()  # as it was live when this had been applied
    error_hint: str = later("")
    sent: list[str] | None = optional_json()  # the fields whose change has left, and was not seen live since
    first_sent_at: int | None = instant()
    next_try_at: int | None = instant()
    lease_owner: str | None = None
    lease_until: int | None = instant()
    tries: int = later(0)


class TimeEntryTable(SQLModel, table=True):
    """Time spent for a client, measured or written by hand."""

    __tablename__ = "time_entry"
    __table_args__ = (Index("ix_time_entry_started", "started_at"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", index=True)
    actor: str
    what: str = ""
    source: str = "timer"  # or "hand", "actions"
    started_at: int = instant(nullable=False)
    ended_at: int | None = instant()
    removed_at: int | None = instant()


class AgreementTable(SQLModel, table=True):
    """How a client pays: money as decimal text in `currency`."""

    __tablename__ = "agreement"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", index=True)
    kind: str  # "monthly", "hourly", "per_post", "per_task"
    amount: str
    currency: str
    from_day: str
    to_day: str | None = None
    steps: list[dict[str, str]] = json(list)  # name and amount, or name and factor
    bonuses: list[dict[str, Any]] = json(list)


class TaskTable(SQLModel, table=True):
    """Something that was done for a client and is paid by the piece, such as a page set up or a report."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_project_day", "project_id", "day"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    name: str
    day: str
    actor: str
    note: str = ""
    removed_at: int | None = instant()
