"""Times as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smm_tui.domain.clock import HOUR, iso, to_instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.when import PlannedTime, parse_when, require_future
from smm_tui.domain.zones import exists, is_ambiguous, local, resolve

from .strategies import wild
from .test_zones import instants, places, zones

ZONE = "Europe/Budapest"
NOW = to_instant(datetime(2026, 10, 14, 10, 34, 56, tzinfo=UTC))  # Wednesday 12:34:56 in Budapest


def parse(words: str, now: int = NOW, zone: str = ZONE) -> PlannedTime:
    return parse_when(words, now=now, zone=zone)


@pytest.mark.parametrize(
    ("words", "wall"),
    [
        ("2026-12-24T18:00", "2026-12-24 18:00:00"),
        ("2026-12-24 18:00", "2026-12-24 18:00:00"),
        ("2026-12-24T18:00:30", "2026-12-24 18:00:30"),
        ("2026-12-24T18:00Z", "2026-12-24 19:00:00"),
        ("2026-12-24 18:00 -0500", "2026-12-25 00:00:00"),
        ("2026-12-24T18:00+05:30", "2026-12-24 13:30:00"),
        ("2020-01-01 9:00", "2020-01-01 09:00:00"),
        ("fri 18:00", "2026-10-16 18:00:00"),
        ("FRIDAY 6pm", "2026-10-16 18:00:00"),
        ("wed 13", "2026-10-14 13:00:00"),
        ("on wed at 12", "2026-10-21 12:00:00"),
        ("tomorrow 9", "2026-10-15 09:00:00"),
        ("tomorrow at 9:15 am", "2026-10-15 09:15:00"),
        ("today 18:30", "2026-10-14 18:30:00"),
        ("today 8:00", "2026-10-14 08:00:00"),
        ("today 12am", "2026-10-14 00:00:00"),
        ("+2d", "2026-10-16 12:34:56"),
        ("+2d 10:00", "2026-10-16 10:00:00"),
        ("+90m", "2026-10-14 14:04:56"),
        ("+45s", "2026-10-14 12:35:41"),
        ("+3h", "2026-10-14 15:34:56"),
        ("+1h30m", "2026-10-14 14:04:56"),
        ("+1w 9:00", "2026-10-21 09:00:00"),
        ("+1d 2h", "2026-10-15 14:34:56"),
        ("18:00", "2026-10-14 18:00:00"),
        ("12:00", "2026-10-15 12:00:00"),
        ("6pm", "2026-10-14 18:00:00"),
        ("noon", "2026-10-15 12:00:00"),
        ("midnight", "2026-10-15 00:00:00"),
        ("24 dec 18:00", "2026-12-24 18:00:00"),
        ("dec 24th 18:00", "2026-12-24 18:00:00"),
        ("24 December 2027, 18:00", "2027-12-24 18:00:00"),
        ("1 jan 9:00", "2027-01-01 09:00:00"),
        ("29 feb 9:00", "2028-02-29 09:00:00"),
        ("12.24. 18:00", "2026-12-24 18:00:00"),
        ("2026.12.24. 18:00", "2026-12-24 18:00:00"),
        ("2026. 12. 24. 18.30", "2026-12-24 18:30:00"),
        ("2026. december 24. 18:00", "2026-12-24 18:00:00"),
        ("Dec. 24-én 18 h", "2026-12-24 18:00:00"),
        ("holnap 9", "2026-10-15 09:00:00"),
        ("Holnapután délben", "2026-10-16 12:00:00"),
        ("ma 18:30", "2026-10-14 18:30:00"),
        ("péntek 18:00", "2026-10-16 18:00:00"),
        ("Csütörtökön 9-kor", "2026-10-15 09:00:00"),
        ("pe\u0301ntek 18:00", "2026-10-16 18:00:00"),
        ("szo 9", "2026-10-17 09:00:00"),
        ("éjfél", "2026-10-15 00:00:00"),
        ("+2 nap 10:00", "2026-10-16 10:00:00"),
    ],
)
def test_words(words: str, wall: str) -> None:
    planned = parse(words)
    assert str(planned.wall) == wall
    assert planned.zone == ZONE
    assert planned.instant == resolve(planned.wall, ZONE)


@pytest.mark.parametrize("day", ["monday", "tue", "szerda", "csüt", "Friday", "szombat", "vasárnap"])
@given(now=instants)
def test_a_weekday_is_within_the_coming_week(day: str, now: int) -> None:
    planned = parse(f"{day} 12:00", now, "UTC")
    assert now - now % 1000 < planned.instant <= now + 7 * 24 * HOUR
    assert planned.wall.weekday() == ["mo", "tu", "sz", "cs", "fr", "szombat", "va"].index(
        day if day == "szombat" else day[:2].lower()
    )


@given(places, instants)
def test_iso_is_read_as_written(place: tuple[str, datetime], now: int) -> None:
    zone, wall = place
    for words in (wall.isoformat(), wall.isoformat(" "), f"{wall:%Y.%m.%d. %H:%M:%S}"):
        if not exists(wall, zone):
            with pytest.raises(InvalidInput, match="does not exist on"):
                parse(words, now, zone)
        elif is_ambiguous(wall, zone):
            with pytest.raises(InvalidInput, match="comes twice on"):
                parse(words, now, zone)
            for fold, word in enumerate(("first", "second")):
                expected = PlannedTime(wall, zone, resolve(wall, zone, fold))
                assert parse(f"{words} {word}", now, zone) == expected
                assert parse_when(words, now=now, zone=zone, prefer=word) == expected
        else:
            assert parse(words, now, zone) == PlannedTime(wall, zone, resolve(wall, zone))


@given(instants, zones, instants)
def test_utc_output_is_read_back_exactly(instant: int, zone: str, now: int) -> None:
    planned = parse(str(iso(instant)), now, zone)
    assert planned == PlannedTime(local(instant, zone).replace(tzinfo=None), zone, instant)


@given(instants, st.integers(1, 5000), zones)
@example(1_832_119_200_000, 1440, "Africa/Casablanca")  # a day and an hour by the clock
def test_minutes_from_now_are_real_minutes(now: int, minutes: int, zone: str) -> None:
    assert parse(f"+{minutes}m", now, zone).instant == now - now % 1000 + minutes * 60_000


@given(instants, st.integers(0, 23), st.integers(0, 59), zones)
def test_a_bare_time_is_the_next_one(now: int, hour: int, minute: int, zone: str) -> None:
    try:
        planned = parse(f"{hour}:{minute:02}", now, zone)
    except InvalidInput as error:
        assert "does not exist" in error.message or "twice" in error.message  # noqa: PT017
        return
    here = local(now, zone).replace(tzinfo=None)
    assert planned.instant > now - now % 1000
    assert planned.wall - here <= timedelta(days=1)
    assert (planned.wall.hour, planned.wall.minute) == (hour, minute)


def test_the_gap_names_its_neighbours() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse("2027-03-28 02:30")
    assert caught.value.message == (
        "02:30 does not exist on 2027-03-28 in Europe/Budapest (clocks jump 02:00 -> 03:00)."
    )
    assert caught.value.hint == "Say 03:30 or 01:30."
    assert caught.value.field == "at"


def test_a_whole_missing_day_is_told_with_dates() -> None:
    with pytest.raises(InvalidInput, match="clocks jump 00:00 -> 2011-12-31 00:00") as caught:
        parse("2011-12-30 12:00", zone="Pacific/Apia")
    assert caught.value.hint == "Say 2011-12-31 12:00 or 2011-12-29 12:00."


def test_the_overlap_says_how_to_choose() -> None:
    with pytest.raises(InvalidInput, match="02:30 comes twice on 2026-10-25 in Europe/Budapest") as caught:
        parse("oct 25 02:30")
    assert "“2026-10-25 02:30 first”" in caught.value.hint
    first, second = parse("2026-10-25 02:30 first"), parse("2026-10-25 02:30 második")
    assert (first.wall, second.instant - first.instant) == (second.wall, HOUR)
    assert parse("2026-10-25 02:30+01:00") == second


def test_the_second_of_two_is_still_to_come_after_the_first() -> None:
    between = to_instant(datetime(2026, 10, 25, 0, 45, tzinfo=UTC))
    assert parse("02:30 second", between).instant == to_instant(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


def test_a_gap_of_this_morning_does_not_spoil_tomorrow() -> None:
    noon = to_instant(datetime(2027, 3, 28, 10, tzinfo=UTC))
    assert parse("02:30", noon).wall == datetime(2027, 3, 29, 2, 30)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("2026-12-24", "no time of day"),
        ("friday", "no time of day"),
        ("holnap", "no time of day"),
        ("12.24", "no time of day"),
        ("2026-13-01 10:00", "does not exist"),
        ("31 jun 9:00", "does not exist"),
        ("24.12. 18:00", "does not exist"),
        ("25:00", "does not exist"),
        ("13pm", "does not exist"),
        ("2026-12-24 18:00+99:00", "does not exist"),
        ("+999999w", "does not exist"),
        ("0001-01-01 00:00", "does not exist"),
        ("9999-12-31 23:59", "does not exist"),
        ("9999-12-31T23:59-12:00", "does not exist"),
        ("", "not a time"),
        ("18", "not a time"),
        ("18.30", "no time of day|not a time|does not exist"),
        ("soon", "not a time"),
        ("+90q", "not a time"),
        ("+5h 10:00", "not a time"),
        ("fri 18:00 or so", "not a time"),
        ("\x1b[31m18:00", "␛"),
    ],
)
def test_what_cannot_be_read_is_said_with_examples(words: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message) as caught:
        parse(words)
    assert caught.value.field == "at"
    assert "18:00" in caught.value.hint


@given(wild | st.text("0123456789:.-+ tzfripmd", max_size=20), zones)
@example("9" * 400, "UTC")
@example("+" + "9d" * 5000, "UTC")
def test_any_words_are_answered(words: str, zone: str) -> None:
    try:
        parse(words, zone=zone)
    except InvalidInput as error:
        assert error.field == "at"  # noqa: PT017
        assert "\x1b" not in error.message  # noqa: PT017


def test_a_wrong_zone_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse("18:00", zone="Europe/Nowhere")
    assert caught.value.field == "timezone"


def test_require_future() -> None:
    planned = parse("today 18:30")
    assert require_future(planned, NOW) is planned
    for now in (planned.instant, planned.instant + 1):
        with pytest.raises(InvalidInput, match="2026-10-14 18:30 in Europe/Budapest is in the past") as caught:
            require_future(planned, now)
        assert caught.value.field == "at"
