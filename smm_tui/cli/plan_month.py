"""What the verbs of ``smm-tui plan`` ask for: a month of a project, and posts of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from smm_tui.cli.session import Session
from smm_tui.cli.verbs import ids_from
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import inert
from smm_tui.domain.months import month_of
from smm_tui.i18n import _

if TYPE_CHECKING:
    from smm_tui.db.reads.projects import ProjectRow

POSTS = click.argument("posts", metavar="[POST]...", nargs=-1)


def of_month(command: Any) -> Any:
    """The options that name a month of a project."""
    for option in (
        click.option("--month", required=True, metavar="YYYY-MM", help=_("The month.")),
        click.option("--project", required=True, metavar="P", help=_("The project it is for.")),
    ):
        command = option(command)
    return command


def which(session: Session, project: str, month: str) -> tuple[ProjectRow, int, int]:
    """The project, the year and the month that were named."""
    first = month_of(month)
    return session.workspace.project_queries.find(project), first.year, first.month


def of_this(session: Session, row: ProjectRow, year: int, month: int, posts: tuple[str, ...]) -> list[int]:
    """These posts, all of this project and month."""
    ids = ids_from(posts, "post")
    known = {post.row.id for post in session.workspace.plan_queries.month(row.id, year, month).posts}
    if strangers := [number for number in ids if number not in known]:
        raise InvalidInput(
            _("Post {id} is not in the plan of {month} of {project}.").format(
                id=strangers[0], month=f"{year:04}-{month:02}", project=inert(row.name)
            ),
            field="post",
        )
    return ids
