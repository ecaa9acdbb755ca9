"""``smm-tui plan shift`` and ``plan copy``: many posts of a month to other days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.plan_month import POSTS, of_month, of_this, which
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Verb, pass_session
from smm_tui.db.reads.posts import Which
from smm_tui.domain.distance import day_in, distance, in_words, week_numbers
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.months import last_of
from smm_tui.i18n import _, ngettext

if TYPE_CHECKING:
    from smm_tui.services.reschedule import Chosen


def _of_days(command: Any) -> Any:
    for option in (
        click.option("--dry-run", is_flag=True, help=_("Say what would be done, and do nothing.")),
        click.option("--account", metavar="A", help=_("Only posts that go to this account.")),
        click.option("--type", "content_type", metavar="T", help=_("Only posts of this content type.")),
        click.option("--before", metavar="DAY", help=_("Only posts before this day of the month.")),
        click.option("--after", metavar="DAY", help=_("Only posts after this day of the month.")),
    ):
        command = option(command)
    return command


@click.command(
    cls=Verb,
    help=_(
        "Move posts of a month by a distance of time, in one step of undo: all, those after a day, or these. "
        "What is out already stays."
    ),
)
@of_month
@_of_days
@click.option("--by", required=True, metavar="DISTANCE", help=_("How far: 2d, -1w, 3h."))
@POSTS
@pass_session
def shift(session: Session, /, by: str, dry_run: bool, **asked: Any) -> None:
    far = distance(by)
    chosen = _chosen(session, **asked)
    stay = len(chosen.out)
    left = ngettext("{count} post is out already and stays.", "{count} posts are out already and stay.", stay)
    if not chosen.movable:
        raise InvalidInput(
            _("There is no post to move there."), left.format(count=stay) if stay else "", field="post"
        )
    if stay:
        session.say(left.format(count=stay))
    rows = [row for row in chosen.rows if row.id not in chosen.out]
    if dry_run:
        message = ngettext(
            "Would move {count} post by {distance}.", "Would move {count} posts by {distance}.", len(rows)
        )
        message = message.format(count=len(rows), distance=in_words(far)) + " " + _("Nothing was changed.")
        result: dict[str, Any] = {"dry_run": True}
    else:
        receipt = session.workspace.reschedule.shift(chosen.movable, far)
        message, result = receipt.message, shapes.receipt(receipt)
    document = {
        "posts": [
            {"id": row.id, "from": row.planned_wall, "to": _wall(row.planned_wall, far), "zone": row.zone}
            for row in rows
        ],
        "left_out": sorted(chosen.out),
        **result,
        "message": message,
    }
    lines = [(row.id, _minutes(row.planned_wall), _minutes(_wall(row.planned_wall, far)), row.head) for row in rows]
    session.show(document, [*layout.table((_("ID"), _("From"), _("To"), _("Text")), lines, ""), message])


@click.command(
    cls=Verb,
    help=_(
        "Plan posts of a month again in later weeks, in one step of undo: all, those after a day, or these. "
        "Nothing of the copies is approved."
    ),
)
@of_month
@_of_days
@click.option("--weeks", required=True, metavar="N", help=_("How many weeks later: 1, or 1,2,4, or 1-4."))
@POSTS
@pass_session
def copy(session: Session, /, weeks: str, dry_run: bool, **asked: Any) -> None:
    numbers = week_numbers(weeks)
    chosen = _chosen(session, **asked)
    if not chosen.rows:
        raise InvalidInput(_("There is no post to copy there."), field="post")
    if dry_run:
        message = _("Would plan {count} posts.").format(count=len(chosen.rows) * len(numbers))
        message += " " + _("Nothing was changed.")
        result: dict[str, Any] = {"dry_run": True}
    else:
        receipt = session.workspace.reschedule.repeat(chosen.ids, numbers)
        message, result = receipt.message, shapes.receipt(receipt)
    copies = [
        {"of": row.id, "at": _wall(row.planned_wall, timedelta(weeks=week)), "zone": row.zone}
        for row in chosen.rows
        for week in sorted(numbers)
    ]
    lines = [(copy["of"], _minutes(str(copy["at"]))) for copy in copies]
    session.show(
        {"copies": copies, **result, "message": message},
        [*layout.table((_("Copy of"), _("Planned")), lines, ""), message],
    )


def _chosen(
    session: Session,
    project: str,
    month: str,
    after: str | None,
    before: str | None,
    content_type: str | None,
    account: str | None,
    posts: tuple[str, ...],
) -> Chosen:
    """The posts of a month that the options mean; with POST, only these."""
    row, year, number = which(session, project, month)
    first = date(year, number, 1)
    last = last_of(first)
    if after:
        first = day_in(after, year, number) + timedelta(days=1)
    if before:
        last = day_in(before, year, number) - timedelta(days=1)
    workspace = session.workspace
    asked = Which(
        row.id,
        content_type=workspace.scheme_queries.content_types(row.id).find(content_type).name if content_type else "",
        account_id=workspace.account_queries.find(account, row.id).id if account else None,
    )
    chosen = workspace.reschedule.chosen(asked, first, last)
    if posts:
        ids = of_this(session, row, year, number, posts)
        rows = tuple(one for one in chosen.rows if one.id in ids)
        chosen = chosen._replace(rows=rows, out=chosen.out & {one.id for one in rows})
    return chosen


def _wall(wall: str, by: timedelta) -> str:
    return (datetime.fromisoformat(wall) + by).isoformat()


def _minutes(wall: str) -> str:
    return wall[:16].replace("T", " ")
