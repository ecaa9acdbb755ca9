"""Rules over figures: if one crosses a bound over some days, then pause, alarm, or propose another budget.

A rule is tried on the days that are stored, then armed; the worker applies it once a day (services/ad_watch.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import campaigns as reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads.campaigns import CampaignRow, DayRow, RuleRow
from smm_tui.db.tables import AdRuleTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import ad_figures
from smm_tui.domain.ad_figures import Sums
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _
from smm_tui.services.campaign_parts import same_project
from smm_tui.services.receipt import Receipt

ACTIONS = ("pause", "alarm", "propose")
DAYS_MOST = 90
TRIED = 90
"""So many of the last days are gone through in a dry run."""
NAME_LIMIT = 60


@dataclass(frozen=True, slots=True)
class AdRuleDraft:
    """A rule: `figure` of `ad_figures.FIGURES` above (or below) `bound` over `days` whole days, then `action`.

    `change_percent`: what to propose, as -20 for a fifth less. `campaign_id` None: all campaigns of the client.
    """

    project_id: int
    name: str
    figure: str
    bound: str
    days: int
    action: str
    above: bool = True
    campaign_id: int | None = None
    change_percent: int | None = None


class Crossing(NamedTuple):
    """A day on which a rule would have acted on a campaign, and the figure that made it."""

    campaign_id: int
    campaign: str
    day: str
    value: float


class AdRuleTrial(NamedTuple):
    """A dry run: over so many days of so many campaigns, the days on which it would have acted."""

    rule: RuleRow
    days: int
    campaigns: int
    crossings: list[Crossing]


class AdRuleQueries:
    """Questions about rules."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, project_id: int | None = None) -> list[RuleRow]:
        """The rules of a client, or all of them."""
        return reads.rules(self._db, project_id)

    def get(self, rule_id: int) -> RuleRow:
        """One rule."""
        found = reads.rule(self._db, rule_id)
        if found is None:
            raise InvalidInput(
                _("There is no rule {id} over ads.").format(id=rule_id),
                _("`smm-tui ads rule list` shows them."),
                field="rule",
            )
        return found

    def dry_run(self, rule_id: int, *, days: int = TRIED) -> AdRuleTrial:
        """When a rule would have acted on the days that are stored; nothing is changed."""
        rule = self.get(rule_id)
        crossings: list[Crossing] = []
        seen: set[str] = set()
        chosen = self.campaigns(rule)
        for campaign in chosen:
            rows = reads.figures(self._db, campaign.id)[-days - rule.days :]
            seen.update(row.key for row in rows[-days:])
            crossings += [
                Crossing(campaign.id, campaign.name, row.key, value)
                for row in rows[-days:]
                if (value := crossing(rule, campaign.currency, rows, date.fromisoformat(row.key))) is not None
            ]
        return AdRuleTrial(rule, len(seen), len(chosen), crossings)

    def campaigns(self, rule: RuleRow) -> list[CampaignRow]:
        """The campaigns a rule looks at."""
        if rule.campaign_id is not None:
            found = reads.campaign(self._db, rule.campaign_id)
            return [] if found is None else [found]
        return reads.campaigns(self._db, rule.project_id)


def crossing(rule: RuleRow, currency: str, rows: Sequence[DayRow], last: date) -> float | None:
    """The figure over the rule's days up to `last`, when it crosses the bound; None when it does not, or when a day
    of them is missing, so that a rule never acts on half a picture."""
    first = (last - timedelta(days=rule.days - 1)).isoformat()
    chosen = [row for row in rows if first <= row.key <= last.isoformat()]
    if len(chosen) < rule.days:
        return None
    sums = ad_figures.total(Sums(row.impressions, row.reach, row.clicks, row.results, row.spent) for row in chosen)
    value = ad_figures.figure(rule.figure, sums, currency)
    return value if ad_figures.crosses(value, Decimal(rule.bound), above=rule.above) else None


class AdRuleService(AdRuleQueries):
    """Commands on rules."""

    def __init__(self, db: Database, actor: str) -> None:
        super().__init__(db)
        self._actor = actor

    def add(self, draft: AdRuleDraft) -> Receipt:
        """Add a rule, not armed yet."""
        project = project_reads.project(self._db, draft.project_id)
        if project is None or project.archived_at is not None:
            raise InvalidInput(_("There is no such project, or it is archived."), field="project")
        with self._db.unit() as unit:
            row = AdRuleTable(
                project_id=draft.project_id, name="", figure="", above=True, bound="", days=1, action=""
            )
            self._write(unit, row, draft)
            unit.session.add(row)
            unit.session.flush()
            message = _("Added rule {id}, {name}. It is not armed.").format(id=row.id, name=row.name)
            return self._done(unit, row, "add", message)

    def edit(self, rule_id: int, draft: AdRuleDraft) -> Receipt:
        """Change a rule: it is to be tried and armed again."""
        with self._db.unit() as unit:
            row = self._row(unit, rule_id)
            armed = row.armed_at is not None
            self._write(unit, row, draft)
            row.armed_at = row.tested_at = None
            message = _("Changed rule {id}.").format(id=rule_id)
            if armed:
                message += " " + _("It is not armed any more: try it again first.")
            return self._done(unit, row, "edit", message)

    def test(self, rule_id: int, *, days: int = TRIED) -> AdRuleTrial:
        """Try a rule on the days that are stored; it may be armed afterwards."""
        found = self.dry_run(rule_id, days=days)
        with self._db.unit() as unit:
            row = self._row(unit, rule_id)
            row.tested_at = unit.now
            message = _("Tried rule {id}: it would have acted on {count} days.").format(
                id=rule_id, count=len(found.crossings)
            )
            self._done(unit, row, "test", message)
        return found._replace(rule=self.get(rule_id))

    def arm(self, rule_id: int) -> Receipt:
        """From now on the worker applies it. Refused before it was tried."""
        with self._db.unit() as unit:
            row = self._row(unit, rule_id)
            if row.tested_at is None:
                raise InvalidInput(
                    _("Rule {id} was not tried since it was changed.").format(id=rule_id),
                    _("See when it would have acted: `smm-tui ads rule test {id}`.").format(id=rule_id),
                    field="rule",
                )
            row.armed_at = row.armed_at or unit.now
            return self._done(unit, row, "enable", _("Rule {id} is armed.").format(id=rule_id))

    def disarm(self, rule_id: int) -> Receipt:
        """The rule does nothing more; what it did stays."""
        with self._db.unit() as unit:
            row = self._row(unit, rule_id)
            row.armed_at = None
            return self._done(unit, row, "disable", _("Rule {id} is not armed.").format(id=rule_id))

    def remove(self, rule_id: int) -> Receipt:
        """Throw a rule away; what it did stays."""
        with self._db.unit() as unit:
            row = self._row(unit, rule_id)
            row.armed_at, row.removed_at = None, unit.now
            return self._done(unit, row, "remove", _("Removed rule {id}, {name}.").format(id=rule_id, name=row.name))

    def draft(self, rule_id: int) -> AdRuleDraft:
        """A rule as a form would give it."""
        row = self.get(rule_id)
        return AdRuleDraft(
            row.project_id,
            row.name,
            row.figure,
            row.bound,
            row.days,
            row.action,
            row.above,
            row.campaign_id,
            row.change_percent,
        )

    def _write(self, unit: UnitOfWork, row: AdRuleTable, draft: AdRuleDraft) -> None:
        row.name = " ".join(inert(draft.name).split())
        if not row.name or len(row.name) > NAME_LIMIT:
            raise InvalidInput(
                _("A name has from 1 to {count} characters.").format(count=NAME_LIMIT), _("Change it."), field="name"
            )
        row.figure = _one_of(draft.figure, ad_figures.FIGURES, "figure")
        row.action = _one_of(draft.action, ACTIONS, "action")
        row.above, row.bound = draft.above, _bound(draft.bound)
        if not 1 <= draft.days <= DAYS_MOST:
            raise InvalidInput(
                _("A rule looks at 1 to {count} days.").format(count=DAYS_MOST), _("Correct it."), field="days"
            )
        row.days = draft.days
        change = draft.change_percent
        if (row.action == "propose") != (change is not None):
            raise InvalidInput(
                _("A proposal needs a change of the budget in per cent, and only a proposal has one."),
                _("Give for example -20 for a fifth less."),
                field="change",
            )
        if change is not None and (change == 0 or not -90 <= change <= 100):
            raise InvalidInput(_("A budget changes by -90 to 100 per cent."), _("Correct it."), field="change")
        row.change_percent = change
        if not same_project(unit, draft.campaign_id, draft.project_id):
            raise InvalidInput(
                _("This client has no campaign {id}.").format(id=draft.campaign_id),
                _("`smm-tui ads campaign list` shows them."),
                field="campaign",
            )
        row.campaign_id = draft.campaign_id

    def _row(self, unit: UnitOfWork, rule_id: int) -> AdRuleTable:
        asked = select(AdRuleTable).where(AdRuleTable.id == rule_id, col(AdRuleTable.removed_at).is_(None))
        row = unit.session.exec(asked).first()
        if row is None:
            self.get(rule_id)
            raise InvalidInput(_("There is no rule {id} over ads.").format(id=rule_id), field="rule")
        return row

    def _done(self, unit: UnitOfWork, row: AdRuleTable, verb: str, message: str, **details: Any) -> Receipt:
        unit.audit(
            f"ads.rule.{verb}", "ad_rule", row.id, message, actor=self._actor, project_id=row.project_id, **details
        )
        undo = unit.undoable(message, actor=self._actor, project_id=row.project_id)
        return Receipt(message, undo=undo, ids=(row.id or 0,))


def _one_of(word: str, known: Sequence[str], field: str) -> str:
    if word not in known:
        raise InvalidInput(
            _("There is no “{word}” here.").format(word=clip(inert(word), 40)),
            _("There are: {names}.").format(names=", ".join(known)),
            field=field,
        )
    return word


def _bound(text: str) -> str:
    plain = text.strip().replace(",", ".").removesuffix("%").strip()
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", plain):
        raise InvalidInput(
            _("“{word}” is no bound.").format(word=clip(inert(text), 40)),
            _("Give a number such as 2.5."),
            field="bound",
        )
    return plain
