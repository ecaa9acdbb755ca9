"""Projects: a line a client, with what burns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from textual.app import ComposeResult

from smm_tui import formats
from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.ads import ClientMoney
from smm_tui.db.reads.projects import ProjectOverviewRow
from smm_tui.domain import zones
from smm_tui.domain.clock import DAY, Instant
from smm_tui.domain.goals import Course
from smm_tui.domain.pacing import Pace
from smm_tui.i18n import _, ngettext
from smm_tui.screens import ads_look as look
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.services.client_queries import METRICS, Goal
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import BAD, DIM, GOOD, PLAIN, WARN, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

COURSES = {
    Course.UNKNOWN: DIM,
    Course.AHEAD: DIM,
    Course.REACHED: GOOD,
    Course.ON_COURSE: PLAIN,
    Course.BEHIND: WARN,
    Course.MISSED: BAD,
}
NEAR_CAP = 0.85
"""From this share of a month's cap on, what was spent is marked."""


class ProjectsState(NamedTuple):
    """The clients in the order of their keys, at a moment."""

    rows: tuple[ProjectOverviewRow, ...]
    today: int  # days since 1970, so that "in 3 days" is shown anew tomorrow
    money: Mapping[int, Sequence[ClientMoney]] = MappingProxyType({})  # of ads, by client
    goals: Mapping[int, Goal] = MappingProxyType({})  # the one that ends next, by client


class ProjectsScreen(ListScreen[ProjectsState]):
    """The clients side by side."""

    SCOPE = "projects"

    def body(self) -> ComposeResult:
        yield WindowedList(
            (
                Column("", 1),
                Column(_("client"), 12, weight=3),
                Column(_("next post"), 16, weight=1),
                Column(_("goal"), 17, weight=1, drop=2),
                Column(_("planned until"), 13, drop=3),
                Column(_("waiting"), 7, right=True),
                Column(_("to approve"), 10, right=True),
                Column(_("drafts"), 6, right=True, drop=4),
                Column(_("live, 30 days"), 13, right=True, drop=7),
                Column(_("accounts"), 12, drop=6),
                Column(_("ads this month"), 14, right=True, drop=5),
            ),
            glyphs=self.desk.glyphs,
            selectable=False,
            id="list",
        )

    def request(self) -> Job[ProjectsState]:
        words = self.filter_text.casefold().split()

        def job(w: Workspace) -> ProjectsState:
            rows = w.project_queries.overview()
            shown = (row for row in rows if all(word in f"{row.name} {row.client}".casefold() for word in words))
            goals = w.client_queries.next_goals()
            return ProjectsState(tuple(shown), w.clock() // DAY, w.ads_queries.money(), goals)

        return job

    def empty(self, state: ProjectsState) -> str:
        if state.rows:
            return ""
        if self.filter_text:
            return _("No client fits the filter.")
        return _("No clients yet. Press {key} to add the first one.").format(key=self.key("projects.new"))

    def show(self, state: ProjectsState) -> None:
        now = self.desk.workspace.clock()
        self.wanted()
        self.list.show(
            [row.id for row in state.rows],
            {
                row.id: self._cells(row, now, state.money.get(row.id, ()), state.goals.get(row.id))
                for row in state.rows
            },
        )

    @property
    def row(self) -> ProjectOverviewRow | None:
        """The client under the cursor."""
        rows = self.state.rows if self.state else ()
        return next((row for row in rows if row.id == self.list.current), None)

    def unavailable(self, verb: str) -> str:
        if verb in ("open", "edit", "brief", "archive") and self.row is None:
            return _("There is no client here to do that with.")
        return ""

    def action_open(self) -> None:
        """Switch to the client and show its plan."""
        if self.row is not None:
            self.desk.client = self.row.id
            self.desk.go("calendar")

    def action_new(self) -> None:
        """Add a client."""
        from smm_tui.screens.project_form import project_form

        self.app.push_screen(project_form(self.desk))

    def action_edit(self) -> None:
        """Change a client."""
        from smm_tui.screens.project_form import project_form

        project = self.desk.chrome.project(self.list.current)
        if project is not None:
            self.app.push_screen(project_form(self.desk, project))

    def action_brief(self) -> None:
        """Switch to the client and show what is known of it."""
        if self.row is not None:
            self.desk.client = self.row.id
            self.desk.go("brief")

    def action_archive(self) -> None:
        """Put a client away."""
        row = self.row
        if row is None:
            return
        self.ask(
            _("Archive {name}?").format(name=row.name),
            [
                _("The client leaves this list; everything planned for it is held and will not go out."),
                _("Its posts, accounts and log stay."),
            ],
            lambda: self.desk.command(lambda w: w.projects.archive(row.id)),
            undoable=True,
        )

    def _cells(self, row: ProjectOverviewRow, now: Instant, ads: Sequence[ClientMoney], goal: Goal | None) -> Cells:
        return (
            Span(str(row.hotkey or ""), of_colour(row.colour)),
            Span(row.name, of_colour(row.colour)),
            _when(row.next_at, row.timezone, now),
            _goal(goal),
            _until(row.covered_until, now),
            Span(str(row.waiting), BAD) if row.waiting else Span("-", DIM),
            Span(str(row.to_approve), WARN) if row.to_approve else Span("-", DIM),
            str(row.drafts) if row.drafts else Span("-", DIM),
            str(row.live_30_days),
            self._accounts(row),
            _spent(ads),
        )

    def _accounts(self, row: ProjectOverviewRow) -> Span:
        if not row.accounts:
            return Span(_("none"), WARN)
        if row.accounts_in_trouble:
            return Span(_("{count} of {all} ill").format(count=row.accounts_in_trouble, all=row.accounts), BAD)
        return Span(_("{count} ok").format(count=row.accounts), GOOD)


def _goal(goal: Goal | None) -> Span:
    """How far the goal is that ends next; a question mark while nothing was told."""
    if goal is None:
        return Span("-", DIM)
    progress = goal.progress
    value = "?" if progress.value is None else str(progress.value)
    return Span(f"{value}/{goal.row.target} {_(METRICS[goal.row.metric])}", COURSES[progress.course])


def _spent(ads: Sequence[ClientMoney]) -> Span:
    """What the ads of a client spent this month of what they may, in the currency with the most."""
    if not ads:
        return Span("-", DIM)
    first, *others = ads
    pace = Pace(first.budget)
    share = pace.share(first.spent)
    more = f" +{len(others)}" if others else ""
    style = BAD if share is not None and share > 1 else WARN if share is not None and share > NEAR_CAP else PLAIN
    return Span(look.spent_of(first.spent, pace, first.currency) + more, style)


def _when(instant: Instant | None, zone: str, now: Instant) -> Span:
    if instant is None:
        return Span(_("nothing planned"), WARN)
    here, today = zones.local(instant, zone), zones.local(now, zone).date()
    days = (here.date() - today).days
    if days == 0:
        return Span(_("today {time}").format(time=f"{here:%H:%M}"))
    if days == 1:
        return Span(_("tomorrow {time}").format(time=f"{here:%H:%M}"))
    return Span(formats.short_moment(here) if days < 300 else f"{here:%Y-%m-%d}")


def _until(instant: Instant | None, now: Instant) -> Span:
    if instant is None:
        return Span("-", DIM)
    days = (instant - now) // DAY
    text = ngettext("{count} day ahead", "{count} days ahead", days).format(count=days)
    return Span(text, WARN if days < 3 else GOOD)
