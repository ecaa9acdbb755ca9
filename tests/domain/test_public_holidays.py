"""Public holidays come from a country that exists, in the language asked for where it has names in it."""

from __future__ import annotations

from datetime import date

import pytest

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.public_holidays import country_code, public_holidays


def test_the_holidays_of_hungary_have_hungarian_names() -> None:
    found = public_holidays("HU", "hu", 2026)
    assert found[date(2026, 10, 23)] == "Nemzeti ünnep"
    assert {day.year for day in found} == {2026}


def test_another_language_is_used_where_the_country_has_it() -> None:
    assert public_holidays("HU", "en", 2026)[date(2026, 12, 25)] == "Christmas Day"
    assert date(2026, 10, 3) in public_holidays("DE", "hu", 2026), "no Hungarian names: those of the country"


def test_without_a_country_there_are_none() -> None:
    assert public_holidays("", "hu", 2026) == {}


@pytest.mark.parametrize(("typed", "code"), [("hu", "HU"), (" gb ", "GB"), ("", "")])
def test_a_country_is_two_letters(typed: str, code: str) -> None:
    assert country_code(typed) == code


@pytest.mark.parametrize("typed", ["XX", "HUN", "Hungary", "\x1b[31m", "HU HU"])
def test_what_is_no_country_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        country_code(typed)
    assert refused.value.field == "country"
