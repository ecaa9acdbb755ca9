"""Everything a client should know of a month, from what the workspace knows."""

from __future__ import annotations

import gettext
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from smm_tui import formats
from smm_tui.db.database import Database
from smm_tui.db.reads import campaigns as campaign_reads
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain import money, rhythm, zones
from smm_tui.domain.clock import HOUR, MINUTE, Instant, iso
from smm_tui.domain.goals import Course
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.months import following, last_of
from smm_tui.domain.promise import Fact
from smm_tui.domain.states import State
from smm_tui.i18n import N_, catalogue_of
from smm_tui.services.ads_queries import CAMPAIGN, AdsQueries
from smm_tui.services.client_queries import METRICS, ClientQueries
from smm_tui.services.insight_queries import Curve, InsightQueries, Span
from smm_tui.services.plan_fact import FactQueries
from smm_tui.services.plan_queries import MonthPost, PlanMonth, PlanQueries
from smm_tui.services.report.value import Chart, Report, Section, Table

AHEAD = 10
"""So many of the next month's posts are listed."""
HEAD = 70
"""Characters of a post that are enough to know it by."""
_EPOCH = date(1970, 1, 1).toordinal()

FACTS = {
    Fact.WAITING: N_("to come"),
    Fact.KEPT: N_("as promised"),
    Fact.LATE: N_("late"),
    Fact.MISSING: N_("did not go out"),
    Fact.EDITED: N_("changed on the network"),
    Fact.MEDIA: N_("with other pictures"),
    Fact.DELETED: N_("deleted on the network"),
}
COURSES = {
    Course.UNKNOWN: N_("not known yet"),
    Course.REACHED: N_("reached"),
    Course.ON_COURSE: N_("on course"),
    Course.BEHIND: N_("behind"),
    Course.MISSED: N_("missed"),
    Course.AHEAD: N_("still to begin"),
}
FIGURES = {"reach": N_("Reach"), "views": N_("Views")}


class Sources(NamedTuple):
    """Whom the report asks."""

    plan: PlanQueries
    facts: FactQueries
    insight: InsightQueries
    ads: AdsQueries
    client: ClientQueries


def gather(db: Database, sources: Sources, project: ProjectRow, first: date) -> Report:
    """The report of the month that begins on `first`; of one that runs, as far as it has come."""
    return _Gatherer(db, sources, project, first).report()


class _Gatherer:
    def __init__(self, db: Database, sources: Sources, project: ProjectRow, first: date) -> None:
        self._db = db
        self._sources = sources
        self._project = project
        self._first = first
        self._now = db.clock()
        self._language = project.language or "en"
        self._catalogue: gettext.NullTranslations = catalogue_of(self._language)
        self._start, self._end = zones.month_bounds(first.year, first.month, project.timezone)
        today = zones.local(self._now, project.timezone).date()
        self._last = min(last_of(first), today)

    def report(self) -> Report:
        _ = self._catalogue.gettext
        title = _("{client}: {month}").format(
            client=self._project.client or self._project.name, month=formats.month(self._first, _)
        )
        return Report(
            self._project.id,
            title,
            self._project.name,
            self._language,
            self._project.timezone,
            self._first,
            self._now,
            (
                self._goals(),
                self._plan(),
                self._posts(),
                self._growth(),
                self._conversations(),
                self._ads(),
                self._next(),
            ),
        )

    @property
    def _span(self) -> Span:
        """The days of the month that have come; its first alone where none has."""
        last = max(self._last, self._first)
        return Span(self._first.toordinal() - _EPOCH, last.toordinal() - _EPOCH)

    def _number(self, value: float | None) -> str:
        return "–" if value is None else formats.number(value, self._language, places=0)

    def _day(self, instant: Instant) -> str:
        return formats.long_day(zones.local(instant, self._project.timezone).date(), self._language)

    # -- sections

    def _goals(self) -> Section:
        _ = self._catalogue.gettext
        goals = self._sources.client.goals(self._project.id)
        rows, data = [], []
        for goal in goals:
            row, now = goal.row, goal.progress
            rows.append(
                (
                    _(METRICS[row.metric]),
                    self._number(now.start),
                    self._number(now.value),
                    self._number(row.target),
                    formats.long_day(date.fromisoformat(row.by_day), self._language),
                    _(COURSES[now.course]),
                )
            )
            data.append(
                {
                    "goal": row.id,
                    "metric": row.metric,
                    "start": now.start,
                    "value": now.value,
                    "target": row.target,
                    "by": row.by_day,
                    "course": str(now.course),
                    "as_of": iso(now.as_of),
                }
            )
        header = (_("goal"), _("began at"), _("now"), _("shall be"), _("by"), _("it is"))
        said = [self._project.goal] if self._project.goal else []
        if not goals:
            said.append(_("No figure was agreed as a goal."))
        as_of = max((goal.progress.as_of for goal in goals if goal.progress.as_of is not None), default=None)
        tables = [Table(header, tuple(rows), frozenset((1, 2, 3)))] if rows else []
        return Section("goals", _("Goals"), said, tables, as_of=as_of, data={"goals": data})

    def _plan(self) -> Section:
        _, ngettext = self._catalogue.gettext, self._catalogue.ngettext
        found = self._sources.facts.month(self._project.id, self._first.year, self._first.month)
        counts = Counter(item.fact for item in found.deliveries)
        due, kept = found.promise
        if found.promise.percent is None:
            said = [_("Nothing was due in this month.")]
        else:
            said = [
                ngettext(
                    "{kept} of {count} post on its account went out as promised: {percent} %.",
                    "{kept} of {count} posts on their accounts went out as promised: {percent} %.",
                    due,
                ).format(kept=kept, count=due, percent=found.promise.percent)
            ]
        rows = [
            (
                self._day(item.row.due_at),
                item.row.network,
                clip(inert(item.row.head), HEAD),
                _(FACTS[item.fact]),
            )
            for item in found.broken
        ]
        tables = [Table((_("day"), _("network"), _("post"), _("it was")), tuple(rows))] if rows else []
        looks = [item.row.looked_at for item in found.deliveries if item.row.looked_at is not None]
        return Section(
            "plan",
            _("Plan and fact"),
            said,
            tables,
            as_of=max(looks, default=self._now if due else None),
            data={
                "due": due,
                "kept": kept,
                "percent": found.promise.percent,
                "facts": {str(fact): count for fact, count in sorted(counts.items())},
            },
        )

    def _posts(self) -> Section:
        _, ngettext = self._catalogue.gettext, self._catalogue.ngettext
        plan = self._sources.plan.month(self._project.id, self._first.year, self._first.month)
        live = [post for post in plan.posts if post.row.state == State.LIVE]
        mixed = rhythm.mix([post.row for post in live])
        engaged = self._sources.insight.engagement(self._project.id, self._span, "type")
        brought = {group.key: group for group in engaged.groups}
        rows, data = [], []
        for share in mixed:
            group = brought.get(share.content_type)
            kind = plan.types.get(share.content_type)
            title = _(kind.title) if kind is not None and kind.title else share.content_type
            rows.append(
                (
                    title,
                    self._number(share.posts),
                    f"{share.percent} %",
                    "–" if group is None else formats.number(group.engagement, self._language, places=1),
                    self._number(group.reached if group else None),
                )
            )
            data.append(
                {
                    "type": share.content_type,
                    "posts": share.posts,
                    "percent": share.percent,
                    "engagement": None if group is None else group.engagement,
                    "reached": None if group is None else group.reached,
                }
            )
        said = [
            ngettext("{count} post went out.", "{count} posts went out.", len(live)).format(count=len(live))
            if live
            else _("Nothing went out.")
        ]
        tables = []
        if rows:
            header = (_("kind"), _("posts"), _("share"), _("answers a post"), _("reach"))
            tables.append(Table(header, tuple(rows), frozenset((1, 2, 3, 4))))
            tables.append(self._listed(plan, live))
        charts = [
            Chart(_("Posts by kind"), tuple(row[0] for row in rows), tuple(float(s.posts) for s in mixed), bars=True)
        ]
        return Section(
            "posts",
            _("What went out"),
            said,
            tables,
            charts if rows else (),
            engaged.as_of,
            {"live": len(live), "types": data},
        )

    def _listed(self, plan: PlanMonth, posts: Sequence[MonthPost]) -> Table:
        _ = self._catalogue.gettext
        urls: dict[int, list[str]] = {}
        for fact in self._sources.facts.rows(self._project.id, plan.year, plan.month):
            if fact.remote_url:
                urls.setdefault(fact.post_id, []).append(fact.remote_url)
        rows = []
        for post in posts:
            kind = plan.types.get(post.row.content_type)
            rows.append(
                (
                    formats.long_day(post.wall.date(), self._language),
                    _(kind.title) if kind is not None and kind.title else post.row.content_type,
                    clip(inert(post.row.text), HEAD),
                    " ".join(urls.get(post.row.id, ())),
                )
            )
        return Table((_("day"), _("kind"), _("post"), _("address")), tuple(rows))

    def _growth(self) -> Section:
        _ = self._catalogue.gettext
        growth = self._sources.insight.growth(self._project.id, self._span)
        curves = {
            metric: self._sources.insight.reach(self._project.id, self._span, metric) for metric in ("reach", "views")
        }
        rows = [
            (
                account.handle,
                account.network,
                self._number(account.first),
                self._number(account.last),
                self._signed(account.change),
                self._day(account.as_of) if account.as_of is not None else "–",
            )
            for account in growth.accounts
        ]
        said = []
        if growth.last is None:
            said.append(_("No network told its followers yet."))
        elif growth.change is None:
            said.append(_("{count} followers.").format(count=self._number(growth.last)))
        else:
            said.append(
                _("{count} followers, {change} in this month.").format(
                    count=self._number(growth.last), change=self._signed(growth.change)
                )
            )
        for metric, curve in curves.items():
            if curve.total is not None:
                said.append(
                    _("{figure}: {count}.").format(figure=_(FIGURES[metric]), count=self._number(curve.total))
                )
        header = (_("account"), _("network"), _("at first"), _("at last"), _("change"), _("as of"))
        charts = [self._curve(_("Followers"), growth.followers)] if growth.followers.known else []
        charts += [self._curve(_(FIGURES[metric]), curve) for metric, curve in curves.items() if curve.known]
        known = [curve.as_of for curve in (growth.followers, *curves.values()) if curve.as_of is not None]
        return Section(
            "growth",
            _("People"),
            said,
            [Table(header, tuple(rows), frozenset((2, 3, 4)))] if rows else [],
            charts,
            max(known, default=None),
            {
                "followers": growth.last,
                "change": growth.change,
                "as_of": iso(growth.followers.as_of),
                **{metric: {"total": curve.total, "as_of": iso(curve.as_of)} for metric, curve in curves.items()},
            },
        )

    def _signed(self, value: int | None) -> str:
        return "–" if value is None else f"{'+' if value > 0 else ''}{self._number(value)}"

    def _curve(self, title: str, curve: Curve) -> Chart:
        labels = tuple(f"{point.first:%m-%d}" for point in curve.points)
        return Chart(title, labels, tuple(point.value for point in curve.points))

    def _conversations(self) -> Section:
        _, ngettext = self._catalogue.gettext, self._catalogue.ngettext
        found = self._sources.insight.response(self._project.id, self._span)
        whole = next((each for each in found if not each.kind), None)
        if whole is None or not whole.received:
            return Section(
                "conversations",
                _("Conversations"),
                [_("Nobody wrote.")],
                as_of=self._now,
                data={"received": 0, "answered": 0},
            )
        said = [
            ngettext("{count} message came.", "{count} messages came.", whole.received).format(count=whole.received),
            ngettext(
                "{count} was answered, {share} % in time.",
                "{count} were answered, {share} % in time.",
                whole.answered,
            ).format(count=whole.answered, share=100 * whole.in_time // whole.answered if whole.answered else 0),
        ]
        if whole.worked_median is not None:
            said.append(
                _("Half of the answers came within {time} of working hours.").format(
                    time=_length(whole.worked_median)
                )
            )
        if whole.backlog:
            said.append(
                ngettext("{count} still waits.", "{count} still wait.", whole.backlog).format(count=whole.backlog)
            )
        rows = tuple(
            (
                _(KINDS.get(each.kind, each.kind)),
                self._number(each.received),
                self._number(each.answered),
                "–" if each.worked_median is None else _length(each.worked_median),
                "–" if each.worked_p90 is None else _length(each.worked_p90),
            )
            for each in found
            if each.kind and each.received
        )
        header = (_("kind"), _("came"), _("answered"), _("half within"), _("nine of ten within"))
        return Section(
            "conversations",
            _("Conversations"),
            said,
            [Table(header, rows, frozenset((1, 2, 3, 4)))] if rows else [],
            as_of=self._now,
            data={
                "received": whole.received,
                "answered": whole.answered,
                "in_time": whole.in_time,
                "median_minutes": None if whole.worked_median is None else whole.worked_median // MINUTE,
                "p90_minutes": None if whole.worked_p90 is None else whole.worked_p90 // MINUTE,
                "waiting": whole.backlog,
            },
        )

    def _ads(self) -> Section:
        _ = self._catalogue.gettext
        queries = self._sources.ads
        days = f"{self._first:%Y-%m}-"
        rows, data, spent, synced = [], [], Counter[str](), []
        for number in queries.campaign_ids(self._project.id):
            line = queries.line(f"c{number}")
            of_month = [day for day in queries.days(CAMPAIGN, number, f"{days}01") if day.day.startswith(days)]
            if line is None or not of_month:
                continue
            currency = line.row.currency
            sums = {
                name: _sum(getattr(day.totals, name) for day in of_month)
                for name in ("impressions", "clicks", "results", "spent")
            }
            spent[currency] += sums["spent"] or 0
            results, cost = sums["results"], sums["spent"]
            each = money.shown(cost // results, currency) if results and cost is not None else "–"
            rows.append(
                (
                    inert(line.row.name),
                    self._number(sums["impressions"]),
                    self._number(sums["clicks"]),
                    self._number(results),
                    money.shown(cost, currency) or "–",
                    each,
                )
            )
            data.append({"campaign": number, "name": line.row.name, "currency": currency, **sums})
            campaign = campaign_reads.campaign(self._db, number)
            if campaign is not None and campaign.synced_at is not None:
                synced.append(campaign.synced_at)
        if not rows:
            return Section("ads", _("Advertising"), [_("No ads ran in this month.")], data={"campaigns": []})
        said = [
            _("Spent: {amount}.").format(amount=money.shown(amount, code)) for code, amount in sorted(spent.items())
        ]
        header = (_("campaign"), _("shown"), _("clicks"), _("results"), _("spent"), _("a result"))
        return Section(
            "ads",
            _("Advertising"),
            said,
            [Table(header, tuple(rows), frozenset((1, 2, 3, 4, 5)))],
            as_of=max(synced, default=None),
            data={"campaigns": data},
        )

    def _next(self) -> Section:
        _, ngettext = self._catalogue.gettext, self._catalogue.ngettext
        month = following(self._first)
        plan = self._sources.plan.month(self._project.id, month.year, month.month)
        count = len(plan.posts)
        name = formats.month(month, _)
        said = [
            ngettext("{month}: {count} post is planned.", "{month}: {count} posts are planned.", count).format(
                month=name, count=count
            )
            if count
            else _("{month}: nothing is planned yet.").format(month=name)
        ]
        rows = [
            (
                formats.long_day(post.wall.date(), self._language),
                _(kind.title)
                if (kind := plan.types.get(post.row.content_type)) and kind.title
                else post.row.content_type,
                clip(inert(post.row.text), HEAD),
            )
            for post in plan.posts[:AHEAD]
        ]
        if count > AHEAD:
            said.append(_("The first {count}:").format(count=AHEAD))
        tables = [Table((_("day"), _("kind"), _("post")), tuple(rows))] if rows else []
        return Section("next", _("What is next"), said, tables, as_of=self._now, data={"planned": count})


KINDS = {
    "comment": N_("comments"),
    "mention": N_("mentions"),
    "reply": N_("answers"),
    "message": N_("private messages"),
    "report": N_("reports"),
    "review": N_("reviews"),
}


def _length(milliseconds: Instant) -> str:
    return f"{milliseconds // HOUR}:{milliseconds % HOUR // MINUTE:02}"


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
