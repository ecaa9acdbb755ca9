"""The load of the coming weeks, and whether another client fits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain import workload
from smm_tui.domain.clock import HOUR, MINUTE
from smm_tui.domain.workload import MESSAGE, MOST, POST, Past, Room, load_of, outlook
from smm_tui.domain.worktime import Kind


def test_what_was_measured_counts_and_what_was_not_is_assumed_and_said():
    known = load_of(1, Past({Kind.POSTS: 20 * HOUR, Kind.MESSAGES: 100 * MINUTE}, 40, 100, 80), [5, 0])
    assert (known.per_post, known.per_message, known.measured) == (30 * MINUTE, MINUTE, True)
    assert known.weeks == (150 * MINUTE + 20 * MINUTE, 20 * MINUTE)
    few = load_of(1, Past({Kind.POSTS: HOUR}, 2, 0, 4), [1])
    assert (few.per_post, few.per_message, few.measured) == (POST, MESSAGE, False)
    assert few.weeks == (POST + MESSAGE,)


def test_other_work_goes_on_as_it_was():
    assert load_of(1, Past({Kind.ADS: 4 * HOUR, Kind.OTHER: 4 * HOUR}, 0, 0, 0), [0]).weeks == (2 * HOUR,)


@given(
    st.integers(0, 80 * HOUR),
    st.lists(st.lists(st.integers(0, 20), min_size=4, max_size=4), max_size=9),
)
def test_nobody_is_advised_to_take_more_than_there_is_room_for(capacity, plans):
    clients = [load_of(number, Past({}, 0, 0, 0), counts) for number, counts in enumerate(plans)]
    found = outlook(capacity, clients, 4)
    assert found.weeks == tuple(sum(client.weeks[week] for client in clients) for week in range(4))
    assert found.free == capacity - max(found.weeks)
    if found.room == Room.YES:
        assert found.another is None or found.free - capacity * workload.RESERVE // 100 >= found.another
        assert len(clients) < workload.COMFORTABLE
        assert found.free > 0
    if len(clients) >= MOST or found.free <= 0:
        assert found.room == Room.NO
    assert (found.percent(0) is None) == (capacity == 0)
