"""Work: time for each client, the load of the coming weeks, what clients owe; entries, agreements and tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from textual.app import ComposeResult
from textual.geometry import Size

from smm_tui import formats
from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.db.reads.work import ACTIONS, EntryRow, TaskRow
from smm_tui.domain import pay, worktime, zones
from smm_tui.domain.clock import MINUTE, Instant
from smm_tui.domain.months import following, last_of
from smm_tui.domain.pay import Agreement
from smm_tui.domain.workload import Outlook
from smm_tui.i18n import N_, _
from smm_tui.screens import work_forms
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.services import room
from smm_tui.services.receipt import Receipt
from smm_tui.services.work_queries import SOURCES, ClientTime, Earned, by_project, what
from smm_tui.services.work_settings import WorkSettings
from smm_tui.widgets.line import LineWidget, Span, wrap
from smm_tui.widgets.line_panel import LinePanel
from smm_tui.widgets.styles import BAD, BOLD, CURSOR, DIM, GOOD, PLAIN, WARN, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList


class Part(StrEnum):
    """What is listed."""

    CLIENTS = "clients"
    ENTRIES = "entries"
    AGREEMENTS = "agreements"
    TASKS = "tasks"


Row = EntryRow | Agreement | TaskRow

PARTS: Mapping[Part, str] = {
    Part.CLIENTS: N_("clients"),
    Part.ENTRIES: N_("time"),
    Part.AGREEMENTS: N_("agreements"),
    Part.TASKS: N_("tasks"),
}


@dataclass(frozen=True, slots=True)
class WorkState:
    """All that the screen shows of a month; `now` to the minute, for the timer that runs."""

    part: Part
    month: date
    now: Instant
    zone: str
    settings: WorkSettings
    running: EntryRow | None
    projects: tuple[ProjectRow, ...]
    times: Mapping[int, ClientTime]
    outlook: Outlook
    earned: Mapping[int, list[Earned]]
    rows: tuple[Row, ...] = ()  # of the part; clients stand in `projects`

    def project(self, project_id: int) -> ProjectRow | None:
        """A client by its number."""
        return next((row for row in self.projects if row.id == project_id), None)


class WorkScreen(ListScreen[WorkState]):
    """The administrator's own day."""

    SCOPE = "work"
    CSS = "WorkScreen #says { height: 4; margin: 0 1; }"

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._part = Part.CLIENTS
        self._month: date | None = None  # None: the one that runs

    def body(self) -> ComposeResult:
        yield LineWidget(id="parts")
        yield LineWidget(id="timer")
        yield WindowedList(
            _columns(Part.CLIENTS), glyphs=self.desk.glyphs, selectable=False, cursor_columns=1, id="list"
        )
        yield LinePanel(id="says")

    # -- data

    def request(self) -> Job[WorkState]:
        part, chosen, client = self._part, self._month, self.desk.client
        words = self.filter_text.casefold().split()
        now = self.desk.time // MINUTE * MINUTE

        def fits(text: str) -> bool:
            return all(word in text.casefold() for word in words)

        def job(w: Workspace) -> WorkState:
            queries = w.work_queries
            zone = queries.zone()
            month = chosen or zones.local(now, zone).date().replace(day=1)
            projects = [row for row in w.project_queries.all() if client in (None, row.id)]
            if part == Part.CLIENTS:
                projects = [row for row in projects if fits(f"{row.name} {row.client}")]
            state = WorkState(
                part,
                month,
                now,
                zone,
                queries.settings(),
                queries.running(),
                tuple(projects),
                queries.times(),
                queries.outlook(),
                by_project(queries.earnings(month, client)),
            )
            names = {row.id: row.name for row in projects}
            rows: list[Row] = []
            match part:
                case Part.ENTRIES:
                    rows += queries.entries(first=month, last=last_of(month), project_id=client)
                case Part.AGREEMENTS:
                    rows += [row for row in queries.agreements(client) if row.project_id in names]
                case Part.TASKS:
                    rows += queries.tasks(project_id=client, first=month, last=last_of(month))
            return replace(state, rows=tuple(row for row in rows if fits(_searched(row, names))))

        return job

    def on_screen_resume(self) -> None:
        """What was done since the last look becomes time entries."""
        self.desk.later(lambda w: w.worktime.collect())
        super().on_screen_resume()

    def empty(self, state: WorkState) -> str:
        if state.projects or self.filter_text:
            return ""
        return _("No clients yet. Press {key} to go to Projects, then add the first one.").format(
            key=self.key("global.projects")
        )

    def show(self, state: WorkState) -> None:
        parts = [Span(" ")]
        for part, title in PARTS.items():
            parts += [Span(f" {_(title)} ", CURSOR if part is state.part else DIM)]
        self.query_one("#parts", LineWidget).say([*parts, Span(f"   {state.month:%Y-%m}", BOLD)])
        self.query_one("#timer", LineWidget).say(_timer(state))
        self.list.set_columns(_columns(state.part))
        self.wanted()
        rows = self._rows(state)
        self.list.show(list(rows), rows)
        sentences = room.sentences(state.outlook)
        self.query_one("#says", LinePanel).lay_out(lambda size: _said(sentences, rows, state, size))

    def _rows(self, state: WorkState) -> dict[Any, Cells]:
        if state.part == Part.CLIENTS:
            return {row.id: self._client(state, row) for row in state.projects}
        return {row.id: self._cells(state, row) for row in state.rows}

    def _cells(self, state: WorkState, row: Row) -> Cells:
        match row:
            case EntryRow():
                return self._entry(state, row)
            case Agreement():
                return self._agreement(state, row)
        return (row.day, self._whose(state, row.project_id), row.name, row.actor)

    def _whose(self, state: WorkState, project_id: int) -> Span:
        project = state.project(project_id)
        return Span(project.name, of_colour(project.colour)) if project else Span("-", DIM)

    def _client(self, state: WorkState, row: ProjectRow) -> Cells:
        spent = state.times.get(row.id, ClientTime(row.id, 0, 0, 0))
        load = next((client.weeks for client in state.outlook.clients if client.project_id == row.id), ())
        earned = state.earned.get(row.id, [])
        runs = state.running is not None and state.running.project_id == row.id
        return (
            Span(f"{self.desk.glyphs.running} {row.name}" if runs else row.name, of_colour(row.colour)),
            *(_time(each) for each in spent[1:]),
            *(_time(each) for each in (*load, *(0,) * (4 - len(load)))),
            " + ".join(formats.money(item.total, item.currency) for item in earned) or Span("-", DIM),
            Span(
                " + ".join(formats.number(item.per_hour) for item in earned if item.per_hour is not None) or "-", DIM
            ),
        )

    def _entry(self, state: WorkState, row: EntryRow) -> Cells:
        end = max(state.now, row.started_at) if row.ended_at is None else row.ended_at
        began = zones.local(row.started_at, state.zone)
        until = _("now") if row.ended_at is None else f"{zones.local(row.ended_at, state.zone):%H:%M}"
        return (
            f"{formats.weekday(began)} {began:%d %H:%M}-{until}",
            worktime.clock_time(end - row.started_at),
            self._whose(state, row.project_id),
            what(row),
            Span(_(SOURCES[row.source]), DIM if row.source == ACTIONS else PLAIN),
        )

    def _agreement(self, state: WorkState, row: Agreement) -> Cells:
        return (
            self._whose(state, row.project_id),
            _(work_forms.BASES[row.basis]),
            formats.money(row.amount, row.currency),
            f"{row.from_day} - {row.to_day or ''}",
            pay.steps_in_words(row.steps),
        )

    # -- actions

    @property
    def _client_here(self) -> ProjectRow | None:
        """Whom the row under the cursor is about, or the chosen client."""
        state = self.state
        if state is None:
            return None
        if state.part == Part.CLIENTS and self.list.current is not None:
            return state.project(self.list.current)
        number = self._row.project_id if self._row is not None else self.desk.client
        return None if number is None else state.project(number)

    @property
    def _row(self) -> Row | None:
        state = self.state
        rows = state.rows if state is not None and state.part is self._part else ()
        return next((row for row in rows if row.id == self.list.current), None)

    def unavailable(self, verb: str) -> str:
        if verb in ("next", "previous", "settings", "month_before", "month_after"):
            return ""
        if verb == "invoice":
            return "" if self.state and self.state.earned else _("Nothing is owed for this month.")
        if verb in ("timer", "new"):
            return "" if self._client_here else _("Choose a client first, with 1-9.")
        if self._part == Part.CLIENTS:
            return _("{key} lists entries, agreements and tasks.").format(key=self.key("work.next"))
        if self._row is None:
            return _("There is nothing here to do that with.")
        if verb == "edit" and self._part == Part.TASKS:
            return _("A task is removed and written down anew.")
        if verb == "edit" and isinstance(self._row, EntryRow) and self._row.ended_at is None:
            return _("Its timer still runs: {key} stops it.").format(key=self.key("work.timer"))
        return ""

    def action_next(self) -> None:
        """The next part."""
        self._turn(1)

    def action_previous(self) -> None:
        """The part before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        parts = list(PARTS)
        self._part = parts[(parts.index(self._part) + by) % len(parts)]
        self.reload()

    def action_month_before(self) -> None:
        """The month before."""
        if self.state is not None:
            self._month = (self.state.month - timedelta(days=1)).replace(day=1)
            self.reload()

    def action_month_after(self) -> None:
        """The month after."""
        if self.state is not None:
            self._month = following(self.state.month)
            self.reload()

    def action_timer(self) -> None:
        """Start or stop the timer for the client of the row."""
        if (project := self._client_here) is not None:
            self.desk.command(lambda w: w.worktime.toggle(project.id))

    def action_new(self) -> None:
        """Write something down for the client of the row."""
        state, project = self.state, self._client_here
        if state is None or project is None:
            return
        match self._part:
            case Part.AGREEMENTS:
                self.app.push_screen(work_forms.agreement(self.desk, project, state.month))
            case Part.TASKS:
                self.app.push_screen(work_forms.task(self.desk, project))
            case _:
                self.app.push_screen(work_forms.entry(self.desk, project, state.zone))

    def action_edit(self) -> None:
        """Correct the row."""
        state, row = self.state, self._row
        if state is None or row is None:
            return
        project = state.project(row.project_id)
        if isinstance(row, EntryRow) and project is not None:
            self.app.push_screen(work_forms.entry(self.desk, project, state.zone, row))
        elif isinstance(row, Agreement) and project is not None:
            self.app.push_screen(work_forms.agreement(self.desk, project, state.month, row))

    def action_remove(self) -> None:
        """Take the row away."""
        row = self._row
        if row is None:
            return
        number, part = row.id, self._part

        def job(w: Workspace) -> Receipt:
            if part == Part.ENTRIES:
                return w.worktime.remove([number])
            return w.pay.remove(number) if part == Part.AGREEMENTS else w.pay.remove_tasks([number])

        project = self.state.project(row.project_id) if self.state else None
        questions = {
            Part.ENTRIES: _("Remove this time entry?"),
            Part.AGREEMENTS: _("Remove this agreement?"),
            Part.TASKS: _("Remove this task?"),
        }
        self.ask(
            questions[part],
            [_("Client: {names}").format(names=project.name if project else "-")],
            lambda: self.desk.command(job),
            undoable=True,
        )

    def action_invoice(self) -> None:
        """Write the invoice lines of the month."""
        if self.state is not None:
            self.app.push_screen(work_forms.invoice(self.desk, self.state.month, self.desk.client))

    def action_settings(self) -> None:
        """Say how one works."""
        if self.state is not None:
            self.app.push_screen(work_forms.settings(self.desk, self.state.settings, self.state.zone))


def _searched(row: Row, names: Mapping[int, str]) -> str:
    return " ".join((names.get(row.project_id, ""), *(str(value) for value in row if isinstance(value, str))))


def _columns(part: Part) -> tuple[Column, ...]:
    match part:
        case Part.ENTRIES:
            return (
                Column(_("when"), 19),
                Column(_("time"), 6, right=True),
                Column(_("client"), 12, weight=1),
                Column(_("what"), 16, weight=3),
                Column(_("from"), 8),
            )
        case Part.AGREEMENTS:
            return (
                Column(_("client"), 12, weight=1),
                Column(_("for"), 9),
                Column(_("amount"), 14, right=True),
                Column(_("holds"), 23),
                Column(_("other prices"), 12, weight=3),
            )
        case Part.TASKS:
            return (
                Column(_("day"), 10),
                Column(_("client"), 12, weight=1),
                Column(_("task"), 24, weight=3),
                Column(_("who"), 10),
            )
    return (
        Column(_("client"), 11, weight=1),
        Column(_("today"), 5, right=True),
        Column(_("week"), 6, right=True),
        Column(_("month"), 6, right=True),
        Column(_("this w"), 6, right=True),
        Column("+1", 6, right=True),
        Column("+2", 6, right=True, drop=1),
        Column("+3", 6, right=True, drop=2),
        Column(_("earned"), 14, right=True, weight=1),
        Column(_("an hour"), 9, right=True, drop=3),
    )


def _time(spent: Instant) -> Span:
    return Span(worktime.clock_time(spent)) if spent >= MINUTE else Span("-", DIM)


def _timer(state: WorkState) -> list[Span]:
    running = state.running
    spans = [Span(" "), Span(_("no timer runs"), DIM)]
    if running is not None:
        since = f"{zones.local(running.started_at, state.zone):%H:%M}"
        spent = worktime.clock_time(max(state.now - running.started_at, 0))
        text = _("timer: {project} since {since}, {time}").format(project=running.project, since=since, time=spent)
        spans = [Span(" "), Span(text, GOOD)]
    percent = state.outlook.percent(0) if state.outlook.weeks else None
    full = PLAIN if percent is None or percent < room.FULL else WARN if percent <= 100 else BAD
    capacity = _("{hours} hours a week").format(hours=worktime.clock_time(state.settings.capacity))
    spans.append(Span(f"   {capacity}"))
    if percent is not None:
        spans.append(Span("   " + _("this week {percent} % full").format(percent=percent), full))
    return spans


def _said(sentences: list[str], rows: Mapping[Any, Cells], state: WorkState, size: Size) -> list[list[Span]]:
    """What the load means; for a part without rows, how to add one."""
    lines = [[Span(line, DIM)] for sentence in sentences for line in wrap(sentence, max(size.width, 10))]
    nothing = {
        Part.ENTRIES: _("No time is written in this month."),
        Part.AGREEMENTS: _("Nothing is agreed yet."),
        Part.TASKS: _("No task is written in this month."),
    }
    if not rows and state.part in nothing:
        lines.insert(0, [Span(nothing[state.part], BOLD)])
    return lines
