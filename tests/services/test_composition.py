"""What is typed survives: into the autosave and back, into a draft and back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.when import PlannedTime
from smm_tui.domain.zones import resolve
from smm_tui.services.composition import Composition, composition_of, known_accounts, split_words, words_of

ZONE = "Europe/Budapest"
EMPTY = Composition(1, ZONE)
NOW = resolve(datetime(2026, 11, 22, 12), ZONE)

texts = st.text(max_size=40)
compositions = st.builds(
    Composition,
    project_id=st.just(1),
    zone=st.just(ZONE),
    post_id=st.none(),
    version=st.integers(0, 9),
    text=texts,
    variants=st.dictionaries(st.integers(1, 5), texts),
    accounts=st.lists(st.integers(1, 5), unique=True).map(tuple),
    media=st.lists(st.tuples(st.text("0123456789abcdef", min_size=4, max_size=4), texts), max_size=4).map(tuple),
    when=texts,
    content_type=st.sampled_from(["informational", "selling"]),
    late_rule=st.sampled_from(["", "ask", "send:60"]),
    language=st.sampled_from(["", "hu"]),
    content_warning=texts,
    labels=st.lists(texts, max_size=3).map(tuple),
)


@given(compositions)
def test_what_is_kept_comes_back_whole(composition: Composition) -> None:
    assert EMPTY.restored(json.loads(json.dumps(composition.payload()))) == composition


@given(st.dictionaries(st.sampled_from(list(EMPTY.payload())), st.none() | st.integers() | st.lists(st.none())))
def test_a_payload_of_another_shape_never_breaks_the_composer(payload: dict[str, object]) -> None:
    EMPTY.restored(payload)


@given(compositions, st.integers(-9, 9), st.integers(0, 9))
def test_moving_a_file_loses_none(composition: Composition, by: int, position: int) -> None:
    moved = composition.with_media_moved(position, by)
    assert sorted(moved.media) == sorted(composition.media)
    if moved.media != composition.media:
        assert moved.media[position + by] == composition.media[position]


def test_an_account_has_a_variant_only_while_its_text_differs() -> None:
    common = EMPTY.with_text(None, "Hello")
    varied = common.with_text(7, "Hi")
    assert varied.text_for(7) == "Hi"
    assert varied.text_for(8) == "Hello"
    assert varied.with_text(7, "Hello").variants == {}
    assert varied.with_text(None, "Hi").with_text(None, "High").text_for(7) == "Hi"


def test_an_account_that_is_off_keeps_its_variant_but_does_not_send_it() -> None:
    on = replace(EMPTY, accounts=(7, 8)).with_text(7, "Hi")
    off = on.toggled(7)
    assert off.draft(None).variants == {}
    assert off.draft(None).accounts == (8,)
    assert off.toggled(7) == on


def test_a_file_is_attached_once() -> None:
    twice = EMPTY.with_media("ab", "a cat").with_media("ab")
    assert twice.media == (("ab", "a cat"),)
    assert twice.with_alt(0, "a dog").without_media(0).media == ()


@pytest.mark.parametrize("fold", [0, 1])
def test_words_of_a_time_mean_that_time_again(fold: int) -> None:
    wall = datetime(2026, 10, 25, 2, 30)
    planned = PlannedTime(wall, ZONE, resolve(wall, ZONE, fold))
    assert replace(EMPTY, when=words_of(planned)).planned(0) == planned


def test_a_time_that_does_not_exist_is_said_on_the_field() -> None:
    with pytest.raises(InvalidInput) as caught:
        replace(EMPTY, when="2027-03-28 02:30").planned(NOW)
    assert caught.value.field == "at"
    assert EMPTY.planned(NOW) is None


def test_a_stored_post_opens_as_it_was_saved() -> None:
    when = PlannedTime(datetime(2026, 12, 24, 18), ZONE, resolve(datetime(2026, 12, 24, 18), ZONE))
    draft = replace(EMPTY, text="Hello", accounts=(7,), late_rule="ask").with_text(7, "Hi").draft(when)
    opened = composition_of(draft, zone="UTC", post_id=3, version=2)
    assert (opened.key, opened.version, opened.zone) == ("post:3", 2, ZONE)
    assert opened.draft(opened.planned(NOW)) == draft


def test_accounts_that_are_gone_are_left_out() -> None:
    old = replace(EMPTY, accounts=(7, 8)).with_text(7, "Hi")
    assert known_accounts(old, [8]) == replace(EMPTY, accounts=(8,))


def test_labels_are_read_from_words() -> None:
    assert split_words("nudity, sexual nudity") == ("nudity", "sexual")
