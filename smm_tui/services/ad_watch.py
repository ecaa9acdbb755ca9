"""Watching over what runs: pacing, and the rules that people armed. Once a day and campaign, on whole days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import campaigns as reads
from smm_tui.db.reads.campaigns import CampaignRow, DayRow, RuleRow
from smm_tui.db.tables import AdAlarmTable, CampaignTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import money
from smm_tui.domain.states import CampaignState, Wanted
from smm_tui.i18n import _
from smm_tui.services import ad_preflight, ad_wire
from smm_tui.services.ad_ledger import ACTOR, alarm
from smm_tui.services.ad_rules import crossing

SLOW, FAST = 0.5, 1.2
"""Of what the budget foresees, below and above which pacing is spoken of."""
PACE_DAYS = 3
"""Whole days that pacing looks back on; a younger campaign is not judged."""


class AdWatch:
    """What is raised about campaigns by itself."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def watch(self, campaign_id: int) -> None:
        """Apply pacing and rules to a campaign that runs."""
        row = reads.campaign(self._db, campaign_id)
        if row is None or row.launched_at is None or row.state != CampaignState.ACTIVE:
            return
        account = account_reads.account(self._db, row.account_id)
        cabinet = None if account is None else ad_preflight.cabinet_of(account)
        zone = "UTC" if cabinet is None else cabinet.zone
        yesterday = ad_wire.day_of(self._db.clock(), zone) - timedelta(days=1)
        days = reads.figures(self._db, campaign_id, until=yesterday.isoformat())
        self._pace(row, days, yesterday, zone)
        for rule in reads.rules(self._db, row.project_id):
            if rule.armed_at is not None and rule.campaign_id in (None, campaign_id):
                self._apply(rule, row, days, yesterday)

    def _pace(self, row: CampaignRow, days: Sequence[DayRow], yesterday: date, zone: str) -> None:
        first = yesterday - timedelta(days=PACE_DAYS - 1)
        began = ad_wire.day_of(max(row.launched_at or 0, row.starts_at), zone)
        chosen = [day for day in days if day.key >= first.isoformat()]
        if began >= first or len(chosen) < PACE_DAYS:
            return
        planned = self.planned(row, zone)
        if planned is None:
            return
        spent, expected = sum(day.spent or 0 for day in chosen), planned * PACE_DAYS
        share = spent / expected
        if SLOW <= share <= FAST:
            return
        sentence = _("It spends too slowly: {spent} in {days} days, of {planned} that are planned.")
        if share > FAST:
            sentence = _("It overspends: {spent} in {days} days, of {planned} that are planned.")
        message = sentence.format(
            spent=money.shown(spent, row.currency), days=PACE_DAYS, planned=money.shown(round(expected), row.currency)
        )
        with self._db.unit() as unit:
            campaign = unit.session.get_one(CampaignTable, row.id)
            if not self._raised(unit, row.id, "pacing", None, yesterday, zone):
                alarm(unit, campaign, "pacing", message)

    def planned(self, row: CampaignRow, zone: str) -> float | None:
        """What is planned for a day; None when nothing says so."""
        sets = reads.sets(self._db, row.id)
        daily = [row.budget_daily] if row.budget_daily is not None else [one.budget_daily for one in sets]
        if daily and all(daily):
            return float(sum(amount or 0 for amount in daily))
        total = [row.budget_total] if row.budget_total is not None else [one.budget_total for one in sets]
        if not total or not all(total) or row.ends_at is None:
            return None
        days = (ad_wire.day_of(row.ends_at, zone) - ad_wire.day_of(row.starts_at, zone)).days + 1
        return sum(amount or 0 for amount in total) / max(1, days)

    def _apply(self, rule: RuleRow, row: CampaignRow, days: Sequence[DayRow], yesterday: date) -> None:
        value = crossing(rule, row.currency, days, yesterday)
        if value is None:
            return
        relation = _("above") if rule.above else _("below")
        message = _("{rule}: {figure} is {value:.2f}, {relation} {bound}, over {days} days.").format(
            rule=rule.name, figure=rule.figure, value=value, relation=relation, bound=rule.bound, days=rule.days
        )
        with self._db.unit() as unit:
            campaign = unit.session.get_one(CampaignTable, row.id)
            if self._raised(unit, row.id, "rule", rule.id, yesterday, "UTC"):
                return
            proposal = None
            if rule.action == "propose" and rule.change_percent is not None:
                proposal = {"change_percent": rule.change_percent}
                message += " " + _("A budget of {percent:+d} per cent is proposed.").format(
                    percent=rule.change_percent
                )
            if rule.action == "pause" and campaign.wanted == Wanted.RUNNING:
                campaign.wanted, campaign.stopped_reason = Wanted.PAUSED, message
                message += " " + _("It is paused.")
                unit.audit(
                    "ads.stopped", "campaign", row.id, message, actor=f"rule {rule.id}", project_id=row.project_id
                )
            if alarm(unit, campaign, "rule", message, rule_id=rule.id, proposal=proposal):
                unit.audit("ads.alarm", "campaign", row.id, message, actor=ACTOR, project_id=row.project_id)

    @staticmethod
    def _raised(
        unit: UnitOfWork, campaign_id: int, kind: str, rule_id: int | None, yesterday: date, zone: str
    ) -> bool:
        """Whether it was told of these days already, settled or not."""
        from sqlmodel import select

        since = ad_wire.end_of(yesterday, zone)
        asked = select(AdAlarmTable.id).where(
            AdAlarmTable.campaign_id == campaign_id,
            AdAlarmTable.kind == kind,
            AdAlarmTable.rule_id == rule_id,
            AdAlarmTable.raised_at >= since,
        )
        return unit.session.exec(asked).first() is not None
