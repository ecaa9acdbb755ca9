"""Wall time, IANA zones and the instants they mean.

A planned time is a wall time in a zone. Where the clocks jump, a wall time may not exist or exist twice; nothing here
decides that in silence: callers ask `exists` and `is_ambiguous`, or are told by `rezone`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from smm_tui.domain.clock import SECOND, Instant, to_datetime, to_instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# Outside of these years, zones carry datetime over its own edges; and nobody plans there.
FIRST_YEAR, LAST_YEAR = 1970, 9998


class Rezoned(NamedTuple):
    """A wall time carried to another zone. `certain` is False where it does not exist or exists twice there."""

    wall: datetime
    instant: Instant
    certain: bool


def get_zone(name: str) -> ZoneInfo:
    """The zone of an IANA name; InvalidInput on `timezone` for anything else."""
    from zoneinfo import ZoneInfo  # with the interpreter's build settings behind it: not for a start in UTC

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a key at all, a folder of the zone files
        raise _unknown(name) from None


def check_zone(name: str) -> str:
    """The name as the IANA database spells it, whatever its letter case; InvalidInput with near names otherwise."""
    found = _names().get(_folded(name))
    if found is None:
        raise _unknown(name)
    return found


def exists(wall: datetime, zone: str) -> bool:
    """Whether the clocks of the zone ever show this naive wall time; not in the gap of a jump forward."""
    from dateutil import tz

    return tz.datetime_exists(wall, get_zone(zone))


def is_ambiguous(wall: datetime, zone: str) -> bool:
    """Whether the clocks of the zone show this naive wall time twice."""
    from dateutil import tz

    return exists(wall, zone) and tz.datetime_ambiguous(wall, get_zone(zone))


def resolve(wall: datetime, zone: str, fold: int = 0) -> Instant:
    """The instant of a naive wall time. `fold` 1 means the second of two; a time that does not exist moves forward
    by the gap (fold 0) or back by it (fold 1)."""
    return to_instant(wall.replace(tzinfo=get_zone(zone), fold=fold))


def local(instant: Instant, zone: str) -> datetime:
    """The aware datetime the clocks of the zone show at an instant."""
    return to_datetime(instant).astimezone(get_zone(zone))


def jump(wall: datetime, zone: str) -> tuple[datetime, datetime]:
    """What the clocks of the zone show right before and right after the change nearest to a wall time in its gap
    or overlap, both naive: (02:00, 03:00) for the spring of Budapest."""
    place = get_zone(zone)
    one, two = (resolve(wall, zone, fold) for fold in (0, 1))

    def offset(second: int) -> timedelta:
        return datetime.fromtimestamp(second, place).utcoffset() or timedelta(0)

    low, high = min(one, two) // SECOND - 1, max(one, two) // SECOND + 1
    before, after = offset(low), offset(high)
    while high - low > 1:
        middle = (low + high) // 2
        if offset(middle) == before:
            low = middle
        else:
            high = middle
    change = datetime.fromtimestamp(high, UTC).replace(tzinfo=None)
    return change + before, change + after


def month_bounds(year: int, month: int, zone: str) -> tuple[Instant, Instant]:
    """The first instant of a month in a zone, and that of the next month."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise InvalidInput(_("There is no month {year}-{month}.").format(year=year, month=month), field="month")
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return resolve(datetime(year, month, 1), zone), resolve(datetime(*following, 1), zone)


def rezone(instant: Instant, old: str, new: str) -> Rezoned:
    """A planned time when its project moves to another zone: the wall time stays, the instant moves."""
    wall = local(instant, old).replace(tzinfo=None)
    fits = exists(wall, new)
    moved = resolve(wall, new)
    if not fits:
        wall = local(moved, new).replace(tzinfo=None)
    return Rezoned(wall, moved, fits and not is_ambiguous(wall, new))


@cache
def _names() -> dict[str, str]:
    from zoneinfo import available_timezones

    return {_folded(name): name for name in available_timezones()}


def _folded(name: str) -> str:
    return name.strip().replace(" ", "_").casefold()


def _unknown(name: str) -> InvalidInput:
    import difflib

    names, wanted = _names(), _folded(name)
    near = [known for folded, known in sorted(names.items()) if folded.rpartition("/")[2] == wanted]
    near = near or [names[match] for match in difflib.get_close_matches(wanted, names, n=3, cutoff=0.7)]
    return InvalidInput(
        _("There is no time zone “{name}”.").format(name=clip(inert(name), 40)),
        _("Did you mean {names}?").format(names=", ".join(near[:3]))
        if near
        else _("Use an IANA name such as Europe/Budapest or America/New_York."),
        field="timezone",
    )
