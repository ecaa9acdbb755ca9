"""Threads: every part fits, nothing is lost, nothing that belongs together is cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.split import split, split_spans
from smm_tui.domain.text import COUNTERS, find_hashtags, find_links, find_mentions, graphemes, utf8_length

from .strategies import wild


@given(
    wild,
    st.sampled_from(sorted(COUNTERS)),
    st.integers(40, 200),
    st.none() | st.integers(200, 400),
    st.booleans(),
)
def test_every_part_fits_and_nothing_is_lost(
    text: str, counter: str, limit: int, byte_limit: int | None, numbered: bool
) -> None:
    count = COUNTERS[counter]
    options = {"limit": limit, "count": count, "byte_limit": byte_limit, "numbered": numbered}
    try:
        parts = split(text, **options)
    except InvalidInput as error:
        assert error.message.startswith("The text has nothing to split at")  # noqa: PT017
        assert error.field == "text"  # noqa: PT017
        return
    spans = split_spans(text, **options)
    assert [start for start, _end in spans] == [0, *(end for _start, end in spans[:-1])]
    assert "".join(text[start:end] for start, end in spans) == text
    assert len(parts) == len(spans)
    for index, (part, (start, end)) in enumerate(zip(parts, spans, strict=True), 1):
        assert count(part) <= limit
        assert byte_limit is None or utf8_length(part) <= byte_limit
        if len(parts) > 1:
            number = f" ({index}/{len(parts)})" if numbered else ""
            assert part == text[start:end].strip() + number
            assert text[start:end].strip()
    cuts = {end for _start, end in spans[:-1]}
    edges, place = set(), 0
    for grapheme in graphemes(text):
        edges.add(place)
        place += len(grapheme)
    assert cuts <= edges
    for span in (*find_links(text), *find_mentions(text), *find_hashtags(text)):
        assert not cuts & set(range(span.start + 1, span.end))


@given(wild, st.sampled_from(sorted(COUNTERS)))
def test_what_fits_comes_back_as_it_is(text: str, counter: str) -> None:
    count = COUNTERS[counter]
    assert split(text, limit=max(count(text), 1), count=count) == [text]


@given(st.lists(st.text("abcdefő", min_size=1, max_size=12), min_size=1, max_size=120), st.integers(30, 60))
def test_words_that_fit_are_never_cut(words: list[str], limit: int) -> None:
    parts = split(" ".join(words), limit=limit, count=len, numbered=False)
    assert " ".join(parts).split() == words


def test_paragraphs_before_sentences_before_words() -> None:
    text = "One is here. Two is there.\n\nThree has words and more words. Four"
    assert split(text, limit=40, count=len, numbered=False) == [
        "One is here. Two is there.",
        "Three has words and more words. Four",
    ]
    assert split(text, limit=20, count=len, numbered=False) == [
        "One is here.",
        "Two is there.",
        "Three has words and",
        "more words. Four",
    ]


def test_a_short_beginning_does_not_make_a_short_part() -> None:
    text = "Hi.\n\n" + "word " * 20
    assert len(split(text, limit=60, count=len, numbered=False)) == 2


def test_numbers_are_counted_even_with_two_digits() -> None:
    parts = split("szó " * 200, limit=40, count=len)
    assert len(parts) > 9
    assert parts[0].endswith(f" (1/{len(parts)})")
    assert parts[-1].endswith(f" ({len(parts)}/{len(parts)})")
    assert max(map(len, parts)) <= 40
    assert " ".join(re.sub(r" \(\d+/\d+\)$", "", part) for part in parts).split() == ["szó"] * 200


def test_long_words_are_cut_between_graphemes() -> None:
    assert split("e\u0301" * 7, limit=3, count=COUNTERS["graphemes"], numbered=False) == [
        "e\u0301" * 3,
        "e\u0301" * 3,
        "e\u0301",
    ]


def test_the_dates_and_hard_spaces_of_hungarian_stay_together() -> None:
    assert split("Nyitás: 2026. december 24. Gyertek el!", limit=30, count=len, numbered=False)[0].endswith("24.")
    assert split("aaaa bbbb 10\u00a0000 Ft", limit=13, count=len, numbered=False) == ["aaaa bbbb", "10\u00a0000 Ft"]


def test_space_around_a_text_that_fits_costs_no_thread() -> None:
    assert split("  szia" + "\n" * 500, limit=10, count=len) == ["szia"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" + "\u0301" * 10_000, "one character alone"),
        ("lásd " * 20 + "https://example.com/" + "x" * 400, "“https://example.com/"),
        ("#" + "x" * 64 + " szó", "“#xxx"),
    ],
)
def test_nothing_to_split_at_is_said(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match="nothing to split at") as caught:
        split(text, limit=50, count=COUNTERS["graphemes"], byte_limit=300)
    assert words in caught.value.message
    assert caught.value.hint


def test_mastodon_takes_a_link_longer_than_the_post() -> None:
    link = "https://example.com/" + "x" * 600
    parts = split(f"{'szó ' * 120}{link}", limit=300, count=COUNTERS["mastodon"])
    assert sum(link in part for part in parts) == 1


def test_the_first_part_may_have_a_limit_of_its_own() -> None:
    text = "Friss kenyér. " * 40
    parts = split(text, limit=300, count=len, first_limit=100)
    assert len(parts[0]) <= 100 < len(parts[1]) <= 300
    assert split("a" * 100, limit=300, count=len, first_limit=100) == ["a" * 100]
    assert len(split("ab " * 50, limit=300, count=len, first_limit=100)) == 2
    with pytest.raises(InvalidInput):
        split("https://example.com/" + "a" * 100, limit=300, count=len, first_limit=100)
