"""Calendar: the month as a grid, the posts of the chosen day, and what limps in the plan."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.dom import DOMNode

from smm_tui import formats
from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.posts import EVERYTHING, Which
from smm_tui.db.reads.scheme import Idea
from smm_tui.domain import zones
from smm_tui.domain.content_types import DEFAULTS, SHORT
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import inert
from smm_tui.domain.promise import Promise
from smm_tui.domain.when import PlannedTime, parse_when, require_future
from smm_tui.i18n import _, ngettext
from smm_tui.screens import calendar_forms as forms
from smm_tui.screens.base import WorkspaceScreen
from smm_tui.screens.calendar_state import (
    Beside,
    CalendarState,
    Finding,
    View,
    last_of_month,
    read_beside,
    read_month,
)
from smm_tui.screens.desk import Job
from smm_tui.screens.keyed import focus_quietly
from smm_tui.screens.latest import Latest
from smm_tui.services.places import OpenPlace
from smm_tui.services.proposal import filled_message, propose
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.key_bar import KeyBar
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.line_panel import LinePanel
from smm_tui.widgets.month_cells import STATE, Entry, MonthPlan
from smm_tui.widgets.month_grid import MonthGrid
from smm_tui.widgets.styles import BOLD, DIM, GOOD, PLAIN, WARN, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

_OF_POSTS = ("edit", "edit_text", "move", "copy", "cancel", "approve", "submit", "send_back", "comments", "pictures")
"""Verbs that need a post."""
WIDE = 110
"""Columns from which the day and the warnings stand beside the grid instead of below it."""
LOW = 20
"""Rows below which the day gets less room."""

SHOWN = 6
"""So many of the places are shown before a month is filled."""

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
        self._sought: int | None = None  # a post to put the cursor on
        self._week = False  # one week is shown instead of the month
        self._narrowed = EVERYTHING  # by type, state and account
        self._narrowed_for: int | None = None  # the client
        self._names: Mapping[date, str] = {}  # of the days of the month, holidays among them
        self._deep: tuple[Finding, ...] = ()  # what only a look at every post finds
        self._promise = Promise(0, 0)
        self._beside: Latest[CalendarState] = Latest(lambda work: self.desk.start(work), self._look_beside)

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
        if self._narrowed_for != self.desk.client:  # another client has other types and accounts
            self._narrowed, self._narrowed_for = EVERYTHING, self.desk.client
        fitting = self._narrowed._replace(words=tuple(self.filter_text.split()))
        view, glyphs = View(self.desk.client, self._day, self._week, fitting), self.desk.glyphs
        return lambda w: read_month(w, view, glyphs)

    def show(self, state: CalendarState) -> None:
        self._day = self._day or state.today
        before = self._grid.plan
        if state.project is None or (before.year, before.month) != (state.plan.year, state.plan.month):
            self._names, self._deep, self._promise = Beside()
        if state.project is not None:
            self.call_after_refresh(self._beside.give, state)  # the month itself is seen first
        self._grid.show(self._named(state.plan), self._day, state.today)
        if self._sought is not None:
            self._list.want(self._sought)
        self._show_list(state)
        self._show_month(state)
        self._show_day()
        if self._sought is not None:  # the day is there now, and the cursor on its first
            self._panel.want(self._sought)
            self._sought = None
            self._show_day()
        self._show_notes(state)

    def _named(self, plan: MonthPlan) -> MonthPlan:
        return replace(plan, names={**plan.names, **self._names})

    async def _look_beside(self, state: CalendarState) -> None:
        """Name the holidays and show what only a look at every post finds, once that is known."""
        project, plan = state.project, state.plan
        if project is None:
            return
        first = date(plan.year, plan.month, 1)
        beside = await self.desk.read(lambda w: read_beside(w, project, first, last_of_month(first)))
        if self.is_mounted and self.state == state and self._day is not None:
            self._names, self._deep, self._promise = beside
            self._grid.show(self._named(plan), self._grid.cursor, state.today)
            self._show_day()
            self._show_notes(state)

    @property
    def _all_findings(self) -> tuple[Finding, ...]:
        return (*self.state.findings, *self._deep) if self.state is not None else ()

    def _show_list(self, state: CalendarState) -> None:
        if self.has_class("-list"):
            entries = [*state.plan.entries, *state.drafts]
            self._list.show([entry.post_id for entry in entries], {e.post_id: _cells(e, day=True) for e in entries})

    def _show_month(self, state: CalendarState) -> None:
        title = formats.month(date(state.plan.year, state.plan.month, 1))
        if state.plan.monday is not None:
            week = _("week {number}").format(number=state.plan.monday.isocalendar().week)
            title = f"{title}, {week}"
        spans = [Span(f" {title}", BOLD)]
        if state.found is not None:
            found = ngettext("{count} post fits", "{count} posts fit", state.found).format(count=state.found)
            told = forms.told(self._narrowed, state.types)
            spans.append(Span(f"   {found}{f' ({told})' if told else ''}", WARN))
        if state.total:
            approved = _("approved {count} of {total}").format(count=state.approved, total=state.total)
            spans += [Span(f"   {approved}"), Span("  ")]
            outside = {portion.kind for portion in state.mix if portion.off}  # the month will end so
            for share in state.shares:
                kind = state.types.get(share.content_type)
                style = of_colour(kind.colour if kind else "")
                name = _SHORT.get(share.content_type) or inert(state.types.shown(share.content_type))
                off = "!" if share.content_type in outside else " "
                spans.append(Span(f" {name} {share.percent}%{off}", style))
        elif self.desk.client is None:
            spans.append(Span("   " + _("nothing planned")))
        else:
            spans.append(Span("   " + _("nothing planned: {key} plans a post").format(key=self.key("calendar.new"))))
        if state.drafts:
            count = len(state.drafts)
            drafts = ngettext("{count} draft without a day", "{count} drafts without a day", count).format(
                count=count
            )
            spans.append(Span(f"   {drafts} ({self.key('calendar.view')})", WARN))
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
        title = f"{formats.weekday(day)} {formats.short_day(day)}"
        if self._lifted is not None:
            entry, copy = self._lifted
            what = _("copy of “{post}” in hand") if copy else _("“{post}” in hand")
            spans = [Span(f" {title}", BOLD), Span("  " + what.format(post=entry.words[:40]), WARN)]
        else:
            name = self._grid.plan.names.get(day, "")
            spans = [Span(f" {title}", BOLD), *([Span(f"  {name}", GOOD)] if name else [])]
            posts = sum(not entry.open for entry in entries)
            if posts:
                spans.append(Span("  " + ngettext("{count} post", "{count} posts", posts).format(count=posts)))
            elif entries:
                places = ngettext("{count} open place", "{count} open places", len(entries))
                fills = _("{key} fills it").format(key=self.key("calendar.open"))
                spans.append(Span("  " + places.format(count=len(entries)) + f": {fills}", DIM))
            else:
                spans.append(Span("  " + _("nothing planned"), DIM))
        self.query_one("#title", LineWidget).say(spans)

    def _show_notes(self, state: CalendarState) -> None:
        alarm = self.desk.glyphs.alarm
        findings = self._all_findings
        kept = self._kept()
        if self.has_class("-wide"):
            self.query_one("#notes", LinePanel).show(
                [
                    *self._mix_lines(state),
                    *([[], kept] if kept else []),
                    *([[], [Span(_("Promoted by ads"), BOLD)]] if state.ads else []),
                    *([Span(f"{self.desk.glyphs.promoted} "), Span(told)] for told in state.ads),
                    *([[], [Span(_("Warnings"), BOLD)]] if findings else []),
                    *([Span(f"{alarm} ", WARN), Span(finding.text)] for finding in findings),
                ]
            )
            return
        line = [Span(" "), *kept, *([Span("   ")] if kept else [])]
        if state.ads:
            count = ngettext("{count} ad", "{count} ads", len(state.ads)).format(count=len(state.ads))
            line += [Span(f"{self.desk.glyphs.promoted} {count}   ")]
        for finding in findings:
            line += [Span(f"{alarm} ", WARN), Span(f"{finding.text}   ")]
        self.query_one("#notes", LinePanel).show([line])

    def _kept(self) -> list[Span]:
        """The promise kept, once something was due."""
        percent = self._promise.percent
        if percent is None:
            return []
        words = _("Promise kept: {percent}%").format(percent=percent)
        return [Span(words, GOOD if percent == 100 else WARN)]

    def _mix_lines(self, state: CalendarState) -> list[list[Span]]:
        """Of one client: planned, published in four weeks, where the month will end, and what is meant."""
        if not state.mix or not (state.total or state.places):
            return []
        heads = (_("plan"), _("live"), _("end"), _("meant"))
        lines = [[], [Span(f"{_('Mix'):<14.14}", BOLD), Span("".join(f"{head:>5.5}" for head in heads[:3]), DIM)]]
        lines[1].append(Span(f"{heads[3]:>7.7}", DIM))
        for portion in state.mix:
            kind = state.types.get(portion.kind)
            parts = [portion.planned, portion.published, portion.forecast]
            told = "".join(f"{'-' if part is None else f'{part}%':>5}" for part in parts)
            told += "!" if portion.off else " "
            meant = "" if portion.share is None else f"{portion.share.low}-{portion.share.high}"
            name = Span(f"{inert(state.types.shown(portion.kind)):<14.14}", of_colour(kind.colour if kind else ""))
            lines.append(
                [name, Span(told[:10]), Span(told[10:], WARN if portion.off else PLAIN), Span(f"{meant:>6}")]
            )
        return lines

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
        day, post_id = bookmark if isinstance(bookmark, list) and len(bookmark) == 2 else (bookmark, None)
        try:
            self._day = date.fromisoformat(day)
        except (TypeError, ValueError):
            return
        self._sought = post_id if isinstance(post_id, int) else None

    def lead_to(self, bookmark: Any) -> None:
        self._narrowed = EVERYTHING
        super().lead_to(bookmark)

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
        if self._narrowed != EVERYTHING:
            self._narrow(EVERYTHING)
            return True
        if super().leave():
            return True
        if self._week:
            self.action_week()
            return True
        return False

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
        if plan.shows(day):
            self._grid.move(day)
            self._show_day()
        if not plan.shows(day) or (day.year, day.month) != (plan.year, plan.month):
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
            day, entries = self._day, self.state.plan.entries
            near = next((one.post_id for one in entries if day is not None and one.wall.date() >= day), None)
            if (wanted := self._panel.current or near) is not None:
                self._list.want(wanted)
            self._show_list(self.state)
        focus_quietly(self.main_widget())

    @on(WindowedList.Moved, "#list")
    def _moved_in_list(self) -> None:
        entry = self._entry(self._list.current)
        if self.has_class("-list") and entry is not None and entry.dated and entry.wall.date() != self._day:
            self._go(entry.wall.date())

    def action_week(self) -> None:
        """The week of the day, with more of each post; or the month again."""
        self._week = not self._week
        self.reload()

    def action_filters(self) -> None:
        """Choose type, state and account of what is shown."""
        client, types = self.desk.client, self.state.types if self.state is not None else DEFAULTS
        narrowed = self._narrowed

        async def ask() -> None:
            rows = await self.desk.read(lambda w: w.account_queries.of_project(client))
            self.app.push_screen(forms.filters(rows, types, narrowed, self._narrow))

        self.desk.start(ask())

    def _narrow(self, which: Which) -> None:
        self._narrowed = which
        self.reload()

    def action_everywhere(self) -> None:
        """What fits the filter in all months."""
        from smm_tui.screens.all_months import AllMonthsScreen

        self.app.push_screen(AllMonthsScreen(self._narrowed, self.filter_text))

    def action_warning(self) -> None:
        """All warnings of the month; enter opens the post of one."""
        from smm_tui.screens.warnings import WarningsScreen

        if self._day is not None:
            self.app.push_screen(WarningsScreen(self._day))

    # -- what can be done

    def unavailable(self, verb: str) -> str:
        if verb in _OF_POSTS and not self._chosen():
            if self._place is not None:
                return _("This place is still open: {key} plans a post there.").format(key=self.key("calendar.open"))
            return _("There is no post on this day: {key} plans one.").format(key=self.key("calendar.new"))
        if verb in ("new", "approve_month", "submit_month", "fill", "idea") and self.desk.client is None:
            return _("Choose a client first, with its digit.")
        if verb in ("approve_month", "submit_month") and (self.state is None or not self.state.to_approve):
            return _("Nothing in this month waits for approval.")
        if verb == "warning" and not self._all_findings:
            return _("There are no warnings for this month.")
        if verb in ("shift", "repeat") and self.desk.client is None and len(self._chosen()) < 2:
            return _("Choose a client first, with its digit.")
        if (
            verb
            in (*_OF_POSTS, "new", "open", "approve_month", "submit_month", "view", "fill", "idea", "shift", "repeat")
            and verb not in ("edit", "edit_text", "move", "copy")
            and self._lifted is not None
        ):
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
        return [entry for post_id in chosen if (entry := self._entry(post_id)) is not None and not entry.open]

    @property
    def _place(self) -> OpenPlace | None:
        """The open place under the cursor."""
        current = (self._list if self.has_class("-list") else self._panel).current
        return self.state.places.get(current) if self.state is not None and current is not None else None

    def action_open(self) -> None:
        """Open the post; where a day has several, choose among them first; where it has none, plan one."""
        entries = self.state.plan.on(self._day) if self.state is not None and self._day is not None else ()
        if self.focused is self._grid and len(entries) > 1:
            focus_quietly(self._panel)
        elif self._chosen() and self._place is None:
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

        project, place = self.desk.project, self._place
        if project is None or self._day is None:
            return
        if place is not None:
            accounts = None if place.slot.accounts is None else list(place.slot.accounts)
            words, kind = f"{place.wall:%Y-%m-%d %H:%M}", place.slot.content_type
            self.app.push_screen(
                ComposerScreen(
                    project.id,
                    when=words,
                    content_type=kind,
                    accounts=accounts,
                    pillar_id=place.slot.pillar_id,
                )
            )
            return
        now = zones.local(self.desk.workspace.clock(), project.timezone)
        self.app.push_screen(ComposerScreen(project.id, when=suggested_time(self._day, now)))

    async def action_fill(self) -> None:
        """Make drafts of all open places of the month, after a look at what they would be."""
        project, day = self.desk.project, self._day
        if project is None or day is None:
            return
        found = await self.desk.read(lambda w: propose(w.db, project.id, day.year, day.month))
        if not found.filled:
            keys = f"{self.key('global.setup')}, {self.key('setup.scheme')}"
            self.desk.say(_("There is no open place in this month: {keys} keeps the scheme.").format(keys=keys))
            return
        self.ask(
            _("Fill {month}?").format(month=formats.month(day)),
            [
                self._client_line({project.id}),
                filled_message(found),
                *(
                    f"{one.wall:%d %H:%M}  {inert(found.types.shown(one.kind))}  {inert(one.text)[:40]}"
                    for one in found.filled[:SHOWN]
                ),
                *(
                    [_("... and {count} more.").format(count=len(found.filled) - SHOWN)]
                    if found.filled[SHOWN:]
                    else []
                ),
                _("They become drafts: nothing goes out before you save or approve it."),
            ],
            lambda: self._command(lambda w: w.fill.fill(project.id, day.year, day.month)),
            undoable=True,
        )

    def action_idea(self) -> None:
        """Take an idea into the open place, or onto this day."""
        from smm_tui.screens.scheme import SchemeScreen
        from smm_tui.services.scheme_parts import IDEAS

        project, place, day = self.desk.project, self._place, self._day
        if project is None or day is None:
            return
        slot = None if place is None else place.slot
        wall = None if place is None else place.wall
        if wall is None:
            now = zones.local(self.desk.workspace.clock(), project.timezone)
            words = suggested_time(day, now)
            wall = datetime.fromisoformat(words) if words else None

        def take(idea: Idea) -> None:
            def opened(receipt: Receipt) -> None:
                from smm_tui.screens.composer import ComposerScreen

                self.app.push_screen(ComposerScreen(project.id, receipt.ids[0]))

            self.desk.command(
                lambda w: w.fill.use_idea(
                    project.id,
                    idea.id,
                    wall,
                    kind=slot.content_type if slot else "",
                    accounts=slot.accounts if slot else None,
                    pillar_id=slot.pillar_id if slot else None,
                ),
                opened,
            )

        self.app.push_screen(SchemeScreen((IDEAS,), take))

    def action_move(self) -> None:
        """Take the post into the hand, to drop it on another day."""
        self._lift(copy=False)

    def action_copy(self) -> None:
        """Take a copy of the post into the hand."""
        self._lift(copy=True)

    def _lift(self, *, copy: bool) -> None:
        chosen = self._chosen()
        if len(chosen) > 1:
            key = self.key("calendar.repeat" if copy else "calendar.shift")
            self.desk.say(_("One post at a time: several are selected. {key} takes them all.").format(key=key))
            return
        self._listing(False)
        focus_quietly(self._grid)
        self._lifted = (chosen[0], copy)
        self._grid.carry(chosen[0], copy=copy)
        self._show_day()
        self.show_keys()

    def action_shift(self) -> None:
        """Move many posts by a distance of time."""
        if self._day is not None:
            self.app.push_screen(forms.shift(self._sets(), self._client_line, self._command))

    def action_repeat(self) -> None:
        """Plan posts again in later weeks."""
        if self._day is not None:
            self.app.push_screen(forms.repeat(self._sets(), self._client_line, self._command))

    def _sets(self) -> forms.Sets:
        """The sets of posts that one command may be about, as far as they are shown."""
        day, state = self._day, self.state
        if day is None or state is None:
            return {}
        return forms.sets(state.plan.entries, day, self._chosen())

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

    def _command(
        self,
        job: Callable[[Workspace], Receipt],
        passing: Callable[[Sequence[str]], Callable[[Workspace], Receipt]] | None = None,
    ) -> None:
        self._panel.clear_selection()
        self._list.clear_selection()
        self.desk.command(job, passing=passing)

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
        self._command(
            lambda w: w.posts.approve(ids), passing=lambda seen: lambda w: w.posts.approve(ids, let_pass=seen)
        )

    def action_submit(self) -> None:
        """Put the chosen posts before whoever approves them."""
        ids = [entry.post_id for entry in self._chosen()]
        self._command(lambda w: w.reviews.submit(ids))

    def action_submit_month(self) -> None:
        """Put what waits in this month before whoever approves it."""
        state, project = self.state, self.desk.project
        if state is not None and project is not None:
            year, month = state.plan.year, state.plan.month
            self._command(lambda w: w.reviews.submit_month(project.id, year, month))

    def action_send_back(self) -> None:
        """Return the chosen posts, with what is to be changed."""
        from smm_tui.screens.comments import return_form

        self.app.push_screen(return_form(self.desk, [entry.post_id for entry in self._chosen()]))

    def action_comments(self) -> None:
        """What was said about the post."""
        from smm_tui.screens.comments import CommentsScreen

        self.app.push_screen(CommentsScreen(self._chosen()[0].post_id))

    def action_pictures(self) -> None:
        """Look at the pictures of the post."""
        from smm_tui.screens.pictures import PicturesScreen

        self.app.push_screen(PicturesScreen(self._chosen()[0].post_id))

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
                _("All that wait in {month} and lie ahead will go out at their time.").format(
                    month=formats.month(date(year, month, 1))
                ),
            ],
            lambda: self._command(
                lambda w: w.reviews.approve_month(project.id, year, month),
                passing=lambda seen: lambda w: w.reviews.approve_month(project.id, year, month, let_pass=seen),
            ),
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
        f"[{entry.carries}] {entry.words}" if entry.carries else entry.words,
        Span(_("open"), DIM)
        if entry.open
        else Span(f"{entry.state_glyph} {_(entry.state)}", STATE.get(entry.state, PLAIN)),
    )
    if not day:
        return cells
    when = f"{formats.weekday(entry.wall)[:2]} {entry.wall.day:>2}" if entry.dated else _("no day")
    return (when, *cells)
