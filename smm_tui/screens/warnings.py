"""All that limps in a month, each with its sentence in full; enter opens the post of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain.inert import inert
from smm_tui.i18n import _, ngettext
from smm_tui.screens.calendar_state import THERE
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.widgets.line import LineWidget, Span, wrap
from smm_tui.widgets.line_panel import LinePanel
from smm_tui.widgets.styles import BAD, BOLD, PLAIN, WARN, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList


class Warned(NamedTuple):
    """A warning: whose, where, and the beginning of the post it is about."""

    project: ProjectRow
    day: date
    post_id: int | None
    message: str
    urgent: bool
    head: str


@dataclass(frozen=True, slots=True)
class WarningsState:
    """The warnings of a month, the urgent first."""

    client: int | None
    rows: tuple[Warned, ...]


class WarningsScreen(ListScreen[WarningsState]):
    """What `plan lint` says of the month around a day, for one client or all, and what is not as it was sent."""

    SCOPE = "warnings"
    CLIENTS: ClassVar[bool] = False
    CSS = "WarningsScreen { #which { height: 1; } #whole { height: 3; } }"

    def __init__(self, day: date) -> None:
        super().__init__()
        self._day = day

    def body(self) -> ComposeResult:
        yield LineWidget(id="which")
        yield WindowedList(
            (
                Column("", 1),
                Column(_("day"), 6),
                Column("", 1),
                Column(_("what"), 30, weight=3),
                Column(_("post"), 12, weight=2),
            ),
            glyphs=self.desk.glyphs,
            selectable=False,
            cursor_columns=1,  # the sentence and the post below change with every step: enough for a line
            id="list",
        )
        yield LinePanel(id="whole")

    def request(self) -> Job[WarningsState]:
        client, day, words = self.desk.client, self._day, self.filter_text.casefold().split()

        def job(w: Workspace) -> WarningsState:
            found = [
                row
                for project in w.project_queries.all()
                if client in (None, project.id)
                for row in _warnings(w, project, day)
                if all(word in f"{row.message} {row.head}".casefold() for word in words)
            ]
            return WarningsState(client, tuple(sorted(found, key=lambda row: (not row.urgent, row.day))))

        return job

    def empty(self, state: WarningsState) -> str:
        if state.rows:
            return ""
        return _("No warning fits the filter.") if self.filter_text else _("There are no warnings for this month.")

    def show(self, state: WarningsState) -> None:
        self.list.show(range(len(state.rows)), {place: self._cells(row) for place, row in enumerate(state.rows)})
        count = len(state.rows)
        title = ngettext("{count} warning in {month}", "{count} warnings in {month}", count)
        self.query_one("#which", LineWidget).say(
            [Span(" " + title.format(count=count, month=f"{self._day:%Y-%m}"), BOLD)]
        )
        self._show_whole()

    def _cells(self, row: Warned) -> Cells:
        digit = str(row.project.hotkey or "-") if self.desk.client is None else ""
        alarm = Span(self.desk.glyphs.alarm if row.urgent else "", BAD)
        return (alarm, f"{row.day:%m-%d}", Span(digit, of_colour(row.project.colour)), row.message, row.head)

    @on(WindowedList.Moved)
    def _show_whole(self) -> None:
        row = self._row
        lines = (
            [] if row is None else [[Span(f" {line}", WARN if row.urgent else PLAIN)] for line in self._whole(row)]
        )
        self.query_one("#whole", LinePanel).show(lines)

    def _whole(self, row: Warned) -> list[str]:
        about = _("Post {id}: {text}").format(id=row.post_id, text=row.head) if row.post_id is not None else ""
        return [*wrap(row.message, max(self.size.width - 2, 20)), about][:3]

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew."""
        super().on_resize(event)
        if self.state is not None:
            self._show_whole()

    def unavailable(self, verb: str) -> str:
        return _("There is no warning here.") if verb == "open" and self._row is None else ""

    @property
    def _row(self) -> Warned | None:
        place = self.list.current
        return (
            self.state.rows[place]
            if self.state is not None and place is not None and place < len(self.state.rows)
            else None
        )

    def action_open(self) -> None:
        """Open the post it is about; where there is none, its day in the calendar."""
        row = self._row
        if row is None:
            return
        if row.post_id is None:
            self.desk.go("calendar", row.day.isoformat())
            return
        from smm_tui.screens.composer import ComposerScreen

        self.app.push_screen(ComposerScreen(row.project.id, row.post_id))

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.run(self.keymap.actions["warnings.open"])


def _warnings(w: Workspace, project: ProjectRow, day: date) -> list[Warned]:
    found = [
        (item.day, item.post_id, item.message, item.urgent)
        for item in w.plan_queries.lint(project.id, day.year, day.month).findings
    ]
    found += [
        (date.fromisoformat(item.row.planned_wall[:10]), item.row.post_id, _(THERE[item.fact]), False)
        for item in w.fact_queries.month(project.id, day.year, day.month).broken
        if item.fact in THERE
    ]
    ids = list(dict.fromkeys(post for _day, post, _message, _urgent in found if post is not None))
    heads = {row.id: inert(row.head) for row in w.post_queries.calendar_rows(ids)}
    return [
        Warned(project, when, post, inert(message), urgent, heads.get(post or 0, ""))
        for when, post, message, urgent in found
    ]
