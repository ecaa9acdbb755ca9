"""What a client wants and whom it wants to reach: brief, goals with their facts, segments, hypotheses, questions."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant


class BriefRow(NamedTuple):
    """A brief as it was written down; see `db.tables.BriefTable`."""

    words: str = ""
    tone: str = ""
    forbidden: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    own: dict[str, list[str]] = {}  # noqa: RUF012 - never changed
    legal: str = ""
    contacts: tuple[dict[str, str], ...] = ()
    competitors: tuple[dict[str, str], ...] = ()
    hours: str = ""


class GoalRow(NamedTuple):
    """A figure to be reached by a day, of one account or of all (None)."""

    id: int
    project_id: int
    metric: str
    account_id: int | None
    handle: str
    start_value: int | None
    target: int
    from_day: str
    by_day: str
    zone: str


class Fact(NamedTuple):
    """What a metric was on an account: its total as of an instant, or what happened within a span."""

    account_id: int
    value: int
    at: Instant


class SegmentRow(NamedTuple):
    """An audience under a name; `persona` as `services.segments` writes it, `audience` as ads target it."""

    id: int
    project_id: int
    name: str
    persona: dict[str, Any]
    audience: dict[str, Any]


class HypothesisRow(NamedTuple):
    """Something believed of an audience, and what came of it."""

    id: int
    project_id: int
    segment_id: int | None
    segment: str
    text: str
    outcome: str
    created_at: Instant
    settled_at: Instant | None


class QuestionRow(NamedTuple):
    """A question of the bank."""

    id: int
    project_id: int
    segment_id: int | None
    segment: str
    text: str
    answer: str
    asked: int
    message_id: int | None
    post_id: int | None


class SegmentPosts(NamedTuple):
    """What the posts for a segment brought, as far as networks told; None: never told. `told`: posts with figures."""

    segment_id: int | None
    posts: int
    told: int
    views: int | None
    reach: int | None
    engagement: int | None
    clicks: int | None
    as_of: Instant | None


class SegmentAds(NamedTuple):
    """What the ads for a segment brought. `spent` is whole minor units of `currency`."""

    segment_id: int | None
    currency: str
    impressions: int | None
    clicks: int | None
    results: int | None
    spent: int | None
    as_of: Instant | None


def brief(db: Database, project_id: int) -> BriefRow | None:
    """The brief of a project; None while there is none."""

    def row(words: str, tone: str, *rest: str) -> BriefRow:
        forbidden, topics, own, legal, contacts, competitors, hours = rest
        return BriefRow(
            words,
            tone,
            tuple(json.loads(forbidden)),
            tuple(json.loads(topics)),
            json.loads(own),
            legal,
            tuple(json.loads(contacts)),
            tuple(json.loads(competitors)),
            hours,
        )

    return db.one(
        row,
        "SELECT words, tone, forbidden, topics, own, legal, contacts, competitors, hours FROM brief "
        "WHERE project_id = ?",
        (project_id,),
    )


def goals(db: Database, project_id: int | None) -> list[GoalRow]:
    """The goals of a project, or of all, that were not dropped; the nearest day first."""
    return db.rows(
        GoalRow,
        """
        SELECT g.id, g.project_id, g.metric, g.account_id, coalesce(a.handle, ''), g.start_value, g.target,
            g.from_day, g.by_day, p.timezone
        FROM goal g JOIN project p ON p.id = g.project_id LEFT JOIN account a ON a.id = g.account_id
        WHERE g.dropped_at IS NULL AND p.archived_at IS NULL AND (:project IS NULL OR g.project_id = :project)
        ORDER BY g.by_day, g.id
        """,
        {"project": project_id},
    )


def last_totals(db: Database, project_id: int, metric: str, until: int, account_id: int | None) -> list[Fact]:
    """The last total told of each account on or before a day (days since 1970)."""
    return db.rows(
        lambda account, value, at, _day: Fact(account, value, at),
        """
        SELECT f.account_id, f.value, f.at, max(f.day) FROM day_figure f JOIN account a ON a.id = f.account_id
        WHERE a.project_id = :project AND a.removed_at IS NULL AND f.metric = :metric AND f.day <= :until
            AND (:account IS NULL OR f.account_id = :account)
        GROUP BY f.account_id
        """,
        {"project": project_id, "metric": metric, "until": until, "account": account_id},
    )


def first_totals(db: Database, project_id: int, metric: str, since: int, account_id: int | None) -> list[Fact]:
    """The first total told of each account on or after a day (days since 1970)."""
    return db.rows(
        lambda account, value, at, _day: Fact(account, value, at),
        """
        SELECT f.account_id, f.value, f.at, min(f.day) FROM day_figure f JOIN account a ON a.id = f.account_id
        WHERE a.project_id = :project AND a.removed_at IS NULL AND f.metric = :metric AND f.day >= :since
            AND (:account IS NULL OR f.account_id = :account)
        GROUP BY f.account_id
        """,
        {"project": project_id, "metric": metric, "since": since, "account": account_id},
    )


def sums(db: Database, project_id: int, metric: str, span: tuple[int, int], account_id: int | None) -> list[Fact]:
    """What a metric adds up to on each account from the first to the last day of a span, both included."""
    return db.rows(
        Fact,
        """
        SELECT f.account_id, sum(f.value), max(f.at) FROM day_figure f JOIN account a ON a.id = f.account_id
        WHERE a.project_id = :project AND a.removed_at IS NULL AND f.metric = :metric
            AND f.day BETWEEN :first AND :last AND (:account IS NULL OR f.account_id = :account)
        GROUP BY f.account_id
        """,
        {"project": project_id, "metric": metric, "first": span[0], "last": span[1], "account": account_id},
    )


OF_POSTS = ("likes", "replies", "reposts", "saves", "clicks", "views")
"""What posts are told of one by one."""


def post_sums(
    db: Database, project_id: int, metric: str, span: tuple[Instant, Instant], account_id: int | None
) -> list[Fact]:
    """What a metric of `OF_POSTS` adds up to, by account, over the posts that went live within a span."""
    if metric not in OF_POSTS:
        raise ValueError(metric)
    return db.rows(
        Fact,
        f"""
        SELECT f.account_id, sum(f.{metric}), max(f.at) FROM post_figure f JOIN account a ON a.id = f.account_id
        WHERE a.project_id = :project AND a.removed_at IS NULL AND f.{metric} IS NOT NULL
            AND f.live_at >= :first AND f.live_at < :last AND (:account IS NULL OR f.account_id = :account)
        GROUP BY f.account_id
        """,
        {"project": project_id, "first": span[0], "last": span[1], "account": account_id},
    )


def ad_results(db: Database, project_id: int, span: tuple[str, str], account_id: int | None) -> list[Fact]:
    """What campaigns brought (their results) on each account from the first to the last day of a span."""
    return db.rows(
        Fact,
        """
        SELECT c.account_id, sum(f.results), max(f.read_at) FROM ad_figures f JOIN campaign c ON c.id = f.campaign_id
        WHERE c.project_id = :project AND f.results IS NOT NULL AND f.day BETWEEN :first AND :last
            AND (:account IS NULL OR c.account_id = :account)
        GROUP BY c.account_id
        """,
        {"project": project_id, "first": span[0], "last": span[1], "account": account_id},
    )


def segments(db: Database, project_id: int) -> list[SegmentRow]:
    """The segments of a project that were not given up, by name."""
    return db.rows(
        lambda number, project, name, persona, audience: SegmentRow(
            number, project, name, json.loads(persona), json.loads(audience)
        ),
        "SELECT id, project_id, name, persona, audience FROM segment WHERE project_id = ? AND retired_at IS NULL "
        "ORDER BY name COLLATE NOCASE, id",
        (project_id,),
    )


def segment_names(db: Database, project_id: int) -> dict[int, str]:
    """The names of all segments a project ever had."""
    return dict(
        db.rows(
            lambda number, name: (number, name), "SELECT id, name FROM segment WHERE project_id = ?", (project_id,)
        )
    )


def hypotheses(db: Database, project_id: int) -> list[HypothesisRow]:
    """The hypotheses of a project: the open ones first, then the newest settled."""
    return db.rows(
        HypothesisRow,
        """
        SELECT h.id, h.project_id, h.segment_id, coalesce(s.name, ''), h.text, h.outcome, h.created_at, h.settled_at
        FROM hypothesis h LEFT JOIN segment s ON s.id = h.segment_id WHERE h.project_id = ?
        ORDER BY h.settled_at IS NOT NULL, h.settled_at DESC, h.id
        """,
        (project_id,),
    )


def questions(db: Database, project_id: int) -> list[QuestionRow]:
    """The question bank of a project: what nothing answers yet first, then by how often it was asked."""
    return db.rows(
        QuestionRow,
        """
        SELECT q.id, q.project_id, q.segment_id, coalesce(s.name, ''), q.text, q.answer, q.asked, q.message_id,
            q.post_id
        FROM question q LEFT JOIN segment s ON s.id = q.segment_id
        WHERE q.project_id = ? AND q.dropped_at IS NULL
        ORDER BY q.post_id IS NOT NULL, q.answer != '', q.asked DESC, q.id
        """,
        (project_id,),
    )


def posts_by_segment(db: Database, project_id: int, since: Instant, until: Instant) -> list[SegmentPosts]:
    """What went live for each segment (None: for nobody in particular) within a span, and what it brought."""
    return db.rows(
        SegmentPosts,
        """
        SELECT o.segment_id, count(DISTINCT o.id), count(DISTINCT CASE WHEN f.delivery_id IS NOT NULL THEN o.id END),
            sum(f.views), sum(f.reach), sum(f.engagement), sum(f.clicks), max(f.at)
        FROM delivery d JOIN post o ON o.id = d.post_id LEFT JOIN post_figure f ON f.delivery_id = d.id
        WHERE o.project_id = ? AND d.state = 'live' AND d.live_at >= ? AND d.live_at < ?
        GROUP BY o.segment_id
        """,
        (project_id, since, until),
    )


def ads_by_segment(db: Database, project_id: int, span: tuple[str, str]) -> list[SegmentAds]:
    """What the ads for each segment brought from the first to the last day of a span."""
    return db.rows(
        SegmentAds,
        """
        SELECT s.segment_id, c.currency, sum(f.impressions), sum(f.clicks), sum(f.results), sum(f.spent),
            max(f.read_at)
        FROM ad_figures f JOIN ad a ON a.id = f.ad_id JOIN ad_set s ON s.id = a.ad_set_id
            JOIN campaign c ON c.id = s.campaign_id
        WHERE c.project_id = ? AND f.day BETWEEN ? AND ? GROUP BY s.segment_id, c.currency
        """,
        (project_id, *span),
    )
