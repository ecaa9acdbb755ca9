"""``smm-tui insight``: whether it works, in figures with the moment they were true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from smm_tui.cli import layout
from smm_tui.cli.session import DONE, REFUSED, Session
from smm_tui.cli.verbs import NUMBER, Noun, pass_session
from smm_tui.domain.clock import MINUTE, Instant, iso
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _, ngettext
from smm_tui.networks.page import Metric
from smm_tui.services import insight_words
from smm_tui.services.insight_queries import GROUPED, date_of

if TYPE_CHECKING:
    from smm_tui.services.insight_queries import Curve, Engagement, Group, Mix, Span

PROJECT = click.option("--project", metavar="P", help=_("Only this project."))
RANGE = click.option(
    "--range", "length", default="90d", show_default=True, metavar="RANGE", help=_("30d, 12w, 1y, or the first day.")
)
UNTIL = click.option("--until", default="", metavar="DAY", help=_("The last day; default: today."))


@click.group(
    cls=Noun, help=_("Whether it works: growth, reach, engagement, best hours, answers, what selling costs.")
)
def insight() -> None:
    pass


@insight.command(help=_("Read the figures of pages and posts now. Exit status 1: some could not be read."))
@PROJECT
@click.option("--account", metavar="A", help=_("Only this account."))
@pass_session
def sync(session: Session, project: str | None, account: str | None) -> int:
    workspace = session.workspace
    where = workspace.project_queries.find(project).id if project else None
    rows = workspace.account_queries.of_project(where)
    if account is not None:
        rows = [workspace.account_queries.find(account, where)]
    report = workspace.worker().count_once(accounts=[row.id for row in rows])
    if report is None:
        session.show({"led": False}, [_("Another worker leads: it reads them when their time comes.")])
        return DONE
    message = ngettext("{count} figure read.", "{count} figures read.", report.figures).format(count=report.figures)
    if report.failed:
        message += " " + ngettext(
            "{count} page or post could not be read.", "{count} pages or posts could not be read.", report.failed
        ).format(count=report.failed)
    session.show({"led": True, "figures": report.figures, "failed": report.failed}, [message])
    return REFUSED if report.failed else DONE


@insight.command(help=_("Followers over time, and who came and left where networks tell."))
@PROJECT
@RANGE
@UNTIL
@pass_session
def growth(session: Session, project: str | None, length: str, until: str) -> None:
    where, span = _asked(session, project, length, until)
    found = session.workspace.insight_queries.growth(where, span)
    rows = [
        (
            row.project,
            row.handle,
            row.network,
            _number(row.first),
            _number(row.last),
            _signed(row.change),
            layout.moment(row.as_of),
            row.trouble,
        )
        for row in found.accounts
    ]
    header = (
        _("Project"), _("Account"), _("Network"), _("From"), _("To"), _("Change"), _("As of"), _("What went wrong"),
    )  # fmt: skip
    session.show(
        {
            **_span(span),
            "followers": found.last,
            "change": found.change,
            "as_of": iso(found.followers.as_of),
            "curve": _curve(found.followers),
            "gained": _curve(found.gained),
            "lost": _curve(found.lost),
            "accounts": [
                {
                    "account_id": row.account_id,
                    "account": row.handle,
                    "project": row.project,
                    "network": row.network,
                    "first": row.first,
                    "last": row.last,
                    "change": row.change,
                    "since": row.since.isoformat() if row.since else None,
                    "as_of": iso(row.as_of),
                    "missing": dict(row.missing),
                    "error": row.trouble or None,
                }
                for row in found.accounts
            ],
        },
        layout.table(header, rows, _("No accounts yet.")),
    )


@insight.command(help=_("What networks tell day by day: reach, views, likes ..."))
@PROJECT
@RANGE
@UNTIL
@click.option(
    "--metric", type=click.Choice([metric.value for metric in Metric]), default="reach", show_default=True,
    help=_("Which figure."),
)  # fmt: skip
@pass_session
def reach(session: Session, project: str | None, length: str, until: str, metric: str) -> None:
    where, span = _asked(session, project, length, until)
    found = session.workspace.insight_queries.reach(where, span, metric)
    session.show(
        {**_span(span), **_curve(found), "total": found.total},
        layout.table(
            (_("From"), _("To"), _("Figure")),
            [(point.first, point.last, point.value) for point in found.points if point.value is not None],
            _("No network told anything of it in this time."),
        ),
    )


@insight.command(help=_("What engages: posts by type, hour, weekday, segment, network or account."))
@PROJECT
@RANGE
@UNTIL
@click.option("--by", type=click.Choice(GROUPED), default="type", show_default=True, help=_("Grouped by this."))
@pass_session
def engagement(session: Session, project: str | None, length: str, until: str, by: str) -> None:
    where, span = _asked(session, project, length, until)
    found = session.workspace.insight_queries.engagement(where, span, by)
    session.show({**_span(span), **_engagement(found)}, _groups(found.groups))


@insight.command(help=_("Hours whose posts did better than usual beyond doubt, the surest first."))
@PROJECT
@RANGE
@UNTIL
@pass_session
def hours(session: Session, project: str | None, length: str, until: str) -> None:
    where, span = _asked(session, project, length, until)
    found = session.workspace.insight_queries.best_hours(where, span)
    lines = (
        list(_groups(found)) if found else [_("No hour is better than the others beyond doubt, or not enough data.")]
    )
    session.show({**_span(span), "best_hours": [_group(group) for group in found]}, lines)


@insight.command(help=_("How soon people were answered."))
@PROJECT
@RANGE
@UNTIL
@pass_session
def response(session: Session, project: str | None, length: str, until: str) -> None:
    where, span = _asked(session, project, length, until)
    found = [row for row in session.workspace.insight_queries.response(where, span) if not row.kind]
    session.show(
        {
            **_span(span),
            "projects": [
                {
                    "project": row.project,
                    "project_id": row.project_id,
                    "received": row.received,
                    "answered": row.answered,
                    "in_time": row.in_time,
                    "first_response_median_minutes": _minutes(row.median),
                    "first_response_p90_minutes": _minutes(row.p90),
                    "working_median_minutes": _minutes(row.worked_median),
                }
                for row in found
            ],
        },
        layout.table(
            (_("Project"), _("Received"), _("Answered"), _("In time"), _("Median min"), _("90% min")),
            [
                (row.project, row.received, row.answered, row.in_time, _minutes(row.median), _minutes(row.p90))
                for row in found
            ],
            _("No projects yet."),
        ),
    )


@insight.command(help=_("Does selling cost followers here? And what does each type of post bring?"))
@PROJECT
@RANGE
@UNTIL
@pass_session
def mix(session: Session, project: str | None, length: str, until: str) -> None:
    where, span = _asked(session, project, length, until)
    found = session.workspace.insight_queries.mix(where, span)
    lines = [f"{one.project}: {insight_words.selling(one.finding)}" for one in found]
    session.show({**_span(span), "projects": [_mix(one) for one in found]}, lines or [_("No projects yet.")])


@insight.command(help=_("What was told of a page, or of one of its posts: each figure with the moment it was true."))
@click.option("--account", metavar="A", required=True, help=_("The account."))
@click.option("--delivery", type=NUMBER, metavar="ID", help=_("This delivery, not the page."))
@click.option("--metric", default="", metavar="M", help=_("Only this figure."))
@click.option("--limit", type=NUMBER, default=100, show_default=True, help=_("So many of the latest."))
@pass_session
def readings(session: Session, account: str, delivery: int | None, metric: str, limit: int) -> None:
    known = [each.value for each in Metric]
    if metric and metric not in known:
        raise InvalidInput(
            _("There is no figure “{word}”.").format(word=metric),
            _("Use one of: {names}.").format(names=", ".join(known)),
            field="metric",
        )
    row = session.workspace.account_queries.find(account)
    rows = session.workspace.insight_queries.readings(row.id, delivery_id=delivery, metric=metric, limit=limit)
    session.show(
        [
            {
                "account_id": one.account_id,
                "delivery": one.delivery_id,
                "metric": one.metric,
                "value": one.value,
                "since": iso(one.since),
                "at": iso(one.at),
                "read_at": iso(one.read_at),
            }
            for one in rows
        ],
        layout.table(
            (_("Figure"), _("Value"), _("Since"), _("At"), _("Read")),
            [
                (one.metric, one.value, layout.moment(one.since), layout.moment(one.at), layout.moment(one.read_at))
                for one in rows
            ],
            _("Nothing was told yet."),
        ),
    )


# Parts


def _asked(session: Session, project: str | None, length: str, until: str) -> tuple[int | None, Span]:
    row = session.workspace.project_queries.find(project) if project else None
    queries = session.workspace.insight_queries
    return (row.id if row else None), queries.span(length, until, zone=row.timezone if row else "UTC")


def _span(span: Span) -> dict[str, Any]:
    return {"from": date_of(span.first).isoformat(), "to": date_of(span.last).isoformat()}


def _curve(curve: Curve) -> dict[str, Any]:
    return {
        "metric": curve.metric,
        "as_of": iso(curve.as_of),
        "points": [
            {"from": point.first.isoformat(), "to": point.last.isoformat(), "value": point.value}
            for point in curve.points
        ],
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "key": group.key,
        "title": group.title,
        "posts": group.posts,
        "engagement": round(group.engagement, 2),
        "ratio": _rounded(group.usual.mean),
        "ratio_low": _rounded(group.usual.low),
        "ratio_high": _rounded(group.usual.high),
        "verdict": group.verdict,
        "rate": _rounded(group.rate, 4),
        "reached": group.reached,
        "clicks": group.clicks,
        "as_of": iso(group.as_of),
    }


def _engagement(found: Engagement) -> dict[str, Any]:
    groups = [_group(group) for group in found.groups]
    return {"by": found.by, "posts": found.posts, "as_of": iso(found.as_of), "groups": groups}


def _groups(groups: tuple[Group, ...]) -> Any:
    return layout.table(
        ("", _("Posts"), _("Engagement"), _("Against usual"), _("Rate"), _("Reached"), _("Clicks"), _("As of")),
        [
            (
                group.title,
                group.posts,
                f"{group.engagement:.1f}",
                insight_words.against_usual(group),
                "" if group.rate is None else f"{group.rate:.1%}",
                group.reached,
                group.clicks,
                layout.moment(group.as_of),
            )
            for group in groups
        ],
        _("No post of this time was read a day after it went out, or later."),
    )


def _mix(one: Mix) -> dict[str, Any]:
    finding = one.finding
    return {
        "project": one.project,
        "project_id": one.project_id,
        "verdict": finding.verdict.value,
        "sentence": insight_words.selling(finding),
        "days": finding.days,
        "days_with_selling": finding.with_selling,
        "days_without": finding.without,
        "lost": finding.lost,
        "extra_per_1000": _rounded(finding.extra),
        "extra_low": _rounded(finding.low),
        "extra_high": _rounded(finding.high),
        "p": _rounded(finding.p, 5),
        "shares": dict(one.shares),
        "types": [_group(group) for group in one.types.groups],
        "as_of": iso(one.as_of),
    }


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)


def _minutes(span: Instant | None) -> float | None:
    return None if span is None else round(span / MINUTE, 1)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _signed(value: int | None) -> str:
    return "" if value is None else f"{value:+d}"
