"""What is wrong, or soon will be: the pieces of the Today screen."""

from __future__ import annotations

from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads.messages import WAITING
from smm_tui.domain.clock import Instant


class TroubledDelivery(NamedTuple):
    """A delivery that only a person can settle."""

    id: int
    project_id: int
    state: str
    due_at: Instant | None
    handle: str
    error_message: str
    head: str


class DueApproval(NamedTuple):
    """A post that nobody approved yet."""

    id: int
    project_id: int
    planned_at: Instant
    planned_wall: str
    head: str


class TroubledAction(NamedTuple):
    """A reply or verdict that only a person can settle."""

    id: int
    project_id: int
    message_id: int
    verb: str
    state: str
    first_sent_at: Instant | None
    handle: str
    error_message: str


class TroubledCampaign(NamedTuple):
    """A campaign that a person should look at: refused (or `refused` parts of it), stopped by a money rule, with an
    alarm, or waiting for approval."""

    id: int
    project_id: int
    name: str
    state: str
    state_reason: str
    stopped_reason: str
    starts_at: Instant
    refused: int
    refusal: str
    alarms: int
    alarm: str
    alarm_at: Instant | None


class FailedPage(NamedTuple):
    """A page whose change waits for a person: the latest that failed."""

    account_id: int
    project_id: int
    handle: str
    error_message: str
    due_at: Instant


_HEAD = 160
"""Characters of a text that a line may show."""


def deliveries(db: Database, project_id: int | None) -> list[TroubledDelivery]:
    """The deliveries that wait for a person."""
    return db.rows(
        TroubledDelivery,
        f"""
        SELECT d.id, a.project_id, d.state, d.due_at, a.handle, d.error_message, substr(o.text, 1, {_HEAD})
        FROM delivery d JOIN account a ON a.id = d.account_id JOIN post o ON o.id = d.post_id
        WHERE d.state IN ('unknown', 'rejected', 'missed', 'held') AND d.needs_human
            AND (:project IS NULL OR a.project_id = :project)
        """,
        {"project": project_id},
    )


def approvals(db: Database, project_id: int | None, start: Instant, end: Instant) -> list[DueApproval]:
    """The posts planned between two instants that still need an approval."""
    return db.rows(
        DueApproval,
        f"""
        SELECT o.id, o.project_id, o.planned_at, o.planned_wall, substr(o.text, 1, {_HEAD})
        FROM post o JOIN project p ON p.id = o.project_id
        WHERE o.planned_at >= :start AND o.planned_at < :end AND o.state = 'planned' AND p.approval != 'none'
            AND p.archived_at IS NULL AND (:project IS NULL OR o.project_id = :project)
        ORDER BY o.planned_at, o.id
        """,
        {"start": start, "end": end, "project": project_id},
    )


def planned_days(db: Database, start: Instant, end: Instant) -> set[tuple[int, str]]:
    """On which days (as 2026-12-24, by each post's own clock) which projects have a post that goes out, or went."""
    return set(
        db.rows(
            lambda project_id, day: (project_id, day),
            """
            SELECT DISTINCT project_id, substr(planned_wall, 1, 10) FROM post
            WHERE planned_at >= ? AND planned_at < ? AND state NOT IN ('draft', 'cancelled')
            """,
            (start, end),
        )
    )


class TroubledInbox(NamedTuple):
    """An account whose inbox has a gap nobody has seen yet, or cannot be read; sentences, empty where all is well."""

    id: int
    project_id: int
    handle: str
    fetched_at: Instant | None
    gap: str
    error: str


def inboxes(db: Database, project_id: int | None, silent: Instant) -> list[TroubledInbox]:
    """The inboxes with a gap, and those that could not be read for so long (`silent`, milliseconds)."""
    return db.rows(
        TroubledInbox,
        """
        SELECT a.id, a.project_id, a.handle, c.fetched_at, c.gap,
            CASE WHEN c.error_message != '' AND coalesce(c.fetched_at, a.created_at) < :since
                THEN c.error_message ELSE '' END AS error
        FROM inbox_cursor c JOIN account a ON a.id = c.account_id
        WHERE (c.gap != '' OR error != '') AND a.removed_at IS NULL AND a.state = 'ok'
            AND (:project IS NULL OR a.project_id = :project)
        """,
        {"project": project_id, "since": db.clock() - silent},
    )


def actions(db: Database, project_id: int | None) -> list[TroubledAction]:
    """The replies and verdicts that wait for a person."""
    return db.rows(
        TroubledAction,
        f"""
        SELECT c.id, a.project_id, c.message_id, c.verb, c.state, c.first_sent_at, a.handle, c.error_message
        FROM action c JOIN account a ON a.id = c.account_id
        WHERE {WAITING} AND (:project IS NULL OR a.project_id = :project)
        """,
        {"project": project_id},
    )


def campaigns(db: Database, project_id: int | None) -> list[TroubledCampaign]:
    """The campaigns that want a person, but for drafts and those that have ended."""
    return db.rows(
        TroubledCampaign,
        """
        WITH parts AS (
            SELECT campaign_id, state, state_reason FROM ad_set WHERE removed_at IS NULL
            UNION ALL SELECT s.campaign_id, d.state, d.state_reason FROM ad_set s JOIN ad d ON d.ad_set_id = s.id
            WHERE s.removed_at IS NULL AND d.removed_at IS NULL
        ), refused AS (
            SELECT campaign_id, count(*) AS count, max(state_reason) AS reason FROM parts WHERE state = 'rejected'
            GROUP BY campaign_id
        ), alarms AS (
            SELECT campaign_id, count(*) AS count, message, max(raised_at) AS at FROM ad_alarm
            WHERE settled_at IS NULL GROUP BY campaign_id
        )
        SELECT c.id, c.project_id, c.name, c.state, c.state_reason, c.stopped_reason, c.starts_at,
            coalesce(r.count, 0), coalesce(r.reason, ''), coalesce(a.count, 0), coalesce(a.message, ''), a.at
        FROM campaign c LEFT JOIN refused r ON r.campaign_id = c.id LEFT JOIN alarms a ON a.campaign_id = c.id
        WHERE (c.state NOT IN ('draft', 'ended') OR a.count) AND (:project IS NULL OR c.project_id = :project)
            AND (c.state IN ('rejected', 'submitted') OR c.stopped_reason != '' OR r.count OR a.count)
        """,
        {"project": project_id},
    )


def failed_pages(db: Database, project_id: int | None) -> list[FailedPage]:
    """Pages whose change waits for a person."""
    return db.rows(
        lambda *values: FailedPage(*values[:-1]),
        """
        SELECT w.account_id, a.project_id, a.handle, w.error_message, coalesce(w.due_at, w.created_at), max(w.id)
        FROM profile_wish w JOIN account a ON a.id = w.account_id
        WHERE w.state = 'failed' AND a.removed_at IS NULL AND (:project IS NULL OR a.project_id = :project)
        GROUP BY w.account_id
        """,
        {"project": project_id},
    )
