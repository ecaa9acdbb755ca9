"""Dates, numbers and money as the reader's language writes them, and names in the order of its alphabet.

Days and months come from the message catalogues, so that a screen imports nothing for them; numbers and money from
Babel (CLDR), at their first use.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from smm_tui import i18n
from smm_tui.i18n import N_

Translate = Callable[[str], str]

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
SHORT_MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May "),  # with a space, so that it is another message than the whole name
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)


def short_moment(moment: datetime) -> str:
    """Day, month and time in twelve cells, as ``10 Dec 18:00``."""
    return f"{_short(moment, f'{moment:%d}')} {moment:%H:%M}"


def short_day(day: date) -> str:
    """Day and month, as ``1 Dec``."""
    return _short(day, str(day.day))


def _short(date_: date, day: str) -> str:
    name = i18n._(SHORT_MONTHS[date_.month - 1]).strip()
    return i18n._("{day} {month_name}").format(day=day, month=f"{date_:%m}", month_name=name)


def weekday(day: date) -> str:
    """The day of the week, short."""
    return i18n._(WEEKDAYS[day.weekday()])


def weekday_moment(moment: datetime) -> str:
    """With its weekday, as ``Thu 2026-12-10 18:00``."""
    return f"{weekday(moment)} {moment:%Y-%m-%d %H:%M}"


def month(first: date, translate: Translate | None = None) -> str:
    """A month with its year, as ``December 2026``."""
    translate = translate or i18n._
    return translate(N_("{month} {year}")).format(month=translate(MONTHS[first.month - 1]), year=first.year)


def number(value: Decimal | float | int, language: str = "", *, places: int | None = None) -> str:
    """A number with the language's signs, in groups; `places` after the sign, None: as many as it has."""
    from babel.numbers import format_decimal

    pattern = None if places is None else "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(value, pattern, locale=_locale(language)))


def percent(value: float, language: str = "", *, places: int = 0) -> str:
    """A share of one as percents."""
    from babel.numbers import format_percent

    found = format_percent(round(value, places + 2), locale=_locale(language), decimal_quantization=False)
    return str(found)


def money(amount: Decimal, currency: str, language: str = "") -> str:
    """An amount with its currency, as ``120,000 HUF``: the code, because signs are shared by currencies; no minor
    units where there are none."""
    places = 0 if amount == amount.to_integral() else None
    return f"{number(amount, language, places=places)} {currency}"


def long_day(day: date, language: str = "") -> str:
    """A day written out for a reader of a document."""
    from babel.dates import format_date

    return str(format_date(day, "long", locale=_locale(language)))


def sorted_by_name(rows: list[Any], name: Callable[[Any], str], language: str = "") -> list[Any]:
    """Rows in the alphabetical order of a language."""
    from smm_tui.domain import collation

    key = collation.key_for(language or i18n.language())
    return sorted(rows, key=lambda row: key(name(row)))


def _locale(language: str) -> str:
    from babel import Locale, UnknownLocaleError

    code = (language or i18n.language()).replace("-", "_")
    try:
        return str(Locale.parse(code))
    except (UnknownLocaleError, ValueError):
        return "en"
