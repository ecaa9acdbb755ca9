"""Near-duplicates: the quick way finds exactly what comparing every pair finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.similarity import ALIKE, groups, jaccard, shingles

texts = st.lists(st.lists(st.sampled_from("abcd"), max_size=8).map(" ".join), max_size=12)


@given(texts)
def test_it_finds_what_comparing_every_pair_finds(found) -> None:
    leader = list(range(len(found)))
    for one in range(len(found)):
        for two in range(one):
            if jaccard(shingles(found[one]), shingles(found[two])) >= ALIKE:
                old, new = leader[one], leader[two]
                leader = [new if root == old else root for root in leader]
    expected = [[n for n in range(len(found)) if leader[n] == root] for root in dict.fromkeys(leader)]
    assert groups(found) == [group for group in expected if len(group) > 1]


def test_wording_counts_and_case_and_signs_do_not() -> None:
    offer = "Mikulás-doboz 2+1: két mézeskalács mellé a harmadik ajándék, csak ma a boltban"
    assert groups([offer, "Something else entirely, for once", offer.upper().replace(",", " -")]) == [[0, 2]]
    assert groups([offer, offer.replace("ma", "holnap")]) == []
    assert groups(["", "", "🎄", "🎄"]) == []
