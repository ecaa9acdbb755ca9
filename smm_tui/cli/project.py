"""``smm-tui project``: the clients."""

from __future__ import annotations

from typing import Any

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Noun, pass_session
from smm_tui.domain.states import Approval
from smm_tui.i18n import _
from smm_tui.services.project_queries import ProjectDraft

APPROVALS = click.Choice([str(word) for word in Approval])


@click.group(cls=Noun, help=_("Clients: one project for each one's community work. P is an id or a name."))
def project() -> None:
    pass


def _details(command: Any) -> Any:
    for option in reversed(
        (
            click.option("--client", help=_("For whom the work is done.")),
            click.option("--goal", help=_("What the work is for.")),
            click.option("--language", help=_("Language of the posts, as en or hu.")),
            click.option("--country", help=_("Whose public holidays count, as HU; empty: none.")),
            click.option("--colour", help=_("Colour of its tab.")),
            click.option("--hotkey", type=click.IntRange(1, 9), help=_("Its digit on the desk.")),
            click.option("--approval", type=APPROVALS, help=_("Whether its posts need approval.")),
        )
    ):
        command = option(command)
    return command


@project.command(help=_("Add a project. ZONE is an IANA name such as Europe/Budapest."))
@click.argument("name")
@click.option("--timezone", required=True, metavar="ZONE", help=_("The time zone in which its posts are planned."))
@_details
@pass_session
def add(session: Session, /, name: str, timezone: str, **details: Any) -> None:
    draft = ProjectDraft(name, timezone, **_given(details))
    receipt = session.workspace.projects.add(draft)
    row = session.workspace.project_queries.get(receipt.ids[0])
    session.show(shapes.project(row), [receipt.message, *_facts(shapes.project(row))])


@project.command("list", help=_("All projects in the order of their digits."))
@click.option("--archived", is_flag=True, help=_("Also those that were put away."))
@pass_session
def list_(session: Session, archived: bool) -> None:
    rows = session.workspace.project_queries.all(archived=archived)
    session.show(
        [shapes.project(row) for row in rows],
        layout.table(
            (_("ID"), _("Key"), _("Name"), _("Client"), _("Zone"), _("Approval")),
            [
                (
                    row.id,
                    row.hotkey,
                    row.name,
                    row.client,
                    row.timezone,
                    _("archived") if row.archived_at else row.approval,
                )
                for row in rows
            ],
            _("No projects yet. Add one with `smm-tui project add NAME --timezone ZONE`."),
        ),
    )


@project.command(help=_("One project with its accounts."))
@click.argument("project", metavar="P")
@pass_session
def show(session: Session, project: str) -> None:
    row = session.workspace.project_queries.find(project)
    accounts = session.workspace.account_queries.of_project(row.id)
    document = {**shapes.project(row), "accounts": [shapes.account(item) for item in accounts]}
    lines = [f"{item.id}  {item.handle}  {item.network}  {item.state}" for item in accounts]
    session.show(document, [*_facts(shapes.project(row)), *lines])


@project.command(help=_("Change a project. With another zone, planned posts keep their local time."))
@click.argument("project", metavar="P")
@click.option("--name", help=_("Another name."))
@click.option("--timezone", metavar="ZONE", help=_("Another time zone."))
@_details
@pass_session
def edit(session: Session, /, project: str, **details: Any) -> None:
    projects = session.workspace.projects
    number = projects.find(project).id
    draft, version = projects.draft_of(number)
    receipt = projects.edit(number, draft._replace(**_given(details)), version=version)
    row = projects.get(number)
    session.show({**shapes.project(row), "message": receipt.message}, [receipt.message])


@project.command(help=_("Put a project away; what it planned is held. `undo` brings it back."))
@click.argument("project", metavar="P")
@pass_session
def archive(session: Session, project: str) -> None:
    number = session.workspace.project_queries.find(project).id
    receipt = session.workspace.projects.archive(number)
    row = session.workspace.project_queries.get(number)
    session.show({**shapes.project(row), "message": receipt.message}, [receipt.message])


def _given(details: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value is not None}


def _facts(document: dict[str, Any]) -> list[str]:
    return list(layout.facts(list(document.items())))
