"""Looking at accounts: light to import."""

from __future__ import annotations

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.domain.clock import SECOND, Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _

SOON: Instant = 14 * 24 * 3600 * SECOND
"""A secret that ends within this time is spoken of, so that there is time to make a new one."""


def secret_ends(row: AccountRow) -> Instant | None:
    """When an account's secret stops to work; None: never, or its network does not tell."""
    told = row.facts.get("expires_at")
    return told if type(told) is int and 0 < told < 2**46 else None


class AccountQueries:
    """Questions about accounts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of_project(self, project_id: int | None = None) -> list[AccountRow]:
        """The accounts of a project, or of all of them."""
        return reads.of_project(self._db, project_id)

    def expiring(self) -> list[AccountRow]:
        """The accounts whose secret ends soon or has ended, the most pressing first."""
        ends = {row.id: end for row in self.of_project() if (end := secret_ends(row)) is not None}
        limit = self._db.clock() + SOON
        rows = [row for row in self.of_project() if ends.get(row.id, limit) < limit]
        return sorted(rows, key=lambda row: ends[row.id])

    def get(self, account_id: int) -> AccountRow:
        """One account, also a removed one."""
        row = reads.account(self._db, account_id)
        if row is None:
            raise InvalidInput(
                _("There is no account {id}.").format(id=account_id),
                _("`smm-tui account list` shows them."),
                field="account",
            )
        return row

    def find(self, text: str | int, project_id: int | None = None) -> AccountRow:
        """An account by id or handle (with or without @, or its beginning), within a project if one is given."""
        word = str(text).strip().lstrip("@").casefold()
        rows = self.of_project(project_id)
        exact = [row for row in rows if row.handle.lstrip("@").casefold() == word]
        if not exact and word.isdecimal():
            exact = [row for row in rows if row.id == int(word)]
        matches = exact or [row for row in rows if row.handle.lstrip("@").casefold().startswith(word)]
        if len(matches) == 1 and word:
            return matches[0]
        listed = ", ".join(f"{row.id} {row.handle}" for row in (matches or rows)) or _("none yet")
        if matches and word:
            message = _("“{text}” fits several accounts: {accounts}.").format(text=text, accounts=listed)
            raise InvalidInput(message, _("Give its id."), field="account")
        raise InvalidInput(
            _("There is no account “{text}” here.").format(text=text),
            _("Accounts: {accounts}.").format(accounts=listed),
            field="account",
        )
