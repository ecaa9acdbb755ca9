"""``smm-tui scheme``: kinds of post, places of the week, ideas, templates, days, rubrics, hashtags of a project."""

from __future__ import annotations

import click

from smm_tui.cli import shapes
from smm_tui.cli.parts import KEY, PROJECT, Office, noun_of, row_of, show
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import NUMBER, Noun, pass_session
from smm_tui.domain import zones
from smm_tui.domain.when import parse_when
from smm_tui.i18n import _
from smm_tui.services.parts import Known
from smm_tui.services.scheme_parts import IDEAS, PARTS, SLOTS, TYPES, day_of_words


@click.group(
    cls=Noun, help=_("What a project's month is made of: types, places of the week, ideas, templates, days.")
)
def scheme() -> None:
    pass


def _known(session: Session, project_id: int) -> Known:
    queries, row = session.workspace.scheme_queries, session.workspace.project_queries.get(project_id)
    today = zones.local(session.workspace.clock(), row.timezone).date()
    return Known(
        queries.content_types(project_id),
        queries.pillars(project_id),
        session.workspace.account_queries.of_project(project_id),
        today,
    )


_OFFICE = Office(
    lambda session: session.workspace.scheme_queries,
    lambda session: session.workspace.scheme,
    _known,
    "scheme",
)
_NOUNS = {part.name: noun_of(part, _OFFICE) for part in PARTS}
for _made in _NOUNS.values():
    scheme.add_command(_made)


@_NOUNS[TYPES.name].command("move", help=_("Move a type up (negative) or down in the order of the project."))
@PROJECT
@click.option("--by", type=int, required=True, metavar="N", help=_("How many places."))
@KEY
@pass_session
def move_type(session: Session, project: str, by: int, key: str) -> None:
    number = session.workspace.project_queries.find(project).id
    receipt = session.workspace.scheme.move_type(number, key, by)
    session.show(shapes.receipt(receipt), [receipt.message])


@_NOUNS[SLOTS.name].command("skip", help=_("Leave a place out on a day, as 2026-12-24; --back: let it come again."))
@PROJECT
@click.option("--back", is_flag=True, help=_("It comes on that day again."))
@KEY
@click.argument("day")
@pass_session
def skip_slot(session: Session, project: str, back: bool, key: str, day: str) -> None:
    number = session.workspace.project_queries.find(project).id
    row = row_of(session, _OFFICE, SLOTS, number, key)
    receipt = session.workspace.scheme.skip_slot(row.id, day_of_words(day, "day"), skip=not back)
    show(session, _OFFICE, SLOTS, number, key, receipt.message)


@_NOUNS[IDEAS.name].command("use", help=_("Make a draft of an idea, with a time or without one."))
@PROJECT
@click.option("--at", metavar="WHEN", help=_("When it goes out."))
@click.argument("idea", type=NUMBER, metavar="ID")
@pass_session
def use_idea(session: Session, project: str, at: str | None, idea: int) -> None:
    row = session.workspace.project_queries.find(project)
    wall = None
    if at is not None:
        wall = parse_when(at, now=session.workspace.clock(), zone=row.timezone).wall
    receipt = session.workspace.fill.use_idea(row.id, idea, wall)
    session.show(shapes.receipt(receipt), [receipt.message])


@_NOUNS[IDEAS.name].command("keep", help=_("Keep a post that did well, with its files, to come again after a rest."))
@click.option("--rest", type=click.IntRange(1, 3650), default=90, metavar="DAYS", help=_("How long; default: 90."))
@click.argument("post", type=NUMBER, metavar="POST")
@pass_session
def keep_idea(session: Session, rest: int, post: int) -> None:
    receipt = session.workspace.scheme.keep_post(post, rest)
    session.show(shapes.receipt(receipt), [receipt.message])
