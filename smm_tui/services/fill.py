"""Laying the scheme over a month: its open places become drafts, all in one step, or one of them does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads import scheme as reads
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.db.tables import DeliveryTable, IdeaTable, PostMediaTable, PostTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import zones
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.states import State
from smm_tui.domain.when import PlannedTime, require_future
from smm_tui.i18n import _
from smm_tui.services.proposal import Proposal, filled_message, propose
from smm_tui.services.receipt import Receipt


class NewDraft(NamedTuple):
    """A post to be written on: `accounts` None means all of the project's."""

    kind: str
    text: str
    wall: datetime | None
    accounts: Sequence[int] | None = None
    pillar_id: int | None = None
    media: Sequence[tuple[str, str]] = ()
    idea_id: int | None = None


class FillService:
    """Commands that make drafts. A draft has its time and accounts, and goes out only once a person has saved or
    approved it."""

    def __init__(self, db: Database, actor: str) -> None:
        self._db = db
        self._actor = actor

    def propose(self, project_id: int, year: int, month: int) -> Proposal:
        """What `fill` would do now."""
        return propose(self._db, project_id, year, month)

    def fill(self, project_id: int, year: int, month: int) -> Receipt:
        """Make drafts of all open places of a month that lie ahead, in one transaction and one step of undo."""
        with self._db.unit() as unit:
            proposal = propose(self._db, project_id, year, month)
            if not proposal.filled:
                return Receipt(_("There is no open place in this month."), 0)
            posts = [
                self._add(
                    unit,
                    proposal.project,
                    NewDraft(
                        one.kind,
                        one.text,
                        one.wall,
                        one.place.slot.accounts,
                        one.pillar_id,
                        one.idea.media if one.idea is not None else (),
                        None if one.idea is None else one.idea.id,
                    ),
                )
                for one in proposal.filled
            ]
            message = _("Filled {month}.").format(month=f"{year:04}-{month:02}")
            return self._done(unit, "plan.fill", posts, f"{message} {filled_message(proposal)}")

    def use_idea(
        self,
        project_id: int,
        idea_id: int,
        wall: datetime | None = None,
        *,
        kind: str = "",
        accounts: Sequence[int] | None = None,
        pillar_id: int | None = None,
    ) -> Receipt:
        """Make a draft of an idea, at a wall time of the project or without one. `kind` is that of the place, if any:
        without it the idea's, else the project's first."""
        with self._db.unit() as unit:
            project = project_reads.project(self._db, project_id)
            idea = next((one for one in reads.ideas(self._db, project_id) if one.id == idea_id), None)
            if project is None or idea is None:
                raise InvalidInput(_("The idea is used already, or not there any more."), field="idea")
            types = reads.content_types(self._db, project_id)
            chosen = next(name for name in (kind, idea.content_type, next(iter(types))) if name)
            post = self._add(
                unit,
                project,
                NewDraft(chosen, idea.text, wall, accounts, pillar_id or idea.pillar_id, idea.media, idea_id),
            )
            message = _("Made a draft of the idea: post {id}.").format(id=post.id)
            return self._done(unit, "idea.use", [post], message)

    def _add(self, unit: UnitOfWork, project: ProjectRow, draft: NewDraft) -> PostTable:
        types = reads.content_types(self._db, project.id)
        instant = None
        if draft.wall is not None:
            instant = zones.resolve(draft.wall, project.timezone)
            require_future(PlannedTime(draft.wall, project.timezone, instant), unit.now)
        kind = types.get(draft.kind)
        post = PostTable(
            project_id=project.id,
            content_type=draft.kind,
            text=draft.text,
            zone=project.timezone,
            planned_wall=None if draft.wall is None else draft.wall.isoformat(timespec="seconds"),
            planned_at=instant,
            late_rule=kind.late_rule if kind is not None else "ask",
            language=project.language,
            pillar_id=draft.pillar_id,
            created_at=unit.now,
            updated_at=unit.now,
            version=1,
        )
        unit.session.add(post)
        unit.session.flush()
        number = post.id or 0
        for position, (sha256, alt) in enumerate(draft.media):
            unit.session.add(PostMediaTable(post_id=number, position=position, sha256=sha256, alt=alt))
        for account in account_reads.of_project(self._db, project.id):
            if draft.accounts is None or account.id in draft.accounts:
                unit.session.add(
                    DeliveryTable(post_id=number, account_id=account.id, state=State.DRAFT, due_at=instant)
                )
        if draft.idea_id is not None:
            idea = unit.session.get_one(IdeaTable, draft.idea_id)
            idea.used_at, idea.used_post_id = instant or unit.now, number
        return post

    def _done(self, unit: UnitOfWork, verb: str, posts: Sequence[PostTable], message: str) -> Receipt:
        unit.session.flush()
        project_id = posts[0].project_id
        for post in posts:
            unit.audit(verb, "post", post.id, message, actor=self._actor, project_id=project_id)
        undo = unit.undoable(message, actor=self._actor, project_id=project_id)
        return Receipt(message, len(posts), undo, tuple(post.id or 0 for post in posts))
