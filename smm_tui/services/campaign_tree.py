"""A campaign with its sets and ads, inside a unit of work: what an approval covers, and what would be sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from smm_tui.db.tables import AdSetTable, AdTable, CampaignTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.canonical import digest
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.guard.knowledge import Said
from smm_tui.i18n import _

Fetch = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Promoted:
    """A post that an ad promotes, as it goes out on the account: `remote_id` is empty before it is live."""

    remote_id: str
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A campaign with what is not removed of it; `ads` by the id of their set, `posts` by that of their delivery."""

    campaign: CampaignTable
    sets: tuple[AdSetTable, ...]
    ads: Mapping[int, tuple[AdTable, ...]]
    posts: Mapping[int, Promoted]

    def content(self) -> dict[str, Any]:
        """All that an approval covers: creative, audience, money and dates. Names are not among it."""
        top = self.campaign
        return {
            "account": top.account_id,
            "goal": top.goal,
            "currency": top.currency,
            "budget_total": top.budget_total,
            "budget_daily": top.budget_daily,
            "cap": top.cap,
            "starts_at": top.starts_at,
            "ends_at": top.ends_at,
            "facts": dict(top.facts),
            "sets": {group.identity: self._set_content(group) for group in self.sets},
        }

    def _set_content(self, group: AdSetTable) -> dict[str, Any]:
        return {
            "audience": group.audience,
            "placements": list(group.placements),
            "hours": group.hours,
            "budget_total": group.budget_total,
            "budget_daily": group.budget_daily,
            "bid": group.bid,
            "ads": {ad.identity: self.creative(ad) for ad in self.ads_of(group)},
        }

    def creative(self, ad: AdTable) -> dict[str, Any]:
        """All that an ad shows."""
        post = None if ad.delivery_id is None else self.posts.get(ad.delivery_id)
        return {
            "delivery": ad.delivery_id,
            "post": "" if post is None else post.digest,
            "text": ad.text,
            "title": ad.title,
            "link": ad.link,
            "button": ad.button,
            "media": list(ad.media),
            "label": ad.label,
        }

    def said(self) -> list[tuple[AdTable, Said]]:
        """What each ad says, for the wrong-client guard."""
        found = []
        for group in self.sets:
            for ad in self.ads_of(group):
                post = None if ad.delivery_id is None else self.posts.get(ad.delivery_id)
                text = ad.text or ("" if post is None else post.text)
                beside = tuple(part for part in (ad.title, ad.label) if part)
                links = tuple(part for part in (ad.link, str(self.campaign.facts.get("link", ""))) if part)
                found.append((ad, Said(text, beside, links, tuple(ad.media))))
        return found

    def ads_of(self, group: AdSetTable) -> tuple[AdTable, ...]:
        """The ads of a set."""
        return self.ads.get(group.id or 0, ())

    def digest(self) -> str:
        """What an approval is bound to."""
        return digest(self.content())

    @property
    def approved(self) -> bool:
        """Whether exactly this was approved."""
        return self.campaign.approved_hash is not None and self.campaign.approved_hash == self.digest()

    @property
    def effective_cap(self) -> int:
        """What may be lost at most: the cap that was approved, or a lower one that was set since."""
        approved = self.campaign.approved_cap
        return self.campaign.cap if approved is None else min(self.campaign.cap, approved)


def row(unit: UnitOfWork, campaign_id: int) -> CampaignTable:
    """A campaign; InvalidInput when there is none."""
    found = unit.session.get(CampaignTable, campaign_id)
    if found is None:
        raise InvalidInput(
            _("There is no campaign {id}.").format(id=campaign_id),
            _("`smm-tui ads campaign list` shows them."),
            field="campaign",
        )
    return found


def load(unit: UnitOfWork, campaign_id: int) -> Tree:
    """A campaign as it is now in this unit."""
    unit.session.flush()
    campaign = row(unit, campaign_id)
    sets = unit.session.exec(
        select(AdSetTable)
        .where(AdSetTable.campaign_id == campaign_id, col(AdSetTable.removed_at).is_(None))
        .order_by(col(AdSetTable.id))
    ).all()
    ads: dict[int, list[AdTable]] = {group.id or 0: [] for group in sets}
    for ad in unit.session.exec(
        select(AdTable)
        .where(col(AdTable.ad_set_id).in_(list(ads)), col(AdTable.removed_at).is_(None))
        .order_by(col(AdTable.id))
    ).all():
        ads[ad.ad_set_id].append(ad)
    deliveries = {ad.delivery_id for group in ads.values() for ad in group if ad.delivery_id is not None}
    posts = promoted(fetching(unit), sorted(deliveries))
    return Tree(campaign, tuple(sets), {key: tuple(group) for key, group in ads.items()}, posts)


def fetching(unit: UnitOfWork) -> Fetch:
    """Reading inside a unit, with what it changed so far."""

    def fetch(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        found = unit.session.connection().exec_driver_sql(sql, tuple(values))
        return [tuple(one) for one in found.fetchall()]

    return fetch


def promoted(fetch: Fetch, delivery_ids: Sequence[int]) -> dict[int, Promoted]:
    """The posts behind these deliveries, with a digest over all that the public sees of them."""
    found = {}
    for number, remote_id, text, *rest in fetch(
        """
        SELECT y.id, y.remote_id, coalesce(v.text, o.text), o.content_warning, o.poll, o.card,
            (SELECT json_group_array(sha256) FROM
                (SELECT sha256 FROM post_media m WHERE m.post_id = o.id ORDER BY m.position))
        FROM json_each(?) j JOIN delivery y ON y.id = j.value JOIN post o ON o.id = y.post_id
            LEFT JOIN variant v ON v.post_id = o.id AND v.account_id = y.account_id
        """,
        (json.dumps(list(delivery_ids)),),
    ):
        found[number] = Promoted(remote_id, text, digest([text, *rest]))
    return found
