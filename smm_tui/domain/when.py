"""Reading a planned time as people type it, in the project's zone."""

from __future__ import annotations

import re
import unicodedata
from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import count, islice

from smm_tui.domain.clock import SECOND, Instant, to_instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.zones import (
    FIRST_YEAR,
    LAST_YEAR,
    exists,
    get_zone,
    is_ambiguous,
    jump,
    local,
    resolve,
)
from smm_tui.i18n import _


@dataclass(frozen=True, slots=True)
class PlannedTime:
    """A naive wall time, its IANA zone, and the instant they mean."""

    wall: datetime
    zone: str
    instant: Instant


_DAYS = {"today": 0, "ma": 0, "tomorrow": 1, "holnap": 1, "holnaputan": 2}
# Full names first; three letters of one are enough. Then the forms with a case ending that do not begin like it.
_WEEKDAYS = (
    ("monday", "hetfon"),
    ("tuesday", "kedden"),
    ("wednesday", "szerdan"),
    ("thursday", "csutortokon"),
    ("friday", "pentek", "penteken"),
    ("saturday", "szombaton"),
    ("sunday", "vasarnap"),
)
_MONTHS = (
    ("january", "januar"),
    ("february", "februar"),
    ("march", "marcius"),
    ("april", "aprilis"),
    ("may", "majus"),
    ("june", "junius"),
    ("july", "julius"),
    ("august", "augusztus"),
    ("september", "szeptember"),
    ("october", "oktober"),
    ("november",),
    ("december",),
)
_TIMES = {"noon": time(12), "del": time(12), "midnight": time(0), "ejfel": time(0)}
_FOLDS = {"first": 0, "elso": 0, "second": 1, "masodik": 1}

_FOLD = re.compile(r"\s(first|second|elso|masodik)$")
_OFFSET = re.compile(r"(?P<clock>:\d\d(?:\.\d+)?) ?(?:z|utc|(?P<sign>[+-])(?P<hours>\d\d)(?::?(?P<minutes>\d\d))?)$")
_CLOCK = re.compile(
    r"(?:^|(?<=\s))(?:at\s)?(?:(?P<word>noon|del|midnight|ejfel)(?:ben|kor)?"
    r"|(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,6}))?)?)?\s?(?P<mark>am|pm|h|-?kor)?)$"
)
_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds", "mp"), "seconds"),
    **dict.fromkeys(("m", "min", "minute", "minutes", "p", "perc"), "minutes"),
    **dict.fromkeys(("h", "hour", "hours", "o", "ora"), "hours"),
    **dict.fromkeys(("d", "day", "days", "n", "nap"), "days"),
    **dict.fromkeys(("w", "week", "weeks", "het"), "weeks"),
}
_UNIT = "|".join(_UNITS)
_LATER = re.compile(rf"\+ ?((?:\d{{1,6}} ?(?:{_UNIT})(?![a-z]) ?)+)")
_STEP = re.compile(rf"(\d+) ?({_UNIT})(?![a-z])")
_FULL_DATE = re.compile(r"(\d{4})(?:-|/|\. ?)(\d{1,2})(?:-|/|\. ?)(\d{1,2})\.?")
_SHORT_DATE = re.compile(r"(\d{1,2})\. ?(\d{1,2})\.?")
_DAY_MONTH = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)? ?(?P<month>[a-z]+)\.?(?: (?P<year>\d{4}))?")
_MONTH_DAY = re.compile(r"(?:(?P<year>\d{4})\.? )?(?P<month>[a-z]+)\.? ?(?P<day>\d{1,2})(?:st|nd|rd|th|\.|-?[ae]n)?")
_EXAMPLES = "2026-12-24 18:00, fri 18:00, tomorrow 9, +90m, 24 dec 18:00"


def parse_when(words: str, *, now: Instant, zone: str, prefer: str | None = None) -> PlannedTime:
    """The time meant by ``2026-12-24 18:00``, ``fri 18:00``, ``holnap 9``, ``+90m``, ``24 dec 18:00`` and the like.

    Words without a date or year mean the next such time after `now`; an explicit offset or ``Z`` is converted into
    `zone`. Raises InvalidInput on ``at`` for what cannot be read, for a wall time that does not exist, and for one
    that exists twice unless the words end in ``first`` or ``second``, or `prefer` is one of these two.
    """
    get_zone(zone)
    try:
        return _read(_plain(words), words, now - now % SECOND, zone, _FOLDS.get(prefer or ""))
    except (OverflowError, ValueError):  # an hour 25, a 31 June, a year beyond the calendar
        raise _impossible(words) from None


def require_future(planned: PlannedTime, now: Instant) -> PlannedTime:
    """The same planned time; InvalidInput on ``at`` when it has passed."""
    if planned.instant <= now:
        raise InvalidInput(
            _("{time} in {zone} is in the past.").format(time=_shown(planned.wall), zone=planned.zone),
            _("Say a later time, for example: {examples}.").format(examples="+90m, tomorrow 9"),
            field="at",
        )
    return planned


def _plain(words: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    return " ".join(re.sub(r"(?<=\d)t(?=\d)", " ", bare.casefold().replace(",", " ")).split())


def _read(plain: str, words: str, now: Instant, zone: str, fold: int | None) -> PlannedTime:
    if match := _FOLD.search(plain):
        plain, fold = plain[: match.start()], _FOLDS[match[1]]
    here = local(now, zone).replace(tzinfo=None)
    if match := _LATER.fullmatch(plain):
        return _later(match[1], here, now, zone, fold)
    offset = _OFFSET.search(plain)
    if offset:
        plain = plain[: offset.end("clock")]
    if plain and _days(plain, here.date()) is not None:
        raise InvalidInput(
            _("“{words}” names a day, but no time of day.").format(words=_quoted(words)),
            _("Add the time, for example: {examples}.").format(examples=f"{_quoted(words)} 18:00"),
            field="at",
        )
    clock = _CLOCK.search(plain)
    days = _days(plain[: clock.start()].strip(), here.date()) if clock else None
    # A lone number, or one with a dot, may be a day as well as an hour: those need a date before them.
    lone = clock is not None and clock.start() == 0 and not (clock["word"] or clock["mark"] or ":" in plain)
    if clock is None or days is None or lone:
        raise _unreadable(words)
    walls = [datetime.combine(day, _time_of_day(clock)) for day in islice(days, 12)]
    if not all(FIRST_YEAR <= wall.year <= LAST_YEAR for wall in walls):
        raise _impossible(words)
    if offset:
        shifts = [_at_offset(wall, offset) for wall in walls]
        instant = next((shift for shift in shifts if shift > now), shifts[-1])
        return PlannedTime(local(instant, zone).replace(tzinfo=None), zone, instant)
    coming = (wall for wall in walls if max(resolve(wall, zone, 0), resolve(wall, zone, 1)) > now)
    return _settle(next(coming, walls[-1]), zone, fold)


def _days(words: str, today: date) -> Iterator[date] | None:
    """The days that some words may mean, soonest first; None when they name no day."""
    if not words:
        return (today + timedelta(days=ahead) for ahead in count())
    if words in _DAYS:
        return iter([today + timedelta(days=_DAYS[words])])
    if (weekday := _index_of(words.removeprefix("on "), _WEEKDAYS)) is not None:
        first = today + timedelta(days=(weekday - today.weekday()) % 7)
        return (first + timedelta(weeks=ahead) for ahead in count())
    if match := _LATER.fullmatch(words):
        ahead, rest = _steps(match[1])
        return None if rest else iter([today + ahead])
    if match := _FULL_DATE.fullmatch(words):
        return iter([date(*map(int, match.groups()))])
    if match := _SHORT_DATE.fullmatch(words):
        return _yearly(int(match[1]), int(match[2]), today)
    if match := _DAY_MONTH.fullmatch(words) or _MONTH_DAY.fullmatch(words):
        month = _index_of(match["month"], _MONTHS)
        if month is None:
            return None
        if match["year"]:
            return iter([date(int(match["year"]), month + 1, int(match["day"]))])
        return _yearly(month + 1, int(match["day"]), today)
    return None


def _yearly(month: int, day: int, today: date) -> Iterator[date]:
    date(2000, month, day)  # a leap year: refuses what is in no calendar
    return (date(year, month, day) for year in count(today.year) if (month, day) != (2, 29) or isleap(year))


def _index_of(word: str, names: tuple[tuple[str, ...], ...]) -> int | None:
    for index, known in enumerate(names):
        if any(word == name or (len(word) >= 3 and name.startswith(word)) for name in known):
            return index
    return None


def _time_of_day(clock: re.Match[str]) -> time:
    if clock["word"]:
        return _TIMES[clock["word"]]
    hour, mark = int(clock["hour"]), clock["mark"]
    if mark in {"am", "pm"}:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if mark == "pm" else 0)
    microsecond = int((clock["fraction"] or "").ljust(6, "0"))
    return time(hour, int(clock["minute"] or 0), int(clock["second"] or 0), microsecond)


def _steps(words: str) -> tuple[timedelta, timedelta]:
    """Calendar days (and weeks), and real time (hours and minutes): a day of 25 hours tells them apart."""
    days = rest = timedelta()
    for number, unit in _STEP.findall(words):
        step = timedelta(**{_UNITS[unit]: int(number)})
        if _UNITS[unit] in {"days", "weeks"}:
            days += step
        else:
            rest += step
    return days, rest


def _at_offset(wall: datetime, offset: re.Match[str]) -> Instant:
    shift = timedelta(hours=int(offset["hours"] or 0), minutes=int(offset["minutes"] or 0))
    return to_instant(wall.replace(tzinfo=timezone(-shift if offset["sign"] == "-" else shift)))


def _later(words: str, here: datetime, now: Instant, zone: str, fold: int | None) -> PlannedTime:
    days, rest = _steps(words)
    base = _settle(here + days, zone, fold) if days else PlannedTime(here, zone, now)
    instant = base.instant + rest // timedelta(milliseconds=1)
    return PlannedTime(local(instant, zone).replace(tzinfo=None), zone, instant)


def _settle(wall: datetime, zone: str, fold: int | None) -> PlannedTime:
    """A wall time with its instant, if there is exactly one or the choice is made."""
    if not exists(wall, zone):
        before, after = jump(wall, zone)
        later, earlier = wall + (after - before), wall - (after - before)
        raise InvalidInput(
            _("{time} does not exist on {day} in {zone} (clocks jump {before} -> {after}).").format(
                time=_clock(wall),
                day=wall.date(),
                zone=zone,
                before=_clock(before),
                after=_clock(after) if after.date() == before.date() else _shown(after),
            ),
            _("Say {later} or {earlier}.").format(later=_near(later, wall), earlier=_near(earlier, wall)),
            field="at",
        )
    if fold is None and is_ambiguous(wall, zone):
        raise InvalidInput(
            _("{time} comes twice on {day} in {zone} (clocks go back).").format(
                time=_clock(wall), day=wall.date(), zone=zone
            ),
            _("Say which: “{time} first” or “{time} second”.").format(time=_shown(wall)),
            field="at",
        )
    return PlannedTime(wall, zone, resolve(wall, zone, fold or 0))


def _clock(wall: datetime) -> str:
    return wall.strftime("%H:%M:%S" if wall.second else "%H:%M")


def _shown(wall: datetime) -> str:
    return f"{wall.date()} {_clock(wall)}"


def _near(wall: datetime, other: datetime) -> str:
    return _clock(wall) if wall.date() == other.date() else _shown(wall)


def _quoted(words: str) -> str:
    return clip(inert(" ".join(words.split())), 40)


def _impossible(words: str) -> InvalidInput:
    return InvalidInput(
        _("“{words}” is a day or a time of day that does not exist.").format(words=_quoted(words)),
        _("Examples: {examples}.").format(examples=_EXAMPLES),
        field="at",
    )


def _unreadable(words: str) -> InvalidInput:
    return InvalidInput(
        _("“{words}” is not a time this program can read.").format(words=_quoted(words)),
        _("Examples: {examples}.").format(examples=_EXAMPLES),
        field="at",
    )
