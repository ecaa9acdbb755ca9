"""Today: all that is wrong or soon will be, over all clients, worst first. Light to import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

from smm_tui import formats
from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import messages as message_reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads import records as record_reads
from smm_tui.db.reads import today as reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.messages import QueueFilter
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain import zones
from smm_tui.domain.clock import DAY, HOUR, Instant
from smm_tui.domain.states import AccountState, ActionState, State
from smm_tui.i18n import _, ngettext
from smm_tui.services import lease
from smm_tui.services.account_queries import SOON, secret_ends

APPROVE_AHEAD: Instant = 48 * HOUR
"""A post this near that nobody approved is spoken of."""
DAYS_AHEAD = 7
"""So many days, the present one not among them, are looked at for a post."""
SILENT: Instant = HOUR
"""An inbox that could not be read for so long is spoken of."""
MESSAGES = 200
"""So many of the messages that wait are named; the queue has the rest."""


class Kind(StrEnum):
    """What a line is about; part of the command line's contract."""

    WORKER = "worker"
    DELIVERY = "delivery"
    ACTION = "action"
    ACCOUNT = "account"
    PAGE = "page"
    MESSAGE = "message"
    APPROVAL = "approval"
    GAP = "gap"
    CAMPAIGN = "campaign"
    INBOX = "inbox"


class Rank(IntEnum):
    """How bad it is: 0 is the worst."""

    STOPPED = 0  # nothing goes out at all
    UNKNOWN = 1  # it may be public, it may not
    REFUSED = 2  # what was promised will not happen unless somebody acts
    LATE = 3  # its time has passed
    TIMED = 4  # its time comes
    AHEAD = 5  # there is time


class Trouble(NamedTuple):
    """One line: `id` is that of the delivery, action, account, message or post, 0 where there is none. `at`: when it
    was or will be due; `message_id`: what an action or message is about; `day`: of a post, or first without one."""

    kind: Kind
    rank: Rank
    project_id: int | None
    id: int
    at: Instant | None
    state: str
    text: str
    message_id: int = 0
    day: str = ""

    @property
    def key(self) -> str:
        """Which line it is, for as long as it is there."""
        of_inbox = f":{self.state}" if self.kind is Kind.INBOX else ""  # one may have a gap and an error
        return f"{self.kind}:{self.id or self.project_id or ''}{of_inbox}"


class TodayQueries:
    """The triage list."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, project_id: int | None = None, *, now: Instant | None = None) -> list[Trouble]:
        """Everything that wants a person, of one project or of all, worst first."""
        now = self._db.clock() if now is None else now
        projects = {row.id: row for row in project_reads.all_projects(self._db)}
        accounts = account_reads.of_project(self._db, project_id)
        found = [
            *self._worker(now),
            *self._deliveries(project_id),
            *self._actions(project_id),
            *self._pages(project_id),
            *_accounts(accounts, now),
            *self._messages(project_id, now),
            *self._inboxes(project_id),
            *self._approvals(project_id, now),
            *self._campaigns(project_id),
            *self._gaps([row for row in projects.values() if project_id in (None, row.id)], accounts, now),
        ]
        known = [item for item in found if item.project_id is None or item.project_id in projects]
        return sorted(known, key=lambda item: (item.rank, item.at is None, item.at or 0, item.kind, item.id))

    def _worker(self, now: Instant) -> Iterator[Trouble]:
        due = record_reads.due_count(self._db, now)
        if due and lease.leader(self._db) is None:
            text = ngettext(
                "No worker runs, and {count} delivery is due.", "No worker runs, and {count} deliveries are due.", due
            ).format(count=due)
            yield Trouble(Kind.WORKER, Rank.STOPPED, None, 0, now, "off", text)

    def _deliveries(self, project_id: int | None) -> Iterator[Trouble]:
        ranks = {State.UNKNOWN: Rank.UNKNOWN, State.REJECTED: Rank.REFUSED}
        for row in reads.deliveries(self._db, project_id):
            rank = ranks.get(State(row.state), Rank.LATE)
            text = f"{row.handle}: {row.error_message or row.head}"
            yield Trouble(Kind.DELIVERY, rank, row.project_id, row.id, row.due_at, row.state, text)

    def _actions(self, project_id: int | None) -> Iterator[Trouble]:
        for row in reads.actions(self._db, project_id):
            rank = Rank.UNKNOWN if row.state == ActionState.UNKNOWN else Rank.REFUSED
            text = f"{row.handle}: {_(row.verb)} {row.error_message}".rstrip()
            yield Trouble(
                Kind.ACTION, rank, row.project_id, row.id, row.first_sent_at, row.state, text, row.message_id
            )

    def _pages(self, project_id: int | None) -> Iterator[Trouble]:
        for row in reads.failed_pages(self._db, project_id):
            text = _("{handle}: its page was not changed: {why}").format(handle=row.handle, why=row.error_message)
            yield Trouble(Kind.PAGE, Rank.REFUSED, row.project_id, row.account_id, row.due_at, "failed", text)

    def _messages(self, project_id: int | None, now: Instant) -> Iterator[Trouble]:
        ids = message_reads.queue_ids(self._db, QueueFilter(project_id), limit=MESSAGES + 1)
        if len(ids) > MESSAGES:
            text = _("More than {count} messages wait: the queue has them all.").format(count=MESSAGES)
            yield Trouble(Kind.MESSAGE, Rank.AHEAD, None, 0, None, "", text)
        for row in message_reads.queue_rows(self._db, ids[:MESSAGES]).values():
            rank = Rank.AHEAD if row.due_at is None else Rank.LATE if row.due_at <= now else Rank.TIMED
            text = f"{row.author or _('somebody')}: {row.head}"
            yield Trouble(Kind.MESSAGE, rank, row.project_id, row.id, row.due_at, row.state, text, row.id)

    def _inboxes(self, project_id: int | None) -> Iterator[Trouble]:
        """What people wrote and nobody will ever see here, and inboxes that cannot be read again and again."""
        for row in reads.inboxes(self._db, project_id, SILENT):
            if row.gap:
                yield Trouble(Kind.INBOX, Rank.LATE, row.project_id, row.id, row.fetched_at, "gap", row.gap)
            if row.error:
                text = f"{row.handle}: {row.error}"
                yield Trouble(Kind.INBOX, Rank.LATE, row.project_id, row.id, row.fetched_at, "unread", text)

    def _approvals(self, project_id: int | None, now: Instant) -> Iterator[Trouble]:
        for row in reads.approvals(self._db, project_id, now, now + APPROVE_AHEAD):
            day = row.planned_wall[:10]
            yield Trouble(
                Kind.APPROVAL, Rank.TIMED, row.project_id, row.id, row.planned_at, State.PLANNED, row.head, day=day
            )

    def _campaigns(self, project_id: int | None) -> Iterator[Trouble]:
        """One line a campaign, with the worst that is known of it."""
        for row in reads.campaigns(self._db, project_id):
            if row.alarms and row.state != "rejected":
                more = f" (+{row.alarms - 1})" if row.alarms > 1 else ""
                found = (Rank.LATE, row.alarm_at, "alarm", row.alarm + more)
            elif row.stopped_reason:
                found = (Rank.LATE, None, "stopped", row.stopped_reason)
            elif row.state == "rejected" or row.refused:
                reason = row.state_reason or row.refusal or _("the network gives no reason")
                found = (Rank.REFUSED, None, "rejected", _("refused: {reason}").format(reason=reason))
            else:
                found = (Rank.TIMED, row.starts_at, "submitted", _("waits for approval"))
            rank, at, state, text = found
            yield Trouble(Kind.CAMPAIGN, rank, row.project_id, row.id, at, state, f"{row.name}: {text}")

    def _gaps(self, projects: list[ProjectRow], accounts: list[AccountRow], now: Instant) -> Iterator[Trouble]:
        """One line a client, for those that can publish at all."""
        planned = reads.planned_days(self._db, now - 2 * DAY, now + (DAYS_AHEAD + 2) * DAY)
        able = {row.project_id for row in accounts}
        for project in projects:
            if project.id not in able:
                continue
            today = zones.local(now, project.timezone).date()
            ahead = [today + timedelta(days=n) for n in range(1, DAYS_AHEAD + 1)]
            empty = [day for day in ahead if (project.id, day.isoformat()) not in planned]
            if not empty:
                continue
            count = ngettext("{count} day without a post", "{count} days without a post", len(empty)).format(
                count=len(empty)
            )
            days = ", ".join(f"{formats.weekday(day)} {day.day}" for day in empty)
            at = now + (empty[0] - today).days * DAY
            yield Trouble(
                Kind.GAP,
                Rank.AHEAD,
                project.id,
                0,
                at - at % DAY,
                "empty",
                f"{count}: {days}",
                day=empty[0].isoformat(),
            )


def _accounts(accounts: list[AccountRow], now: Instant) -> Iterator[Trouble]:
    for row in accounts:
        ends = secret_ends(row)
        if row.state == AccountState.AUTH:
            text = f"{row.handle}: {row.state_reason or _('needs a new token or password')}"
            yield Trouble(Kind.ACCOUNT, Rank.REFUSED, row.project_id, row.id, row.checked_at, row.state, text)
        elif ends is not None and ends < now + SOON:
            text = _("{handle}: its token ends, give it a new one").format(handle=row.handle)
            if ends <= now:
                text = _("{handle}: its token has ended, give it a new one").format(handle=row.handle)
            rank = Rank.LATE if ends <= now else Rank.AHEAD
            yield Trouble(Kind.ACCOUNT, rank, row.project_id, row.id, ends, "expiring", text)
