"""Money against time."""

from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.clock import DAY
from smm_tui.domain.pacing import Pace, pace

MONEY = st.none() | st.integers(1, 10**9)
TIMES = st.integers(0, 400 * DAY)


@given(MONEY, MONEY, TIMES, st.none() | st.integers(1, 400 * DAY), TIMES, MONEY)
def test_no_more_is_due_than_may_be_spent_and_the_more_the_later(total, daily, start, length, gone, cap):
    ends = None if length is None else start + length
    now, later = (pace(total, daily, start, ends, start + at, cap=cap) for at in (gone, gone + DAY))
    assert now.budget == later.budget
    if now.due is not None:
        assert 0 <= now.due <= (now.budget or 0)
        assert later.due is not None
        assert now.due <= later.due


def test_a_budget_for_all_its_time_and_one_for_a_day():
    assert pace(9000, None, 0, 30 * DAY, 10 * DAY) == Pace(9000, 3000)
    assert pace(None, 100, 0, 30 * DAY, 10 * DAY) == Pace(3000, 1000)
    assert pace(None, 100, 0, None, 10 * DAY, cap=5000) == Pace(5000, 1000)
    assert pace(9000, None, 0, 30 * DAY, 60 * DAY, cap=8000) == Pace(8000, 8000)
    assert pace(9000, None, 0, 30 * DAY, 10 * DAY, running=False) == Pace(9000)
    assert pace(9000, None, DAY, 30 * DAY, 0) == Pace(9000)


def test_a_verdict_only_where_there_is_something_to_tell():
    half = Pace(10_000, 5_000)
    assert [half.verdict(spent) for spent in (None, 0, 3_400, 3_600, 5_700, 5_800)] == [
        "", "behind", "behind", "", "", "ahead",
    ]  # fmt: skip
    assert Pace(10_000, 500).verdict(0) == ""  # the first hours tell nothing
    assert Pace(None).verdict(5) == Pace(10_000).verdict(5) == ""
    assert half.share(2_500) == 0.25
