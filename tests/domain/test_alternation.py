"""Kinds take turns: what breaks a rule is found, and places are filled so that none is broken, if that can be."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.alternation import Place, Rule, Turn, assign, breaches, shares
from smm_tui.domain.content_types import DEFAULTS, Band, ContentType

START = date(2026, 12, 1)
NAMES = ("a", "b", "c")


def kind(name: str, *, row: int | None = None, gap: int | None = None, day: int | None = None) -> ContentType:
    return ContentType(name, name, name, "ask", max_in_row=row, max_gap_days=gap, max_per_day=day)


def turns(*pairs: tuple[int, str]) -> list[Turn]:
    return [Turn(START + timedelta(days=day), name) for day, name in pairs]


def test_too_many_in_a_row() -> None:
    found = breaches(turns((0, "a"), (1, "a"), (2, "a"), (3, "b")), {"a": kind("a", row=2)}, START, START)
    assert [(breach.rule, breach.kind, breach.turns) for breach in found] == [(Rule.IN_ROW, "a", (0, 1, 2))]


def test_too_many_on_a_day() -> None:
    found = breaches(turns((0, "a"), (0, "b"), (0, "a")), {"a": kind("a", day=1)}, START, START)
    assert [(breach.rule, breach.turns) for breach in found] == [(Rule.PER_DAY, (0, 2))]


def test_too_long_without() -> None:
    last = START + timedelta(days=20)
    found = breaches(turns((1, "a"), (9, "a"), (10, "b")), {"a": kind("a", gap=7)}, START, last)
    assert [(breach.rule, breach.turns, breach.first) for breach in found] == [
        (Rule.GAP, (0, 1), START + timedelta(days=1)),
        (Rule.GAP, (1,), START + timedelta(days=9)),
    ]


def test_a_kind_nobody_knows_breaks_nothing() -> None:
    assert breaches(turns((0, "x"), (0, "x"), (0, "x")), {}, START, START) == []


def test_shares_come_near_their_bands() -> None:
    places = [Place(START + timedelta(days=day), tuple(DEFAULTS)) for day in range(30)]
    chosen = assign(places, DEFAULTS, START, places[-1].day)
    assert chosen is not None
    found = shares(Turn(place.day, name) for place, name in zip(places, chosen, strict=True))
    for name, percent in found.items():
        band = DEFAULTS[name].share
        assert band is not None
        assert band.low <= percent <= band.high


def test_no_choice_is_told() -> None:
    places = [Place(START, ("a",)), Place(START, ("a",))]
    assert assign(places, {"a": kind("a", day=1)}, START, START) is None


limits = st.none() | st.integers(1, 3)
rules = st.fixed_dictionaries(
    {name: st.builds(kind, st.just(name), row=limits, gap=limits, day=limits) for name in NAMES}
)
rooms = st.lists(
    st.tuples(st.integers(0, 4), st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)), max_size=6
).map(lambda found: [Place(START + timedelta(days=day), tuple(kinds)) for day, kinds in sorted(found)])


@given(rules, rooms, st.integers(0, 6))
def test_a_choice_is_found_whenever_there_is_one(
    kinds: dict[str, ContentType], places: list[Place], length: int
) -> None:
    last = max([START + timedelta(days=length), *(place.day for place in places)])

    def keeps(chosen: tuple[str, ...]) -> bool:
        sequence = [Turn(place.day, name) for place, name in zip(places, chosen, strict=True)]
        return breaches(sequence, kinds, START, last) == []

    chosen = assign(places, kinds, START, last)
    if chosen is None:
        assert not any(map(keeps, product(*(place.kinds for place in places))))
    else:
        assert len(chosen) == len(places)
        assert all(name in place.kinds for place, name in zip(places, chosen, strict=True))
        assert keeps(chosen)


def test_a_month_without_a_choice_is_told_soon() -> None:
    """Four kinds with tight rules, sixty places: the dead ends are remembered, not entered again and again."""
    kinds = {
        name: ContentType(name, name, name, "ask", share=Band(10, 40), max_in_row=1, max_gap_days=3, max_per_day=1)
        for name in ("a", "b", "c", "d")
    }
    places = [Place(START + timedelta(days=number // 2), ("a", "b", "c", "d")) for number in range(60)]
    impossible = [*places[:-1], Place(places[-1].day, ("a",)), Place(places[-1].day, ("a",))]
    last = places[-1].day
    assert assign(places, kinds, START, last) is not None
    assert assign(impossible, kinds, START, last) is None
