"""Writing down that a month is approved as a whole, within a transaction that approved its posts."""

from __future__ import annotations

from collections import defaultdict

from sqlmodel import col, select

from smm_tui.db.tables import (
    AccountTable,
    DeliveryTable,
    MonthApprovalTable,
    PostMediaTable,
    PostTable,
    VariantTable,
)
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.approval import Shown, Snapshot, month_digest, snapshot
from smm_tui.domain.states import State
from smm_tui.i18n import ngettext
from smm_tui.services.review_queries import DECIDED


def seal(unit: UnitOfWork, project_id: int, month: str, *, by: str) -> MonthApprovalTable:
    """Approve a month (``2026-12``) as it is now, in the place of what was approved of it before."""
    for old in unit.session.exec(
        select(MonthApprovalTable).where(
            MonthApprovalTable.project_id == project_id,
            MonthApprovalTable.month == month,
            col(MonthApprovalTable.withdrawn_at).is_(None),
        )
    ):
        old.withdrawn_at = unit.now
    posts = {str(number): parts for number, parts in decided(unit, project_id, month).items()}
    approved = MonthApprovalTable(
        project_id=project_id,
        month=month,
        digest=month_digest(posts),
        posts=posts,
        approved_by=by,
        approved_at=unit.now,
    )
    unit.session.add(approved)
    unit.session.flush()
    unit.audit(
        "month.approve",
        "month",
        approved.id,
        told(approved),
        actor=by,
        project_id=project_id,
        month=month,
        digest=approved.digest,
    )
    return approved


def told(approved: MonthApprovalTable) -> str:
    """What was approved, in a sentence."""
    count = len(approved.posts)
    return ngettext(
        "Approved {month} as a whole: {count} post.", "Approved {month} as a whole: {count} posts.", count
    ).format(month=approved.month, count=count)


def decided(unit: UnitOfWork, project_id: int, month: str) -> dict[int, Snapshot]:
    """The posts of a month that wait for nobody's approval any more, with what they show."""
    unit.session.flush()
    of_month = (
        PostTable.project_id == project_id,
        col(PostTable.planned_wall).startswith(f"{month}-"),
        PostTable.state != State.CANCELLED,
    )
    posts = {post.id or 0: post for post in unit.session.exec(select(PostTable).where(*of_month))}
    numbers = select(PostTable.id).where(*of_month)
    texts = {
        (row.post_id, row.account_id): row.text
        for row in unit.session.exec(select(VariantTable).where(col(VariantTable.post_id).in_(numbers)))
    }
    media = defaultdict(list)
    for item in unit.session.exec(
        select(PostMediaTable).where(col(PostMediaTable.post_id).in_(numbers)).order_by(col(PostMediaTable.position))
    ):
        media[item.post_id].append((item.sha256, item.alt))
    shown = defaultdict(list)
    waiting = set()
    for delivery, account in unit.session.exec(
        select(DeliveryTable, AccountTable)
        .join(AccountTable, col(AccountTable.id) == DeliveryTable.account_id)
        .where(col(DeliveryTable.post_id).in_(numbers), DeliveryTable.state != State.CANCELLED)
    ):
        post = posts[delivery.post_id]
        if State(delivery.state) not in DECIDED:
            waiting.add(delivery.post_id)
        shown[delivery.post_id].append(
            Shown(
                texts.get((delivery.post_id, delivery.account_id), post.text),
                post.content_warning,
                post.labels,
                post.language,
                media[delivery.post_id],
                (account.network, account.server, account.remote_id),
                post.planned_at,
                {"poll": post.poll, "card": post.card, "first_comment": post.first_comment},
            )
        )
    return {number: snapshot(shown[number]) for number in sorted(shown) if number not in waiting}
