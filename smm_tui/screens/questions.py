"""What is asked again and again; from there one key leads to a saved reply, or to an idea of the plan."""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.screens.replies import reply_form
from smm_tui.services.saved_replies import RepeatedQuestion
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import DIM, WARN, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

NAME = 40
"""Characters of a question that a saved reply is called by, until somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class QuestionsState:
    """The questions of a client, or of all, the most frequent first."""

    questions: tuple[RepeatedQuestion, ...]


class QuestionsScreen(ListScreen[QuestionsState]):
    """A line a question, however it was worded."""

    SCOPE = "questions"

    def body(self) -> ComposeResult:
        yield WindowedList(
            (
                Column(_("times"), 6, right=True),
                Column(_("open"), 5, right=True),
                Column(_("client"), 8, weight=1, drop=1),
                Column(_("asked lately as"), 30, weight=7),
            ),
            glyphs=self.desk.glyphs,
            selectable=False,
            id="list",
        )

    def request(self) -> Job[QuestionsState]:
        client, words = self.desk.client, self.filter_text.casefold().split()

        def job(w: Workspace) -> QuestionsState:
            found = w.saved_replies.questions(client)
            return QuestionsState(tuple(one for one in found if all(word in one.text.casefold() for word in words)))

        return job

    def empty(self, state: QuestionsState) -> str:
        if state.questions:
            return ""
        if self.filter_text:
            return _("No question fits the filter.")
        return _("Nothing was asked twice within 30 days.")

    def show(self, state: QuestionsState) -> None:
        self.wanted()
        self.list.show(
            [one.ids[0] for one in state.questions], {one.ids[0]: self._cells(one) for one in state.questions}
        )

    def _cells(self, question: RepeatedQuestion) -> Cells:
        project = self.desk.chrome.project(question.project_id)
        return (
            str(len(question.ids)),
            Span(str(question.unanswered), WARN) if question.unanswered else Span("-", DIM),
            Span(project.name, of_colour(project.colour)) if project else "",
            " ".join(question.text[:500].split()),
        )

    @property
    def question(self) -> RepeatedQuestion | None:
        """What the cursor is on."""
        questions = self.state.questions if self.state else ()
        return next((one for one in questions if one.ids[0] == self.list.current), None)

    def unavailable(self, verb: str) -> str:
        return "" if self.question is not None else _("There is no question here to do that with.")

    def action_open(self) -> None:
        """Go to the newest message that asks it."""
        if self.question is not None:
            self.desk.go("moderation", self.question.ids[0])

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.run(self.keymap.actions["questions.open"])

    def action_saved(self) -> None:
        """Keep a saved reply to it."""
        question = self.question
        if question is not None:
            name = clip(" ".join(inert(question.text).split()), NAME)
            self.app.push_screen(reply_form(self.desk, question.project_id, name=name, asked=question.text))

    def action_idea(self) -> None:
        """Make an idea of the plan of it."""
        question = self.question
        if question is not None:
            self.desk.command(lambda w: w.inbox.idea(question.ids[0], question.text))
