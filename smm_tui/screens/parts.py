"""Parts of one client as lists, each row in a form: what the scheme and the brief of a client look like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain.inert import inert
from smm_tui.i18n import _
from smm_tui.screens.desk import Job
from smm_tui.screens.form import FormScreen
from smm_tui.screens.form import Values as Typed
from smm_tui.screens.list_screen import ListScreen
from smm_tui.services.parts import Known, Part, Question, Values
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.form import Field
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.styles import CURSOR, DIM
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

_BREAK = "⏎"
"""Stands for a line break where a text is typed in one line."""


@dataclass(frozen=True, slots=True)
class PartsState:
    """The rows of a part with what stands in their forms."""

    project: ProjectRow | None
    part: Part[Any, Any]
    known: Known
    rows: tuple[Any, ...]
    values: tuple[Values, ...]

    def place(self, key: str | None) -> int | None:
        """Where the row of that key stands."""
        return next((n for n, row in enumerate(self.rows) if self.part.identify(row) == key), None)


class PartsScreen(ListScreen[PartsState]):
    """With `take`, a row is chosen for it and the screen closes; without, a row is opened in its form.

    Whoever inherits says what its parts ask and whom they change (`read`, `service`), and has the actions ``open``,
    ``next``, ``previous``, ``new``, ``edit``, ``edit_text`` and ``remove`` in its scope.
    """

    CSS = "PartsScreen #parts { height: 1; }"
    WIDTHS: ClassVar[tuple[int, int, int]] = (2, 2, 0)
    """How the columns share what room there is."""

    def __init__(
        self,
        parts: Sequence[Part[Any, Any]],
        take: Callable[[Any], None] | None = None,
        project_id: int | None = None,
        *,
        name: str | None = None,
    ) -> None:
        """`project_id` None: that of the chosen client."""
        super().__init__(name=name)
        self._parts = tuple(parts)
        self._part = self._parts[0]
        self._take = take
        self._project_id = project_id

    def read(self, w: Workspace, project: ProjectRow) -> tuple[Any, Known]:
        """Whom the parts ask, and what they refer to; on a reader lane."""
        raise NotImplementedError

    def service(self, w: Workspace) -> Any:
        """Whom the parts change; on the writer lane."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        first, second, third = self.WIDTHS
        yield LineWidget(id="parts")
        yield WindowedList(
            (Column("", 18, weight=first), Column("", 14, weight=second), Column("", 14, weight=third)),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            cursor_columns=1,
            id="list",
        )

    def on_mount(self) -> None:
        """Begin with the first part."""
        super().on_mount()
        self._show_parts()

    def request(self) -> Job[PartsState]:
        part, words = self._part, self.filter_text.casefold().split()
        number = self._project_id if self._project_id is not None else self.desk.client

        def job(w: Workspace) -> PartsState:
            if number is None:
                return PartsState(None, part, Known(), (), ())
            project = w.project_queries.get(number)
            queries, known = self.read(w, project)
            found = [(row, part.values(row, known)) for row in part.rows(queries, number)]
            shown = [
                (row, values)
                for row, values in found
                if all(word in " ".join(values.values()).casefold() for word in words)
            ]
            return PartsState(
                project, part, known, tuple(row for row, _values in shown), tuple(values for _row, values in shown)
            )

        return job

    def empty(self, state: PartsState) -> str:
        if state.project is None:
            return _("Choose a client first, with 1-9.")
        if state.rows:
            return ""
        if self.filter_text:
            return _("Nothing fits the filter.")
        more = "" if state.part.fixed else " " + _("{key} adds the first.").format(key=self.key(f"{self.SCOPE}.new"))
        return _(state.part.empty) + more

    def show(self, state: PartsState) -> None:
        keys = [state.part.identify(row) for row in state.rows]
        self.list.show(
            keys, {key: self._cells(state, values) for key, values in zip(keys, state.values, strict=True)}
        )

    def _cells(self, state: PartsState, values: Values) -> Cells:
        questions = {question.name: question for question in state.part.questions}
        texts: list[str] = []
        for name in state.part.columns:
            question, value = questions.get(name), values.get(name, "")
            options = dict(question.options(state.known)) if question and question.options else {}
            texts.append(options.get(value, value).replace("\n", " "))
        return (texts[0], *(Span(text, DIM) for text in texts[1:]))

    def _show_parts(self) -> None:
        spans = [Span(" ")]
        for part in self._parts:
            spans += [Span(f" {_(part.title)} ", CURSOR if part is self._part else DIM)]
        self.query_one("#parts", LineWidget).say(spans)

    # -- actions

    def unavailable(self, verb: str) -> str:
        if verb in ("next", "previous"):
            return ""
        if self.state is None or self.state.project is None:
            return _("Choose a client first, with 1-9.")
        if verb != "new" and self._place is None:
            return _("There is nothing here to do that with.")
        if verb == "new" and self._part.fixed:
            return _("These are always the same: {key} changes one.").format(key=self.key(f"{self.SCOPE}.edit"))
        if verb in ("open", "edit", "remove", "edit_text") and self._take is None and not self._questions():
            return _("These are figures: nobody changes them here.")
        if verb == "edit_text" and not any(question.long for question in self._questions()):
            return _("It has no long text: {key} opens the form.").format(key=self.key(f"{self.SCOPE}.edit"))
        return ""

    def _questions(self) -> Sequence[Question]:
        row = self.state.rows[self._place] if self.state is not None and self._place is not None else None
        return self._part.questions_of(row)

    @property
    def _place(self) -> int | None:
        return (
            self.state.place(self.list.current) if self.state is not None and self.state.part is self._part else None
        )

    def action_next(self) -> None:
        """The next part."""
        self._turn(1)

    def action_previous(self) -> None:
        """The part before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        self._part = self._parts[(self._parts.index(self._part) + by) % len(self._parts)]
        self._show_parts()
        self.list.action_first()
        self.reload()

    def action_open(self) -> None:
        """Take the row, or open its form."""
        if self._take is None:
            self.action_edit()
        elif self.state is not None and self._place is not None:
            row, take = self.state.rows[self._place], self._take
            self.dismiss()
            take(row)

    def action_new(self) -> None:
        """Add a row."""
        if self.state is not None:
            state = self.state
            self._form(_("New: {part}").format(part=_(self._part.title)), self._part.blank(state.known), None)

    def action_edit(self) -> None:
        """Change a row."""
        if self.state is not None and self._place is not None:
            key = self._part.identify(self.state.rows[self._place])
            self._form(_("Change: {part}").format(part=_(self._part.title)), self.state.values[self._place], key)

    def action_edit_text(self) -> None:
        """Change the text of a row in $EDITOR."""
        from smm_tui.screens.external_editor import edited

        state, place = self.state, self._place
        if state is None or place is None or state.project is None:
            return
        part, number = state.part, state.project.id
        row = state.rows[place]
        key, long = part.identify(row), next(q.name for q in part.questions_of(row) if q.long)
        values = {**state.values[place], long: edited(self.app, state.values[place][long])}
        self.desk.command(lambda w: part.edit(self.service(w), number, key, values, state.known))

    def _form(self, title: str, values: Values, key: str | None) -> None:
        state = self.state
        if state is None or state.project is None:
            return
        part, number, known = state.part, state.project.id, state.known
        asked = self._questions() if key is not None else part.questions
        long = {question.name for question in asked if question.long}
        questions = [question for question in asked if key is None or question.name not in part.kept]

        async def save(typed: Typed) -> None:
            answers = {name: value.replace(_BREAK, "\n") if name in long else value for name, value in typed.items()}

            def job(w: Workspace) -> Receipt:
                if key is None:
                    return part.add(self.service(w), number, answers, known)
                return part.edit(self.service(w), number, key, {"name": key, **answers}, known)

            self.desk.say_receipt(await self.desk.write(job))

        fields = [_field(question, values[question.name], known) for question in questions]
        self.app.push_screen(FormScreen(title, lambda _typed: fields, save))

    def action_remove(self) -> None:
        """Take a row away."""
        state, place = self.state, self._place
        if state is None or place is None or state.project is None:
            return
        part, number, key = state.part, state.project.id, state.part.identify(state.rows[place])
        name = inert(state.values[place][part.columns[0]])[:50]
        self.ask(
            _("Remove “{name}”?").format(name=name),
            [
                _("Client: {names}").format(names=state.project.name),
                _("Posts that came of it stay as they are."),
            ],
            lambda: self.desk.command(lambda w: part.remove(self.service(w), number, key)),
            undoable=True,
        )


def _field(question: Question, value: str, known: Known) -> Field:
    options = () if question.options is None else tuple((word, title) for word, title in question.options(known))
    hint = _(question.help)
    if question.long:
        hint += " " + _("{sign} breaks the line.").format(sign=_BREAK)
    return Field(question.name, _(question.label), value.replace("\n", _BREAK), hint, choices=options)
