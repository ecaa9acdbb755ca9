"""Commands on rules: each is one step of undo. A rule is armed after it was tried on what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import rules as reads
from smm_tui.db.tables import ActionTable, MessageTable, RuleHitTable, RuleTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.errors import Conflict, InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.rules import conditions, outcomes
from smm_tui.domain.rules.conditions import Condition
from smm_tui.domain.rules.outcomes import Outcome
from smm_tui.domain.states import ActionState, MessageState
from smm_tui.i18n import _, ngettext
from smm_tui.services import actions
from smm_tui.services.examination import rule_of
from smm_tui.services.receipt import Receipt
from smm_tui.services.rule_queries import EXAMINED, DryRun, RuleQueries
from smm_tui.services.verdicts import actor_of

NAME_LIMIT = 60


class RuleDraft(NamedTuple):
    """What a form or the command line gives for a rule: conditions and outcomes in words."""

    name: str
    conditions: tuple[str, ...]
    actions: tuple[str, ...]
    project_id: int | None = None


class RuleService(RuleQueries):
    """Commands on rules."""

    def __init__(self, db: Database, actor: str) -> None:
        super().__init__(db)
        self._actor = actor

    def add(self, draft: RuleDraft) -> Receipt:
        """Add a rule, not armed yet."""
        asked, done = self._read(draft)
        with self._db.unit() as unit:
            last = max((row.position for row in self.all()), default=0)
            row = RuleTable(
                project_id=draft.project_id,
                name=_name(draft.name),
                conditions=[one.json() for one in asked],
                actions=[one.json() for one in done],
                position=last + 1,
                created_at=unit.now,
            )
            unit.session.add(row)
            unit.session.flush()
            return self._done(
                unit, row, "add", _("Added rule {id}, {name}. It is not armed.").format(id=row.id, name=row.name)
            )

    def edit(
        self,
        rule_id: int,
        *,
        name: str | None = None,
        conditions: Sequence[str] | None = None,
        actions: Sequence[str] | None = None,
    ) -> Receipt:
        """Change a rule. With other conditions or actions it is another one: not armed, and to be tried again."""
        with self._db.unit() as unit:
            row = self._row(unit, rule_id)
            old = rule_of(rule_id, row.conditions, row.actions)
            draft = RuleDraft(
                row.name if name is None else name,
                tuple(map(str, old.conditions)) if conditions is None else tuple(conditions),
                tuple(map(str, old.outcomes)) if actions is None else tuple(actions),
                row.project_id,
            )
            asked, done = self._read(draft)
            row.name = _name(draft.name)
            message = _("Changed rule {id}.").format(id=rule_id)
            if (asked, done) != (old.conditions, old.outcomes):
                row.conditions, row.actions = [one.json() for one in asked], [one.json() for one in done]
                if row.armed_at is not None:
                    message += " " + _("It is not armed any more: try it again first.")
                row.armed_at = row.tested_at = None
            return self._done(unit, row, "edit", message)

    def test(self, rule_id: int, *, limit: int = EXAMINED) -> DryRun:
        """Try a rule on the newest messages that are stored; it may be armed afterwards."""
        return self.tried(self.dry_run(rule_id, limit=limit))

    def tried(self, found: DryRun) -> DryRun:
        """A person saw what a rule would have caught: it may be armed. Conflict when it was changed meanwhile."""
        rule_id = found.rule.id
        with self._db.unit() as unit:
            row = self._row(unit, rule_id)
            if (row.conditions, row.actions) != (found.rule.conditions, found.rule.actions):
                raise Conflict(_("Rule {id} was changed meanwhile.").format(id=rule_id), _("Try it again."))
            row.tested_at = unit.now
            message = _("Tried rule {id}: it would have caught {caught} of {examined}.").format(
                id=rule_id, caught=found.caught, examined=found.examined
            )
            self._done(unit, row, "test", message, caught=found.caught, approved=found.approved)
        return found._replace(rule=self.get(rule_id))

    def arm(self, rule_id: int, *, force: bool = False) -> Receipt:
        """From now on the rule acts on what comes in. Refused before it was tried, unless `force`."""
        with self._db.unit() as unit:
            row = self._row(unit, rule_id)
            if row.tested_at is None and not force:
                raise InvalidInput(
                    _("Rule {id} was not tried since it was changed.").format(id=rule_id),
                    _("See what it would have caught: `smm-tui rule test {id}`.").format(id=rule_id),
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

    def judge(self, rule_id: int, message_ids: Sequence[int], *, right: bool) -> Receipt:
        """Say whether a rule was right about these messages; where it was not, what it did there is taken back."""
        with self._db.unit() as unit:
            row = self._row(unit, rule_id)
            known = set(
                unit.session.exec(
                    select(RuleHitTable.message_id).where(
                        RuleHitTable.rule_id == rule_id, col(RuleHitTable.message_id).in_(message_ids)
                    )
                )
            )
            for number in message_ids:
                if number not in known:
                    raise InvalidInput(
                        _("Rule {id} did not apply to message {message}.").format(id=rule_id, message=number),
                        _("`smm-tui rule show {id}` tells what it applied to.").format(id=rule_id),
                        field="message",
                    )
            left = [] if right else self._take_back(unit, row, sorted(known))
            message = ngettext("Judged {count} message.", "Judged {count} messages.", len(known)).format(
                count=len(known)
            )
            receipt = self._done(unit, row, "judge", _with_left(message, left), right=right)
            unit.connection.exec_driver_sql(
                "UPDATE rule_hit SET judged = ? WHERE rule_id = ? AND message_id = ?",
                [(right, rule_id, number) for number in known],
            )
            return receipt

    def undo(self, rule_id: int) -> Receipt:
        """Take back all that a rule did and no person confirmed: messages come back into the queue, and are shown
        again on the network where it has them hidden."""
        with self._db.unit() as unit:
            row = self._row(unit, rule_id)
            numbers = unit.session.exec(
                select(RuleHitTable.message_id)
                .where(RuleHitTable.rule_id == rule_id, col(RuleHitTable.judged).is_not(True))
                .order_by(col(RuleHitTable.message_id))
            ).all()
            left = self._take_back(unit, row, numbers)
            count = len(numbers) - len(left)
            message = ngettext(
                "Took back what rule {id} did to {count} message.",
                "Took back what rule {id} did to {count} messages.",
                count,
            ).format(id=rule_id, count=count)
            done = self._done(unit, row, "undo", _with_left(message, left))
            return Receipt(done.message, count, done.undo, tuple(numbers))

    def _take_back(self, unit: UnitOfWork, rule: RuleTable, numbers: Sequence[int]) -> list[str]:
        """Take back what a rule did to these messages; why it could not, for each where it could not."""
        told = rule_of(rule.id or 0, rule.conditions, rule.actions).outcomes
        left = []
        for number in numbers:
            row = unit.session.get_one(MessageTable, number)
            try:
                if row.handled_by == actor_of(rule.id or 0):
                    self._withdraw(unit, rule.id or 0, number)
            except Conflict as error:
                left.append(error.message)
                continue
            if row.handled_by == actor_of(rule.id or 0):
                row.state, row.handled_at, row.handled_by = MessageState.NEW, None, ""
            kept = [label for label in row.labels if Outcome("label", label) not in told]
            if kept != row.labels:
                row.labels = kept
            if Outcome("assign", row.assigned_to) in told:
                row.assigned_to = ""
            if unit.session.is_modified(row):
                row.version += 1
        return left

    def _withdraw(self, unit: UnitOfWork, rule_id: int, message_id: int) -> None:
        queued = unit.session.exec(
            select(ActionTable).where(
                ActionTable.rule_id == rule_id,
                ActionTable.message_id == message_id,
                col(ActionTable.inverse_of).is_(None),
                ActionTable.state != ActionState.CANCELLED,
            )
        ).all()
        for action in queued:
            actions.set_wanted(self._db, unit, action.id or 0, wanted=False, actor=self._actor)
            unit.want(action.id or 0, before=True, after=False)

    def _read(self, draft: RuleDraft) -> tuple[tuple[Condition, ...], tuple[Outcome, ...]]:
        asked, done = conditions.parse_all(draft.conditions), outcomes.parse_all(draft.actions)
        accounts = account_reads.of_project(self._db, draft.project_id)
        handles = {row.handle.removeprefix("@").lower() for row in accounts} | {str(row.id) for row in accounts}
        for condition in asked:
            for name in condition.values if condition.name == "account" else ():
                if name not in handles:
                    raise InvalidInput(
                        _("There is no account “{name}” here.").format(name=name),
                        _("There are: {names}.").format(names=", ".join(row.handle for row in accounts) or "-"),
                        field="conditions",
                    )
        replies = reads.saved_reply_names(self._db, draft.project_id)
        for outcome in done:
            if outcome.name == "reply" and outcome.value not in replies:
                raise InvalidInput(
                    _("There is no saved reply “{name}”.").format(name=outcome.value),
                    _("There are: {names}.").format(names=inert(", ".join(replies)) or "-"),
                    field="actions",
                )
        return asked, done

    def _row(self, unit: UnitOfWork, rule_id: int) -> RuleTable:
        row = unit.session.get(RuleTable, rule_id)
        if row is None or row.removed_at is not None:
            self.get(rule_id)
            raise AssertionError("a removed rule was found")
        return row

    def _done(self, unit: UnitOfWork, row: RuleTable, verb: str, message: str, **details: object) -> Receipt:
        unit.audit(f"rule.{verb}", "rule", row.id, message, actor=self._actor, project_id=row.project_id, **details)
        undo = unit.undoable(message, actor=self._actor, project_id=row.project_id)
        return Receipt(message, undo=undo, ids=(row.id or 0,))


def _with_left(message: str, left: Sequence[str]) -> str:
    if not left:
        return message
    return f"{message} " + _("{count} left: {reason}").format(count=len(left), reason=left[0])


def _name(text: str) -> str:
    name = " ".join(inert(text).split())
    if not name or len(name) > NAME_LIMIT:
        raise InvalidInput(
            _("“{text}” is no name for a rule.").format(text=clip(name, 40)),
            _("Use up to {count} visible characters.").format(count=NAME_LIMIT),
            field="name",
        )
    return name
