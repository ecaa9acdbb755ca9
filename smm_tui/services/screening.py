"""Armed rules on what comes in: what they do is done in the transaction that stores the messages."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlmodel import col, func, select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.tables import MessageTable, RuleHitTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.inert import clip
from smm_tui.domain.rules.matcher import Hit, Rule
from smm_tui.domain.rules.outcomes import STRICTEST_FIRST
from smm_tui.domain.states import MessageState
from smm_tui.i18n import _
from smm_tui.networks.community import Verb
from smm_tui.services import actions
from smm_tui.services.examination import Examination, Examined, by_ids, rule_of
from smm_tui.services.inbox_queries import possible
from smm_tui.services.verdicts import actor_of

log = logging.getLogger(__name__)

SAMPLED = 10
"""One in so many hits of a rule is put before a person."""
STATES = {
    "hide": MessageState.HIDDEN,
    "hold": MessageState.HELD,
    "flag": MessageState.FLAGGED,
    "close": MessageState.CLOSED,
}
_STRICTNESS = {STATES[name]: len(STRICTEST_FIRST) - rank for rank, name in enumerate(STRICTEST_FIRST)}
_UNSETTLED = (MessageState.NEW, MessageState.SNOOZED, MessageState.FLAGGED, MessageState.HELD)
_WHY = 500

_Signature = tuple[tuple[Any, ...], ...]


class Screening:
    """The armed rules of a workspace, made ready once for as long as nobody changes them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._signature: _Signature = ()
        self._examination = Examination([])
        self._rules: dict[int, Rule] = {}
        self._hits: dict[int, int] = {}

    def screen(self, unit: UnitOfWork, fresh: Sequence[int], edited: Sequence[int] = ()) -> int:
        """Score these messages and do what armed rules say; how many a rule applied to. `edited`: those that were
        screened before and have another text now; rules that applied to them already do not act again."""

        def fetch(sql: str, values: Sequence[Any]) -> Any:
            return unit.connection.exec_driver_sql(sql, tuple(values))

        self._prepare(unit)
        batch = by_ids(fetch, fresh) if fresh else []
        again = by_ids(fetch, edited) if edited else []
        try:
            examined = self._examination.examine(fetch, batch)
        except OperationalError:
            raise
        except Exception:  # one message that cannot be read does not stop the rest
            log.exception("messages are screened one by one")
            examined, again = [], [*batch, *again]
        for message in again:
            try:
                examined.append(self._examination.again(fetch, message))
            except OperationalError:
                raise
            except Exception:
                log.exception("message %s is not screened", message.id)
        scores = [(one.spam.score, one.message.id) for one in examined if one.spam is not None]
        if scores:
            unit.connection.exec_driver_sql("UPDATE message SET spam_score = ? WHERE id = ?", scores)
        caught = [one for one in examined if one.hits]
        for one in caught:
            self._apply(unit, one)
        return len(caught)

    def _prepare(self, unit: UnitOfWork) -> None:
        rows = unit.connection.exec_driver_sql(
            "SELECT id, project_id, conditions, actions, armed_at FROM rule "
            "WHERE armed_at IS NOT NULL AND removed_at IS NULL ORDER BY position, id"
        )
        signature = tuple(map(tuple, rows))
        if signature == self._signature:
            return
        rules = [
            (project_id, rule_of(rule_id, json.loads(asked), json.loads(done)))
            for rule_id, project_id, asked, done, _armed_at in signature
        ]
        self._examination = Examination(rules)
        self._rules = {rule.id: rule for _project_id, rule in rules}
        self._hits.clear()
        self._signature = signature

    def _apply(self, unit: UnitOfWork, one: Examined) -> None:
        known = set(unit.session.exec(select(RuleHitTable.rule_id).where(RuleHitTable.message_id == one.message.id)))
        new = [hit for hit in one.hits if hit.rule_id not in known]
        row = unit.session.get_one(MessageTable, one.message.id, populate_existing=True)
        account = account_reads.account(self._db, row.account_id)
        for hit in new:
            why = clip(hit.why, _WHY)
            if row.state in _UNSETTLED and account is not None:
                cannot = self._act(unit, row, account, hit)
                why = f"{why}; {cannot}" if cannot else why
            unit.session.add(
                RuleHitTable(
                    rule_id=hit.rule_id,
                    message_id=row.id or 0,
                    at=unit.now,
                    why=why,
                    sampled=self._sampled(unit, hit),
                )
            )
        unit.session.flush()

    def _sampled(self, unit: UnitOfWork, hit: Hit) -> bool:
        if hit.rule_id not in self._hits:
            counting = select(func.count(col(RuleHitTable.id))).where(RuleHitTable.rule_id == hit.rule_id)
            self._hits[hit.rule_id] = unit.session.exec(counting).one()
        self._hits[hit.rule_id] += 1
        return self._hits[hit.rule_id] % SAMPLED == 1

    def _act(self, unit: UnitOfWork, row: MessageTable, account: AccountRow, hit: Hit) -> str:
        """Do what a rule says; a sentence when the account cannot."""
        cannot = ""
        actor = actor_of(hit.rule_id)
        done: list[str] = []
        for outcome in self._rules[hit.rule_id].outcomes:
            name = outcome.name
            if name == "label" and outcome.value not in row.labels:
                row.labels = [*row.labels, outcome.value]
            elif name == "assign" and not row.assigned_to:
                row.assigned_to = outcome.value
            elif name in STATES:
                state = STATES[name]
                can = possible(account, row.kind, Verb.HIDE) if name == "hide" else None
                if can is not None and not can.yes:
                    state, cannot = MessageState.HELD, can.why
                if _STRICTNESS.get(MessageState(row.state), 0) >= _STRICTNESS[state]:
                    continue
                row.state, row.handled_by, row.snoozed_until = state, actor, None
                row.handled_at = unit.now if state in (MessageState.HIDDEN, MessageState.CLOSED) else None
                if state is MessageState.HIDDEN:
                    actions.queue(
                        unit,
                        row,
                        account.network,
                        Verb.HIDE,
                        actor=actor,
                        not_before=unit.now,
                        reason=clip(hit.why, _WHY),
                        rule_id=hit.rule_id,
                    )
            else:
                continue
            done.append(str(outcome))
        if done:
            row.version += 1
            summary = _("{what}: {why}").format(what=", ".join(done), why=clip(hit.why, 200))
            unit.audit("message.rule", "message", row.id, summary, actor=actor, project_id=row.project_id)
        return cannot
