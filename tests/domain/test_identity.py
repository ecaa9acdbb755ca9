"""Names that do not collide, and one spelling for every value."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.canonical import canonical_json, digest
from smm_tui.domain.identity import is_tid, new_tid, new_uuid

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def microseconds(tid: str) -> int:
    value = 0
    for char in tid:
        value = value * 32 + ALPHABET.index(char)
    return value >> 10


def test_uuids_are_random_version_4() -> None:
    first, second = new_uuid(), new_uuid()
    assert first != second
    assert UUID(first).version == 4
    assert UUID(first).hex == first


@given(st.lists(st.none() | st.integers(0, 2**50), min_size=2))
def test_tids_rise_whatever_the_clock_does(moments: list[int | None]) -> None:
    tids = [new_tid(moment) for moment in moments]
    assert tids == sorted(set(tids))
    assert all(map(is_tid, tids))


def test_tids_tell_their_time() -> None:
    moment = 2**51  # later than every other test
    assert microseconds(new_tid(moment)) == moment


def test_tids_of_many_threads_are_distinct() -> None:
    with ThreadPoolExecutor(8) as pool:
        tids = list(pool.map(lambda _n: new_tid(), range(2000)))
    assert len(set(tids)) == 2000


@pytest.mark.parametrize(
    "text",
    ["", "3n2wf6jmkxys", "3n2wf6jmkxysxx", "zn2wf6jmkxysx", "3n2wf6jmkxys1", "3N2WF6JMKXYSX", "3n2wf6jmkxysx\n"],
)
def test_what_is_no_tid(text: str) -> None:
    assert not is_tid(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_canonical_json_is_the_same_value_in_one_spelling(value: object) -> None:
    encoded = canonical_json(value)
    again = json.loads(encoded)
    assert again == value
    assert canonical_json(again) == encoded
    assert digest(again) == digest(value)


def test_canonical_json_sorts_and_keeps_utf8() -> None:
    assert canonical_json({"ő": [1, None], "a": {"c": 1, "b": "é"}}) == '{"a":{"b":"é","c":1},"ő":[1,null]}'.encode()
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(float("nan"))
