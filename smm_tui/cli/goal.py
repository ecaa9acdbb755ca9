"""``smm-tui goal``: what is to be reached by when, beside the facts."""

from __future__ import annotations

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.client_office import office
from smm_tui.cli.parts import noun_of
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import NUMBER, pass_session
from smm_tui.i18n import _
from smm_tui.services.client_parts import GOALS, goal_document, goal_in_words
from smm_tui.services.client_queries import METRICS

goal = noun_of(GOALS, office())


@goal.command("list", help=_("All goals, or those of one client, beside what the networks tell."))
@click.option("--project", metavar="P", help=_("Of one client."))
@pass_session
def list_(session: Session, project: str | None) -> None:
    number = None if project is None else session.workspace.project_queries.find(project).id
    found = session.workspace.client_queries.goals(number)
    names = {row.id: row.name for row in session.workspace.project_queries.all()}
    session.show(
        [dict(goal_document(each)) for each in found],
        layout.table(
            (_("ID"), _("Project"), _("Figure"), _("Account"), _("By"), _("Stands at"), _("As of")),
            [
                (
                    each.row.id,
                    names.get(each.row.project_id, ""),
                    _(METRICS[each.row.metric]),
                    each.row.handle or _("all accounts"),
                    each.row.by_day,
                    goal_in_words(each),
                    layout.moment(each.progress.as_of, each.row.zone),
                )
                for each in found
            ],
            _(GOALS.empty),
        ),
    )


@goal.command("show", help=_("One goal beside the facts."))
@click.argument("number", type=NUMBER, metavar="ID")
@pass_session
def show_(session: Session, number: int) -> None:
    found = session.workspace.client_queries.goal(number)
    session.show(dict(goal_document(found)), [f"{_(METRICS[found.row.metric])}: {goal_in_words(found)}"])


@goal.command("drop", help=_("Give a goal up; what was measured stays. `undo` brings it back."))
@click.argument("number", type=NUMBER, metavar="ID")
@pass_session
def drop(session: Session, number: int) -> None:
    receipt = session.workspace.goals.drop(number)
    session.show(shapes.receipt(receipt), [receipt.message])
