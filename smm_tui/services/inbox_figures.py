"""How well people are answered: light to import."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import messages as reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.domain.clock import DAY, HOUR, MINUTE, Instant
from smm_tui.domain.service_level import began
from smm_tui.services import service_levels

NEWEST = 300
"""Answers of one project that the status line is made of."""
_NINETY = 8  # of the nine cuts between tenths, the last


@dataclass(slots=True)
class _Group:
    received: int = 0
    raw: list[Instant] = field(default_factory=list)
    worked: list[Instant] = field(default_factory=list)
    in_time: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """One project's, or one kind's of it (`kind` empty: all). Times to the first answer are milliseconds, None where
    nobody was answered; `worked` ones count working hours only."""

    project_id: int
    project: str
    kind: str
    received: int
    answered: int
    in_time: int  # answered before they were due
    median: Instant | None
    p90: Instant | None
    worked_median: Instant | None
    worked_p90: Instant | None
    handled: int  # verdicts by people and rules; 0 for a kind
    handled_per_hour: float  # of working time
    backlog: int
    late: int


class Lately(NamedTuple):
    """How well people were answered lately, in working hours; `last_hour`: verdicts by people
    and rules in the last hour."""

    median: Instant | None
    p90: Instant | None
    last_hour: int


class InboxFigures:
    """Questions about how well people are answered."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def between(self, start: Instant, end: Instant, project_id: int | None = None) -> list[Figures]:
        """Figures of messages received between two instants, project by project: all kinds, then each."""
        backlog = reads.open_counts(self._db, self._db.clock())
        found: list[Figures] = []
        for project in project_reads.all_projects(self._db):
            if project_id is not None and project.id != project_id:
                continue
            level = service_levels.of_project(self._db, project.id)
            groups: dict[str, _Group] = {"": _Group()}
            for kind, created, received, answered, due in self._db.rows(
                lambda *values: values,
                "SELECT kind, created_at, received_at, answered_at, due_at FROM message "
                "WHERE project_id = ? AND received_at >= ? AND received_at < ? AND NOT own",
                (project.id, start, end),
            ):
                for group in (groups[""], groups.setdefault(kind, _Group())):
                    group.received += 1
                    if answered is not None:
                        since = began(created, received)
                        group.raw.append(max(answered - since, 0))
                        group.worked.append(level.working(since, max(answered, since)))
                        group.in_time += due is None or answered <= due
            handled = self._handled(project.id, start, end)
            hours = level.working(start, min(end, self._db.clock())) / HOUR
            for kind in sorted(groups):
                waits, late = backlog.get(project.id, (0, 0)) if not kind else self._backlog(project.id, kind)
                group = groups[kind]
                found.append(
                    Figures(
                        project.id,
                        project.name,
                        kind,
                        group.received,
                        len(group.raw),
                        group.in_time,
                        _median(group.raw),
                        _p90(group.raw),
                        _median(group.worked),
                        _p90(group.worked),
                        0 if kind else handled,
                        0.0 if kind or hours <= 0 else round(handled / hours, 2),
                        waits,
                        late,
                    )
                )
        return found

    def pace(self, project_id: int | None = None, *, span: Instant = 10 * MINUTE) -> float:
        """Messages handled a minute lately, as the status line shows it."""
        now = self._db.clock()
        ids = [project_id] if project_id is not None else [row.id for row in project_reads.all_projects(self._db)]
        return sum(self._handled(number, now - span, now + 1) for number in ids) * MINUTE / span

    def lately(self, project_id: int | None = None, *, span: Instant = 7 * DAY) -> Lately:
        """The figures of the status line: of the newest answers within `span`, so that they cost the same however
        large the inbox is."""
        now = self._db.clock()
        projects = [row.id for row in project_reads.all_projects(self._db) if project_id in (None, row.id)]
        worked: list[Instant] = []
        handled = 0
        for number in projects:
            level = service_levels.of_project(self._db, number)
            for created, received, answered in self._db.rows(
                lambda *values: values,
                "SELECT created_at, received_at, answered_at FROM message WHERE project_id = ? AND handled_at >= ? "
                "AND answered_at IS NOT NULL AND NOT own ORDER BY handled_at DESC LIMIT ?",
                (number, now - span, NEWEST),
            ):
                since = began(created, received)
                worked.append(level.working(since, max(answered, since)))
            handled += self._handled(number, now - HOUR, now + 1)
        return Lately(_median(worked), _p90(worked), handled)

    def _handled(self, project_id: int, start: Instant, end: Instant) -> int:
        return int(
            self._db.value(
                "SELECT count(*) FROM message WHERE project_id = ? AND handled_at >= ? AND handled_at < ? "
                "AND handled_by NOT IN ('', 'network', 'worker')",
                (project_id, start, end),
            )
        )

    def _backlog(self, project_id: int, kind: str) -> tuple[int, int]:
        of_kind = reads.QueueFilter(project_id=project_id, kinds=(kind,))
        return reads.count(self._db, of_kind), reads.count(self._db, of_kind._replace(late=True))


def _median(values: Iterable[Instant]) -> Instant | None:
    known = list(values)
    return round(median(known)) if known else None


def _p90(values: Iterable[Instant]) -> Instant | None:
    known = list(values)
    if len(known) < 2:
        return known[0] if known else None
    return round(quantiles(known, n=10, method="inclusive")[_NINETY])
