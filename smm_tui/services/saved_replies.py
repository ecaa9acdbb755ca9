"""Texts to answer with, and the questions that ask for one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import messages as message_reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads.messages import MessageRow
from smm_tui.domain import similarity
from smm_tui.domain.clock import DAY, Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.language import language_tag
from smm_tui.domain.questions import asks
from smm_tui.i18n import _
from smm_tui.services.receipt import Receipt

VARIABLES = ("author", "post", "link")
"""What may stand in braces: who wrote, the beginning of the own post, its address (else the message's)."""
POST_HEAD = 60
QUESTIONS_READ = 5000
ALIKE = 0.6
"""Share of words in common from which two short questions are the same question."""
_VARIABLE = re.compile(r"\{(\w*)\}")


class SavedReply(NamedTuple):
    """A text to answer with; `project_id` None: everybody's."""

    id: int
    project_id: int | None
    name: str
    text: str
    language: str
    used: int
    used_at: Instant | None


class RepeatedQuestion(NamedTuple):
    """A question that was asked more than once: its newest wording, and all that asked it, newest first."""

    text: str
    ids: list[int]
    project_id: int
    unanswered: int


_SELECT = "SELECT id, project_id, name, text, language, used, used_at FROM saved_reply"


class SavedReplies:
    """Saved replies: looking at them, changing them, and filling them in."""

    def __init__(self, db: Database, actor: str) -> None:
        self._db = db
        self._actor = actor

    def of_project(self, project_id: int | None) -> list[SavedReply]:
        """A project's replies and everybody's, the most used first; None: all there are."""
        where = "" if project_id is None else "WHERE project_id IS NULL OR project_id = :project"
        return self._db.rows(SavedReply, f"{_SELECT} {where} ORDER BY used DESC, name, id", {"project": project_id})

    def find(self, word: str | int, project_id: int | None) -> SavedReply:
        """One by id, name, or an unambiguous beginning of its name; a project's own goes before everybody's."""
        rows = self.of_project(project_id)
        text = str(word).strip().casefold()
        exact = [row for row in rows if row.name.casefold() == text]
        own = [row for row in exact if row.project_id is not None]
        matches = own or exact or [row for row in rows if text.isdecimal() and row.id == int(text)]
        matches = matches or [row for row in rows if text and row.name.casefold().startswith(text)]
        if len(matches) == 1:
            return matches[0]
        names = ", ".join(row.name for row in (matches or rows)) or _("none yet")
        raise InvalidInput(
            _("There is no one saved reply “{word}”.").format(word=inert(str(word))),
            _("There are: {names}.").format(names=inert(names)),
            field="saved",
        )

    def add(self, project_id: int | None, name: str, text: str, *, language: str = "") -> Receipt:
        """Keep a text. Names are unique within a project, and among everybody's."""
        name, text, language = _checked(name, text, language)
        from smm_tui.db.tables import SavedReplyTable

        with self._db.unit() as unit:
            self._refuse_taken(project_id, name, None)
            row = SavedReplyTable(project_id=project_id, name=name, text=text, language=language)
            unit.session.add(row)
            unit.session.flush()
            message = _("Saved the reply {name}.").format(name=name)
            unit.audit("saved_reply.add", "saved_reply", row.id, message, actor=self._actor, project_id=project_id)
            undo = unit.undoable(message, actor=self._actor, project_id=project_id)
            return Receipt(message, undo=undo, ids=(row.id or 0,))

    def edit(self, reply_id: int, *, name: str | None = None, text: str | None = None) -> Receipt:
        """Change a saved reply."""
        from smm_tui.db.tables import SavedReplyTable

        with self._db.unit() as unit:
            row = unit.session.get(SavedReplyTable, reply_id)
            if row is None:
                raise InvalidInput(_("There is no saved reply {id}.").format(id=reply_id), field="saved")
            row.name, row.text, row.language = _checked(
                row.name if name is None else name, row.text if text is None else text, row.language
            )
            self._refuse_taken(row.project_id, row.name, reply_id)
            message = _("Changed the reply {name}.").format(name=row.name)
            unit.audit(
                "saved_reply.edit", "saved_reply", row.id, message, actor=self._actor, project_id=row.project_id
            )
            undo = unit.undoable(message, actor=self._actor, project_id=row.project_id)
            return Receipt(message, undo=undo, ids=(reply_id,))

    def remove(self, reply_id: int) -> Receipt:
        """Throw a saved reply away."""
        from smm_tui.db.tables import SavedReplyTable

        with self._db.unit() as unit:
            row = unit.session.get(SavedReplyTable, reply_id)
            if row is None:
                raise InvalidInput(_("There is no saved reply {id}.").format(id=reply_id), field="saved")
            unit.session.delete(row)
            message = _("Removed the reply {name}.").format(name=row.name)
            unit.audit(
                "saved_reply.remove", "saved_reply", row.id, message, actor=self._actor, project_id=row.project_id
            )
            return Receipt(message, undo=unit.undoable(message, actor=self._actor, project_id=row.project_id))

    def fill(self, text: str, message: MessageRow) -> str:
        """A saved text as it answers a message; InvalidInput where a variable has no value there."""
        values: dict[str, Callable[[], str]] = {
            "author": lambda: message.author or message.author_handle,
            "post": lambda: self._post(message)[0],
            "link": lambda: self._post(message)[1] or message.url,
        }

        def value(match: re.Match[str]) -> str:
            _known(match[1])
            found = values[match[1]]()
            if not found:
                raise InvalidInput(
                    _("There is nothing to put for {variable} here.").format(variable=match[0]),
                    _("Write the answer by hand, or change the saved reply."),
                    field="text",
                )
            return found

        return _VARIABLE.sub(value, text)

    def questions(self, project_id: int | None = None, *, days: int = 30, least: int = 2) -> list[RepeatedQuestion]:
        """What was asked `least` times or more within `days`, the most frequent first."""
        since = self._db.clock() - days * DAY
        found: list[RepeatedQuestion] = []
        for project in project_reads.all_projects(self._db):
            if project_id is not None and project.id != project_id:
                continue
            rows = self._db.rows(
                lambda number, text, answered: (number, text, answered),
                """
                SELECT id, text, answered_at IS NOT NULL FROM message
                WHERE project_id = ? AND received_at >= ? AND NOT own AND kind != 'report' AND gone_at IS NULL
                ORDER BY received_at DESC, id DESC LIMIT ?
                """,
                (project.id, since, QUESTIONS_READ),
            )
            asked = [row for row in rows if asks(row[1])]
            for group in similarity.groups([row[1] for row in asked], ALIKE, similarity.stems):
                if len(group) >= least:
                    of = [asked[place] for place in group]
                    found.append(
                        RepeatedQuestion(of[0][1], [row[0] for row in of], project.id, sum(not row[2] for row in of))
                    )
        return sorted(found, key=lambda question: (-len(question.ids), -question.ids[0]))

    def _post(self, message: MessageRow) -> tuple[str, str]:
        """The beginning and the address of the own post a message belongs to."""
        if message.delivery_id is None:
            return "", ""
        post = message_reads.own_post(self._db, message.delivery_id)
        return ("", "") if post is None else (clip(" ".join(post.text.split()), POST_HEAD), post.url)

    def _refuse_taken(self, project_id: int | None, name: str, own: int | None) -> None:
        for row in self.of_project(None):
            if row.id != own and row.project_id == project_id and row.name.casefold() == name.casefold():
                raise InvalidInput(_("There is already a reply “{name}”.").format(name=row.name), field="name")


def _checked(name: str, text: str, language: str) -> tuple[str, str, str]:
    name = " ".join(inert(name).split())
    if not name:
        raise InvalidInput(_("A saved reply needs a name."), field="name")
    if not text.strip():
        raise InvalidInput(_("A saved reply needs a text."), field="text")
    for match in _VARIABLE.finditer(text):
        _known(match[1])
    return name, text.strip(), language_tag(language) if language else ""


def _known(variable: str) -> None:
    if variable not in VARIABLES:
        raise InvalidInput(
            _("Nobody knows the variable {variable}.").format(variable="{" + inert(variable) + "}"),
            _("There are {names}.").format(names=", ".join("{" + name + "}" for name in VARIABLES)),
            field="text",
        )
