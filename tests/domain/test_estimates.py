"""Intervals and the test of what selling costs."""

from __future__ import annotations

import random
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.estimates import LEAST, of_sums, t_quantile
from smm_tui.domain.selling_cost import DAYS, EACH, Day, Finding, Verdict, examine
from smm_tui.sandbox import crowd

# of the tables of Student's distribution: (degrees of freedom, both tails, t)
TABLE = [(1, 0.05, 12.7062), (2, 0.05, 4.3027), (4, 0.05, 2.7764), (5, 0.01, 4.0321), (9, 0.05, 2.2622),
         (30, 0.05, 2.0423), (120, 0.001, 3.3735), (4, 0.0005, 10.3063)]  # fmt: skip


@pytest.mark.parametrize(("freedom", "alpha", "t"), TABLE)
def test_quantiles_are_those_of_the_tables(freedom, alpha, t) -> None:
    assert t_quantile(alpha, freedom) == pytest.approx(t, rel=2e-4)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=40))
def test_an_estimate_of_sums_is_that_of_the_values(values) -> None:
    found = of_sums(len(values), sum(values), sum(value * value for value in values))
    assert found.mean == pytest.approx(fmean(values), abs=1e-6)
    assert found.known == (len(values) >= LEAST)
    if found.low is not None and found.high is not None:
        half = t_quantile(0.05, len(values) - 1) * stdev(values) / len(values) ** 0.5
        assert found.high - found.low == pytest.approx(2 * half, abs=1e-2, rel=1e-3)


def test_nothing_is_nothing() -> None:
    assert of_sums(0, 0.0, 0.0) == (0, None, None, None)


def test_intervals_hold_what_is_true_as_often_as_they_say() -> None:
    dice = random.Random(5)
    held = 0
    for _sample in range(800):
        values = [dice.gauss(3, 2) for _value in range(7)]
        found = of_sums(7, sum(values), sum(value * value for value in values))
        held += found.low <= 3 <= found.high
    assert 0.92 <= held / 800 <= 0.98


def history(seed: int, cost: float, *, days: int = 84, size: int = 1500, weekends: float = 0.0) -> list[Day]:
    """A page whose crowd is drawn as the sandbox draws it; `weekends`: so many more leave then, and it sells more."""
    dice = random.Random(seed)
    temper = crowd.Temper(gain=0.003, loss=0.002, cost=cost)
    found = []
    for day in range(20_000, 20_000 + days):
        free = (day + 3) % 7 >= 5
        posts = dice.choice([1, 1, 2, 3])
        selling = sum(dice.random() < (0.7 if weekends and free else 0.3) for _post in range(posts))
        restless = temper if not free else crowd.Temper(temper.gain, temper.loss + weekends, temper.cost)
        gained, lost = crowd.turnover(size, restless, selling=selling / posts, dice=dice)
        found.append(Day(day, posts, selling, size, lost))
        size += gained - lost
    return found


def test_a_planted_cost_is_found_and_measured() -> None:
    found = [examine(history(seed, cost=0.003)) for seed in range(40)]
    assert sum(one.verdict is Verdict.COSTS for one in found) >= 36
    holds = sum(one.low <= 3.0 <= one.high for one in found)
    assert holds >= 32, "the interval holds the three of a thousand that leave over selling"


def test_noise_is_left_alone() -> None:
    """At a level of one in a hundred, three of 300 are to be expected."""
    loud = sum(examine(history(seed, cost=0.0)).verdict is Verdict.COSTS for seed in range(300))
    assert loud <= 9


def test_weekends_that_lose_and_sell_more_are_no_sign() -> None:
    loud = sum(examine(history(seed, 0.0, weekends=0.004)).verdict is Verdict.COSTS for seed in range(100))
    assert loud <= 5


def test_selling_that_wins_followers_over_costs_nothing() -> None:
    dice = random.Random(1)
    days = [Day(day, 1, day % 2, 1000, 6 - 4 * (day % 2) + dice.choice([0, 1])) for day in range(20_000, 20_084)]
    found = examine(days)
    assert (found.verdict, found.extra < 0) == (Verdict.NO_SIGN, True)


@pytest.mark.parametrize(
    "days",
    [
        [],
        [Day(day, 1, day % 2, 100, 2) for day in range(DAYS - 1)],
        [Day(day, 1, day < EACH - 1, 100, 2) for day in range(90)],
        [Day(day, 1, day % 2, 100, 0) for day in range(90)],
        [Day(day, 0, 0, 100, 2) for day in range(90)],
        [Day(day, 1, day % 2, 0, 2) for day in range(90)],
        [Day(day * 28, 1, day % 2, 100, 2) for day in range(90)],
    ],
)
def test_little_is_not_enough(days) -> None:
    found = examine(days)
    assert isinstance(found, Finding)
    assert (found.verdict, found.p) == (Verdict.NOT_ENOUGH, None)
