"""The ledger: the only code that moves a delivery from *approved* to its end.

Every method is one short transaction; none spans a network call. What is written here before a call (an intent with
its identity, an attempt) and after it (its outcome) is all that a crash leaves, and all that recovery needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, func, or_, select

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import posts as post_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.posts import MediaRow
from smm_tui.db.tables import AccountTable, AttemptTable, DeliveryTable, IntentTable, PostTable, ProjectTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import lateness
from smm_tui.domain.canonical import digest
from smm_tui.domain.clock import DAY, HOUR, MINUTE, Instant
from smm_tui.domain.errors import AuthExpired, InvalidInput, NetworkError, RateLimited, SmmError, WrongClient
from smm_tui.domain.inert import inert
from smm_tui.domain.lateness import LateRule
from smm_tui.domain.states import AccountState, Approval, IntentState, State
from smm_tui.i18n import N_, _
from smm_tui.networks import registry
from smm_tui.networks.ports import JSON, MediaFile, Part, RemoteRef
from smm_tui.services import extras, guard, lifecycle, payloads, preflight
from smm_tui.services.guard import Guard
from smm_tui.services.media import MediaStore
from smm_tui.services.payloads import COMMENT
from smm_tui.services.preflight import Content

ARM_AHEAD: Instant = HOUR
"""A delivery is checked and its intents are written so long before it is due."""
DELIVERY_LEASE: Instant = 2 * MINUTE
"""A claimed delivery whose worker was not heard of for so long is taken to be in doubt."""
ACTOR = "worker"
CHORES = ("edit", "pin", "unpin", "delete")
"""The kinds of intents about what is live. Each may be repeated: it brings about a state."""


@dataclass(slots=True)
class IntentJob:
    """An intent as the publisher works on it."""

    id: int
    kind: str
    position: int
    identity: str
    part: Part
    wire: JSON | None
    state: str
    ref: RemoteRef | None
    first_sent_at: Instant | None
    last_sent_at: Instant | None
    sends: int
    target_kind: str = ""  # of a chore: the kind of the intent that made what it is about


@dataclass(slots=True)
class Job:
    """A claimed delivery with all that sending it needs; no database object leaves the ledger."""

    delivery_id: int
    post_id: int
    state: str
    account: AccountRow
    due_at: Instant
    late_rule: LateRule
    late_accepted: bool
    read_backs: int
    intents: list[IntentJob]

    @property
    def begun(self) -> bool:
        """Whether some part of it is out."""
        return any(intent.state == IntentState.DONE for intent in self.intents)


class Ledger:
    """The states of deliveries, their intents and attempts."""

    def __init__(self, db: Database, media: MediaStore, owner: str, watch: Guard) -> None:
        """`watch`: the wrong-client guard."""
        self._db = db
        self._media = media
        self._owner = owner
        self._guard = watch

    # Before sending

    def expire(self) -> int:
        """Deliveries whose lateness rule says "too late" are missed; how many."""
        with self._db.unit() as unit:
            late = unit.session.exec(
                select(DeliveryTable, PostTable, ProjectTable)
                .join(PostTable, col(PostTable.id) == DeliveryTable.post_id)
                .join(ProjectTable, col(ProjectTable.id) == PostTable.project_id)
                .where(
                    col(DeliveryTable.state).in_((State.PLANNED, State.APPROVED, State.ARMED, State.HELD)),
                    col(DeliveryTable.due_at) < unit.now - lateness.PUNCTUAL,
                    col(DeliveryTable.needs_human).is_(False),
                    col(DeliveryTable.late_accepted).is_(False),
                    col(ProjectTable.archived_at).is_(None),
                )
            ).all()
            missed = 0
            for delivery, post, project in late:
                if delivery.remote_id or any(i.state != IntentState.PENDING for i in self._current(unit, delivery)):
                    continue  # its beginning is out, or may be: the rest belongs to it
                rule = lateness.late_rule(post.late_rule)
                if delivery.state == State.HELD:
                    delivery.needs_human = True
                    continue
                unapproved = delivery.state == State.PLANNED and project.approval != Approval.NONE
                if not unapproved and not rule.overdue(delivery.due_at or 0, unit.now):
                    continue
                reason = delivery.error_message
                lifecycle.change_delivery(unit, delivery, state=State.MISSED)
                delivery.needs_human = rule.asks or unapproved
                delivery.error_kind = "missed"
                delivery.error_message = (
                    _("It was not approved in time.")
                    if unapproved
                    else _("It is too late by its rule “{rule}”.").format(rule=rule)
                ) + (f" {reason}" if reason else "")
                delivery.error_hint = (
                    _("Move it to another time and approve it, or let it go.")
                    if unapproved
                    else _("Send it now all the same, move it, or let it go.")
                )
                self._audit(unit, "delivery.missed", delivery, post, delivery.error_message)
                unit.session.flush()
                lifecycle.refresh_post(unit, post)
                missed += 1
            return missed

    def arm(self) -> int:
        """Check what is due within the hour and write its intents; how many deliveries are armed now."""
        with self._db.unit() as unit:
            ready = unit.session.exec(
                select(DeliveryTable, PostTable, ProjectTable, AccountTable)
                .join(PostTable, col(PostTable.id) == DeliveryTable.post_id)
                .join(ProjectTable, col(ProjectTable.id) == PostTable.project_id)
                .join(AccountTable, col(AccountTable.id) == DeliveryTable.account_id)
                .where(
                    or_(
                        col(DeliveryTable.state) == State.APPROVED,
                        (col(DeliveryTable.state) == State.PLANNED) & (col(ProjectTable.approval) == Approval.NONE),
                    ),
                    col(DeliveryTable.due_at) <= unit.now + ARM_AHEAD,
                    # On an account that is stopped there is nothing to do before the time has come.
                    or_(col(AccountTable.state) == AccountState.OK, col(DeliveryTable.due_at) <= unit.now),
                    col(ProjectTable.archived_at).is_(None),
                    col(AccountTable.removed_at).is_(None),
                )
                .order_by(col(DeliveryTable.due_at))
                .limit(200)
            ).all()
            armed = 0
            if ready:
                self._guard.refresh()
            for delivery, post, project, account in ready:
                armed += self._arm_one(unit, delivery, post, project, account)
            self._hold_stopped(unit)
            return armed

    def _hold_stopped(self, unit: UnitOfWork) -> None:
        """What is armed and comes due on an account that was stopped meanwhile waits in sight, not in silence."""
        for delivery, post, account in unit.session.exec(
            select(DeliveryTable, PostTable, AccountTable)
            .join(PostTable, col(PostTable.id) == DeliveryTable.post_id)
            .join(AccountTable, col(AccountTable.id) == DeliveryTable.account_id)
            .where(
                DeliveryTable.state == State.ARMED,
                col(DeliveryTable.due_at) <= unit.now,
                col(AccountTable.state) != AccountState.OK,
                col(AccountTable.removed_at).is_(None),
            )
        ).all():
            self._hold(unit, delivery, post, account.state_reason)

    def _arm_one(
        self, unit: UnitOfWork, delivery: DeliveryTable, post: PostTable, project: ProjectTable, account: AccountTable
    ) -> bool:
        content_hash = lifecycle.content_digest(unit, post, delivery)
        if project.approval != Approval.NONE and delivery.approved_hash != content_hash:
            self._void(unit, delivery, post, _("It differs from what was approved."))
            return False
        if not lifecycle.month_covers(unit, project, (post.planned_wall or "")[:7]):
            self._void(unit, delivery, post, _("Its month is not approved."))
            return False
        if account.state != AccountState.OK:
            self._hold(unit, delivery, post, account.state_reason)
            return False
        if self._held_back(unit, delivery, post, project):
            delivery.approved_hash = content_hash  # so that a change of the post lets it be looked at anew
            return False
        try:
            parts = self._payloads(delivery.account_id, post)
        except SmmError as error:
            self._reject(unit, delivery, post, error, field=getattr(error, "field", ""))
            return False
        self._write_intents(unit, delivery, account.network, parts)
        delivery.state = State.ARMED
        delivery.approved_hash = content_hash
        delivery.next_try_at = None
        unit.session.flush()
        lifecycle.refresh_post(unit, post)
        return True

    def _void(self, unit: UnitOfWork, delivery: DeliveryTable, post: PostTable, reason: str) -> None:
        lifecycle.void_approval(unit, delivery)
        unit.session.flush()
        lifecycle.refresh_post(unit, post)
        self._audit(unit, "delivery.void", delivery, post, reason)

    def _write_intents(self, unit: UnitOfWork, delivery: DeliveryTable, network: str, parts: list[JSON]) -> None:
        """One intent a part. Those that are there for the same bytes, or are out already, keep their identity."""
        intents = self._current(unit, delivery)
        if any(intent.state in (IntentState.DONE, IntentState.SENDING) for intent in intents):
            return
        hashes = [digest(payload) for payload in parts]
        if hashes == [intent.payload_hash for intent in intents if intent.state == IntentState.PENDING]:
            return
        for intent in intents:
            if intent.state == IntentState.FAILED:
                intent.state = IntentState.DROPPED
        lifecycle.drop_unsent_intents(unit, delivery.id or 0)
        newest = unit.session.exec(
            select(func.max(IntentTable.generation)).where(IntentTable.delivery_id == delivery.id)
        ).one()
        generation = 0 if newest is None else newest + 1
        spec = registry.spec(network)
        for position, (payload, payload_hash) in enumerate(zip(parts, hashes, strict=True)):
            unit.session.add(
                IntentTable(
                    delivery_id=delivery.id or 0,
                    kind=payload.get("kind", "publish"),
                    position=position,
                    generation=generation,
                    identity=spec.new_identity(),
                    payload=payload,
                    payload_hash=payload_hash,
                    created_at=unit.now,
                )
            )

    def _payloads(self, account_id: int, post: PostTable) -> list[JSON]:
        """What each part will show, with every media file verified in the store."""
        account = account_reads.account(self._db, account_id)
        if account is None:
            raise InvalidInput(_("There is no account {id}.").format(id=account_id), field="account")
        media = post_reads.media(self._db, post.id or 0)
        content = self._content(post, media)
        for problem in preflight.check([account], content):
            if problem.blocking:
                raise InvalidInput(problem.message, problem.hint, field=problem.field)
        for item in media:
            self._media.verified(item)
        return payloads.of(account, content)

    def _content(self, post: PostTable, media: list[MediaRow]) -> Content:
        return Content(
            post.text,
            media,
            post.content_warning,
            post.labels,
            post.language,
            post_reads.variants(self._db, post.id or 0),
            extras.of_json({"poll": post.poll, "card": post.card, "first_comment": post.first_comment}),
        )

    def _held_back(self, unit: UnitOfWork, delivery: DeliveryTable, post: PostTable, project: ProjectTable) -> bool:
        """Whether it looks like another client's and nobody let it pass: then it waits, in sight, for a person."""
        content = self._content(post, post_reads.media(self._db, post.id or 0))
        verdict = self._guard.examine(
            post.project_id,
            guard.said_of(content, delivery.account_id),
            post_id=post.id,
            wording=project.approval == Approval.NONE,  # where a person approves, that was asked then
        )
        if not verdict or guard.covered(unit, guard.DELIVERY, delivery.id or 0, verdict):
            return False
        lifecycle.change_delivery(unit, delivery, state=State.HELD)
        self._hold(unit, delivery, post, " ".join(verdict.sentences))
        delivery.error_kind, delivery.error_field = WrongClient.kind, "text"
        delivery.error_hint = _("Correct the post, or send it all the same, deliberately.")
        return True

    # Claiming

    def due(self) -> dict[int, list[int]]:
        """What may be worked on now: delivery ids by account, in the order of their times."""
        found: dict[int, list[int]] = {}
        for account_id, delivery_id in self._db.rows(
            lambda account_id, delivery_id: (account_id, delivery_id),
            f"SELECT d.account_id, d.id {_WORK} AND {_READY} ORDER BY d.due_at, d.id",
            {"now": self._db.clock()},
        ):
            found.setdefault(account_id, []).append(delivery_id)
        return found

    def next_due(self) -> Instant | None:
        """When there will be something to do, as far as is known now; None when nothing is planned."""
        value = self._db.value(_NEXT_DUE, {"now": self._db.clock()})
        return None if value is None else int(value)

    def claim(self, delivery_id: int) -> Job | None:
        """Take a delivery for this worker; None when it is no longer to be done now, or somebody else has it."""
        with self._db.unit() as unit:
            ready = unit.connection.exec_driver_sql(
                f"SELECT d.id {_WORK} AND {_READY} AND d.id = :id", {"now": unit.now, "id": delivery_id}
            ).first()
            if ready is None:
                return None
            delivery = unit.session.get_one(DeliveryTable, delivery_id)
            post = unit.session.get_one(PostTable, delivery.post_id)
            account = account_reads.account(self._db, delivery.account_id)
            if account is None:
                return None
            if delivery.state == State.ARMED:
                if delivery.approved_hash != lifecycle.content_digest(unit, post, delivery):
                    self._void(unit, delivery, post, _("It differs from what was approved."))
                    return None
                project = unit.session.get_one(ProjectTable, post.project_id)
                if not lifecycle.is_out(delivery) and self._held_back(unit, delivery, post, project):
                    return None
                delivery.state = State.SENDING
                lifecycle.refresh_post(unit, post)
            delivery.lease_owner, delivery.lease_until = self._owner, unit.now + DELIVERY_LEASE
            sends = self._send_counts(unit, delivery_id)
            return Job(
                delivery_id,
                post.id or 0,
                delivery.state,
                account,
                delivery.due_at or unit.now,
                lateness.late_rule(post.late_rule),
                delivery.late_accepted,
                delivery.read_backs,
                [
                    self._job(unit, intent, sends.get(intent.id or 0, 0))
                    for intent in self._current(unit, delivery, chores=True)
                ],
            )

    def _job(self, unit: UnitOfWork, row: IntentTable, sends: int) -> IntentJob:
        chore = row.kind in CHORES
        made = self._target(unit, row) if chore else row
        ref = RemoteRef(made.remote_id, made.remote_url, made.remote_extra) if made.remote_id else None
        part = Part("") if chore and row.kind != "edit" else self._part(row.payload)
        return IntentJob(
            row.id or 0,
            row.kind,
            row.position,
            row.identity,
            part,
            row.wire,
            row.state,
            ref,
            row.first_sent_at,
            row.last_sent_at,
            sends,
            made.kind if chore else "",
        )

    def _target(self, unit: UnitOfWork, chore: IntentTable) -> IntentTable:
        """The intent that made what a chore is about: its reference is the newest one, whatever was edited since."""
        if (known := chore.payload.get("target")) is not None:
            return unit.session.get_one(IntentTable, known)
        return unit.session.exec(  # a deletion asked for before chores named their target has its numbers
            select(IntentTable).where(
                IntentTable.delivery_id == chore.delivery_id,
                IntentTable.generation == chore.generation,
                IntentTable.position == chore.position,
                col(IntentTable.kind).in_(("publish", COMMENT)),
            )
        ).one()

    def _part(self, payload: JSON) -> Part:
        media: list[MediaFile] = []
        for values in payload["media"]:
            item = MediaRow(*values)
            media.append(
                MediaFile(
                    self._media.path(item.sha256),
                    item.sha256,
                    item.mime,
                    item.size,
                    item.width,
                    item.height,
                    item.alt,
                )
            )
        carried = extras.of_json(payload)
        return Part(
            payload["text"],
            tuple(media),
            payload["content_warning"],
            payload["language"],
            tuple(payload["labels"]),
            carried.poll,
            carried.card,
        )

    # Around a call

    def begin(self, job: Job, intent: IntentJob, wire: JSON) -> int | None:
        """Commit that an attempt begins, with the exact request; its number. None: it must not be sent any more."""
        with self._db.unit() as unit:
            delivery = unit.session.get_one(DeliveryTable, job.delivery_id)
            row = unit.session.get_one(IntentTable, intent.id)
            mine = delivery.lease_owner == self._owner and delivery.state in (State.SENDING, State.UNKNOWN)
            if not mine or row.state not in (IntentState.PENDING, IntentState.SENDING):
                return None
            delivery.state = State.SENDING
            delivery.lease_until = unit.now + DELIVERY_LEASE
            row.state = intent.state = IntentState.SENDING
            row.wire = intent.wire = wire
            row.wire_hash = digest(wire)
            row.first_sent_at = intent.first_sent_at = row.first_sent_at or unit.now
            row.last_sent_at = intent.last_sent_at = unit.now
            intent.sends += 1
            attempt = self._attempt(unit, intent, "send")
            unit.session.flush()
            return attempt.id

    def note(self, intent: IntentJob, what: str, outcome: str, answer: str, status: int = 0) -> None:
        """Write down a read back or another look that changed nothing."""
        with self._db.unit() as unit:
            attempt = self._attempt(unit, intent, what)
            attempt.ended_at, attempt.outcome, attempt.answer, attempt.status = unit.now, outcome, answer, status

    def done(self, job: Job, intent: IntentJob, ref: RemoteRef, attempt_id: int | None, what: str) -> None:
        """The network has it: write down where."""
        with self._db.unit() as unit:
            attempt = self._ended(unit, intent, attempt_id, what, "done")
            attempt.answer = f"{ref.id} {ref.url} {dict(ref.extra)}"
            row = unit.session.get_one(IntentTable, intent.id)
            row.state = intent.state = IntentState.DONE
            row.remote_id, row.remote_url, row.remote_extra = ref.id, ref.url, dict(ref.extra)
            row.done_at = unit.now
            intent.ref = ref
            delivery = unit.session.get_one(DeliveryTable, job.delivery_id)
            delivery.lease_until = unit.now + DELIVERY_LEASE
            if not delivery.remote_id:  # the first part stands for the whole
                delivery.remote_id, delivery.remote_url = ref.id, ref.url

    def in_doubt(self, intent: IntentJob, attempt_id: int, error: SmmError) -> None:
        """The attempt may have been executed: it stays *sending* until it is settled."""
        with self._db.unit() as unit:
            attempt = self._ended(unit, intent, attempt_id, "send", "ambiguous")
            attempt.answer, attempt.status = inert(error.message), getattr(error, "status", 0)
            row = unit.session.get_one(IntentTable, intent.id)
            row.last_sent_at = intent.last_sent_at = unit.now

    # How a claimed delivery is left

    def later(
        self, job: Job, intent: IntentJob, error: NetworkError, wait: Instant, attempt_id: int | None = None
    ) -> None:
        """Certainly not executed: it is tried again after `wait`; a rate limit stops the whole account so long."""
        with self._db.unit() as unit:
            delivery, post = self._rows(unit, job)
            attempt = self._ended(unit, intent, attempt_id, "send" if attempt_id else "prepare", error.kind)
            attempt.answer, attempt.status = inert(error.message), error.status
            self._unsent(unit, intent)
            delivery.state = State.ARMED
            delivery.next_try_at = unit.now + wait
            self._show(delivery, error)
            if isinstance(error, RateLimited):
                account = unit.session.get_one(AccountTable, delivery.account_id)
                account.blocked_until = max(account.blocked_until or 0, unit.now + wait)
            self._leave(unit, delivery, post)

    def reject(self, job: Job, intent: IntentJob, error: SmmError, attempt_id: int | None = None) -> None:
        """The network said no for good."""
        with self._db.unit() as unit:
            delivery, post = self._rows(unit, job)
            attempt = self._ended(unit, intent, attempt_id, "send" if attempt_id else "prepare", error.kind)
            attempt.answer, attempt.status = inert(error.message), getattr(error, "status", 0)
            unit.session.get_one(IntentTable, intent.id).state = intent.state = IntentState.FAILED
            self._reject(unit, delivery, post, error, field=getattr(error, "field", ""))
            if intent.kind == COMMENT:
                delivery.error_message = _("The first comment: {reason}").format(reason=delivery.error_message)
            elif intent.position:
                delivery.error_message = _("Part {part} of the thread: {reason}").format(
                    part=intent.position + 1, reason=delivery.error_message
                )
            self._leave(unit, delivery, post)

    def hold(self, job: Job, intent: IntentJob, error: NetworkError, attempt_id: int | None = None) -> None:
        """The account's secret is dead: the account stops, and this waits for a new one."""
        with self._db.unit() as unit:
            delivery, post = self._rows(unit, job)
            attempt = self._ended(unit, intent, attempt_id, "send" if attempt_id else "prepare", error.kind)
            attempt.answer, attempt.status = inert(error.message), error.status
            self._unsent(unit, intent)
            self._stop_account(unit, delivery, error)
            self._hold(unit, delivery, post, inert(error.message))
            self._leave(unit, delivery, post)

    def doubt(self, job: Job, error: SmmError | None, wait: Instant | None, message: str, hint: str = "") -> None:
        """It may be out: it is read back again after `wait`; None: only a person can tell."""
        with self._db.unit() as unit:
            delivery, post = self._rows(unit, job)
            delivery.state = State.UNKNOWN
            delivery.read_backs += 1
            delivery.next_try_at = None if wait is None else unit.now + wait
            delivery.needs_human = wait is None or delivery.read_backs > ASK_AFTER_READ_BACKS
            delivery.error_kind = "ambiguous" if error is None else error.kind
            delivery.error_message = inert(message)
            delivery.error_hint = hint or _("Look on the network: is it there? Then say so, or send it again.")
            delivery.error_field = ""
            if isinstance(error, AuthExpired):
                self._stop_account(unit, delivery, error)
                delivery.needs_human = True
            if delivery.needs_human:
                self._audit(unit, "delivery.unknown", delivery, post, delivery.error_message)
            self._leave(unit, delivery, post)

    def miss(self, job: Job) -> None:
        """It is proven not to be out, and by now it is too late to send it."""
        with self._db.unit() as unit:
            delivery, post = self._rows(unit, job)
            for intent in self._current(unit, delivery):
                if intent.state == IntentState.SENDING:
                    intent.state = IntentState.PENDING
            delivery.state = State.MISSED
            delivery.needs_human = job.late_rule.asks
            delivery.error_kind = "missed"
            delivery.error_message = _("It did not get through, and now it is too late by its rule “{rule}”.").format(
                rule=job.late_rule
            )
            delivery.error_hint = _("Send it now all the same, move it, or let it go.")
            delivery.next_try_at = None
            self._audit(unit, "delivery.missed", delivery, post, delivery.error_message)
            self._leave(unit, delivery, post)

    def verify_later(self, job: Job, wait: Instant) -> None:
        """Accepted by the network but not yet seen there: look again after `wait`."""
        with self._db.unit() as unit:
            delivery, post = self._rows(unit, job)
            delivery.read_backs += 1
            delivery.next_try_at = unit.now + wait
            self._leave(unit, delivery, post)

    def live(self, job: Job, *, verified: bool) -> None:
        """It is there."""
        with self._db.unit() as unit:
            delivery, post = self._rows(unit, job)
            delivery.state = State.LIVE
            delivery.live_at = delivery.live_at or unit.now
            delivery.verified_at = unit.now if verified else None
            delivery.next_try_at = None
            delivery.needs_human = False
            delivery.error_kind = delivery.error_message = delivery.error_hint = delivery.error_field = ""
            summary = _("Live on {handle}: {url}").format(handle=job.account.handle, url=delivery.remote_url)
            self._audit(unit, "delivery.live", delivery, post, summary)
            self._leave(unit, delivery, post)

    # What is done about a live delivery

    def begin_chore(self, job: Job, intent: IntentJob, wire: JSON | None) -> int | None:
        """Commit that an edit, a pin or a deletion begins; the attempt's number. None: it is no longer wanted."""
        with self._db.unit() as unit:
            delivery = unit.session.get_one(DeliveryTable, job.delivery_id)
            row = unit.session.get_one(IntentTable, intent.id)
            if delivery.lease_owner != self._owner or row.state not in _OPEN:
                return None
            delivery.lease_until = unit.now + DELIVERY_LEASE
            row.state = intent.state = IntentState.SENDING
            if wire is not None:
                row.wire, row.wire_hash = wire, digest(wire)
            row.first_sent_at = row.first_sent_at or unit.now
            row.last_sent_at = unit.now
            attempt = self._attempt(unit, intent, intent.kind)
            unit.session.flush()
            return attempt.id

    def chore_done(self, job: Job, intent: IntentJob, ref: RemoteRef, attempt_id: int) -> None:
        """The network did it; an edited post may be called otherwise now."""
        with self._db.unit() as unit:
            delivery, post = self._rows(unit, job)
            attempt = self._ended(unit, intent, attempt_id, intent.kind, "done")
            attempt.answer = f"{ref.id} {ref.url} {dict(ref.extra)}"
            row = unit.session.get_one(IntentTable, intent.id)
            row.state = intent.state = IntentState.DONE
            row.done_at = unit.now
            row.remote_id, row.remote_url, row.remote_extra = ref.id, ref.url, dict(ref.extra)
            if intent.kind == "edit":
                made = self._target(unit, row)
                if delivery.remote_id == made.remote_id:
                    delivery.remote_id, delivery.remote_url = ref.id, ref.url
                made.remote_id, made.remote_url, made.remote_extra = ref.id, ref.url, dict(ref.extra)
            if intent.kind != "delete":  # the end of a whole takedown is told by `taken_down`
                summary = _(_DONE[intent.kind]).format(handle=job.account.handle, url=ref.url)
                self._audit(unit, f"delivery.{intent.kind}", delivery, post, summary)

    def chore_later(
        self, job: Job, intent: IntentJob, error: SmmError, wait: Instant, attempt_id: int | None = None
    ) -> None:
        """It did not work, or nobody knows: it is done again after `wait`, on a usable account."""
        with self._db.unit() as unit:
            delivery, post = self._rows(unit, job)
            self._answered(unit, intent, error, attempt_id)
            delivery.next_try_at = unit.now + wait
            if isinstance(error, AuthExpired):
                self._stop_account(unit, delivery, error)
            self._show(delivery, error)
            self._leave(unit, delivery, post)

    def chore_failed(self, job: Job, intent: IntentJob, error: SmmError, attempt_id: int | None = None) -> None:
        """The network refuses for good; what is live stays as it is."""
        with self._db.unit() as unit:
            delivery, post = self._rows(unit, job)
            attempt = self._answered(unit, intent, error, attempt_id)
            unit.session.get_one(IntentTable, intent.id).state = intent.state = IntentState.FAILED
            verb = "takedown" if intent.kind == "delete" else intent.kind
            self._audit(unit, f"delivery.{verb}_failed", delivery, post, attempt.answer)
            self._show(delivery, error)
            if intent.target_kind == COMMENT:
                delivery.error_message = _("The first comment: {reason}").format(reason=delivery.error_message)

    def chores_over(self, job: Job) -> None:
        """Nothing more can be done about it now. What was asked for meanwhile is done in the next pass."""
        with self._db.unit() as unit:
            delivery, post = self._rows(unit, job)
            seen = {intent.id for intent in job.intents}
            waiting = self._current(unit, delivery, chores=True)
            more = any(row.kind in CHORES and row.id not in seen for row in waiting)
            delivery.next_try_at = unit.now if more else None
            if all(intent.state == IntentState.DONE for intent in job.intents if intent.kind in CHORES):
                delivery.error_kind = delivery.error_message = delivery.error_hint = delivery.error_field = ""
            self._leave(unit, delivery, post)

    def taken_down(self, job: Job) -> None:
        """It was live and is deleted, as a person wished."""
        with self._db.unit() as unit:
            delivery, post = self._rows(unit, job)
            delivery.state = State.CANCELLED
            delivery.next_try_at = None
            summary = _("Taken down from {handle}.").format(handle=job.account.handle)
            self._audit(unit, "delivery.taken_down", delivery, post, summary)
            self._leave(unit, delivery, post)

    def taken(self, job: Job, intent: IntentJob) -> frozenset[str]:
        """Remote ids of this account that are known to belong to other intents."""
        since = (intent.first_sent_at or self._db.clock()) - DAY
        return frozenset(
            self._db.rows(
                str,
                """
                SELECT i.remote_id FROM intent i JOIN delivery d ON d.id = i.delivery_id
                WHERE d.account_id = ? AND i.remote_id != '' AND i.id != ? AND i.done_at >= ?
                """,
                (job.account.id, intent.id, since),
            )
        )

    # Parts

    def _rows(self, unit: UnitOfWork, job: Job) -> tuple[DeliveryTable, PostTable]:
        return unit.session.get_one(DeliveryTable, job.delivery_id), unit.session.get_one(PostTable, job.post_id)

    def _answered(self, unit: UnitOfWork, intent: IntentJob, error: SmmError, attempt_id: int | None) -> AttemptTable:
        attempt = self._ended(unit, intent, attempt_id, intent.kind, error.kind)
        attempt.answer, attempt.status = inert(error.message), getattr(error, "status", 0)
        return attempt

    def _current(self, unit: UnitOfWork, delivery: DeliveryTable, *, chores: bool = False) -> list[IntentTable]:
        """The intents of the newest generation, in order; before them the chores as they were asked for, where they
        are wanted: deletions from the last part to the first."""
        rows = list(
            unit.session.exec(
                select(IntentTable).where(
                    IntentTable.delivery_id == delivery.id, IntentTable.state != IntentState.DROPPED
                )
            )
        )
        made = [row for row in rows if row.kind in ("publish", COMMENT)]
        newest = max((row.generation for row in made), default=0)
        publish = sorted((row for row in made if row.generation == newest), key=lambda row: row.position)
        if not chores:
            return publish
        asked = [row for row in rows if row.kind in CHORES and row.state in _OPEN]
        return sorted(asked, key=lambda row: (-row.position if row.kind == "delete" else 0, row.id or 0)) + publish

    def _send_counts(self, unit: UnitOfWork, delivery_id: int) -> dict[int, int]:
        rows = unit.connection.exec_driver_sql(
            "SELECT t.intent_id, count(*) FROM attempt t JOIN intent i ON i.id = t.intent_id "
            "WHERE i.delivery_id = ? AND t.what = 'send' GROUP BY t.intent_id",
            (delivery_id,),
        )
        return {int(intent_id): int(count) for intent_id, count in rows}

    def _attempt(self, unit: UnitOfWork, intent: IntentJob, what: str) -> AttemptTable:
        attempt = AttemptTable(intent_id=intent.id, what=what, worker=self._owner, started_at=unit.now)
        unit.session.add(attempt)
        return attempt

    def _ended(
        self, unit: UnitOfWork, intent: IntentJob, attempt_id: int | None, what: str, outcome: str
    ) -> AttemptTable:
        attempt = (
            self._attempt(unit, intent, what)
            if attempt_id is None
            else unit.session.get_one(AttemptTable, attempt_id)
        )
        attempt.ended_at, attempt.outcome = unit.now, outcome
        return attempt

    def _stop_account(self, unit: UnitOfWork, delivery: DeliveryTable, error: SmmError) -> None:
        account = unit.session.get_one(AccountTable, delivery.account_id)
        account.state, account.state_reason = AccountState.AUTH, inert(error.message)
        account.version += 1

    def _unsent(self, unit: UnitOfWork, intent: IntentJob) -> None:
        unit.session.get_one(IntentTable, intent.id).state = intent.state = IntentState.PENDING

    def _reject(
        self, unit: UnitOfWork, delivery: DeliveryTable, post: PostTable, error: SmmError, *, field: str
    ) -> None:
        delivery.state = State.REJECTED
        delivery.needs_human = True
        delivery.next_try_at = None
        self._show(delivery, error)
        delivery.error_field = field
        self._audit(unit, "delivery.rejected", delivery, post, delivery.error_message)
        unit.session.flush()
        lifecycle.refresh_post(unit, post)

    def _hold(self, unit: UnitOfWork, delivery: DeliveryTable, post: PostTable, reason: str) -> None:
        delivery.state = State.HELD
        delivery.needs_human = True
        delivery.next_try_at = None
        delivery.error_kind = "account"
        delivery.error_message = reason or _("Its account cannot be used now.")
        delivery.error_hint = _("Give the account a new secret, or resume it, in Set-up.")
        delivery.error_field = "account"
        self._audit(unit, "delivery.held", delivery, post, delivery.error_message)
        unit.session.flush()
        lifecycle.refresh_post(unit, post)

    def _show(self, delivery: DeliveryTable, error: SmmError) -> None:
        delivery.error_kind = error.kind
        delivery.error_message, delivery.error_hint = inert(error.message), inert(error.hint)
        delivery.error_field = getattr(error, "field", "")

    def _leave(self, unit: UnitOfWork, delivery: DeliveryTable, post: PostTable) -> None:
        delivery.lease_owner = delivery.lease_until = None
        unit.session.flush()
        lifecycle.refresh_post(unit, post)

    def _audit(self, unit: UnitOfWork, verb: str, delivery: DeliveryTable, post: PostTable, summary: str) -> None:
        details: dict[str, Any] = {"post": post.id}
        unit.audit(verb, "delivery", delivery.id, summary, actor=ACTOR, project_id=post.project_id, **details)


ASK_AFTER_READ_BACKS = 6
"""So many read backs without an answer, and a person is told; reading back goes on all the same."""

_OPEN = (IntentState.PENDING, IntentState.SENDING)

_DONE = {
    "edit": N_("Edited on {handle}: {url}"),
    "pin": N_("Pinned on {handle}: {url}"),
    "unpin": N_("No longer pinned on {handle}: {url}"),
}
"""What the log says when a chore is done."""

# What the worker may still have to do something about. Each half has an index of its own, which holds little else;
# the plus keeps SQLite from going through all that was ever sent.
_WORK = """
    FROM (
        SELECT * FROM delivery WHERE state IN ('armed', 'sending')
        UNION ALL
        SELECT * FROM delivery WHERE +state IN ('unknown', 'live') AND next_try_at IS NOT NULL
    ) d JOIN account a ON a.id = d.account_id JOIN project p ON p.id = a.project_id
    WHERE CASE d.state
        WHEN 'armed' THEN a.state = 'ok' AND a.removed_at IS NULL AND p.archived_at IS NULL
        ELSE a.state != 'auth'
    END
"""
# ... and what of that has its time come. An armed delivery waits for its account's rate limit; a read back does not.
_READY = """(
    coalesce(d.next_try_at, 0) <= :now AND coalesce(d.lease_until, 0) <= :now
    AND (d.state != 'armed' OR (d.due_at <= :now AND coalesce(a.blocked_until, 0) <= :now))
)"""

_NEXT_DUE = f"""
    SELECT min(t) FROM (
        SELECT min(max(coalesce(d.due_at, 0), coalesce(d.next_try_at, 0), coalesce(d.lease_until, 0),
            CASE WHEN d.state = 'armed' THEN coalesce(a.blocked_until, 0) ELSE 0 END)) AS t {_WORK}
        UNION ALL
        SELECT min(due_at) - {ARM_AHEAD} FROM delivery WHERE state = 'approved'
        UNION ALL
        SELECT min(due_at) + {lateness.PUNCTUAL} FROM delivery WHERE state IN ('planned', 'approved', 'armed')
            AND due_at > :now - {DAY}
    )
"""  # noqa: S608 - composed of constants
