"""``smm-tui agreement``: how clients pay."""

from __future__ import annotations

from typing import Any

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import NUMBER, Noun, pass_session
from smm_tui.domain import pay
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.pay import Agreement, Basis
from smm_tui.i18n import _
from smm_tui.services.scheme_parts import day_of_words

KINDS = click.Choice([str(word) for word in Basis])


@click.group(cls=Noun, help=_("How clients pay: by the month, by the hour, by the post, by the task, and for goals."))
def agreement() -> None:
    pass


def _terms(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--kind", "basis", type=KINDS, help=_("What is paid for.")),
            click.option("--amount", metavar="AMOUNT", help=_("For one of it, as 120000 or 12.50.")),
            click.option("--currency", metavar="CODE", help=_("As HUF or EUR.")),
            click.option("--from", "from_day", metavar="DAY", help=_("The first day.")),
            click.option("--to", "to_day", metavar="DAY", help=_("The last day; empty: until further notice.")),
            click.option(
                "--steps", metavar="TEXT", help=_("Other prices for some: video=9000, album=x1.5, anna=x1.2.")
            ),
            click.option("--bonuses", metavar="TEXT", help=_("What reaching a goal brings: 3=20000, by its number.")),
        )
    ):
        command = option(command)
    return command


@agreement.command(help=_("Write down how a client pays."))
@click.option("--project", required=True, metavar="P", help=_("The client, by id or name."))
@_terms
@pass_session
def add(session: Session, /, project: str, **terms: str | None) -> None:
    from smm_tui.services.pay import AgreementDraft

    missing = [name for name in ("basis", "amount", "currency", "from_day") if terms[name] is None]
    if missing:
        raise InvalidInput(
            _("What is paid for, how much, in which currency, from which day?"),
            _("Give --kind, --amount, --currency and --from."),
            field=missing[0].removesuffix("_day").replace("basis", "kind"),
        )
    number = session.workspace.project_queries.find(project).id
    receipt = session.workspace.pay.agree(
        number, AgreementDraft(**{name: value or "" for name, value in terms.items()})
    )
    session.show({**_document(_row(session, receipt.ids[0])), "message": receipt.message}, [receipt.message])


@agreement.command("list", help=_("All agreements."))
@click.option("--project", metavar="P", help=_("Of one client."))
@pass_session
def list_(session: Session, project: str | None) -> None:
    number = None if project is None else session.workspace.project_queries.find(project).id
    rows = session.workspace.work_queries.agreements(number)
    names = {row.id: row.name for row in session.workspace.project_queries.all(archived=True)}
    lines = [
        (
            row.id,
            names.get(row.project_id, ""),
            row.basis,
            f"{row.amount} {row.currency}",
            row.from_day,
            row.to_day or "",
            pay.steps_in_words(row.steps),
            ", ".join(f"{bonus.goal_id}={bonus.amount}" for bonus in row.bonuses),
        )
        for row in rows
    ]
    titles = (_("ID"), _("Client"), _("For"), _("Amount"), _("From"), _("To"), _("Steps"), _("Bonuses"))
    session.show([_document(row) for row in rows], layout.table(titles, lines, _("Nothing is agreed yet.")))


@agreement.command(help=_("Correct an agreement; what is not given stays."))
@_terms
@click.argument("number", type=NUMBER, metavar="ID")
@pass_session
def edit(session: Session, /, number: int, **terms: str | None) -> None:
    from smm_tui.services.pay import AgreementDraft

    given = {name: value for name, value in terms.items() if value is not None}
    receipt = session.workspace.pay.edit(number, AgreementDraft.of(_row(session, number))._replace(**given))
    session.show({**_document(_row(session, number)), "message": receipt.message}, [receipt.message])


@agreement.command(help=_("Let an agreement hold until a day."))
@click.option("--on", "day", required=True, metavar="DAY", help=_("Its last day, as 2026-12-31."))
@click.argument("number", type=NUMBER, metavar="ID")
@pass_session
def end(session: Session, day: str, number: int) -> None:
    receipt = session.workspace.pay.end(number, day_of_words(day, "on"))
    session.show({**_document(_row(session, number)), "message": receipt.message}, [receipt.message])


@agreement.command(help=_("Take an agreement away, as if it had never been; `undo` brings it back."))
@click.argument("number", type=NUMBER, metavar="ID")
@pass_session
def remove(session: Session, number: int) -> None:
    receipt = session.workspace.pay.remove(number)
    session.show(shapes.receipt(receipt), [receipt.message])


def _row(session: Session, number: int) -> Agreement:
    for row in session.workspace.work_queries.agreements():
        if row.id == number:
            return row
    raise InvalidInput(_("There is no agreement {id}.").format(id=number), field="id")


def _document(row: Agreement) -> dict[str, Any]:
    return {
        "id": row.id,
        "project_id": row.project_id,
        "kind": row.basis,
        "amount": str(row.amount),
        "currency": row.currency,
        "from": row.from_day.isoformat(),
        "to": row.to_day.isoformat() if row.to_day else None,
        "steps": [
            {
                "name": step.name,
                "amount": None if step.amount is None else str(step.amount),
                "factor": None if step.factor is None else str(step.factor),
            }
            for step in row.steps
        ],
        "bonuses": [{"goal": bonus.goal_id, "amount": str(bonus.amount)} for bonus in row.bonuses],
    }
