"""Saved audiences: an audience under a name, with what is known of the people in it, used by several ad sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import campaigns as reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads.campaigns import SegmentRow
from smm_tui.db.tables import AdSetTable, CampaignTable, SegmentTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import inert
from smm_tui.domain.states import CampaignState
from smm_tui.i18n import _, ngettext
from smm_tui.networks.advertising import Audience
from smm_tui.services import audiences
from smm_tui.services.receipt import Receipt

NAME_LIMIT = 60


class SegmentQueries:
    """Questions about saved audiences."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def all(self, project_id: int | None = None) -> list[SegmentRow]:
        """The saved audiences of a client, or all of them."""
        return reads.segments(self._db, project_id)

    def get(self, segment_id: int) -> SegmentRow:
        """One saved audience."""
        found = reads.segment(self._db, segment_id)
        if found is None:
            raise InvalidInput(
                _("There is no saved audience {id}.").format(id=segment_id),
                _("`smm-tui ads segment list` shows them."),
                field="segment",
            )
        return found

    def audience(self, segment_id: int) -> Audience:
        """Who is in it."""
        return audiences.from_json(self.get(segment_id).audience)


class SegmentService(SegmentQueries):
    """Commands on saved audiences."""

    def __init__(self, db: Database, actor: str) -> None:
        super().__init__(db)
        self._actor = actor

    def add(
        self, project_id: int, name: str, audience: Audience, persona: Mapping[str, Any] | None = None
    ) -> Receipt:
        """Save an audience under a name that the client has no other for."""
        project = project_reads.project(self._db, project_id)
        if project is None or project.archived_at is not None:
            raise InvalidInput(_("There is no such project, or it is archived."), field="project")
        with self._db.unit() as unit:
            row = SegmentTable(project_id=project_id, name=self._name(unit, project_id, name))
            row.audience = audiences.as_json(audiences.checked(audience))
            row.persona = dict(persona or {})
            unit.session.add(row)
            unit.session.flush()
            return self._done(unit, row, "add", _("Saved the audience {name}.").format(name=row.name))

    def edit(
        self,
        segment_id: int,
        *,
        name: str | None = None,
        audience: Audience | None = None,
        persona: Mapping[str, Any] | None = None,
    ) -> Receipt:
        """Change a saved audience. The ad sets that use it as it was follow; their approvals are void then."""
        with self._db.unit() as unit:
            row = self._row(unit, segment_id)
            if name is not None and name.strip() != row.name:
                row.name = self._name(unit, row.project_id, name)
            if persona is not None:
                row.persona = dict(persona)
            followed = 0
            if audience is not None:
                was, row.audience = row.audience, audiences.as_json(audiences.checked(audience))
                followed = self._follow(unit, row, was)
            message = _("Changed the audience {name}.").format(name=row.name)
            if followed:
                message += " " + ngettext("{count} ad set follows.", "{count} ad sets follow.", followed).format(
                    count=followed
                )
            return self._done(unit, row, "edit", message)

    def remove(self, segment_id: int) -> Receipt:
        """Forget a saved audience; the ad sets that use it keep their people."""
        with self._db.unit() as unit:
            row = self._row(unit, segment_id)
            row.retired_at = unit.now
            row.name = f"{row.name} ({row.id})"  # the name is free again
            return self._done(unit, row, "remove", _("Removed the audience {name}.").format(name=row.name))

    @staticmethod
    def _follow(unit: UnitOfWork, row: SegmentTable, was: dict[str, Any]) -> int:
        groups = unit.session.exec(
            select(AdSetTable)
            .join(CampaignTable, col(CampaignTable.id) == AdSetTable.campaign_id)
            .where(
                AdSetTable.segment_id == row.id,
                col(AdSetTable.removed_at).is_(None),
                CampaignTable.state != CampaignState.ENDED,
            )
        ).all()
        count = 0
        for group in groups:
            if group.audience == was and was != row.audience:
                group.audience = dict(row.audience)
                group.version += 1
                count += 1
        return count

    def _name(self, unit: UnitOfWork, project_id: int, name: str) -> str:
        clean = " ".join(inert(name).split())
        if not clean or len(clean) > NAME_LIMIT:
            raise InvalidInput(
                _("A name has from 1 to {count} characters.").format(count=NAME_LIMIT), _("Change it."), field="name"
            )
        taken = select(SegmentTable.id).where(SegmentTable.project_id == project_id, SegmentTable.name == clean)
        if unit.session.exec(taken).first() is not None:
            raise InvalidInput(
                _("There is an audience {name} already.").format(name=clean), _("Choose another name."), field="name"
            )
        return clean

    def _row(self, unit: UnitOfWork, segment_id: int) -> SegmentTable:
        self.get(segment_id)
        return unit.session.get_one(SegmentTable, segment_id)

    def _done(self, unit: UnitOfWork, row: SegmentTable, verb: str, message: str) -> Receipt:
        unit.audit(f"segment.{verb}", "segment", row.id, message, actor=self._actor, project_id=row.project_id)
        undo = unit.undoable(message, actor=self._actor, project_id=row.project_id)
        return Receipt(message, undo=undo, ids=(row.id or 0,))
