"""Wall times, instants and the days on which the clocks jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.clock import HOUR, to_instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.zones import (
    check_zone,
    exists,
    get_zone,
    is_ambiguous,
    jump,
    local,
    month_bounds,
    resolve,
    rezone,
)

ZONES = (
    "Europe/Budapest", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana",
    "Africa/Casablanca", "Asia/Beirut", "Antarctica/Troll", "UTC",
)  # fmt: skip
zones = st.sampled_from(ZONES)
walls = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)).map(lambda wall: wall.replace(microsecond=0))
instants = st.integers(946_684_800_000, 2_145_916_800_000)


def days_of_change(zone: str) -> list[datetime]:
    """Midnights (UTC) of days on which the offset of the zone changes."""
    place = ZoneInfo(zone)
    days = [datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(365 * 20)]
    offsets = [day.astimezone(place).utcoffset() for day in days]
    return [day for day, one, two in zip(days, offsets, offsets[1:], strict=False) if one != two]


CHANGES = [(zone, day) for zone in ZONES for day in days_of_change(zone)]
# Wall times near a change of clocks, where everything interesting happens.
near_changes = st.tuples(st.sampled_from(CHANGES), st.integers(-14 * 60, 38 * 60)).map(
    lambda drawn: (drawn[0][0], drawn[0][1].replace(tzinfo=None) + timedelta(minutes=drawn[1]))
)
places = st.tuples(zones, walls) | near_changes


@given(places)
def test_a_wall_time_exists_once_twice_or_never(place: tuple[str, datetime]) -> None:
    zone, wall = place
    # Oracle: all offsets the zone has around, tried one by one.
    key = ZoneInfo(zone)
    around = [wall.replace(tzinfo=UTC) + timedelta(hours=hours) for hours in range(-30, 31)]
    offsets = {moment.astimezone(key).utcoffset() for moment in around}
    showing = {
        (wall - offset).replace(tzinfo=UTC)
        for offset in offsets
        if offset is not None and (wall - offset).replace(tzinfo=UTC).astimezone(key).replace(tzinfo=None) == wall
    }
    assert exists(wall, zone) == (len(showing) > 0)
    assert is_ambiguous(wall, zone) == (len(showing) > 1)
    if showing:
        assert resolve(wall, zone, 0) == to_instant(min(showing))
        assert resolve(wall, zone, 1) == to_instant(max(showing))


@given(instants, zones)
def test_an_instant_survives_its_wall_time(instant: int, zone: str) -> None:
    shown = local(instant, zone)
    assert resolve(shown.replace(tzinfo=None), zone, shown.fold) == instant
    assert exists(shown.replace(tzinfo=None), zone)


@pytest.mark.parametrize("zone", ZONES)
def test_a_jump_spans_the_gap_or_overlap(zone: str) -> None:
    for _zone, day in (change for change in CHANGES if change[0] == zone and 2025 <= change[1].year <= 2026):
        for minutes in range(-14 * 60, 38 * 60, 10):
            wall = day.replace(tzinfo=None) + timedelta(minutes=minutes)
            gap = not exists(wall, zone)
            if gap or is_ambiguous(wall, zone):
                before, after = jump(wall, zone)
                assert min(before, after) <= wall < max(before, after)
                assert (before < after) == gap


def test_jumps() -> None:
    assert jump(datetime(2027, 3, 28, 2, 30), "Europe/Budapest") == (
        datetime(2027, 3, 28, 2),
        datetime(2027, 3, 28, 3),
    )
    assert jump(datetime(2011, 12, 30, 12), "Pacific/Apia") == (datetime(2011, 12, 30), datetime(2011, 12, 31))


@given(st.integers(1971, 2100), st.integers(1, 12), zones)
def test_months_follow_each_other_without_hole(year: int, month: int, zone: str) -> None:
    start, end = month_bounds(year, month, zone)
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    assert month_bounds(*following, zone)[0] == end
    assert (local(start, zone).year, local(start, zone).month) == (year, month)
    assert (local(start - 1, zone).month, local(end - 1, zone).month) == ((month - 2) % 12 + 1, month)


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (0, 1), (9999, 12)])
def test_months_that_are_none(year: int, month: int) -> None:
    with pytest.raises(InvalidInput):
        month_bounds(year, month, "UTC")


@given(instants, zones, zones)
def test_rezoning_keeps_the_wall_time(instant: int, old: str, new: str) -> None:
    wall = local(instant, old).replace(tzinfo=None)
    moved = rezone(instant, old, new)
    assert local(moved.instant, new).replace(tzinfo=None) == moved.wall
    assert moved.certain == (exists(wall, new) and not is_ambiguous(wall, new))
    if exists(wall, new):
        assert moved.wall == wall


def test_rezoning_into_a_gap_is_told() -> None:
    instant = resolve(datetime(2027, 3, 28, 2, 30), "UTC")
    moved = rezone(instant, "UTC", "Europe/Budapest")
    assert moved == (datetime(2027, 3, 28, 3, 30), instant - HOUR, False)


def test_zone_names() -> None:
    assert check_zone(" europe/BUDAPEST ") == "Europe/Budapest"
    assert check_zone("america/new york") == "America/New_York"
    assert check_zone("utc") == "UTC"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Budapest", "Europe/Budapest"),
        ("Europe/Budapset", "Europe/Budapest"),
        ("", "IANA"),
        ("../../etc/passwd", "IANA"),
        ("nowhere\x00\x1b[31m", "IANA"),
        ("Europe", "Europe/"),
        ("x" * 5000, "IANA"),
    ],
)
def test_wrong_zones_are_refused_with_a_hint(name: str, hint: str) -> None:
    for function in (check_zone, get_zone):
        with pytest.raises(InvalidInput) as caught:
            function(name)
        assert caught.value.field == "timezone"
        assert hint in caught.value.hint
        assert "\x1b" not in caught.value.message
