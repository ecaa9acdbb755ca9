"""What is made of readings for whoever asks about long times, and when the next ones are due."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from smm_tui.db.tables.columns import instant, json


class DayFigureTable(SQLModel, table=True):
    """A page's figure of one day in its project's zone: the last total told on it, or what its periods add up to.

    `day` counts from 1970-01-01. Made of readings, and made anew where the project's zone changes.
    """

    __tablename__ = "day_figure"
    __table_args__ = {"sqlite_with_rowid": False}

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    metric: str = Field(primary_key=True)
    day: int = Field(primary_key=True)
    value: int
    at: int = instant(nullable=False)


class PostFigureTable(SQLModel, table=True):
    """The latest totals of a live post on one account; None: never told.

    `engagement` adds up what people did that the network tells as a deed (likes, replies, reposts, saves), `score` is
    its ``ln(1 + x)``. `weekday` (0: Monday) and `hour` are those of going live, in the project's zone.
    """

    __tablename__ = "post_figure"
    __table_args__ = (Index("ix_post_figure_account", "account_id", "live_at"),)

    delivery_id: int = Field(foreign_key="delivery.id", primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    live_at: int = instant(nullable=False)
    weekday: int
    hour: int
    likes: int | None = None
    replies: int | None = None
    reposts: int | None = None
    saves: int | None = None
    clicks: int | None = None
    views: int | None = None
    reach: int | None = None
    engagement: int | None = None
    score: float | None = None
    at: int = instant(nullable=False)


class FigureTurnTable(SQLModel, table=True):
    """When a page's figures, or those of a live post, are read next, and what came of the last time."""

    __tablename__ = "figure_turn"
    __table_args__ = (
        UniqueConstraint("account_id", "delivery_id"),
        Index("ix_figure_turn_due", "account_id", "next_at"),
        Index("ix_figure_turn_delivery", "delivery_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    delivery_id: int | None = Field(default=None, foreign_key="delivery.id")  # None: the page itself
    next_at: int | None = instant()  # None: never again
    read_at: int | None = instant()
    tries: int = 0  # failures in a row
    missing: dict[str, str] = json(dict)  # metric -> why it was not told
    error_message: str = ""


class PageProfileTable(SQLModel, table=True):
    """A page as it was live when it was last looked at, and what a person ticked off of its set-up."""

    __tablename__ = "page_profile"

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    live: dict[str, Any] = json(dict)
    at: int | None = instant()
    next_at: int | None = instant()
    tries: int = 0
    error_message: str = ""
    ticked: list[str] = json(list)
