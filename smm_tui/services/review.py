"""Submitting, returning, approving as a whole, and what is said about posts meanwhile."""

from __future__ import annotations

from collections.abc import Container, Sequence

from smm_tui.db.database import Database
from smm_tui.db.tables import PostCommentTable, PostTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.approval import Audience, Review
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.states import State
from smm_tui.i18n import _, ngettext
from smm_tui.services import lifecycle, month_seal
from smm_tui.services.plan_queries import PlanQueries
from smm_tui.services.posts import PostService
from smm_tui.services.receipt import Receipt
from smm_tui.services.review_queries import ReviewQueries

COMMENT_LIMIT = 10_000
"""Characters of a comment."""


class ReviewService(ReviewQueries):
    """Commands of approval; each is one transaction and one step of undo."""

    def __init__(self, db: Database, actor: str, plans: PlanQueries, posts: PostService) -> None:
        super().__init__(db, plans)
        self._actor = actor
        self._posts = posts

    def submit(self, post_ids: Sequence[int]) -> Receipt:
        """Put posts before whoever approves them; each must be fit to be approved. All or none."""
        with self._db.unit() as unit:
            rows = []
            for post in [self._posts.row(unit, post_id) for post_id in post_ids]:
                if self._posts.approvable(unit, post) and post.review != Review.SUBMITTED:
                    post.review, post.submitted_at = Review.SUBMITTED, unit.now
                    _count(unit, post)
                    rows.append(post)
            if not rows:
                return Receipt(_("Nothing to submit: it is submitted or approved already."), 0)
            message = ngettext("Submitted {count} post.", "Submitted {count} posts.", len(rows)).format(
                count=len(rows)
            )
            return self._done(unit, "post.submit", rows, message)

    def submit_month(self, project_id: int, year: int, month: int) -> Receipt:
        """Put all posts of a month that lie ahead and are not approved before whoever approves them."""
        waiting = self._waiting(project_id, year, month)
        if not waiting:
            return Receipt(_("Nothing in this month waits for approval."), 0)
        return self.submit(waiting)

    def approve_month(self, project_id: int, year: int, month: int, *, let_pass: Container[str] = ()) -> Receipt:
        """Approve a month as a whole, byte for byte: every planned post that lies ahead, or none where one is in the
        way. The hash over all of it is kept; what differs from it later is a deviation. `let_pass` as for posts."""
        name = f"{year:04}-{month:02}"
        with self._db.unit() as unit:
            waiting = self._waiting(project_id, year, month)
            before = self.approval(project_id, year, month)
            if not waiting:
                covered = month_seal.decided(unit, project_id, name)
                if not covered or (before is not None and before.posts == covered):
                    return Receipt(_("Nothing in this month waits for approval."), 0)
            rows = self._posts.approve_in(unit, waiting, let_pass=let_pass)
            approved = month_seal.seal(unit, project_id, name, by=self._actor)
            message = month_seal.told(approved)
            for post in rows:
                unit.audit("post.approve", "post", post.id, message, actor=self._actor, project_id=project_id)
            undo = unit.undoable(message, actor=self._actor, project_id=project_id)
            return Receipt(message, len(rows) or len(approved.posts), undo, tuple(map(int, approved.posts)))

    def send_back(self, post_ids: Sequence[int], text: str, audience: str = Audience.CLIENT) -> Receipt:
        """Return posts with what is to be changed; approvals of them are void. Refused for what is out already."""
        text = _checked(text)
        with self._db.unit() as unit:
            rows = [self._posts.row(unit, post_id) for post_id in post_ids]
            for post in rows:
                deliveries = lifecycle.deliveries_of(unit, post.id or 0)
                if any(lifecycle.is_out(row) for row in deliveries) or post.state == State.CANCELLED:
                    raise InvalidInput(
                        _("Post {id} is {state}: there is nothing to return.").format(id=post.id, state=post.state),
                        field="post",
                    )
                for row in deliveries:
                    if row.approved_hash is not None:
                        lifecycle.void_approval(unit, row)
                unit.session.flush()
                lifecycle.refresh_post(unit, post)
                post.review, post.submitted_at = Review.RETURNED, None
                unit.session.add(self._comment(unit, post, text, audience, Review.RETURNED))
            message = ngettext("Returned {count} post: {text}", "Returned {count} posts: {text}", len(rows)).format(
                count=len(rows), text=text
            )
            return self._done(unit, "post.return", rows, message)

    def comment(self, post_id: int, text: str, audience: str = Audience.INTERNAL) -> Receipt:
        """Say something about a post, among us or to the client."""
        text = _checked(text)
        with self._db.unit() as unit:
            post = self._posts.row(unit, post_id)
            unit.session.add(self._comment(unit, post, text, audience))
            message = _("Commented on post {id}: {text}").format(id=post_id, text=text)
            return self._done(unit, "post.comment", [post], message)

    def _waiting(self, project_id: int, year: int, month: int) -> list[int]:
        now = self._db.clock()
        return [
            post.row.id
            for post in self._plans.month(project_id, year, month).posts
            if post.row.state == State.PLANNED and post.row.planned_at > now
        ]

    def _comment(
        self, unit: UnitOfWork, post: PostTable, text: str, audience: str, verdict: str = ""
    ) -> PostCommentTable:
        return PostCommentTable(
            post_id=post.id or 0,
            author=self._actor,
            audience=audience,
            verdict=verdict,
            text=text,
            created_at=unit.now,
        )

    def _done(self, unit: UnitOfWork, verb: str, rows: Sequence[PostTable], message: str) -> Receipt:
        for post in rows:
            unit.audit(verb, "post", post.id, message, actor=self._actor, project_id=post.project_id)
        projects = {post.project_id for post in rows}
        undo = unit.undoable(message, actor=self._actor, project_id=projects.pop() if len(projects) == 1 else None)
        return Receipt(message, len(rows), undo, tuple(post.id or 0 for post in rows))


def _count(unit: UnitOfWork, post: PostTable) -> None:
    post.updated_at = unit.now
    post.version += 1


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise InvalidInput(_("A comment needs words."), field="text")
    if len(text) > COMMENT_LIMIT:
        raise InvalidInput(
            _("The comment has {count} characters; at most {limit} are kept.").format(
                count=len(text), limit=COMMENT_LIMIT
            ),
            field="text",
        )
    return text
