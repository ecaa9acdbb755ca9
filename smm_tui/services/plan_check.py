"""Reading back what is live of a month, and keeping what was seen as evidence.

One call after the other for each account, nothing that was looked at a short while ago, and no further call on an
account whose network says that it was too many or does not answer: the budget belongs to publishing.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import facts as reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.facts import CHECK, FactRow, PartRow
from smm_tui.db.tables import AttemptTable
from smm_tui.domain.clock import MINUTE, Instant
from smm_tui.domain.errors import NetworkError, Unsupported
from smm_tui.domain.promise import Look, look
from smm_tui.domain.states import State
from smm_tui.i18n import _
from smm_tui.networks import registry
from smm_tui.networks.ports import Account, Capability, Publisher, RemoteRef
from smm_tui.secret_store import SecretStore, Slot
from smm_tui.services.plan_fact import FactQueries

FRESH: Instant = 10 * MINUTE
"""What was looked at so recently is not looked at again."""
SHOWN_LIMIT = 2_000
"""Characters of a live text that are kept."""


class Unread(NamedTuple):
    """An account of which something could not be read, and why."""

    handle: str
    deliveries: int
    reason: str


class Checked(NamedTuple):
    """How many deliveries were read, how many had been a short while ago, and what could not be."""

    read: int
    fresh: int
    unread: list[Unread]


class PlanCheckService:
    """Looks at what is live."""

    def __init__(
        self,
        db: Database,
        actor: str,
        facts: FactQueries,
        secrets: SecretStore,
        connect: Callable[[Account, Slot], Publisher],
    ) -> None:
        self._db = db
        self._actor = actor
        self._facts = facts
        self._secrets = secrets
        self._connect = connect

    def check(self, project_id: int, year: int, month: int) -> Checked:
        """Read back every live delivery of a month."""
        now = self._db.clock()
        live = [row for row in self._facts.rows(project_id, year, month) if row.state == State.LIVE]
        due: dict[int, list[FactRow]] = defaultdict(list)
        for row in live:
            if row.looked_at is None or now - row.looked_at >= FRESH:
                due[row.account_id].append(row)
        read, unread = 0, []
        for account_id, rows in due.items():
            account = account_reads.account(self._db, account_id)
            if account is None:
                continue
            done, reason = self._look_at(account, rows)
            read += done
            if reason:
                unread.append(Unread(account.handle, len(rows) - done, reason))
        return Checked(read, len(live) - sum(map(len, due.values())), unread)

    def _look_at(self, account: AccountRow, rows: list[FactRow]) -> tuple[int, str]:
        """How many deliveries of an account were read, and why not all."""
        capabilities = registry.spec(account.network).rules(account.facts).capabilities
        if Capability.READ_BACK not in capabilities:
            return 0, _("This network does not let us read what was sent.")
        port = Account(account.network, account.server, account.handle, account.remote_id, account.facts)
        return asyncio.run(self._read_all(self._connect(port, self._secrets.slot(account.secret_ref)), rows))

    async def _read_all(self, client: Publisher, rows: list[FactRow]) -> tuple[int, str]:
        read, reason = 0, ""
        try:
            for row in rows:
                parts = reads.parts(self._db, row.id)
                if not parts:
                    reason = _("It is not known what the post is called there.")
                    continue
                for part in parts:
                    found, shown = await self._read(client, part)
                    self._keep(part, found, shown)
                    if found is not Look.SAME:
                        break  # the last look is what tells
                read += 1
        except Unsupported as error:
            return read, error.message
        except NetworkError as error:
            return read, f"{error.message} {error.hint}".strip()
        finally:
            await client.aclose()
        return read, reason

    async def _read(self, client: Publisher, part: PartRow) -> tuple[Look, str]:
        live = await client.read(RemoteRef(part.remote_id, part.remote_url, part.extra))
        if live is None:
            return Look.DELETED, ""
        text, files = str(live.get("text", "")), live.get("media")
        count = len(files) if isinstance(files, list) else part.files
        named = [item.get("sha256") for item in files if isinstance(item, dict)] if isinstance(files, list) else []
        # None: the network does not tell which file it is. While an edit of ours is on its way, it may be ours.
        strange = part.text is not None and "" in named
        return look(part.text, part.files, text, count, strange), text

    def _keep(self, part: PartRow, found: Look, shown: str) -> None:
        with self._db.unit() as unit:
            unit.session.add(
                AttemptTable(
                    intent_id=part.intent_id,
                    what=CHECK,
                    worker=self._actor,
                    started_at=unit.now,
                    ended_at=unit.now,
                    outcome=found,
                    answer=shown[:SHOWN_LIMIT],
                )
            )
