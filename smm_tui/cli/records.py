"""``smm-tui undo``, ``redo`` and ``log``."""

from __future__ import annotations

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import NUMBER, Verb, pass_session
from smm_tui.i18n import _


@click.command(cls=Verb, help=_("Take back the last step, or the last N."))
@click.argument("steps", metavar="[N]", type=NUMBER, default=1)
@pass_session
def undo(session: Session, steps: int) -> None:
    receipt = session.workspace.undo.undo(steps)
    session.show(shapes.receipt(receipt), [receipt.message])


@click.command(cls=Verb, help=_("Do again what was taken back last."))
@pass_session
def redo(session: Session) -> None:
    receipt = session.workspace.undo.redo()
    session.show(shapes.receipt(receipt), [receipt.message])


@click.command(cls=Verb, help=_("Who did what, and when; the newest last."))
@click.option("--project", metavar="P", help=_("Only this project."))
@click.option("--message", type=NUMBER, metavar="ID", help=_("Only what became of this message of the inbox."))
@click.option("--limit", type=NUMBER, default=50, show_default=True, help=_("How many lines."))
@pass_session
def log(session: Session, project: str | None, message: int | None, limit: int) -> None:
    row = session.workspace.project_queries.find(project) if project else None
    lines = session.workspace.records.log(
        project_id=row.id if row else None,
        subject=None if message is None else "message",
        subject_id=message,
        limit=limit,
    )[::-1]
    session.show(
        [shapes.audit(line) for line in lines],
        [f"{layout.utc(line.at)}  {line.actor}  {line.project or '-'}  {line.summary}" for line in lines]
        or [_("Nothing has happened yet.")],
    )
