"""Applying a plan file: everything it says in one transaction and one step of undo, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from sqlmodel import SQLModel, col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import scheme as scheme_reads
from smm_tui.db.tables import DeliveryTable, PostMediaTable, PostTable, ProjectTable, VariantTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import states
from smm_tui.domain.errors import InvalidInput, SmmError
from smm_tui.domain.plan_document import UNSAID, Content, Flaw, PlanDocument, Said
from smm_tui.domain.states import State
from smm_tui.domain.when import PlannedTime, parse_when
from smm_tui.i18n import _, ngettext
from smm_tui.services import lifecycle, plan_verdicts
from smm_tui.services.extras import Extras
from smm_tui.services.plan_compare import Change, Comparison, Kind, compare
from smm_tui.services.plan_queries import MonthPost, PlanQueries
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.posts import PostService, void_words
from smm_tui.services.receipt import Receipt

T = TypeVar("T", bound=SQLModel)
_CHUNK = 500
_NAMED = 9
"""So many bad places stand in the sentence; the rest is counted."""


class PlanRefused(InvalidInput):
    """A plan file that cannot be applied; `flaws` are all of its bad places, in order."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        first = [
            _("Line {line}: {message}").format(line=flaw.line, message=flaw.message) if flaw.line else flaw.message
            for flaw in flaws[:_NAMED]
        ]
        if len(flaws) > _NAMED:
            more = len(flaws) - _NAMED
            first.append(ngettext("And {count} more.", "And {count} more.", more).format(count=more))
        super().__init__("\n".join(first), _("Nothing was changed. Mend these places and try again."), field="file")
        self.flaws = tuple(flaws)


class _Draft(NamedTuple):
    """A post to write: checked, and with its time and rubric."""

    post: PostDraft
    when: PlannedTime
    pillar_id: int | None


@dataclass(eq=False)
class _Rows:
    """A post and what hangs on it, as the session holds them."""

    post: PostTable
    deliveries: list[DeliveryTable] = field(default_factory=list)
    variants: list[VariantTable] = field(default_factory=list)
    media: list[PostMediaTable] = field(default_factory=list)


class PlanService:
    """Commands on a month as a whole."""

    def __init__(self, db: Database, actor: str, plans: PlanQueries, posts: PostService) -> None:
        self._db = db
        self._actor = actor
        self._plans = plans
        self._posts = posts

    def compare(
        self, project_id: int, year: int, month: int, document: PlanDocument, flaws: Sequence[Flaw] = ()
    ) -> Comparison:
        """What applying a file would do; `flaws` are those of reading it."""
        return self._compare(project_id, year, month, document, flaws)[0]

    def _compare(
        self, project_id: int, year: int, month: int, document: PlanDocument, flaws: Sequence[Flaw]
    ) -> tuple[Comparison, list[_Draft | None]]:
        """The comparison, and what is to be written of each of its changes."""
        plan = self._plans.month(project_id, year, month)
        if plan.project.archived_at is not None:
            raise InvalidInput(_("There is no such project, or it is archived."), field="project")
        comparison = compare(self._db, plan, document, flaws)
        found = list(comparison.flaws)
        changes = []
        drafts: list[_Draft | None] = []
        for change in comparison.changes:
            draft = None
            try:
                if change.kind in (Kind.ADDED, Kind.CHANGED) and change.file is not None:
                    draft = self._draft(project_id, change.file, change.database)
                elif change.kind is Kind.REMOVED:
                    _refuse_removing(change)
            except SmmError as error:
                found.append(Flaw(change.line, error.message))
            else:
                changes.append(change)
                drafts.append(draft)
        fit, wrong = plan_verdicts.checked(self._db, plan, changes)
        return Comparison(tuple(fit), tuple(sorted([*found, *wrong]))), drafts

    def apply(
        self,
        project_id: int,
        year: int,
        month: int,
        document: PlanDocument,
        flaws: Sequence[Flaw] = (),
        *,
        remove: bool = False,
        skip_bad: bool = False,
    ) -> tuple[Receipt, Comparison]:
        """Do what a file says. `remove` cancels the posts it has lost; `skip_bad` leaves its bad places out.

        Raises PlanRefused, and changes nothing, when a place is bad. Conflicts are left as they are in the database.
        """
        with self._db.unit() as unit:
            comparison, drafts = self._compare(project_id, year, month, document, flaws)
            if comparison.flaws and not skip_bad:
                raise PlanRefused(comparison.flaws)
            pairs = list(zip(comparison.changes, drafts, strict=True))
            added = comparison.of(Kind.ADDED)
            changed = comparison.of(Kind.CHANGED)
            removed = comparison.of(Kind.REMOVED) if remove else []
            judged = [change for change in comparison.changes if change.said != UNSAID]
            if not (added or changed or removed or judged):
                return Receipt(_("The plan is as the file says; nothing was changed."), 0), comparison
            rows = _load(unit, sorted({change.post_id or 0 for change in (*changed, *removed, *judged)} - {0}))
            new = iter(_new(unit, [draft for change, draft in pairs if draft and change.kind is Kind.ADDED]))
            touched = []
            said = []
            voided = 0
            for change, draft in pairs:
                there = change.database
                one = rows[there.row.id] if there is not None and there.row.id in rows else None
                if draft is not None and there is None:
                    one = next(new)
                    _write(unit, one, draft)
                    touched.append(one)
                elif draft is not None and one is not None and there is not None and change.file is not None:
                    voided += _change(unit, one, there.content, change.file, draft)
                    touched.append(one)
                if one is not None and change.said != UNSAID:
                    said.append((one, change.said))
            for change in removed:
                one = rows[change.post_id or 0]
                _cancel(unit, one)
                touched.append(one)
            unit.session.flush()
            name = f"{year:04}-{month:02}"
            taken = self._take(unit, project_id, name, said)
            touched += [one for one in taken if one not in touched]
            if not touched:
                return Receipt(_("The plan is as the file says; nothing was changed."), 0), comparison
            message = _("Applied the plan of {month}: {added} added, {changed} changed, {removed} cancelled.").format(
                month=name, added=len(added), changed=len(changed), removed=len(removed)
            )
            if taken:
                message += " " + ngettext(
                    "What was said of {count} post is taken.", "What was said of {count} posts is taken.", len(taken)
                ).format(count=len(taken))
            message += void_words(voided)
            for one in touched:
                unit.audit("plan.apply", "post", one.post.id, message, actor=self._actor, project_id=project_id)
            undo = unit.undoable(message, actor=self._actor, project_id=project_id)
            ids = tuple(one.post.id or 0 for one in touched)
            return Receipt(message, len(touched), undo, ids), comparison

    def _take(self, unit: UnitOfWork, project_id: int, month: str, said: Sequence[tuple[_Rows, Said]]) -> list[_Rows]:
        """Take the verdicts and comments; what they changed."""
        judgements = [plan_verdicts.Judgement(one.post, one.deliveries, *words) for one, words in said]
        project = unit.session.get_one(ProjectTable, project_id)
        ids = plan_verdicts.take(unit, judgements, project, month, by=self._actor)
        taken = [one for one, _words in said if one.post.id in ids]
        for one in taken:
            _settle(unit, one)
        return taken

    def _draft(self, project_id: int, content: Content, there: MonthPost | None = None) -> _Draft:
        """The post the file asks for, in the place of one that is there; InvalidInput for what no post may be."""
        if there is not None and (there.content.at, there.content.zone) == (content.at, content.zone):
            when = PlannedTime(there.wall, there.row.zone, there.row.planned_at)
        else:
            when = parse_when(content.at, now=self._db.clock(), zone=content.zone)
        draft = PostDraft(
            project_id,
            content.type,
            content.text,
            when,
            content.accounts,
            dict(content.variants),
            content.media,
            content.content_warning,
            content.labels,
            content.language,
            content.late,
            _extras(content),
        )
        pillar = None
        if content.pillar:
            pillar = scheme_reads.pillar_named(self._db, project_id, content.pillar)
        return _Draft(self._posts.checked(draft, None if there is None else there.row.planned_at), when, pillar)


def _extras(content: Content) -> Extras:
    from smm_tui.networks.ports import LinkCard, Poll

    return Extras(
        None if content.poll is None else Poll(*content.poll),
        None if content.card is None else LinkCard(*content.card),
        content.first_comment,
    )


def _refuse_removing(change: Change) -> None:
    there = change.database
    if there is not None and any(item.out for item in there.deliveries):
        raise InvalidInput(_("Post {id} is out already and cannot be cancelled.").format(id=there.row.id))


# Rows in bulk: a thousand posts must not cost ten thousand queries.


def _load(unit: UnitOfWork, ids: Sequence[int]) -> dict[int, _Rows]:
    rows = {post.id or 0: _Rows(post) for post in _in(unit, PostTable, "id", ids)}
    for delivery in _in(unit, DeliveryTable, "post_id", ids):
        rows[delivery.post_id].deliveries.append(delivery)
    for variant in _in(unit, VariantTable, "post_id", ids):
        rows[variant.post_id].variants.append(variant)
    for item in sorted(_in(unit, PostMediaTable, "post_id", ids), key=lambda item: item.position):
        rows[item.post_id].media.append(item)
    return rows


def _in(unit: UnitOfWork, table: type[T], column: str, ids: Sequence[int]) -> Iterable[T]:
    for start in range(0, len(ids), _CHUNK):
        yield from unit.session.exec(
            select(table).where(col(getattr(table, column)).in_(ids[start : start + _CHUNK]))
        )


def _new(unit: UnitOfWork, drafts: Sequence[_Draft]) -> list[_Rows]:
    posts = [
        PostTable(
            project_id=draft.post.project_id,
            content_type=draft.post.content_type,
            zone=draft.when.zone,
            late_rule=draft.post.late_rule,
            created_at=unit.now,
            updated_at=unit.now,
            version=0,
        )
        for draft in drafts
    ]
    unit.session.add_all(posts)
    unit.session.flush()
    return [_Rows(post) for post in posts]


def _change(unit: UnitOfWork, rows: _Rows, before: Content, after: Content, draft: _Draft) -> int:
    """Write a changed post; how many approvals became void."""
    approved = [row for row in rows.deliveries if row.approved_hash is not None]
    for row in approved:
        if _open(row) and before.shown_on(row.account_id) != after.shown_on(row.account_id):
            lifecycle.void_approval(unit, row)
    _write(unit, rows, draft)
    return sum(row.approved_hash is None for row in approved)


def _write(unit: UnitOfWork, rows: _Rows, planned: _Draft) -> None:
    post, draft, when = rows.post, planned.post, planned.when
    post.content_type, post.text, post.late_rule = draft.content_type, draft.text, draft.late_rule
    post.language, post.content_warning = draft.language, draft.content_warning
    post.labels = list(draft.labels)
    extras = draft.extras.to_json()
    post.poll, post.card = extras.get("poll"), extras.get("card")
    post.first_comment, post.pillar_id = draft.extras.first_comment, planned.pillar_id
    post.zone, post.planned_at = when.zone, when.instant
    post.planned_wall = when.wall.isoformat(timespec="seconds")
    _write_parts(unit, rows, draft)
    _write_deliveries(unit, rows, draft.accounts or ())
    _settle(unit, rows)


def _write_parts(unit: UnitOfWork, rows: _Rows, draft: PostDraft) -> None:
    number = rows.post.id or 0
    own = {row.account_id: row for row in rows.variants}
    for account, row in own.items():
        if account not in draft.variants:
            unit.session.delete(row)
    for account, text in draft.variants.items():
        if account in own:
            own[account].text = text
        else:
            unit.session.add(VariantTable(post_id=number, account_id=account, text=text))
    for item, (sha256, alt) in zip(rows.media, draft.media, strict=False):
        item.sha256, item.alt = sha256, alt
    for item in rows.media[len(draft.media) :]:
        unit.session.delete(item)
    for position, (sha256, alt) in list(enumerate(draft.media))[len(rows.media) :]:
        unit.session.add(PostMediaTable(post_id=number, position=position, sha256=sha256, alt=alt))


def _write_deliveries(unit: UnitOfWork, rows: _Rows, accounts: Sequence[int]) -> None:
    known = {row.account_id: row for row in rows.deliveries}
    for account in accounts:
        if account not in known:
            row = DeliveryTable(post_id=rows.post.id or 0, account_id=account)
            unit.session.add(row)
            rows.deliveries.append(row)
        elif known[account].state == State.CANCELLED:
            known[account].state, known[account].due_at = State.DRAFT, None
    for row in rows.deliveries:
        if not _open(row):
            continue
        if row.account_id not in accounts:
            lifecycle.change_delivery(unit, row, state=State.CANCELLED)
        elif row.due_at != rows.post.planned_at or row.state in (State.DRAFT, State.REJECTED, State.MISSED):
            row.due_at = rows.post.planned_at
            lifecycle.void_approval(unit, row)


def _cancel(unit: UnitOfWork, rows: _Rows) -> None:
    for row in rows.deliveries:
        if _open(row):
            lifecycle.change_delivery(unit, row, state=State.CANCELLED)
    _settle(unit, rows)
    if not rows.deliveries:
        rows.post.state = State.CANCELLED


def _settle(unit: UnitOfWork, rows: _Rows) -> None:
    rows.post.state = states.of_post([State(row.state) for row in rows.deliveries])
    rows.post.updated_at = unit.now
    rows.post.version += 1


def _open(row: DeliveryTable) -> bool:
    return State(row.state) in states.CHANGEABLE and not lifecycle.is_out(row)
