"""What the worker does about pages: the only code that moves a wish from *wanted* to its end.

The discipline is the ledger's (docs/adr/0003): each method is one short transaction, an attempt is committed before
its request leaves, and what a crash leaves is enough to go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import profiles as reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.tables import AccountTable, PageProfileTable, ProfileWishTable
from smm_tui.domain.clock import DAY, HOUR, MINUTE, Instant
from smm_tui.domain.errors import AuthExpired, NetworkError, SmmError
from smm_tui.domain.inert import inert
from smm_tui.domain.states import AccountState
from smm_tui.i18n import _
from smm_tui.services.profile_queries import LABELS, WishState, can_read
from smm_tui.services.profiles import reverting

LEASE: Instant = 2 * MINUTE
LOOK_EVERY: Instant = DAY
"""How often a page is looked at without anything to change."""
ACTOR = "worker"


@dataclass(slots=True)
class WishJob:
    """A claimed wish with all that bringing it about needs. `sent`: fields whose change has left before."""

    id: int
    account: AccountRow
    wanted: dict[str, Any]
    before: dict[str, Any] | None
    sent: list[str]
    tries: int


class ProfileLedger:
    """The states of wishes, and pages as they were seen."""

    def __init__(self, db: Database, owner: str) -> None:
        self._db = db
        self._owner = owner

    # What is to be done

    def due(self, accounts: Iterable[int] | None = None) -> list[int]:
        """Wishes whose time has come, in the order of time; one of an account at once."""
        wanted = None if accounts is None else set(accounts)
        found: dict[int, int] = {}
        for number, account_id in self._db.rows(
            lambda number, account_id: (number, account_id),
            f"SELECT w.id, w.account_id {_WORK} AND {_AT} <= ? ORDER BY w.due_at, w.id",
            (self._db.clock(),),
        ):
            if wanted is None or account_id in wanted:
                found.setdefault(account_id, number)
        return list(found.values())

    def unseen(self, accounts: Iterable[int] | None = None) -> list[AccountRow]:
        """Accounts whose page is to be looked at now; `accounts`: these, whether their time has come or not."""
        now = self._db.clock()
        wanted = None if accounts is None else set(accounts)
        turns = dict(self._db.rows(lambda number, at: (number, at), "SELECT account_id, next_at FROM page_profile"))
        return [
            row
            for row in account_reads.of_project(self._db)
            if row.state == AccountState.OK
            and can_read(row)
            and (row.id in wanted if wanted is not None else (turns.get(row.id) or 0) <= now)
        ]

    def next_due(self) -> Instant | None:
        """When a wish is due next."""
        value = self._db.value(f"SELECT min({_AT}) {_WORK}")
        return None if value is None else int(value)

    def waiting(self) -> int:
        """Wishes that only a person can settle."""
        return int(self._db.value("SELECT count(*) FROM profile_wish WHERE state = 'failed'"))

    def claim(self, wish_id: int) -> WishJob | None:
        """Take a wish for this worker; None when it is no longer to be done now, or somebody else has it."""
        with self._db.unit() as unit:
            ready = unit.connection.exec_driver_sql(
                f"SELECT w.id {_WORK} AND {_AT} <= ? AND w.id = ?", (unit.now, wish_id)
            ).first()
            if ready is None:
                return None
            row = unit.session.get_one(ProfileWishTable, wish_id)
            account = account_reads.account(self._db, row.account_id)
            if account is None:
                return None
            row.lease_owner, row.lease_until = self._owner, unit.now + LEASE
            return WishJob(wish_id, account, dict(row.wanted), row.before, list(row.sent or []), row.tries)

    # Around a call

    def begin(self, job: WishJob, fields: Iterable[str], before: Mapping[str, Any]) -> bool:
        """Commit that the change of these fields leaves now; False: it must not be made any more."""
        with self._db.unit() as unit:
            row = unit.session.get_one(ProfileWishTable, job.id)
            if row.lease_owner != self._owner or row.state not in (WishState.WANTED, WishState.SENDING):
                return False
            row.state = WishState.SENDING
            row.lease_until = unit.now + LEASE
            row.first_sent_at = row.first_sent_at or unit.now
            if row.before is None:
                row.before = dict(before)
            job.before = row.before
            job.sent = list(dict.fromkeys([*job.sent, *fields]))
            row.sent = job.sent
            return True

    def seen(self, account_id: int, live: Mapping[str, Any]) -> None:
        """Keep how a page looks now."""
        with self._db.unit() as unit:
            row = self._page(unit.session, account_id)
            row.live, row.at, row.error_message, row.tries = dict(live), unit.now, "", 0
            row.next_at = unit.now + LOOK_EVERY

    def not_seen(self, account_id: int, error: SmmError) -> None:
        """The page could not be looked at."""
        with self._db.unit() as unit:
            row = self._page(unit.session, account_id)
            row.tries += 1
            row.error_message = inert(error.message)
            row.next_at = unit.now + min(15 * MINUTE * 2 ** min(row.tries - 1, 6), 12 * HOUR)
            self._stop_without_secret(unit.session, account_id, error)

    # How a claimed wish is left

    def applied(self, job: WishJob, live: Mapping[str, Any], *, changed: bool) -> None:
        """It is live. What was there before comes back at its time, if it has one."""
        with self._db.unit() as unit:
            row = unit.session.get_one(ProfileWishTable, job.id)
            row.state, row.applied_at = WishState.APPLIED, unit.now
            row.after = dict(live)
            if row.before is None:
                row.before = dict(live)
            row.sent, row.next_try_at, row.tries = None, None, 0
            row.error_message = row.error_hint = ""
            fields = ", ".join(_(LABELS[name]) for name in row.wanted)
            said = _("{handle} shows it now: {fields}.") if changed else _("{handle} showed it already: {fields}.")
            if row.until_at is not None and changed:
                back = reverting(unit, row, ACTOR, row.until_at)
                if back.error_message:
                    said += " " + back.error_message
            self._leave(unit, row, job, "profile.applied", said.format(handle=job.account.handle, fields=fields))

    def later(self, job: WishJob, error: NetworkError, wait: Instant) -> None:
        """Again after `wait`; the page is looked at before anything is sent again."""
        with self._db.unit() as unit:
            row = unit.session.get_one(ProfileWishTable, job.id)
            row.next_try_at, row.tries = unit.now + wait, row.tries + 1
            row.error_message, row.error_hint = inert(error.message), inert(error.hint)
            row.lease_owner = row.lease_until = None
            self._stop_without_secret(unit.session, job.account.id, error)

    def failed(self, job: WishJob, error: SmmError, live: Mapping[str, Any] | None) -> None:
        """It will not be brought about by itself: a person decides."""
        with self._db.unit() as unit:
            row = unit.session.get_one(ProfileWishTable, job.id)
            row.state, row.next_try_at, row.sent = WishState.FAILED, None, None
            if live is not None:
                row.after = dict(live)
            row.error_message, row.error_hint = inert(error.message), inert(error.hint)
            self._leave(unit, row, job, "profile.failed", f"{job.account.handle}: {row.error_message}")

    # Parts

    def _page(self, session: Any, account_id: int) -> PageProfileTable:
        row: PageProfileTable | None = session.get(PageProfileTable, account_id)
        if row is None:
            row = PageProfileTable(account_id=account_id)
            session.add(row)
        return row

    def _stop_without_secret(self, session: Any, account_id: int, error: SmmError) -> None:
        if isinstance(error, AuthExpired):
            account = session.get_one(AccountTable, account_id)
            account.state, account.state_reason = AccountState.AUTH, inert(error.message)
            account.version += 1

    def _leave(self, unit: Any, row: ProfileWishTable, job: WishJob, verb: str, said: str) -> None:
        row.lease_owner = row.lease_until = None
        unit.audit(verb, "profile", row.id, said, actor=ACTOR, project_id=job.account.project_id)


def kept(db: Database, account_id: int, field: str, url: str) -> str:
    """The stored file of a picture that a page shows at this address, as far as it was set from here; else empty."""
    from smm_tui.services.profile_queries import same_picture

    for row in reversed(reads.wishes(db, account_id)):
        if row.after is not None and field in row.wanted and same_picture(row.after.get(field), url):
            return str(row.wanted[field])
    return ""


_WORK = """
    FROM profile_wish w JOIN account a ON a.id = w.account_id JOIN project p ON p.id = a.project_id
    WHERE w.state IN ('wanted', 'sending') AND w.due_at IS NOT NULL AND a.state = 'ok' AND a.removed_at IS NULL
        AND p.archived_at IS NULL
"""
_AT = "max(w.due_at, coalesce(w.next_try_at, 0), coalesce(w.lease_until, 0), coalesce(a.blocked_until, 0))"
