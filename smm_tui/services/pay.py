"""How clients pay: agreements, and the tasks that are paid by the piece."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.tables import AgreementTable, ProjectTable, TaskTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import pay
from smm_tui.domain.errors import Conflict, InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.pay import Agreement, Basis, Bonus, Step
from smm_tui.i18n import _, ngettext
from smm_tui.services.receipt import Receipt

NAME_LIMIT = 80
"""Characters of the name of a task."""


class AgreementDraft(NamedTuple):
    """An agreement in words, as it is typed; days as ISO 8601, an empty last day: until further notice."""

    basis: str
    amount: str
    currency: str
    from_day: str
    to_day: str = ""
    steps: str = ""
    bonuses: str = ""

    @classmethod
    def of(cls, row: Agreement) -> AgreementDraft:
        """What stands in the form of one."""
        return cls(
            row.basis,
            str(row.amount),
            row.currency,
            row.from_day.isoformat(),
            row.to_day.isoformat() if row.to_day else "",
            pay.steps_in_words(row.steps),
            ", ".join(f"{bonus.goal_id}={bonus.amount}" for bonus in row.bonuses),
        )


class PayService:
    """Commands on agreements and tasks."""

    def __init__(self, db: Database, actor: str) -> None:
        self._db = db
        self._actor = actor

    def agree(self, project_id: int, draft: AgreementDraft) -> Receipt:
        """Write down an agreement. Two of the same kind never hold on the same day: another price or another currency
        begins where the old agreement ends."""
        with self._db.unit() as unit:
            project = _project(unit, project_id)
            values = _checked(unit, project_id, draft, None)
            row = AgreementTable(project_id=project_id, **values)
            unit.session.add(row)
            unit.session.flush()
            message = _("Agreed with {project}: {amount} {currency}, {kind}, from {day}.").format(
                project=project.name, amount=row.amount, currency=row.currency, kind=row.kind, day=row.from_day
            )
            return self._done(unit, "agreement.add", "agreement", project_id, message, row.id)

    def edit(self, agreement_id: int, draft: AgreementDraft) -> Receipt:
        """Correct an agreement."""
        with self._db.unit() as unit:
            row = _agreement(unit, agreement_id)
            for name, value in _checked(unit, row.project_id, draft, agreement_id).items():
                setattr(row, name, value)
            message = _("Corrected agreement {id}.").format(id=agreement_id)
            return self._done(unit, "agreement.edit", "agreement", row.project_id, message, agreement_id)

    def end(self, agreement_id: int, last: date) -> Receipt:
        """Let an agreement hold until a day, that day included."""
        with self._db.unit() as unit:
            row = _agreement(unit, agreement_id)
            if last.isoformat() < row.from_day:
                raise InvalidInput(
                    _("It only begins on {day}.").format(day=row.from_day), _("Remove it instead."), field="to"
                )
            row.to_day = last.isoformat()
            message = _("Agreement {id} ends on {day}.").format(id=agreement_id, day=row.to_day)
            return self._done(unit, "agreement.end", "agreement", row.project_id, message, agreement_id)

    def remove(self, agreement_id: int) -> Receipt:
        """Take an agreement away, as if it had never been."""
        with self._db.unit() as unit:
            row = _agreement(unit, agreement_id)
            unit.session.delete(row)
            message = _("Removed agreement {id}.").format(id=agreement_id)
            return self._done(unit, "agreement.remove", "agreement", row.project_id, message, agreement_id)

    def add_task(self, project_id: int, name: str, day: date, note: str = "") -> Receipt:
        """Write down a task that was done."""
        plain = clip(inert(" ".join(name.split())), NAME_LIMIT)
        if not plain:
            raise InvalidInput(_("What was done?"), _("For example: page set up."), field="name")
        with self._db.unit() as unit:
            project = _project(unit, project_id)
            row = TaskTable(
                project_id=project_id, name=plain, day=day.isoformat(), actor=self._actor, note=inert(note.strip())
            )
            unit.session.add(row)
            unit.session.flush()
            message = _("Done for {project} on {day}: {task}.").format(project=project.name, day=row.day, task=plain)
            return self._done(unit, "task.add", "task", project_id, message, row.id)

    def remove_tasks(self, task_ids: Sequence[int]) -> Receipt:
        """Take tasks away."""
        with self._db.unit() as unit:
            project_id = 0
            for number in task_ids:
                row = unit.session.get(TaskTable, number)
                if row is None or row.removed_at is not None:
                    raise InvalidInput(_("There is no task {id}.").format(id=number), field="id")
                row.removed_at, project_id = unit.now, row.project_id
            count = len(task_ids)
            message = ngettext("Removed {count} task.", "Removed {count} tasks.", count).format(count=count)
            return self._done(unit, "task.remove", "task", project_id, message, *task_ids)

    def _done(
        self, unit: UnitOfWork, verb: str, subject: str, project_id: int, message: str, *ids: int | None
    ) -> Receipt:
        unit.audit(verb, subject, ids[0] if ids else None, message, actor=self._actor, project_id=project_id)
        undo = unit.undoable(message, actor=self._actor, project_id=project_id)
        return Receipt(message, undo=undo, ids=tuple(number for number in ids if number is not None))


def _project(unit: UnitOfWork, project_id: int) -> ProjectTable:
    row = unit.session.get(ProjectTable, project_id)
    if row is None:
        raise InvalidInput(_("There is no project {id}.").format(id=project_id), field="project")
    return row


def _agreement(unit: UnitOfWork, agreement_id: int) -> AgreementTable:
    row = unit.session.get(AgreementTable, agreement_id)
    if row is None:
        raise InvalidInput(_("There is no agreement {id}.").format(id=agreement_id), field="id")
    return row


def _checked(unit: UnitOfWork, project_id: int, draft: AgreementDraft, own: int | None) -> dict[str, Any]:
    """The columns of an agreement; InvalidInput names the field that is wrong, Conflict the agreement in the way."""
    if draft.basis not in tuple(Basis):
        raise InvalidInput(
            _("“{word}” is no way of paying.").format(word=clip(inert(draft.basis), 40)),
            _("Use one of: {names}.").format(names=", ".join(Basis)),
            field="kind",
        )
    basis = Basis(draft.basis)
    first, last = _day(draft.from_day, "from"), _day(draft.to_day, "to") if draft.to_day.strip() else None
    if last is not None and last < first:
        raise InvalidInput(_("It ends before it begins."), _("Give a later last day, or none."), field="to")
    for row in unit.session.exec(
        select(AgreementTable).where(
            AgreementTable.project_id == project_id,
            AgreementTable.kind == basis,
            col(AgreementTable.id) != (own or 0),
            AgreementTable.from_day <= (last.isoformat() if last else "9999-12-31"),
            col(AgreementTable.to_day).is_(None) | (col(AgreementTable.to_day) >= first.isoformat()),
        )
    ):
        raise Conflict(
            _("Agreement {id} ({kind}) holds on the same days.").format(id=row.id, kind=basis),
            _("End it on {day} first, then begin the new one.").format(day=first - timedelta(days=1)),
        )
    return {
        "kind": basis,
        "amount": str(pay.money(draft.amount)),
        "currency": pay.currency_code(draft.currency),
        "from_day": first.isoformat(),
        "to_day": last.isoformat() if last else None,
        "steps": [_packed(step) for step in pay.steps(draft.steps, basis)],
        "bonuses": [{"goal": bonus.goal_id, "amount": str(bonus.amount)} for bonus in _bonuses(draft.bonuses)],
    }


def _packed(step: Step) -> dict[str, str]:
    price = {"factor": str(step.factor)} if step.amount is None else {"amount": str(step.amount)}
    return {"name": step.name, **price}


def _bonuses(words: str) -> list[Bonus]:
    found: list[Bonus] = []
    for part in (part.strip() for part in words.replace(";", ",").split(",")):
        if not part:
            continue
        goal, sign, amount = (piece.strip() for piece in part.partition("="))
        if not sign or not goal.isascii() or not goal.isdecimal() or len(goal) > 9:
            raise InvalidInput(
                _("“{words}” is no bonus.").format(words=clip(inert(part), 40)),
                _("Write the number of a goal and what reaching it brings: 3=20000."),
                field="bonuses",
            )
        found.append(Bonus(int(goal), pay.money(amount, "bonuses")))
    return found


def _day(words: str, field: str) -> date:
    from smm_tui.services.scheme_parts import day_of_words

    return day_of_words(words, field)
