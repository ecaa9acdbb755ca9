"""Campaigns, ad sets and ads as they are planned, what was called for them, and their days."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.domain.clock import Instant


class CampaignRow(NamedTuple):
    """A campaign. Money is whole minor units of `currency`."""

    id: int
    project_id: int
    project: str
    account_id: int
    handle: str
    network: str
    name: str
    goal: str
    currency: str
    budget_total: int | None
    budget_daily: int | None
    cap: int
    starts_at: Instant
    ends_at: Instant | None
    facts: dict[str, str]
    state: str
    state_reason: str
    wanted: str
    told: str
    launched_at: Instant | None
    submitted_at: Instant | None
    approved_hash: str | None
    approved_at: Instant | None
    approved_by: str
    approved_cap: int | None
    stopped_reason: str
    identity: str
    remote_id: str
    remote_url: str
    synced_at: Instant | None
    due_at: Instant | None
    version: int


class AdSetRow(NamedTuple):
    """An ad set; `audience` and `hours` as they are stored."""

    id: int
    campaign_id: int
    segment_id: int | None
    segment: str | None
    name: str
    audience: dict[str, Any]
    placements: list[str]
    hours: dict[str, list[int]]
    budget_total: int | None
    budget_daily: int | None
    bid: int | None
    variant_of: int | None
    identity: str
    remote_id: str
    state: str
    state_reason: str
    removed_at: Instant | None
    version: int


class AdRow(NamedTuple):
    """An ad; `media` are hashes of stored files. `post_id`: the post it promotes."""

    id: int
    ad_set_id: int
    campaign_id: int
    delivery_id: int | None
    post_id: int | None
    name: str
    text: str
    title: str
    link: str
    button: str
    media: list[str]
    label: str
    identity: str
    remote_id: str
    state: str
    state_reason: str
    removed_at: Instant | None
    version: int


class CallRow(NamedTuple):
    """A call to a cabinet."""

    id: int
    level: str
    subject_id: int
    verb: str
    wire: dict[str, Any]
    state: str
    error_kind: str
    error_message: str
    remote_id: str
    started_at: Instant
    ended_at: Instant | None


class DayRow(NamedTuple):
    """Figures added up: by day, set, ad or whole campaign. Missing is not zero."""

    key: str
    impressions: int | None
    reach: int | None
    clicks: int | None
    results: int | None
    spent: int | None
    final: bool


class AlarmRow(NamedTuple):
    """Something about a campaign that a person should see."""

    id: int
    campaign_id: int
    campaign: str
    project_id: int
    project: str
    rule_id: int | None
    kind: str
    message: str
    proposal: dict[str, Any] | None
    raised_at: Instant


class SegmentRow(NamedTuple):
    """A saved audience; `used`: in how many ad sets."""

    id: int
    project_id: int
    project: str
    name: str
    audience: dict[str, Any]
    persona: dict[str, Any]
    used: int


class RuleRow(NamedTuple):
    """A rule over figures."""

    id: int
    project_id: int
    project: str
    campaign_id: int | None
    campaign: str | None
    name: str
    figure: str
    above: bool
    bound: str
    days: int
    action: str
    change_percent: int | None
    tested_at: Instant | None
    armed_at: Instant | None


class CapRow(NamedTuple):
    """What a client may lose at most in a month."""

    project_id: int
    project: str
    currency: str
    monthly: int


_CAMPAIGN = """
    SELECT c.id, c.project_id, p.name, c.account_id, a.handle, a.network, c.name, c.goal, c.currency, c.budget_total,
        c.budget_daily, c.cap, c.starts_at, c.ends_at, c.facts, c.state, c.state_reason, c.wanted, c.told,
        c.launched_at, c.submitted_at, c.approved_hash, c.approved_at, c.approved_by, c.approved_cap,
        c.stopped_reason, c.identity, c.remote_id, c.remote_url, c.synced_at, c.due_at, c.version
    FROM campaign c JOIN project p ON p.id = c.project_id JOIN account a ON a.id = c.account_id
"""
_SET = """
    SELECT s.id, s.campaign_id, s.segment_id, g.name, s.name, s.audience, s.placements, s.hours, s.budget_total,
        s.budget_daily, s.bid, s.variant_of, s.identity, s.remote_id, s.state, s.state_reason, s.removed_at, s.version
    FROM ad_set s LEFT JOIN segment g ON g.id = s.segment_id
"""
_AD = """
    SELECT d.id, d.ad_set_id, s.campaign_id, d.delivery_id, y.post_id, d.name, d.text, d.title, d.link, d.button,
        d.media, d.label, d.identity, d.remote_id, d.state, d.state_reason, d.removed_at, d.version
    FROM ad d JOIN ad_set s ON s.id = d.ad_set_id LEFT JOIN delivery y ON y.id = d.delivery_id
"""


def _campaign(*values: Any) -> CampaignRow:
    row = CampaignRow(*values)
    return row._replace(facts=json.loads(values[14]))


def _set(*values: Any) -> AdSetRow:
    row = AdSetRow(*values)
    return row._replace(audience=json.loads(values[5]), placements=json.loads(values[6]), hours=json.loads(values[7]))


def _ad(*values: Any) -> AdRow:
    return AdRow(*values)._replace(media=json.loads(values[10]))


def campaigns(db: Database, project_id: int | None = None, state: str | None = None) -> list[CampaignRow]:
    """The campaigns of a project, or of all that are not archived, the newest first."""
    return db.rows(
        _campaign,
        f"""
        {_CAMPAIGN} WHERE p.archived_at IS NULL AND (:project IS NULL OR c.project_id = :project)
            AND (:state IS NULL OR c.state = :state) ORDER BY c.id DESC
        """,
        {"project": project_id, "state": state},
    )


def campaign(db: Database, campaign_id: int) -> CampaignRow | None:
    """One campaign."""
    return db.one(_campaign, f"{_CAMPAIGN} WHERE c.id = ?", (campaign_id,))


def sets(db: Database, campaign_id: int) -> list[AdSetRow]:
    """The ad sets of a campaign that are not removed."""
    return db.rows(_set, f"{_SET} WHERE s.campaign_id = ? AND s.removed_at IS NULL ORDER BY s.id", (campaign_id,))


def ad_set(db: Database, set_id: int) -> AdSetRow | None:
    """One ad set that is not removed."""
    return db.one(_set, f"{_SET} WHERE s.id = ? AND s.removed_at IS NULL", (set_id,))


def ads(db: Database, campaign_id: int) -> list[AdRow]:
    """The ads of a campaign that are not removed."""
    return db.rows(
        _ad,
        f"{_AD} WHERE s.campaign_id = ? AND d.removed_at IS NULL AND s.removed_at IS NULL ORDER BY d.id",
        (campaign_id,),
    )


def ad(db: Database, ad_id: int) -> AdRow | None:
    """One ad that is not removed."""
    return db.one(_ad, f"{_AD} WHERE d.id = ? AND d.removed_at IS NULL", (ad_id,))


def calls(db: Database, campaign_id: int) -> list[CallRow]:
    """All that was called for a campaign, its sets and ads, oldest first."""
    return db.rows(
        lambda *values: CallRow(*values)._replace(wire=json.loads(values[4] or "{}") or {}),
        """
        SELECT id, level, subject_id, verb, wire, state, error_kind, error_message, remote_id, started_at, ended_at
        FROM ad_call WHERE (level = 'campaign' AND subject_id = :id)
            OR (level = 'set' AND subject_id IN (SELECT id FROM ad_set WHERE campaign_id = :id))
            OR (level = 'ad' AND subject_id IN
                (SELECT d.id FROM ad d JOIN ad_set s ON s.id = d.ad_set_id WHERE s.campaign_id = :id))
        ORDER BY id
        """,
        {"id": campaign_id},
    )


_BY = {"day": "f.day", "set": "d.ad_set_id", "ad": "f.ad_id", "": "f.campaign_id"}
# People who saw two ads, or one ad on two days, are told of twice: reach is a sum nobody should take for people.
_REACH = {"ad": "max(f.reach)", "set": "max(f.reach)", "": "max(f.reach)", "day": "sum(f.reach)"}


def figures(
    db: Database, campaign_id: int, by: str = "day", since: str = "", until: str = "9999-12-31"
) -> list[DayRow]:
    """Figures of a campaign from `since` to `until` (as 2026-12-24), added up `by` day, set, ad, or all in one.

    Over several days reach is the largest of a day: those who came back are not counted again.
    """
    return db.rows(
        lambda key, *values: DayRow(str(key), *values)._replace(final=bool(values[5])),
        f"""
        SELECT {_BY[by]}, sum(f.impressions), {_REACH[by]}, sum(f.clicks), sum(f.results), sum(f.spent), min(f.final)
        FROM ad_figures f JOIN ad d ON d.id = f.ad_id
        WHERE f.campaign_id = ? AND f.day >= ? AND f.day <= ? GROUP BY {_BY[by]} ORDER BY {_BY[by]}
        """,
        (campaign_id, since, until),
    )


def alarms(db: Database, project_id: int | None = None, campaign_id: int | None = None) -> list[AlarmRow]:
    """What nobody settled yet, newest first."""
    return db.rows(
        lambda *values: AlarmRow(*values)._replace(proposal=json.loads(values[8] or "null")),
        """
        SELECT m.id, m.campaign_id, c.name, c.project_id, p.name, m.rule_id, m.kind, m.message, m.proposal,
            m.raised_at
        FROM ad_alarm m JOIN campaign c ON c.id = m.campaign_id JOIN project p ON p.id = c.project_id
        WHERE m.settled_at IS NULL AND p.archived_at IS NULL AND (:project IS NULL OR c.project_id = :project)
            AND (:campaign IS NULL OR c.id = :campaign) ORDER BY m.id DESC
        """,
        {"project": project_id, "campaign": campaign_id},
    )


_SEGMENT = """
    SELECT g.id, g.project_id, p.name, g.name, g.audience, g.persona,
        (SELECT count(*) FROM ad_set s WHERE s.segment_id = g.id AND s.removed_at IS NULL)
    FROM segment g JOIN project p ON p.id = g.project_id
"""


def _segment(*values: Any) -> SegmentRow:
    return SegmentRow(*values)._replace(audience=json.loads(values[4]), persona=json.loads(values[5]))


def segments(db: Database, project_id: int | None = None) -> list[SegmentRow]:
    """The saved audiences that are in use, by name."""
    return db.rows(
        _segment,
        f"""
        {_SEGMENT} WHERE g.retired_at IS NULL AND p.archived_at IS NULL
            AND (:project IS NULL OR g.project_id = :project) ORDER BY g.name, g.id
        """,
        {"project": project_id},
    )


def segment(db: Database, segment_id: int) -> SegmentRow | None:
    """One saved audience."""
    return db.one(_segment, f"{_SEGMENT} WHERE g.id = ? AND g.retired_at IS NULL", (segment_id,))


_RULE = """
    SELECT r.id, r.project_id, p.name, r.campaign_id, c.name, r.name, r.figure, r.above, r.bound, r.days, r.action,
        r.change_percent, r.tested_at, r.armed_at
    FROM ad_rule r JOIN project p ON p.id = r.project_id LEFT JOIN campaign c ON c.id = r.campaign_id
    WHERE r.removed_at IS NULL
"""


def _rule(*values: Any) -> RuleRow:
    return RuleRow(*values)._replace(above=bool(values[7]))


def rules(db: Database, project_id: int | None = None) -> list[RuleRow]:
    """The rules of a project, or all."""
    return db.rows(
        _rule, f"{_RULE} AND (:project IS NULL OR r.project_id = :project) ORDER BY r.id", {"project": project_id}
    )


def rule(db: Database, rule_id: int) -> RuleRow | None:
    """One rule."""
    return db.one(_rule, f"{_RULE} AND r.id = ?", (rule_id,))


def caps(db: Database, project_id: int | None = None) -> list[CapRow]:
    """The monthly caps of a project, or all."""
    return db.rows(
        CapRow,
        """
        SELECT k.project_id, p.name, k.currency, k.monthly FROM ad_cap k JOIN project p ON p.id = k.project_id
        WHERE :project IS NULL OR k.project_id = :project ORDER BY p.name, k.currency
        """,
        {"project": project_id},
    )


def running_ids(db: Database, project_id: int, currency: str) -> Sequence[int]:
    """The campaigns of a client in one currency that were ever on a network, or may come to be."""
    return db.rows(
        int,
        """
        SELECT id FROM campaign WHERE project_id = ? AND currency = ? AND (launched_at IS NOT NULL OR wanted != '')
        ORDER BY id
        """,
        (project_id, currency),
    )
