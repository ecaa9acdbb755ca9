"""How posts and deliveries change state inside a unit of work: the few moves every service shares."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import col, delete, select

from smm_tui.db.tables import (
    AccountTable,
    AttemptTable,
    DeliveryTable,
    IntentTable,
    MonthApprovalTable,
    PostMediaTable,
    PostTable,
    ProjectTable,
    VariantTable,
)
from smm_tui.domain import states, zones
from smm_tui.domain.approval import Shown
from smm_tui.domain.clock import Instant
from smm_tui.domain.states import State

if TYPE_CHECKING:
    from smm_tui.db.unit_of_work import UnitOfWork


def deliveries_of(unit: UnitOfWork, post_id: int) -> list[DeliveryTable]:
    """The deliveries of a post."""
    rows = unit.session.exec(
        select(DeliveryTable).where(DeliveryTable.post_id == post_id).order_by(col(DeliveryTable.id))
    )
    return list(rows)


def is_out(delivery: DeliveryTable) -> bool:
    """Whether something of it has left this machine, even if a later part was refused."""
    return bool(delivery.remote_id) or State(delivery.state) in (State.SENDING, State.LIVE, State.UNKNOWN)


def refresh_post(unit: UnitOfWork, post: PostTable) -> None:
    """Let the post show the state of its worst delivery, and count the change."""
    post.state = states.of_post([State(row.state) for row in deliveries_of(unit, post.id or 0)])
    post.updated_at = unit.now
    post.version += 1


def change_delivery(unit: UnitOfWork, delivery: DeliveryTable, *, state: str) -> None:
    """Move a delivery that has not left this machine; what was armed is disarmed. The caller refreshes the post."""
    if delivery.state == State.ARMED and not is_out(delivery):
        drop_unsent_intents(unit, delivery.id or 0)
    delivery.state = state
    delivery.next_try_at = None
    delivery.needs_human = False
    delivery.late_accepted = False
    delivery.error_kind = delivery.error_message = delivery.error_hint = delivery.error_field = ""


def void_approval(unit: UnitOfWork, delivery: DeliveryTable) -> None:
    """What was approved has changed: approval must be given again."""
    change_delivery(unit, delivery, state=State.PLANNED if delivery.due_at is not None else State.DRAFT)
    delivery.approved_hash = None
    delivery.approved_at = None
    delivery.approved_by = ""


def drop_unsent_intents(unit: UnitOfWork, delivery_id: int) -> None:
    """Forget intents that never had an attempt; the others are evidence and stay."""
    tried = select(AttemptTable.intent_id)
    unit.session.exec(
        delete(IntentTable).where(
            col(IntentTable.delivery_id) == delivery_id,
            col(IntentTable.state) == states.IntentState.PENDING,
            col(IntentTable.id).not_in(tried),
        )
    )
    for intent in unit.session.exec(
        select(IntentTable).where(
            IntentTable.delivery_id == delivery_id, IntentTable.state == states.IntentState.PENDING
        )
    ):
        intent.state = states.IntentState.DROPPED


def set_planned_time(unit: UnitOfWork, post: PostTable, *, wall: str | None, zone: str, fold: int = 0) -> None:
    """Give a post its time: wall time as meant, its zone, and the instant; approvals of another time are void."""
    post.zone = zone
    post.planned_wall = wall
    post.planned_at = None if wall is None else zones.resolve(datetime.fromisoformat(wall), zone, fold)
    follow_time(unit, post)


def follow_time(unit: UnitOfWork, post: PostTable) -> None:
    """Let the deliveries that have not gone out follow the post's time."""
    for delivery in deliveries_of(unit, post.id or 0):
        if is_out(delivery) or delivery.state == State.CANCELLED or delivery.due_at == post.planned_at:
            continue
        unwritten = delivery.state == State.DRAFT and delivery.due_at is not None and post.planned_at is not None
        delivery.due_at = post.planned_at
        if not unwritten:  # a draft with a time stays one: only saving it says that it may go out
            void_approval(unit, delivery)
    unit.session.flush()
    refresh_post(unit, post)


def content_digest(unit: UnitOfWork, post: PostTable, delivery: DeliveryTable) -> str:
    """A hash over all that this delivery will show, where and when: what an approval is bound to."""
    account = unit.session.get_one(AccountTable, delivery.account_id)
    variant = unit.session.exec(
        select(VariantTable).where(VariantTable.post_id == post.id, VariantTable.account_id == delivery.account_id)
    ).first()
    media = unit.session.exec(
        select(PostMediaTable).where(PostMediaTable.post_id == post.id).order_by(col(PostMediaTable.position))
    )
    return Shown(
        post.text if variant is None else variant.text,
        post.content_warning,
        post.labels,
        post.language,
        [(item.sha256, item.alt) for item in media],
        (account.network, account.server, account.remote_id),
        post.planned_at,
        {"poll": post.poll, "card": post.card, "first_comment": post.first_comment},
    ).digest()


def month_covers(unit: UnitOfWork, project: ProjectTable, month: str) -> bool:
    """Whether a month (``2026-12``) is approved, where the project approves months; elsewhere nobody asks for it."""
    if project.approval != states.Approval.MONTH:
        return True
    found = unit.session.exec(
        select(MonthApprovalTable.id).where(
            MonthApprovalTable.project_id == project.id,
            MonthApprovalTable.month == month,
            col(MonthApprovalTable.withdrawn_at).is_(None),
        )
    )
    return found.first() is not None


def approve_delivery(unit: UnitOfWork, post: PostTable, delivery: DeliveryTable, *, by: str, at: Instant) -> None:
    """Approve exactly what this delivery would send now."""
    delivery.state = State.APPROVED
    delivery.approved_hash = content_digest(unit, post, delivery)
    delivery.approved_at = at
    delivery.approved_by = by
