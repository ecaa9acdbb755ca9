"""Whatever a network takes within what it promises, and whatever it tells of that: no more than is counted."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.ad_exposure import Caps, Line, Pace, Period, Terms, Told, fits, leash

FIRST = date(2026, 9, 20)  # a Sunday
DAYS = [FIRST + timedelta(days=n) for n in range(24)]
day = st.sampled_from(DAYS)
amount = st.integers(0, 60)


@st.composite
def lives(draw):
    """A line with what it truly cost: never more than its network promises for the terms in force."""
    pace = Pace(draw(st.sampled_from([100, 125, 175])), draw(st.sampled_from([None, 700])))
    periods, at = [], 0
    totalled = draw(st.booleans())
    total = draw(st.integers(1, 400)) if totalled else None
    while at < len(DAYS):
        length = draw(st.integers(1, 12))
        last = None if at + length >= len(DAYS) else DAYS[at + length - 1]
        daily = None if totalled and draw(st.booleans()) else draw(st.integers(1, 50))
        periods.append(Period(Terms(daily, total, DAYS[-1]), DAYS[at], last))
        at += length if last is not None else len(DAYS)
        at -= draw(st.integers(0, 1)) if last is not None and length > 1 else 0  # two may be in force on one day
    runs = draw(st.lists(st.tuples(day, st.integers(0, 9)), min_size=1, max_size=3))
    ran = tuple((first, first + timedelta(days=n)) for first, n in runs)
    spent: dict[date, int] = {}
    for one in DAYS:
        in_force = [each for each in periods if each.holds(one)]
        if not in_force or not any(first <= one <= last for first, last in ran):
            continue
        budgets = [each.terms.daily for each in in_force]
        most = 200 if None in budgets else max(b or 0 for b in budgets) * pace.day_most // 100
        if pace.week_most is not None and None not in budgets:
            sunday = one - timedelta(days=(one.weekday() + 1) % 7)
            week = [sunday + timedelta(days=n) for n in range(7)]
            largest = max((each.terms.daily or 0 for d in week for each in periods if each.holds(d)), default=0)
            if not any(each.terms.daily is None for d in week for each in periods if each.holds(d)):
                most = min(most, largest * pace.week_most // 100 - sum(spent.get(d, 0) for d in week))
        if total is not None:
            most = min(most, total - sum(spent.values()))
        spent[one] = draw(st.integers(0, max(0, most)))
    told = {}
    for one, true in spent.items():
        final = draw(st.booleans())
        if final or draw(st.booleans()):
            told[one] = Told(true if final else draw(st.integers(0, true)), final)
    return Line(pace, tuple(periods), ran, told), spent


@given(lives())
def test_nothing_costs_more_than_is_counted(life) -> None:
    line, spent = life
    assert sum(spent.values()) <= line.lifetime()
    for month in (9, 10):
        assert sum(cost for one, cost in spent.items() if one.month == month) <= line.month(2026, month)


@given(lives())
def test_when_all_is_final_what_was_spent_is_what_is_counted(life) -> None:
    line, spent = life
    known = Line(line.pace, line.periods, line.runs, {one: Told(spent.get(one, 0), True) for one in DAYS})
    assert known.lifetime() == sum(spent.values())


@given(st.integers(1, 50), st.integers(1, 2000), st.integers(1, 900), st.sampled_from([100, 125, 175]))
def test_a_leash_is_as_long_as_the_caps_allow_and_no_longer(daily: int, cap: int, monthly: int, most: int) -> None:
    line = Line(Pace(most, 700 if most == 175 else None))
    caps = Caps(cap, monthly, {(2026, 9): 7.0})
    today, last = DAYS[0], DAYS[0] + timedelta(days=60)
    until = leash([(line, Terms(daily, None, None))], caps, today, last)
    for one in (today + timedelta(days=n) for n in range(61)):
        allowed = fits([line.under(Terms(daily, None, one), today)], caps, today)
        assert allowed == (until is not None and one <= until)


def test_the_formula_by_hand() -> None:
    line = Line(
        Pace(175, 700),
        (Period(Terms(100, None, DAYS[9]), DAYS[0]),),
        ((DAYS[0], None),),
        {DAYS[0]: Told(90, True), DAYS[1]: Told(40)},
    )
    # the first week may cost 700, of which 90 are known; three days of the second may cost 175 each
    assert line.lifetime() == 90 + 610 + 3 * 175
    assert Line(Pace(), (Period(Terms(None, 500, DAYS[9]), DAYS[0]),), ((DAYS[0], None),)).lifetime() == 500
    assert Line(Pace(), (Period(Terms(100, None, None), DAYS[0]),), ((DAYS[0], None),)).lifetime() == float("inf")
    assert Line(Pace(), (Period(Terms(100, None, None), DAYS[0]),)).lifetime() == 0


def test_a_week_with_a_day_without_a_daily_budget_has_no_bound_of_its_own() -> None:
    line = Line(
        Pace(100, 700),
        (Period(Terms(1, 8, DAYS[9]), DAYS[0], DAYS[4]), Period(Terms(None, 8, DAYS[9]), DAYS[5])),
        ((DAYS[0], DAYS[6]),),
        {DAYS[5]: Told(7, True), DAYS[6]: Told(0, True)},
    )
    assert line.lifetime() == 8
