"""``smm-tui earnings``: what clients owe for a month, and the lines of their invoices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from smm_tui.cli import files, layout
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Verb, pass_session
from smm_tui.domain import pay, worktime
from smm_tui.domain.clock import MINUTE
from smm_tui.domain.months import month_of
from smm_tui.i18n import _
from smm_tui.services.work_queries import Earned

FORMATS = ("csv", "md")


@click.command(cls=Verb, help=_("What clients owe for a month; with --format or FILE, the lines of invoices."))
@click.option("--month", required=True, metavar="YYYY-MM", help=_("The month."))
@click.option("--project", metavar="P", help=_("Of one client."))
@click.option("--format", "kind", type=click.Choice(FORMATS), help=_("What to write; default: by FILE's name."))
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path, allow_dash=True))
@pass_session
def earnings(session: Session, month: str, project: str | None, kind: str | None, file: Path | None) -> None:
    from smm_tui.services import invoice

    first = month_of(month)
    number = None if project is None else session.workspace.project_queries.find(project).id
    session.workspace.worktime.collect()
    found = session.workspace.work_queries.earnings(first, number)
    if kind is None and file is None:
        session.show([_document(item) for item in found], _lines(found))
        return
    kind = kind or files.kind_of(file, FORMATS)
    text = invoice.as_csv(found) if kind == "csv" else invoice.as_markdown(found, f"{first:%Y-%m}")
    files.put(session, text.encode(), kind, file)


def _lines(found: list[Earned]) -> list[str]:
    titles = (_("Client"), _("Earned"), "", _("Hours"), _("An hour"), _("Margin"))
    rows = [
        (
            item.project,
            item.total,
            item.currency,
            worktime.clock_time(item.worked),
            "-" if item.per_hour is None else item.per_hour,
            "-" if item.margin is None else item.margin,
        )
        for item in found
    ]
    empty = _("Nothing is owed for this month. `smm-tui agreement add` says how a client pays.")
    sums = pay.totals(line for item in found for line in item.lines)
    return [
        *layout.table(titles, rows, empty),
        *(
            _("All: {amount} {currency}").format(amount=amount, currency=code)
            for code, amount in sorted(sums.items())
        ),
    ]


def _document(item: Earned) -> dict[str, Any]:
    return {
        "project": item.project,
        "project_id": item.project_id,
        "currency": item.currency,
        "total": str(item.total),
        "minutes": item.worked // MINUTE,
        "per_hour": None if item.per_hour is None else str(item.per_hour),
        "margin": None if item.margin is None else str(item.margin),
        "lines": [
            {
                "agreement": line.agreement_id,
                "kind": line.basis,
                "what": line.what,
                "from": line.from_day.isoformat(),
                "to": line.to_day.isoformat(),
                "quantity": str(line.quantity),
                "price": str(line.price),
                "total": str(line.total),
            }
            for line in item.lines
        ],
    }
