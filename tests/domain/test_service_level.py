"""Time to answer, in working time: over weekends, holidays and the nights when the clocks jump."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain import zones
from smm_tui.domain.clock import DAY, HOUR, MINUTE
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.service_level import ServiceLevel, began, parse_hours, read_hours, write_hours

ZONE = "Europe/Budapest"
OFFICE = parse_hours({str(day): ["09:00-12:00", "13:00-17:00"] for day in range(5)})
NIGHT = parse_hours({str(day): ["00:00-24:00"] for day in range(7)})


def at(words: str, zone: str = ZONE) -> int:
    return zones.resolve(datetime.fromisoformat(words), zone)


def level(minutes: int = 120, **more) -> ServiceLevel:
    return ServiceLevel(ZONE, minutes, **{"hours": OFFICE, **more})


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-09-21 09:30", "2026-09-21 11:30"),
        ("2026-09-21 11:30", "2026-09-21 14:30"),  # over lunch
        ("2026-09-21 16:00", "2026-09-22 10:00"),
        ("2026-09-25 16:30", "2026-09-28 10:30"),  # over the weekend
        ("2026-09-26 03:00", "2026-09-28 11:00"),
        ("2026-09-21 10:00", "2026-09-21 12:00"),  # to the last minute of a span
    ],
)
def test_only_working_hours_count(asked, due):
    assert level().due(at(asked)) == at(due)


def test_holidays_do_not_count():
    off = level(is_off=lambda day: day == date(2026, 10, 23))
    assert off.due(at("2026-10-22 16:00")) == at("2026-10-26 10:00")


@pytest.mark.parametrize(("night", "hours"), [("2026-10-25", 25), ("2026-03-29", 23), ("2026-05-05", 24)])
def test_a_night_when_the_clocks_jump_is_as_long_as_it_is(night, hours):
    around = level(hours=NIGHT)
    start = at(f"{night} 00:00")
    assert around.working(start, start + hours * HOUR) == hours * HOUR
    assert zones.local(start + hours * HOUR, ZONE).hour == 0


def test_kinds_have_their_own_time():
    kinds = level(by_kind={"message": 30})
    start = at("2026-09-21 09:00")
    assert kinds.due(start, "message") == start + 30 * MINUTE
    assert kinds.due(start, "comment") == start + 120 * MINUTE


def test_without_hours_all_hours_work():
    start = at("2026-09-26 03:00")
    always = ServiceLevel(ZONE, 60)
    assert always.due(start) == start + HOUR
    assert always.working(start, start + 3 * DAY) == 3 * DAY


def test_hours_that_never_come_do_not_hang():
    start = at("2026-09-26 03:00")
    assert level(is_off=lambda _day: True).due(start) == start + 2 * HOUR


@pytest.mark.parametrize(
    ("created", "expected"),
    [(0, 10**12), (4 * 10**12, 10**12), (10**12 - HOUR, 10**12 - HOUR), (10**12 - 31 * DAY, 10**12)],
)
def test_a_clock_that_cannot_be_believed_is_not(created, expected):
    assert began(created, 10**12) == expected


@pytest.mark.parametrize(
    "hours",
    [
        {"7": []},
        {"0": ["9-17"]},
        {"0": ["12:00-09:00"]},
        {"0": ["09:00-25:00"]},
        {"0": ["09:60-10:00"]},
        {"0": ["09:00-12:00", "11:00-13:00"]},
    ],
)
def test_hours_that_are_none_are_refused(hours):
    with pytest.raises(InvalidInput) as refused:
        parse_hours(hours)
    assert refused.value.field == "hours"


spans = st.lists(st.integers(0, 1440), min_size=2, max_size=4, unique=True).map(
    lambda marks: tuple(zip(*[iter(sorted(marks))] * 2, strict=False))
)
levels = st.builds(
    lambda zone, minutes, hours, off: ServiceLevel(zone, minutes, hours=hours, is_off=lambda day: day.day in off),
    st.sampled_from((ZONE, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")),
    st.integers(1, 3000),
    st.dictionaries(st.integers(0, 6), spans, max_size=7),
    st.sets(st.integers(1, 31), max_size=5),
)
instants = st.integers(at("2026-01-01"), at("2027-12-31"))


@given(levels, instants, instants)
def test_what_is_due_is_reached_by_working(some, one, other):
    first, second = sorted((one, other))
    due = some.due(first)
    assert due >= first
    assert due <= some.due(second)
    worked = some.working(first, due)
    assert worked == some.minutes() * MINUTE or worked < some.minutes() * MINUTE <= due - first


@given(levels, instants, st.integers(0, 20 * DAY), st.integers(0, 20 * DAY))
def test_working_time_adds_up(some, start, one, two):
    middle, end = start + one, start + one + two
    assert some.working(start, end) == some.working(start, middle) + some.working(middle, end)
    assert 0 <= some.working(start, end) <= end - start


@given(
    st.dictionaries(
        st.integers(0, 6).map(str),
        st.sampled_from([["09:00-17:00"], ["09:00-12:00", "13:00-17:00"], ["00:00-24:00"]]),
        max_size=7,
    )
)
def test_hours_survive_being_written_and_read(hours: dict[str, list[str]]) -> None:
    assert read_hours(write_hours(hours)) == hours


@pytest.mark.parametrize("words", ["always", "x=09:00-10:00", "0-=", "=09:00-10:00"])
def test_what_are_no_working_hours(words: str) -> None:
    with pytest.raises(InvalidInput):
        parse_hours(read_hours([words]))
