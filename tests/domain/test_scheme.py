"""Places that come back by a rule."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.scheme import Slot, check, weekly

START = date(2026, 11, 30)  # a Monday


def slot(rule: str, *without: date) -> Slot:
    return Slot(rule, START, time(10), "informational", exceptions=frozenset(without))


@given(st.sets(st.integers(0, 6), min_size=1), st.integers(0, 400), st.integers(0, 60))
def test_weekdays_come_every_week(days: set[int], offset: int, length: int) -> None:
    first = START + timedelta(days=offset)
    found = list(slot(weekly(days)).days(first, first + timedelta(days=length)))
    assert found == [day for n in range(length + 1) if (day := first + timedelta(days=n)).weekday() in days]


def test_an_exception_is_left_out() -> None:
    assert list(slot("FREQ=WEEKLY;BYDAY=MO", START).days(START, START + timedelta(days=7))) == [
        START + timedelta(days=7)
    ]


def test_nothing_comes_before_the_first_day_or_after_the_end() -> None:
    rule = slot("FREQ=DAILY;UNTIL=20261202T235959Z")
    days = list(rule.days(START - timedelta(days=9), START + timedelta(days=9)))
    assert days == [START + timedelta(days=n) for n in range(3)]
    assert list(slot("FREQ=MONTHLY;BYDAY=1FR;COUNT=1").days(START, START + timedelta(days=90))) == [date(2026, 12, 4)]


@pytest.mark.parametrize(
    "rule", ["FREQ=WEEKLY;BYDAY=MO", "RRULE:FREQ=DAILY;COUNT=3", "freq=yearly;bymonth=2;bymonthday=29"]
)
def test_what_comes(rule: str) -> None:
    check(rule, START)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every Monday",
        "FREQ=HOURLY",
        "FREQ=SECONDLY;COUNT=99999999",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=3",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;UNTIL=20200101",
        "FREQ=DAILY;UNTIL=99",
        "FREQ=DAILY\nDTSTART:20200101",
        "BYDAY=MO",
        "FREQ=DAILY;COUNT=0",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=DAILY;WKST=99",
        "FREQ=WEEKLY;" + "BYDAY=MO;" * 99,
    ],
)
def test_what_is_no_rule_or_never_comes_is_refused(rule: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check(rule, START)
    assert caught.value.field == "rule"


@given(st.text("FREQWKLYDAIMONTHUNCB=;,-+0123456789", max_size=40))
def test_no_words_break_it(words: str) -> None:
    try:
        check(words, START)
    except InvalidInput:
        return
    list(slot(words).days(START, START + timedelta(days=40)))
