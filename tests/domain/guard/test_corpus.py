"""The promise of the guard, measured on the demo's posts with seeds: see `benchmarks.guard`."""

from __future__ import annotations

import pytest

from benchmarks.guard import CAUGHT, FALSE, measure, rates


def hold(seed: int) -> None:
    found = measure(seed)
    caught, wrong = rates(found)
    print(f"seed {seed}: {found}; planted and stopped {caught:.4f}, right and stopped {wrong:.4f}")
    assert caught >= CAUGHT, found
    assert wrong <= FALSE, found
    for kind in ("unseen", "repeated", "marked", "pictured"):
        count, stopped = found[kind]
        assert count > 700
        assert stopped >= CAUGHT * count, kind


def test_what_is_planted_is_stopped_and_what_is_right_is_not():
    hold(1)


@pytest.mark.matrix
@pytest.mark.parametrize("seed", range(2, 12))
def test_it_holds_for_other_seeds(seed):
    hold(seed)
