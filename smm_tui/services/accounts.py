"""Accounts: adding, checking, pausing and removing the pages a project publishes to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.tables import AccountTable, DeliveryTable, PostTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import states
from smm_tui.domain.errors import Ambiguous, AuthExpired, InvalidInput, RateLimited, Transient
from smm_tui.domain.identity import new_uuid
from smm_tui.domain.inert import inert
from smm_tui.domain.states import AccountState, State
from smm_tui.i18n import _
from smm_tui.networks import registry
from smm_tui.networks.address import server_address
from smm_tui.networks.ports import Account, Checked, Publisher
from smm_tui.secret_store import SecretStore, Slot
from smm_tui.services import campaign_follow, lifecycle
from smm_tui.services.account_queries import AccountQueries
from smm_tui.services.receipt import Receipt

Result = TypeVar("Result")
Connect = Callable[[Account, Slot], Publisher]


class AccountService(AccountQueries):
    """Commands on accounts. Those that talk to a network block until it answers: never call them where one draws."""

    def __init__(self, db: Database, secrets: SecretStore, connect: Connect, actor: str) -> None:
        super().__init__(db)
        self._secrets = secrets
        self._connect = connect
        self._actor = actor

    def add(
        self,
        project_id: int,
        network: str,
        handle: str,
        secret: Mapping[str, str],
        *,
        server: str = "",
        check: bool = True,
    ) -> Receipt:
        """Connect an account after logging in with its secret; without `check` the first use will tell."""
        spec = registry.spec(network)
        project = project_reads.project(self._db, project_id)
        if project is None or project.archived_at is not None:
            raise InvalidInput(_("There is no such project, or it is archived."), field="project")
        if not (server.strip() or spec.default_server):
            raise InvalidInput(
                _("{network} needs the address of its server.").format(network=spec.title),
                _("Give it with --server, for example --server https://mastodon.social."),
                field="server",
            )
        server = server_address(server or spec.default_server)
        handle = handle.strip()
        if not handle:
            raise InvalidInput(_("An account needs its handle."), field="handle")
        if inert(handle) != handle:
            raise InvalidInput(
                _("The handle holds characters that cannot be shown."),
                _("Copy it again from the network's site."),
                field="handle",
            )
        for item in spec.credentials:
            if item.secret and not item.optional and not secret.get(item.name, "").strip():
                raise InvalidInput(
                    _("The secret is missing: {label}.").format(label=_(item.label)),
                    _(spec.prepare_help),
                    field=item.name,
                )
        ref = new_uuid()
        slot = self._secrets.slot(ref)
        slot.write({name: value.strip() for name, value in secret.items()})
        try:
            account = Account(spec.name, server, handle)
            checked = self._check(account, slot) if check else Checked("", handle, "", server, "", {})
            _refuse_stranger(handle, checked)
            with self._db.unit() as unit:
                self._refuse_twice(unit, project_id, spec.name, checked.server, checked.remote_id, checked.handle)
                row = AccountTable(
                    project_id=project_id,
                    network=spec.name,
                    server=checked.server,
                    handle=checked.handle,
                    remote_id=checked.remote_id or f"unchecked:{handle}",
                    display_name=checked.display_name,
                    url=checked.url,
                    secret_ref=ref,
                    facts=dict(checked.facts),
                    missing=list(checked.missing),
                    checked_at=unit.now if check else None,
                    created_at=unit.now,
                )
                unit.session.add(row)
                unit.session.flush()
                message = _("Connected {handle} on {network} to {project}.").format(
                    handle=row.handle, network=spec.title, project=project.name
                )
                unit.audit("account.add", "account", row.id, message, actor=self._actor, project_id=project_id)
                undo = unit.undoable(message, actor=self._actor, project_id=project_id)
                return Receipt(message, undo=undo, ids=(row.id or 0,))
        except BaseException:
            slot.delete()
            raise

    def check(self, account_id: int) -> Checked:
        """Log in, refresh what is known of the server; a dead secret stops the account, a good one frees it."""
        row = self.get(account_id)
        try:
            checked = self._check(_port(row), self._secrets.slot(row.secret_ref))
        except AuthExpired as error:
            with self._db.unit() as unit:
                account = unit.session.get_one(AccountTable, account_id)
                account.state, account.state_reason = AccountState.AUTH, error.message
                account.version += 1
            raise
        with self._db.unit() as unit:
            account = unit.session.get_one(AccountTable, account_id)
            account.remote_id, account.handle = checked.remote_id, checked.handle
            account.display_name, account.url, account.server = checked.display_name, checked.url, checked.server
            account.facts, account.missing, account.checked_at = dict(checked.facts), list(checked.missing), unit.now
            if account.state == AccountState.AUTH:
                self._free(unit, account)
            account.version += 1
        return checked

    def new_secret(self, account_id: int, secret: Mapping[str, str]) -> Checked:
        """Replace the secret and check it; the old one stays when the new one does not open the same account."""
        row = self.get(account_id)
        slot = self._secrets.slot(row.secret_ref)
        with slot.exclusive():
            old = slot.read()
            slot.write({name: value.strip() for name, value in secret.items()})
        try:
            _refuse_other(row, self._check(_port(row), slot))
        except BaseException:
            if old is not None:
                slot.write(old)
            raise
        return self.check(account_id)

    def remove(self, account_id: int) -> Receipt:
        """Disconnect an account: what waits on it is cancelled; undo brings both back. Its history stays."""
        row = self.get(account_id)
        with self._db.unit() as unit:
            account = unit.session.get_one(AccountTable, account_id)
            if account.removed_at is not None:
                return Receipt(_("{handle} is removed already.").format(handle=row.handle), 0)
            campaign_follow.ensure_none_runs(unit, account_id, row.handle)
            dropped = 0
            posts: set[int] = set()
            for delivery in unit.session.exec(
                select(DeliveryTable).where(
                    DeliveryTable.account_id == account_id, col(DeliveryTable.state).in_([*states.CHANGEABLE])
                )
            ).all():
                lifecycle.change_delivery(unit, delivery, state=State.CANCELLED)
                posts.add(delivery.post_id)
                dropped += 1
            account.removed_at = unit.now
            account.version += 1
            unit.session.flush()
            for post_id in posts:
                lifecycle.refresh_post(unit, unit.session.get_one(PostTable, post_id))
            message = _("Removed {handle}; {count} waiting deliveries are cancelled.").format(
                handle=row.handle, count=dropped
            )
            unit.audit("account.remove", "account", account_id, message, actor=self._actor, project_id=row.project_id)
            undo = unit.undoable(message, actor=self._actor, project_id=row.project_id)
            return Receipt(message, undo=undo, ids=(account_id,))

    def pause(self, account_id: int) -> Receipt:
        """Send nothing on this account until it is resumed; what comes due waits as held."""
        with self._db.unit() as unit:
            account = unit.session.get_one(AccountTable, self.get(account_id).id)
            account.state, account.state_reason = AccountState.PAUSED, _("paused by {who}").format(who=self._actor)
            account.version += 1
            message = _("Paused {handle}.").format(handle=account.handle)
            unit.audit(
                "account.pause", "account", account_id, message, actor=self._actor, project_id=account.project_id
            )
            undo = unit.undoable(message, actor=self._actor, project_id=account.project_id)
            return Receipt(message, undo=undo, ids=(account_id,))

    def resume(self, account_id: int) -> Receipt:
        """Let a paused account go on; what it missed follows its lateness rule."""
        with self._db.unit() as unit:
            account = unit.session.get_one(AccountTable, self.get(account_id).id)
            self._free(unit, account)
            account.version += 1
            message = _("Resumed {handle}.").format(handle=account.handle)
            unit.audit(
                "account.resume", "account", account_id, message, actor=self._actor, project_id=account.project_id
            )
            undo = unit.undoable(message, actor=self._actor, project_id=account.project_id)
            return Receipt(message, undo=undo, ids=(account_id,))

    def _free(self, unit: UnitOfWork, account: AccountTable) -> None:
        account.state, account.state_reason = AccountState.OK, ""
        for delivery in unit.session.exec(
            select(DeliveryTable).where(
                DeliveryTable.account_id == account.id,
                DeliveryTable.state == State.HELD,
                DeliveryTable.error_field == "account",
            )
        ).all():
            lifecycle.change_delivery(
                unit, delivery, state=State.PLANNED if delivery.approved_hash is None else State.APPROVED
            )
            unit.session.flush()
            lifecycle.refresh_post(unit, unit.session.get_one(PostTable, delivery.post_id))

    def _refuse_twice(
        self, unit: UnitOfWork, project_id: int, network: str, server: str, remote_id: str, handle: str
    ) -> None:
        for row in unit.session.exec(
            select(AccountTable).where(
                AccountTable.network == network, AccountTable.server == server, col(AccountTable.removed_at).is_(None)
            )
        ):
            if (row.remote_id == remote_id and remote_id) or row.handle.casefold() == handle.casefold():
                owner = project_reads.project(self._db, row.project_id)
                raise InvalidInput(
                    _("{handle} is connected already, to {project}.").format(
                        handle=row.handle, project=owner.name if owner else row.project_id
                    ),
                    _("One account belongs to one project, so that no post goes out under the wrong name."),
                    field="handle",
                )

    def _check(self, account: Account, slot: Slot) -> Checked:
        try:
            return self._run(self._connect(account, slot), lambda client: client.check())
        except (Transient, Ambiguous) as error:
            # A delivery is tried again by itself; whoever checks an account is waiting for the answer.
            error.hint = _("Check the server's address and your connection, then try again.")
            raise
        except RateLimited as error:
            error.hint = _("Wait a while, then try again.")
            raise

    def _run(self, client: Publisher, call: Callable[[Publisher], Coroutine[Any, Any, Result]]) -> Result:
        async def main() -> Result:
            try:
                return await call(client)
            finally:
                await client.aclose()

        return asyncio.run(main())


def _refuse_stranger(typed: str, checked: Checked) -> None:
    """The secret must open the account that was named: another client's token is one paste away."""
    wanted, found = typed.lstrip("@").casefold(), checked.handle.lstrip("@").casefold()
    if found != wanted and not found.startswith((f"{wanted}@", f"{wanted}.")) and checked.remote_id != typed:
        raise InvalidInput(
            _("That secret opens {other}, not {handle}.").format(other=checked.handle, handle=typed),
            _("Log in as {handle} and make the secret there, or give the handle {other}.").format(
                handle=typed, other=checked.handle
            ),
            field="handle",
        )


def _refuse_other(row: AccountRow, checked: Checked) -> None:
    if row.remote_id != checked.remote_id and not row.remote_id.startswith("unchecked:"):
        raise InvalidInput(
            _("That secret opens {other}, not {handle}.").format(other=checked.handle, handle=row.handle),
            _("Log in as {handle} and make the secret there.").format(handle=row.handle),
            field="secret",
        )


def _port(row: AccountRow) -> Account:
    remote_id = "" if row.remote_id.startswith("unchecked:") else row.remote_id
    return Account(row.network, row.server, row.handle, remote_id, row.facts)
