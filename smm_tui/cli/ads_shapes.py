"""The JSON of ``smm-tui ads``. Its fields are a public contract: fields may be added, never renamed.

Money is whole minor units of the campaign's currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from smm_tui.domain import ad_figures
from smm_tui.domain.ad_figures import Sums
from smm_tui.domain.clock import iso

if TYPE_CHECKING:
    from smm_tui.db.reads.campaigns import (
        AdRow,
        AdSetRow,
        AlarmRow,
        CallRow,
        CampaignRow,
        CapRow,
        DayRow,
        RuleRow,
        SegmentRow,
    )
    from smm_tui.networks.advertising import Estimate, Place, Topic
    from smm_tui.services.ad_caps import Standing
    from smm_tui.services.ad_plan import PlannedCall
    from smm_tui.services.ad_rules import AdRuleTrial
    from smm_tui.services.ad_tests import AdTest, Side
    from smm_tui.services.preflight import Problem

JSON = dict[str, Any]


def campaign(row: CampaignRow) -> JSON:
    """A campaign."""
    return {
        "id": row.id,
        "project": row.project,
        "project_id": row.project_id,
        "account": row.handle,
        "account_id": row.account_id,
        "network": row.network,
        "name": row.name,
        "goal": row.goal,
        "currency": row.currency,
        "budget_daily": row.budget_daily,
        "budget_total": row.budget_total,
        "cap": row.cap,
        "starts_at": iso(row.starts_at),
        "ends_at": iso(row.ends_at),
        "facts": row.facts,
        "state": row.state,
        "state_reason": row.state_reason,
        "wanted": row.wanted or None,
        "stopped_reason": row.stopped_reason,
        "approved_at": iso(row.approved_at),
        "approved_by": row.approved_by,
        "launched_at": iso(row.launched_at),
        "synced_at": iso(row.synced_at),
        "remote_id": row.remote_id or None,
        "url": row.remote_url or None,
    }


def ad_set(row: AdSetRow) -> JSON:
    """An ad set."""
    return {
        "id": row.id,
        "campaign": row.campaign_id,
        "segment": row.segment,
        "segment_id": row.segment_id,
        "name": row.name,
        "audience": row.audience,
        "placements": row.placements,
        "hours": row.hours,
        "budget_daily": row.budget_daily,
        "budget_total": row.budget_total,
        "bid": row.bid,
        "tested_against": row.variant_of,
        "state": row.state,
        "state_reason": row.state_reason,
        "remote_id": row.remote_id or None,
    }


def ad(row: AdRow) -> JSON:
    """An ad."""
    return {
        "id": row.id,
        "set": row.ad_set_id,
        "campaign": row.campaign_id,
        "post": row.post_id,
        "delivery": row.delivery_id,
        "name": row.name,
        "text": row.text,
        "title": row.title,
        "link": row.link,
        "button": row.button,
        "media": row.media,
        "label": row.label,
        "state": row.state,
        "state_reason": row.state_reason,
        "remote_id": row.remote_id or None,
    }


def call(row: CallRow) -> JSON:
    """A call to a cabinet."""
    return {
        "id": row.id,
        "level": row.level,
        "subject": row.subject_id,
        "verb": row.verb,
        "state": row.state,
        "request": row.wire.get("request"),
        "until": row.wire.get("until"),
        "remote_id": row.remote_id or None,
        "error": row.error_message or None,
        "started_at": iso(row.started_at),
        "ended_at": iso(row.ended_at),
    }


def planned(row: PlannedCall) -> JSON:
    """A call that would be made."""
    return {
        "level": row.level,
        "subject": row.subject_id,
        "name": row.name,
        "verb": row.verb,
        "body": row.body,
        "problem": row.problem or None,
        "hint": row.hint or None,
    }


def figures(row: DayRow, currency: str) -> JSON:
    """Figures of a day, set, ad or campaign; what nobody told is null."""
    sums = Sums(row.impressions, row.reach, row.clicks, row.results, row.spent)

    def rounded(name: str) -> float | None:
        value = ad_figures.figure(name, sums, currency)
        return None if value is None else round(value, 4)

    return {
        "key": row.key,
        "impressions": row.impressions,
        "reach": row.reach,
        "clicks": row.clicks,
        "results": row.results,
        "spent": row.spent,
        "currency": currency,
        "ctr": rounded("ctr"),
        "cost_per_result": rounded("cost_per_result") if row.results else None,
        "final": row.final,
    }


def standing(row: Standing) -> JSON:
    """How far a campaign is from its caps."""
    return {
        "told": row.told,
        "counted": row.counted,
        "cap": row.cap,
        "month_told": row.month_told,
        "month_counted": row.month_counted,
        "monthly": row.monthly,
        "until": None if row.until is None else row.until.isoformat(),
    }


def problem(row: Problem) -> JSON:
    """What would go wrong."""
    return {"field": row.field, "message": row.message, "hint": row.hint, "blocking": row.blocking}


def alarm(row: AlarmRow) -> JSON:
    """Something a person should see."""
    return {
        "id": row.id,
        "campaign": row.campaign_id,
        "campaign_name": row.campaign,
        "project": row.project,
        "rule": row.rule_id,
        "kind": row.kind,
        "message": row.message,
        "proposal": row.proposal,
        "raised_at": iso(row.raised_at),
    }


def segment(row: SegmentRow) -> JSON:
    """A saved audience."""
    return {
        "id": row.id,
        "project": row.project,
        "name": row.name,
        "audience": row.audience,
        "persona": row.persona,
        "used": row.used,
    }


def rule(row: RuleRow) -> JSON:
    """A rule over figures."""
    return {
        "id": row.id,
        "project": row.project,
        "campaign": row.campaign_id,
        "name": row.name,
        "figure": row.figure,
        "relation": "above" if row.above else "below",
        "bound": row.bound,
        "days": row.days,
        "action": row.action,
        "change_percent": row.change_percent,
        "tested_at": iso(row.tested_at),
        "enabled_at": iso(row.armed_at),
    }


def trial(found: AdRuleTrial) -> JSON:
    """A dry run of a rule."""
    return {
        "rule": rule(found.rule),
        "days": found.days,
        "campaigns": found.campaigns,
        "would_have_acted": [
            {"campaign": one.campaign_id, "name": one.campaign, "day": one.day, "value": round(one.value, 4)}
            for one in found.crossings
        ],
    }


def test(found: AdTest) -> JSON:
    """An A/B test."""
    return {
        "campaign": found.campaign_id,
        "difference": list(found.difference),
        "metric": found.metric,
        "sides": [_side(found.one), _side(found.other)],
        "missing": found.missing,
        "z": None if found.z is None else round(found.z, 4),
        "p": None if found.p is None else round(found.p, 6),
        "winner": found.winner,
    }


def _side(side: Side) -> JSON:
    return {
        "set": side.set_id,
        "name": side.name,
        "successes": side.sample.successes,
        "impressions": side.sample.trials,
        "share": round(side.sample.share, 6),
        "spent": side.spent,
    }


def cap(row: CapRow) -> JSON:
    """A monthly cap."""
    return {"project": row.project, "project_id": row.project_id, "currency": row.currency, "monthly": row.monthly}


def estimate(found: Estimate) -> JSON:
    """How many people an audience has."""
    return {
        "people_least": found.people_least,
        "people_most": found.people_most,
        "ready": found.ready,
        "reach_daily": found.reach_daily,
        "note": found.note,
    }


def found(entries: Sequence[Place | Topic]) -> list[JSON]:
    """Entries of a network's dictionaries."""
    return [
        {
            "id": one.id,
            "name": one.name,
            "kind": str(getattr(one, "kind", "")) or None,
            "latitude": getattr(one, "latitude", None),
            "longitude": getattr(one, "longitude", None),
        }
        for one in entries
    ]
