"""Calendar: the month as a grid, the posts of the chosen day, and what limps in the plan."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.dom import DOMNode

from smm_tui.bootstrap import Workspace
from smm_tui.domain import zones
from smm_tui.domain.content_types import SHORT
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import inert
from smm_tui.domain.when import PlannedTime, parse_when, require_future
from smm_tui.i18n import N_, _, ngettext
from smm_tui.screens.base import WorkspaceScreen
from smm_tui.screens.calendar_state import CalendarState, read_month
from smm_tui.screens.desk import Job
from smm_tui.screens.keyed import focus_quietly
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.key_bar import KeyBar
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.line_panel import LinePanel
from smm_tui.widgets.month_cells import STATE, Entry
from smm_tui.widgets.month_grid import WEEKDAYS, MonthGrid
from smm_tui.widgets.styles import BOLD, DIM, PLAIN, WARN, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

WIDE = 110
"""Columns from which the day and the warnings stand beside the grid instead of below it."""
LOW = 20
"""Rows below which the day gets less room."""

MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)

_SHORT = {name: word for word, name in SHORT.items()}


class CalendarScreen(WorkspaceScreen[CalendarState]):
    """Plan, move, copy and approve the posts of a month."""

    SCOPE = "calendar"
    FILTERS = True
    CSS_PATH = "calendar.tcss"

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._day: date | None = None
        self._lifted: tuple[Entry, bool] | None = None  # the post in hand, and whether it is a copy
        self._finding = -1

    def body(self) -> ComposeResult:
        glyphs = self.desk.glyphs
        yield LineWidget(id="month")
        with Vertical(id="plan"):
            yield MonthGrid(id="grid")
            yield WindowedList(
                (
                    Column(_("day"), 6),
                    Column(_("time"), 5),
                    Column("", 1),
                    Column("", 1),
                    Column(_("text"), 20, weight=1),
                    Column(_("state"), 11),
                ),
                glyphs=glyphs,
                id="list",
            )
            with Vertical(id="side"):
                yield LineWidget(id="title")
                yield WindowedList(
                    (Column("", 5), Column("", 1), Column("", 1), Column("", 12, weight=1), Column("", 11, drop=1)),
                    glyphs=glyphs,
                    header=False,
                    id="day",
                )
                yield LinePanel(id="notes")

    # -- loading and drawing

    def request(self) -> Job[CalendarState]:
        client, day, words, glyphs = self.desk.client, self._day, self.filter_text, self.desk.glyphs
        return lambda w: read_month(w, client, day, words, glyphs)

    def show(self, state: CalendarState) -> None:
        self._day = self._day or state.today
        self._finding = -1
        self._grid.show(state.plan, self._day, state.today)
        self._show_list(state)
        self._show_month(state)
        self._show_day()
        self._show_notes(state)

    def _show_list(self, state: CalendarState) -> None:
        if self.has_class("-list"):
            entries = [*state.plan.entries, *state.drafts]
            self._list.show([entry.post_id for entry in entries], {e.post_id: _cells(e, day=True) for e in entries})

    def _show_month(self, state: CalendarState) -> None:
        title = _("{month} {year}").format(month=_(MONTHS[state.plan.month - 1]), year=state.plan.year)
        spans = [Span(f" {title}", BOLD)]
        if state.found is not None:
            found = ngettext("{count} post fits", "{count} posts fit", state.found).format(count=state.found)
            spans.append(Span(f"   {found}", WARN))
        if state.drafts:
            count = len(state.drafts)
            drafts = ngettext("{count} draft without a day", "{count} drafts without a day", count).format(
                count=count
            )
            spans.append(Span(f"   {drafts} ({self.key('calendar.view')})", WARN))
        if state.total:
            approved = _("approved {count} of {total}").format(count=state.approved, total=state.total)
            spans += [Span(f"   {approved}"), Span("  ")]
            for share in state.shares:
                kind = state.types.get(share.content_type)
                style = of_colour(kind.colour if kind else "")
                name = _SHORT.get(share.content_type) or inert(state.types.shown(share.content_type))
                spans.append(Span(f" {name} {share.percent}% ", style))
        elif self.desk.client is None:
            spans.append(Span("   " + _("nothing planned")))
        else:
            spans.append(Span("   " + _("nothing planned: {key} plans a post").format(key=self.key("calendar.new"))))
        self.query_one("#month", LineWidget).say(spans)

    def _show_day(self) -> None:
        day = self._day
        if day is None or self.state is None:
            return
        entries = self.state.plan.on(day)
        panel = self._panel
        other = {entry.post_id for entry in entries}.isdisjoint([panel.current])
        panel.show([entry.post_id for entry in entries], {entry.post_id: _cells(entry) for entry in entries})
        if other:
            panel.clear_selection()
            panel.move_to(0)
        title = f"{_(WEEKDAYS[day.weekday()])} {day.day} {_(MONTHS[day.month - 1])[:3]}"
        if self._lifted is not None:
            entry, copy = self._lifted
            what = _("copy of “{post}” in hand") if copy else _("“{post}” in hand")
            spans = [Span(f" {title}", BOLD), Span("  " + what.format(post=entry.words[:40]), WARN)]
        elif entries:
            count = ngettext("{count} post", "{count} posts", len(entries)).format(count=len(entries))
            spans = [Span(f" {title}", BOLD), Span(f"  {count}")]
        else:
            spans = [Span(f" {title}", BOLD), Span("  " + _("nothing planned"), DIM)]
        self.query_one("#title", LineWidget).say(spans)

    def _show_notes(self, state: CalendarState) -> None:
        alarm = self.desk.glyphs.alarm
        if self.has_class("-wide"):
            self.query_one("#notes", LinePanel).show(
                [
                    *([[], [Span(_("Mix of the month"), BOLD)]] if state.shares else []),
                    *(self._bar(state, place) for place in range(len(state.shares))),
                    *([[], [Span(_("Warnings"), BOLD)]] if state.findings else []),
                    *([Span(f"{alarm} ", WARN), Span(finding.text)] for finding in state.findings),
                ]
            )
            return
        line = [Span(" ")]
        for finding in state.findings:
            line += [Span(f"{alarm} ", WARN), Span(f"{finding.text}   ")]
        self.query_one("#notes", LinePanel).show([line])

    def _bar(self, state: CalendarState, place: int) -> list[Span]:
        share = state.shares[place]
        kind = state.types.get(share.content_type)
        style = of_colour(kind.colour if kind else "")
        name = inert(state.types.shown(share.content_type))
        return [Span(f"{name:<14.14} {share.percent:>3}% "), Span("█" * round(share.percent / 7), style)]

    def on_resize(self, event: events.Resize) -> None:
        """Put the day below or beside the grid, as there is room."""
        super().on_resize(event)
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(event.size.height < LOW, "-low")
        if self.state is not None:
            self._show_month(self.state)
            self._show_notes(self.state)

    # -- where the user is

    def bookmark(self) -> Any:
        return self._day.isoformat() if self._day else None

    def return_to(self, bookmark: Any) -> None:
        try:
            self._day = date.fromisoformat(bookmark)
        except (TypeError, ValueError):
            return

    def targets(self) -> dict[str, DOMNode]:
        """With a post in hand, its keys come first."""
        targets = super().targets()
        return targets if self._lifted is None else {"carry": self, **targets}

    def show_keys(self) -> None:
        """With a post in hand, the keys that put it somewhere."""
        if self._lifted is not None:
            self.query_one(KeyBar).show(["carry", "global"])
        else:
            super().show_keys()

    def leave(self) -> bool:
        if self._lifted is not None:
            self._put_down()
            return True
        if self.focused in (self._panel, self._list):
            if not (self._panel.clear_selection() or self._list.clear_selection()):
                self._listing(False)
                focus_quietly(self._grid)
            return True
        return super().leave()

    def main_widget(self) -> MonthGrid | WindowedList:
        return self._list if self.has_class("-list") else self._grid

    @property
    def _grid(self) -> MonthGrid:
        return self.query_one("#grid", MonthGrid)

    @property
    def _list(self) -> WindowedList:
        return self.query_one("#list", WindowedList)

    @property
    def _panel(self) -> WindowedList:
        return self.query_one("#day", WindowedList)

    def _go(self, day: date) -> None:
        """Put the cursor on a day; another month comes when it is loaded."""
        if not zones.FIRST_YEAR < day.year < zones.LAST_YEAR:
            return
        self._day = day
        plan = self._grid.plan
        if (day.year, day.month) == (plan.year, plan.month):
            self._grid.move(day)
            self._show_day()
        else:
            self.reload()

    def _step(self, days: int) -> None:
        if self._day is not None:
            self._go(self._day + timedelta(days))

    def _turn(self, months: int) -> None:
        if self._day is None:
            return
        count = self._day.year * 12 + self._day.month - 1 + months
        year, month = count // 12, count % 12 + 1
        self._go(date(year, month, min(self._day.day, calendar.monthrange(year, month)[1])))

    def action_left(self) -> None:
        """The day before."""
        self._step(-1)

    def action_right(self) -> None:
        """The next day."""
        self._step(1)

    def action_up(self) -> None:
        """A week back."""
        self._step(-7)

    def action_down(self) -> None:
        """A week on."""
        self._step(7)

    def action_previous_month(self) -> None:
        """The month before."""
        self._turn(-1)

    def action_next_month(self) -> None:
        """The next month."""
        self._turn(1)

    def action_today(self) -> None:
        """Where it is now."""
        if self.state is not None:
            self._go(self.state.today)

    def action_view(self) -> None:
        """The month as a list, or as a grid again."""
        self._listing(not self.has_class("-list"))

    def _listing(self, listing: bool) -> None:
        if listing == self.has_class("-list"):
            return
        self.set_class(listing, "-list")
        if listing and self.state is not None:
            if self._panel.current is not None:
                self._list.want(self._panel.current)
            self._show_list(self.state)
        focus_quietly(self.main_widget())

    @on(WindowedList.Moved, "#list")
    def _moved_in_list(self) -> None:
        entry = self._entry(self._list.current)
        if self.has_class("-list") and entry is not None and entry.dated and entry.wall.date() != self._day:
            self._go(entry.wall.date())

    def action_warning(self) -> None:
        """Go to what the next warning is about."""
        if self.state is None or not self.state.findings:
            return
        self._finding = (self._finding + 1) % len(self.state.findings)
        finding = self.state.findings[self._finding]
        self._go(finding.day)
        if finding.post_id is not None:
            self._panel.want(finding.post_id)
            self._show_day()
        self.desk.say(finding.text)

    # -- what can be done

    def unavailable(self, verb: str) -> str:
        if verb in ("edit", "edit_text", "move", "copy", "cancel", "approve") and not self._chosen():
            return _("There is no post on this day: {key} plans one.").format(key=self.key("calendar.new"))
        if verb in ("new", "approve_month") and self.desk.client is None:
            return _("Choose a client first, with its digit.")
        if verb == "approve_month" and (self.state is None or not self.state.to_approve):
            return _("Nothing in this month waits for approval.")
        if verb == "warning" and (self.state is None or not self.state.findings):
            return _("There are no warnings for this month.")
        if verb in ("new", "open", "cancel", "approve", "approve_month", "view") and self._lifted is not None:
            return _("Drop the post in your hand first.")
        return ""

    def _entry(self, post_id: int | None) -> Entry | None:
        if self.state is None:
            return None
        entries = (*self.state.plan.entries, *self.state.drafts)
        return next((entry for entry in entries if entry.post_id == post_id), None)

    def _chosen(self) -> list[Entry]:
        """What commands act on: the selected posts, else the one under the cursor."""
        chosen = (self._list if self.has_class("-list") else self._panel).chosen
        return [entry for post_id in chosen if (entry := self._entry(post_id)) is not None]

    def action_open(self) -> None:
        """Open the post; where a day has several, choose among them first; where it has none, plan one."""
        entries = self.state.plan.on(self._day) if self.state is not None and self._day is not None else ()
        if self.focused is self._grid and len(entries) > 1:
            focus_quietly(self._panel)
        elif self._chosen():
            self.action_edit()
        elif reason := self.unavailable("new"):
            self.desk.say(reason)
        else:
            self.action_new()

    def action_edit(self) -> None:
        """Open the post in the composer."""
        self._open(self._chosen()[0])

    def action_edit_text(self) -> None:
        """Open the post in the composer, its text in $EDITOR."""
        self._open(self._chosen()[0], in_editor=True)

    def _open(self, entry: Entry, *, in_editor: bool = False) -> None:
        from smm_tui.screens.composer import ComposerScreen

        self.app.push_screen(ComposerScreen(entry.project_id, entry.post_id, in_editor=in_editor))

    def action_new(self) -> None:
        """Plan a post on this day."""
        from smm_tui.screens.composer import ComposerScreen

        project = self.desk.project
        if project is not None and self._day is not None:
            now = zones.local(self.desk.workspace.clock(), project.timezone)
            self.app.push_screen(ComposerScreen(project.id, when=suggested_time(self._day, now)))

    def action_move(self) -> None:
        """Take the post into the hand, to drop it on another day."""
        self._lift(copy=False)

    def action_copy(self) -> None:
        """Take a copy of the post into the hand."""
        self._lift(copy=True)

    def _lift(self, *, copy: bool) -> None:
        chosen = self._chosen()
        if len(chosen) > 1:
            self.desk.say(_("One post at a time: several are selected."))
            return
        self._listing(False)
        focus_quietly(self._grid)
        self._lifted = (chosen[0], copy)
        self._grid.carry(chosen[0], copy=copy)
        self._show_day()
        self.show_keys()

    def _put_down(self) -> None:
        self._lifted = None
        self._grid.carry(None)
        self._show_day()
        self.show_keys()

    def action_drop(self) -> None:
        """Plan the post in the hand on this day, at its time of day."""
        if self._lifted is None or self._day is None:
            return
        entry, copy = self._lifted
        if self._day == entry.wall.date() and entry.dated and not copy:
            self._put_down()
            return
        words = f"{self._day} {entry.wall:%H:%M:%S}".removesuffix(":00")
        try:
            when = parse_when(words, now=self.desk.workspace.clock(), zone=entry.zone)
        except InvalidInput as error:  # the clocks jump there: a person decides
            self._ask_time(entry, words, f"{error.message} {error.hint}", copy=copy)
            return
        require_future(when, self.desk.workspace.clock())
        if entry.dated:
            self._plan(entry, when, copy=copy)
        else:
            self._ask_time(entry, words, _("The draft has no time yet."), copy=copy)

    def _plan(self, entry: Entry, when: PlannedTime, *, copy: bool) -> None:
        self._put_down()
        if copy:
            self._command(lambda w: w.posts.copy(entry.post_id, when))
        else:
            self._command(lambda w: w.posts.move([entry.post_id], when))

    def _command(self, job: Callable[[Workspace], Receipt]) -> None:
        self._panel.clear_selection()
        self._list.clear_selection()
        self.desk.command(job)

    def _ask_time(self, entry: Entry, words: str, why: str, *, copy: bool) -> None:
        from smm_tui.screens.form import FormScreen, Values
        from smm_tui.widgets.form import Field

        clock = self.desk.workspace.clock

        async def save(values: Values) -> None:
            when = parse_when(values["at"], now=clock(), zone=entry.zone)
            self._plan(entry, require_future(when, clock()), copy=copy)

        self.app.push_screen(
            FormScreen(_("At what time?"), lambda _values: [Field("at", _("Time"), words, why)], save)
        )

    def action_put_back(self) -> None:
        """Leave the post where it was."""
        self._put_down()

    def action_cancel(self) -> None:
        """Cancel the chosen posts, after a question."""
        chosen = self._chosen()
        ids = [entry.post_id for entry in chosen]
        self.ask(
            ngettext("Cancel {count} post?", "Cancel {count} posts?", len(ids)).format(count=len(ids)),
            [
                self._client_line({entry.project_id for entry in chosen}),
                *(" ".join((_planned_words(entry), entry.words[:50])) for entry in chosen[:5]),
                _("It will not go out.") if len(ids) == 1 else _("They will not go out."),
            ],
            lambda: self._command(lambda w: w.posts.cancel(ids)),
            undoable=True,
        )

    def action_approve(self) -> None:
        """Approve the chosen posts as they are now."""
        ids = [entry.post_id for entry in self._chosen()]
        self._command(lambda w: w.posts.approve(ids))

    def action_approve_month(self) -> None:
        """Approve what waits in this month, after a question."""
        state, project = self.state, self.desk.project
        if state is None or project is None:
            return
        year, month = state.plan.year, state.plan.month
        self.ask(
            ngettext("Approve {count} post?", "Approve {count} posts?", state.to_approve).format(
                count=state.to_approve
            ),
            [
                self._client_line({project.id}),
                _("All that wait in {month} {year} and lie ahead will go out at their time.").format(
                    month=_(MONTHS[month - 1]), year=year
                ),
            ],
            lambda: self._command(lambda w: w.reviews.approve_month(project.id, year, month)),
            undoable=True,
        )

    def _client_line(self, project_ids: set[int]) -> str:
        names = [row.name for row in self.desk.chrome.projects if row.id in project_ids]
        return _("Client: {names}").format(names=", ".join(names))


def suggested_time(day: date, now: datetime) -> str:
    """Words for a new post of a day: ten o'clock, or the next full hour when that has passed; none for the past."""
    if day < now.date():
        return ""
    if day > now.date() or now.hour < 10:
        return f"{day} 10:00"
    return f"{day} {now.hour + 1:02}:00" if now.hour < 23 else ""


def _planned_words(entry: Entry) -> str:
    return f"{entry.wall:%Y-%m-%d %H:%M}" if entry.dated else _("no day")


def _cells(entry: Entry, *, day: bool = False) -> Cells:
    cells: Sequence[str | Span] = (
        f"{entry.wall:%H:%M}" if entry.dated else "",
        Span(entry.client, of_colour(entry.colour)),
        Span(entry.glyph, of_colour(entry.kind_colour)),
        entry.words,
        Span(f"{entry.state_glyph} {_(entry.state)}", STATE.get(entry.state, PLAIN)),
    )
    if not day:
        return cells
    when = f"{_(WEEKDAYS[entry.wall.weekday()])[:2]} {entry.wall.day:>2}" if entry.dated else _("no day")
    return (when, *cells)
