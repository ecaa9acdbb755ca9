"""What was wanted of a page and what became of it, the newest first."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.profiles import WishRow
from smm_tui.domain.clock import Instant
from smm_tui.i18n import _
from smm_tui.screens.deliveries import moment
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.services.profile_queries import LABELS, WishState
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.styles import BAD, BOLD, DIM, GOOD, WARN
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

_STYLES = {"applied": GOOD, "failed": BAD, "dropped": DIM, "draft": WARN, "wanted": WARN, "sending": WARN}


class HistoryState(NamedTuple):
    """The changes of one page."""

    handle: str
    zone: str
    wishes: tuple[WishRow, ...]


class PageHistoryScreen(ListScreen[HistoryState]):
    """Changes of a page."""

    SCOPE = "page_history"
    CLIENTS: ClassVar[bool] = False
    FILTERS: ClassVar[bool] = False

    def __init__(self, account: int) -> None:
        super().__init__()
        self._account = account

    def body(self) -> ComposeResult:
        yield LineWidget(id="title")
        yield WindowedList(
            (
                Column("", 4, right=True),
                Column(_("state"), 8),
                Column(_("fields"), 20, weight=3),
                Column(_("when"), 12),
                Column(_("until"), 12, drop=2),
                Column(_("by"), 8, drop=3),
                Column(_("what went wrong"), 16, weight=3, drop=1),
            ),
            glyphs=self.desk.glyphs,
            selectable=False,
            cursor_columns=1,
            id="list",
        )

    def request(self) -> Job[HistoryState]:
        account = self._account

        def job(w: Workspace) -> HistoryState:
            row = w.account_queries.get(account)
            zone = w.project_queries.get(row.project_id).timezone
            return HistoryState(row.handle, zone, tuple(w.profile_queries.history(account)))

        return job

    def empty(self, state: HistoryState) -> str:
        return "" if state.wishes else _("Nothing was ever wanted of this page.")

    def show(self, state: HistoryState) -> None:
        self.query_one("#title", LineWidget).say(
            [Span(" " + _("What was wanted of {handle}").format(handle=state.handle), BOLD)]
        )
        self.list.show([row.id for row in state.wishes], {row.id: _cells(row, state.zone) for row in state.wishes})

    @property
    def wish(self) -> WishRow | None:
        """The change under the cursor."""
        wishes = self.state.wishes if self.state else ()
        return next((row for row in wishes if row.id == self.list.current), None)

    def unavailable(self, verb: str) -> str:
        row = self.wish
        if row is None:
            return _("There is no change here.")
        if verb == "rollback" and row.before is None:
            return _("It was never brought about: there is nothing to bring back.")
        if verb == "drop" and row.state not in (WishState.DRAFT, WishState.WANTED, WishState.FAILED):
            return _("It cannot be dropped any more.")
        return ""

    def action_rollback(self) -> None:
        """Bring back what was before it."""
        row = self.wish
        if row is not None:
            self.ask(
                _("Bring back what was there before change {id}?").format(id=row.id),
                [_("The worker does it at its next pass; until then it can be taken back.")],
                lambda: self.desk.command(lambda w: w.profiles.rollback(row.id)),
                undoable=True,
            )

    def action_drop(self) -> None:
        """No longer want it."""
        row = self.wish
        if row is not None:
            self.desk.command(lambda w: w.profiles.drop(row.id))


def _cells(row: WishRow, zone: str) -> Cells:
    return (
        str(row.id),
        Span(_(row.state), _STYLES.get(row.state, DIM)),
        ", ".join(_(LABELS[name]) for name in row.wanted),
        _when(row.applied_at or row.due_at, zone),
        _when(row.until_at, zone),
        row.actor,
        Span(row.error_message, BAD),
    )


def _when(at: Instant | None, zone: str) -> str:
    return "" if at is None else moment(at, zone)
