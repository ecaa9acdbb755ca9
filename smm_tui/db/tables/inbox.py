"""What people write, who they are, and what was done about it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from smm_tui.db.tables.columns import NEVER_REUSE_IDS, instant, json, optional_json


class PersonTable(SQLModel, table=True):
    """Somebody known on several networks."""

    __tablename__ = "person"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    name: str


class AuthorTable(SQLModel, table=True):
    """Somebody on one network, as the network calls them."""

    __tablename__ = "author"
    __table_args__ = (UniqueConstraint("network", "server", "remote_id"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    network: str
    server: str
    remote_id: str
    handle: str = ""
    name: str = ""
    url: str = ""
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    first_seen_at: int = instant(nullable=False)


class MessageTable(SQLModel, table=True):
    """One thing somebody wrote to an account. The network's own words for it stay as they came."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("account_id", "remote_id"),
        Index("ix_message_queue", "state", "due_at"),
        Index("ix_message_project_queue", "project_id", "state", "due_at"),
        Index("ix_message_thread", "account_id", "thread_id", "created_at"),
        Index("ix_message_author", "author_id", "created_at"),
        Index("ix_message_received", "project_id", "received_at"),
        Index("ix_message_handled", "project_id", "handled_at"),
        Index("ix_message_snoozed", "snoozed_until", sqlite_where=text("state = 'snoozed'")),
        Index("ix_message_answer", "account_id", "parent_remote_id", sqlite_where=text("own")),
        NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    account_id: int = Field(foreign_key="account.id")
    remote_id: str
    kind: str
    author_id: int | None = Field(default=None, foreign_key="author.id")  # None: the network does not tell
    own: bool = False  # written by the account itself, here or elsewhere
    text: str
    language: str = ""
    url: str = ""
    post_remote_id: str = ""
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id", index=True)
    parent_remote_id: str = ""
    thread_id: str = ""
    attachments: list[str] = json(list)
    extra: dict[str, str] = json(dict)
    created_at: int = instant(nullable=False)  # as the network says, which may be any year
    received_at: int = instant(nullable=False)
    edited_at: int | None = instant()
    gone_at: int | None = instant()
    state: str = "new"
    due_at: int | None = instant()  # when it should be answered by the project's service level
    snoozed_until: int | None = instant()
    answered_at: int | None = instant()
    handled_at: int | None = instant()
    handled_by: str = ""
    assigned_to: str = ""
    labels: list[str] = json(list)
    liked: bool = False
    spam_score: float | None = None  # 0 to 1
    version: int = 1


class MessageEditTable(SQLModel, table=True):
    """A text that was there before its author changed it. Append only."""

    __tablename__ = "message_edit"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    text: str
    replaced_at: int = instant(nullable=False)


class InboxCursorTable(SQLModel, table=True):
    """How far an account's inbox is read; committed together with what was read."""

    __tablename__ = "inbox_cursor"

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    cursor: dict[str, Any] | None = optional_json()
    fetched_at: int | None = instant()
    next_at: int | None = instant()
    interval: int = 0  # milliseconds
    gap: str = ""
    error_kind: str = ""
    error_message: str = ""


class ActionTable(SQLModel, table=True):
    """A reply or a verdict on its way to a network: held back for a while, sent at most once, then recorded.

    States: ``held`` until `not_before`, ``sending``, ``done``, ``failed``, ``unknown``, ``cancelled``.
    """

    __tablename__ = "action"
    __table_args__ = (
        Index("ix_action_work", "state", "not_before"),
        Index("ix_action_message", "message_id"),
        NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    message_id: int = Field(foreign_key="message.id")
    verb: str  # "reply", or one of networks.community.Verb
    identity: str = Field(unique=True)
    text: str = ""
    until: int | None = instant()
    reason: str = ""
    actor: str
    rule_id: int | None = Field(default=None, foreign_key="rule.id", index=True)
    inverse_of: int | None = Field(default=None, foreign_key="action.id")
    state: str = "held"
    not_before: int = instant(nullable=False)
    next_try_at: int | None = instant()  # while *unknown*, None: only a person can tell
    tries: int = 0  # in a row that settled nothing
    lease_owner: str | None = None
    lease_until: int | None = instant()
    wire: dict[str, Any] | None = optional_json()
    error_kind: str = ""
    error_message: str = ""
    error_hint: str = ""
    remote_id: str = ""
    remote_url: str = ""
    remote_extra: dict[str, Any] = json(dict)
    created_at: int = instant(nullable=False)
    first_sent_at: int | None = instant()
    done_at: int | None = instant()


class ActionAttemptTable(SQLModel, table=True):
    """One try at an action, or one read back of it. Append only."""

    __tablename__ = "action_attempt"

    id: int | None = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    what: str
    worker: str = ""
    started_at: int = instant(nullable=False)
    ended_at: int | None = instant()
    outcome: str = ""
    status: int = 0
    answer: str = ""


class NoteTable(SQLModel, table=True):
    """What a project's team knows of an author."""

    __tablename__ = "note"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    author_id: int = Field(foreign_key="author.id", index=True)
    text: str
    actor: str
    created_at: int = instant(nullable=False)


class StrikeTable(SQLModel, table=True):
    """A warning an author has on a project, until it is forgotten."""

    __tablename__ = "strike"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    author_id: int = Field(foreign_key="author.id", index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id")
    reason: str
    actor: str
    created_at: int = instant(nullable=False)
    expires_at: int | None = instant()


class BanTable(SQLModel, table=True):
    """An author shut out of an account, as far as this program knows."""

    __tablename__ = "ban"
    __table_args__ = (Index("ix_ban_account", "account_id", "author_id"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    author_id: int = Field(foreign_key="author.id", index=True)
    verb: str  # "ban", "mute" or "restrict"
    reason: str = ""
    actor: str
    created_at: int = instant(nullable=False)
    until: int | None = instant()
    lifted_at: int | None = instant()


class SavedReplyTable(SQLModel, table=True):
    """A text to answer with, with {variables} in it; without a project it is everybody's."""

    __tablename__ = "saved_reply"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    project_id: int | None = Field(default=None, foreign_key="project.id", index=True)
    name: str
    text: str
    language: str = ""
    used: int = 0
    used_at: int | None = instant()


class RuleTable(SQLModel, table=True):
    """What happens to messages by itself, once armed; without a project it holds for all of them."""

    __tablename__ = "rule"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    project_id: int | None = Field(default=None, foreign_key="project.id", index=True)
    name: str
    conditions: list[dict[str, Any]] = json(list)  # all of them must hold
    actions: list[dict[str, Any]] = json(list)
    position: int = 0
    armed_at: int | None = instant()
    tested_at: int | None = instant()
    created_at: int = instant(nullable=False)
    removed_at: int | None = instant()


class RuleHitTable(SQLModel, table=True):
    """An armed rule that applied to a message, and what a person thought of it later."""

    __tablename__ = "rule_hit"
    __table_args__ = (UniqueConstraint("rule_id", "message_id"),)

    id: int | None = Field(default=None, primary_key=True)
    rule_id: int = Field(foreign_key="rule.id")
    message_id: int = Field(foreign_key="message.id", index=True)
    at: int = instant(nullable=False)
    why: str = ""
    sampled: bool = False  # put before a person to judge
    judged: bool | None = None  # True: a person agreed, False: took it back


class SpamWordTable(SQLModel, table=True):
    """How often a sign stood in this project's spam and in the rest, by its people's verdicts."""

    __tablename__ = "spam_word"

    project_id: int = Field(foreign_key="project.id", primary_key=True)
    word: str = Field(primary_key=True)  # "" counts the messages themselves
    spam: int = 0
    good: int = 0


class ServiceLevelTable(SQLModel, table=True):
    """How soon a project's people are to be answered: minutes of working time, by kind where it differs."""

    __tablename__ = "service_level"

    project_id: int = Field(foreign_key="project.id", primary_key=True)
    minutes: int
    by_kind: dict[str, int] = json(dict)
    hours: dict[str, list[str]] = json(dict)  # weekday "0" (Monday) to "6" -> ["09:00-12:00", ...]
    holidays_off: bool = True
