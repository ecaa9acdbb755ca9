"""Today: one list of all that is wrong or soon will be, worst first; enter goes to the thing."""

from __future__ import annotations

from typing import NamedTuple

from textual import on
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import MINUTE, Instant
from smm_tui.i18n import N_, _
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.services.today import Kind, Rank, Trouble
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import BAD, PLAIN, WARN, of_colour
from smm_tui.widgets.time_left import WIDTH, time_left
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

WORDS = {
    "off": N_("worker off"),
    "auth": N_("new secret"),
    "expiring": N_("token ends"),
    "planned": N_("to approve"),
    "empty": N_("no post"),
    "new": N_("message"),
    "flagged": N_("flagged"),
    "alarm": N_("ads alarm"),
    "stopped": N_("ads stopped"),
    "submitted": N_("to approve"),
    "gap": N_("not read"),
    "unread": N_("no inbox"),
    "": N_("messages"),
}
"""What the states are called here; the others have their own words."""

STYLES = {Rank.STOPPED: BAD, Rank.UNKNOWN: BAD, Rank.REFUSED: BAD, Rank.LATE: WARN}


class TodayState(NamedTuple):
    """The list at a minute."""

    troubles: tuple[Trouble, ...]
    now: Instant
    projects: int


class TodayScreen(ListScreen[TodayState]):
    """The home of the workspace."""

    SCOPE = "today"

    def body(self) -> ComposeResult:
        yield WindowedList(
            (
                Column(_("what"), 11),
                Column(_("left"), WIDTH, right=True),
                Column(_("client"), 8, weight=1, drop=1),
                Column(_("what is known"), 30, weight=7),
            ),
            glyphs=self.desk.glyphs,
            selectable=False,
            id="list",
        )

    def request(self) -> Job[TodayState]:
        client, words = self.desk.client, self.filter_text.casefold().split()
        now = self.desk.time // MINUTE * MINUTE  # the desk's, which stands still while nothing may be sent

        def job(w: Workspace) -> TodayState:
            names = {row.id: row.name for row in w.project_queries.all()}
            troubles = (
                item
                for item in w.today.all(client, now=now)
                if all(
                    word in f"{item.kind} {item.state} {names.get(item.project_id or 0, '')} {item.text}".casefold()
                    for word in words
                )
            )
            return TodayState(tuple(troubles), now, len(names))

        return job

    def empty(self, state: TodayState) -> str:
        if state.troubles:
            return ""
        if self.filter_text:
            return _("Nothing here fits the filter.")
        if not state.projects:
            return _("No clients yet. Press {key} to go to Projects, then add the first one.").format(
                key=self.key("global.projects")
            )
        return _("Nothing burns: no delivery, message, approval or account wants you.")

    def show(self, state: TodayState) -> None:
        self.wanted()
        self.list.show(
            [item.key for item in state.troubles], {item.key: self._cells(item, state.now) for item in state.troubles}
        )

    def _cells(self, item: Trouble, now: Instant) -> Cells:
        project = self.desk.chrome.project(item.project_id)
        style = STYLES.get(item.rank, PLAIN)
        return (
            Span(_(WORDS.get(item.state, item.state)), style),
            time_left(item.at, now, alarm=self.desk.glyphs.alarm),
            Span(project.name, of_colour(project.colour)) if project else "",
            item.text,
        )

    @property
    def trouble(self) -> Trouble | None:
        """What the cursor is on."""
        troubles = self.state.troubles if self.state else ()
        return next((item for item in troubles if item.key == self.list.current), None)

    def unavailable(self, verb: str) -> str:
        item = self.trouble
        if item is None:
            return _("There is nothing here to go to.")
        if verb == "seen":
            return "" if item.state == "gap" else _("That stays here until it is dealt with.")
        if item.kind == Kind.WORKER:
            return _("Start `smm-tui worker` on the machine that shall publish, or leave this workspace open.")
        return ""

    def action_seen(self) -> None:
        """Somebody has seen what could not be read."""
        item = self.trouble
        if item is not None:
            account = item.id
            self.desk.command(lambda w: w.inbox.dismiss_gaps([account]))

    def action_open(self) -> None:
        """Go to the thing."""
        item = self.trouble
        if item is None:
            return
        match item.kind:
            case Kind.DELIVERY:
                self.desk.go("deliveries", item.id)
            case Kind.MESSAGE | Kind.ACTION:
                self.desk.go("moderation", item.message_id or None)
            case Kind.CAMPAIGN:
                self.desk.go("ads", f"c{item.id}")
            case Kind.PAGE:
                self.desk.go("pages", item.id)
            case Kind.ACCOUNT | Kind.INBOX:
                self.desk.go("setup", item.id)
            case Kind.APPROVAL | Kind.GAP:
                self.desk.client = item.project_id
                self.desk.go("calendar", item.day)

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.run(self.keymap.actions["today.open"])
