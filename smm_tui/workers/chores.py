"""What is done about a live delivery: editing, pinning, taking down.

Each of these brings about a state, so that doing it again changes nothing more: what is in doubt is done again. An
edit changes the live object; nothing here ever publishes.
"""

from __future__ import annotations

import logging

from smm_tui.domain.clock import SECOND, Instant
from smm_tui.domain.errors import Ambiguous, AuthExpired, NotFound, RateLimited, SmmError, Transient
from smm_tui.domain.states import IntentState
from smm_tui.i18n import _
from smm_tui.networks.client import Client
from smm_tui.networks.ports import JSON, RemoteRef
from smm_tui.services.ledger import CHORES, IntentJob, Job, Ledger
from smm_tui.services.payloads import COMMENT
from smm_tui.workers.waits import WAITS

log = logging.getLogger(__name__)

AGAIN: Instant = WAITS[3]
"""Until a chore that did not get through is tried again, unless the network names another time."""


class Chores:
    """One pass over what is to be done about one claimed delivery."""

    def __init__(self, job: Job, client: Client, ledger: Ledger) -> None:
        self._job = job
        self._client = client
        self._ledger = ledger

    async def run(self) -> None:
        """Do what can be done now. Never raises a network's error: each ends in the ledger."""
        chores = [intent for intent in self._job.intents if intent.kind in CHORES]
        for intent in chores:
            if not await self._do(intent):
                return
        posts = [intent for intent in chores if intent.kind == "delete" and intent.target_kind != COMMENT]
        if posts and all(intent.state == IntentState.DONE for intent in posts):
            self._ledger.taken_down(self._job)
        else:
            self._ledger.chores_over(self._job)

    async def _do(self, intent: IntentJob) -> bool:
        """Do one; False when the delivery is left as it is now."""
        ref, wire = intent.ref, intent.wire
        try:
            if ref is None:
                raise NotFound(_("It is not known what it is called there."), _("Do it there by hand."))
            if intent.kind == "edit" and wire is None:
                wire = await self._client.editor.prepare_edit(ref, intent.part)
        except SmmError as error:
            return self._not_done(intent, error, None)
        attempt = self._ledger.begin_chore(self._job, intent, wire)
        if attempt is None:
            return False
        try:
            ref = await self._act(intent, ref, wire)
        except SmmError as error:
            return self._not_done(intent, error, attempt)
        except Exception as error:  # a bug of ours must not be tried for ever, nor stop the worker
            log.exception("%s of intent %s", intent.kind, intent.id)
            failed = Ambiguous(_("The program failed: {error}").format(error=repr(error)))
            self._ledger.chore_failed(self._job, intent, failed, attempt)
            return True
        self._ledger.chore_done(self._job, intent, ref, attempt)
        return True

    async def _act(self, intent: IntentJob, ref: RemoteRef, wire: JSON | None) -> RemoteRef:
        """Bring it about; what the live object is called then."""
        if intent.kind == "edit":
            return await self._client.editor.edit(ref, wire or {})
        if intent.kind == "pin":
            await self._client.pinner.pin(ref)
        elif intent.kind == "unpin":
            await self._client.pinner.unpin(ref)
        elif intent.target_kind == COMMENT:
            await self._client.responder.delete(ref)
        else:
            await self._client.publisher.delete(ref)
        return ref

    def _not_done(self, intent: IntentJob, error: SmmError, attempt: int | None) -> bool:
        """Whether to go on with the next one."""
        if isinstance(error, Transient | Ambiguous | RateLimited | AuthExpired):
            seconds = getattr(error, "retry_after", None)
            wait = AGAIN if seconds is None else max(SECOND, round(seconds * SECOND))
            self._ledger.chore_later(self._job, intent, error, wait, attempt)
            return False
        self._ledger.chore_failed(self._job, intent, error, attempt)
        if intent.kind == "delete" and intent.target_kind != COMMENT:
            self._ledger.chores_over(self._job)  # a thread is not left without its end
            return False
        return True
