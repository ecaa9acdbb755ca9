"""``smm-tui scheme``: kinds of post, places of the week, ideas, templates, days, rubrics, hashtags of a project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import NUMBER, Noun, pass_session, read_stdin
from smm_tui.domain import zones
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.when import parse_when
from smm_tui.i18n import _
from smm_tui.services.scheme_parts import IDEAS, PARTS, SLOTS, TYPES, Known, Part, day_of_words

PROJECT = click.option("--project", required=True, metavar="P", help=_("The project it is for."))
KEY = click.argument("key", metavar="ID")


@click.group(
    cls=Noun, help=_("What a project's month is made of: types, places of the week, ideas, templates, days.")
)
def scheme() -> None:
    pass


def _answers(part: Part, *, new: bool) -> Callable[[Any], Any]:
    def decorated(command: Any) -> Any:
        for question in reversed(part.questions):
            if question.name == "name" and part is TYPES and not new:
                continue
            hint = _(question.help)
            if question.options is not None and question.name in ("yearly", "quiet", "everybody"):
                hint = f"{hint} yes|no"
            name = question.name.replace("_", "-")
            command = click.option(
                f"--{name}", question.name, metavar="TEXT|-" if question.long else "TEXT", help=hint
            )(command)
        return command

    return decorated


def _known(session: Session, project_id: int) -> Known:
    queries, row = session.workspace.scheme_queries, session.workspace.project_queries.get(project_id)
    today = zones.local(session.workspace.clock(), row.timezone).date()
    return Known(
        queries.content_types(project_id),
        queries.pillars(project_id),
        session.workspace.account_queries.of_project(project_id),
        today,
    )


def _given(part: Part, answers: Mapping[str, str | None]) -> dict[str, str]:
    long = {question.name for question in part.questions if question.long}
    return {
        name: read_stdin() if value == "-" and name in long else value
        for name, value in answers.items()
        if value is not None
    }


def _row(session: Session, part: Part, project_id: int, key: str) -> Any:
    rows = part.rows(session.workspace.scheme_queries, project_id)
    for row in rows:
        if part.identify(row) == key.strip():
            return row
    raise InvalidInput(
        _("There is no “{key}” among these.").format(key=key),
        _("`smm-tui scheme {part} list` shows what there is.").format(part=part.name),
        field="id",
    )


def _show(session: Session, part: Part, project_id: int, key: str, message: str) -> None:
    document = dict(part.document(_row(session, part, project_id, key)))
    session.show({**document, "message": message}, [message])


def _noun(part: Part) -> Noun:
    """The verbs of a part."""
    noun = Noun(part.name, help=_(part.help))

    @noun.command("add", help=_("Add one."))
    @PROJECT
    @_answers(part, new=True)
    @pass_session
    def add(session: Session, /, project: str, **answers: str | None) -> None:
        number = session.workspace.project_queries.find(project).id
        known = _known(session, number)
        values = {**part.blank(known), **_given(part, answers)}
        receipt = part.add(session.workspace.scheme, number, values, known)
        key = values["name"].strip().casefold() if part is TYPES else str(receipt.ids[0])
        _show(session, part, number, key, receipt.message)

    @noun.command("list", help=_("All there are."))
    @PROJECT
    @pass_session
    def list_(session: Session, project: str) -> None:
        number = session.workspace.project_queries.find(project).id
        known = _known(session, number)
        rows = part.rows(session.workspace.scheme_queries, number)
        shown = [part.values(row, known) for row in rows]
        titles = [_("ID"), *(_(question.label) for question in part.questions)]
        lines = [
            (part.identify(row), *(values[question.name].replace("\n", " ") for question in part.questions))
            for row, values in zip(rows, shown, strict=True)
        ]
        session.show([dict(part.document(row)) for row in rows], layout.table(titles, lines, _(part.empty)))

    @noun.command("edit", help=_("Change what is given, and leave the rest."))
    @PROJECT
    @_answers(part, new=False)
    @KEY
    @pass_session
    def edit(session: Session, /, project: str, key: str, **answers: str | None) -> None:
        number = session.workspace.project_queries.find(project).id
        known = _known(session, number)
        row = _row(session, part, number, key)
        values = {**part.values(row, known), **_given(part, answers)}
        receipt = part.edit(session.workspace.scheme, number, part.identify(row), values, known)
        _show(session, part, number, part.identify(row), receipt.message)

    @noun.command("remove", help=_("Take one away; posts that came of it stay. `undo` brings it back."))
    @PROJECT
    @KEY
    @pass_session
    def remove(session: Session, project: str, key: str) -> None:
        number = session.workspace.project_queries.find(project).id
        row = _row(session, part, number, key)
        receipt = part.remove(session.workspace.scheme, number, part.identify(row))
        session.show(shapes.receipt(receipt), [receipt.message])

    return noun


_NOUNS = {part.name: _noun(part) for part in PARTS}
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
    row = _row(session, SLOTS, number, key)
    receipt = session.workspace.scheme.skip_slot(row.id, day_of_words(day, "day"), skip=not back)
    _show(session, SLOTS, number, key, receipt.message)


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
