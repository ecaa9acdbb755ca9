"""Looking at projects: light to import."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import messages as message_reads
from smm_tui.db.reads import projects as reads
from smm_tui.db.reads.projects import ProjectOverviewRow, ProjectRow
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.states import Approval
from smm_tui.i18n import _


class ProjectDraft(NamedTuple):
    """What a form or the command line gives for a project. None for hotkey or "" for colour: the next free one."""

    name: str
    timezone: str
    client: str = ""
    goal: str = ""
    language: str = "en"
    colour: str = ""
    hotkey: int | None = None
    approval: str = Approval.ITEM
    country: str = ""  # ISO 3166, as HU; empty: no public holidays


class ProjectQueries:
    """Questions about projects."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, *, archived: bool = False) -> list[ProjectRow]:
        """All projects, in the order of their hotkeys."""
        return reads.all_projects(self._db, archived=archived)

    def overview(self) -> list[ProjectOverviewRow]:
        """What the Projects screen shows."""
        return reads.overview(self._db, self._db.clock())

    def waiting(self) -> dict[int, int]:
        """How many things wait for a person, by project id: deliveries only a person can settle, and messages."""
        counts = Counter(reads.waiting(self._db))
        for project_id, (messages, _late) in message_reads.open_counts(self._db, self._db.clock()).items():
            counts[project_id] += messages
        return dict(counts)

    def get(self, project_id: int) -> ProjectRow:
        """One project by id."""
        row = reads.project(self._db, project_id)
        if row is None:
            raise InvalidInput(_("There is no project {id}.").format(id=project_id), field="project")
        return row

    def find(self, name_or_id: str | int) -> ProjectRow:
        """A project by id, name, or an unambiguous beginning of its name, case aside."""
        text = str(name_or_id).strip()
        rows = self.all(archived=True)
        word = text.casefold()
        exact = [row for row in rows if row.name.casefold() == word and row.archived_at is None]
        if not exact and text.isdecimal():
            exact = [row for row in rows if row.id == int(text)]
        live = [row for row in rows if row.archived_at is None]
        matches = exact or [row for row in live if row.name.casefold().startswith(word)]
        if len(matches) == 1 and word:
            return matches[0]
        names = ", ".join(row.name for row in live) or _("none yet")
        if matches and word:
            raise InvalidInput(
                _("“{text}” fits several projects: {names}.").format(
                    text=text, names=", ".join(r.name for r in matches)
                ),
                _("Give more of the name, or its id."),
                field="project",
            )
        raise InvalidInput(
            _("There is no project “{text}”.").format(text=text),
            _("Projects: {names}. Add one with `smm-tui project add NAME --timezone ZONE`.").format(names=names),
            field="project",
        )

    def draft_of(self, project_id: int) -> tuple[ProjectDraft, int]:
        """A project as a form shows it, with the version to give back to `edit`."""
        row = self.get(project_id)
        draft = ProjectDraft(
            row.name,
            row.timezone,
            row.client,
            row.goal,
            row.language,
            row.colour,
            row.hotkey,
            row.approval,
            row.country,
        )
        return draft, row.version
