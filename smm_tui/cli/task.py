"""``smm-tui task``: what was done and is paid by the piece."""

from __future__ import annotations

from typing import Any

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Noun, ids_from, pass_session
from smm_tui.db.reads.work import TaskRow
from smm_tui.domain import zones
from smm_tui.domain.months import last_of, month_of
from smm_tui.i18n import _
from smm_tui.services.scheme_parts import day_of_words


@click.group(cls=Noun, help=_("What was done and is paid by the piece: a page set up, a report, a campaign."))
def task() -> None:
    pass


@task.command(help=_("Write down what was done."))
@click.option("--project", required=True, metavar="P", help=_("The client, by id or name."))
@click.option("--on", "day", metavar="DAY", help=_("When; default: today."))
@click.option("--note", default="", metavar="TEXT", help=_("What the client should know of it."))
@click.argument("name", metavar="NAME")
@pass_session
def add(session: Session, project: str, day: str | None, note: str, name: str) -> None:
    row = session.workspace.project_queries.find(project)
    today = zones.local(session.workspace.clock(), row.timezone).date()
    receipt = session.workspace.pay.add_task(row.id, name, today if day is None else day_of_words(day, "on"), note)
    found = next(
        item for item in session.workspace.work_queries.tasks(project_id=row.id) if item.id == receipt.ids[0]
    )
    session.show({**_document(found), "message": receipt.message}, [receipt.message])


@task.command("list", help=_("Tasks, newest first."))
@click.option("--project", metavar="P", help=_("Of one client."))
@click.option("--month", metavar="YYYY-MM", help=_("Of one month."))
@pass_session
def list_(session: Session, project: str | None, month: str | None) -> None:
    number = None if project is None else session.workspace.project_queries.find(project).id
    first = None if month is None else month_of(month)
    last = None if first is None else last_of(first)
    rows = session.workspace.work_queries.tasks(project_id=number, first=first, last=last)
    lines = [(row.id, row.day, row.project, row.name, row.actor, row.note) for row in rows]
    titles = (_("ID"), _("Day"), _("Client"), _("Task"), _("Who"), _("Note"))
    session.show([_document(row) for row in rows], layout.table(titles, lines, _("No task is written.")))


@task.command(help=_("Take tasks away; `undo` brings them back."))
@click.argument("tasks", nargs=-1, metavar="ID...")
@pass_session
def remove(session: Session, tasks: tuple[str, ...]) -> None:
    receipt = session.workspace.pay.remove_tasks(ids_from(tasks, "task"))
    session.show(shapes.receipt(receipt), [receipt.message])


def _document(row: TaskRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "project": row.project,
        "project_id": row.project_id,
        "name": row.name,
        "day": row.day,
        "actor": row.actor,
        "note": row.note,
    }
