"""Insight: whether it works, in charts and figures that say up to when they are known."""

from __future__ import annotations

from typing import Any, NamedTuple

from textual.app import ComposeResult

from smm_tui import formats
from smm_tui.bootstrap import Workspace
from smm_tui.domain import zones
from smm_tui.i18n import _, ngettext
from smm_tui.screens.desk import Job
from smm_tui.screens.insight_views import BY, SECTIONS, Asked, View, days_of, drawable, view
from smm_tui.screens.list_screen import ListScreen
from smm_tui.services.insight_queries import RANGES, date_of
from smm_tui.widgets.chart import Chart, ChartData
from smm_tui.widgets.line import LineWidget, Span, wrap
from smm_tui.widgets.line_panel import LinePanel
from smm_tui.widgets.styles import BOLD, CURSOR, DIM
from smm_tui.widgets.windowed_list import Column, WindowedList

_EMPTY = ChartData("", (), ())


class InsightState(NamedTuple):
    """A section, and what was asked."""

    shown: View
    asked: Asked


class InsightScreen(ListScreen[InsightState]):
    """Growth, reach, engagement, hours, selling, answers."""

    SCOPE = "insight"
    CSS = """
    InsightScreen {
        #chart { height: 3fr; min-height: 8; }
        #chart.-none { display: none; }
        #said { height: 2; margin: 0 1; }
        #list { height: 2fr; }
    }
    """

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._section = next(iter(SECTIONS))
        self._range = RANGES[1]
        self._by = next(iter(BY))
        self._account = 0
        self._reading = False

    def body(self) -> ComposeResult:
        yield LineWidget(id="sections")
        yield Chart(self.desk.glyphs, id="chart")
        yield LinePanel(id="said")
        yield WindowedList((Column("", 10),), glyphs=self.desk.glyphs, selectable=False, cursor_columns=1, id="list")

    # -- data

    def request(self) -> Job[InsightState]:
        section, length, by, account = self._section, self._range, self._by, self._account
        client, words = self.desk.client, self.filter_text.casefold().split()
        zone = self.desk.project.timezone if self.desk.project else "UTC"

        def job(w: Workspace) -> InsightState:
            asked = Asked(client, w.insight_queries.span(length, zone=zone), by, account, zone)
            found = view(w, section, asked)
            rows = tuple(row for row in found.rows if all(word in _searched(row[1]) for word in words))
            return InsightState(found._replace(rows=rows), asked)

        return job

    def empty(self, state: InsightState) -> str:
        if state.shown.rows or state.shown.chart is not None:
            return ""
        if self.filter_text:
            return _("Nothing here fits the filter.")
        if state.shown.section in ("growth", "reach"):
            return _("No accounts yet: {key} goes to Set-up, where they are connected.").format(
                key=self.key("global.setup")
            )
        return state.shown.said + " " + _("{key} goes on.").format(key=self.key("insight.next"))

    def show(self, state: InsightState) -> None:
        shown = state.shown
        self._show_sections(state)
        chart = self.query_one("#chart", Chart)
        chart.set_class(not drawable(shown.chart), "-none")
        chart.plot(shown.chart or _EMPTY)
        self.query_one("#said", LinePanel).lay_out(
            lambda room: [[Span(text, BOLD)] for text in wrap(shown.said, max(room.width, 1))]
        )
        self.list.set_columns(shown.columns)
        self.wanted()
        self.list.show([key for key, _cells in shown.rows], dict(shown.rows))

    def show_position(self) -> None:
        """Where one stands, and up to when the figures are known."""
        super().show_position()
        state = self.state
        if state is not None and state.shown.as_of is not None:
            when = formats.short_moment(zones.local(state.shown.as_of, state.asked.zone))
            told = _("as of {when}").format(when=f"{when} {state.asked.zone.rpartition('/')[2]}")
            place = _("{place} of {count}").format(place=self.list.position + 1, count=len(self.list))
            self.summarise(f"{place} {self.desk.glyphs.separator} {told}")

    def _show_sections(self, state: InsightState | None) -> None:
        spans = [Span(" ")]
        for section, title in SECTIONS.items():
            spans.append(Span(f" {_(title)} ", CURSOR if section == self._section else DIM))
        told = [self._range]
        if self._section == "engagement":
            told.append(_("by {what}").format(what=_(BY[self._by])))
        if state is not None:
            told.append(days_of(state.asked.span, date_of))
        self.query_one("#sections", LineWidget).say([*spans, Span("  " + "  ".join(told))])

    def bookmark(self) -> Any:
        return [self._section, self._range, self._by]

    def return_to(self, bookmark: Any) -> None:
        section, length, by = bookmark if isinstance(bookmark, list) and len(bookmark) == 3 else ("", "", "")
        self._section = section if section in SECTIONS else self._section
        self._range = length if length in RANGES else self._range
        self._by = by if by in BY else self._by

    def leave(self) -> bool:
        if self._account:
            self._account = 0
            self.reload()
            return True
        return super().leave()

    def start_anew(self) -> None:
        self._account = 0

    # -- actions

    def unavailable(self, verb: str) -> str:
        if verb == "open" and self._section not in ("growth", "reach", "mix", "answers"):
            return _("There is nothing behind this row.")
        if verb == "open" and self.list.current is None:
            return _("There is nothing here to open.")
        if verb == "by" and self._section != "engagement":
            return _("Posts are grouped in the section of engagement.")
        if verb == "sync" and self._reading:
            return _("The figures are being read.")
        return ""

    def action_next(self) -> None:
        """The next section."""
        self._turn(1)

    def action_previous(self) -> None:
        """The section before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        names = list(SECTIONS)
        self._section = names[(names.index(self._section) + by) % len(names)]
        self._account = 0
        self._show_sections(None)
        self.list.action_first()
        self.reload()

    def action_range(self) -> None:
        """A longer time, or the shortest again."""
        self._range = RANGES[(RANGES.index(self._range) + 1) % len(RANGES)]
        self.reload()

    def action_by(self) -> None:
        """Group posts by something else."""
        names = list(BY)
        self._by = names[(names.index(self._by) + 1) % len(names)]
        self.reload()

    def action_open(self) -> None:
        """An account by itself, or a client."""
        key = self.list.current
        if self._section in ("growth", "reach"):
            self._section, self._account = "growth", 0 if self._account == int(key) else int(key)
            self.reload()
        else:
            self.desk.choose(int(key))

    def action_page(self) -> None:
        """How the pages look."""
        self.desk.go("pages")

    async def action_sync(self) -> None:
        """Read all figures now; the screen can be left meanwhile."""
        client = self.desk.client
        self._reading = True
        self.desk.say(_("Reading figures ..."))
        try:
            report = await self.desk.network(
                lambda w: w.worker().count_once(accounts=[row.id for row in w.account_queries.of_project(client)])
            )
        finally:
            self._reading = False
        if report is None:
            self.desk.say(_("Another worker leads: it reads them when their time comes."))
            return
        message = ngettext("{count} figure read.", "{count} figures read.", report.figures)
        self.desk.say(message.format(count=report.figures), "error" if report.failed else "done")
        self.reload()


def _searched(cells: Any) -> str:
    return " ".join(cell.text if isinstance(cell, Span) else str(cell) for cell in cells).casefold()
