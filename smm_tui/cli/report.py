"""``smm-tui report``: what a month brought, for the client."""

from __future__ import annotations

from pathlib import Path

import click

from smm_tui.cli import files
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Verb, pass_session
from smm_tui.i18n import _
from smm_tui.services.reports import FORMATS


@click.command(cls=Verb, help=_("The report of a month to a client, in the client's language."))
@click.option("--project", required=True, metavar="P", help=_("The client, by id or name."))
@click.option("--month", required=True, metavar="YYYY-MM", help=_("The month."))
@click.option(
    "--format", "kind", type=click.Choice(FORMATS), help=_("What to write; default: by FILE's name, or md.")
)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path, allow_dash=True))
@pass_session
def report(session: Session, project: str, month: str, kind: str | None, file: Path | None) -> None:
    queries = session.workspace.reports
    made = queries.month(session.workspace.project_queries.find(project).id, month)
    if session.json and kind is None and file is None:
        from smm_tui.services.report import table

        session.show(table.document(made))
        return
    kind = kind or files.kind_of(file, FORMATS)
    files.put(session, queries.written(made, kind).encode(), kind, file)
