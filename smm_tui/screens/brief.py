"""The client: its brief, its goals beside the facts, its audience, what it asks, its rivals, and what reached it."""

from __future__ import annotations

from typing import Any, ClassVar

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain import zones
from smm_tui.i18n import _
from smm_tui.screens.parts import PartsScreen
from smm_tui.services import client_parts
from smm_tui.services.client_parts import PARTS, QUESTIONS
from smm_tui.services.parts import Known
from smm_tui.services.receipt import Receipt

DAYS = 90
"""Of so many days are the questions that people asked again and again."""


class BriefScreen(PartsScreen):
    """All that is known of a client and of whom it wants to reach."""

    SCOPE = "brief"
    WIDTHS: ClassVar[tuple[int, int, int]] = (2, 3, 0)

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(PARTS, name=name)

    def read(self, w: Workspace, project: ProjectRow) -> tuple[Any, Known]:
        today = zones.local(w.clock(), project.timezone).date()
        queries = w.client_queries
        return queries, client_parts.known(queries, project.id, w.account_queries.of_project(project.id), today)

    def service(self, w: Workspace) -> Any:
        return w

    def unavailable(self, verb: str) -> str:
        if verb == "feed" and self._part is not QUESTIONS:
            return _("Only the question bank is fed from what people write.")
        if verb == "feed":
            return "" if self.desk.project is not None else _("Choose a client first, with 1-9.")
        return super().unavailable(verb)

    def action_feed(self) -> None:
        """Take in what people asked more than once."""
        project = self.desk.project
        if project is None:
            return
        number = project.id

        def job(w: Workspace) -> Receipt:
            return w.research.feed(number, w.saved_replies.questions(number, days=DAYS))

        self.desk.command(job)
