"""The outbox: the only code that moves a reply or a verdict from *held* to its end.

The discipline is the ledger's (docs/adr/0003): each method is one short transaction, an attempt is committed before
its request leaves, and what a crash leaves is enough to go on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.tables import (
    AccountTable,
    ActionAttemptTable,
    ActionTable,
    AuthorTable,
    BanTable,
    MessageTable,
)
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.clock import DAY, MINUTE, Instant
from smm_tui.domain.errors import AuthExpired, NetworkError, RateLimited, SmmError, WrongClient
from smm_tui.domain.inert import inert
from smm_tui.domain.states import AccountState, ActionState, MessageState
from smm_tui.i18n import _
from smm_tui.networks import registry
from smm_tui.networks.community import Item, Verb
from smm_tui.networks.ports import JSON, Capability, RemoteRef
from smm_tui.services import actions, guard
from smm_tui.services.guard import Guard
from smm_tui.services.inbox import RESULT
from smm_tui.services.inbox_queries import REPLY, TERMS, UNREPLY, inverse_of
from smm_tui.services.items import ANSWERED_ELSEWHERE, item_of, key_of

LEASE: Instant = 2 * MINUTE
"""A claimed action whose worker was not heard of for so long is taken to be in doubt."""
ACTOR = "worker"
_LIFTS = {str(inverse_of(verb)): str(verb) for verb in TERMS}


@dataclass(slots=True)
class ActionJob:
    """A claimed action with all that carrying it out needs."""

    id: int
    verb: str
    identity: str
    text: str
    until: Instant | None
    reason: str
    state: str
    wire: JSON | None
    tries: int
    sends: int
    first_sent_at: Instant | None
    last_sent_at: Instant | None
    account: AccountRow
    item: Item
    ref: RemoteRef | None  # of the answer that is to be taken back
    insists: bool  # a person saw that somebody else had answered, and wants it sent all the same


class Outbox:
    """The states of actions and their attempts."""

    def __init__(self, db: Database, owner: str, watch: Guard) -> None:
        """`watch`: the wrong-client guard."""
        self._db = db
        self._owner = owner
        self._guard = watch

    # Claiming

    def due(self) -> dict[int, list[int]]:
        """What may be worked on now: action ids by account, in the order they were given."""
        found: dict[int, list[int]] = {}
        for account_id, action_id in self._db.rows(
            lambda account_id, action_id: (account_id, action_id),
            f"SELECT c.account_id, c.id {_WORK} AND {_READY} ORDER BY c.id",
            {"now": self._db.clock()},
        ):
            found.setdefault(account_id, []).append(action_id)
        return found

    def next_due(self) -> Instant | None:
        """When there will be something to do; None when nothing waits."""
        value = self._db.value(f"SELECT min({_AT}) {_WORK}")
        return None if value is None else int(value)

    def waiting(self) -> int:
        """Actions that only a person can settle."""
        return int(
            self._db.value(
                "SELECT count(*) FROM action WHERE state = 'failed' OR (state = 'unknown' AND next_try_at IS NULL)"
            )
        )

    def claim(self, action_id: int) -> ActionJob | None:
        """Take an action for this worker; None when it is no longer to be done now, or somebody else has it."""
        with self._db.unit() as unit:
            ready = unit.connection.exec_driver_sql(
                f"SELECT c.id {_WORK} AND {_READY} AND c.id = :id",
                {"now": unit.now, "id": action_id},
            ).first()
            account = None
            if ready is not None:
                row = unit.session.get_one(ActionTable, action_id)
                account = account_reads.account(self._db, row.account_id)
            if account is None:
                return None
            message = unit.session.get_one(MessageTable, row.message_id)
            if row.verb == REPLY and row.first_sent_at is None and self._stopped(unit, row, message):
                return None
            row.lease_owner, row.lease_until = self._owner, unit.now + LEASE
            author = None if message.author_id is None else unit.session.get(AuthorTable, message.author_id)
            sends = unit.session.exec(
                select(ActionAttemptTable)
                .where(ActionAttemptTable.action_id == action_id, ActionAttemptTable.what == "send")
                .order_by(col(ActionAttemptTable.id))
            ).all()
            return ActionJob(
                action_id,
                row.verb,
                row.identity,
                row.text,
                row.until,
                row.reason,
                row.state,
                row.wire,
                row.tries,
                len(sends),
                row.first_sent_at,
                (sends[-1].ended_at or sends[-1].started_at) if sends else None,
                account,
                item_of(message, author),
                self._taken_back(unit, row),
                row.error_kind == ANSWERED_ELSEWHERE,
            )

    def _stopped(self, unit: UnitOfWork, row: ActionTable, message: MessageTable) -> bool:
        """Whether an answer looks like another client's and nobody let it pass: it comes back to a person."""
        verdict = guard.examine_answer(self._guard, unit, message, row.text)
        if not verdict or guard.covered(unit, guard.ACTION, row.id or 0, verdict):
            return False
        row.state, row.next_try_at = ActionState.FAILED, None
        row.error_kind, row.error_message = WrongClient.kind, " ".join(verdict.sentences)
        row.error_hint = _("Write another answer, or send this one all the same, deliberately.")
        self._back_into_queue(row, message)
        self._leave(unit, row, message, "action.stopped", row.error_message)
        return True

    @staticmethod
    def _taken_back(unit: UnitOfWork, row: ActionTable) -> RemoteRef | None:
        if row.verb != UNREPLY or row.inverse_of is None:
            return None
        answer = unit.session.get_one(ActionTable, row.inverse_of)
        return RemoteRef(answer.remote_id, answer.remote_url, answer.remote_extra)

    # Around a call

    def begin(self, job: ActionJob, wire: JSON | None = None) -> int | None:
        """Commit that an attempt begins, with the exact request; its number. None: it must not be made any more."""
        with self._db.unit() as unit:
            row = unit.session.get_one(ActionTable, job.id)
            open_ = row.state in (ActionState.HELD, ActionState.SENDING, ActionState.UNKNOWN)
            if row.lease_owner != self._owner or not open_:
                return None
            row.state = job.state = ActionState.SENDING
            row.wire = job.wire = wire
            row.lease_until = unit.now + LEASE
            row.first_sent_at = job.first_sent_at = row.first_sent_at or unit.now
            job.last_sent_at = unit.now
            job.sends += 1
            attempt = self._attempt(unit, job, "send")
            unit.session.flush()
            return attempt.id

    def note(self, job: ActionJob, what: str, outcome: str, answer: str = "", status: int = 0) -> None:
        """Write down a look that changed nothing."""
        with self._db.unit() as unit:
            attempt = self._attempt(unit, job, what)
            attempt.ended_at, attempt.outcome, attempt.answer, attempt.status = unit.now, outcome, answer, status

    def in_doubt(self, job: ActionJob, attempt_id: int, error: SmmError) -> None:
        """The attempt may have been executed: it stays *sending* until it is settled."""
        with self._db.unit() as unit:
            attempt = self._ended(unit, job, attempt_id, "send", "ambiguous")
            attempt.answer, attempt.status = inert(error.message), getattr(error, "status", 0)
            job.last_sent_at = unit.now

    # How a claimed action is left

    def done(self, job: ActionJob, ref: RemoteRef | None, attempt_id: int | None, what: str) -> None:
        """The network has it."""
        with self._db.unit() as unit:
            attempt = self._ended(unit, job, attempt_id, what, "done")
            row = unit.session.get_one(ActionTable, job.id)
            row.state = job.state = ActionState.DONE
            row.done_at, row.next_try_at = unit.now, None
            row.error_kind = row.error_message = row.error_hint = ""
            if ref is not None:
                attempt.answer = f"{ref.id} {ref.url} {dict(ref.extra)}"
                row.remote_id, row.remote_url, row.remote_extra = ref.id, ref.url, dict(ref.extra)
            message = unit.session.get_one(MessageTable, row.message_id)
            if row.verb == REPLY and ref is not None:
                self._keep_own(unit, row, message, ref)
            if row.verb == UNREPLY and job.ref is not None:
                self._lose_own(unit, row, job.ref)
            self._keep_ban(unit, row, message, job.account)
            where = f" {row.remote_url}" if row.remote_url else ""
            told = _("{verb} reached {handle}.").format(verb=row.verb, handle=job.account.handle) + where
            self._leave(unit, row, message, "action.done", told)

    def later(self, job: ActionJob, error: NetworkError, wait: Instant, attempt_id: int | None = None) -> None:
        """Certainly not executed: again after `wait`; a rate limit stops the whole account so long."""
        with self._db.unit() as unit:
            attempt = self._ended(unit, job, attempt_id, "send" if attempt_id else "prepare", error.kind)
            attempt.answer, attempt.status = inert(error.message), error.status
            row = unit.session.get_one(ActionTable, job.id)
            if row.state != ActionState.CANCELLED:
                row.state = job.state = ActionState.HELD
            row.next_try_at = unit.now + wait
            row.tries += 1
            self._show(row, error)
            if job.insists:
                row.error_kind = ANSWERED_ELSEWHERE
            if isinstance(error, (RateLimited, AuthExpired)):
                account = unit.session.get_one(AccountTable, row.account_id)
                if isinstance(error, AuthExpired):
                    account.state, account.state_reason = AccountState.AUTH, inert(error.message)
                    account.version += 1
                else:
                    account.blocked_until = max(account.blocked_until or 0, unit.now + wait)
            row.lease_owner = row.lease_until = None

    def failed(self, job: ActionJob, error: SmmError, attempt_id: int | None = None) -> None:
        """Not executed, and never will be by itself: the message comes back into the queue, and a person decides."""
        with self._db.unit() as unit:
            attempt = self._ended(unit, job, attempt_id, "send" if attempt_id else "prepare", error.kind)
            attempt.answer, attempt.status = inert(error.message), getattr(error, "status", 0)
            row = unit.session.get_one(ActionTable, job.id)
            row.state = job.state = ActionState.FAILED
            row.next_try_at = None
            self._show(row, error)
            message = unit.session.get_one(MessageTable, row.message_id)
            self._back_into_queue(row, message)
            self._leave(unit, row, message, "action.failed", row.error_message)

    def doubt(self, job: ActionJob, error: SmmError | None, wait: Instant | None, message: str) -> None:
        """It may be there: read back again after `wait`; None: only a person can tell."""
        with self._db.unit() as unit:
            row = unit.session.get_one(ActionTable, job.id)
            row.state = job.state = ActionState.UNKNOWN
            row.next_try_at = None if wait is None else unit.now + wait
            row.tries += 1
            row.error_kind = "ambiguous" if error is None else error.kind
            row.error_message = inert(message)
            row.error_hint = _("Look on the network: is it there? Then say so, or send it again.")
            of = unit.session.get_one(MessageTable, row.message_id)
            if isinstance(error, AuthExpired):
                account = unit.session.get_one(AccountTable, row.account_id)
                account.state, account.state_reason = AccountState.AUTH, inert(error.message)
                account.version += 1
            row.lease_owner = row.lease_until = None
            if wait is None:
                self._leave(unit, row, of, "action.unknown", row.error_message)

    def answered_elsewhere(self, job: ActionJob, answers: list[Item]) -> None:
        """Somebody else answered in the account's name: nothing is sent, and a person sees both."""
        with self._db.unit() as unit:
            row = unit.session.get_one(ActionTable, job.id)
            message = unit.session.get_one(MessageTable, row.message_id)
            for answer in answers:
                self._insert_own(
                    unit, message, key_of(answer.kind, answer.id), answer.text, answer.url, answer.created_at
                )
            row.state = job.state = ActionState.FAILED
            row.error_kind = ANSWERED_ELSEWHERE
            row.error_message = _("Somebody else answered meanwhile: “{text}”").format(text=inert(answers[-1].text))
            row.error_hint = _("Send yours as well, or drop it.")
            self._back_into_queue(row, message)
            self._leave(unit, row, message, "action.stopped", row.error_message)

    # What is known of an answer's surroundings

    def own_ids(self, job: ActionJob) -> frozenset[str]:
        """Ids of own answers that were known when this one was written: those sent from here, and those read."""
        return frozenset(
            self._db.rows(
                str,
                """
                SELECT remote_id FROM action WHERE account_id = :account AND verb = 'reply' AND remote_id != ''
                    AND id != :action
                UNION
                SELECT o.remote_id FROM action c JOIN message o ON o.account_id = c.account_id AND o.own
                    AND o.parent_remote_id IN (:parent, :above) AND o.received_at <= c.created_at WHERE c.id = :action
                UNION
                SELECT substr(o.remote_id, length('message:') + 1) FROM action c
                    JOIN message m ON m.id = c.message_id AND m.kind = 'message'
                    JOIN message o ON o.account_id = m.account_id AND o.thread_id = m.thread_id AND o.own
                        AND o.received_at <= c.created_at
                WHERE c.id = :action
                """,
                {
                    "account": job.account.id,
                    "action": job.id,
                    "parent": job.item.id,
                    "above": job.item.parent_id or job.item.id,
                },
            )
        )

    def taken(self, job: ActionJob) -> frozenset[str]:
        """Remote ids that belong to other answers of this account."""
        since = (job.first_sent_at or self._db.clock()) - DAY
        return frozenset(
            self._db.rows(
                str,
                "SELECT remote_id FROM action WHERE account_id = ? AND remote_id != '' AND id != ? AND done_at >= ? "
                "UNION SELECT i.remote_id FROM intent i JOIN delivery d ON d.id = i.delivery_id "
                "WHERE d.account_id = ? AND i.remote_id != '' AND i.done_at >= ?",
                (job.account.id, job.id, since, job.account.id, since),
            )
        )

    # Parts

    def _keep_own(self, unit: UnitOfWork, row: ActionTable, message: MessageTable, ref: RemoteRef) -> None:
        if ref.id:
            key = key_of(message.kind if message.kind == "message" else "comment", ref.id)
            self._insert_own(unit, message, key, row.text, ref.url, unit.now)

    def _insert_own(
        self, unit: UnitOfWork, message: MessageTable, key: str, text: str, url: str, created_at: Instant
    ) -> None:
        unit.connection.exec_driver_sql(
            """
            INSERT INTO message (project_id, account_id, remote_id, kind, own, text, language, url, post_remote_id,
                delivery_id, parent_remote_id, thread_id, attachments, extra, created_at, received_at, state,
                handled_by, assigned_to, labels, liked, version)
            VALUES (?, ?, ?, ?, 1, ?, '', ?, ?, ?, ?, ?, '[]', ?, ?, ?, 'closed', ?, '', '[]', 0, 1)
            ON CONFLICT (account_id, remote_id) DO UPDATE SET gone_at = NULL
            """,
            (
                message.project_id,
                message.account_id,
                key,
                "message" if message.kind == "message" else "comment",
                text,
                url,
                message.post_remote_id,
                message.delivery_id,
                message.remote_id.removeprefix("message:"),
                message.thread_id,
                json.dumps({}),
                created_at,
                unit.now,
                ACTOR,
            ),
        )

    def _lose_own(self, unit: UnitOfWork, row: ActionTable, ref: RemoteRef) -> None:
        unit.connection.exec_driver_sql(
            "UPDATE message SET gone_at = ? WHERE account_id = ? AND own AND remote_id IN (?, ?)",
            (unit.now, row.account_id, ref.id, f"message:{ref.id}"),
        )

    def _keep_ban(self, unit: UnitOfWork, row: ActionTable, message: MessageTable, account: AccountRow) -> None:
        """Who is shut out, and when that ends: by the network itself, or by an action of our own."""
        if message.author_id is None:
            return
        person = (BanTable.account_id == row.account_id, BanTable.author_id == message.author_id)
        if row.verb in _LIFTS:
            for ban in unit.session.exec(
                select(BanTable).where(*person, BanTable.verb == _LIFTS[row.verb], col(BanTable.lifted_at).is_(None))
            ):
                ban.lifted_at = unit.now
            self._cancel_scheduled(unit, row, message, row.verb)
        if row.verb in TERMS:
            unit.session.add(
                BanTable(
                    account_id=row.account_id,
                    author_id=message.author_id,
                    verb=row.verb,
                    reason=row.reason,
                    actor=row.actor,
                    created_at=unit.now,
                    until=row.until,
                )
            )
            lift = str(inverse_of(row.verb))
            self._cancel_scheduled(unit, row, message, lift)
            if row.until is not None and not ends_by_itself(account):
                scheduled = actions.queue(
                    unit,
                    message,
                    account.network,
                    lift,
                    actor=row.actor,
                    not_before=row.until,
                    account_id=row.account_id,
                )
                scheduled.reason = _("Its term is over.")

    def _cancel_scheduled(self, unit: UnitOfWork, row: ActionTable, message: MessageTable, verb: str) -> None:
        """An end that was planned for an earlier ban must not end a later one."""
        for other in unit.session.exec(
            select(ActionTable)
            .join(MessageTable, col(MessageTable.id) == ActionTable.message_id)
            .where(
                ActionTable.account_id == row.account_id,
                MessageTable.author_id == message.author_id,
                ActionTable.verb == verb,
                ActionTable.state == ActionState.HELD,
                col(ActionTable.inverse_of).is_(None),
                ActionTable.id != row.id,
                col(ActionTable.not_before) > unit.now,
            )
        ):
            other.state = ActionState.CANCELLED

    def _back_into_queue(self, row: ActionTable, message: MessageTable) -> None:
        if row.account_id != message.account_id:
            return  # it only told who was meant
        if message.state == RESULT.get(row.verb):
            message.state = MessageState.FLAGGED
            message.handled_at, message.handled_by, message.answered_at = None, "", None
            message.version += 1
        if row.verb in (Verb.LIKE, Verb.UNLIKE):
            message.liked = row.verb == Verb.UNLIKE

    def _attempt(self, unit: UnitOfWork, job: ActionJob, what: str) -> ActionAttemptTable:
        attempt = ActionAttemptTable(action_id=job.id, what=what, worker=self._owner, started_at=unit.now)
        unit.session.add(attempt)
        return attempt

    def _ended(
        self, unit: UnitOfWork, job: ActionJob, attempt_id: int | None, what: str, outcome: str
    ) -> ActionAttemptTable:
        attempt = (
            self._attempt(unit, job, what)
            if attempt_id is None
            else unit.session.get_one(ActionAttemptTable, attempt_id)
        )
        attempt.ended_at, attempt.outcome = unit.now, outcome
        return attempt

    def _show(self, row: ActionTable, error: SmmError) -> None:
        row.error_kind = error.kind
        row.error_message, row.error_hint = inert(error.message), inert(error.hint)

    def _leave(self, unit: UnitOfWork, row: ActionTable, message: MessageTable, verb: str, summary: str) -> None:
        row.lease_owner = row.lease_until = None
        details: dict[str, Any] = {"action": row.id, "what": row.verb}
        unit.audit(verb, "message", message.id, summary, actor=ACTOR, project_id=message.project_id, **details)


def ends_by_itself(account: AccountRow) -> bool:
    """Whether the network ends a ban when its term is over."""
    return Capability.BAN_TERM in registry.spec(account.network).rules(account.facts).capabilities


# What the worker may still have to do something about ...
_WORK = """
    FROM action c JOIN account a ON a.id = c.account_id JOIN project p ON p.id = a.project_id
    WHERE a.state != 'auth' AND (
        (c.state = 'held' AND a.state = 'ok' AND a.removed_at IS NULL AND p.archived_at IS NULL)
        OR c.state = 'sending' OR (c.state = 'unknown' AND c.next_try_at IS NOT NULL)
    )
"""
# ... and when its time comes.
_AT = """max(CASE c.state WHEN 'held' THEN max(c.not_before, coalesce(a.blocked_until, 0)) ELSE 0 END,
    coalesce(c.next_try_at, 0), coalesce(c.lease_until, 0))"""
_READY = f"{_AT} <= :now"
