"""Verbs made of the parts of a client: add, list, edit and remove, with an option for each question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Noun, pass_session, read_stdin
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.services.parts import Known, Part

PROJECT = click.option("--project", required=True, metavar="P", help=_("The project it is for."))
KEY = click.argument("key", metavar="ID")


class Office(NamedTuple):
    """Whom the parts of a noun ask, whom they change, what they refer to, and how their verbs begin."""

    queries: Callable[[Session], Any]
    service: Callable[[Session], Any]
    known: Callable[[Session, int], Known]
    verb: str  # as “scheme”, empty where a part is a noun of its own


def answers(part: Part[Any, Any], *, new: bool) -> Callable[[Any], Any]:
    def decorated(command: Any) -> Any:
        for question in reversed(part.questions):
            if question.name in part.kept and not new:
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


def given(part: Part[Any, Any], answers: Mapping[str, str | None]) -> dict[str, str]:
    long = {question.name for question in part.questions if question.long}
    return {
        name: read_stdin() if value == "-" and name in long else value
        for name, value in answers.items()
        if value is not None
    }


def row_of(session: Session, office: Office, part: Part[Any, Any], project_id: int, key: str) -> Any:
    """The row of a part by its word; InvalidInput where there is none."""
    rows = part.rows(office.queries(session), project_id)
    for row in rows:
        if part.identify(row).casefold() == " ".join(key.split()).casefold():
            return row
    raise InvalidInput(
        _("There is no “{key}” among these.").format(key=key),
        _("`smm-tui {verb} list` shows what there is.").format(verb=f"{office.verb} {part.name}".strip()),
        field="id",
    )


def show(session: Session, office: Office, part: Part[Any, Any], project_id: int, key: str, message: str) -> None:
    document = dict(part.document(row_of(session, office, part, project_id, key)))
    session.show({**document, "message": message}, [message])


def noun_of(part: Part[Any, Any], office: Office) -> Noun:
    """The verbs of a part."""
    noun = Noun(part.name, help=_(part.help))

    @noun.command("add", help=_("Add one."))
    @PROJECT
    @answers(part, new=True)
    @pass_session
    def add(session: Session, /, project: str, **words: str | None) -> None:
        number = session.workspace.project_queries.find(project).id
        known = office.known(session, number)
        values = {**part.blank(known), **given(part, words)}
        receipt = part.add(office.service(session), number, values, known)
        key = values["name"] if part.named else str(receipt.ids[0])
        show(session, office, part, number, key, receipt.message)

    @noun.command("list", help=_("All there are."))
    @PROJECT
    @pass_session
    def list_(session: Session, project: str) -> None:
        number = session.workspace.project_queries.find(project).id
        known = office.known(session, number)
        rows = part.rows(office.queries(session), number)
        shown = [part.values(row, known) for row in rows]
        titles = [_("ID"), *(_(question.label) for question in part.questions)]
        lines = [
            (part.identify(row), *(values[question.name].replace("\n", " ") for question in part.questions))
            for row, values in zip(rows, shown, strict=True)
        ]
        session.show([dict(part.document(row)) for row in rows], layout.table(titles, lines, _(part.empty)))

    @noun.command("edit", help=_("Change what is given, and leave the rest."))
    @PROJECT
    @answers(part, new=False)
    @KEY
    @pass_session
    def edit(session: Session, /, project: str, key: str, **words: str | None) -> None:
        number = session.workspace.project_queries.find(project).id
        known = office.known(session, number)
        row = row_of(session, office, part, number, key)
        values = {**part.values(row, known), **given(part, words)}
        receipt = part.edit(office.service(session), number, part.identify(row), values, known)
        again = values["name"] if part.named and "name" not in part.kept else part.identify(row)
        show(session, office, part, number, again, receipt.message)

    @noun.command("remove", help=_("Take one away; posts that came of it stay. `undo` brings it back."))
    @PROJECT
    @KEY
    @pass_session
    def remove(session: Session, project: str, key: str) -> None:
        number = session.workspace.project_queries.find(project).id
        row = row_of(session, office, part, number, key)
        receipt = part.remove(office.service(session), number, part.identify(row))
        session.show(shapes.receipt(receipt), [receipt.message])

    return noun
