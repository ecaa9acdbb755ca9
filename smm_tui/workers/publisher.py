"""Sending one claimed delivery, part by part, and settling what is in doubt.

The rule of all of it: an attempt is committed before its request leaves, and only a proof that it was not executed
lets it be sent again by itself (see docs/adr/0003-the-ledger.md).
"""

from __future__ import annotations

import logging
from enum import Enum, auto

from smm_tui.domain.clock import SECOND, Clock, Instant
from smm_tui.domain.errors import (
    Ambiguous,
    AuthExpired,
    NetworkError,
    NotFound,
    RateLimited,
    SmmError,
    Transient,
    Unsupported,
)
from smm_tui.domain.states import IntentState
from smm_tui.i18n import _
from smm_tui.networks.client import Client
from smm_tui.networks.community import Responder
from smm_tui.networks.ports import JSON, Capability, Publisher
from smm_tui.services import preflight
from smm_tui.services.ledger import CHORES, IntentJob, Job, Ledger
from smm_tui.services.payloads import COMMENT
from smm_tui.workers.chores import Chores
from smm_tui.workers.waits import WAITS, wait_after

log = logging.getLogger(__name__)

STALE: Instant = 20 * SECOND
"""An attempt whose request did not leave within this time of its commit is not sent: somebody may have taken over."""
SENDS_LIMIT = 6
"""So many attempts without a trustworthy answer, and a person decides."""
UNSEEN_LIMIT = 6
"""So many looks at a post that the network accepted, and it is reported as it is."""


class Doubt(Enum):
    """What a read back settles."""

    SEND = auto()  # certainly not there: may be sent (again)
    LEAVE = auto()  # noted in the ledger: nothing more to do now


class DeliveryRun:
    """One pass over one claimed delivery."""

    def __init__(self, job: Job, client: Client, ledger: Ledger, clock: Clock) -> None:
        self._job = job
        self._client = client
        self._ledger = ledger
        self._clock = clock
        self._rules = preflight.rules_of(job.account)

    async def run(self) -> None:
        """Bring the delivery as far as it goes now. Never raises a network's error: each ends in the ledger."""
        job = self._job
        if any(intent.kind in CHORES for intent in job.intents):
            await Chores(job, self._client, self._ledger).run()
            return
        for intent in job.intents:
            if intent.state != IntentState.DONE and not await self._realise(intent):
                return
        await self._verify()

    async def _realise(self, intent: IntentJob) -> bool:
        """Make one intent real; False when the delivery must be left as it is now."""
        while True:
            if intent.state == IntentState.SENDING:
                settled = await self._settle(intent)
                if settled is not Doubt.SEND:
                    return intent.state == IntentState.DONE
            elif self._too_late():
                self._ledger.miss(self._job)
                return False
            wire = intent.wire or await self._prepare(intent)
            if wire is None:
                return False
            sent = await self._send(intent, wire)
            if sent is not None:
                return sent

    def _port(self, intent: IntentJob) -> Publisher | Responder:
        """What sends an intent, and looks for it."""
        return self._client.responder if intent.kind == COMMENT else self._client.publisher

    def _too_late(self) -> bool:
        """A thread whose beginning is out is finished; what a person sent late on purpose is not late."""
        job = self._job
        return not job.begun and not job.late_accepted and job.late_rule.overdue(job.due_at, self._clock())

    async def _prepare(self, intent: IntentJob) -> JSON | None:
        done = [other.ref for other in self._job.intents[: intent.position] if other.ref is not None]
        try:
            if intent.kind == COMMENT:
                if not done or not done[0].id:
                    raise NotFound(
                        _("It is not known what the post is called there."), _("Write the comment there by hand.")
                    )
                return await self._client.responder.prepare(intent.identity, done[0], intent.part)
            return await self._client.publisher.prepare(
                intent.identity, intent.part, root=done[0] if done else None, parent=done[-1] if done else None
            )
        except NetworkError as error:
            self._not_executed(intent, error, None)
        except SmmError as error:  # a media file that is gone or damaged
            self._ledger.reject(self._job, intent, error)
        return None

    async def _send(self, intent: IntentJob, wire: JSON) -> bool | None:
        """Whether it is out; None: there is no telling, and it is to be settled now."""
        blind = intent.state == IntentState.SENDING and not self._rules.identity.can_read_back
        attempt = self._ledger.begin(self._job, intent, wire)
        if attempt is None:
            return False
        refused = self._still_in_doubt if blind else self._not_executed
        if self._clock() - (intent.last_sent_at or 0) > STALE:
            asleep = _("This machine was asleep between writing the attempt down and sending it.")
            refused(intent, Transient(asleep), attempt)
            return False
        try:
            ref = await self._port(intent).send(intent.identity, wire)
        except Ambiguous as error:
            self._ledger.in_doubt(intent, attempt, error)
            return None
        except NetworkError as error:
            refused(intent, error, attempt)
            return False
        except Exception as error:  # a bug of ours must not lead to a second post either
            log.exception("sending intent %s", intent.id)
            self._ledger.in_doubt(
                intent, attempt, Ambiguous(_("The program failed: {error}").format(error=repr(error)))
            )
            return None
        self._ledger.done(self._job, intent, ref, attempt, "send")
        return True

    def _not_executed(self, intent: IntentJob, error: NetworkError, attempt: int | None) -> None:
        """The error proves that nothing became public."""
        if isinstance(error, AuthExpired):
            self._ledger.hold(self._job, intent, error, attempt)
        elif isinstance(error, RateLimited):
            seconds = error.retry_after if error.retry_after is not None else wait_after(3 + intent.sends) / SECOND
            self._ledger.later(self._job, intent, error, max(SECOND, round(seconds * SECOND)), attempt)
        elif isinstance(error, Transient | Ambiguous):
            self._ledger.later(self._job, intent, error, wait_after(intent.sends + self._job.read_backs + 1), attempt)
        else:
            self._ledger.reject(self._job, intent, error, attempt)

    # Doubt

    def _still_in_doubt(self, intent: IntentJob, error: NetworkError, attempt: int) -> None:
        """A repeat was not executed, but what it repeats may be out, and nothing here can tell."""
        wait: Instant | None = None
        if isinstance(error, RateLimited) and error.retry_after is not None:
            wait = max(SECOND, round(error.retry_after * SECOND))
        elif isinstance(error, RateLimited | Transient):
            wait = wait_after(intent.sends)
        self._ledger.in_doubt(intent, attempt, error)
        self._ledger.doubt(
            self._job,
            error,
            wait,
            _("The answer of {handle} was lost, and sending it again was refused: {reason}").format(
                handle=self._job.account.handle, reason=error.message
            ),
        )

    async def _settle(self, intent: IntentJob) -> Doubt:
        """Find out whether an attempt without an answer was executed."""
        job, rule = self._job, self._rules.identity
        wire = intent.wire
        if wire is None:
            raise AssertionError("an intent that is being sent has its request on record")
        if not rule.can_read_back:
            if self._repeatable(intent) and intent.sends < SENDS_LIMIT and not self._too_late():
                return self._rested(intent)
            self._ledger.doubt(
                job,
                None,
                None,
                _("The answer of {handle} was lost, and it cannot be read back there.").format(
                    handle=job.account.handle
                ),
            )
            return Doubt.LEAVE
        try:
            ref = await self._port(intent).find(intent.identity, wire, taken=self._ledger.taken(job, intent))
        except NetworkError as error:
            self._ledger.note(intent, "read back", error.kind, error.message, error.status)
            self._ledger.doubt(
                job,
                error,
                wait_after(job.read_backs + 1),
                _("The answer was lost, and reading back fails: {reason}").format(reason=error.message),
                error.hint,
            )
            return Doubt.LEAVE
        if ref is not None:
            self._ledger.done(job, intent, ref, None, "read back")
            return Doubt.LEAVE
        self._ledger.note(intent, "read back", "absent", "")
        return self._after_absence(intent)

    def _after_absence(self, intent: IntentJob) -> Doubt:
        """It was not there. May it be sent again, and when?"""
        job, rule = self._job, self._rules.identity
        if not rule.absence_proves and not self._repeatable(intent):
            ask = job.read_backs + 1 >= len(WAITS)
            self._ledger.doubt(
                job,
                None,
                None if ask else wait_after(job.read_backs + 1),
                _("The answer of {handle} was lost; it is not to be seen there.").format(handle=job.account.handle),
            )
            return Doubt.LEAVE
        if intent.sends >= SENDS_LIMIT:
            self._ledger.doubt(
                job,
                None,
                None,
                _("{handle} gave no usable answer {count} times; it is not to be seen there.").format(
                    handle=job.account.handle, count=intent.sends
                ),
            )
            return Doubt.LEAVE
        rested = self._rested(intent)
        if rested is Doubt.SEND and self._too_late():
            self._ledger.miss(job)
            return Doubt.LEAVE
        return rested

    def _repeatable(self, intent: IntentJob) -> bool:
        """Whether the server still knows the identity, so that a repeat is harmless."""
        window, now = self._rules.identity.repeat_window, self._clock()
        return window is not None and now - (intent.first_sent_at or now) < window * SECOND

    def _rested(self, intent: IntentJob) -> Doubt:
        """Send it again, once the last attempt has settled. The second may follow then, later ones keep distance."""
        job, rule = self._job, self._rules.identity
        since_last = self._clock() - (intent.last_sent_at or 0)
        patience = max(round(rule.settle * SECOND), 0 if intent.sends < 2 else wait_after(intent.sends - 1))
        if since_last >= patience:
            return Doubt.SEND
        if rule.can_read_back:
            message = _("The answer of {handle} was lost; reading back.")
        else:
            message = _("The answer of {handle} was lost; it is sent again under the same key.")
        self._ledger.doubt(job, None, patience - since_last, message.format(handle=job.account.handle))
        return Doubt.LEAVE

    # After sending

    async def _verify(self) -> None:
        """See it there before saying that it is live."""
        job = self._job
        if Capability.READ_BACK not in self._rules.capabilities:
            self._ledger.live(job, verified=False)
            return
        unseen: list[IntentJob] = []
        for intent in job.intents:
            try:
                if intent.kind == COMMENT:
                    if not await self._comment_is_seen(intent):
                        self._ledger.note(intent, "verify", "absent", "")
                        self._look_again(gone=False)
                        return
                    continue
                if intent.ref is not None and await self._client.publisher.read(intent.ref) is None:
                    unseen.append(intent)
            except NetworkError as error:
                self._ledger.note(intent, "verify", error.kind, error.message, error.status)
                self._look_again(gone=False)
                return
        if unseen:
            self._ledger.note(unseen[0], "verify", "absent", "")
            self._look_again(gone=True)
        else:
            self._ledger.live(job, verified=True)

    async def _comment_is_seen(self, intent: IntentJob) -> bool:
        """Whether the first comment is there; where nobody can look, its answer was proof enough."""
        if intent.wire is None:
            return True
        taken = self._ledger.taken(self._job, intent)
        try:
            return await self._client.responder.find(intent.identity, intent.wire, taken=taken) is not None
        except Unsupported:
            return True

    def _look_again(self, *, gone: bool) -> None:
        job = self._job
        if job.read_backs < UNSEEN_LIMIT:
            self._ledger.verify_later(job, wait_after(job.read_backs + 1))
        elif gone:
            self._ledger.doubt(
                job,
                None,
                None,
                _("{handle} accepted it, but it is not to be seen there.").format(handle=job.account.handle),
            )
        else:
            self._ledger.live(job, verified=False)
