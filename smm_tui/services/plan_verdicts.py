"""What a reviewer wrote beside the posts of a plan file: approvals, returns and comments.

An approval is only taken for what the reviewer saw: where the post will not be as the file shows it, it is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import reviews as review_reads
from smm_tui.db.tables import DeliveryTable, PostCommentTable, PostTable, ProjectTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.approval import Audience, Review
from smm_tui.domain.clock import Instant
from smm_tui.domain.inert import inert
from smm_tui.domain.plan_document import UNSAID, Flaw
from smm_tui.domain.states import Approval, State
from smm_tui.domain.zones import resolve
from smm_tui.i18n import _, ngettext
from smm_tui.services import lifecycle, month_seal
from smm_tui.services.plan_compare import Change, Kind
from smm_tui.services.plan_queries import PlanMonth
from smm_tui.services.review import COMMENT_LIMIT

APPROVED, RETURNED = "approved", "returned"


class Judgement(NamedTuple):
    """A post as the transaction holds it, and what was said of it."""

    post: PostTable
    deliveries: Sequence[DeliveryTable]
    verdict: str
    comment: str


def checked(db: Database, plan: PlanMonth, changes: Sequence[Change]) -> tuple[list[Change], list[Flaw]]:
    """The changes, without the verdicts that cannot be taken, and why those cannot."""
    fit, flaws = [], []
    for change in changes:
        if change.said != UNSAID and (reason := _objection(change, db.clock())):
            flaws.append(Flaw(change.line, reason))
            fit.append(replace(change, said=UNSAID))
        else:
            fit.append(change)
    approved = {change.line for change in fit if change.said.verdict == APPROVED}
    if approved and not _month_is_open(db, plan):
        left = _left_out(plan, fit, db.clock())
        if left:
            message = ngettext(
                "{project} approves months as a whole: {count} post has no approving verdict.",
                "{project} approves months as a whole: {count} posts have no approving verdict.",
                left,
            ).format(project=inert(plan.project.name), count=left)
            flaws.append(Flaw(min(approved), message))
            fit = [replace(one, said=UNSAID) if one.said.verdict == APPROVED else one for one in fit]
    return fit, flaws


def _objection(change: Change, now: Instant) -> str:
    """Why what was said of a post cannot be taken; empty: it can."""
    there, said = change.database, change.said
    name = _("This post") if there is None else _("Post {id}").format(id=there.row.id)
    if len(said.comment) > COMMENT_LIMIT:
        return _("The comment has {count} characters; at most {limit} are kept.").format(
            count=len(said.comment), limit=COMMENT_LIMIT
        )
    if said.verdict == RETURNED and not said.comment:
        return _("{post} is returned without a comment: say what is to be changed.").format(post=name)
    if not said.verdict:
        return ""
    if change.differs or change.gone:
        return _("{post} was changed here since the file was written: its verdict is not taken.").format(post=name)
    if said.verdict == RETURNED and there is not None and any(item.out for item in there.deliveries):
        return _("{post} is out already: there is nothing to return.").format(post=name)
    if said.verdict == APPROVED and change.file is not None:
        if not change.file.accounts:
            return _("{post} goes to no account: there is nothing to approve.").format(post=name)
        if _waits(change) and _instant(change) <= now:
            return _("{post}: its time has passed; move it to another first.").format(post=name)
    return ""


def _waits(change: Change) -> bool:
    """Whether a post will wait for approval once the file is applied."""
    there = change.database
    return there is None or change.kind is Kind.CHANGED or there.row.state == State.PLANNED


def _instant(change: Change) -> Instant:
    if change.database is not None and change.database.content.at == (change.file or change.database.content).at:
        return change.database.row.planned_at
    if change.file is None:
        return 0
    wall, _space, word = change.file.at.partition(" ")
    return resolve(datetime.fromisoformat(wall), change.file.zone, int(word == "second"))


def _month_is_open(db: Database, plan: PlanMonth) -> bool:
    """Whether single posts may be approved."""
    if plan.project.approval != Approval.MONTH:
        return True
    return review_reads.month_approval(db, plan.project.id, f"{plan.year:04}-{plan.month:02}") is not None


def _left_out(plan: PlanMonth, changes: Sequence[Change], now: Instant) -> int:
    """How many posts of the month would wait for approval still."""
    approved = {change.post_id for change in changes if change.said.verdict == APPROVED}
    waiting = {post.row.id for post in plan.posts if post.row.state == State.PLANNED and post.row.planned_at > now}
    waiting |= {change.post_id for change in changes if change.kind is Kind.CHANGED and change.post_id is not None}
    new = sum(change.kind is Kind.ADDED and change.said.verdict != APPROVED for change in changes)
    return len(waiting - approved) + new


def take(
    unit: UnitOfWork, judgements: Sequence[Judgement], project: ProjectTable, month: str, *, by: str
) -> list[int]:
    """Approve, return and comment; the numbers of the posts of which something was new."""
    ids = [judgement.post.id or 0 for judgement in judgements]
    said_before = {
        (row.post_id, row.verdict, row.text)
        for row in unit.session.exec(select(PostCommentTable).where(col(PostCommentTable.post_id).in_(ids)))
    }
    touched = []
    approving = False
    for post, deliveries, verdict, comment in judgements:
        new = False
        if verdict == APPROVED:
            for delivery in deliveries:
                if delivery.state in (State.PLANNED, State.DRAFT):
                    lifecycle.approve_delivery(unit, post, delivery, by=by, at=unit.now)
                    new = approving = True
            if new:
                post.review, post.submitted_at = Review.NONE, None
        elif verdict == RETURNED and (post.id, RETURNED, comment) not in said_before:
            for delivery in deliveries:
                if delivery.approved_hash is not None:
                    lifecycle.void_approval(unit, delivery)
            post.review, post.submitted_at = Review.RETURNED, None
            new = True
        if comment and (post.id, verdict, comment) not in said_before:
            unit.session.add(
                PostCommentTable(
                    post_id=post.id or 0,
                    author=project.client or by,
                    audience=Audience.CLIENT,
                    verdict=verdict,
                    text=comment,
                    created_at=unit.now,
                )
            )
            new = True
        if new:
            touched.append(post.id or 0)
    if approving and not lifecycle.month_covers(unit, project, month):
        month_seal.seal(unit, project.id or 0, month, by=by)
    return touched
