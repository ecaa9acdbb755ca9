"""What each section of Insight shows: a chart, a sentence and a list. Made in a reader lane, without a widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from smm_tui import formats
from smm_tui.bootstrap import Workspace
from smm_tui.domain import zones
from smm_tui.domain.clock import MINUTE, Instant
from smm_tui.domain.selling_cost import Verdict
from smm_tui.i18n import N_, _, ngettext
from smm_tui.networks.registry import spec
from smm_tui.services import insight_words
from smm_tui.services.insight_queries import Curve, Engagement, Group, Growth, Silence, Span, best_of
from smm_tui.widgets import line
from smm_tui.widgets.chart import ChartData, Kind, Series, compact
from smm_tui.widgets.styles import BAD, DIM, GOOD, PLAIN, WARN
from smm_tui.widgets.windowed_list import Cells, Column


class View(NamedTuple):
    """One section as it is shown. `rows`: key and cells, in order. `as_of`: when the newest figure was true."""

    section: str
    chart: ChartData | None
    said: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, Cells], ...]
    as_of: Instant | None


class Asked(NamedTuple):
    """What is to be shown: the client (None: all), the days, how posts are grouped, the one account chosen (0:
    none)."""

    client: int | None
    span: Span
    by: str
    account: int
    zone: str = "UTC"  # in which moments are shown


SECTIONS: Mapping[str, str] = {
    "growth": N_("growth"),
    "reach": N_("reach"),
    "engagement": N_("engagement"),
    "hours": N_("hours"),
    "mix": N_("selling"),
    "answers": N_("answers"),
}
"""The sections with their titles, in the order of the keys."""

BY: Mapping[str, str] = {
    "type": N_("type"),
    "weekday": N_("weekday"),
    "segment": N_("segment"),
    "network": N_("network"),
    "account": N_("account"),
}
"""What posts are grouped by in the section of engagement; hours have a section of their own."""


def view(workspace: Workspace, section: str, asked: Asked) -> View:
    """A section."""
    shown = _VIEWS[section](workspace, asked)
    if drawable(shown.chart):
        import textual_plotext  # noqa: F401 - the first chart needs it, and whoever draws shall not wait for it
    return shown


def _growth(workspace: Workspace, asked: Asked) -> View:
    queries = workspace.insight_queries
    found = queries.growth(asked.client, asked.span)
    shown, title = found, _("Followers")
    if asked.account:
        shown = queries.growth(asked.client, asked.span, account_id=asked.account)
        title = next((row.handle for row in found.accounts if row.account_id == asked.account), title)
    columns = (
        Column(_("client"), 8, weight=1, drop=3),
        Column(_("network"), 9, drop=2),
        Column(_("account"), 14, weight=3),
        Column(_("followers"), 9, right=True),
        Column(_("change"), 7, right=True),
        Column(_("as of"), 12),
        Column(_("what went wrong"), 15, weight=2, drop=1),
    )
    rows = tuple(
        (
            str(row.account_id),
            (
                row.project,
                spec(row.network).title,
                row.handle,
                _count(row.last),
                _change(row.change),
                _moment(row.as_of, asked.zone),
                line.Span(row.trouble, BAD),
            ),
        )
        for row in found.accounts
    )
    return View("growth", _followers(shown, title), _grown(found), columns, rows, found.followers.as_of)


def _followers(found: Growth, title: str) -> ChartData:
    return _chart(title, [(_("followers"), found.followers)])


def _grown(found: Growth) -> str:
    if found.last is None:
        return _("No network has told any followers of this time yet; the worker asks four times a day.")
    told = [_("{count} followers").format(count=formats.number(found.last))]
    if found.change is not None:
        told.append(_("{change} in this time").format(change=f"{found.change:+d}"))
    if found.gained.total is not None or found.lost.total is not None:
        told.append(
            _("{gained} came and {lost} left, where networks tell").format(
                gained=_count(found.gained.total), lost=_count(found.lost.total)
            )
        )
    return ", ".join(told) + "."


def _reach(workspace: Workspace, asked: Asked) -> View:
    queries = workspace.insight_queries
    reach, views = (queries.reach(asked.client, asked.span, metric) for metric in ("reach", "views"))
    silences = queries.silences(asked.client, ("reach", "views"))
    columns = (
        Column(_("client"), 8, weight=1, drop=2),
        Column(_("network"), 9),
        Column(_("account"), 14, weight=2),
        Column(_("what is not told"), 30, weight=6),
    )
    rows = tuple(
        (
            str(row.account_id),
            (
                row.project,
                spec(row.network).title,
                row.handle,
                line.Span(row.trouble, BAD) if row.trouble else line.Span(_missing(row), DIM),
            ),
        )
        for row in silences
    )
    said = _("No network here tells whom the pages reach, day by day.")
    if reach.known or views.known:
        said = _("{reach} people reached, {views} views, added up over days.").format(
            reach=_count(reach.total), views=_count(views.total)
        )
    curves = [(title, curve) for title, curve in ((_("people"), reach), (_("views"), views)) if curve.known]
    chart = _chart(_("Reach"), curves or [(_("people"), reach)])
    return View("reach", chart, said, columns, rows, max(filter(None, (reach.as_of, views.as_of)), default=None))


def _engagement(workspace: Workspace, asked: Asked) -> View:
    found = workspace.insight_queries.engagement(asked.client, asked.span, asked.by)
    better = [group.title for group in found.groups if group.verdict == "better"]
    worse = [group.title for group in found.groups if group.verdict == "worse"]
    told = []
    if better:
        told.append(_("Better than usual: {names}.").format(names=", ".join(better)))
    if worse:
        told.append(_("Worse than usual: {names}.").format(names=", ".join(worse)))
    said = " ".join(told) or _("Nothing differs from what is usual beyond doubt, or there is not enough data.")
    return _grouped("engagement", _("Engagement of a post"), found, said)


def _hours(workspace: Workspace, asked: Asked) -> View:
    found = workspace.insight_queries.engagement(asked.client, asked.span, "hour")
    best = best_of(found)
    said = _("No hour is better than the others beyond doubt, or there is not enough data.")
    if best:
        said = _("Best hours: {names}.").format(names=", ".join(group.title for group in best))
    return _grouped("hours", _("Engagement of a post by hour"), found, said)


def _grouped(section: str, title: str, found: Engagement, said: str) -> View:
    columns = (
        Column("", 12, weight=2),
        Column(_("posts"), 6, right=True),
        Column(_("a post"), 7, right=True),
        Column(_("against usual"), 26, weight=1),
        Column(_("rate"), 6, right=True, drop=2),
        Column(_("reached"), 8, right=True, drop=3),
        Column(_("clicks"), 7, right=True, drop=4),
    )
    rows = tuple((group.key or "-", _group_cells(group)) for group in found.groups)
    chart = None
    if found.groups:
        chart = ChartData(
            title,
            tuple(group.title for group in found.groups),
            (Series(_("engagement"), tuple(round(group.engagement, 1) for group in found.groups)),),
            kind=Kind.BAR,
        )
    else:
        said = _("No post of this time was read a day after it went out, or later.")
    return View(section, chart, said, columns, rows, found.as_of)


_STYLES = {"better": GOOD, "worse": BAD, "as_usual": PLAIN, "not_enough": DIM}


def _group_cells(group: Group) -> Cells:
    return (
        group.title,
        str(group.posts),
        compact(group.engagement),
        line.Span(insight_words.against_usual(group), _STYLES[group.verdict]),
        "" if group.rate is None else formats.percent(group.rate, places=1),
        _count(group.reached),
        _count(group.clicks),
    )


def _mix(workspace: Workspace, asked: Asked) -> View:
    found = workspace.insight_queries.mix(asked.client, asked.span)
    columns = (
        Column(_("client"), 10, weight=1),
        Column(_("sells"), 6, right=True),
        Column(_("what it costs"), 40, weight=8),
    )
    styles = {Verdict.COSTS: WARN, Verdict.NO_SIGN: GOOD, Verdict.NOT_ENOUGH: DIM}
    rows = tuple(
        (
            str(one.project_id),
            (
                one.project,
                f"{one.shares.get('selling', 0)}%" if one.shares else "",
                line.Span(insight_words.selling(one.finding), styles[one.finding.verdict]),
            ),
        )
        for one in found
    )
    chart = None
    types: dict[str, dict[str, int]] = {one.project: dict(one.shares) for one in found if one.shares}
    names = list(dict.fromkeys(name for shares in types.values() for name in shares))[:4]
    if types and len(found) == 1:
        shares = next(iter(types.values()))
        chart = ChartData(
            _("Posts by type"),
            tuple(_(name) for name in shares),
            (Series(_("posts"), tuple(map(float, shares.values()))),),
            "%",
            Kind.BAR,
        )
    elif types:
        chart = ChartData(
            _("Posts by type"),
            tuple(types),
            tuple(Series(_(name), tuple(float(shares.get(name, 0)) for shares in types.values())) for name in names),
            "%",
            Kind.BAR,
        )
    costs = [one.project for one in found if one.finding.verdict is Verdict.COSTS]
    said = _("Does selling cost followers? Days that sell are compared with days that do not.")
    if costs:
        said = _("Selling costs followers of: {names}.").format(names=", ".join(costs))
    elif len(found) == 1:
        said = insight_words.selling(found[0].finding)
    return View("mix", chart, said, columns, rows, max(filter(None, (one.as_of for one in found)), default=None))


def _answers(workspace: Workspace, asked: Asked) -> View:
    found = [row for row in workspace.insight_queries.response(asked.client, asked.span) if not row.kind]
    columns = (
        Column(_("client"), 10, weight=2),
        Column(_("received"), 8, right=True),
        Column(_("answered"), 8, right=True),
        Column(_("in time"), 7, right=True),
        Column(_("median"), 8, right=True),
        Column(_("90 %"), 8, right=True),
        Column(_("working hours"), 13, right=True, drop=1),
    )
    rows = tuple(
        (
            str(row.project_id),
            (
                row.project,
                str(row.received),
                str(row.answered),
                f"{round(100 * row.in_time / row.answered)}%" if row.answered else "",
                _span_words(row.median),
                _span_words(row.p90),
                _span_words(row.worked_median),
            ),
        )
        for row in found
    )
    answered = [row for row in found if row.median is not None]
    chart = None
    if answered:
        chart = ChartData(
            _("Until the first answer, in the median"),
            tuple(row.project for row in answered),
            (Series(_("minutes"), tuple(round((row.median or 0) / MINUTE, 1) for row in answered)),),
            _("minutes"),
            Kind.BAR,
        )
    count = sum(row.answered for row in found)
    received = sum(row.received for row in found)
    said = ngettext(
        "{answered} of {count} message was answered.", "{answered} of {count} messages were answered.", received
    ).format(answered=count, count=received)
    return View("answers", chart, said, columns, rows, workspace.clock() // MINUTE * MINUTE)


def _chart(title: str, curves: list[tuple[str, Curve]]) -> ChartData:
    points = curves[0][1].points
    return ChartData(
        title,
        tuple(formats.short_day(point.last) for point in points),
        tuple(Series(name, tuple(point.value for point in curve.points)) for name, curve in curves),
    )


def _missing(row: Silence) -> str:
    """What is not told of a page, and why."""
    told = [f"{_(metric)}: {row.missing[metric]}" for metric in row.metrics if metric in row.missing]
    silent = [_(metric) for metric in row.metrics if metric not in row.missing]
    if silent:
        network = spec(row.network).title
        told.append(_("{network} has not told: {names}").format(network=network, names=", ".join(silent)))
    return " ".join(told)


def _count(value: int | None) -> str:
    return "" if value is None else compact(value)


def _change(value: int | None) -> str | line.Span:
    if value is None:
        return ""
    return line.Span(f"{value:+d}", GOOD if value > 0 else BAD if value < 0 else PLAIN)


def _span_words(value: Instant | None) -> str:
    if value is None:
        return ""
    minutes = value // MINUTE
    return f"{minutes // 60}:{minutes % 60:02d}"


def _moment(value: Instant | None, zone: str) -> str:
    return _("never") if value is None else formats.short_moment(zones.local(value, zone))


def drawable(chart: ChartData | None) -> bool:
    """Whether a chart has anything to draw; else its room is better given to the list."""
    return chart is not None and any(value is not None for series in chart.series for value in series.values)


def days_of(span: Span, of: Callable[[int], date]) -> str:
    """The range in words."""
    return f"{formats.short_day(of(span.first))} - {formats.short_day(of(span.last))}"


_VIEWS: Mapping[str, Callable[[Workspace, Asked], View]] = {
    "growth": _growth,
    "reach": _reach,
    "engagement": _engagement,
    "hours": _hours,
    "mix": _mix,
    "answers": _answers,
}
