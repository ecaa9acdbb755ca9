"""Setting goals in figures."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.tables import GoalTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _
from smm_tui.services.client_queries import METRICS, ClientQueries
from smm_tui.services.receipt import Receipt

MOST = 1_000_000_000
"""A larger target is a slip of the finger."""
YEARS = 10


class GoalDraft(NamedTuple):
    """What a form or the command line gives for a goal. `account_id` None: all accounts together; `start` None: what
    the networks tell on its first day."""

    metric: str
    target: int | None
    by_day: date | None
    from_day: date
    account_id: int | None = None
    start: int | None = None


class GoalService(ClientQueries):
    """Commands on goals; each is one transaction and one step of undo."""

    def __init__(self, db: Database, actor: str) -> None:
        super().__init__(db)
        self._actor = actor

    def add(self, project_id: int, draft: GoalDraft) -> Receipt:
        """Set a goal."""
        project = project_reads.project(self._db, project_id)
        if project is None or project.archived_at is not None:
            raise InvalidInput(_("There is no such project, or it is archived."), field="project")
        with self._db.unit() as unit:
            row = GoalTable(project_id=project_id, metric="", target=0, from_day="", by_day="")
            self._write(row, draft)
            unit.session.add(row)
            unit.session.flush()
            return self._done(unit, "add", row, _("Set a goal for {project}: {goal}."), project.name)

    def edit(self, goal_id: int, draft: GoalDraft) -> Receipt:
        """Change a goal."""
        with self._db.unit() as unit:
            row = self._row(unit, goal_id)
            self._write(row, draft)
            return self._done(unit, "edit", row, _("Changed a goal: {goal}."))

    def drop(self, goal_id: int) -> Receipt:
        """Give a goal up; what was measured stays."""
        with self._db.unit() as unit:
            row = self._row(unit, goal_id)
            row.dropped_at = unit.now
            return self._done(unit, "drop", row, _("Gave up a goal: {goal}."))

    def _write(self, row: GoalTable, draft: GoalDraft) -> None:
        if draft.metric not in METRICS:
            raise InvalidInput(
                _("“{word}” is nothing that is measured.").format(word=clip(inert(draft.metric), 40)),
                _("Use one of: {names}.").format(names=", ".join(METRICS)),
                field="metric",
            )
        if draft.target is None:
            raise InvalidInput(
                _("A goal needs a figure."),
                _("How many {what}?").format(what=_(METRICS[draft.metric])),
                field="target",
            )
        if draft.by_day is None:
            raise InvalidInput(_("A goal needs a day by which it is reached."), _("As 2026-12-31."), field="by")
        for field, value in (("target", draft.target), ("start", draft.start)):
            if value is not None and not 0 <= value <= MOST:
                raise InvalidInput(_("This is a whole number from 0 to {most}.").format(most=MOST), field=field)
        if draft.by_day <= draft.from_day:
            raise InvalidInput(
                _("The goal ends on {by}, before it began on {first}.").format(by=draft.by_day, first=draft.from_day),
                _("Give a later day, or an earlier first day."),
                field="by",
            )
        if (draft.by_day - draft.from_day).days > YEARS * 366:
            raise InvalidInput(_("That is more than {years} years away.").format(years=YEARS), field="by")
        known = {account.id for account in account_reads.of_project(self._db, row.project_id)}
        if draft.account_id is not None and draft.account_id not in known:
            raise InvalidInput(
                _("Account {id} is not one of this project's.").format(id=draft.account_id), field="account"
            )
        row.metric, row.target, row.start_value, row.account_id = (
            draft.metric,
            draft.target,
            draft.start,
            draft.account_id,
        )
        row.from_day, row.by_day = draft.from_day.isoformat(), draft.by_day.isoformat()

    def _row(self, unit: UnitOfWork, goal_id: int) -> GoalTable:
        row = unit.session.get(GoalTable, goal_id)
        if row is None or row.dropped_at is not None:
            raise InvalidInput(
                _("There is no goal {id}.").format(id=goal_id), _("`smm-tui goal list` shows them."), field="goal"
            )
        return row

    def _done(self, unit: UnitOfWork, verb: str, row: GoalTable, told: str, project: str = "") -> Receipt:
        goal = _("{target} {what} by {day}").format(target=row.target, what=_(METRICS[row.metric]), day=row.by_day)
        message = told.format(goal=goal, project=project)
        unit.session.flush()
        unit.audit(f"goal.{verb}", "goal", row.id, message, actor=self._actor, project_id=row.project_id)
        undo = unit.undoable(message, actor=self._actor, project_id=row.project_id)
        return Receipt(message, 1 if undo else 0, undo, (row.id or 0,))
