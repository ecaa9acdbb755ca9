"""Who said what about a post, and how a month stands to its approval. Light to import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smm_tui.db.database import Database
from smm_tui.db.reads import reviews as reads
from smm_tui.db.reads.reviews import CommentRow, MonthApprovalRow
from smm_tui.domain import approval
from smm_tui.domain.approval import Change, Shown
from smm_tui.domain.states import State

if TYPE_CHECKING:
    from smm_tui.services.plan_queries import MonthPost, PlanMonth, PlanQueries

DECIDED = frozenset({State.APPROVED, State.ARMED, State.SENDING, State.LIVE, State.UNKNOWN})
"""States in which nobody is asked for approval any more."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """A post that is not as its month was approved. `post` is None for one that left the month; `waits`: it needs an
    approval of its own, which it does not have."""

    change: Change
    post_id: int
    parts: tuple[str, ...]
    post: MonthPost | None
    waits: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A month against its approval; None: it was never approved as a whole."""

    approval: MonthApprovalRow | None
    deviations: tuple[Deviation, ...]

    @property
    def waiting(self) -> list[Deviation]:
        """The deviations that need an approval of their own."""
        return [item for item in self.deviations if item.waits]


class ReviewQueries:
    """Questions about comments and approvals."""

    def __init__(self, db: Database, plans: PlanQueries) -> None:
        self._db = db
        self._plans = plans

    def comments(self, post_id: int) -> list[CommentRow]:
        """What was said about a post, oldest first."""
        return reads.comments(self._db, post_id)

    def approval(self, project_id: int, year: int, month: int) -> MonthApprovalRow | None:
        """The approval of a month as a whole."""
        return reads.month_approval(self._db, project_id, f"{year:04}-{month:02}")

    def standing(self, project_id: int, year: int, month: int) -> Standing:
        """What is not as it was approved."""
        approved = self.approval(project_id, year, month)
        if approved is None:
            return Standing(None, ())
        return standing(approved, self._plans.month(project_id, year, month))


def standing(approved: MonthApprovalRow, plan: PlanMonth) -> Standing:
    """A month against its approval. Posts without an account are drafts: nothing of them goes out."""
    posts = {post.row.id: post for post in plan.posts if post.deliveries}
    found = []
    for item in approval.differences(approved.posts, {number: shown(post) for number, post in posts.items()}):
        post = posts.get(item.post_id)
        waits = post is not None and any(State(row.state) not in DECIDED for row in post.deliveries)
        found.append(Deviation(item.change, item.post_id, item.parts, post, waits))
    return Standing(approved, tuple(found))


def shown(post: MonthPost) -> list[Shown]:
    """What a post shows on each of its accounts."""
    row = post.row
    return [
        Shown(
            post.variants.get(item.account_id, row.text),
            row.content_warning,
            row.labels,
            row.language,
            [(file.sha256, file.alt) for file in post.media],
            (item.network, item.server, item.account_remote_id),
            row.planned_at,
            row.extras,
        )
        for item in post.deliveries
    ]
