"""The places of a scheme that are still open in a month: light, for the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from smm_tui.db.reads.scheme import SpecialDay
from smm_tui.domain.scheme import Slot


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A place on one day that no post has taken."""

    slot: Slot
    day: date

    @property
    def wall(self) -> datetime:
        """Its wall time, naive."""
        return datetime.combine(self.day, self.slot.wall_time)

    @property
    def key(self) -> tuple[int, str]:
        """What tells it from all others."""
        return self.slot.id or 0, self.day.isoformat()


def open_places(
    slots: Sequence[Slot],
    special: Sequence[SpecialDay],
    taken: Iterable[tuple[str, str]],
    span: tuple[date, date],
    after: datetime,
) -> list[OpenPlace]:
    """The open places of the days of `span`, both included, later than the wall time `after`, in the order of time.

    `taken` are the posts: wall time (ISO 8601) and kind. A post takes one place of its minute, that of its own kind
    first. Quiet days have no places.
    """
    quiet = {day for day, names in days_named(special, *span).items() if any(named.quiet for named in names)}
    places = [OpenPlace(slot, day) for slot in slots for day in slot.days(*span) if day not in quiet]
    at: dict[str, list[OpenPlace]] = {}
    for place in sorted(places, key=lambda place: (place.wall, place.slot.id or 0)):
        at.setdefault(f"{place.wall:%Y-%m-%dT%H:%M}", []).append(place)
    for wall, kind in taken:
        here = at.get(wall[:16])
        if here:
            here.remove(next((place for place in here if place.slot.content_type == kind), here[0]))
    return [place for here in at.values() for place in here if place.wall > after]


def days_named(special: Sequence[SpecialDay], first: date, last: date) -> Mapping[date, list[SpecialDay]]:
    """The special days from `first` to `last`, both included; those that come back each year are in each."""
    named: dict[date, list[SpecialDay]] = {}
    for count in range((last - first).days + 1):
        day = first + timedelta(days=count)
        here = [
            one
            for one in special
            if one.day == day
            or (one.yearly and one.day <= day and (one.day.month, one.day.day) == (day.month, day.day))
        ]
        if here:
            named[day] = here
    return named
