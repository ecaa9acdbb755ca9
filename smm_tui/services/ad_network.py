"""Asking an advertising cabinet something that changes nothing, while somebody waits for the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.domain.errors import Ambiguous, InvalidInput, RateLimited, Transient
from smm_tui.i18n import _
from smm_tui.networks.advertising import Advertiser
from smm_tui.networks.client import Client
from smm_tui.networks.ports import Account
from smm_tui.secret_store import SecretStore, Slot
from smm_tui.services.receipt import Receipt

Result = TypeVar("Result")
Connect = Callable[[Account, Slot], Client]


class AdNetwork:
    """The advertisers of accounts. Every call blocks until the network answers: never call one where one draws."""

    def __init__(self, db: Database, secrets: SecretStore, connect: Connect) -> None:
        self._db = db
        self._secrets = secrets
        self._connect = connect

    def account(self, account_id: int) -> AccountRow:
        """An account that is not removed."""
        row = account_reads.account(self._db, account_id)
        if row is None or row.removed_at is not None:
            raise InvalidInput(
                _("There is no account {id}.").format(id=account_id),
                _("`smm-tui account list` shows them."),
                field="account",
            )
        return row

    def ask(self, row: AccountRow, call: Callable[[Advertiser], Coroutine[Any, Any, Result]]) -> Result:
        """Make a call that may be repeated freely."""
        remote_id = "" if row.remote_id.startswith("unchecked:") else row.remote_id
        port = Account(row.network, row.server, row.handle, remote_id, row.facts)
        client = self._connect(port, self._secrets.slot(row.secret_ref))

        async def main() -> Result:
            try:
                return await call(client.advertiser)
            finally:
                await client.aclose()

        try:
            return asyncio.run(main())
        except (Transient, Ambiguous) as error:
            error.hint = _("Check your connection, then try again.")
            raise
        except RateLimited as error:
            error.hint = _("Wait a while, then try again.")
            raise

    def choose(self, account_id: int, cabinet_id: str, actor: str) -> Receipt:
        """Use one of the advertising accounts that an account's token opens."""
        from smm_tui.db.tables import AccountTable

        row = self.account(account_id)
        found = self.ask(row, lambda ads: ads.cabinets())
        chosen = next((one for one in found if one.id in (cabinet_id, f"act_{cabinet_id}")), None)
        if chosen is None:
            raise InvalidInput(
                _("The token of {handle} opens no such advertising account.").format(handle=row.handle),
                _("`smm-tui ads cabinet {id}` shows them.").format(id=account_id),
                field="cabinet",
            )
        with self._db.unit() as unit:
            account = unit.session.get_one(AccountTable, account_id)
            account.facts = {**account.facts, "cabinet": chosen.id}
            account.version += 1
            message = _("{handle} advertises from {name}.").format(handle=row.handle, name=chosen.name)
            unit.audit("ads.cabinet", "account", account_id, message, actor=actor, project_id=row.project_id)
            undo = unit.undoable(message, actor=actor, project_id=row.project_id)
            return Receipt(message, undo=undo, ids=(account_id,))
