"""Public holidays of a country, in a language where they have names in it.

The library behind is imported at the first question: that costs a tenth of a second, and each country as much again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.i18n import _


def country_code(text: str) -> str:
    """A country as ISO 3166 writes it, ``HU``; empty for none. InvalidInput (field ``country``) for one without
    known holidays."""
    code = text.strip().upper()
    if not code:
        return ""
    from holidays import list_supported_countries

    if len(code) != 2 or code not in list_supported_countries():
        raise InvalidInput(
            _("No public holidays are known for “{text}”.").format(text=clip(inert(text), 40)),
            _("Write the country with two letters, as HU or GB; empty: no holidays."),
            field="country",
        )
    return code


@lru_cache(maxsize=64)
def public_holidays(country: str, language: str, year: int) -> Mapping[date, str]:
    """The holidays of a year by day, named in `language` where the library has it, else as the country does."""
    if not country:
        return {}
    from holidays import country_holidays

    spoken = language.replace("-", "_")
    known = country_holidays(country).supported_languages
    named = next(
        (name for wanted in (spoken, spoken.partition("_")[0]) for name in known if name.startswith(wanted)), None
    )
    found = country_holidays(country, years=year, language=named if spoken else None)
    return {day: inert(name) for day, name in sorted(found.items()) if day.year == year}
