"""Commands on whole campaigns: submit, approve, launch, pause, resume, stop. What is wanted is written down here; the
worker brings it about on the network (services/ad_ledger.py, workers/ads.py)."""

from __future__ import annotations

from collections.abc import Container, Sequence

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.tables import AdAlarmTable, AdSetTable, CampaignTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import money
from smm_tui.domain.errors import Conflict, InvalidInput
from smm_tui.domain.states import CampaignState, Wanted
from smm_tui.i18n import _, ngettext
from smm_tui.services import ad_preflight, campaign_tree, guard
from smm_tui.services.campaign_parts import CampaignParts
from smm_tui.services.campaign_tree import Tree
from smm_tui.services.guard import Guard
from smm_tui.services.preflight import Problem
from smm_tui.services.receipt import Receipt


class CampaignService(CampaignParts):
    """Commands on campaigns."""

    def __init__(self, db: Database, actor: str, watch: Guard) -> None:
        """`watch`: the wrong-client guard."""
        super().__init__(db, actor)
        self._guard = watch

    def problems(self, campaign_id: int) -> list[Problem]:
        """What would go wrong if it were launched as it is, the blocking ones first; no network is asked."""
        with self._db.unit() as unit:
            return self._problems(campaign_tree.load(unit, campaign_id), unit.now)

    def submit(self, campaign_id: int) -> Receipt:
        """Ask for approval. Refused while something would go wrong."""
        with self._db.unit() as unit:
            tree = self._sound(unit, campaign_id)
            row = tree.campaign
            if tree.approved:
                return Receipt(_("{name} is approved already.").format(name=row.name), 0, ids=(campaign_id,))
            row.submitted_at = unit.now
            return self._told(
                unit, row, "submit", _("{name} is submitted: it waits for approval.").format(name=row.name)
            )

    def approve(self, campaign_id: int, *, let_pass: Container[str] = ()) -> Receipt:
        """Approve creative, audience, money and dates, exactly as they are now.

        WrongClient where an ad looks like another client's, but for the sentences that a person saw and lets pass.
        """
        with self._db.unit() as unit:
            tree = self._sound(unit, campaign_id)
            row = tree.campaign
            self._ask_guard(unit, tree, let_pass)
            if tree.approved:
                return Receipt(_("{name} is approved already.").format(name=row.name), 0, ids=(campaign_id,))
            row.submitted_at = row.submitted_at or unit.now
            row.approved_hash = tree.digest()
            row.approved_at, row.approved_by, row.approved_cap = unit.now, self._actor, row.cap
            message = _("Approved {name}: at most {cap}.").format(
                name=row.name, cap=money.shown(row.cap, row.currency)
            )
            return self._told(unit, row, "approve", message)

    def launch(self, campaign_id: int) -> Receipt:
        """Let an approved campaign be built, paused, and started at its time."""
        with self._db.unit() as unit:
            tree = self._sound(unit, campaign_id)
            row = tree.campaign
            self._ensure_approved(tree)
            if row.wanted == Wanted.RUNNING:
                return Receipt(_("{name} is launched already.").format(name=row.name), 0, ids=(campaign_id,))
            row.wanted, row.stopped_reason = Wanted.RUNNING, ""
            return self._told(unit, row, "launch", _("{name} is scheduled for launch.").format(name=row.name))

    def pause(self, campaign_id: int) -> Receipt:
        """Let it stand still. One that was not launched yet goes back to approved."""
        with self._db.unit() as unit:
            row = self._open(unit, campaign_id)
            if row.wanted != Wanted.RUNNING:
                return Receipt(_("{name} does not run.").format(name=row.name), 0, ids=(campaign_id,))
            row.wanted = Wanted.NOTHING if row.launched_at is None else Wanted.PAUSED
            message = _("{name} is not launched any more.") if row.launched_at is None else _("Pausing {name}.")
            return self._told(unit, row, "pause", message.format(name=row.name))

    def resume(self, campaign_id: int) -> Receipt:
        """Let it go on. What changed since its approval must be approved first."""
        with self._db.unit() as unit:
            tree = self._sound(unit, campaign_id)
            row = tree.campaign
            if row.wanted == Wanted.RUNNING:
                return Receipt(_("{name} runs already.").format(name=row.name), 0, ids=(campaign_id,))
            self._ensure_approved(tree)
            row.wanted, row.stopped_reason = Wanted.RUNNING, ""
            return self._told(unit, row, "resume", _("Resuming {name}.").format(name=row.name))

    def stop(self, campaign_id: int) -> Receipt:
        """End it for good; its figures stay. Until the network has ended it, undo takes that back."""
        with self._db.unit() as unit:
            row = campaign_tree.row(unit, campaign_id)
            if row.wanted == Wanted.ENDED or row.state == CampaignState.ENDED:
                return Receipt(_("{name} has ended already.").format(name=row.name), 0, ids=(campaign_id,))
            row.wanted = Wanted.ENDED
            return self._told(unit, row, "stop", _("Ending {name}.").format(name=row.name))

    def look_now(self, campaign_ids: Sequence[int]) -> None:
        """Let the worker look at campaigns at once, whenever their turn would be."""
        with self._db.unit() as unit:
            for campaign_id in campaign_ids:
                row = campaign_tree.row(unit, campaign_id)
                if row.remote_id or row.wanted:
                    row.due_at = unit.now

    def settle_alarm(self, alarm_id: int) -> Receipt:
        """A person saw it."""
        with self._db.unit() as unit:
            alarm = unit.session.exec(
                select(AdAlarmTable).where(AdAlarmTable.id == alarm_id, col(AdAlarmTable.settled_at).is_(None))
            ).first()
            if alarm is None:
                raise InvalidInput(
                    _("There is no such alarm, or it is settled."),
                    _("`smm-tui ads alarms` shows them."),
                    field="alarm",
                )
            alarm.settled_at = unit.now
            row = campaign_tree.row(unit, alarm.campaign_id)
            return self._told(unit, row, "alarm.settle", _("Settled: {message}").format(message=alarm.message))

    def accept(self, alarm_id: int) -> Receipt:
        """Take a proposal: the budgets change by so much, and wait for approval; the alarm is settled."""
        with self._db.unit() as unit:
            alarm = unit.session.get(AdAlarmTable, alarm_id)
            change = 0 if alarm is None or alarm.proposal is None else int(alarm.proposal.get("change_percent", 0))
            if alarm is None or alarm.settled_at is not None or not change:
                raise InvalidInput(
                    _("That alarm proposes nothing, or it is settled."),
                    _("`smm-tui ads alarms` shows them."),
                    field="alarm",
                )
            alarm.settled_at = unit.now
            row = self._open(unit, alarm.campaign_id)
            things: list[CampaignTable | AdSetTable] = [row, *campaign_tree.load(unit, alarm.campaign_id).sets]
            for thing in things:
                for field in ("budget_daily", "budget_total"):
                    amount = getattr(thing, field)
                    if amount is not None:
                        setattr(thing, field, max(1, amount * (100 + change) // 100))
            return self._changed(unit, row, _("The budget of {name} is changed.").format(name=row.name))

    def _ask_guard(self, unit: UnitOfWork, tree: Tree, let_pass: Container[str]) -> None:
        self._guard.refresh()
        project = tree.campaign.project_id
        found = []
        for ad, said in tree.said():
            verdict = self._guard.examine(project, said)
            if verdict and not guard.covered(unit, guard.AD, ad.id or 0, verdict):
                found.append((ad, verdict))
        told = [sentence for _ad, verdict in found for sentence in verdict.sentences]
        if any(sentence not in let_pass for sentence in told):
            raise guard.refusal(told)
        for ad, verdict in found:
            guard.pass_through(unit, project, guard.AD, ad.id or 0, verdict, actor=self._actor)

    def _sound(self, unit: UnitOfWork, campaign_id: int) -> Tree:
        """The campaign, when nothing stands in its way."""
        self._open(unit, campaign_id)
        tree = campaign_tree.load(unit, campaign_id)
        blocking = [problem for problem in self._problems(tree, unit.now) if problem.blocking]
        if blocking:
            first = blocking[0]
            more = len(blocking) - 1
            rest = (
                "" if not more else " " + ngettext("And {count} more.", "And {count} more.", more).format(count=more)
            )
            raise InvalidInput(first.message + rest, first.hint, field=first.field)
        return tree

    def _problems(self, tree: Tree, now: int) -> list[Problem]:
        account = account_reads.account(self._db, tree.campaign.account_id)
        project = project_reads.project(self._db, tree.campaign.project_id)
        if account is None or project is None:
            raise Conflict(_("Its account is gone."), _("Look at the accounts of this client."))
        return ad_preflight.check(tree, account, project.country, now)

    @staticmethod
    def _ensure_approved(tree: Tree) -> None:
        if tree.approved:
            return
        row = tree.campaign
        changed = row.approved_hash is not None
        sentence = _("{name} changed since it was approved.") if changed else _("{name} is not approved.")
        raise InvalidInput(
            sentence.format(name=row.name),
            _("Look at it and approve it: `smm-tui ads approve {id}`.").format(id=row.id),
            field="approval",
        )

    def _told(self, unit: UnitOfWork, row: CampaignTable, verb: str, message: str) -> Receipt:
        row.version += 1
        return self._done(unit, row, f"ads.{verb}", message)
