"""Ways in time as they are typed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.distance import day_in, distance, in_words, week_numbers
from smm_tui.domain.errors import InvalidInput


@given(st.sampled_from(("", "+", "-")), *[st.integers(0, 99)] * 4)
def test_parts_add_up_and_a_sign_turns_them_round(sign: str, weeks: int, days: int, hours: int, minutes: int) -> None:
    by = distance(f" {sign}{weeks}w {days}d{hours}H {minutes}m")
    meant = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
    assert by == (-meant if sign == "-" else meant)


@pytest.mark.parametrize(
    ("words", "said"), [("2", "2 days"), ("-1w", "-7 days"), ("36h", "1 day 12:00 h"), ("90m", "1:30 h")]
)
def test_a_bare_number_means_days_and_is_said_so(words: str, said: str) -> None:
    assert in_words(distance(words)) == said


@given(st.text(max_size=12))
def test_whatever_is_typed_is_read_or_refused(words: str) -> None:
    for read in (distance, week_numbers, lambda typed: day_in(typed, 2026, 2)):
        with suppress(InvalidInput):
            assert read(words) is not None


@pytest.mark.parametrize("words", ["", "2x", "--2d", "d", "1e3", "٣d", "999999d"])
def test_what_is_no_distance_is_refused(words: str) -> None:
    with pytest.raises(InvalidInput, match="no distance"):
        distance(words)


def test_weeks_and_days_of_a_month() -> None:
    assert week_numbers("1, 3-5 4") == [1, 3, 4, 5]
    assert day_in("12", 2026, 12) == day_in("2026-12-12", 2026, 1) == date(2026, 12, 12)
    for words in ("0", "31-1", "x"):
        with pytest.raises(InvalidInput):
            week_numbers(words)
    with pytest.raises(InvalidInput, match="no day of that month"):
        day_in("30", 2026, 2)
