"""Posts of all months in one list: to find one, whenever it was or will be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.posts import EVERYTHING, CalendarRow, Which
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain.content_types import DEFAULTS, ContentTypes
from smm_tui.i18n import _, ngettext
from smm_tui.screens import calendar_forms as forms
from smm_tui.screens.calendar_state import entry_of
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.month_cells import STATE
from smm_tui.widgets.styles import BOLD, PLAIN, WARN, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList


@dataclass(frozen=True, slots=True)
class AllMonthsState:
    """All ids that fit, the rows near the cursor, and the first of them that lies ahead."""

    client: int | None
    which: Which
    ids: Sequence[int]
    rows: Mapping[int, CalendarRow]
    projects: Mapping[int, ProjectRow]
    types: Mapping[int, ContentTypes]
    ahead: int | None


class AllMonthsScreen(ListScreen[AllMonthsState]):
    """Every post with a time of a client, or of all; `/` finds words in them."""

    SCOPE = "all_months"
    CLIENTS: ClassVar[bool] = False
    CSS = "AllMonthsScreen #which { height: 1; }"

    def __init__(self, narrowed: Which = EVERYTHING, words: str = "") -> None:
        super().__init__()
        self._narrowed = narrowed
        self._begun = False
        self._known: dict[int, CalendarRow] = {}
        self.filter_text = words

    def body(self) -> ComposeResult:
        yield LineWidget(id="which")
        yield WindowedList(
            (
                Column(_("day"), 10),
                Column(_("time"), 5),
                Column("", 1),
                Column("", 1),
                Column(_("text"), 20, weight=1),
                Column(_("state"), 11),
            ),
            self._fetch,
            glyphs=self.desk.glyphs,
            selectable=False,
            id="list",
        )

    def request(self) -> Job[AllMonthsState]:
        client, words, near, begun = self.desk.client, self.filter_text.split(), self.list.near(), self._begun
        which = self._narrowed._replace(project_id=client, words=tuple(words))

        def job(w: Workspace) -> AllMonthsState:
            ids = w.post_queries.found_ids(which)
            ahead = None
            if not begun:
                coming = w.post_queries.find(which._replace(start=w.clock()), 1)
                ahead = coming[0].id if coming else (ids[-1] if ids else None)
            wanted = near(ids)
            if ahead is not None:
                place = ids.index(ahead)
                wanted = [*wanted, *ids[max(place - 60, 0) : place + 60]]
            rows = {row.id: row for row in w.post_queries.calendar_rows(list(dict.fromkeys(wanted)))}
            projects = {row.id: row for row in w.project_queries.all(archived=True)}
            types = {number: w.scheme_queries.content_types(number) for number in projects}
            return AllMonthsState(client, which, ids, rows, projects, types, ahead)

        return job

    async def _fetch(self, ids: Sequence[int]) -> Mapping[int, Cells]:
        rows = await self.desk.read(lambda w: w.post_queries.calendar_rows(ids))
        return self._cells_of({row.id: row for row in rows})

    def _cells_of(self, rows: Mapping[int, CalendarRow]) -> Mapping[int, Cells]:
        self._known.update(rows)
        return {number: self._cells(row) for number, row in rows.items()}

    def _cells(self, row: CalendarRow) -> Cells:
        state = self.state
        project = None if state is None else state.projects.get(row.project_id)
        types = DEFAULTS if state is None else state.types.get(row.project_id, DEFAULTS)
        one = entry_of(row, project, types, self.desk.glyphs, digit=self.desk.client is None)
        return (
            f"{one.wall:%Y-%m-%d}",
            f"{one.wall:%H:%M}",
            Span(one.client, of_colour(one.colour)),
            Span(one.glyph, of_colour(one.kind_colour)),
            one.words,
            Span(f"{one.state_glyph} {_(one.state)}", STATE.get(one.state, PLAIN)),
        )

    def empty(self, state: AllMonthsState) -> str:
        if state.ids:
            return ""
        if self.filter_text or self._narrowed != EVERYTHING:
            return _("No post of any month fits.")
        return _("Nothing is planned yet.")

    def show(self, state: AllMonthsState) -> None:
        self._known = {}
        if not self._begun and state.ahead is not None:
            self.list.want(state.ahead)
        self._begun = True
        self.wanted()
        self.list.show(state.ids, self._cells_of(state.rows))
        count = len(state.ids)
        spans = [Span(" " + _("All months"), BOLD)]
        spans.append(Span("  " + ngettext("{count} post", "{count} posts", count).format(count=count)))
        told = forms.told(self._narrowed, state.types.get(state.client or 0, DEFAULTS))
        if told or self.filter_text:
            words = ", ".join(part for part in (told, f"“{self.filter_text}”" if self.filter_text else "") if part)
            spans.append(Span(f"  {words}", WARN))
        self.query_one("#which", LineWidget).say(spans)

    def unavailable(self, verb: str) -> str:
        if verb in ("open", "edit") and self._row is None:
            return _("There is no post here.")
        return ""

    @property
    def _row(self) -> CalendarRow | None:
        return self._known.get(self.list.current) if self.list.current is not None else None

    def action_open(self) -> None:
        """Go to the day of the post in the calendar."""
        if (row := self._row) is not None:
            self.desk.go("calendar", [row.planned_wall[:10], row.id])

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.run(self.keymap.actions["all_months.open"])

    def action_edit(self) -> None:
        """Open the post in the composer."""
        from smm_tui.screens.composer import ComposerScreen

        if (row := self._row) is not None:
            self.app.push_screen(ComposerScreen(row.project_id, row.id))

    def action_filters(self) -> None:
        """Choose type, state and account of what is listed."""
        client = self.desk.client
        types = DEFAULTS if self.state is None else self.state.types.get(client or 0, DEFAULTS)

        async def ask() -> None:
            rows = await self.desk.read(lambda w: w.account_queries.of_project(client))
            self.app.push_screen(forms.filters(rows, types, self._narrowed, self._narrow))

        self.desk.start(ask())

    def _narrow(self, which: Which) -> None:
        self._narrowed = which
        self.reload()
