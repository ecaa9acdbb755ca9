"""Near-duplicates among many texts, exactly and without comparing every pair.

Texts are compared as sets of word triples by their Jaccard index. Two sets that are alike enough share one of their
rarest members (prefix filtering, Bayardo et al., "Scaling up all pairs similarity search", 2007), so only texts that
do are compared at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import ceil

ALIKE = 0.7
"""Jaccard index from which two texts say the same to a reader."""
_WORD = re.compile(r"\w+")
_SHINGLE = 3
_STEM = 5
_ADDRESS = re.compile(r"https?://\S+|@\S+")

Shingles = frozenset[int]


@lru_cache(maxsize=20_000)
def shingles(text: str) -> Shingles:
    """The word triples of a text, by their hashes (64 bits: no two of a year's are the same by chance); of a shorter
    text all its words as one."""
    words = _WORD.findall(text.casefold())
    if len(words) <= _SHINGLE:
        return frozenset([hash(tuple(words))] if words else ())
    return frozenset(map(hash, zip(words, words[1:], words[2:], strict=False)))


def jaccard(one: Shingles, other: Shingles) -> float:
    """The share of what two sets have in common in what they have together: 0 to 1."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def stems(text: str) -> Shingles:
    """The words of a text by the hashes of their beginnings, accents and inflections aside: for short texts that say
    the same in another order. Words of one or two letters say nothing."""
    plain = unicodedata.normalize("NFKD", _ADDRESS.sub(" ", text.casefold()))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return frozenset(hash(word[:_STEM]) for word in _WORD.findall(letters) if len(word) > 2)


def groups(texts: Sequence[str], alike: float = ALIKE, into: Callable[[str], Shingles] = shingles) -> list[list[int]]:
    """Positions of texts that are near-duplicates, each group in order. A text without words resembles none."""
    sets = [into(text) for text in texts]
    first: dict[Shingles, int] = {}
    leader = [first.setdefault(found, position) if found else position for position, found in enumerate(sets)]
    rarity = Counter(shingle for found in first for shingle in found)
    holders: dict[int, list[int]] = {}
    for found, position in first.items():
        if not found:
            continue
        # Rarest first; the shingles themselves break ties, so that all sets agree on one order.
        order = sorted(sorted(found), key=rarity.__getitem__)
        prefix = [shingle for shingle in order[: len(found) - ceil(alike * len(found)) + 1] if rarity[shingle] > 1]
        candidates = {other for shingle in prefix for other in holders.get(shingle, ())}
        for other in sorted(candidates):
            one, two = _root(leader, position), _root(leader, other)
            if one != two and jaccard(found, sets[other]) >= alike:
                leader[max(one, two)] = min(one, two)
        for shingle in prefix:
            holders.setdefault(shingle, []).append(position)
    gathered: dict[int, list[int]] = {}
    for position in range(len(texts)):
        gathered.setdefault(_root(leader, position), []).append(position)
    return [group for group in gathered.values() if len(group) > 1]


def _root(leader: list[int], position: int) -> int:
    while leader[position] != position:
        position = leader[position]
    return position
