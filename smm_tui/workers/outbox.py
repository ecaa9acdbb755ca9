"""Carrying out one claimed action: a verdict, or an answer that must not be given twice.

Verdicts bring a state about, so they are repeated at will. Answers go the way of posts (docs/adr/0003): committed
before they leave, read back after a lost answer, and asked about where nobody can look.
"""

from __future__ import annotations

import logging

from smm_tui.domain.clock import SECOND, Clock, Instant
from smm_tui.domain.errors import (
    Ambiguous,
    AuthExpired,
    NetworkError,
    RateLimited,
    Rejected,
    SmmError,
    Transient,
    Unsupported,
)
from smm_tui.domain.states import ActionState
from smm_tui.i18n import _
from smm_tui.networks.client import Client
from smm_tui.networks.community import Item, ItemKind, Verb
from smm_tui.networks.ports import Part, RemoteRef
from smm_tui.networks.shape import WrongShape
from smm_tui.services import preflight
from smm_tui.services.inbox_queries import REPLY, TERMS, UNREPLY
from smm_tui.services.outbox import ActionJob, Outbox, ends_by_itself
from smm_tui.workers.publisher import SENDS_LIMIT, STALE
from smm_tui.workers.waits import WAITS, wait_after

log = logging.getLogger(__name__)

TRIES_LIMIT = 12
"""So many refusals in a row that were to be passing, and a person is told."""


class ActionRun:
    """One pass over one claimed action."""

    def __init__(self, job: ActionJob, client: Client, outbox: Outbox, clock: Clock) -> None:
        self._job = job
        self._client = client
        self._outbox = outbox
        self._clock = clock
        self._identity = preflight.rules_of(job.account).identity

    async def run(self) -> None:
        """Bring the action as far as it goes now. Never raises a network's error: each ends in the outbox."""
        if self._job.verb == REPLY:
            await self._reply()
        else:
            await self._verdict()

    # Verdicts

    async def _verdict(self) -> None:
        job = self._job
        attempt = self._outbox.begin(job)
        if attempt is None:
            return
        if self._slept():
            asleep = _("This machine was asleep between writing the attempt down and making it.")
            self._refused(Transient(asleep), attempt)
            return
        try:
            if job.verb == UNREPLY:
                await self._client.responder.delete(job.ref or RemoteRef("", ""))
            else:
                verb = Verb(job.verb)
                own_end = verb in TERMS and not ends_by_itself(job.account)
                await self._client.moderator.moderate(
                    verb, job.item, until=None if own_end else job.until, reason=job.reason
                )
        except Ambiguous as error:  # a state is brought about twice as well as once
            self._refused(Transient(error.message, error.hint, status=error.status), attempt)
        except NetworkError as error:
            self._refused(error, attempt)
        except Exception as error:
            log.exception("carrying out action %s failed", job.id)
            self._outbox.failed(
                job,
                Rejected(_("Something went wrong inside this program: {error}.").format(error=type(error).__name__)),
                attempt,
            )
        else:
            self._outbox.done(job, None, attempt, "send")

    # Answers

    async def _reply(self) -> None:
        job = self._job
        while True:
            again = job.state in (ActionState.SENDING, ActionState.UNKNOWN)
            if again and not await self._settled_as_absent():
                return
            if not again and not job.insists and await self._stopped():
                return
            if job.wire is None and not await self._prepared():
                return
            if await self._sent(again=again):
                return

    async def _stopped(self) -> bool:
        """Whether somebody else answered since this answer was written, or nobody can tell now."""
        job = self._job
        try:
            items = await self._client.inbox.conversation(job.item)
        except WrongShape:
            return False
        except (Transient, RateLimited, AuthExpired) as error:
            self._refused(error, None)
            return True
        except NetworkError:  # it is gone, or nobody may look: the answer itself will show it
            return False
        known = self._outbox.own_ids(job)
        answers = [one for one in items if self._answers(one) and one.id not in known]
        if not answers:
            return False
        self._outbox.answered_elsewhere(job, answers)
        return True

    def _answers(self, one: Item) -> bool:
        of = self._job.item
        if not one.author.own or one.id == of.id or one.created_at < of.created_at:
            return False
        beside = bool(of.parent_id) and one.parent_id == of.parent_id  # networks that keep answers on one level
        return of.kind is ItemKind.MESSAGE or one.parent_id == of.id or beside

    async def _prepared(self) -> bool:
        job = self._job
        try:
            job.wire = await self._client.responder.prepare(job.identity, job.item, Part(job.text))
        except NetworkError as error:
            self._refused(error, None)
            return False
        except Exception as error:
            log.exception("preparing action %s failed", job.id)
            self._outbox.failed(job, self._bug(error), None)
            return False
        return True

    async def _sent(self, *, again: bool) -> bool:
        """Try to send; False: there is no telling what became of it, and it is to be settled now."""
        job = self._job
        wire = job.wire or {}
        blind = again and not self._identity.can_read_back
        attempt = self._outbox.begin(job, wire)
        if attempt is None:
            return True
        if self._slept():
            asleep = _("This machine was asleep between writing the attempt down and making it.")
            self._refused(Transient(asleep), attempt, in_doubt=blind)
            return True
        try:
            ref = await self._client.responder.send(job.identity, wire)
        except Ambiguous as error:
            self._outbox.in_doubt(job, attempt, error)
            return False
        except NetworkError as error:
            self._refused(error, attempt, in_doubt=blind)
            return True
        except Exception as error:  # a bug of ours must not lead to a second answer either
            log.exception("sending action %s failed", job.id)
            self._outbox.in_doubt(job, attempt, Ambiguous(self._bug(error).message))
            return False
        self._outbox.done(job, ref, attempt, "send")
        return True

    async def _settled_as_absent(self) -> bool:
        """Look whether an attempt arrived. True: certainly not, so that it may be sent again now."""
        job, rule = self._job, self._identity
        handle = job.account.handle
        if job.sends and not rule.can_read_back:
            if self._repeatable() and job.sends < SENDS_LIMIT:
                return self._rested()
            self._outbox.doubt(
                job,
                None,
                None,
                _("The answer of {handle} was lost, and it cannot be read back there.").format(handle=handle),
            )
            return False
        try:
            ref = await self._client.responder.find(job.identity, job.wire or {}, taken=self._outbox.taken(job))
        except Unsupported as error:
            self._outbox.doubt(job, error, None, error.message)
            return False
        except NetworkError as error:
            self._outbox.note(job, "read back", error.kind, error.message, error.status)
            message = _("The answer was lost, and reading back fails: {reason}").format(reason=error.message)
            self._outbox.doubt(job, error, self._wait(), message)
            return False
        if ref is not None:
            self._outbox.done(job, ref, None, "read back")
            return False
        self._outbox.note(job, "read back", "absent")
        if not rule.absence_proves and not self._repeatable():
            last = job.tries + 1 >= len(WAITS)
            message = _("The answer of {handle} was lost; it is not to be seen there.").format(handle=handle)
            self._outbox.doubt(job, None, None if last else self._wait(), message)
            return False
        if job.sends >= SENDS_LIMIT:
            message = _("{handle} gave no usable answer {count} times; it is not to be seen there.")
            self._outbox.doubt(job, None, None, message.format(handle=handle, count=job.sends))
            return False
        return self._rested()

    def _rested(self) -> bool:
        """Whether the last attempt has settled, so that a repeat cannot overtake it."""
        job = self._job
        since_last = self._clock() - (job.last_sent_at or 0)
        patience = max(round(self._identity.settle * SECOND), 0 if job.sends < 2 else wait_after(job.sends - 1))
        if since_last >= patience:
            return True
        message = _("The answer of {handle} was lost; reading back.").format(handle=job.account.handle)
        self._outbox.doubt(job, None, patience - since_last, message)
        return False

    def _repeatable(self) -> bool:
        window, now = self._identity.repeat_window, self._clock()
        return window is not None and now - (self._job.first_sent_at or now) < window * SECOND

    # What was certainly not executed

    def _refused(self, error: NetworkError, attempt: int | None, *, in_doubt: bool = False) -> None:
        """`in_doubt`: an earlier attempt may have been executed, so this refusal proves nothing about that one."""
        job = self._job
        if in_doubt:
            if attempt is not None:
                self._outbox.in_doubt(job, attempt, error)
            self._outbox.doubt(job, error, self._wait(), error.message)
        elif isinstance(error, (Transient, RateLimited, AuthExpired)) and job.tries < TRIES_LIMIT:
            told = getattr(error, "retry_after", None)
            self._outbox.later(
                job, error, self._wait() if told is None else max(round(told * SECOND), SECOND), attempt
            )
        else:
            self._outbox.failed(job, error, attempt)

    def _slept(self) -> bool:
        return self._clock() - (self._job.last_sent_at or 0) > STALE

    def _wait(self) -> Instant:
        return wait_after(self._job.tries + 1)

    @staticmethod
    def _bug(error: Exception) -> SmmError:
        return Rejected(_("Something went wrong inside this program: {error}.").format(error=type(error).__name__))
