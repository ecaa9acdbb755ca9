"""Time spent for clients: the timer, entries by hand, and what the log of actions says."""

from __future__ import annotations

import json

from sqlmodel import col, select

from smm_tui.db.database import Database
from smm_tui.db.reads import records
from smm_tui.db.reads import work as reads
from smm_tui.db.reads.work import ACTIONS, HAND, TIMER
from smm_tui.db.tables import ProjectTable, TimeEntryTable
from smm_tui.db.unit_of_work import UnitOfWork
from smm_tui.domain import worktime
from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import Conflict, InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.worktime import Span
from smm_tui.i18n import _, ngettext
from smm_tui.services import work_settings
from smm_tui.services.receipt import Receipt
from smm_tui.services.work_settings import WorkSettings

SEEN = "work.seen"
"""The remembered fact that says how far the log was turned into entries, for each who works: JSON {id, at}."""

WHAT_LIMIT = 200
"""Characters that say what was done."""


class WorkTimeService:
    """Commands on time entries. Nobody works for two clients at once: entries of one who works never overlap."""

    def __init__(self, db: Database, actor: str) -> None:
        self._db = db
        self._actor = actor

    # -- the timer

    def start(self, project_id: int, what: str = "") -> Receipt:
        """Start the timer for a client; one that runs for another client stops."""
        with self._db.unit() as unit:
            project = _project(unit, project_id)
            row = self._running(unit)
            if row is not None and row.project_id == project_id:
                raise InvalidInput(
                    _("The timer runs for {project} already.").format(project=project.name), field="project"
                )
            sentences = [self._stop(unit, row, unit.now)] if row is not None else []
            unit.session.add(
                TimeEntryTable(
                    project_id=project_id, actor=self._actor, what=_what(what), source=TIMER, started_at=unit.now
                )
            )
            sentences.append(_("The timer runs for {project}.").format(project=project.name))
            return self._done(unit, "time.start", project_id, " ".join(sentences))

    def stop(self, at: Instant | None = None) -> Receipt:
        """Stop the timer, now or at an instant that has passed."""
        with self._db.unit() as unit:
            row = self._running(unit)
            if row is None:
                raise InvalidInput(_("No timer runs."), _("`time start` starts it."))
            return self._done(unit, "time.stop", row.project_id, self._stop(unit, row, at or unit.now))

    def toggle(self, project_id: int) -> Receipt:
        """Start the timer for a client, or stop it if it runs for this one."""
        row = reads.running(self._db, self._actor)
        return self.stop() if row is not None and row.project_id == project_id else self.start(project_id)

    def _running(self, unit: UnitOfWork) -> TimeEntryTable | None:
        return unit.session.exec(
            select(TimeEntryTable).where(
                TimeEntryTable.actor == self._actor,
                col(TimeEntryTable.ended_at).is_(None),
                col(TimeEntryTable.removed_at).is_(None),
            )
        ).first()

    def _stop(self, unit: UnitOfWork, row: TimeEntryTable, at: Instant) -> str:
        """End an entry. One that was forgotten ends where the longest one does, and says so."""
        if at > unit.now:
            raise InvalidInput(_("That is still to come."), _("Give a time that has passed."), field="at")
        project = _project(unit, row.project_id).name
        if at <= row.started_at:
            if at < row.started_at:
                raise InvalidInput(_("The timer started later than that."), _("Give a later time."), field="at")
            unit.session.delete(row)
            return _("The timer for {project} had just started: nothing is written.").format(project=project)
        length = at - row.started_at
        if length > worktime.LONGEST:
            row.ended_at = row.started_at + worktime.LONGEST
            return _("The timer for {project} was forgotten: {time} are written. Correct them.").format(
                project=project, time=worktime.clock_time(worktime.LONGEST)
            )
        row.ended_at = at
        return _("{time} for {project}.").format(time=worktime.clock_time(length), project=project)

    # -- entries

    def add(self, project_id: int, started_at: Instant, ended_at: Instant, what: str = "") -> Receipt:
        """Write time down by hand; what the log says of the same time gives way."""
        worktime.checked(ended_at - started_at)
        with self._db.unit() as unit:
            project = _project(unit, project_id)
            self._make_room(unit, started_at, ended_at, None)
            row = TimeEntryTable(
                project_id=project_id,
                actor=self._actor,
                what=_what(what),
                source=HAND,
                started_at=started_at,
                ended_at=ended_at,
            )
            unit.session.add(row)
            unit.session.flush()
            message = _("{time} for {project}.").format(
                time=worktime.clock_time(ended_at - started_at), project=project.name
            )
            return self._done(unit, "time.add", project_id, message, row.id)

    def edit(
        self,
        entry_id: int,
        *,
        project_id: int | None = None,
        started_at: Instant | None = None,
        ended_at: Instant | None = None,
        what: str | None = None,
    ) -> Receipt:
        """Correct an entry; what is None stays. From then on it counts as written by hand."""
        with self._db.unit() as unit:
            row = self._row(unit, entry_id)
            start = row.started_at if started_at is None else started_at
            end = row.ended_at if ended_at is None else ended_at
            if end is None:
                raise InvalidInput(_("Its timer still runs."), _("Stop it first."), field="id")
            worktime.checked(end - start)
            project = _project(unit, row.project_id if project_id is None else project_id)
            self._make_room(unit, start, end, entry_id)
            row.project_id, row.started_at, row.ended_at, row.source = project.id or 0, start, end, HAND
            row.what = row.what if what is None else _what(what)
            message = _("Corrected: {time} for {project}.").format(
                time=worktime.clock_time(end - start), project=project.name
            )
            return self._done(unit, "time.edit", project.id or 0, message, entry_id)

    def remove(self, entry_ids: list[int]) -> Receipt:
        """Take entries away."""
        with self._db.unit() as unit:
            for entry_id in entry_ids:
                row = self._row(unit, entry_id)
                row.removed_at = unit.now
                if row.ended_at is None:
                    row.ended_at = max(unit.now, row.started_at + 1)
            count = len(entry_ids)
            message = ngettext("Removed {count} entry.", "Removed {count} entries.", count).format(count=count)
            return self._done(unit, "time.remove", row.project_id, message, *entry_ids)

    def _row(self, unit: UnitOfWork, entry_id: int) -> TimeEntryTable:
        row = unit.session.get(TimeEntryTable, entry_id)
        if row is None or row.removed_at is not None:
            raise InvalidInput(_("There is no time entry {id}.").format(id=entry_id), field="id")
        return row

    def _make_room(self, unit: UnitOfWork, start: Instant, end: Instant, own: int | None) -> None:
        """Refuse what overlaps with another written entry; cut what was only measured."""
        if end > unit.now:
            raise InvalidInput(_("That is still to come."), _("Give a time that has passed."), field="to")
        for row in unit.session.exec(
            select(TimeEntryTable).where(
                TimeEntryTable.actor == self._actor,
                col(TimeEntryTable.removed_at).is_(None),
                TimeEntryTable.started_at < end,
                col(TimeEntryTable.ended_at).is_(None) | (col(TimeEntryTable.ended_at) > start),
            )
        ).all():
            if row.id == own:
                continue
            if row.source != ACTIONS or row.ended_at is None:
                other = reads.entry(self._db, row.id or 0)
                raise Conflict(
                    _("Entry {id} says that you worked for {project} then.").format(
                        id=row.id, project=other.project if other else row.project_id
                    ),
                    _("Correct that one first, or give another time."),
                )
            span = Span(row.started_at, row.ended_at, row.project_id, row.what)
            left = worktime.without([span], [(start, end)])
            if not left:
                row.removed_at = unit.now
                continue
            row.started_at, row.ended_at = left[0].start, left[0].end
            for piece in left[1:]:
                unit.session.add(self._measured(piece))

    # -- what the log says

    def collect(self) -> int:
        """Turn what was done since the last time into entries; how many were added or made longer. No step of undo:
        each can be corrected or removed by itself."""
        seen = json.loads(records.setting(self._db, f"{SEEN}.{self._actor}") or "{}")
        found = reads.moments(self._db, self._actor, int(seen.get("id", 0)))
        if not found:
            return 0
        idle = work_settings.read(self._db, self._actor).idle
        since = int(seen.get("at", found[0][1].at - idle))
        spans = worktime.measured([moment for _number, moment in found], since=since, idle=idle)
        with self._db.unit() as unit:
            if json.loads(records.setting(self._db, f"{SEEN}.{self._actor}") or "{}") != seen:
                return 0  # another window has done it meanwhile
            taken = self._taken(spans, unit.now)
            added = 0
            for span in worktime.without(spans, taken):
                last = unit.session.exec(
                    select(TimeEntryTable).where(
                        TimeEntryTable.actor == self._actor,
                        TimeEntryTable.source == ACTIONS,
                        TimeEntryTable.ended_at == span.start,
                        TimeEntryTable.project_id == span.project_id,
                        TimeEntryTable.what == span.kind,
                        col(TimeEntryTable.removed_at).is_(None),
                    )
                ).first()
                if last is not None:
                    last.ended_at = span.end
                else:
                    unit.session.add(self._measured(span))
                unit.session.flush()
                added += 1
            number, moment = found[-1]
            self._remember(unit, f"{SEEN}.{self._actor}", json.dumps({"id": number, "at": max(since, moment.at)}))
            return added

    def _taken(self, spans: list[Span], now: Instant) -> list[tuple[Instant, Instant]]:
        """When something is written already."""
        if not spans:
            return []
        rows = reads.entries(self._db, start=spans[0].start, end=spans[-1].end, actor=self._actor)
        return [(row.started_at, row.ended_at if row.ended_at is not None else now) for row in rows]

    def _measured(self, span: Span) -> TimeEntryTable:
        return TimeEntryTable(
            project_id=span.project_id,
            actor=self._actor,
            what=span.kind,
            source=ACTIONS,
            started_at=span.start,
            ended_at=span.end,
        )

    # -- settings

    def set_up(self, settings: WorkSettings) -> Receipt:
        """Say how one works."""
        settings = work_settings.checked(settings)
        with self._db.unit() as unit:
            self._remember(unit, f"{work_settings.KEY}.{self._actor}", settings.packed())
            message = _("{hours} hours a week; days begin in {zone}.").format(
                hours=worktime.clock_time(settings.capacity), zone=work_settings.zone_of(self._db, settings)
            )
            unit.audit("time.settings", "setting", None, message, actor=self._actor)
            return Receipt(message)

    def _remember(self, unit: UnitOfWork, key: str, value: str) -> None:
        unit.connection.exec_driver_sql(
            "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    def _done(self, unit: UnitOfWork, verb: str, project_id: int, message: str, *ids: int | None) -> Receipt:
        subject = ids[0] if ids else None
        unit.audit(verb, "time_entry", subject, message, actor=self._actor, project_id=project_id)
        undo = unit.undoable(message, actor=self._actor, project_id=project_id)
        return Receipt(message, undo=undo, ids=tuple(number for number in ids if number is not None))


def _project(unit: UnitOfWork, project_id: int) -> ProjectTable:
    row = unit.session.get(ProjectTable, project_id)
    if row is None:
        raise InvalidInput(_("There is no project {id}.").format(id=project_id), field="project")
    return row


def _what(words: str) -> str:
    return clip(inert(" ".join(words.split())), WHAT_LIMIT)
