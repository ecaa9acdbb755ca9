"""The month as lines: nothing is left out in silence, nothing leaves its cell."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.inert import cells, inert
from smm_tui.widgets.line import Span
from smm_tui.widgets.month_cells import Entry, cell, entry_line, filled, spread, weeks

DAY = date(2026, 12, 10)

words = st.text(max_size=30).map(inert)
entries = st.builds(
    Entry,
    post_id=st.integers(1, 10**9),
    project_id=st.just(1),
    wall=st.times().map(lambda clock: datetime.combine(DAY, clock)),
    zone=st.just("Europe/Budapest"),
    kind=st.sampled_from(["informational", "selling"]),
    glyph=st.sampled_from(["i", "s", "ü", "界"]),
    state=st.sampled_from(["draft", "planned", "live"]),
    state_glyph=st.sampled_from(["·", "*", "✓"]),
    words=words,
    client=st.sampled_from(["", "1", "9"]),
)


def _entry(clock: time, text: str = "Croissants", *, client: str = "") -> Entry:
    wall = datetime.combine(DAY, clock)
    return Entry(1, 1, wall, "Europe/Budapest", "informational", "i", "planned", "o", text, client)


def _text(line: list[Span]) -> str:
    return "".join(span.text for span in line)


def _width(line: list[Span]) -> int:
    return sum(cells(span.text) for span in line)


@given(st.lists(entries, max_size=40), st.integers(6, 40), st.integers(1, 8))
def test_every_post_of_a_day_is_shown_or_counted(posts: list[Entry], width: int, height: int) -> None:
    lines = cell(DAY, posts, width, height)
    shown = sum(re.match(r"\d\d[ :…]", _text(line)) is not None for line in lines[1:])
    counted = re.search(r"\+(\d+)", _text(lines[0]))
    assert shown + (int(counted[1]) if counted else 0) == len(posts)


@given(st.lists(entries, max_size=10), st.integers(0, 40), st.integers(0, 8))
def test_a_cell_is_exactly_as_large_as_it_is_told(posts: list[Entry], width: int, height: int) -> None:
    lines = cell(DAY, posts, width, height)
    assert len(lines) == height
    assert {_width(line) for line in lines} <= {width}


@given(st.integers(1970, 9998), st.integers(1, 12))
def test_the_weeks_hold_every_day_once_and_begin_on_monday(year: int, month: int) -> None:
    rows = weeks(year, month)
    days = [day for row in rows for day in row if day is not None]
    assert days[0] == date(year, month, 1)
    assert all(later - day == timedelta(1) for day, later in pairwise(days))
    assert (days[-1] + timedelta(1)).month != month
    assert {len(row) for row in rows} == {7}
    assert all(day is None or day.weekday() == column for row in rows for column, day in enumerate(row))


@given(st.integers(0, 500), st.integers(1, 9))
def test_space_is_spread_whole_and_evenly(total: int, count: int) -> None:
    parts = spread(total, count)
    assert sum(parts) == total
    assert max(parts) - min(parts) <= 1


def test_a_narrow_line_drops_full_hours_minutes_and_keeps_the_state() -> None:
    assert _text(entry_line(_entry(time(10)), 10)) == "10 i Croio"
    assert _text(entry_line(_entry(time(10, 30)), 11)) == "10:30i Croo"
    assert _text(entry_line(_entry(time(10)), 20)) == "10:00 i Croissants o"


def test_the_client_digit_stands_before_the_kind() -> None:
    assert _text(entry_line(_entry(time(10), client="3"), 12)) == "10 3i Croiso"


def test_fitting_cuts_between_wide_characters() -> None:
    assert _text(filled(entry_line(_entry(time(10), "界界界"), 11), 11)) == "10 i 界界 o"
