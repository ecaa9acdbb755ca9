"""Rates are shared: never more calls in a window than allowed, whoever makes them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smm_tui.db.database import Database
from smm_tui.domain.identity import new_uuid
from smm_tui.services.rates import SharedRates
from tests.support.desk import START, TurnedClock

LIMIT, WINDOW = 3, 10.0


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def db(tmp_path: Path, clock: TurnedClock) -> Iterator[Database]:
    db = Database(tmp_path / "smm-tui.db", clock=clock)
    yield db
    db.close()


@pytest.fixture
def rates(db: Database) -> Iterator[SharedRates]:
    rates = SharedRates(db)
    yield rates
    rates.close()


def test_so_many_in_a_window_and_then_the_wait(rates: SharedRates, clock: TurnedClock) -> None:
    assert [rates.take("a", LIMIT, WINDOW) for _ in range(LIMIT)] == [0, 0, 0]
    clock.turn(4)
    assert rates.take("a", LIMIT, WINDOW) == pytest.approx(6)
    assert rates.take("b", LIMIT, WINDOW) == 0, "another bucket"
    clock.turn(6)
    assert rates.take("a", LIMIT, WINDOW) == 0


def test_what_the_network_says_counts(rates: SharedRates, clock: TurnedClock) -> None:
    rates.learn("a", 1, START + 5_000)
    assert rates.take("a", LIMIT, WINDOW) == 0
    assert rates.take("a", LIMIT, WINDOW) == pytest.approx(5)
    rates.learn("a", 2, START + 5_400)
    assert rates.take("a", LIMIT, WINDOW) > 0, "an answer that was overtaken gives nothing back"
    rates.learn("a", 9, START - 1)
    clock.turn(6)
    assert rates.take("a", LIMIT, WINDOW) == 0


def test_two_connections_count_together(db: Database, rates: SharedRates) -> None:
    other = SharedRates(db)
    waits = [each.take("a", LIMIT, WINDOW) for each in (rates, other) * 3]
    other.close()
    assert waits.count(0) == LIMIT


STEPS = st.lists(st.one_of(st.just("take"), st.floats(0.1, 15), st.tuples(st.integers(0, 5), st.integers(1, 20))))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)  # each example its own bucket
@given(steps=STEPS)
def test_never_more_than_allowed(rates: SharedRates, clock: TurnedClock, steps: list[object]) -> None:
    bucket = new_uuid()
    made: list[int] = []
    told: tuple[int, int] | None = None  # calls left, until when
    for step in steps:
        if isinstance(step, float):
            clock.turn(step)
        elif isinstance(step, tuple):
            rates.learn(bucket, step[0], clock.now + step[1] * 1000)
            told = (step[0], clock.now + step[1] * 1000)
        else:
            wait = rates.take(bucket, LIMIT, WINDOW)
            if wait == 0:
                if told is not None and clock.now < told[1]:
                    assert told[0] > 0
                    told = (told[0] - 1, told[1])
                made.append(clock.now)
            else:
                clock.turn(wait)
                assert rates.take(bucket, LIMIT, WINDOW) == 0, "the wait is long enough"
                made.append(clock.now)
                told = None
    if not any(isinstance(step, tuple) for step in steps):  # windows as a server counts them, from their first call
        while made:
            within = [at for at in made if at < made[0] + WINDOW * 1000]
            assert len(within) <= LIMIT
            made = made[len(within) :]


TAKER = """
import sys
from pathlib import Path
from smm_tui.db.database import Database
from smm_tui.domain.identity import new_uuid
from smm_tui.services.rates import SharedRates
db = Database(Path(sys.argv[1]), clock=lambda: 1_760_000_000_000)
rates = SharedRates(db)
print(sum(rates.take("a", 100, 60) == 0 for _ in range(90)))
"""


def test_two_processes_share_them(db: Database) -> None:
    command = [sys.executable, "-c", TAKER, str(db.path)]
    takers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(int(taker.communicate()[0]) for taker in takers) == 100
