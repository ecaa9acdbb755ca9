"""Words and phrases in their inflected forms and under their masks, any number of them in one pass over a text.

A text is cut at white space, and every piece is looked at once however often it comes: what it may be is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from smm_tui.domain.rules.folding import WORD, parts, readings, skeleton

if TYPE_CHECKING:
    from Stemmer import Stemmer

ALGORITHMS: Mapping[str, str] = MappingProxyType(
    {
        "hu": "hungarian",
        "en": "english",
        "de": "german",
        "ru": "russian",
        "uk": "russian",  # near enough for the endings of cases
        "fr": "french",
        "es": "spanish",
        "it": "italian",
        "pt": "portuguese",
        "nl": "dutch",
        "pl": "polish",
        "cs": "czech",
        "ro": "romanian",
        "sr": "serbian",
        "sv": "swedish",
        "da": "danish",
        "no": "norwegian",
        "nb": "norwegian",
        "fi": "finnish",
        "tr": "turkish",
        "el": "greek",
    }
)
"""Languages whose endings are known, by the stemmers of Snowball."""
UNTOLD = ("hu", "en", "ru")
"""What is tried where nobody tells a language."""
KEPT = 50_000
"""Pieces of text that are remembered."""
SHORTEST_HIDDEN = 4
"""Words shorter than this are not looked for inside letters that stand apart: chance would find them."""

# Hungarian endings as they are typed without accents; the stemmer knows only the right ones.
_BARE_ENDINGS = MappingProxyType(
    {"bol": "ból", "rol": "ról", "tol": "tól", "nal": "nál", "nel": "nél", "ert": "ért", "kent": "ként"}
)
# Endings of Hungarian verbs without accents, which Snowball's stemmer leaves: it knows those of nouns.
_VERB_ENDINGS = re.compile(
    r"(?<=^....)(.*?)(?:[aeo]?(?:tok|tek|nak|nek|unk|sz|k|m|d)|[jst]?(?:atok|etek|anak|enek|unk|uk|ak|ek|on|en)|"
    r"j|s|t|tt|ott|ett|ja|jak|juk|jatok|i|ik|itek|tam|tem|tal|tel|ta|te|tuk|tunk|tak|tek|ni|va|ve|hat|het)$"
)
_APART = re.compile(r"(?<!\w)[^\W_](?:[^\w\n]{1,3}[^\W_](?!\w)){3,}")
_NO_WORD: tuple[frozenset[int], ...] = ()
_NOTHING = (frozenset[int](),)


class Found(NamedTuple):
    """A phrase by its number, and the words of the text that are it."""

    phrase: int
    text: str


class Vocabulary:
    """Phrases to look for, in some languages. A phrase is words in this order; ``word*`` is any word so begun."""

    def __init__(self, phrases: Sequence[str], languages: Iterable[str]) -> None:
        self._stemmers = [_stemmer(ALGORITHMS[code]) for code in languages if code in ALGORITHMS]
        self._hungarian = "hu" in languages
        self._words: dict[str, int] = {}
        self._keys: dict[str, set[int]] = {}
        self._beginnings: dict[str, int] = {}
        self._phrases: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        self._lengths: tuple[int, ...] = ()
        self._pieces = _Pieces(self)
        for number, phrase in enumerate(phrases):
            words = tuple(self._word(word) for word in split(phrase))
            if words:
                self._phrases.setdefault(words[0], []).append((number, words))
        self._lengths = tuple(sorted({len(word) for word in self._beginnings}))
        self._long = [(word, number) for word, number in self._words.items() if len(word) >= SHORTEST_HIDDEN]

    def find(self, folded: str) -> Iterator[Found]:
        """Every phrase that is in a folded text; the same one may come again."""
        pieces = self._pieces
        chunks = folded.split()
        for place, chunk in enumerate(chunks):
            positions = pieces[chunk]
            if positions is _NOTHING or not positions:
                continue
            for inside, words in enumerate(positions):
                for word in words:
                    for number, phrase in self._phrases.get(word, ()):
                        end = self._end(chunks, place, inside, phrase)
                        if end:
                            yield Found(number, " ".join(chunks[place:end]))
        for match in _APART.finditer(folded):
            hidden = {skeleton(one) for one in readings("".join(filter(str.isalnum, match[0][: 2 * WORD])))}
            for letters, word in self._long:
                if any(letters.rstrip("*") in one for one in hidden):
                    for number, phrase in self._phrases.get(word, ()):
                        if len(phrase) == 1:
                            yield Found(number, match[0])

    def _end(self, chunks: Sequence[str], place: int, inside: int, phrase: Sequence[int]) -> int:
        """Where a phrase that begins at a position ends: the number of the piece after it; 0: it is not there."""
        wanted = 1
        inside += 1
        while wanted < len(phrase):
            if place >= len(chunks):
                return 0
            positions = self._pieces[chunks[place]]
            if inside >= len(positions):
                place, inside = place + 1, 0
                continue
            if phrase[wanted] not in positions[inside]:
                return 0
            wanted, inside = wanted + 1, inside + 1
        return place + 1

    def look(self, chunk: str) -> tuple[frozenset[int], ...]:
        """Which words each part of a run without white space may be; empty when there is no word in it."""
        words, whole = parts(chunk)
        if not words:
            words, whole = ([whole], "") if whole else ([], "")
        each = {word: self._may_be(word) for word in set(words)}
        found = [each[word] for word in words]
        if whole and found:
            hidden = self._may_be(whole)
            found[0] |= hidden
            found[-1] |= hidden
        if not any(found):
            return _NOTHING if found else _NO_WORD
        return tuple(found)

    def _may_be(self, word: str) -> frozenset[int]:
        if len(word) > WORD:
            return frozenset()
        found: set[int] = set()
        for key in self.keys(word):
            found |= self._keys.get(key, frozenset())
            if key[0] not in "~^":
                found |= {
                    self._beginnings[key[:length]] for length in self._lengths if key[:length] in self._beginnings
                }
        return frozenset(found)

    def _word(self, word: str) -> int:
        number = self._words.setdefault(word if word.endswith("*") else skeleton(word), len(self._words))
        if word.endswith("*"):
            self._beginnings[skeleton(word[:-1])] = number
        else:
            for key in (skeleton(word), *self._stems(word)):
                self._keys.setdefault(key, set()).add(number)
        return number

    def keys(self, word: str) -> set[str]:
        """By what a word of a text is known: what it may stand for, and that without its endings (``~``, ``^``)."""
        found: set[str] = set()
        for reading in readings(word):
            found.add(skeleton(reading))
            found.update(self._stems(reading))
        return found

    def _stems(self, word: str) -> Iterator[str]:
        for stemmer in self._stemmers:
            yield "~" + skeleton(stemmer.stemWord(word))
        if self._hungarian:
            yield "^" + _VERB_ENDINGS.sub(r"\1", skeleton(word))
            for bare, ending in _BARE_ENDINGS.items():
                if word.endswith(bare):
                    yield "~" + skeleton(_stemmer("hungarian").stemWord(word.removesuffix(bare) + ending))


class _Pieces(dict[str, tuple[frozenset[int], ...]]):
    """What pieces of text mean to a vocabulary, worked out at their first sight."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, chunk: str) -> tuple[frozenset[int], ...]:
        found = self._vocabulary.look(chunk)
        if len(chunk) <= WORD:
            if len(self) >= KEPT:
                self.clear()
            self[chunk] = found
        return found


def split(phrase: str) -> list[str]:
    """The words of a folded phrase; a star behind a word stays."""
    return [word for word in re.findall(r"[^\W_]+\*?", phrase) if word != "*"]


def stems(word: str, languages: Iterable[str]) -> list[str]:
    """A folded word's stems in some languages, without accents."""
    return [skeleton(_stemmer(ALGORITHMS[code]).stemWord(word)) for code in languages if code in ALGORITHMS]


_STEMMERS: dict[str, Any] = {}


def _stemmer(algorithm: str) -> Stemmer:
    if algorithm not in _STEMMERS:
        from Stemmer import Stemmer

        _STEMMERS[algorithm] = Stemmer(algorithm)
    return _STEMMERS[algorithm]


def languages_of(*tags: str) -> tuple[str, ...]:
    """The languages of these tags whose endings are known, in order; those of `UNTOLD` when no tag tells one."""
    codes = dict.fromkeys(tag.partition("-")[0].lower() for tag in tags if tag)
    return tuple(code for code in codes if code in ALGORITHMS) if codes else UNTOLD
