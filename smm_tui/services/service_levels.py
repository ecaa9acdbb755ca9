"""A project's promise of how soon people are answered: read for the worker and the figures, set by a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import scheme
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.public_holidays import public_holidays
from smm_tui.domain.service_level import DEFAULT_MINUTES, ServiceLevel, parse_hours
from smm_tui.i18n import _
from smm_tui.networks.community import ItemKind
from smm_tui.services.receipt import Receipt

LONGEST = 30 * 24 * 60


def of_project(db: Database, project_id: int) -> ServiceLevel:
    """The service level of a project: an answer within a day, at any hour, while it has set none."""
    row = db.one(
        lambda *values: values,
        "SELECT p.timezone, p.country, s.minutes, s.by_kind, s.hours, s.holidays_off "
        "FROM project p LEFT JOIN service_level s ON s.project_id = p.id WHERE p.id = ?",
        (project_id,),
    )
    if row is None:
        raise InvalidInput(_("There is no project {id}.").format(id=project_id), field="project")
    zone, country, minutes, by_kind, hours, holidays_off = row
    if minutes is None:
        return ServiceLevel(zone, DEFAULT_MINUTES)
    is_off = _days_off(db, project_id, country) if holidays_off else lambda _day: False
    return ServiceLevel(
        zone, minutes, by_kind=json.loads(by_kind), hours=parse_hours(json.loads(hours)), is_off=is_off
    )


class Promised(NamedTuple):
    """What a project promises, as `set_level` takes it."""

    minutes: int
    by_kind: Mapping[str, int]
    hours: Mapping[str, Sequence[str]]
    holidays_off: bool


def promised(db: Database, project_id: int) -> Promised:
    """What a project promises now; what holds where it has promised nothing."""
    row = db.one(
        lambda minutes, by_kind, hours, off: Promised(minutes, json.loads(by_kind), json.loads(hours), bool(off)),
        "SELECT minutes, by_kind, hours, holidays_off FROM service_level WHERE project_id = ?",
        (project_id,),
    )
    return row or Promised(DEFAULT_MINUTES, {}, {}, True)


def set_level(
    db: Database,
    actor: str,
    project_id: int,
    *,
    minutes: int,
    by_kind: Mapping[str, int] | None = None,
    hours: Mapping[str, Sequence[str]] | None = None,
    holidays_off: bool = True,
) -> Receipt:
    """Promise an answer within so many minutes of working time; what waits already keeps its time."""
    from smm_tui.db.tables import ProjectTable, ServiceLevelTable

    parse_hours(hours or {})
    for kind, value in {"": minutes, **(by_kind or {})}.items():
        if kind and kind not in tuple(ItemKind):
            raise InvalidInput(_("There is no kind of message “{kind}”.").format(kind=kind), field="kind")
        if not 1 <= value <= LONGEST:
            raise InvalidInput(_("An answer is promised within 1 minute to 30 days."), field="minutes")
    with db.unit() as unit:
        if unit.session.get(ProjectTable, project_id) is None:
            raise InvalidInput(_("There is no project {id}.").format(id=project_id), field="project")
        row = unit.session.get(ServiceLevelTable, project_id)
        if row is None:
            row = ServiceLevelTable(project_id=project_id, minutes=minutes)
            unit.session.add(row)
        row.minutes, row.by_kind = minutes, dict(by_kind or {})
        row.hours = {day: list(spans) for day, spans in (hours or {}).items()}
        row.holidays_off = holidays_off
        message = _("People are answered within {minutes} minutes.").format(minutes=minutes)
        unit.audit("project.service_level", "project", project_id, message, actor=actor, project_id=project_id)
        return Receipt(message, undo=unit.undoable(message, actor=actor, project_id=project_id))


def _days_off(db: Database, project_id: int, country: str) -> Callable[[date], bool]:
    """Public holidays of the project's country, and its own days on which nothing is posted."""
    own = [day for day in scheme.special_days(db, project_id) if day.quiet]
    years: dict[int, set[date]] = {}

    def is_off(day: date) -> bool:
        if day.year not in years:
            years[day.year] = set(public_holidays(country, "", day.year)) if country else set()
        if day in years[day.year]:
            return True
        return any(
            one.day == day or (one.yearly and (one.day.month, one.day.day) == (day.month, day.day)) for one in own
        )

    return is_off
