"""The scheme of a client's month: its parts as lists, each row in a form; or one of them, to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain import zones
from smm_tui.i18n import _
from smm_tui.screens.parts import PartsScreen
from smm_tui.services.parts import Known, Part
from smm_tui.services.scheme_parts import PARTS, TYPES


class SchemeScreen(PartsScreen):
    """What a month is made of."""

    SCOPE = "scheme"
    CLIENTS: ClassVar[bool] = False

    def __init__(
        self,
        parts: Sequence[Part[Any, Any]] = PARTS,
        take: Callable[[Any], None] | None = None,
        project_id: int | None = None,
    ) -> None:
        super().__init__(parts, take, project_id)

    def read(self, w: Workspace, project: ProjectRow) -> tuple[Any, Known]:
        queries = w.scheme_queries
        return queries, Known(
            queries.content_types(project.id),
            queries.pillars(project.id),
            w.account_queries.of_project(project.id),
            zones.local(w.clock(), project.timezone).date(),
        )

    def service(self, w: Workspace) -> Any:
        return w.scheme

    def unavailable(self, verb: str) -> str:
        reason = super().unavailable(verb)
        if not reason and verb in ("earlier", "later") and self._part is not TYPES:
            return _("Only content types have an order of their own.")
        return reason

    def action_earlier(self) -> None:
        """One place up."""
        self._move(-1)

    def action_later(self) -> None:
        """One place down."""
        self._move(1)

    def _move(self, by: int) -> None:
        state, place = self.state, self._place
        if state is None or place is None or state.project is None:
            return
        number, key = state.project.id, state.part.identify(state.rows[place])
        self.desk.command(lambda w: w.scheme.move_type(number, key, by))
