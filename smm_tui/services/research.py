"""What is believed of an audience and what it asks: hypotheses with an outcome, and the question bank."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import client as reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.tables import HypothesisTable, MessageTable, PostTable, QuestionTable, SegmentTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import similarity
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _, ngettext
from smm_tui.services.client_parts import OUTCOMES
from smm_tui.services.client_queries import ClientQueries
from smm_tui.services.receipt import Receipt
from smm_tui.services.saved_replies import ALIKE, RepeatedQuestion

TEXT_LIMIT = 2_000
_MENTIONS = re.compile(r"^(?:@\S+\s+)+")  # whom a question is put to is no part of it


class ResearchService(ClientQueries):
    """Commands on hypotheses and questions; each is one transaction and one step of undo."""

    def __init__(self, db: Database, actor: str) -> None:
        super().__init__(db)
        self._actor = actor

    # Hypotheses

    def add_hypothesis(self, project_id: int, text: str, segment_id: int | None = None) -> Receipt:
        """Write down what is believed."""
        with self._db.unit() as unit:
            self._check(project_id, segment_id)
            row = HypothesisTable(project_id=project_id, segment_id=segment_id, text=_text(text), created_at=unit.now)
            unit.session.add(row)
            return self._done(unit, "hypothesis.add", row, _("Noted: {text}").format(text=_head(row.text)))

    def edit_hypothesis(self, number: int, text: str, segment_id: int | None, outcome: str, note: str) -> Receipt:
        """Change one, or settle it: `outcome` is one of `OUTCOMES`, `note` what showed it."""
        if outcome not in OUTCOMES:
            raise InvalidInput(
                _("“{word}” is no outcome.").format(word=clip(inert(outcome), 40)),
                _("Use one of: {names}.").format(names=", ".join(OUTCOMES)),
                field="outcome",
            )
        note = _line(note)
        if outcome == "open" and note:
            raise InvalidInput(_("What is open has shown nothing yet."), _("Choose an outcome."), field="outcome")
        with self._db.unit() as unit:
            row = unit.session.get(HypothesisTable, number)
            if row is None:
                raise InvalidInput(_("There is no hypothesis {id}.").format(id=number), field="id")
            self._check(row.project_id, segment_id)
            row.text, row.segment_id = _text(text), segment_id
            row.outcome = "" if outcome == "open" else f"{outcome}: {note}" if note else outcome
            if outcome == "open":
                row.settled_at = None
            elif row.settled_at is None:
                row.settled_at = unit.now
            told = _("Changed the hypothesis: {text}") if outcome == "open" else _("Settled the hypothesis: {text}")
            return self._done(unit, "hypothesis.edit", row, told.format(text=_head(row.text)))

    def remove_hypothesis(self, number: int) -> Receipt:
        """Forget one."""
        with self._db.unit() as unit:
            row = unit.session.get(HypothesisTable, number)
            if row is None:
                raise InvalidInput(_("There is no hypothesis {id}.").format(id=number), field="id")
            unit.session.delete(row)
            return self._done(
                unit, "hypothesis.remove", row, _("Removed the hypothesis: {text}").format(text=_head(row.text))
            )

    # Questions

    def add_question(
        self,
        project_id: int,
        text: str,
        answer: str = "",
        segment_id: int | None = None,
        message_id: int | None = None,
    ) -> Receipt:
        """Keep a question; one that is in the bank already is counted once more. `message_id`: where it was heard."""
        with self._db.unit() as unit:
            self._check(project_id, segment_id)
            if message_id is not None:
                message = unit.session.get(MessageTable, message_id)
                if message is None or message.project_id != project_id:
                    raise InvalidInput(
                        _("There is no message {id} of this client.").format(id=message_id), field="message"
                    )
                text = text or _MENTIONS.sub("", message.text)
            row, new = self._keep(unit, project_id, _text(text), 1, message_id)
            row.answer = _line(answer) or row.answer
            row.segment_id = row.segment_id if segment_id is None else segment_id
            told = _("Kept the question: {text}") if new else _("It is in the bank, and counted again: {text}")
            return self._done(unit, "question.add", row, told.format(text=_head(row.text)))

    def feed(self, project_id: int, asked: Sequence[RepeatedQuestion]) -> Receipt:
        """Take what people asked more than once into the bank; what is there already is only counted anew."""
        with self._db.unit() as unit:
            self._check(project_id, None)
            added = counted = 0
            for question in asked:
                if question.project_id != project_id:
                    continue
                text = inert(" ".join(_MENTIONS.sub("", question.text).split()))[:TEXT_LIMIT]
                row, new = self._keep(unit, project_id, text, len(question.ids), question.ids[-1])
                if new:
                    added += 1
                elif row.asked < len(question.ids):
                    row.asked = len(question.ids)
                    counted += 1
            message = ngettext(
                "{count} question came into the bank.", "{count} questions came into the bank.", added
            ).format(count=added)
            if counted:
                message += " " + ngettext(
                    "{count} is asked more often now.", "{count} are asked more often now.", counted
                ).format(count=counted)
            if not added and not counted:
                return Receipt(_("Nobody asked anything that is not in the bank."), 0)
            unit.audit("question.feed", "question", None, message, actor=self._actor, project_id=project_id)
            undo = unit.undoable(message, actor=self._actor, project_id=project_id)
            return Receipt(message, added + counted, undo)

    def edit_question(
        self, number: int, text: str, answer: str, segment_id: int | None, post_id: int | None
    ) -> Receipt:
        """Change a question: its words, its answer, whose it is, and the post that answers it."""
        with self._db.unit() as unit:
            row = self._question(unit, number)
            self._check(row.project_id, segment_id)
            if post_id is not None:
                post = unit.session.get(PostTable, post_id)
                if post is None or post.project_id != row.project_id:
                    raise InvalidInput(_("There is no post {id} of this client.").format(id=post_id), field="post")
            row.text, row.answer, row.segment_id, row.post_id = _text(text), _line(answer), segment_id, post_id
            return self._done(
                unit, "question.edit", row, _("Changed the question: {text}").format(text=_head(row.text))
            )

    def remove_question(self, number: int) -> Receipt:
        """Take a question out of the bank."""
        with self._db.unit() as unit:
            row = self._question(unit, number)
            row.dropped_at = unit.now
            return self._done(
                unit, "question.remove", row, _("Removed the question: {text}").format(text=_head(row.text))
            )

    # Whom posts are for

    def aim(self, post_ids: Sequence[int], segment_id: int | None) -> Receipt:
        """Say for whom posts are; None: nobody in particular. What is public of them stays as it is."""
        with self._db.unit() as unit:
            name, projects = "", set()
            for number in post_ids:
                post = unit.session.get(PostTable, number)
                if post is None:
                    raise InvalidInput(_("There is no post {id}.").format(id=number), field="post")
                self._check(post.project_id, segment_id)
                post.segment_id = segment_id
                projects.add(post.project_id)
            if segment_id is not None:
                name = unit.session.get_one(SegmentTable, segment_id).name
            message = ngettext("{count} post is for {whom}.", "{count} posts are for {whom}.", len(post_ids)).format(
                count=len(post_ids), whom=name or _("nobody in particular")
            )
            project_id = projects.pop() if len(projects) == 1 else None
            for number in post_ids:
                unit.audit("post.aim", "post", number, message, actor=self._actor, project_id=project_id)
            undo = unit.undoable(message, actor=self._actor, project_id=project_id)
            return Receipt(message, len(post_ids), undo, tuple(post_ids))

    # Parts

    def _keep(
        self, unit: UnitOfWork, project_id: int, text: str, asked: int, message_id: int | None
    ) -> tuple[QuestionTable, bool]:
        """The question of the bank that says the same, counted once more for `asked` 1; else a new one."""
        rows = unit.session.exec(
            select(QuestionTable).where(
                QuestionTable.project_id == project_id, col(QuestionTable.dropped_at).is_(None)
            )
        ).all()
        stems = similarity.stems(text)
        for row in rows:
            if row.text == text or (stems and similarity.jaccard(stems, similarity.stems(row.text)) >= ALIKE):
                if asked == 1:
                    row.asked += 1
                return row, False
        row = QuestionTable(project_id=project_id, text=text, asked=asked, message_id=message_id, created_at=unit.now)
        unit.session.add(row)
        unit.session.flush()
        return row, True

    def _question(self, unit: UnitOfWork, number: int) -> QuestionTable:
        row = unit.session.get(QuestionTable, number)
        if row is None or row.dropped_at is not None:
            raise InvalidInput(_("There is no question {id}.").format(id=number), field="id")
        return row

    def _check(self, project_id: int, segment_id: int | None) -> None:
        project = project_reads.project(self._db, project_id)
        if project is None or project.archived_at is not None:
            raise InvalidInput(_("There is no such project, or it is archived."), field="project")
        if segment_id is not None and segment_id not in reads.segment_names(self._db, project_id):
            raise InvalidInput(_("There is no such segment in this project."), field="segment")

    def _done(self, unit: UnitOfWork, verb: str, row: HypothesisTable | QuestionTable, message: str) -> Receipt:
        unit.session.flush()
        subject = verb.partition(".")[0]
        unit.audit(verb, subject, row.id, message, actor=self._actor, project_id=row.project_id)
        undo = unit.undoable(message, actor=self._actor, project_id=row.project_id)
        return Receipt(message, 1 if undo else 0, undo, (row.id or 0,))


def _text(text: str) -> str:
    plain = inert(" ".join(text.split()))
    if not plain:
        raise InvalidInput(_("There is no text."), field="text")
    if len(plain) > TEXT_LIMIT:
        raise InvalidInput(
            _("This has {count} characters; at most {limit} are kept.").format(count=len(plain), limit=TEXT_LIMIT),
            field="text",
        )
    return plain


def _line(text: str) -> str:
    return inert(" ".join(text.split()))[:TEXT_LIMIT]


def _head(text: str) -> str:
    return clip(inert(text), 50)
