"""Time spent: measured from actions, cut where something is written already, counted by days of any length."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain import worktime, zones
from smm_tui.domain.clock import HOUR, MINUTE, to_instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.worktime import IDLE, Kind, Moment, Span

ZONE = "Europe/Budapest"
TIMES = st.integers(0, 6 * HOUR)
KINDS = st.sampled_from(list(Kind))
MOMENTS = st.lists(st.builds(Moment, TIMES, st.integers(1, 3), KINDS), max_size=40).map(sorted)
PIECES = st.lists(st.tuples(TIMES, TIMES).filter(lambda pair: pair[0] < pair[1]), max_size=8)


def at(words: str) -> int:
    return zones.resolve(datetime.fromisoformat(words), ZONE)


@given(MOMENTS, TIMES)
def test_what_is_measured_never_overlaps_and_no_action_counts_more_than_the_longest_break(moments, since):
    spans = worktime.measured(moments, since=since)
    assert all(span.length > 0 for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    later = {moment.at for moment in moments if moment.at > since}
    assert sum(span.length for span in spans) <= IDLE * len(later)
    assert all(span.end in later for span in spans)
    # Every minute that was worked lies at most one break before an action.
    for span in spans:
        points = sorted(point for point in later if span.start < point <= span.end)
        assert all(b - a <= IDLE for a, b in zip([span.start, *points], points, strict=False))


def test_a_break_ends_a_stretch_and_another_client_begins_one():
    moments = [
        Moment(10 * MINUTE, 1, Kind.POSTS),
        Moment(13 * MINUTE, 1, Kind.POSTS),
        Moment(15 * MINUTE, 2, Kind.MESSAGES),
        Moment(60 * MINUTE, 1, Kind.POSTS),
    ]
    assert worktime.measured(moments, since=0) == [
        Span(5 * MINUTE, 13 * MINUTE, 1, Kind.POSTS),
        Span(13 * MINUTE, 15 * MINUTE, 2, Kind.MESSAGES),
        Span(55 * MINUTE, 60 * MINUTE, 1, Kind.POSTS),
    ]


@given(MOMENTS, PIECES)
def test_what_is_left_lies_outside_of_what_is_taken_and_nothing_else_is_lost(moments, taken):
    spans = worktime.measured(moments, since=0)
    left = worktime.without(spans, taken)

    for span in left:
        assert all(span.end <= start or end <= span.start for start, end in taken)
        assert any(whole.start <= span.start and span.end <= whole.end for whole in spans)
    lost = sum(span.length for span in spans) - sum(span.length for span in left)
    overlap = 0
    for span in spans:
        covered = sorted((max(a, span.start), min(b, span.end)) for a, b in taken if a < span.end and span.start < b)
        reached = span.start
        for a, b in covered:
            overlap += max(b - max(a, reached), 0)
            reached = max(reached, b)
    assert lost == overlap


@given(st.integers(at("2026-03-20T00:00"), at("2026-11-10T00:00")), st.integers(1, 60 * HOUR))
def test_days_share_all_of_the_time_whatever_the_clocks_do(start, length):
    days = worktime.by_day([Span(start, start + length, 1, "x")], ZONE)
    assert sum(days.values()) == length
    for (day, _project), spent in days.items():
        end = date.fromordinal(day.toordinal() + 1)
        assert 0 < spent <= worktime.midnight(end, ZONE) - worktime.midnight(day, ZONE)


def test_the_night_of_a_clock_change_is_as_long_as_it_was():
    spring = worktime.by_day([Span(at("2026-03-28T23:00"), at("2026-03-29T04:00"), 1, "x")], ZONE)
    assert spring == {(date(2026, 3, 28), 1): HOUR, (date(2026, 3, 29), 1): 3 * HOUR}
    autumn = worktime.by_day([Span(at("2026-10-24T23:00"), at("2026-10-25T04:00"), 1, "x")], ZONE)
    assert autumn == {(date(2026, 10, 24), 1): HOUR, (date(2026, 10, 25), 1): 5 * HOUR}


@given(st.integers(1, 1440))
def test_a_length_reads_back_as_it_is_shown(minutes):
    assert worktime.duration(worktime.clock_time(minutes * MINUTE)) == minutes * MINUTE
    assert worktime.duration(f"{minutes}m") == minutes * MINUTE


@pytest.mark.parametrize(
    ("words", "minutes"), [("1:30", 90), ("90m", 90), ("1.5h", 90), ("1,5 h", 90), ("2h 15m", 135), ("2 óra", 120)]
)
def test_lengths_as_people_write_them(words, minutes):
    assert worktime.duration(words) == minutes * MINUTE


@pytest.mark.parametrize("words", ["", "x", "1:75", "-2h", "0m", "25h", "1h30", "99999m", "1:30\x1b[2J"])
def test_what_is_no_length_is_refused(words):
    with pytest.raises(InvalidInput):
        worktime.duration(words)


def test_hours_are_rounded_to_a_hundredth_halves_up():
    assert worktime.hours(18_000) == Decimal("0.01")
    assert worktime.hours(17_999) == Decimal("0.00")
    assert worktime.hours(100 * MINUTE) == Decimal("1.67")
    assert to_instant(zones.local(at("2026-01-01T00:00"), ZONE)) == at("2026-01-01T00:00")
