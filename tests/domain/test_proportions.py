"""The test of two shares, against published values."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.proportions import Sample, compare, missing, trials_needed


def test_against_published_values() -> None:
    # statsmodels' documentation of proportions_ztest([5, 12], [83, 99])
    found = compare(Sample(5, 83), Sample(12, 99))
    assert found.z == pytest.approx(-1.4078304151258787, abs=1e-12)
    assert found.p == pytest.approx(0.15918129181156992, abs=1e-12)
    # Penn State, STAT 415, 9.4: 351 of 605 against 41 of 195, Z = 8.99
    assert compare(Sample(351, 605), Sample(41, 195)).z == pytest.approx(8.99, abs=0.005)
    # R's documentation of power.prop.test(p1 = .50, p2 = .75, power = .90): n = 76.7
    assert trials_needed(0.50, 0.75, power=0.90) == pytest.approx(76.7, abs=0.05)


counts = st.integers(0, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)).map(lambda t: Sample(*t)))


@given(counts, counts)
def test_sides_are_interchangeable_and_chance_is_a_chance(one: Sample, other: Sample) -> None:
    found, turned = compare(one, other), compare(other, one)
    assert found.z == pytest.approx(-turned.z)
    assert found.p == pytest.approx(turned.p)
    assert 0 <= found.p <= 1


@given(counts, counts)
def test_what_is_missing_is_enough(one: Sample, other: Sample) -> None:
    lacking = missing(one, other, 0.2)
    assert lacking >= 0
    pooled = (one.successes + other.successes) / max(1, one.trials + other.trials)
    if lacking == 0:
        fewest = min(one.trials, other.trials)
        assert fewest * min(pooled, 1 - pooled) >= 9.999
        assert fewest >= trials_needed(min(1.0, pooled * 1.1), pooled * 0.9) - 1
    assert trials_needed(0.1, 0.1) == math.inf


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="Sample"):
        compare(Sample(3, 2), Sample(0, 1))
