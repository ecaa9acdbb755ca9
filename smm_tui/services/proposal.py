"""What could stand in the open places of a month: kinds that keep the rules, and words from ideas and templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from smm_tui.db.database import Database
from smm_tui.db.reads import accounts as account_reads
from smm_tui.db.reads import plans as plan_reads
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads import scheme as reads
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.db.reads.scheme import Idea, Template
from smm_tui.domain import alternation, templates, zones
from smm_tui.domain.alternation import Place
from smm_tui.domain.clock import DAY, Instant
from smm_tui.domain.content_types import ContentTypes
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import inert
from smm_tui.domain.public_holidays import public_holidays
from smm_tui.i18n import _, ngettext
from smm_tui.services.places import OpenPlace, days_named, open_places


@dataclass(frozen=True, slots=True)
class Filled:
    """A place with what is proposed for it. `text` empty: to be written by a person."""

    place: OpenPlace
    wall: datetime  # naive; later than the place's own where the clocks jump over that
    kind: str
    text: str = ""
    idea: Idea | None = None
    template: Template | None = None

    @property
    def pillar_id(self) -> int | None:
        """The rubric of its idea, or of its place."""
        return self.idea.pillar_id if self.idea is not None and self.idea.pillar_id else self.place.slot.pillar_id


@dataclass(frozen=True, slots=True)
class Proposal:
    """A month filled. `keeps_rules`: no rule of alternation is broken in it; otherwise no choice could keep them."""

    project: ProjectRow
    types: ContentTypes
    filled: tuple[Filled, ...]
    keeps_rules: bool

    @property
    def sources(self) -> dict[str, int]:
        """How many places have their words from where: ``idea``, ``evergreen``, ``template``, ``nothing``."""
        counts = dict.fromkeys(("idea", "evergreen", "template", "nothing"), 0)
        for one in self.filled:
            counts[source(one)] += 1
        return counts


def source(filled: Filled) -> str:
    """Where the words of a place come from."""
    if filled.idea is not None:
        return "idea" if filled.idea.rest_days is None else "evergreen"
    return "nothing" if filled.template is None else "template"


def filled_message(proposal: Proposal) -> str:
    """What the places of a month have their words from, in a sentence."""
    counts = proposal.sources
    written = len(proposal.filled) - counts["nothing"]
    message = ngettext(
        "{count} place: {written} with words, {nothing} to be written.",
        "{count} places: {written} with words, {nothing} to be written.",
        len(proposal.filled),
    ).format(count=len(proposal.filled), written=written, nothing=counts["nothing"])
    if not proposal.keeps_rules:
        message += " " + _("No choice keeps all rules of alternation.")
    return message


def propose(db: Database, project_id: int, year: int, month: int) -> Proposal:
    """Fill the open places of a month that still lie ahead. InvalidInput for a project that is not there."""
    project = project_reads.project(db, project_id)
    if project is None or project.archived_at is not None:
        raise InvalidInput(_("There is no such project, or it is archived."), field="project")
    start, end = zones.month_bounds(year, month, "UTC")
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    posts = [
        (row.planned_wall, row.content_type)
        for row in plan_reads.month(db, project_id, f"{year:04}-{month:02}-", start - DAY, end + DAY)
    ]
    places = month_places(db, project, year, month, posts)
    types = reads.content_types(db, project_id)
    kinds, keeps = assigned(posts, places, types, (first, last))
    words = _Words(db, project)
    filled = []
    for place, kind in zip(places, kinds, strict=True):
        instant = zones.resolve(place.wall, project.timezone)
        wall = zones.local(instant, project.timezone).replace(tzinfo=None)
        filled.append(words.fill(Filled(place, wall, kind), instant))
    return Proposal(project, types, tuple(filled), keeps)


def month_places(
    db: Database, project: ProjectRow, year: int, month: int, taken: Iterable[tuple[str, str]]
) -> list[OpenPlace]:
    """The open places of a month that still lie ahead; `taken` are its posts: wall time and kind."""
    first = date(year, month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    now = zones.local(db.clock(), project.timezone).replace(tzinfo=None)
    return open_places(reads.slots(db, project.id), reads.special_days(db, project.id), taken, (first, last), now)


def assigned(
    posts: Sequence[tuple[str, str]], places: Sequence[OpenPlace], types: ContentTypes, span: tuple[date, date]
) -> tuple[list[str], bool]:
    """A kind for each place among the posts (wall time and kind, in the order of time), and whether all rules hold.

    Where the month as a whole cannot keep them, the part from the first place on may; where not even that, rules give
    way, those about gaps first.
    """
    if not places:
        return [], True
    turns = [(wall[:16], Place(date.fromisoformat(wall[:10]), (kind,)), False) for wall, kind in posts]
    for place in places:
        kind = place.slot.content_type
        turns.append((f"{place.wall:%Y-%m-%dT%H:%M}", Place(place.day, (kind,) if kind else tuple(types)), True))
    turns.sort(key=lambda turn: turn[0])
    first, last = span
    ahead = next(position for position, turn in enumerate(turns) if turn[2])
    for part, since, kinds, whole in (
        (turns, first, types, True),
        (turns[ahead:], places[0].day, types, True),
        (turns[ahead:], places[0].day, _without(types, max_gap_days=None), False),
        (turns[ahead:], places[0].day, _without(types, max_gap_days=None, max_per_day=None), False),
        (turns[ahead:], places[0].day, _without(types, max_gap_days=None, max_per_day=None, max_in_row=None), False),
    ):
        found = alternation.assign([turn[1] for turn in part], kinds, since, last)
        if found is not None:
            return [kind for kind, turn in zip(found, part, strict=True) if turn[2]], whole
    raise AssertionError("without rules every choice is good")


def _without(types: ContentTypes, **rules: Any) -> ContentTypes:
    return ContentTypes(replace(kind, **rules) for kind in types.values())


class _Words:
    """Hands out ideas and templates, each where it fits and no sooner than it may come again."""

    def __init__(self, db: Database, project: ProjectRow) -> None:
        self._db = db
        self._project = project
        self._ideas = reads.ideas(db, project.id)
        self._rested = {idea.id: idea.used_at for idea in self._ideas}
        self._templates = reads.templates(db, project.id)

    def fill(self, place: Filled, instant: Instant) -> Filled:
        """The place with an idea for it, else a template, else as it is."""
        idea = self._idea(place, instant)
        if idea is not None:
            self._rested[idea.id] = instant
            return replace(place, text=idea.text, idea=idea)
        template = next((one for one in self._templates if one.content_type == place.kind), None)
        if template is None:
            return place
        self._templates.remove(template)
        text = templates.rendered(template.text, variables(self._db, self._project, place.wall))
        return replace(place, text=text, template=template)

    def _idea(self, place: Filled, instant: Instant) -> Idea | None:
        pillar = place.place.slot.pillar_id
        fitting = [
            idea
            for idea in self._ideas
            if idea.content_type in ("", place.kind)
            and (pillar is None or idea.pillar_id in (None, pillar))
            and self._may_come(idea, instant)
        ]
        return min(fitting, key=lambda idea: (idea.content_type == "", idea.pillar_id != pillar), default=None)

    def _may_come(self, idea: Idea, instant: Instant) -> bool:
        used = self._rested[idea.id]
        return used is None or (idea.rest_days is not None and abs(instant - used) >= idea.rest_days * DAY)


def variables(db: Database, project: ProjectRow, wall: datetime) -> Mapping[str, str]:
    """What the variables of a template stand for in a post of that wall time, in the project's language."""
    from babel import Locale, UnknownLocaleError, dates

    try:
        locale = Locale.parse(project.language.replace("-", "_") or "en")
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    accounts = account_reads.of_project(db, project.id)
    sets = reads.hashtag_sets(db, project.id)
    return {
        "client": project.client or project.name,
        "project": project.name,
        "date": dates.format_skeleton("MMMMd", wall, locale=locale),
        "weekday": dates.format_date(wall, "EEEE", locale=locale),
        "month": dates.format_date(wall, "LLLL", locale=locale),
        "year": str(wall.year),
        "time": f"{wall:%H:%M}",
        "holiday": ", ".join(named_days(db, project, wall.date(), wall.date()).get(wall.date(), ())),
        "link": next((account.url for account in accounts if account.url), ""),
        "hashtags": " ".join(sets[0].tags) if sets else "",
    }


def named_days(db: Database, project: ProjectRow, first: date, last: date) -> dict[date, tuple[str, ...]]:
    """The days from `first` to `last`, both included, that have a name: the project's own, and public holidays."""
    own = days_named(reads.special_days(db, project.id), first, last)
    holidays: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        holidays |= public_holidays(project.country, project.language, year)
    found: dict[date, tuple[str, ...]] = {}
    for day in sorted({*own, *(day for day in holidays if first <= day <= last)}):
        found[day] = tuple(_distinct([*(inert(one.name) for one in own.get(day, ())), holidays.get(day, "")]))
    return found


def _distinct(names: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(name for name in names if name)
