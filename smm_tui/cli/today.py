"""``smm-tui today``: what wants a person, worst first."""

from __future__ import annotations

import click

from smm_tui.cli import layout
from smm_tui.cli.session import DONE, WAITING, Session
from smm_tui.cli.verbs import Verb, pass_session
from smm_tui.domain.clock import iso
from smm_tui.i18n import _
from smm_tui.services.today import Rank


@click.command(cls=Verb, help=_("All that is wrong or soon will be, worst first. Exit status 3: something is late."))
@click.option("--project", metavar="P", help=_("Only what concerns this project."))
@pass_session
def today(session: Session, project: str | None) -> int:
    w = session.workspace
    chosen = w.project_queries.find(project).id if project else None
    names = {row.id: row.name for row in w.project_queries.all()}
    troubles = w.today.all(chosen)
    document = [
        {
            "kind": item.kind,
            "rank": int(item.rank),
            "project": names.get(item.project_id or 0),
            "id": item.id or None,
            "message": item.message_id or None,
            "state": item.state,
            "at": iso(item.at),
            "day": item.day or None,
            "text": item.text,
        }
        for item in troubles
    ]
    lines = layout.table(
        (_("WHAT"), _("ID"), _("PROJECT"), _("AT"), _("TEXT")),
        [
            (
                f"{item.kind} {_(item.state)}",
                item.id or "",
                names.get(item.project_id or 0, ""),
                layout.utc(item.at) if item.at is not None else "",
                item.text,
            )
            for item in troubles
        ],
        _("Nothing wants you."),
    )
    session.show(document, list(lines))
    return WAITING if any(item.rank <= Rank.LATE for item in troubles) else DONE
