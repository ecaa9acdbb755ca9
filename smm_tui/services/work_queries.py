"""What was worked, what the coming weeks bring, what clients owe: light to import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads import scheme as scheme_reads
from smm_tui.db.reads import work as reads
from smm_tui.db.reads.work import EntryRow, TaskRow
from smm_tui.domain import pay, workload, worktime, zones
from smm_tui.domain.clock import Instant
from smm_tui.domain.months import last_of
from smm_tui.domain.pay import Agreement, Done, Line
from smm_tui.domain.workload import Outlook, Past
from smm_tui.domain.worktime import Kind, Span
from smm_tui.i18n import N_, _
from smm_tui.services import places, work_settings
from smm_tui.services.client_queries import METRICS, ClientQueries
from smm_tui.services.work_settings import WorkSettings

SOURCES = {reads.TIMER: N_("timer"), reads.HAND: N_("by hand"), reads.ACTIONS: N_("actions")}
"""Where an entry comes from."""

KINDS = {Kind.POSTS: N_("posts"), Kind.MESSAGES: N_("messages"), Kind.ADS: N_("ads"), Kind.OTHER: N_("other")}
"""What the log says was done."""

WEEKS = 4
"""How far ahead the load is told."""


class ClientTime(NamedTuple):
    """What somebody worked for a client: today, this week, this month (in the zone of their days)."""

    project_id: int
    today: Instant
    week: Instant
    month: Instant


class Earned(NamedTuple):
    """What a client owes for a month in one currency. `per_hour` None: no time was counted; `margin` is what is left
    of it after the hour's own cost, None where that was not told in the same currency."""

    project_id: int
    project: str
    currency: str
    lines: tuple[Line, ...]
    total: Decimal
    worked: Instant
    per_hour: Decimal | None
    margin: Decimal | None


class WorkQueries:
    """Questions about time, load and pay."""

    def __init__(self, db: Database, actor: str) -> None:
        self._db = db
        self._actor = actor

    def settings(self) -> WorkSettings:
        """How whoever asks works."""
        return work_settings.read(self._db, self._actor)

    def zone(self) -> str:
        """The zone of their days."""
        return work_settings.zone_of(self._db, self.settings())

    def running(self) -> EntryRow | None:
        """The entry whose timer runs."""
        return reads.running(self._db, self._actor)

    def entry(self, entry_id: int) -> EntryRow | None:
        """One entry."""
        return reads.entry(self._db, entry_id)

    def entries(
        self,
        *,
        first: date | None = None,
        last: date | None = None,
        project_id: int | None = None,
        everybody: bool = False,
        limit: int = -1,
    ) -> list[EntryRow]:
        """Entries of which a part lies between two days, both included, newest first."""
        zone = self.zone()
        return reads.entries(
            self._db,
            start=None if first is None else worktime.midnight(first, zone),
            end=None if last is None else worktime.midnight(last + timedelta(days=1), zone),
            project_id=project_id,
            actor=None if everybody else self._actor,
            limit=limit,
        )

    def times(self) -> dict[int, ClientTime]:
        """What was worked for each client, by whoever asks."""
        zone, now = self.zone(), self._db.clock()
        today = zones.local(now, zone).date()
        week, month = worktime.week_of(today), today.replace(day=1)
        days = self._days(min(week, month), today, zone, self._actor)
        found: dict[int, ClientTime] = {}
        for (day, project), spent in days.items():
            sums = found.get(project, ClientTime(project, 0, 0, 0))
            found[project] = ClientTime(
                project,
                sums.today + (spent if day == today else 0),
                sums.week + (spent if day >= week else 0),
                sums.month + (spent if day >= month else 0),
            )
        return found

    def _days(self, first: date, last: date, zone: str, actor: str | None) -> dict[tuple[date, int], Instant]:
        start, end = worktime.midnight(first, zone), worktime.midnight(last + timedelta(days=1), zone)
        rows = reads.entries(self._db, start=start, end=end, actor=actor)
        return worktime.by_day(_cut(rows, start, end, self._db.clock()), zone)

    # -- load

    def outlook(self, weeks: int = WEEKS) -> Outlook:
        """The coming weeks, this one first, and whether there is room for another client."""
        zone, now = self.zone(), self._db.clock()
        monday = worktime.week_of(zones.local(now, zone).date())
        edges = [worktime.midnight(monday + timedelta(weeks=number), zone) for number in range(weeks + 1)]
        began = worktime.midnight(monday - timedelta(weeks=workload.PAST_WEEKS), zone)
        spent: dict[int, dict[str, Instant]] = {}
        for span in _cut(reads.entries(self._db, start=began, end=edges[0]), began, edges[0], now):
            kinds = spent.setdefault(span.project_id, {})
            kinds[span.kind] = kinds.get(span.kind, 0) + span.length
        posts, messages = (
            reads.posts_between(self._db, began, edges[0]),
            reads.messages_between(self._db, began, edges[0]),
        )
        ahead = [reads.posts_between(self._db, *pair) for pair in pairwise(edges)]
        clients = []
        for row in project_reads.all_projects(self._db):
            received, settled = messages.get(row.id, (0, 0))
            past = Past(spent.get(row.id, {}), posts.get(row.id, 0), settled, received)
            counts = [
                max(week.get(row.id, 0), self._usual(row.id, monday + timedelta(weeks=number)))
                for number, week in enumerate(ahead)
            ]
            clients.append(workload.load_of(row.id, past, counts))
        return workload.outlook(self.settings().capacity, clients, weeks)

    def _usual(self, project_id: int, monday: date) -> int:
        """How many places the scheme of a client has in a week: what is not planned yet will be."""
        span = (monday, monday + timedelta(days=6))
        special = scheme_reads.special_days(self._db, project_id)
        before = datetime.min
        return len(places.open_places(scheme_reads.slots(self._db, project_id), special, (), span, before))

    # -- pay

    def agreements(self, project_id: int | None = None) -> list[Agreement]:
        """What was agreed."""
        return reads.agreements(self._db, project_id)

    def tasks(
        self, *, project_id: int | None = None, first: date | None = None, last: date | None = None
    ) -> list[TaskRow]:
        """Tasks between two days."""
        return reads.tasks(
            self._db,
            project_id=project_id,
            first=None if first is None else first.isoformat(),
            last=None if last is None else last.isoformat(),
        )

    def earnings(self, first: date, project_id: int | None = None) -> list[Earned]:
        """What clients owe for the month that begins on `first`, client by client and currency by currency. Days are
        those of the client's zone. A client without an agreement is left out."""
        settings = self.settings()
        found: list[Earned] = []
        for row in project_reads.all_projects(self._db, archived=True):
            agreed = reads.agreements(self._db, row.id) if project_id in (None, row.id) else []
            if not agreed:
                continue
            done = self.done(row.id, row.timezone, first)
            lines = [line for agreement in agreed for line in pay.lines(agreement, first, done)]
            # While the month runs, an hour is worth what was earned until today: a whole month's fee for the hours of
            # its first days would flatter.
            today = zones.local(self._db.clock(), row.timezone).date()
            so_far = pay.totals(
                line for agreement in agreed for line in pay.lines(agreement.until(today), first, done)
            )
            worked = sum(done.worked.values())
            for currency, total in sorted(pay.totals(lines).items()):
                rate = pay.per_hour(so_far.get(currency, Decimal(0)), worked, currency)
                margin = rate - settings.cost if rate is not None and settings.cost is not None else None
                found.append(
                    Earned(
                        row.id,
                        row.name,
                        currency,
                        tuple(line for line in lines if line.currency == currency),
                        total,
                        worked,
                        rate,
                        margin if settings.currency == currency else None,
                    )
                )
        return found

    def done(self, project_id: int, zone: str, first: date) -> Done:
        """What was done for a client in a month, by everybody."""
        last = last_of(first)
        start, end = worktime.midnight(first, zone), worktime.midnight(last + timedelta(days=1), zone)
        rows = reads.entries(self._db, start=start, end=end, project_id=project_id)
        worked: dict[tuple[date, str], Instant] = {}
        for actor in {row.actor for row in rows}:
            own = _cut((row for row in rows if row.actor == actor), start, end, self._db.clock())
            for (day, _project), spent in worktime.by_day(own, zone).items():
                worked[day, actor] = spent
        posts = reads.paid_posts(self._db, project_id, start, end)
        tasks = reads.tasks(self._db, project_id=project_id, first=first.isoformat(), last=last.isoformat())
        return Done(
            worked,
            [(zones.local(post.live_at, zone).date(), post.complexity) for post in posts],
            [(date.fromisoformat(task.day), task.name) for task in tasks],
            self._reached(project_id),
        )

    def _reached(self, project_id: int) -> list[tuple[date, int, str]]:
        """The goals that agreements pay for, as far as they are reached, with their first such day."""
        wanted = {bonus.goal_id for row in reads.agreements(self._db, project_id) for bonus in row.bonuses}
        if not wanted:
            return []
        client = ClientQueries(self._db)
        named = {goal.row.id: goal.row for goal in client.goals(project_id) if goal.row.id in wanted}
        return [
            (day, number, f"{row.target} {_(METRICS[row.metric])}")
            for number, row in named.items()
            if (day := client.reached_on(number)) is not None
        ]


def _cut(rows: Iterable[EntryRow], start: Instant, end: Instant, now: Instant) -> list[Span]:
    """What of entries lies between two instants; a running timer counts until now."""
    spans = (
        Span(
            max(row.started_at, start),
            min(now if row.ended_at is None else row.ended_at, end),
            row.project_id,
            row.what,
        )
        for row in rows
    )
    return [span for span in spans if span.length > 0]


def what(row: EntryRow) -> str:
    """What an entry says was done."""
    return _(KINDS[Kind(row.what)]) if row.source == reads.ACTIONS else row.what


def by_project(earned: Iterable[Earned]) -> Mapping[int, list[Earned]]:
    """Earnings of each client."""
    found: dict[int, list[Earned]] = {}
    for item in earned:
        found.setdefault(item.project_id, []).append(item)
    return found
