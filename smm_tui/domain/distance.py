"""Ways in time as a person types them: how far, to which weeks, which day of a month. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _, ngettext


def distance(words: str) -> timedelta:
    """The way meant by ``2d``, ``-1w``, ``+3h``, ``90m`` or several of them; a bare number means days."""
    plain = words.strip().casefold().replace(" ", "")
    match = re.fullmatch(r"([+-]?)((?:[0-9]{1,5}[wdhm])+|[0-9]{1,5})", plain)
    if match is None:
        raise InvalidInput(
            _("“{words}” is no distance in time.").format(words=clip(inert(words), 40)),
            _("For example: 2d, -1w, 3h, 1d12h."),
            field="by",
        )
    sign, parts = match.groups()
    if parts.isdecimal():
        parts += "d"
    names = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}
    found = timedelta()
    for count, unit in re.findall(r"([0-9]+)([wdhm])", parts):
        found += timedelta(**{names[unit]: int(count)})
    return -found if sign == "-" else found


def in_words(by: timedelta) -> str:
    """A distance as a person says it."""
    sign, length = ("-", -by) if by < timedelta() else ("", by)
    minutes = length // timedelta(minutes=1)
    days, rest = divmod(minutes, 24 * 60)
    parts = [ngettext("{count} day", "{count} days", days).format(count=days)] if days else []
    if rest:
        parts.append(_("{hours}:{minutes:02} h").format(hours=rest // 60, minutes=rest % 60))
    return sign + " ".join(parts)


def week_numbers(words: str) -> list[int]:
    """How many weeks later: ``1``, ``1,2,4`` or ``1-4``."""
    found: list[int] = []
    for part in words.replace(",", " ").split():
        match = re.fullmatch(r"([0-9]{1,3})(?:-([0-9]{1,3}))?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 0 < first <= last:
            raise InvalidInput(
                _("“{words}” does not say how many weeks later.").format(words=clip(inert(part), 40)),
                _("For example: 1, or 1,2,3, or 1-4."),
                field="weeks",
            )
        found += range(first, last + 1)
    return list(dict.fromkeys(found))


def day_in(words: str, year: int, month: int) -> date:
    """A day of a month by its number, or a date."""
    plain = words.strip()
    try:
        return date(year, month, int(plain)) if plain.isdecimal() and len(plain) < 3 else date.fromisoformat(plain)
    except ValueError:
        raise InvalidInput(
            _("“{words}” is no day of that month.").format(words=clip(inert(words), 40)),
            _("Write its number, or a date as 2026-12-24."),
            field="day",
        ) from None
