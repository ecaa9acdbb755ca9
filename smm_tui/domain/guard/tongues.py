"""Which language a text is in, by its commonest words; nothing is said where that is not certain.

A language is told only to see whether a text is in that of another client: a few dozen words of each, which no two of
the languages here share, are enough for that, and short or mixed texts stay untold.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_TOLD_FROM = 3
"""So many of a language's words must be there, and twice as many as of any other."""
_SHARE = 10
"""Percent of all words that they must be at least."""

_COMMON = {
    "en": "the and of to is that you it for with this are was your we our be at by they have not but what from "
    "all when there can will one if who more out so about then than them has been its which how just into "
    "only where",
    "hu": "az és egy hogy nem van meg el már ez de csak vagy még mint ki is ha mert minden volt így kell lesz "
    "azt lehet nincs itt majd amikor akkor aki ami nálunk mi ti nekünk nektek most után között miért "
    "hogyan ezt ezért sem kérdés a",
    "de": "der die das und ist nicht mit ein eine von zu auf für sich dem den des auch wir ihr sie es wird bei "
    "oder aus noch nach wie haben sind kann einem einer unser unsere heute nur aber über zum zur",
    "ru": "и в не на что он она как это по но они мы вы все так его только было бы от за уже для если или наш "
    "наша наши сегодня есть когда где очень можно",
    "uk": "і в не на що він вона як це але вони ми ви все так його тільки було від за вже для якщо або наш наша "
    "наші сьогодні є коли де дуже можна та й з у",
    "fr": "le la les des et est une dans pour que qui sur avec pas vous nous ce cette sont au aux du plus mais "
    "ou votre notre être très il elle",
    "es": "el los las una es por con para que del se su más como pero sus está nuestro nuestra muy hoy también y en",
    "it": "il gli della che è per un una con non sono del nel dei alla più anche questo questa nostro nostra "
    "oggi di e",
    "pl": "się nie na jest że to do jak ale oraz dla przy czy już był tylko nasz nasza dziś bardzo są tego "
    "przez i w z",
    "ro": "și este nu pentru din cu care pe mai sunt la ce dar sau noastră nostru astăzi foarte să în de un o",
    "cs": "je se na že to jako ale pro které jsme jsou nebo náš naše dnes velmi při už jen když a v",
}


def _owned() -> dict[str, str]:
    """The words that only one of the languages has, with it."""
    owners: dict[str, set[str]] = {}
    for code, words in _COMMON.items():
        for word in words.split():
            owners.setdefault(word, set()).add(code)
    return {word: next(iter(codes)) for word, codes in owners.items() if len(codes) == 1}


_ONLY = _owned()


def tongue(text: str) -> str:
    """The ISO 639-1 code of the language of a text; empty: not certain, or none of those known here."""
    words = _WORD.findall(text.casefold())
    counts: dict[str, int] = {}
    for word in words:
        if code := _ONLY.get(word):
            counts[code] = counts.get(code, 0) + 1
    if not counts:
        return ""
    best, *others = sorted(counts, key=lambda code: -counts[code])
    first = counts[best]
    second = counts[others[0]] if others else 0
    certain = first >= _TOLD_FROM and first >= 2 * second + 1 and first * 100 >= _SHARE * len(words)
    return best if certain else ""
