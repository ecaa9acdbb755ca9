"""Pages: how each looks, and whether that is how it shall look."""

from __future__ import annotations

from typing import NamedTuple

from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.i18n import _, ngettext
from smm_tui.networks.registry import spec
from smm_tui.screens.deliveries import moment
from smm_tui.screens.desk import Desk, Job
from smm_tui.screens.list_screen import ListScreen
from smm_tui.screens.page_form import page_form
from smm_tui.services.profile_queries import LABELS, Match, Page
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import BAD, DIM, GOOD, PLAIN, WARN, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList


class PagesState(NamedTuple):
    """The pages of a client, or of all."""

    pages: tuple[Page, ...]


class PagesScreen(ListScreen[PagesState]):
    """All pages with what differs, waits or failed."""

    SCOPE = "pages"

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._looking = False

    def body(self) -> ComposeResult:
        yield WindowedList(
            (
                Column(_("client"), 8, weight=1, drop=2),
                Column(_("network"), 9),
                Column(_("account"), 16, weight=3),
                Column(_("as it is wanted"), 22, weight=4),
                Column(_("looked at"), 12, drop=1),
            ),
            glyphs=self.desk.glyphs,
            selectable=False,
            cursor_columns=1,
            id="list",
        )

    def request(self) -> Job[PagesState]:
        client, words = self.desk.client, self.filter_text.casefold().split()

        def job(w: Workspace) -> PagesState:
            found = w.profile_queries.pages(client)
            return PagesState(tuple(page for page in found if all(word in _searched(page) for word in words)))

        return job

    def empty(self, state: PagesState) -> str:
        if state.pages:
            return ""
        if self.filter_text:
            return _("No page fits the filter.")
        return _("No accounts with a page yet: {key} goes to Set-up, where they are connected.").format(
            key=self.key("global.setup")
        )

    def show(self, state: PagesState) -> None:
        self.wanted()
        self.list.show([page.account.id for page in state.pages], {p.account.id: self._cells(p) for p in state.pages})

    def _cells(self, page: Page) -> Cells:
        project = self.desk.chrome.project(page.account.project_id)
        seen = _("never") if page.at is None else moment(page.at, project.timezone if project else "UTC")
        return (
            Span(page.account.project, of_colour(project.colour) if project else PLAIN),
            spec(page.account.network).title,
            page.account.handle,
            standing(page),
            seen,
        )

    @property
    def page(self) -> Page | None:
        """The page under the cursor."""
        pages = self.state.pages if self.state else ()
        return next((page for page in pages if page.account.id == self.list.current), None)

    def unavailable(self, verb: str) -> str:
        page = self.page
        if page is None:
            return _("There is no page here.")
        if verb == "look" and self._looking:
            return _("The pages are being looked at.")
        if verb in ("set", "apply"):
            return not_possible(page, verb)
        return ""

    def action_open(self) -> None:
        """Field by field."""
        from smm_tui.screens.page import PageScreen

        if self.page is not None:
            self.app.push_screen(PageScreen(self.page.account.id))

    def action_set(self) -> None:
        """Change one."""
        if self.page is not None:
            self.app.push_screen(page_form(self.desk, [self.page]))

    def action_all(self) -> None:
        """Change all that are listed."""
        able = [page for page in (self.state.pages if self.state else ()) if not not_possible(page, "set")]
        if able:
            self.app.push_screen(page_form(self.desk, able))

    def action_apply(self) -> None:
        """Bring about what was noted."""
        if self.page is not None:
            apply(self, self.page)

    def action_history(self) -> None:
        """What was wanted of it."""
        from smm_tui.screens.page_history import PageHistoryScreen

        if self.page is not None:
            self.app.push_screen(PageHistoryScreen(self.page.account.id))

    def action_checklist(self) -> None:
        """Its set-up."""
        from smm_tui.screens.page_checklist import PageChecklistScreen

        if self.page is not None:
            self.app.push_screen(PageChecklistScreen(self.page.account.id))

    async def action_look(self) -> None:
        """Look at all listed pages now."""
        self._looking = True
        try:
            await look(self.desk, [page.account.id for page in (self.state.pages if self.state else ())])
        finally:
            self._looking = False


def standing(page: Page) -> Span:
    """How a page stands, in a few words."""
    if page.failed:
        return Span(page.failed[-1].error_message or _("failed"), BAD)
    if page.waiting:
        count = len(page.waiting)
        return Span(ngettext("{count} change planned", "{count} changes planned", count).format(count=count), WARN)
    if page.error:
        return Span(page.error, BAD)
    names = ", ".join(_(LABELS[row.field]) for row in page.fields if row.match is Match.DIFFERS)
    if page.draft is not None and page.draft.wanted:
        fields = ", ".join(_(LABELS[name]) for name in page.draft.wanted)
        return Span(_("noted: {fields}").format(fields=fields), WARN)
    if names:
        return Span(_("differs: {fields}").format(fields=names), WARN)
    if page.at is None:
        return Span(_("not looked at yet"), DIM)
    if all(row.match in (Match.UNTOLD, Match.ABSENT) for row in page.fields):
        return Span(_("nothing is wanted of it"), DIM)
    return Span(_("yes"), GOOD)


def not_possible(page: Page, verb: str) -> str:
    """Why a page cannot be changed, or nothing can be applied to it."""
    if not any(row.writable for row in page.fields):
        return _("{network} lets nobody change a page from here.").format(network=spec(page.account.network).title)
    if verb == "apply" and page.draft is None and not page.failed:
        return _("Nothing is noted for this page.")
    return ""


def apply(screen: ListScreen[PagesState] | ListScreen[object], page: Page) -> None:
    """Ask, then bring about what was noted for a page."""
    desk, account = screen.desk, page.account
    wishes = [*([page.draft] if page.draft is not None else []), *page.failed]
    fields = ", ".join(dict.fromkeys(_(LABELS[name]) for wish in wishes for name in wish.wanted))
    screen.ask(
        _("Change the page of {handle}?").format(handle=account.handle),
        [
            _("Client: {names}").format(names=account.project),
            _("It changes: {fields}.").format(fields=fields),
            _("The worker does it at its next pass; until then it can be taken back."),
        ],
        lambda: desk.command(
            lambda w: w.profiles.apply([account.id]),
            passing=lambda seen: lambda w: w.profiles.apply([account.id], let_pass=seen),
        ),
        undoable=True,
    )


async def look(desk: Desk, accounts: list[int]) -> None:
    """Look at pages now, and tell what came of it."""
    desk.say(_("Looking at pages ..."))
    report = await desk.network(lambda w: w.worker().show_once(accounts=accounts))
    if report is None:
        desk.say(_("Another worker leads: it looks at pages by itself once a day."))
    else:
        count = report.looked_at
        desk.say(ngettext("{count} page looked at.", "{count} pages looked at.", count).format(count=count), "done")
    desk.host.reload()


def _searched(page: Page) -> str:
    account = page.account
    return f"{account.project} {account.network} {account.handle} {standing(page).text}".casefold()
