"""Names in the order of an alphabet."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.collation import key_for

# From the examples of the rules (A magyar helyesírás szabályai, 12th edition, 14 and 15), and clients' names.
HUNGARIAN = [
    ["cudar", "cukor", "cuppant", "csalit", "csata", "Csepel"],
    ["kas", "Kasmír", "kastély", "kaszinó", "kassza"],
    ["mennek", "menü", "menza", "meny", "mennyből"],
    ["olasz", "olcsó", "óra", "öröm", "ősz"],
    ["Eger", "egér", "egyesít", "Éva"],
    ["kor", "kór", "korom", "kóros", "kőris", "köröm"],
    ["udvar", "út", "üveg", "űz"],
]


@pytest.mark.parametrize("words", HUNGARIAN, ids=lambda words: words[0])
def test_hungarian_words_stand_as_the_rules_say(words: list[str]) -> None:
    mixed = words[:]
    random.Random(1).shuffle(mixed)
    assert sorted(mixed, key=key_for("hu")) == words


def test_other_languages_sort_by_letters_before_marks() -> None:
    assert sorted(["Zoo", "Écran", "apple", "Ecran", "éclair"], key=key_for("en-GB")) == [
        "apple",
        "éclair",
        "Ecran",
        "Écran",
        "Zoo",
    ]


@given(st.lists(st.text(max_size=12)), st.sampled_from(["hu", "en"]))
def test_any_texts_have_one_order(texts: list[str], language: str) -> None:
    key = key_for(language)
    backwards = texts[::-1]
    assert sorted(texts, key=key) == sorted(backwards, key=key)
