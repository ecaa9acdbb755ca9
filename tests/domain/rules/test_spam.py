"""The score that learns from verdicts, and its reasons."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.rules.facts import Facts
from smm_tui.domain.rules.spam import ALL, SIGNS, Count, explanation, score, signs

SPAM = ["INGYEN nyeremény! kattints: bit.ly/x www.a.hu", "1ngyen pénz most", "ingyenpénz, ingyen", "pénz ingyen"]
GOOD = ["Mikor nyitnak holnap?", "Nagyon finom volt a kifli", "Van még kovászos kenyér?", "Köszönöm szépen a kiflit"]


def learnt(spam=SPAM, good=GOOD) -> dict[str, Count]:
    counted: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for counter, texts in zip(counted, (spam, good), strict=True):
        for text in texts:
            counter.update(signs(Facts(text, project_language="hu", new_author=text in SPAM)) | {ALL})
    return {sign: Count(counted[0][sign], counted[1][sign]) for sign in counted[0] | counted[1]}


def test_it_learns_and_says_why() -> None:
    counts = learnt()
    bad = score(signs(Facts("Ingyen nyeremény: bit.ly/q", project_language="hu", new_author=True)), counts)
    good = score(signs(Facts("Finom kifli, köszönöm", project_language="hu", new_author=False)), counts)
    assert bad.score > 0.9 > 0.1 > good.score
    told = explanation(bad)
    assert told.startswith("because: ")
    assert "new author" in told
    assert "‘ingy" in told
    assert explanation(good) == ""


def test_without_enough_verdicts_there_is_no_score() -> None:
    assert score(frozenset({"w:x"}), {}) is None
    assert score(frozenset({"w:x"}), learnt(good=GOOD[:2])) is None


def test_an_unknown_text_is_in_the_middle() -> None:
    assert score(signs(Facts("zzz qqq")), learnt()).score == 0.5


def test_masked_words_are_the_same_signs() -> None:
    assert signs(Facts("1ngy3n p€nz")) & signs(Facts("ingyen penz"))


@given(
    st.text(),
    st.dictionaries(st.text(), st.builds(Count, st.integers(0, 10**9), st.integers(0, 10**9))),
)
def test_any_text_and_any_counts_give_a_share(text: str, counts: dict[str, Count]) -> None:
    found = signs(Facts(text))
    assert len(found) <= SIGNS + len(text)
    for most in (counts, {sign: Count(9, 0) for sign in found | {ALL}} | {ALL: Count(9, 9)}):
        verdict = score(found, most)
        assert verdict is None or 0 <= verdict.score <= 1
