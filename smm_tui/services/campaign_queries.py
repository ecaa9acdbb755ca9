"""Looking at campaigns: light to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from smm_tui.db.database import Database
from smm_tui.db.reads import campaigns as reads
from smm_tui.db.reads.campaigns import AdRow, AdSetRow, AlarmRow, CallRow, CampaignRow, DayRow
from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.networks.advertising import Audience
from smm_tui.services import audiences

EVERYWHERE = Audience()
PERIODS = ("day", "set", "ad")


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """A campaign as a form or the command line gives it. Money is whole minor units of the account's currency.

    `cap`: what may be lost at most, whatever happens; None: the total budget, or the daily one over all days.
    `facts`: what the law or the network asks: ``payer``, ``beneficiary``, ``political`` (yes, no),
    ``special_categories``, ``special_countries``, ``link``, ``age_restrictions``.
    """

    account_id: int
    name: str
    goal: str = "traffic"
    starts_at: Instant | None = None  # None: at once
    ends_at: Instant | None = None
    budget_daily: int | None = None
    budget_total: int | None = None
    cap: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AdSetDraft:
    """An ad set. `segment_id`: the saved audience it uses; its `audience` is then that one's.

    `hours`: weekday "0" (Monday) to "6" -> hours in the cabinet's zone; empty: always.
    """

    name: str
    audience: Audience = EVERYWHERE
    segment_id: int | None = None
    placements: tuple[str, ...] = ()
    hours: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    budget_daily: int | None = None
    budget_total: int | None = None
    bid: int | None = None


@dataclass(frozen=True, slots=True)
class AdDraft:
    """An ad: the post of a delivery, promoted, or a creative of its own. `media` are hashes of stored pictures."""

    name: str
    delivery_id: int | None = None
    text: str = ""
    title: str = ""
    link: str = ""
    button: str = ""
    media: tuple[str, ...] = ()
    label: str = ""


class CampaignQueries:
    """Questions about campaigns."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, project_id: int | None = None, state: str | None = None) -> list[CampaignRow]:
        """Campaigns, the newest first."""
        return reads.campaigns(self._db, project_id, state)

    def get(self, campaign_id: int) -> CampaignRow:
        """One campaign."""
        found = reads.campaign(self._db, campaign_id)
        if found is None:
            raise InvalidInput(
                _("There is no campaign {id}.").format(id=campaign_id),
                _("`smm-tui ads campaign list` shows them."),
                field="campaign",
            )
        return found

    def sets(self, campaign_id: int) -> list[AdSetRow]:
        """The ad sets of a campaign."""
        return reads.sets(self._db, campaign_id)

    def get_set(self, set_id: int) -> AdSetRow:
        """One ad set."""
        found = reads.ad_set(self._db, set_id)
        if found is None:
            raise InvalidInput(
                _("There is no ad set {id}.").format(id=set_id),
                _("`smm-tui ads set list CAMPAIGN` shows them."),
                field="set",
            )
        return found

    def ads(self, campaign_id: int) -> list[AdRow]:
        """The ads of a campaign."""
        return reads.ads(self._db, campaign_id)

    def get_ad(self, ad_id: int) -> AdRow:
        """One ad."""
        found = reads.ad(self._db, ad_id)
        if found is None:
            raise InvalidInput(
                _("There is no ad {id}.").format(id=ad_id),
                _("`smm-tui ads ad list CAMPAIGN` shows them."),
                field="ad",
            )
        return found

    def calls(self, campaign_id: int) -> list[CallRow]:
        """All that was called for a campaign, oldest first."""
        return reads.calls(self._db, campaign_id)

    def figures(self, campaign_id: int, by: str = "day", since: str = "", until: str = "9999-12-31") -> list[DayRow]:
        """Figures by day, set or ad; an empty `by`: the sum."""
        return reads.figures(self._db, campaign_id, by, since, until)

    def alarms(self, project_id: int | None = None, campaign_id: int | None = None) -> list[AlarmRow]:
        """What nobody settled yet."""
        return reads.alarms(self._db, project_id, campaign_id)

    def campaign_draft(self, campaign_id: int) -> CampaignDraft:
        """A campaign as a form would give it."""
        row = self.get(campaign_id)
        return CampaignDraft(
            row.account_id,
            row.name,
            row.goal,
            row.starts_at,
            row.ends_at,
            row.budget_daily,
            row.budget_total,
            row.cap,
            row.facts,
        )

    def set_draft(self, set_id: int) -> AdSetDraft:
        """An ad set as a form would give it."""
        row = self.get_set(set_id)
        return AdSetDraft(
            row.name,
            audiences.from_json(row.audience),
            row.segment_id,
            tuple(row.placements),
            {day: tuple(hours) for day, hours in row.hours.items()},
            row.budget_daily,
            row.budget_total,
            row.bid,
        )

    def ad_draft(self, ad_id: int) -> AdDraft:
        """An ad as a form would give it."""
        row = self.get_ad(ad_id)
        return AdDraft(
            row.name, row.delivery_id, row.text, row.title, row.link, row.button, tuple(row.media), row.label
        )
