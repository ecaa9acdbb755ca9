"""The day of learning: its story, its goals with what is said of each, the score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from smm_tui.bootstrap import Workspace
from smm_tui.i18n import _
from smm_tui.sandbox.lessons.course import Progress
from smm_tui.screens.desk import Job
from smm_tui.screens.reading import ReadingScreen, wrapped
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import BAD, BOLD, DIM, GOOD, WARN


class LessonScreen(ReadingScreen[Progress | None]):
    """Judged anew whenever it is looked at, or something has changed."""

    SCOPE = "lesson"
    CLIENTS: ClassVar[bool] = False

    def request(self) -> Job[Progress | None]:
        def job(w: Workspace) -> Progress | None:
            return w.lesson()

        return job

    def empty(self, state: Progress | None) -> str:
        return "" if state is not None else _("This is no lesson: `smm-tui learn` opens one.")

    def lines(self, state: Progress | None, width: int) -> Iterator[Span]:
        if state is None:
            return
        width = min(width, 100)
        yield Span(_("Day {number}: {title}").format(number=state.day.number, title=_(state.day.title)), BOLD)
        for paragraph in (*(_(text) for text in state.day.story), *state.notes):
            yield Span("")
            yield from wrapped(paragraph, width)
        yield Span("")
        for mark in state.marks:
            points = mark.verdict.points
            style = GOOD if mark.met else BAD if points < 0 else WARN if points else DIM
            sign = self.desk.glyphs.state["live" if mark.met else "planned"]
            yield Span(f"{sign} {points:>3}/{mark.goal.most}  {_(mark.goal.title)}", style)
            if mark.verdict.told:
                yield from wrapped(mark.verdict.told, width, DIM, indent=10)
        yield Span("")
        yield Span(state.judgement, BOLD)
        if state.passed:
            yield from wrapped(_("{key} leaves; `smm-tui learn` goes on with the next day.").format(key="q"), width)
        else:
            keys = _("{go} goes there; {book} opens the handbook for the screen you are on.").format(
                go="enter", book=self.key("global.handbook")
            )
            yield from wrapped(keys, width, DIM)

    def unavailable(self, verb: str) -> str:
        if verb == "open" and self.state is None:
            return _("This is no lesson: `smm-tui learn` opens one.")
        return ""

    def action_open(self) -> None:
        """Go where the first goal is reached that is not met."""
        if self.state is not None:
            open_ = [mark.goal for mark in self.state.marks if not mark.met] or list(self.state.day.goals)
            self.desk.go(open_[0].screen)
