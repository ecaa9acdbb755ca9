"""Whether it works: growth, reach, what engages, best hours, how fast people are answered, what selling costs.

Every answer says up to when it is known, and says "not enough data" rather than guess. Light to import.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads import readings as reads
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain import selling_cost, zones
from smm_tui.domain.clock import DAY, SECOND, Instant
from smm_tui.domain.content_types import ContentTypes
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.estimates import Estimate, of_sums
from smm_tui.domain.selling_cost import Finding
from smm_tui.i18n import _
from smm_tui.services.inbox_figures import Figures, InboxFigures
from smm_tui.services.scheme_queries import SchemeQueries

SELLING = "selling"
"""The kind of post whose cost is asked about."""
TASTE = 366
"""Days of a history that are asked what selling costs: older ones tell of other followers."""
POINTS = 60
"""So many stretches of time at most make a curve: a terminal shows no more."""
RANGES = ("30d", "90d", "1y", "3y")
GROUPED = tuple(reads.BY)
_EPOCH = date(1970, 1, 1).toordinal()
_LENGTH = re.compile(r"([1-9]\d{0,3})\s*([dwmy])", re.ASCII)
_UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}


class Span(NamedTuple):
    """Days counted from 1970-01-01, both included; each project counts them in its own zone."""

    first: int
    last: int

    @property
    def days(self) -> int:
        """How many."""
        return self.last - self.first + 1

    @property
    def size(self) -> int:
        """Days that make one point of a curve."""
        return max(1, math.ceil(self.days / POINTS))

    @property
    def start(self) -> Instant:
        """When the first day begins somewhere on earth."""
        return (self.first * DAY) - DAY // 2


class Point(NamedTuple):
    """A stretch of days and its figure; None: nothing was told of it."""

    first: date
    last: date
    value: int | None


class Curve(NamedTuple):
    """A figure over time. `as_of`: when the newest of it was true; None: nothing is known."""

    metric: str
    points: tuple[Point, ...]
    as_of: Instant | None

    @property
    def known(self) -> bool:
        """Whether there is anything to draw."""
        return any(point.value is not None for point in self.points)

    @property
    def total(self) -> int | None:
        """What the stretches add up to; None when nothing was told. Not for running totals."""
        values = [point.value for point in self.points if point.value is not None]
        return sum(values) if values else None


class AccountGrowth(NamedTuple):
    """Followers of one account: at the beginning (or when it was read first), at the end, and the difference."""

    account_id: int
    project: str
    network: str
    handle: str
    first: int | None
    last: int | None
    change: int | None
    since: date | None  # of `first`
    as_of: Instant | None
    missing: Mapping[str, str]  # metric -> why the network does not tell it
    trouble: str  # why its figures could not be read last


class Silence(NamedTuple):
    """What a page's network has not told: `metrics` that never came, reasons where it gave any, and what went wrong
    when the figures were read last."""

    account_id: int
    project: str
    network: str
    handle: str
    metrics: tuple[str, ...]
    missing: Mapping[str, str]
    trouble: str


class Growth(NamedTuple):
    """Followers over time. The curve is the sum over all accounts; one that came later begins when it came."""

    followers: Curve
    gained: Curve  # where networks tell who came and who left
    lost: Curve
    last: int | None
    change: int | None  # of the accounts' own changes, so that one that was added is no growth
    accounts: tuple[AccountGrowth, ...]


class Group(NamedTuple):
    """Posts that have something in common. `engagement` is their mean; `usual` how it compares with what is usual on
    their accounts (1.0), with the interval that holds the true ratio; `rate` engagement for each person reached."""

    key: str
    title: str
    posts: int
    engagement: float
    usual: Estimate
    rate: float | None
    reached: int | None
    clicks: int | None
    as_of: Instant

    @property
    def verdict(self) -> str:
        """``better``, ``worse``, ``as_usual`` or ``not_enough``."""
        if self.usual.low is None or self.usual.high is None:
            return "not_enough"
        return "better" if self.usual.low > 1 else "worse" if self.usual.high < 1 else "as_usual"


class Engagement(NamedTuple):
    """Posts by what they have in common; posts younger than a day are left out."""

    by: str
    groups: tuple[Group, ...]
    posts: int
    as_of: Instant | None


class Mix(NamedTuple):
    """What selling costs one client in followers, and what each type brings."""

    project_id: int
    project: str
    finding: Finding
    types: Engagement
    shares: Mapping[str, int]  # type -> percent of the posts
    as_of: Instant | None


class InsightQueries:
    """Questions about figures. `project_id` None: all projects that are not archived."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def span(self, text: str = "90d", until: str = "", *, zone: str = "UTC") -> Span:
        """The days that ``90d``, ``12w``, ``1y`` or a date as ``2026-09-01`` mean, up to `until`, today unless told.

        InvalidInput (field ``range``) for anything else.
        """
        last = _day_of(self._db.clock(), zone)
        if until.strip():
            last = _day(until)
        found = _LENGTH.fullmatch(text.strip().casefold())
        first = _day(text) if found is None else last - int(found[1]) * _UNITS[found[2]] + 1
        if first > last:
            raise InvalidInput(_("That range ends before it begins."), _("Turn the two dates round."), field="range")
        return Span(max(first, 0), last)

    # Followers and reach

    def growth(self, project_id: int | None, span: Span, *, account_id: int | None = None) -> Growth:
        """Followers, and who came and left; `account_id`: of this account alone."""
        accounts = [row for row in self._accounts(project_id) if account_id in (None, row.id)]
        ids = [row.id for row in accounts]
        before = reads.before(self._db, ids, "followers", span.first)
        found = reads.last_in_buckets(self._db, ids, "followers", span.first, span.last, span.size)
        series: dict[int, dict[int, reads.BucketRow]] = defaultdict(dict)
        for row in found:
            series[row.account_id][row.bucket] = row
        sums: list[int | None] = []
        now = {account: row.value for account, row in before.items()}
        newest = max((row.bucket for row in found), default=-1)
        for bucket in range(_buckets(span)):
            now |= {account: rows[bucket].value for account, rows in series.items() if bucket in rows}
            sums.append(sum(now.values()) if now and bucket <= newest else None)
        as_of = max((row.at for row in found), default=None)
        each = tuple(self._grown(row, before.get(row.id), series[row.id], span) for row in accounts)
        told = self._told(ids)
        each = tuple(row._replace(missing=told[row.account_id][0], trouble=told[row.account_id][1]) for row in each)
        changes = [row.change for row in each if row.change is not None]
        lasts = [row.last for row in each if row.last is not None]
        return Growth(
            Curve("followers", _points(span, sums), as_of),
            self._curve(ids, "followed", span),
            self._curve(ids, "unfollowed", span),
            sum(lasts) if lasts else None,
            sum(changes) if changes else None,
            each,
        )

    def reach(self, project_id: int | None, span: Span, metric: str = "reach") -> Curve:
        """A figure that networks tell day by day, added up over accounts: ``reach``, ``views``, ``likes`` ..."""
        return self._curve([row.id for row in self._accounts(project_id)], metric, span)

    def silences(self, project_id: int | None, metrics: Sequence[str]) -> list[Silence]:
        """Which of these figures no reading of an account's page ever brought, and why."""
        accounts = self._accounts(project_id)
        told = self._told([row.id for row in accounts])
        return [
            Silence(
                row.id,
                row.project,
                row.network,
                row.handle,
                tuple(metric for metric in metrics if not reads.told(self._db, row.id, metric)),
                *told[row.id],
            )
            for row in accounts
        ]

    # Posts

    def engagement(self, project_id: int | None, span: Span, by: str = "type") -> Engagement:
        """Posts by one of ``type``, ``hour``, ``weekday``, ``segment``, ``network``, ``account``.

        The ratio of a group is the mean of ``ln(1 + engagement)`` less that of its account over the span, as a
        factor, with Student's interval, widened for the number of groups (:mod:`smm_tui.domain.estimates`).
        """
        if by not in GROUPED:
            raise InvalidInput(
                _("Posts cannot be grouped by “{word}”.").format(word=by),
                _("Use one of: {names}.").format(names=", ".join(GROUPED)),
                field="by",
            )
        accounts = self._accounts(project_id)
        start, end = span.start, (span.last + 1) * DAY + DAY // 2
        rows = reads.groups(self._db, [row.id for row in accounts], by, start, end)
        titles = self._titles(by, project_id, accounts)
        among = sum(row.posts >= 2 for row in rows)
        groups = tuple(_group(row, titles.get(str(row.key), str(row.key)), among) for row in rows)
        return Engagement(
            by, groups, sum(group.posts for group in groups), max((group.as_of for group in groups), default=None)
        )

    def best_hours(self, project_id: int | None, span: Span) -> tuple[Group, ...]:
        """Hours whose posts did better than usual beyond doubt, the surest first; empty: there is no such hour."""
        return best_of(self.engagement(project_id, span, "hour"))

    def readings(
        self, account_id: int, *, delivery_id: int | None = None, metric: str = "", limit: int = 100
    ) -> list[reads.ReadingRow]:
        """What was told of a page or of one of its posts, as it was told; the latest `limit`, in order of time."""
        return reads.readings(self._db, account_id, delivery_id=delivery_id, metric=metric, limit=limit)

    # People and types

    def response(self, project_id: int | None, span: Span) -> list[Figures]:
        """How fast people were answered; each project once, and once for each kind of message."""
        return InboxFigures(self._db).between(span.start, (span.last + 1) * DAY + DAY // 2, project_id)

    def mix(self, project_id: int | None, span: Span) -> list[Mix]:
        """What selling costs in followers, client by client, and what each type of post brings there."""
        projects = [row for row in project_reads.all_projects(self._db) if project_id is None or row.id == project_id]
        return [self._mix(project, span) for project in projects]

    def _mix(self, project: ProjectRow, span: Span) -> Mix:
        span = span._replace(first=max(span.first, span.last - TASTE + 1))
        ids = [row.id for row in self._accounts(project.id)]
        start, end = span.start, (span.last + 1) * DAY + DAY // 2
        days, as_of = self._days(ids, span)
        posts: dict[int, list[bool]] = defaultdict(list)
        today = _day_of(self._db.clock(), project.timezone)
        day_of = day_counter(project.timezone)
        for at, selling in reads.posts_by_day(self._db, ids, SELLING, start, end):
            posts[day_of(at)].append(selling)
        history = [
            selling_cost.Day(day, len(posts[day]), sum(posts[day]), followers, lost)
            for day, (followers, lost) in sorted(days.items())
            if day in posts and day < today  # which is not over yet
        ]
        types = self.engagement(project.id, span, "type")
        return Mix(
            project.id, project.name, selling_cost.examine(history), types, _shares(self._db, ids, start, end), as_of
        )

    def _days(self, ids: Sequence[int], span: Span) -> tuple[dict[int, tuple[int, int]], Instant | None]:
        """Day by day, followers at its beginning and lost on it, over the accounts of which both are known.

        Where a network does not tell who left, it is what the followers of one day are fewer than those of the day
        before: of as many who come as go nothing is seen.
        """
        values: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
        as_of = None
        for row in reads.days(self._db, ids, ("followers", "unfollowed"), span.first - 1, span.last):
            values[row.account_id, row.metric][row.day] = row.value
            as_of = max(as_of or 0, row.at)
        found: dict[int, tuple[int, int]] = {}
        for account in ids:
            followers, left = values[account, "followers"], values[account, "unfollowed"]
            totals = sorted(followers)
            for day in range(span.first, span.last + 1):
                place = bisect_left(totals, day)
                there = followers[totals[max(place - 1, 0)]] if totals else None  # the last known before it
                if left:
                    lost = left.get(day)
                elif day in followers and day - 1 in followers:
                    lost = followers[day - 1] - followers[day]
                else:
                    lost = None
                if there is None or lost is None:
                    continue
                all_there, all_lost = found.get(day, (0, 0))
                found[day] = (all_there + there, all_lost + max(lost, 0))
        return found, as_of

    # Parts

    def _accounts(self, project_id: int | None) -> list[AccountRow]:
        return account_reads.of_project(self._db, project_id)

    def _curve(self, ids: Sequence[int], metric: str, span: Span) -> Curve:
        rows = reads.sums_in_buckets(self._db, ids, metric, span.first, span.last, span.size)
        values = {row.bucket: row.value for row in rows}
        points = _points(span, [values.get(bucket) for bucket in range(_buckets(span))])
        return Curve(metric, points, max((row.at for row in rows), default=None))

    def _grown(
        self, account: AccountRow, before: reads.DayRow | None, rows: Mapping[int, reads.BucketRow], span: Span
    ) -> AccountGrowth:
        ordered = [rows[bucket] for bucket in sorted(rows)]
        first = before.value if before is not None else ordered[0].value if ordered else None
        since = before.day if before is not None else ordered[0].day if ordered else None
        last = ordered[-1].value if ordered else first
        return AccountGrowth(
            account.id,
            account.project,
            account.network,
            account.handle,
            first,
            last,
            None if first is None or last is None or not ordered else last - first,
            None if since is None else date.fromordinal(max(since, span.first) + _EPOCH),
            ordered[-1].at if ordered else before.at if before is not None else None,
            {},
            "",
        )

    def _told(self, ids: Sequence[int]) -> dict[int, tuple[dict[str, str], str]]:
        found: dict[int, tuple[dict[str, str], str]] = dict.fromkeys(ids, ({}, ""))
        for row in reads.turns(self._db, ids):
            found[row.account_id] = (json.loads(row.missing), row.error_message)
        return found

    def _titles(self, by: str, project_id: int | None, accounts: Iterable[AccountRow]) -> dict[str, str]:
        if by == "type":
            types: ContentTypes = SchemeQueries(self._db).content_types(project_id or 0)
            return {name: types[name].shown for name in types}
        if by == "weekday":
            names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
            return {str(number): name for number, name in enumerate(names)}
        if by == "hour":
            return {f"{hour:02d}": f"{hour:02d}:00" for hour in range(24)}
        if by == "account":
            return {str(row.id): row.handle for row in accounts}
        if by == "segment":
            return {"": _("no segment")}
        return {}


def best_of(found: Engagement) -> tuple[Group, ...]:
    """The groups that did better than usual beyond doubt, the surest first."""
    better = [group for group in found.groups if group.verdict == "better"]
    return tuple(sorted(better, key=lambda group: -(group.usual.low or 0)))


def date_of(day: int) -> date:
    """The date of a day counted from 1970-01-01."""
    return date.fromordinal(day + _EPOCH)


def _group(row: reads.GroupRow, title: str, among: int) -> Group:
    estimate = of_sums(row.posts, row.total, row.squares, among=among)
    ratio = Estimate(estimate.n, *(None if value is None else math.exp(value) for value in estimate[1:]))
    return Group(
        str(row.key),
        title,
        row.posts,
        row.engagement,
        ratio,
        row.engaged / row.reached if row.reached else None,
        row.reached if row.told else None,
        row.clicks,
        row.at,
    )


def _shares(db: Database, ids: Sequence[int], start: Instant, end: Instant) -> dict[str, int]:
    counts = reads.types_of_posts(db, ids, start, end)
    total = sum(counts.values())
    return {kind: round(100 * count / total) for kind, count in counts.items()}


def _buckets(span: Span) -> int:
    return math.ceil(span.days / span.size)


def _points(span: Span, values: Sequence[int | None]) -> tuple[Point, ...]:
    def at(day: int) -> date:
        return date.fromordinal(min(day, span.last) + _EPOCH)

    return tuple(
        Point(at(span.first + number * span.size), at(span.first + (number + 1) * span.size - 1), value)
        for number, value in enumerate(values)
    )


def _day_of(at: Instant, zone: str) -> int:
    return zones.local(at, zone).date().toordinal() - _EPOCH


def day_counter(zone: str) -> Callable[[Instant], int]:
    """As `_day_of`, for many instants: the zone is asked twice for each day, and again where its clocks change."""
    offsets: dict[int, int | None] = {}

    def offset(at: Instant) -> int:
        return round((zones.local(at, zone).utcoffset() or timedelta()).total_seconds()) * SECOND

    def day_of(at: Instant) -> int:
        utc_day = at // DAY
        if utc_day not in offsets:
            begin, end = offset(utc_day * DAY), offset((utc_day + 1) * DAY)
            offsets[utc_day] = begin if begin == end else None
        known = offsets[utc_day]
        return (at + (offset(at) if known is None else known)) // DAY

    return day_of


def _day(text: str) -> int:
    try:
        return date.fromisoformat(text.strip()).toordinal() - _EPOCH
    except ValueError:
        raise InvalidInput(
            _("“{word}” is no range of days.").format(word=text),
            _("Write 30d, 12w, 6m or 1y, or a date as 2026-09-01."),
            field="range",
        ) from None
