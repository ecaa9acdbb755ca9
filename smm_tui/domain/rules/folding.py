"""A text as a rule reads it: what people do to hide a word from a filter is undone.

`fold` (the whole text): invisible characters go (zero-width, bidirectional, variation selectors, control codes),
floods of marks are cut, compatibility forms become plain letters (NFKC: fullwidth, mathematical bold, circled;
squared ones and small capitals as well), case is folded.

`readings` (one word): what it may stand for. Letters of other scripts that look Latin (or Cyrillic, in a word that
mixes both), digits and signs for letters (`leet`), and letters repeated three times or more.

`skeleton`: without accents, since people leave them out. Every step is applied to a rule's own words as well.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from types import SimpleNamespace

MARKS = 4
"""Marks on one base that are read; more are a flood."""
WORD = 100
"""A longer run of letters is no word of any language."""

_INVISIBLE_RANGES = (
    *((0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C)),
    *((0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F)),
    *((0x3164, 0x3164), (0xD800, 0xDFFF), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB)),
    *((0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡ", "abcdefghijklmnoprstuvwyzag", strict=True))
_LOOKS_LATIN = {
    **dict(zip("авеһіјкӏмнорѕстухԁԛԝґгпиьѐѝ", "abehijklmhopsctyxdqwrrnubeu", strict=True)),
    **dict(zip("αβγεηικνορςτυχωμδ", "abyenikvopstuxwud", strict=True)),
    **dict(zip("օոսհցıłøđħŧ", "onuhgilodht", strict=True)),
}
_LOOKS_CYRILLIC = dict(zip("abcehkmnoprtuxy3046", "авсенкмпоргтиху" + "зочб", strict=True))
_LEET = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "€": "e", "+": "t"}
_LEET_I = str.maketrans({**_LEET, "1": "i", "!": "i", "|": "i"})
_LEET_L = str.maketrans({**_LEET, "1": "l", "!": "l", "|": "l"})
_MASK = re.compile(r"[0-9@$€+!|]")
_REPEATED = re.compile(r"(.)\1\1+")
_RUN = re.compile(r"(.)\1*")


@cache
def _tables() -> SimpleNamespace:
    import regex

    invisible: dict[int, str | None] = {
        code: None for first, last in _INVISIBLE_RANGES for code in range(first, last + 1)
    }
    squares = {
        first + number: letter
        for first in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
        for number, letter in enumerate(_LETTERS)
    }
    plain = {ord(sign): letter for sign, letter in _SMALL_CAPITALS.items()}
    return SimpleNamespace(
        seen={**invisible, **squares, **plain, 0x3002: "."},
        visible=invisible,
        flood=regex.compile(rf"(\p{{M}}{{{MARKS}}})\p{{M}}+"),
        latin=str.maketrans(_LOOKS_LATIN),
        cyrillic=str.maketrans(_LOOKS_CYRILLIC),
    )


def visible(text: str) -> str:
    """The text as it was written, without what nobody sees."""
    if text.isprintable() and text.isascii():
        return text
    return text.translate(_tables().visible)


def fold(text: str) -> str:
    """The text without masks that work on single characters, in lower case."""
    if text.isascii():
        return (text if text.isprintable() else text.translate(_tables().seen)).lower()
    tables = _tables()
    # Before NFKC: it sorts marks, which takes quadratic time when there are a hundred thousand of them.
    text = tables.flood.sub(r"\1", text.translate(tables.seen))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def skeleton(word: str) -> str:
    """A folded word without accents."""
    if word.isascii():
        return word
    return "".join(char for char in unicodedata.normalize("NFD", word) if unicodedata.category(char) != "Mn")


def readings(word: str) -> set[str]:
    """What a folded word may stand for, itself included."""
    found = {word}
    if not word.isascii():
        tables = _tables()
        latin = any("a" <= char <= "z" for char in word)
        cyrillic = any("\u0400" <= char <= "\u052f" for char in word)
        mapped = word.translate(tables.latin)
        if mapped != word and (latin or mapped.isascii()):
            found.add(mapped)
        if cyrillic and (latin or _MASK.search(word)):
            found.add(word.translate(tables.cyrillic))
    if _MASK.search(word) and any(char.isalpha() for char in word):
        found |= {one.translate(table) for one in tuple(found) for table in (_LEET_I, _LEET_L)}
    for one in tuple(found):
        if _REPEATED.search(one):
            found |= {_REPEATED.sub(r"\1", one), _REPEATED.sub(r"\1\1", one)}
        elif len(one) >= 8 and len(one) % 2 == 0 and one[::2] == one[1::2]:
            found.add(one[::2])
    return found


def parts(chunk: str) -> tuple[list[str], str]:
    """The words of a run without white space, and what it says as one word when the signs in it are a mask."""
    words = _PART.findall(chunk)
    core = chunk.rstrip(_TRAILING).lstrip(_LEADING)
    whole = ""
    if words and len(core) <= WORD and (len(words) > 1 or not core.isalnum()):
        whole = "".join(_SIGN.findall(core))
    return words, whole


_PART = re.compile(r"[^\W_]+")
_SIGN = re.compile(r"[^\W_]|[@$€+!|]")
_TRAILING = "!\"#%&'()*+,-./:;<=>?@[\\]^_`{|}~$€…„”“»«–—"
_LEADING = "!\"#%&'()*,-./:;<=>?[\\]^_`{|}~…„”“»«–—+"


def same_text(folded: str) -> str:
    """What is equal for texts that say the same: their letters and digits alone; of a text without any, all of it."""
    return "".join(_PART.findall(skeleton(folded))) or folded.strip()
