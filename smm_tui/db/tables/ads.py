"""Campaigns, the money agreed for them, and what they brought."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from smm_tui.db.tables.columns import NEVER_REUSE_IDS, instant, json, later, optional_json


class SegmentTable(SQLModel, table=True):
    """An audience under a name, used by several ad sets and by the audience research of the project."""

    __tablename__ = "segment"
    __table_args__ = (UniqueConstraint("project_id", "name"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    name: str
    audience: dict[str, Any] = json(dict)
    persona: dict[str, Any] = json(dict)  # pains, questions, notes
    retired_at: int | None = instant()


class CampaignTable(SQLModel, table=True):
    """A campaign on one account's advertising cabinet. Money is whole minor units of `currency`."""

    __tablename__ = "campaign"
    __table_args__ = (
        Index("ix_campaign_project", "project_id", "state"),
        Index("ix_campaign_due", "due_at", sqlite_where=text("due_at IS NOT NULL")),
        NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    account_id: int = Field(foreign_key="account.id", index=True)
    name: str
    goal: str
    currency: str
    budget_total: int | None = None
    budget_daily: int | None = None
    cap: int  # what may be lost at most, whatever happens
    starts_at: int = instant(nullable=False)
    ends_at: int | None = instant()
    facts: dict[str, str] = json(dict)
    state: str = "draft"  # follows from all the others
    state_reason: str = ""
    wanted: str = later("")  # what a person or a money rule wants of it: "running", "paused", "ended", or nothing yet
    told: str = later("")  # what the network says of it
    launched_at: int | None = instant()  # when its launch first left
    due_at: int | None = instant()  # when the worker looks at it next
    tries: int = later(0)  # refusals in a row that were to be passing
    submitted_at: int | None = instant()
    approved_hash: str | None = None
    approved_at: int | None = instant()
    approved_by: str = ""
    approved_cap: int | None = Field(default=None, sa_type=BigInteger)  # a cap beyond it needs another approval
    stopped_reason: str = ""  # why a money rule stopped it
    identity: str = Field(unique=True)
    remote_id: str = ""
    remote_url: str = ""
    synced_at: int | None = instant()
    created_at: int = instant(nullable=False)
    version: int = 1


class AdSetTable(SQLModel, table=True):
    """Who sees the ads of a campaign, where, when, and for how much."""

    __tablename__ = "ad_set"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    segment_id: int | None = Field(default=None, foreign_key="segment.id")
    name: str
    audience: dict[str, Any] = json(dict)
    placements: list[str] = json(list)
    hours: dict[str, list[int]] = json(dict)
    budget_total: int | None = None
    budget_daily: int | None = None
    bid: int | None = None
    variant_of: int | None = Field(default=None, foreign_key="ad_set.id")  # the other half of an A/B test
    identity: str = Field(unique=True)
    remote_id: str = ""
    state: str = "draft"
    state_reason: str = ""
    removed_at: int | None = instant()
    version: int = 1


class AdTable(SQLModel, table=True):
    """One ad: a post of the plan, promoted, or a creative of its own."""

    __tablename__ = "ad"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    ad_set_id: int = Field(foreign_key="ad_set.id", index=True)
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id", index=True)
    name: str
    text: str = ""
    title: str = ""
    link: str = ""
    button: str = ""
    media: list[str] = json(list)  # SHA-256 of stored files
    label: str = ""
    identity: str = Field(unique=True)
    remote_id: str = ""
    state: str = "draft"
    state_reason: str = ""
    removed_at: int | None = instant()
    version: int = 1


class AdCallTable(SQLModel, table=True):
    """One call that makes or changes something on a cabinet: written before it leaves, settled after. Append only."""

    __tablename__ = "ad_call"
    __table_args__ = (Index("ix_ad_call_subject", "level", "subject_id"), Index("ix_ad_call_state", "state"))

    id: int | None = Field(default=None, primary_key=True)
    level: str
    subject_id: int
    verb: str  # "create", "edit", "launch", "pause", "end"
    wire: dict[str, Any] | None = optional_json()
    state: str = "sending"  # then "done", "failed" or "unknown"
    worker: str = ""
    error_kind: str = ""
    error_message: str = ""
    remote_id: str = ""
    started_at: int = instant(nullable=False)
    ended_at: int | None = instant()


class AdFiguresTable(SQLModel, table=True):
    """One day of one ad, as the network told it last. Missing is not zero."""

    __tablename__ = "ad_figures"
    __table_args__ = {"sqlite_with_rowid": False}

    ad_id: int = Field(foreign_key="ad.id", primary_key=True)
    day: str = Field(primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id", index=True)
    impressions: int | None = None
    reach: int | None = None
    clicks: int | None = None
    results: int | None = None
    spent: int | None = None
    final: bool = False
    read_at: int = instant(nullable=False)


class AdCapTable(SQLModel, table=True):
    """What a client may lose at most in a month, over all campaigns in one currency."""

    __tablename__ = "ad_cap"
    __table_args__ = (UniqueConstraint("project_id", "currency"), NEVER_REUSE_IDS)

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    currency: str
    monthly: int


class AdRuleTable(SQLModel, table=True):
    """If a figure crosses a bound over some days, then pause, alarm, or propose a budget."""

    __tablename__ = "ad_rule"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", index=True)
    campaign_id: int | None = Field(default=None, foreign_key="campaign.id")  # None: all of the project
    name: str
    figure: str  # "cost_per_result", "frequency", "ctr", "spend"
    above: bool
    bound: str  # a decimal number
    days: int
    action: str  # "pause", "alarm", "propose"
    change_percent: int | None = None
    tested_at: int | None = instant()
    armed_at: int | None = instant()
    removed_at: int | None = instant()


class AdAlarmTable(SQLModel, table=True):
    """Something about a campaign that a person should see, until they did."""

    __tablename__ = "ad_alarm"
    __table_args__ = (Index("ix_ad_alarm_campaign", "campaign_id", "settled_at"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    rule_id: int | None = Field(default=None, foreign_key="ad_rule.id")
    kind: str
    message: str
    proposal: dict[str, Any] | None = optional_json()
    raised_at: int = instant(nullable=False)
    settled_at: int | None = instant()


class LookupTable(SQLModel, table=True):
    """An answer of a network's dictionary, kept so that typing does not call it again."""

    __tablename__ = "lookup"

    network: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    words: str = Field(primary_key=True)
    found: list[dict[str, Any]] = json(list)
    read_at: int = instant(nullable=False)
