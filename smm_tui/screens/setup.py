"""Set-up: the accounts of a client and the settings of its project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain.states import AccountState
from smm_tui.i18n import _
from smm_tui.networks.ports import NetworkSpec
from smm_tui.networks.registry import NETWORKS, spec
from smm_tui.screens.deliveries import moment
from smm_tui.screens.desk import Desk, Job
from smm_tui.screens.form import FormScreen, Values
from smm_tui.screens.list_screen import ListScreen
from smm_tui.screens.project_form import project_form
from smm_tui.widgets.form import Field
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.styles import BAD, BOLD, DIM, GOOD, PLAIN, WARN, of_colour
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

STYLES = {AccountState.OK: GOOD, AccountState.AUTH: BAD, AccountState.PAUSED: WARN}


@dataclass(frozen=True, slots=True)
class SetupState:
    """The accounts of a client, or of all, and the client's project."""

    project: ProjectRow | None
    accounts: tuple[AccountRow, ...]


class SetupScreen(ListScreen[SetupState]):
    """Accounts: add, check, give a new secret, pause, remove."""

    SCOPE = "setup"

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._checking: set[int] = set()

    def body(self) -> ComposeResult:
        yield LineWidget(id="project")
        yield WindowedList(
            (
                Column(_("client"), 8, weight=1, drop=2),
                Column(_("network"), 9),
                Column(_("account"), 16, weight=3),
                Column(_("server"), 14, weight=2, drop=3),
                Column(_("state"), 20, weight=3),
                Column(_("checked"), 12, drop=1),
            ),
            glyphs=self.desk.glyphs,
            selectable=False,
            id="list",
        )

    # -- data

    def request(self) -> Job[SetupState]:
        client, words = self.desk.client, self.filter_text.casefold().split()

        def job(w: Workspace) -> SetupState:
            project = w.project_queries.get(client) if client is not None else None
            rows = w.account_queries.of_project(client)
            return SetupState(project, tuple(row for row in rows if all(word in _searched(row) for word in words)))

        return job

    def empty(self, state: SetupState) -> str:
        if state.accounts:
            return ""
        if self.filter_text:
            return _("No account fits the filter.")
        if state.project is None:
            return _("No accounts yet. Choose a client with 1-9, or add one in Projects ({key}).").format(
                key=self.key("global.projects")
            )
        return _("{project} has no account yet. Press {key} to connect one; {edit} changes the project.").format(
            project=state.project.name, key=self.key("setup.new"), edit=self.key("setup.edit")
        )

    def show(self, state: SetupState) -> None:
        self._show_project(state.project)
        self.wanted()
        self.list.show([row.id for row in state.accounts], self._rows(state))

    def _rows(self, state: SetupState) -> Mapping[int, Cells]:
        return {row.id: self._cells(row) for row in state.accounts}

    def _cells(self, row: AccountRow) -> Cells:
        project = self.desk.chrome.project(row.project_id)
        state = AccountState(row.state)
        says = {
            AccountState.OK: _("ok"),
            AccountState.AUTH: _("needs a new secret"),
            AccountState.PAUSED: _("paused"),
        }[state]
        style = STYLES[state]
        if state == AccountState.OK and row.missing:
            says, style = " ".join(row.missing), WARN
        if state == AccountState.OK and row.checked_at is None:
            says, style = _("never checked"), WARN
        if row.id in self._checking:
            says, style = _("checking ..."), BOLD
        return (
            Span(row.project, of_colour(project.colour) if project else PLAIN),
            spec(row.network).title,
            row.handle,
            row.server.partition("://")[2],
            Span(f"{self.desk.glyphs.state[state]} {says}", style),
            moment(row.checked_at, project.timezone if project else "UTC"),
        )

    def _show_project(self, project: ProjectRow | None) -> None:
        spans = [Span(" " + _("All clients"), BOLD), Span("  " + _("1-9 chooses one"), DIM)]
        if project is not None:
            facts = [project.client, project.timezone, project.language]
            facts.append(_("approval: {how}").format(how=_(project.approval)))
            spans = [Span(f" {project.name}", BOLD), Span("  " + "  ".join(fact for fact in facts if fact))]
        self.query_one("#project", LineWidget).say(spans)

    # -- actions

    @property
    def row(self) -> AccountRow | None:
        """The account under the cursor."""
        accounts = self.state.accounts if self.state else ()
        return next((row for row in accounts if row.id == self.list.current), None)

    def unavailable(self, verb: str) -> str:
        if verb in ("new", "edit", "scheme"):
            return "" if self.desk.project else _("Choose a client first, with 1-9.")
        row = self.row
        if row is None:
            return _("There is no account here to do that with.")
        if verb in ("check", "secret") and row.id in self._checking:
            return _("That account is being checked.")
        return ""

    def action_new(self) -> None:
        """Connect an account."""
        if self.desk.project is not None:
            self.app.push_screen(account_form(self.desk, self.desk.project))

    def action_edit(self) -> None:
        """Change the project."""
        if self.desk.project is not None:
            self.app.push_screen(project_form(self.desk, self.desk.project))

    def action_scheme(self) -> None:
        """Keep what a month is made of."""
        from smm_tui.screens.scheme import SchemeScreen

        self.app.push_screen(SchemeScreen())

    def action_page(self) -> None:
        """How its page looks."""
        if self.row is not None:
            self.desk.go("pages", self.row.id)

    async def action_check(self) -> None:
        """Log in and learn the server's facts again; the screen can be left meanwhile."""
        row = self.row
        if row is None:
            return
        self._mark(row.id, busy=True)
        try:
            checked = await self.desk.network(lambda w: w.accounts.check(row.id))
        finally:
            self._mark(row.id, busy=False)
        sentence = _("{handle} on {network} works.").format(handle=checked.handle, network=spec(row.network).title)
        self.desk.say(" ".join((sentence, *checked.missing)), "error" if checked.missing else "done")

    def _mark(self, account_id: int, *, busy: bool) -> None:
        (self._checking.add if busy else self._checking.discard)(account_id)
        if self.state is not None and self.is_mounted:
            self.list.update(self._rows(self.state))

    def action_secret(self) -> None:
        """Replace the secret."""
        if self.row is not None:
            self.app.push_screen(secret_form(self.desk, self.row))

    def action_pause(self) -> None:
        """Stop sending on an account, or go on."""
        row = self.row
        if row is None:
            return
        if row.state == AccountState.PAUSED:
            self.desk.command(lambda w: w.accounts.resume(row.id))
        else:
            self.desk.command(lambda w: w.accounts.pause(row.id))

    def action_remove(self) -> None:
        """Disconnect an account."""
        row = self.row
        if row is None:
            return
        self.ask(
            _("Remove {handle}?").format(handle=row.handle),
            [
                _("For: {clients}.").format(clients=row.project),
                _("What waits on this account is cancelled. What is live stays live."),
            ],
            lambda: self.desk.command(lambda w: w.accounts.remove(row.id)),
            undoable=True,
        )


def account_form(desk: Desk, project: ProjectRow) -> FormScreen:
    """A form that connects an account to a project."""

    def network(typed: Values) -> NetworkSpec:
        return NETWORKS.get(typed.get("network", ""), next(iter(NETWORKS.values())))

    def fields(typed: Values) -> list[Field]:
        chosen = network(typed)
        server = _("Its address, as https://mastodon.social.")
        if chosen.default_server:
            server = _("Empty: {server}.").format(server=chosen.default_server)
        return [
            Field(
                "network",
                _("Network"),
                chosen.name,
                choices=tuple((name, each.title) for name, each in NETWORKS.items()),
            ),
            Field("server", _("Server"), "", server),
            Field("handle", _("Account"), "", _("Its name on the network, as name@server or name.bsky.social.")),
            *(Field(item.name, _(item.label), "", _(item.help), secret=item.secret) for item in chosen.credentials),
        ]

    def note(typed: Values) -> str:
        return _(network(typed).prepare_help)

    async def save(values: Values) -> None:
        chosen = network(values)
        secret = {item.name: values[item.name] for item in chosen.credentials}
        receipt = await desk.network(
            lambda w: w.accounts.add(project.id, chosen.name, values["handle"], secret, server=values["server"])
        )
        desk.say_receipt(receipt)

    title = _("Connect an account to {project}").format(project=project.name)
    return FormScreen(title, fields, save, busy=_("Checking the account ..."), note=note)


def secret_form(desk: Desk, row: AccountRow) -> FormScreen:
    """A form that replaces the secret of an account."""
    network = spec(row.network)
    fields = [Field(item.name, _(item.label), "", _(item.help), secret=item.secret) for item in network.credentials]

    async def save(values: Values) -> None:
        secret = dict(values)
        checked = await desk.network(lambda w: w.accounts.new_secret(row.id, secret))
        desk.say(_("{handle} works with the new secret.").format(handle=checked.handle), "done")

    return FormScreen(
        _("New secret for {handle}").format(handle=row.handle),
        lambda typed: fields,
        save,
        busy=_("Checking the account ..."),
        note=lambda typed: _(network.prepare_help),
    )


def _searched(row: AccountRow) -> str:
    return f"{row.project} {row.network} {row.server} {row.handle} {row.display_name} {row.state}".casefold()
