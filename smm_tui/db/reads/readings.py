"""Figures of pages and posts. A day is the number of days since 1970-01-01 in the zone of its project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import DAY, Instant


class ReadingRow(NamedTuple):
    """A figure as it was told: a running total at `at`, or of the time since `since`."""

    account_id: int
    delivery_id: int | None
    metric: str
    value: int
    at: Instant
    since: Instant | None
    read_at: Instant


class BucketRow(NamedTuple):
    """The last value of one account in a stretch of days, or a sum over all of them (`account_id` 0)."""

    account_id: int
    bucket: int
    value: int
    day: int
    at: Instant


class DayRow(NamedTuple):
    """One account's figure of one day."""

    account_id: int
    metric: str
    day: int
    value: int
    at: Instant


class GroupRow(NamedTuple):
    """Posts that have `key` in common. `total` and `squares` add up how their scores differ from what is usual on
    their accounts; `reached` of the `told` posts whose reach is known, with what these brought."""

    key: str
    posts: int
    engagement: float
    total: float
    squares: float
    told: int
    reached: int
    engaged: int
    clicks: int | None
    at: Instant


class TurnRow(NamedTuple):
    """What came of the last reading of a page: `missing` is JSON, metric to sentence."""

    account_id: int
    read_at: Instant | None
    missing: str
    error_message: str


BY = {
    "type": "o.content_type",
    "hour": "printf('%02d', f.hour)",
    "weekday": "f.weekday",
    "segment": "coalesce(s.name, '')",
    "network": "a.network",
    "account": "a.id",
}
"""What posts can be grouped by."""

SETTLED: Instant = DAY
"""A post is compared with others once its figures were read when it was so old."""


def readings(
    db: Database, account_id: int, *, delivery_id: int | None = None, metric: str = "", limit: int = 1000
) -> list[ReadingRow]:
    """What was told of a page, or of one of its posts, in the order of time; the last `limit` of it."""
    return db.rows(
        ReadingRow,
        """
        SELECT * FROM (
            SELECT account_id, delivery_id, metric, value, at, since, read_at FROM reading
            WHERE account_id = :account AND delivery_id IS :delivery AND (:metric = '' OR metric = :metric)
            ORDER BY at DESC, metric LIMIT :limit
        ) ORDER BY at, metric
        """,
        {"account": account_id, "delivery": delivery_id, "metric": metric, "limit": limit},
    )


def last_in_buckets(
    db: Database, accounts: Sequence[int], metric: str, first: int, last: int, size: int
) -> list[BucketRow]:
    """Of each account the last value in each stretch of `size` days, from day `first` to `last`."""
    return db.rows(
        BucketRow,
        f"""
        SELECT account_id, (day - :first) / :size, value, max(day), at FROM day_figure
        WHERE account_id IN ({_listed(accounts)}) AND metric = :metric AND day BETWEEN :first AND :last
        GROUP BY account_id, (day - :first) / :size
        """,
        {"metric": metric, "first": first, "last": last, "size": size},
    )


def sums_in_buckets(
    db: Database, accounts: Sequence[int], metric: str, first: int, last: int, size: int
) -> list[BucketRow]:
    """What all accounts add up to in each stretch of `size` days; stretches of which nothing was told are absent."""
    return db.rows(
        BucketRow,
        f"""
        SELECT 0, (day - :first) / :size, sum(value), max(day), max(at) FROM day_figure
        WHERE account_id IN ({_listed(accounts)}) AND metric = :metric AND day BETWEEN :first AND :last
        GROUP BY (day - :first) / :size ORDER BY 2
        """,
        {"metric": metric, "first": first, "last": last, "size": size},
    )


def before(db: Database, accounts: Sequence[int], metric: str, day: int) -> dict[int, DayRow]:
    """The last value of each account before a day."""
    found = (
        db.one(
            DayRow,
            "SELECT account_id, metric, day, value, at FROM day_figure "
            "WHERE account_id = ? AND metric = ? AND day < ? ORDER BY day DESC LIMIT 1",
            (account, metric, day),
        )
        for account in accounts
    )
    return {row.account_id: row for row in found if row is not None}


def told(db: Database, account_id: int, metric: str) -> bool:
    """Whether a figure of this page was ever told for a day."""
    return (
        db.value("SELECT 1 FROM day_figure WHERE account_id = ? AND metric = ? LIMIT 1", (account_id, metric))
        is not None
    )


def days(db: Database, accounts: Sequence[int], metrics: Sequence[str], first: int, last: int) -> list[DayRow]:
    """Day by day, in the order of account and day."""
    names = ", ".join(f"'{metric}'" for metric in metrics)
    return db.rows(
        DayRow,
        f"""
        SELECT account_id, metric, day, value, at FROM day_figure
        WHERE account_id IN ({_listed(accounts)}) AND metric IN ({names}) AND day BETWEEN ? AND ?
        ORDER BY account_id, metric, day
        """,
        (first, last),
    )


def groups(db: Database, accounts: Sequence[int], by: str, start: Instant, end: Instant) -> list[GroupRow]:
    """Posts that went live between two instants, by one of `BY`."""
    return db.rows(
        GroupRow,
        f"""
        WITH settled AS (
            SELECT * FROM post_figure WHERE account_id IN ({_listed(accounts)}) AND live_at >= :start
                AND live_at < :end AND score IS NOT NULL AND at - live_at >= {SETTLED}
        ), usual AS (SELECT account_id, avg(score) AS score FROM settled GROUP BY account_id)
        SELECT {BY[by]}, count(*), avg(f.engagement), sum(f.score - u.score),
            sum((f.score - u.score) * (f.score - u.score)), count(f.reach), coalesce(sum(f.reach), 0),
            coalesce(sum(CASE WHEN f.reach IS NOT NULL THEN f.engagement END), 0), sum(f.clicks), max(f.at)
        FROM settled f JOIN usual u ON u.account_id = f.account_id
            JOIN delivery d ON d.id = f.delivery_id JOIN post o ON o.id = d.post_id
            JOIN account a ON a.id = f.account_id LEFT JOIN segment s ON s.id = o.segment_id
        GROUP BY 1 ORDER BY 1
        """,
        {"start": start, "end": end},
    )


def posts_by_day(
    db: Database, accounts: Sequence[int], kind: str, start: Instant, end: Instant
) -> list[tuple[Instant, bool]]:
    """When posts went live, and whether they are of a kind; a post on several accounts counts once."""
    return db.rows(
        lambda at, selling: (at, bool(selling)),
        f"""
        SELECT min(d.live_at), o.content_type = :kind FROM delivery d JOIN post o ON o.id = d.post_id
        WHERE d.account_id IN ({_listed(accounts)}) AND d.state = 'live' AND d.live_at >= :start AND d.live_at < :end
        GROUP BY o.id
        """,
        {"kind": kind, "start": start, "end": end},
    )


def types_of_posts(db: Database, accounts: Sequence[int], start: Instant, end: Instant) -> dict[str, int]:
    """How many posts of each type went live; a post on several accounts counts once."""
    return dict(
        db.rows(
            lambda kind, count: (kind, count),
            f"""
            SELECT o.content_type, count(DISTINCT o.id) FROM delivery d JOIN post o ON o.id = d.post_id
            WHERE d.account_id IN ({_listed(accounts)}) AND d.state = 'live' AND d.live_at >= :start
                AND d.live_at < :end
            GROUP BY o.content_type ORDER BY 2 DESC, 1
            """,
            {"start": start, "end": end},
        )
    )


def turns(db: Database, accounts: Sequence[int]) -> list[TurnRow]:
    """What came of the last reading of these pages."""
    return db.rows(
        TurnRow,
        f"SELECT account_id, read_at, missing, error_message FROM figure_turn "
        f"WHERE delivery_id IS NULL AND account_id IN ({_listed(accounts)})",
    )


def extent(db: Database, accounts: Sequence[int]) -> tuple[int, int] | None:
    """The first and last day of which these pages have a figure."""
    found = [
        db.one(lambda *values: values, "SELECT min(day), max(day) FROM day_figure WHERE account_id = ?", (account,))
        for account in accounts
    ]
    known = [(first, last) for first, last in filter(None, found) if first is not None]
    return (min(first for first, _ in known), max(last for _, last in known)) if known else None


def _listed(accounts: Sequence[int]) -> str:
    """Numbers of our own database, not anybody's text."""
    return ", ".join(str(int(number)) for number in accounts) or "NULL"
