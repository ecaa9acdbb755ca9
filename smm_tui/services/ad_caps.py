"""What a client may lose at most in a month, and how far a campaign is from its caps."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import NamedTuple

from sqlmodel import select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import campaigns as reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads.campaigns import CapRow
from smm_tui.db.tables import AdCapTable, CampaignTable
from smm_tui.domain import money
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.networks.ports import MediaFile
from smm_tui.services.ad_ledger import of_client
from smm_tui.services.ad_work import Work, others
from smm_tui.services.receipt import Receipt


class Standing(NamedTuple):
    """How far a campaign is from its caps, in minor units. `counted`: what may have been spent, with what is not told
    of yet and what it may still cost until `until`, the day with which the network ends it by itself; None: nothing
    bounds it. `month_counted`: of all campaigns of the client in this month."""

    told: int
    counted: int | None
    cap: int
    month_told: int
    month_counted: int | None
    monthly: int | None
    until: date | None


class AdCaps:
    """Commands and questions about caps."""

    def __init__(self, db: Database, actor: str) -> None:
        self._db = db
        self._actor = actor

    def all(self, project_id: int | None = None) -> list[CapRow]:
        """The monthly caps of a client, or of all."""
        return reads.caps(self._db, project_id)

    def set(self, project_id: int, currency: str, monthly: int | None) -> Receipt:
        """Let a client lose no more than this in a month, over all campaigns in a currency; None: no such cap.

        It holds at once, for what runs too: the worker pauses what no longer fits.
        """
        project = project_reads.project(self._db, project_id)
        if project is None or project.archived_at is not None:
            raise InvalidInput(_("There is no such project, or it is archived."), field="project")
        if not re.fullmatch(r"[A-Z]{3}", currency):
            raise InvalidInput(
                _("A currency has three letters."), _("As EUR, USD or RUB (ISO 4217)."), field="currency"
            )
        if monthly is not None and not 0 < monthly <= money.MOST:
            raise InvalidInput(_("The amount must be more than nothing."), _("Correct it."), field="monthly")
        with self._db.unit() as unit:
            asked = select(AdCapTable).where(AdCapTable.project_id == project_id, AdCapTable.currency == currency)
            row = unit.session.exec(asked).first()
            if monthly is None:
                if row is None:
                    return Receipt(_("There is no such cap."), 0)
                unit.session.delete(row)
                message = _("{project} has no monthly cap in {currency} any more.")
            else:
                if row is None:
                    row = AdCapTable(project_id=project_id, currency=currency, monthly=monthly)
                    unit.session.add(row)
                row.monthly = monthly
                message = _("{project} loses no more than {amount} in a month.")
            running = select(CampaignTable).where(
                CampaignTable.project_id == project_id, CampaignTable.currency == currency, CampaignTable.wanted != ""
            )
            for campaign in unit.session.exec(running).all():
                campaign.due_at = unit.now
            told = message.format(project=project.name, currency=currency, amount=money.shown(monthly, currency))
            unit.audit("ads.cap", "project", project_id, told, actor=self._actor, project_id=project_id)
            undo = unit.undoable(told, actor=self._actor, project_id=project_id)
            return Receipt(told, undo=undo, ids=(project_id,))

    def standing(self, campaign_id: int) -> Standing:
        """How far a campaign is from its caps. The campaign must be there."""
        with self._db.unit() as unit:
            row = unit.session.get_one(CampaignTable, campaign_id)
            account = account_reads.account(self._db, row.account_id)
            assert account is not None  # noqa: S101 - a foreign key
            work = Work(unit, campaign_id, account, _no_picture)
            month = (work.today.year, work.today.month)
            lines = [line for _thing, line in work.lines()]
            beside = others(of_client(self._db, unit, work, _no_picture), work.today.replace(day=1))
            told = sum(day.spent for line in lines for day in line.told.values())
            month_told = sum(
                row.spent or 0
                for number in reads.running_ids(self._db, row.project_id, row.currency)
                for row in reads.figures(self._db, number, since=f"{work.today:%Y-%m}-01")
            )
            caps = work.caps(beside)
            return Standing(
                told,
                _whole(sum(line.lifetime() for line in lines)),
                caps.campaign,
                month_told,
                _whole(sum(line.month(*month) for line in lines) + beside.get(month, 0)),
                caps.monthly,
                work.sent_until(),
            )


def _whole(amount: float) -> int | None:
    return None if math.isinf(amount) else round(amount)


def _no_picture(sha256: str) -> MediaFile:
    raise AssertionError(sha256)  # money does not look at pictures
