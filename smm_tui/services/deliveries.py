"""Deliveries: looking at them with their evidence, and the human's answers to what a machine cannot know."""

from __future__ import annotations

from collections.abc import Container
from urllib.parse import urlsplit

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import posts as post_reads
from smm_tui.db.tables import AccountTable, DeliveryTable, IntentTable, PostTable, ProjectTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.canonical import digest
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.identity import new_uuid
from smm_tui.domain.inert import inert
from smm_tui.domain.states import Approval, IntentState, State
from smm_tui.i18n import _
from smm_tui.services import extras, guard, lifecycle
from smm_tui.services.delivery_queries import DeliveryQueries
from smm_tui.services.payloads import COMMENT
from smm_tui.services.preflight import Content
from smm_tui.services.receipt import Receipt

RESOLVABLE = frozenset({State.UNKNOWN, State.MISSED, State.REJECTED, State.HELD})


class DeliveryService(DeliveryQueries):
    """Commands on deliveries."""

    def __init__(self, db: Database, actor: str, watch: guard.Guard) -> None:
        """`watch`: the wrong-client guard."""
        super().__init__(db)
        self._actor = actor
        self._guard = watch

    def resolve_live(self, delivery_id: int, url: str) -> Receipt:
        """ "It is there": take it as published at `url`."""
        if not _is_address(url.strip()):
            raise InvalidInput(
                _("“{url}” is no address of a post.").format(url=inert(url)),
                _("Copy the post's address from the network, beginning with https://."),
                field="live",
            )
        with self._db.unit() as unit:
            delivery, post = self._open(unit, delivery_id)
            in_doubt = [row for row in self._intents(unit, delivery_id) if row.state == IntentState.SENDING]
            rest = [row for row in self._intents(unit, delivery_id) if row.state == IntentState.PENDING]
            for intent in in_doubt[:1] or rest[:1]:
                intent.state, intent.remote_url, intent.done_at = IntentState.DONE, url.strip(), unit.now
            for intent in (in_doubt + rest)[1:]:
                intent.state = IntentState.DROPPED
            lifecycle.change_delivery(unit, delivery, state=State.LIVE)
            delivery.live_at = delivery.live_at or unit.now
            delivery.remote_url = delivery.remote_url or url.strip()
            message = _("Delivery {id} is taken as live at {url}.").format(id=delivery_id, url=inert(url.strip()))
            return self._done(unit, "delivery.resolve_live", delivery, post, message)

    def resolve_resend(self, delivery_id: int, *, let_pass: Container[str] = ()) -> Receipt:
        """ "Send it": whatever was in doubt is sent, with the same identity, at the worker's next pass.

        WrongClient where it looks like another client's, but for the sentences that a person saw and lets pass.
        """
        with self._db.unit() as unit:
            delivery, post = self._open(unit, delivery_id)
            account = unit.session.get_one(AccountTable, delivery.account_id)
            project = unit.session.get_one(ProjectTable, post.project_id)
            approved = delivery.approved_hash == lifecycle.content_digest(unit, post, delivery)
            if project.approval != Approval.NONE and not approved:
                raise InvalidInput(
                    _("Delivery {id} has no valid approval.").format(id=delivery_id),
                    _("Move post {id} to a new time and approve it, or drop this delivery.").format(id=post.id),
                    field="approval",
                )
            if account.removed_at is not None:
                raise InvalidInput(
                    _("{handle} is no longer connected.").format(handle=account.handle),
                    _("Drop this delivery, or take the removal back."),
                    field="account",
                )
            if not lifecycle.is_out(delivery):
                self._ask_guard(unit, delivery, post, let_pass=let_pass)
            for intent in self._intents(unit, delivery_id):
                if intent.state in (IntentState.SENDING, IntentState.FAILED):
                    intent.state = IntentState.PENDING
            sent_before = delivery.state == State.UNKNOWN
            lifecycle.change_delivery(unit, delivery, state=State.ARMED if sent_before else State.APPROVED)
            delivery.late_accepted = True
            delivery.due_at = delivery.due_at or unit.now
            message = _("Delivery {id} is sent at the worker's next pass.").format(id=delivery_id)
            return self._done(unit, "delivery.resolve_resend", delivery, post, message)

    def _ask_guard(
        self, unit: UnitOfWork, delivery: DeliveryTable, post: PostTable, *, let_pass: Container[str]
    ) -> None:
        content = Content(
            post.text,
            post_reads.media(self._db, post.id or 0),
            post.content_warning,
            variants=post_reads.variants(self._db, post.id or 0),
            extras=extras.of_json({"poll": post.poll, "card": post.card, "first_comment": post.first_comment}),
        )
        self._guard.refresh()
        said = guard.said_of(content, delivery.account_id)
        verdict = self._guard.examine(post.project_id, said, post_id=post.id, wording=False)
        number = delivery.id or 0
        if not verdict or guard.covered(unit, guard.DELIVERY, number, verdict):
            return
        guard.require_seen(verdict, let_pass)
        guard.pass_through(unit, post.project_id, guard.DELIVERY, number, verdict, actor=self._actor)

    def resolve_drop(self, delivery_id: int) -> Receipt:
        """ "Let it go": nothing more is sent."""
        with self._db.unit() as unit:
            delivery, post = self._open(unit, delivery_id)
            for intent in self._intents(unit, delivery_id):
                if intent.state in (IntentState.SENDING, IntentState.PENDING, IntentState.FAILED):
                    intent.state = IntentState.DROPPED
            out = bool(delivery.remote_id)
            lifecycle.change_delivery(unit, delivery, state=State.LIVE if out else State.CANCELLED)
            message = _("Delivery {id} is dropped.").format(id=delivery_id)
            if out:
                message = _("Delivery {id}: the rest of the thread is dropped, the beginning stays.").format(
                    id=delivery_id
                )
            return self._done(unit, "delivery.resolve_drop", delivery, post, message)

    def hold(self, delivery_id: int) -> Receipt:
        """Keep a delivery back until it is released."""
        with self._db.unit() as unit:
            delivery, post = self._row(unit, delivery_id)
            if delivery.state not in (State.PLANNED, State.APPROVED, State.ARMED):
                raise InvalidInput(
                    _("Delivery {id} is {state}: it cannot be held.").format(id=delivery_id, state=delivery.state),
                    field="delivery",
                )
            lifecycle.change_delivery(unit, delivery, state=State.HELD)
            delivery.error_message = _("held by {who}").format(who=self._actor)
            message = _("Delivery {id} is held.").format(id=delivery_id)
            return self._done(unit, "delivery.hold", delivery, post, message)

    def takedown(self, delivery_id: int) -> Receipt:
        """Delete what is live from the network, at the worker's next pass. There is no way back."""
        with self._db.unit() as unit:
            delivery, post = self._row(unit, delivery_id)
            done = [row for row in self._intents(unit, delivery_id) if row.state == IntentState.DONE]
            if delivery.state != State.LIVE or not any(row.remote_id for row in done if row.kind != COMMENT):
                raise InvalidInput(
                    _("Delivery {id} is {state}: there is nothing to take down.").format(
                        id=delivery_id, state=delivery.state
                    ),
                    field="delivery",
                )
            known = {
                (row.generation, row.position): row
                for row in unit.session.exec(
                    select(IntentTable).where(IntentTable.delivery_id == delivery_id, IntentTable.kind == "delete")
                )
            }
            for open_chore in unit.session.exec(
                select(IntentTable).where(
                    IntentTable.delivery_id == delivery_id,
                    col(IntentTable.kind).in_(("edit", "pin", "unpin")),
                    col(IntentTable.state).in_((IntentState.PENDING, IntentState.SENDING)),
                )
            ):
                open_chore.state = IntentState.DROPPED
            for intent in reversed([row for row in done if row.remote_id]):
                if (again := known.get((intent.generation, intent.position))) is not None:
                    if again.state == IntentState.FAILED:
                        again.state = IntentState.PENDING
                    continue
                payload = {"target": intent.id, "id": intent.remote_id, "url": intent.remote_url}
                unit.session.add(
                    IntentTable(
                        delivery_id=delivery_id,
                        kind="delete",
                        position=intent.position,
                        generation=intent.generation,
                        identity=new_uuid(),
                        payload=payload,
                        payload_hash=digest(payload),
                        created_at=unit.now,
                    )
                )
            delivery.next_try_at = unit.now
            message = _("Delivery {id} is taken down at the worker's next pass.").format(id=delivery_id)
            unit.audit(
                "delivery.takedown", "delivery", delivery_id, message, actor=self._actor, project_id=post.project_id
            )
            return Receipt(message, ids=(delivery_id,))

    def _row(self, unit: UnitOfWork, delivery_id: int) -> tuple[DeliveryTable, PostTable]:
        delivery = unit.session.get(DeliveryTable, delivery_id)
        if delivery is None:
            raise InvalidInput(
                _("There is no delivery {id}.").format(id=delivery_id),
                _("`smm-tui post show ID` lists the deliveries of a post."),
                field="delivery",
            )
        return delivery, unit.session.get_one(PostTable, delivery.post_id)

    def _open(self, unit: UnitOfWork, delivery_id: int) -> tuple[DeliveryTable, PostTable]:
        delivery, post = self._row(unit, delivery_id)
        if State(delivery.state) not in RESOLVABLE:
            raise InvalidInput(
                _("Delivery {id} is {state}: it asks nothing.").format(id=delivery_id, state=delivery.state),
                field="delivery",
            )
        return delivery, post

    def _intents(self, unit: UnitOfWork, delivery_id: int) -> list[IntentTable]:
        return list(
            unit.session.exec(
                select(IntentTable)
                .where(IntentTable.delivery_id == delivery_id, col(IntentTable.kind).in_(("publish", COMMENT)))
                .order_by(col(IntentTable.generation), col(IntentTable.position))
            )
        )

    def _done(self, unit: UnitOfWork, verb: str, delivery: DeliveryTable, post: PostTable, message: str) -> Receipt:
        unit.session.flush()
        lifecycle.refresh_post(unit, post)
        unit.audit(verb, "delivery", delivery.id, message, actor=self._actor, project_id=post.project_id)
        undo = unit.undoable(message, actor=self._actor, project_id=post.project_id)
        return Receipt(message, undo=undo, ids=(delivery.id or 0,))


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return url.isprintable() and parts.scheme in ("http", "https", "at") and bool(parts.netloc)
