"""``smm-tui brief``: what a client wants, how it speaks, what is its own, its contacts and competitors."""

from __future__ import annotations

from typing import Any

import click

from smm_tui.cli import layout
from smm_tui.cli.client_office import office
from smm_tui.cli.parts import PROJECT, noun_of
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Noun, pass_session, read_stdin
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.services.client_parts import (
    BRIEF,
    COMPETITORS,
    CONTACTS,
    BriefField,
    brief_document,
    goal_document,
    missing,
)


@click.group(cls=Noun, help=_("What a client wants, how it speaks, what must not be said, and what is its own."))
def brief() -> None:
    pass


def _fields(command: Any) -> Any:
    for field in reversed(_NAMES):
        (question,) = BRIEF.questions_of(BriefField(field, ""))
        command = click.option(
            f"--{field}", field, metavar="TEXT|-" if question.long else "TEXT", help=_(question.help)
        )(command)
    return command


_NAMES = (
    *("words", "tone", "forbidden", "topics", "hours", "legal"),
    *("domains", "phones", "handles", "hashtags", "brands", "prices"),
)


@brief.command(help=_("A client's brief, with its goals beside the facts."))
@PROJECT
@pass_session
def show(session: Session, project: str) -> None:
    row = session.workspace.project_queries.find(project)
    queries = session.workspace.client_queries
    goals = queries.goals(row.id)
    document = {
        "project": row.name,
        "project_id": row.id,
        **brief_document(queries.brief(row.id)),
        "goals": [goal_document(goal) for goal in goals],
        "missing": missing(queries.brief(row.id), goals),
    }
    known = office().known(session, row.id)
    lines = [
        (values["title"], line if place == 0 else f"  {line}")
        for field in BRIEF.rows(queries, row.id)
        for values in (BRIEF.values(field, known),)
        for place, line in enumerate(values[field.name].splitlines() or ["-"])
    ]
    session.show(document, [*layout.table((_("Field"), _("What it says")), lines, ""), *document["missing"]])


@brief.command(
    "set", help=_("Change what is named, and leave the rest. Lists: one a line, or with commas; empty: nothing.")
)
@PROJECT
@_fields
@pass_session
def set_(session: Session, /, project: str, **words: str | None) -> None:
    row = session.workspace.project_queries.find(project)
    said = _said(words)
    if not said:
        raise InvalidInput(
            _("Nothing was named to change."), _("Give --words, --tone, --domains or another field."), field="words"
        )
    receipt = session.workspace.briefs.write(row.id, said)
    document = brief_document(session.workspace.client_queries.brief(row.id))
    session.show({"project_id": row.id, **document, "message": receipt.message}, [receipt.message])


def _said(words: dict[str, str | None]) -> dict[str, str]:
    """What was given; one of them may come from standard input."""
    said: dict[str, str] = {}
    for name, value in words.items():
        (question,) = BRIEF.questions_of(BriefField(name, ""))
        if value is not None:
            said[name] = read_stdin() if question.long and value == "-" else value
    return said


for _part in (CONTACTS, COMPETITORS):
    brief.add_command(noun_of(_part, office("brief")))
