"""The weekly scheme: places that come back by a rule (RFC 5545, RRULE), by their days.

Days only: the wall time and the zone of a place are settled when a post is put there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import N_, _

if TYPE_CHECKING:
    from dateutil.rrule import rrule

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
HORIZON = timedelta(days=9 * 366)
"""A rule that brings no day within it never will: even 29 February comes back within eight years."""
_PARTS = re.compile(r"(?:RRULE:)?[A-Z]+=[A-Z0-9,+\-]+(?:;[A-Z]+=[A-Z0-9,+\-]+)*", re.ASCII)
_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of the scheme. `accounts` None: all of the project; `exceptions`: days on which it does not come."""

    rule: str
    first_day: date
    wall_time: time
    content_type: str
    title: str = ""
    pillar_id: int | None = None
    accounts: tuple[int, ...] | None = None
    exceptions: frozenset[date] = frozenset()
    id: int | None = None

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days from `first` to `last`, both included, on which it comes."""
        for moment in parsed(self.rule, self.first_day).between(_midnight(first), _midnight(last), inc=True):
            if moment.date() not in self.exceptions:
                yield moment.date()


def weekly(days: Iterable[int]) -> str:
    """The rule of a place on some weekdays (Monday is 0)."""
    return "FREQ=WEEKLY;BYDAY=" + ",".join(DAYS[day] for day in sorted(set(days)))


def rule_of(words: str) -> str:
    """The rule that words mean: weekdays (``mon thu``, ``daily``) or a rule itself. InvalidInput (field ``rule``)."""
    if "=" in words:
        return words.strip().upper().removeprefix("RRULE:")
    named = words.casefold().replace(",", " ").split()
    if named in (["daily"], [_("daily").casefold()]):
        return weekly(range(7))
    days = []
    for name in named:
        day = next((n for n, known in enumerate(WEEKDAYS) if len(name) > 1 and _is_day(name, known)), None)
        if day is None:
            raise InvalidInput(
                _("“{word}” is no weekday.").format(word=clip(inert(name), 40)),
                _("For example: mon thu. Or a recurrence rule, as FREQ=MONTHLY;BYDAY=1FR."),
                field="rule",
            )
        days.append(day)
    if not days:
        raise InvalidInput(_("On which days does it come?"), _("For example: mon thu."), field="rule")
    return weekly(days)


def in_words(rule: str) -> str:
    """A rule as `rule_of` reads it back: weekdays where it is nothing else, or the rule itself."""
    prefix = "FREQ=WEEKLY;BYDAY="
    codes = rule.removeprefix(prefix).split(",")
    if not rule.startswith(prefix) or not set(codes) <= set(DAYS):
        return rule
    return " ".join(_(WEEKDAYS[DAYS.index(code)])[:3].casefold() for code in codes)


def _is_day(word: str, known: str) -> bool:
    return any(name.casefold().startswith(word) or word.startswith(name.casefold()) for name in (known, _(known)))


def parsed(rule: str, first_day: date) -> rrule:
    """A rule as dateutil reads it. InvalidInput (field ``rule``) for what is no rule of days."""
    from dateutil.rrule import rrule as kind
    from dateutil.rrule import rrulestr

    words = rule.strip().upper()
    hint = _("For example FREQ=WEEKLY;BYDAY=MO,TH or FREQ=MONTHLY;BYDAY=1FR;UNTIL=20271231.")
    if len(words) > _LENGTH or _PARTS.fullmatch(words) is None:
        raise InvalidInput(_("This is no recurrence rule."), hint, field="rule")
    parts = dict(part.split("=", 1) for part in words.removeprefix("RRULE:").split(";"))
    if parts.get("FREQ") not in FREQUENCIES or {"BYHOUR", "BYMINUTE", "BYSECOND"} & parts.keys():
        raise InvalidInput(
            _("A place of the scheme comes back by days: DAILY, WEEKLY, MONTHLY or YEARLY."), hint, field="rule"
        )
    if not re.fullmatch(r"[1-9]\d{0,3}", parts.get("INTERVAL", "1")):
        raise InvalidInput(_("The interval of a recurrence rule is a number from 1."), hint, field="rule")
    if "UNTIL" in parts:  # a day: a time or a zone behind it means nothing here
        parts["UNTIL"] = parts["UNTIL"][:8]
    try:
        found = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=_midnight(first_day))
    except (ValueError, TypeError, KeyError, OverflowError):
        raise InvalidInput(_("This recurrence rule cannot be read."), hint, field="rule") from None
    if not isinstance(found, kind):
        raise InvalidInput(_("This is no recurrence rule."), hint, field="rule")
    return found


def check(rule: str, first_day: date) -> None:
    """Whether a rule can be read and ever brings a day. InvalidInput (field ``rule``) when it does not."""
    found = parsed(rule, first_day)
    come = next(iter(found.replace(until=_midnight(first_day) + HORIZON, count=None)), None)
    if come is None or not found.between(come, come, inc=True):
        raise InvalidInput(
            _("This recurrence rule never brings a day."),
            _("Look at its days, months and end: 30 February does not exist."),
            field="rule",
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
