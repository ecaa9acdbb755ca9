"""Stored campaigns as what an advertiser takes, and as what is kept of a call. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, time
from typing import Any

from smm_tui.db.tables import AdSetTable, AdTable
from smm_tui.domain import zones
from smm_tui.domain.canonical import digest
from smm_tui.domain.clock import SECOND, Instant
from smm_tui.networks.advertising import (
    AdDraft,
    CampaignDraft,
    Creative,
    Draft,
    Goal,
    SetDraft,
)
from smm_tui.networks.ports import JSON, MediaFile
from smm_tui.services import audiences
from smm_tui.services.campaign_tree import Tree

POLITICAL = "ISSUES_ELECTIONS_POLITICS"
OURS = ("political",)
"""What a campaign says to this program alone."""


def day_of(at: Instant, zone: str) -> date:
    """The day of an instant by a cabinet's clock."""
    return zones.local(at, zone).date()


def end_of(day: date, zone: str) -> Instant:
    """The last whole second of a day."""
    return zones.resolve(datetime.combine(day, time(23, 59, 59)), zone) // SECOND * SECOND


def ends_at(tree: Tree, until: date, zone: str) -> Instant:
    """When the network is to end it by itself: with its last allowed day, or at its own end."""
    last = end_of(until, zone)
    own = tree.campaign.ends_at
    return last if own is None else min(own, last)


def campaign_draft(tree: Tree, until: date, zone: str) -> CampaignDraft:
    """The campaign as the network shall have it."""
    row = tree.campaign
    return CampaignDraft(
        row.name,
        Goal(row.goal),
        row.starts_at,
        ends_at(tree, until, zone),
        row.budget_total,
        row.budget_daily,
        _facts(row.facts),
    )


def set_draft(tree: Tree, group: AdSetTable, until: date, zone: str) -> SetDraft:
    """An ad set as the network shall have it."""
    row = tree.campaign
    return SetDraft(
        group.name,
        audiences.from_json(group.audience),
        group.budget_total,
        group.budget_daily,
        row.starts_at,
        ends_at(tree, until, zone),
        group.bid,
        tuple(group.placements),
        {day: tuple(hours) for day, hours in group.hours.items()},
        Goal(row.goal),
        _facts(row.facts),
    )


def ad_draft(tree: Tree, ad: AdTable, picture: Callable[[str], MediaFile]) -> AdDraft:
    """An ad as the network shall have it; `picture` gives the verified file of a hash."""
    post = None if ad.delivery_id is None else tree.posts.get(ad.delivery_id)
    return AdDraft(
        ad.name,
        Creative(
            "" if post is None else post.remote_id,
            ad.text,
            ad.title,
            ad.link,
            ad.button,
            tuple(picture(sha256) for sha256 in ad.media),
            ad.label,
        ),
    )


def with_money(draft: Draft, daily: int | None, total: int | None) -> Draft:
    """A draft with other budgets."""
    return draft if isinstance(draft, AdDraft) else replace(draft, budget_daily=daily, budget_total=total)


def shape(draft: Draft) -> str:
    """A hash over all that a draft says, for telling whether the network has it already."""
    stored = asdict(draft)
    if isinstance(draft, AdDraft):
        stored["creative"]["pictures"] = [file.sha256 for file in draft.creative.pictures]
    stored["facts"] = dict(stored.get("facts") or {})
    return digest(_plain(stored))


def _facts(facts: Mapping[str, str]) -> dict[str, str]:
    found = {name: value for name, value in facts.items() if name not in OURS}
    if facts.get("political") == "yes" and not found.get("special_categories"):
        found["special_categories"] = POLITICAL
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def call_wire(request: JSON | None, draft: Draft | None, until: date | None) -> JSON:
    """What is kept of a call: the exact request of a create, and the money and dates that it brings."""
    kept: JSON = {"request": request}
    if draft is not None:
        kept["shape"] = shape(draft)
        kept["name"] = draft.name
    if draft is not None and not isinstance(draft, AdDraft):
        kept["daily"], kept["total"] = draft.budget_daily, draft.budget_total
    if until is not None:
        kept["until"] = until.isoformat()
    return kept
