"""One page field by field: wanted, live, and what is to be done about the difference."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.i18n import N_, _
from smm_tui.networks.registry import spec
from smm_tui.screens.deliveries import moment
from smm_tui.screens.desk import Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.screens.page_form import page_form
from smm_tui.screens.pages import apply, look, not_possible, standing
from smm_tui.services.profile_queries import LABELS, FieldRow, Match, Page
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.styles import BOLD, DIM, GOOD, PLAIN, WARN
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

SIGNS = {Match.SAME: "=", Match.DIFFERS: "!", Match.UNTOLD: " ", Match.UNSEEN: "?", Match.ABSENT: " "}
WORDS = {
    Match.SAME: N_("as wanted"),
    Match.DIFFERS: N_("differs"),
    Match.UNTOLD: "",
    Match.UNSEEN: N_("not looked at"),
    Match.ABSENT: N_("not there"),
}
STYLES = {Match.SAME: GOOD, Match.DIFFERS: WARN, Match.UNSEEN: DIM, Match.ABSENT: DIM}


class PageScreen(ListScreen[Page]):
    """Wanted against live."""

    SCOPE = "page"
    CLIENTS: ClassVar[bool] = False
    FILTERS: ClassVar[bool] = False

    def __init__(self, account: int) -> None:
        super().__init__()
        self._account = account
        self._looking = False

    def body(self) -> ComposeResult:
        yield LineWidget(id="title")
        yield LineWidget(id="standing")
        yield WindowedList(
            (
                Column(_("field"), 12),
                Column("", 1),
                Column(_("wanted"), 20, weight=1),
                Column(_("live"), 20, weight=1),
                Column(_("at most"), 9, right=True, drop=1),
                Column("", 13, drop=2),
            ),
            glyphs=self.desk.glyphs,
            selectable=False,
            cursor_columns=1,
            id="list",
        )

    def request(self) -> Job[Page]:
        account = self._account
        return lambda w: w.profile_queries.page(account)

    def bookmark(self) -> Any:
        return {"account": self._account}

    def show(self, state: Page) -> None:
        account = state.account
        project = self.desk.chrome.project(account.project_id)
        zone = project.timezone if project else "UTC"
        seen = _("never looked at")
        if state.at is not None:
            seen = _("as of {when}").format(when=moment(state.at, zone))
        title = f" {account.project}: {account.handle} ({spec(account.network).title})"
        self.query_one("#title", LineWidget).say([Span(title, BOLD), Span(f"  {seen}", DIM)])
        said = standing(state)
        waits = [
            _("{fields} from {when}").format(
                fields=", ".join(_(LABELS[name]) for name in wish.wanted),
                when=moment(wish.due_at, zone),
            )
            for wish in state.waiting
            if wish.due_at is not None
        ]
        self.query_one("#standing", LineWidget).say([Span(" "), Span("; ".join(waits) or said.text, said.style)])
        self.list.show([row.field for row in state.fields], {row.field: _cells(row) for row in state.fields})

    def unavailable(self, verb: str) -> str:
        page = self.state
        if page is None:
            return _("There is no page here.")
        if verb in ("set", "apply"):
            return not_possible(page, verb)
        if verb == "drop" and not (page.draft or page.waiting or page.failed):
            return _("Nothing is noted or planned for this page.")
        if verb == "look" and self._looking:
            return _("The page is being looked at.")
        return ""

    def action_set(self) -> None:
        """Change it in a form."""
        if self.state is not None:
            self.app.push_screen(page_form(self.desk, [self.state]))

    def action_apply(self) -> None:
        """Bring about what was noted."""
        if self.state is not None:
            apply(self, self.state)  # type: ignore[arg-type]

    def action_drop(self) -> None:
        """The draft first, then what failed, then what is planned."""
        page = self.state
        if page is None:
            return
        wishes = [*([page.draft] if page.draft else []), *page.failed, *page.waiting]
        if wishes:
            number = wishes[0].id
            self.desk.command(lambda w: w.profiles.drop(number))

    def action_rollback(self) -> None:
        """Bring back what was before the last change that was brought about."""
        account = self._account

        def job(w: Workspace) -> object:
            rows = [row for row in w.profile_queries.history(account) if row.state == "applied"]
            return rows[0].id if rows else 0

        async def ask() -> None:
            number = await self.desk.read(job)
            if not isinstance(number, int) or not number:
                self.desk.say(_("Nothing was brought about on this page yet."))
                return
            self.ask(
                _("Bring back what was there before change {id}?").format(id=number),
                [_("The worker does it at its next pass; until then it can be taken back.")],
                lambda: self.desk.command(lambda w: w.profiles.rollback(number)),
                undoable=True,
            )

        self.desk.start(ask())

    def action_history(self) -> None:
        """What was wanted of it."""
        from smm_tui.screens.page_history import PageHistoryScreen

        self.app.push_screen(PageHistoryScreen(self._account))

    def action_checklist(self) -> None:
        """Its set-up."""
        from smm_tui.screens.page_checklist import PageChecklistScreen

        self.app.push_screen(PageChecklistScreen(self._account))

    async def action_look(self) -> None:
        """Look at it now."""
        self._looking = True
        try:
            await look(self.desk, [self._account])
        finally:
            self._looking = False


def _cells(row: FieldRow) -> Cells:
    style = STYLES.get(row.match, PLAIN)
    limit = ""
    if row.limit is not None:
        limit = f"{row.limit / 1e6:.1f} MB" if row.field in ("avatar", "cover") else str(row.limit)
    told = _(WORDS[row.match]) if WORDS[row.match] else ""
    return (
        _(LABELS[row.field]),
        Span(SIGNS[row.match], style),
        Span(row.shown_wanted.replace("\n", " "), style if row.match is Match.DIFFERS else PLAIN),
        row.shown_live.replace("\n", " "),
        Span(limit if row.writable else "-", DIM),
        Span(told, style),
    )
