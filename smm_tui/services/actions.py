"""Replies and verdicts as rows: how they are queued, and how they are taken back, inside a unit of work."""

from __future__ import annotations

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.tables import ActionTable, MessageTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import Conflict
from smm_tui.domain.states import ActionState
from smm_tui.i18n import _
from smm_tui.networks import registry
from smm_tui.services.inbox_queries import InboxQueries, inverse_of, possible

PENDING = (ActionState.HELD, ActionState.SENDING, ActionState.UNKNOWN)
"""What may still reach the network, or may have reached it."""


def queue(
    unit: UnitOfWork,
    message: MessageTable,
    network: str,
    verb: str,
    *,
    actor: str,
    not_before: Instant,
    text: str = "",
    until: Instant | None = None,
    reason: str = "",
    rule_id: int | None = None,
    inverse: int | None = None,
    account_id: int | None = None,
) -> ActionTable:
    """Write an intent; it leaves at `not_before` at the earliest. `inverse`: the action that it takes back."""
    row = ActionTable(
        account_id=message.account_id if account_id is None else account_id,
        message_id=message.id or 0,
        verb=verb,
        identity=registry.spec(network).new_identity(),
        text=text,
        until=until,
        reason=reason,
        actor=actor,
        rule_id=rule_id,
        inverse_of=inverse,
        not_before=not_before,
        created_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def pending(unit: UnitOfWork, message_id: int, verb: str) -> ActionTable | None:
    """The newest action of a verb on a message that is not settled yet."""
    return unit.session.exec(
        select(ActionTable)
        .where(ActionTable.message_id == message_id, ActionTable.verb == verb, col(ActionTable.state).in_(PENDING))
        .order_by(col(ActionTable.id).desc())
    ).first()


def set_wanted(db: Database, unit: UnitOfWork, action_id: int, *, wanted: bool, actor: str) -> None:
    """Bring an action into force on its network, or out of it, as cheaply as possible.

    What has not left is cancelled; what has left is answered by its inverse, which may itself be answered later: the
    chain of them ends in what is in force. Raises Conflict where the network has no way back, or while it leaves.
    """
    chain = _chain(unit, action_id)
    standing = [row for row in chain if row.state != ActionState.CANCELLED]
    in_force = bool(standing) and (chain.index(standing[-1]) % 2 == 0)
    if in_force == wanted:
        return
    if not standing:
        _begin_anew(unit, chain[0], unit.now + InboxQueries(db).hold())
        return
    last = standing[-1]
    if last.state in (ActionState.HELD, ActionState.FAILED):
        last.state = ActionState.CANCELLED
        unit.session.flush()
        return
    if last.state != ActionState.DONE:
        raise Conflict(
            _("It is on its way to the network, or it is not known whether it arrived."),
            _("Wait for its end; `smm-tui inbox show` tells it."),
        )
    _queue_inverse(db, unit, last, actor)


def _queue_inverse(db: Database, unit: UnitOfWork, last: ActionTable, actor: str) -> None:
    message = unit.session.get_one(MessageTable, last.message_id)
    account = account_reads.account(db, last.account_id)
    verb = inverse_of(last.verb)
    can = None if account is None or verb is None else possible(account, message.kind, verb)
    if account is None or verb is None or can is None or not can.yes:
        raise Conflict(
            _("{network} lets nobody take that back.").format(network=account.network if account else "")
            if can is None or not can.why
            else can.why,
            _("It has left already."),
        )
    forward = None
    if last.inverse_of is not None:  # doing again what the action before took back
        forward = unit.session.get_one(ActionTable, last.inverse_of)
    queue(
        unit,
        message,
        account.network,
        verb,
        actor=actor,
        not_before=unit.now,
        text=forward.text if forward else "",
        until=forward.until if forward else None,
        reason=forward.reason if forward else "",
        inverse=last.id,
        account_id=last.account_id,
    )


def _chain(unit: UnitOfWork, action_id: int) -> list[ActionTable]:
    """An action, what takes it back, what takes that back, and so on; of several tries at one step the newest."""
    chain = [unit.session.get_one(ActionTable, action_id)]
    while True:
        following = unit.session.exec(
            select(ActionTable)
            .where(ActionTable.inverse_of == chain[-1].id, ActionTable.state != ActionState.CANCELLED)
            .order_by(col(ActionTable.id).desc())
        ).first()
        if following is None:
            return chain
        chain.append(following)


def _begin_anew(unit: UnitOfWork, row: ActionTable, not_before: Instant) -> None:
    row.state = ActionState.HELD
    row.not_before, row.next_try_at, row.tries, row.wire = not_before, None, 0, None
    row.error_kind = row.error_message = row.error_hint = ""
    unit.session.flush()
