"""How the nouns about a client ask and change: see ``cli.parts``."""

from __future__ import annotations

from smm_tui.cli.parts import Office
from smm_tui.cli.session import Session
from smm_tui.domain import zones
from smm_tui.services.client_parts import known
from smm_tui.services.parts import Known


def office(verb: str = "") -> Office:
    """For the parts of `services.client_parts`; `verb` is the noun above them, empty where they are nouns."""
    return Office(lambda session: session.workspace.client_queries, lambda session: session.workspace, _known, verb)


def _known(session: Session, project_id: int) -> Known:
    workspace = session.workspace
    zone = workspace.project_queries.get(project_id).timezone
    today = zones.local(workspace.clock(), zone).date()
    return known(workspace.client_queries, project_id, workspace.account_queries.of_project(project_id), today)
