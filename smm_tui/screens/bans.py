"""Who is shut out, until when and why; the list can be written out, and applied to another account."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from textual import on
from textual.app import ComposeResult

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.messages import BanRow
from smm_tui.domain.clock import DAY, Instant
from smm_tui.domain.errors import DataError, InvalidInput
from smm_tui.i18n import _, ngettext
from smm_tui.screens.desk import Job
from smm_tui.screens.form import FormScreen, Values
from smm_tui.screens.list_screen import ListScreen
from smm_tui.screens.moderation_talk import moment
from smm_tui.services.bans import read_list
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.form import Field
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import DIM, WARN
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList


@dataclass(frozen=True, slots=True)
class BansState:
    """The bans of a client, or of all."""

    bans: tuple[BanRow, ...]
    accounts: tuple[AccountRow, ...]
    today: Instant


class BansScreen(ListScreen[BansState]):
    """A line a ban, mute or restriction in force."""

    SCOPE = "bans"

    def body(self) -> ComposeResult:
        yield WindowedList(
            (
                Column(_("who"), 14, weight=2),
                Column(_("what"), 8),
                Column(_("account"), 14, weight=1, drop=1),
                Column(_("until"), 12),
                Column(_("why"), 16, weight=3),
                Column(_("by"), 8, drop=2),
            ),
            glyphs=self.desk.glyphs,
            id="list",
        )

    def request(self) -> Job[BansState]:
        client, words = self.desk.client, self.filter_text.casefold().split()
        today = self.desk.time // DAY * DAY

        def job(w: Workspace) -> BansState:
            found = w.inbox_queries.bans(project_id=client)
            shown = tuple(row for row in found if all(word in _searched(row) for word in words))
            return BansState(shown, tuple(w.account_queries.of_project(client)), today)

        return job

    def empty(self, state: BansState) -> str:
        if state.bans:
            return ""
        if self.filter_text:
            return _("Nobody here fits the filter.")
        return _("Nobody is shut out. {key} applies a ban list from a file.").format(key=self.key("bans.apply"))

    def show(self, state: BansState) -> None:
        self.wanted()
        self.list.show([row.id for row in state.bans], {row.id: self._cells(row) for row in state.bans})

    def _cells(self, row: BanRow) -> Cells:
        account = next((one for one in self.state.accounts if one.id == row.account_id), None) if self.state else None
        project = self.desk.chrome.project(account.project_id) if account else None
        until = _("for good") if row.until is None else moment(row.until, project.timezone if project else "UTC")
        return (
            row.author or row.author_handle or row.remote_id,
            Span(_(row.verb), WARN),
            f"{row.network} {row.account}",
            until,
            row.reason,
            Span(row.actor, DIM),
        )

    # -- actions

    @property
    def chosen(self) -> list[BanRow]:
        """The bans that are selected, or the one under the cursor."""
        known = {row.id: row for row in self.state.bans} if self.state else {}
        return [known[number] for number in self.list.chosen if number in known]

    def unavailable(self, verb: str) -> str:
        if verb == "apply":
            return "" if self.state and self.state.accounts else _("There is no account to apply a list to.")
        if not self.chosen:
            return _("Nobody is shut out here.")
        if verb == "open" and self.list.selected > 1:
            return _("That is done one at a time: select nothing and put the cursor on the ban.")
        return ""

    def action_open(self) -> None:
        """Who it is."""
        from smm_tui.screens.person import PersonScreen

        row = self.chosen[0]
        account = next((one for one in self.state.accounts if one.id == row.account_id), None) if self.state else None
        if account is not None:
            self.app.push_screen(PersonScreen(row.author_id, account.project_id))

    @on(WindowedList.Opened)
    def _opened(self) -> None:
        self.run(self.keymap.actions["bans.open"])

    def action_lift(self) -> None:
        """Let them back in."""
        rows = self.chosen
        ids = [row.id for row in rows]
        count = len(ids)
        self.ask(
            ngettext("Let {count} back in?", "Let {count} back in?", count).format(count=count),
            [", ".join(row.author or row.author_handle for row in rows[:5])],
            lambda: self.desk.command(lambda w: w.bans.lift(ids)),
            undoable=True,
        )
        self.list.clear_selection()

    def action_export(self) -> None:
        """Write the list into a file."""
        ids = {row.id for row in self.chosen} if self.list.selected else None
        client = self.desk.client

        async def save(values: Values) -> None:
            file = values["file"].strip()
            if not file:
                raise InvalidInput(_("Name a file."), field="file")

            def job(w: Workspace) -> int:
                path = Path(file).expanduser()
                lines = w.bans.export(project_id=client, ids=ids)
                try:
                    path.write_text(json.dumps(lines, indent=2) + "\n", encoding="utf-8")
                except OSError as error:
                    raise DataError(
                        _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror)
                    ) from error
                return len(lines)

            count = await self.desk.read(job)
            self.desk.say(_("Wrote {count} into {path}.").format(count=count, path=file), "done")

        field = Field(
            "file", _("File"), "bans.json", _("JSON, as the list is applied here or with `inbox bans apply`.")
        )
        self.app.push_screen(FormScreen(_("Write the ban list out"), lambda typed: [field], save))

    def action_apply(self) -> None:
        """Shut the same people out of another account."""
        if self.state is None:
            return
        ids = {row.id for row in self.chosen} or None if self.list.selected else None
        client = self.desk.client
        accounts = self.state.accounts

        async def save(values: Values) -> None:
            account, file = int(values["account"]), values["file"].strip()

            def job(w: Workspace) -> Receipt:
                lines = read_list(Path(file).expanduser()) if file else w.bans.export(project_id=client, ids=ids)
                receipt, told = w.bans.apply(lines, account)
                left = [line for line in told if line.why]
                if left:
                    more = _("{count} left out: {reason}").format(count=len(left), reason=left[0].why)
                    return replace(receipt, message=f"{receipt.message} {more}")
                return receipt

            self.desk.say_receipt(await self.desk.write(job))

        listed = _("the selected ones") if ids else _("all that are listed here")
        fields = [
            Field(
                "account",
                _("To"),
                str(accounts[0].id),
                _("The account they are shut out of."),
                choices=tuple((str(row.id), f"{row.network} {row.handle}") for row in accounts),
            ),
            Field(
                "file", _("File"), "", _("A ban list that was written out; empty: {listed}.").format(listed=listed)
            ),
        ]
        self.app.push_screen(FormScreen(_("Apply a ban list"), lambda typed: fields, save))


def _searched(row: BanRow) -> str:
    return f"{row.author} {row.author_handle} {row.account} {row.network} {row.verb} {row.reason}".casefold()
