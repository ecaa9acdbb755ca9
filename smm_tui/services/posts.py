"""Planning, changing, approving and dropping posts."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import client as client_reads
from smm_tui.db.reads import posts as reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads import scheme as scheme_reads
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.db.tables import DeliveryTable, PostMediaTable, PostTable, ProjectTable, VariantTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import lateness, states
from smm_tui.domain.approval import Review
from smm_tui.domain.clock import Instant, to_datetime
from smm_tui.domain.errors import Conflict, InvalidInput
from smm_tui.domain.inert import inert
from smm_tui.domain.language import language_tag
from smm_tui.domain.states import State
from smm_tui.domain.when import PlannedTime, require_future
from smm_tui.i18n import _, ngettext
from smm_tui.services import lifecycle, preflight
from smm_tui.services.extras import Extras
from smm_tui.services.guard import DELIVERY, Guard, covered, pass_through, refusal, said_of
from smm_tui.services.post_queries import IsOut, PostDraft, PostQueries
from smm_tui.services.preflight import Content
from smm_tui.services.receipt import Receipt

TEXT_LIMIT = 200_000
"""Characters. A longer text is a paste gone wrong, not a post."""


class PostService(PostQueries):
    """Commands on posts; each is one transaction and, where it can be taken back, one step of undo."""

    def __init__(self, db: Database, actor: str, guard: Guard) -> None:
        super().__init__(db)
        self._actor = actor
        self._guard = guard

    # Commands

    def add(self, draft: PostDraft) -> Receipt:
        """Plan a post. With a time and an account it is planned, otherwise a draft."""
        with self._db.unit() as unit:
            post, project = self.add_in(unit, draft)
            message = _("Planned post {id} for {project}.").format(id=post.id, project=project.name)
            if post.state == State.DRAFT:
                message = _("Kept post {id} for {project} as a draft.").format(id=post.id, project=project.name)
            return self.done(unit, "post.add", [post], message)

    def edit(self, post_id: int, draft: PostDraft, *, version: int) -> Receipt:
        """Change a post; approvals of what changed are void. Refused where it would change what is out already."""
        with self._db.unit() as unit:
            post = self.row_as(unit, post_id, version)
            draft = self.checked(draft, post.planned_at)
            self._refuse_changing_what_is_out(unit, post, draft)
            before = self._approved(unit, post)
            self.write(unit, post, draft)
            message = _("Changed post {id}.").format(id=post_id)
            message += void_words(len(before - self._approved(unit, post)))
            return self.done(unit, "post.edit", [post], message)

    def move(self, post_ids: Sequence[int], when: PlannedTime | None) -> Receipt:
        """Give posts another time; None makes drafts of them."""
        with self._db.unit() as unit:
            rows = [self.row(unit, post_id) for post_id in post_ids]
            approved = self.approved(unit, rows)
            for post in rows:
                self.refuse_if_out(unit, post)
                if when is None:
                    lifecycle.set_planned_time(unit, post, wall=None, zone=post.zone)
                else:
                    set_when(unit, post, when)
            message = ngettext("Moved {count} post to {when}.", "Moved {count} posts to {when}.", len(rows)).format(
                count=len(rows), when=_("no day") if when is None else f"{when.wall:%Y-%m-%d %H:%M}"
            )
            message += void_words(approved - self.approved(unit, rows))
            return self.done(unit, "post.move", rows, message)

    def copy(self, post_id: int, when: PlannedTime | None) -> Receipt:
        """Plan the same again at another time; nothing of the copy is approved."""
        draft, _version = self.draft_of(post_id)
        return self.add(replace(draft, when=when))

    def approve(self, post_ids: Sequence[int], *, let_pass: Container[str] = ()) -> Receipt:
        """Approve what these posts would send now, byte for byte. All or none.

        Refused where the project approves months and that of a post is not approved yet. WrongClient where one looks
        like another client's, but for the sentences that a person saw and lets
        pass: that is bound to the bytes and to what was found in them.
        """
        with self._db.unit() as unit:
            for post_id in post_ids:
                _require_month(unit, self.row(unit, post_id))
            rows = self.approve_in(unit, post_ids, let_pass=let_pass)
            if not rows:
                return Receipt(_("Nothing to approve: it is approved already."), 0)
            count = len(post_ids)
            message = ngettext("Approved {count} post.", "Approved {count} posts.", count).format(count=count)
            return self.done(unit, "post.approve", rows, message)

    def approve_in(
        self, unit: UnitOfWork, post_ids: Sequence[int], *, let_pass: Container[str] = ()
    ) -> list[PostTable]:
        """Approve within a transaction; the posts of which something was approved now."""
        rows = []
        found = [(post, self.approvable(unit, post)) for post in [self.row(unit, post_id) for post_id in post_ids]]
        if any(waiting for _post, waiting in found):
            self._guard.refresh()
        stopped = [
            sentence
            for post, waiting in found
            if waiting
            for sentence in self._stopped(
                unit, post, self.content(self.draft_of(post.id or 0)[0]), waiting, let_pass=let_pass
            )
        ]
        if stopped:
            raise refusal(stopped)
        for post, waiting in found:
            for delivery in waiting:
                lifecycle.approve_delivery(unit, post, delivery, by=self._actor, at=unit.now)
            unit.session.flush()
            lifecycle.refresh_post(unit, post)
            if waiting:
                post.review, post.submitted_at = Review.NONE, None
                rows.append(post)
        return rows

    def _stopped(
        self,
        unit: UnitOfWork,
        post: PostTable,
        content: Content,
        deliveries: Sequence[DeliveryTable],
        *,
        let_pass: Container[str],
    ) -> list[str]:
        """The sentences about what looks like another client's and was not let pass; `let_pass` writes that down."""
        stopped: list[str] = []
        for delivery in deliveries:
            said, number = said_of(content, delivery.account_id), delivery.id or 0
            verdict = self._guard.examine(post.project_id, said, post_id=post.id)
            if not verdict or covered(unit, DELIVERY, number, verdict):
                continue
            of = _("Post {id}").format(id=post.id)
            if unseen := [told for one in verdict.sentences if (told := f"{of}: {one}") not in let_pass]:
                stopped += unseen
            else:
                pass_through(unit, post.project_id, DELIVERY, number, verdict, actor=self._actor)
        return stopped

    def ask_guard(
        self,
        unit: UnitOfWork,
        post: PostTable,
        content: Content,
        deliveries: Sequence[DeliveryTable],
        *,
        let_pass: Container[str],
    ) -> None:
        """WrongClient for a post that looks like another client's on these deliveries; or note what is let pass."""
        self._guard.refresh()
        if stopped := self._stopped(unit, post, content, deliveries, let_pass=let_pass):
            raise refusal(stopped)

    def unapprove(self, post_ids: Sequence[int]) -> Receipt:
        """Take approvals back before anything has left."""
        with self._db.unit() as unit:
            rows = []
            for post in [self.row(unit, post_id) for post_id in post_ids]:
                approved = [
                    delivery
                    for delivery in lifecycle.deliveries_of(unit, post.id or 0)
                    if delivery.approved_hash is not None and _changeable(delivery)
                ]
                for delivery in approved:
                    lifecycle.void_approval(unit, delivery)
                if approved:
                    unit.session.flush()
                    lifecycle.refresh_post(unit, post)
                    rows.append(post)
            if not rows:
                return Receipt(_("There is no approval to take back."), 0)
            message = ngettext(
                "Took back the approval of {count} post.", "Took back the approval of {count} posts.", len(rows)
            ).format(count=len(rows))
            return self.done(unit, "post.unapprove", rows, message)

    def cancel(self, post_ids: Sequence[int]) -> Receipt:
        """Drop what has not gone out; deliveries that are out stay as they are."""
        with self._db.unit() as unit:
            rows = [self.row(unit, post_id) for post_id in post_ids]
            dropped: list[PostTable] = []
            for post in rows:
                deliveries = lifecycle.deliveries_of(unit, post.id or 0)
                open_ones = [row for row in deliveries if _changeable(row)]
                if deliveries and not open_ones:
                    if all(row.state == State.CANCELLED for row in deliveries):
                        continue
                    raise InvalidInput(
                        _("Post {id} is out already and cannot be cancelled.").format(id=post.id),
                        _("Take it down from Deliveries, or with `smm-tui post takedown`."),
                        field="post",
                    )
                for delivery in open_ones:
                    lifecycle.change_delivery(unit, delivery, state=State.CANCELLED)
                unit.session.flush()
                lifecycle.refresh_post(unit, post)
                if not deliveries:
                    post.state = State.CANCELLED
                dropped.append(post)
            if not dropped:
                return Receipt(_("Nothing to cancel: it is cancelled already."), 0)
            message = ngettext("Cancelled {count} post.", "Cancelled {count} posts.", len(dropped)).format(
                count=len(dropped)
            )
            return self.done(unit, "post.cancel", dropped, message)

    # Parts of commands

    def add_in(self, unit: UnitOfWork, draft: PostDraft) -> tuple[PostTable, ProjectRow]:
        """Plan a post within a transaction; it and its project."""
        project = project_reads.project(self._db, draft.project_id)
        if project is None or project.archived_at is not None:
            raise InvalidInput(_("There is no such project, or it is archived."), field="project")
        draft = self.checked(draft)
        post = PostTable(
            project_id=project.id,
            content_type=draft.content_type,
            text=draft.text,
            zone=project.timezone,
            late_rule=draft.late_rule,
            language=draft.language,
            content_warning=draft.content_warning,
            labels=list(draft.labels),
            **_columns(draft.extras),
            pillar_id=draft.pillar_id,
            segment_id=draft.segment_id,
            created_at=unit.now,
            updated_at=unit.now,
            version=0,
        )
        unit.session.add(post)
        unit.session.flush()
        self._write_parts(unit, post, draft)
        self._write_deliveries(unit, post, draft)
        return post, project

    def checked(self, draft: PostDraft, planned_at: Instant | None = None) -> PostDraft:
        """The draft made regular; raises InvalidInput for the first thing that is wrong with it. `planned_at` is the
        time it has now: only another one must lie ahead."""
        kind = scheme_reads.content_types(self._db, draft.project_id).find(draft.content_type)
        rule = str(lateness.late_rule(draft.late_rule or kind.late_rule))
        accounts = self.accounts(draft)
        if draft.pillar_id is not None and not scheme_reads.has_pillar(self._db, draft.project_id, draft.pillar_id):
            raise InvalidInput(_("There is no such rubric in this project."), field="pillar")
        if draft.segment_id is not None and draft.segment_id not in client_reads.segment_names(
            self._db, draft.project_id
        ):
            raise InvalidInput(_("There is no such segment in this project."), field="segment")
        if len(draft.text) > TEXT_LIMIT:
            raise InvalidInput(
                _("The text has {count} characters; that is no post.").format(count=len(draft.text)), field="text"
            )
        text = clean(draft.text)
        variants = {
            account_id: clean(variant) for account_id, variant in draft.variants.items() if clean(variant) != text
        }
        if strangers := set(variants) - {account.id for account in accounts}:
            raise InvalidInput(
                _("There is a variant for account {id}, which this post does not go to.").format(id=min(strangers)),
                field="variant",
            )
        if draft.when is not None and draft.when.instant != planned_at:
            require_future(draft.when, self._db.clock())
        draft = replace(
            draft,
            content_type=kind.name,
            late_rule=rule,
            text=text,
            variants=variants,
            content_warning=clean(draft.content_warning),
            labels=tuple(map(clean, draft.labels)),
            language=language_tag(draft.language),
            media=tuple((sha256, clean(alt)) for sha256, alt in draft.media),
            accounts=tuple(account.id for account in accounts),
            extras=draft.extras.checked(),
        )
        if draft.when is not None:
            for problem in preflight.check(accounts, self.content(draft)):
                if problem.blocking:
                    raise InvalidInput(problem.message, problem.hint, field=problem.field)
        return draft

    def row(self, unit: UnitOfWork, post_id: int) -> PostTable:
        """A post to change; InvalidInput where there is none."""
        row = unit.session.get(PostTable, post_id)
        if row is None:
            raise InvalidInput(
                _("There is no post {id}.").format(id=post_id), _("`smm-tui post list` shows them."), field="post"
            )
        return row

    def row_as(self, unit: UnitOfWork, post_id: int, version: int) -> PostTable:
        """A post to change, as it was when it was opened; Conflict where it was changed since."""
        post = self.row(unit, post_id)
        if post.version != version:
            raise Conflict(
                _("Post {id} was changed meanwhile, by you in another window or by the worker.").format(id=post_id),
                _("Look at it again; what you typed is kept."),
            )
        return post

    def write(self, unit: UnitOfWork, post: PostTable, draft: PostDraft) -> None:
        """Let a post be as a checked draft says; approvals of what changed and is not out are void."""
        post.content_type, post.text, post.late_rule = draft.content_type, draft.text, draft.late_rule
        post.language, post.content_warning = draft.language, draft.content_warning
        post.labels = list(draft.labels)
        post.pillar_id, post.segment_id = draft.pillar_id, draft.segment_id
        for name, value in _columns(draft.extras).items():
            setattr(post, name, value)
        self._write_parts(unit, post, draft)
        self._write_deliveries(unit, post, draft)

    def _write_parts(self, unit: UnitOfWork, post: PostTable, draft: PostDraft) -> None:
        """Variants and media, changed only where they differ, so that undo holds no more than that."""

        old = {
            row.account_id: row
            for row in unit.session.exec(select(VariantTable).where(VariantTable.post_id == post.id))
        }
        for account_id, row in old.items():
            if account_id not in draft.variants:
                unit.session.delete(row)
        for account_id, text in draft.variants.items():
            if account_id in old:
                old[account_id].text = text
            else:
                unit.session.add(VariantTable(post_id=post.id or 0, account_id=account_id, text=text))
        files = list(
            unit.session.exec(
                select(PostMediaTable).where(PostMediaTable.post_id == post.id).order_by(col(PostMediaTable.position))
            )
        )
        for file, (sha256, alt) in zip(files, draft.media, strict=False):
            file.sha256, file.alt = sha256, alt
        for file in files[len(draft.media) :]:
            unit.session.delete(file)
        for position in range(len(files), len(draft.media)):
            sha256, alt = draft.media[position]
            unit.session.add(PostMediaTable(post_id=post.id or 0, position=position, sha256=sha256, alt=alt))
        unit.session.flush()

    def _write_deliveries(self, unit: UnitOfWork, post: PostTable, draft: PostDraft) -> None:
        old = {row.account_id: row for row in lifecycle.deliveries_of(unit, post.id or 0)}
        wanted = set(draft.accounts or ())
        for account_id in draft.accounts or ():
            if account_id not in old:
                unit.session.add(DeliveryTable(post_id=post.id or 0, account_id=account_id))
        for account_id, row in old.items():
            if account_id not in wanted and _changeable(row):
                lifecycle.change_delivery(unit, row, state=State.CANCELLED)
            elif account_id in wanted and row.state == State.CANCELLED:
                row.due_at = None
                row.state = State.DRAFT
        unit.session.flush()
        if draft.when is not None:
            set_when(unit, post, draft.when)
        elif post.planned_at is not None:
            lifecycle.set_planned_time(unit, post, wall=None, zone=post.zone)
        for row in lifecycle.deliveries_of(unit, post.id or 0):
            if not _changeable(row):
                continue
            changed = row.approved_hash not in (None, lifecycle.content_digest(unit, post, row))
            if changed or row.state in (State.DRAFT, State.REJECTED, State.MISSED):
                lifecycle.void_approval(unit, row)
        unit.session.flush()
        lifecycle.refresh_post(unit, post)

    def _approved(self, unit: UnitOfWork, post: PostTable) -> set[int]:
        return {row.id or 0 for row in lifecycle.deliveries_of(unit, post.id or 0) if row.approved_hash is not None}

    def approved(self, unit: UnitOfWork, rows: Sequence[PostTable]) -> int:
        """How many deliveries of these posts are approved."""
        return sum(len(self._approved(unit, post)) for post in rows)

    def approvable(self, unit: UnitOfWork, post: PostTable) -> list[DeliveryTable]:
        """What of a post waits for approval; InvalidInput says what is in the way."""
        deliveries = lifecycle.deliveries_of(unit, post.id or 0)
        waiting = [row for row in deliveries if row.state in (State.PLANNED, State.DRAFT)]
        if post.planned_at is None or not deliveries:
            raise InvalidInput(
                _("Post {id} is still a draft: it needs {what}.").format(
                    id=post.id, what=_("an account") if post.planned_at is not None else _("a time")
                ),
                _("Set it in the composer, or with `smm-tui post edit`."),
                field="post",
            )
        if waiting and post.planned_at <= unit.now:
            raise InvalidInput(
                _("The time of post {id} has passed: {when}.").format(id=post.id, when=_utc(post.planned_at)),
                _("Move it to another time first."),
                field="at",
            )
        if waiting:
            draft, _version = self.draft_of(post.id or 0)
            for problem in self.preflight(draft):
                if problem.blocking:
                    raise InvalidInput(f"{_('Post')} {post.id}: {problem.message}", problem.hint, field=problem.field)
        return waiting

    def refuse_if_out(self, unit: UnitOfWork, post: PostTable) -> None:
        """InvalidInput for a post whose time cannot change any more."""
        if out := [row for row in lifecycle.deliveries_of(unit, post.id or 0) if lifecycle.is_out(row)]:
            raise InvalidInput(
                _("Post {id} is out already ({state}); its time cannot change.").format(
                    id=post.id, state=out[0].state
                ),
                _("Copy it to another day instead."),
                field="post",
            )

    def _refuse_changing_what_is_out(self, unit: UnitOfWork, post: PostTable, draft: PostDraft) -> None:
        out = [row for row in lifecycle.deliveries_of(unit, post.id or 0) if lifecycle.is_out(row)]
        if not out:
            return
        media = tuple((row.sha256, row.alt) for row in reads.media(self._db, post.id or 0))
        old = reads.variants(self._db, post.id or 0)
        same = (
            draft.text == post.text
            and draft.content_warning == post.content_warning
            and list(draft.labels) == post.labels
            and draft.language == post.language
            and draft.media == media
            and _columns(draft.extras) == {name: getattr(post, name) for name in _columns(draft.extras)}
            and all(draft.variants.get(row.account_id) == old.get(row.account_id) for row in out)
            and (draft.when is None or draft.when.instant == post.planned_at)
        )
        if not same:
            raise IsOut(
                _("Post {id} is out already on {count} of its accounts: what is public is not rewritten.").format(
                    id=post.id, count=len(out)
                ),
                _("Change what is live with `smm-tui post edit {id} --live`, or copy the post.").format(id=post.id),
                field="post",
            )

    def done(self, unit: UnitOfWork, verb: str, rows: Sequence[PostTable], message: str) -> Receipt:
        """Write a command on posts into the log, as one step of undo."""
        for post in rows:
            unit.audit(verb, "post", post.id, message, actor=self._actor, project_id=post.project_id)
        projects = {post.project_id for post in rows}
        undo = unit.undoable(message, actor=self._actor, project_id=projects.pop() if len(projects) == 1 else None)
        return Receipt(message, len(rows), undo, tuple(post.id or 0 for post in rows))


def _require_month(unit: UnitOfWork, post: PostTable) -> None:
    """Where months are approved, a post alone is approved only after its month."""
    project = unit.session.get_one(ProjectTable, post.project_id)
    month = (post.planned_wall or "")[:7]
    if not lifecycle.month_covers(unit, project, month):
        raise InvalidInput(
            _("{project} approves months: {month} is not approved yet.").format(
                project=inert(project.name), month=month or _("no month")
            ),
            _("Approve the month as a whole, in the calendar or with `smm-tui plan approve`."),
            field="month",
        )


def _changeable(delivery: DeliveryTable) -> bool:
    return State(delivery.state) in states.CHANGEABLE and not lifecycle.is_out(delivery)


def void_words(count: int) -> str:
    """How many approvals a change has made void, to be said after what was done; empty: none."""
    words = ngettext(
        "{count} approval is void and must be given again.",
        "{count} approvals are void and must be given again.",
        count,
    )
    return " " + words.format(count=count) if count else ""


def set_when(unit: UnitOfWork, post: PostTable, when: PlannedTime) -> None:
    """Give a post a time; approvals of another one are void."""
    post.zone = when.zone
    post.planned_wall = when.wall.isoformat(timespec="seconds")
    post.planned_at = when.instant
    lifecycle.follow_time(unit, post)


def _columns(extras: Extras) -> dict[str, Any]:
    """A post's columns for what it carries beside text and files."""
    known = extras.to_json()
    return {
        "poll": known.get("poll"),
        "card": known.get("card"),
        "first_comment": known.get("first_comment", ""),
    }


def clean(text: str) -> str:
    """Line ends as the networks count them, no trailing space; characters that no network stores are refused."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    for char in text:
        if (char < " " and char not in "\n\t") or char == "\x7f" or "\ud800" <= char <= "\udfff":
            raise InvalidInput(
                _("The text holds a control character (U+{code:04X}).").format(code=ord(char)),
                _("Remove it; it may have come with a copy from a terminal."),
                field="text",
            )
    return text


def _utc(instant: Instant) -> str:
    return f"{to_datetime(instant):%Y-%m-%d %H:%M} UTC"
