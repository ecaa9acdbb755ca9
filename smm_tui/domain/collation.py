"""Alphabetical order. The standard library sorts by code point, and the system's locales are seldom installed where
this program runs; ICU would cost fifty megabytes. So here is what the languages of the interface ask for.

Hungarian (A magyar helyesírás szabályai, 12th edition, 14-16): ``cs dz dzs gy ly ny sz ty zs`` are letters of their
own, a doubled one is written short (``ssz`` is ``sz`` twice); ``ö ő`` come after ``o ó``, ``ü ű`` after ``u ú``;
whether a vowel is long decides only between words that are equal otherwise. Any other language: by letters without
their marks, then by the marks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

Key = tuple[object, ...]

_LETTERS = ("cs", "dzs", "dz", "gy", "ly", "ny", "sz", "ty", "zs")
_DOUBLED = {letter[0] + letter: (letter, letter) for letter in _LETTERS}
_ALPHABET = (
    "a b c cs d dz dzs e f g gy h i j k l ly m n ny o ö p q r s sz t ty u ü v w x y z zs".split()  # noqa: SIM905
)
_RANK = {letter: place for place, letter in enumerate(_ALPHABET)}
_LONG = {"á": "a", "é": "e", "í": "i", "ó": "o", "ő": "ö", "ú": "u", "ű": "ü"}


def key_for(language: str) -> Callable[[str], Key]:
    """What to sort texts of a language by."""
    return _hungarian if language.casefold().partition("-")[0] == "hu" else _plain


@lru_cache(maxsize=4096)
def _plain(text: str) -> Key:
    folded = text.casefold()
    bare = "".join(char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))
    return bare, folded, text


@lru_cache(maxsize=4096)
def _hungarian(text: str) -> Key:
    folded = unicodedata.normalize("NFC", text.casefold())
    first: list[tuple[int, int, str]] = []
    marks: list[int] = []
    place = 0
    while place < len(folded):
        letters, length = _next(folded, place)
        for letter in letters:
            short = _LONG.get(letter, letter)
            if short not in _RANK:
                short = unicodedata.normalize("NFKD", short)[:1]
            first.append((1, _RANK[short], "") if short in _RANK else (0, 0, short))
            marks.append(letter in _LONG)
        place += length
    return tuple(first), tuple(marks), text


def _next(text: str, place: int) -> tuple[tuple[str, ...], int]:
    """The letters that begin at a place, and how many characters they take."""
    for doubled, letters in _DOUBLED.items():
        if text.startswith(doubled, place):
            return letters, len(doubled)
    for letter in _LETTERS:
        if text.startswith(letter, place):
            return (letter,), len(letter)
    return (text[place],), 1
