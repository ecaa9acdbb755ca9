"""A spam score that learns from a project's own verdicts: naive Bayes over the signs of a message.

Each sign's probability is drawn towards one half until it has been seen often enough (Robinson, "A statistical
approach to the spam problem", 2003), and only the most telling signs are multiplied (Graham, "A plan for spam",
2002), so that a long harmless text cannot hide a few strong signs, nor a single new word decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import exp, log
from typing import NamedTuple

from smm_tui.domain.inert import clip, inert
from smm_tui.domain.rules.facts import Facts
from smm_tui.domain.rules.folding import parts, readings, skeleton
from smm_tui.domain.rules.matcher import links_told
from smm_tui.domain.rules.words import languages_of, stems
from smm_tui.i18n import _

ENOUGH = 3
"""Verdicts of each kind before there is a score at all."""
TELLING = 15
"""Signs that are multiplied."""
SIGNS = 400
"""Signs of one message: enough for any honest one, and a bound for the others."""
CAPS = 60
"""Percent of capitals that are a sign."""
FLOOD = 6
"""Emoji that are a sign."""
_STRENGTH = 0.5  # how much is needed to leave one half, in messages
_WORD = range(3, 31)
_CHUNK = re.compile(r"\S+")
WORD, LINKS, HOST, AUTHOR, SHOUT, EMOJI = "w:", "links:", "host:", "author:", "caps", "emoji"
ALL = ""
"""What counts the messages themselves."""


class Count(NamedTuple):
    """In how many messages a sign stood, by verdict."""

    spam: int
    good: int


class Verdict(NamedTuple):
    """A score from 0 (harmless) to 1 (spam), and the signs that speak for spam, the strongest first."""

    score: float
    because: tuple[str, ...]


def signs(facts: Facts) -> frozenset[str]:
    """What may tell spam from the rest in a message."""
    found = set()
    if facts.hosts:
        found.add(f"{LINKS}{min(len(facts.hosts), 3)}")
        found |= {HOST + host for host in facts.hosts}
    if facts.new_author is not None:
        found.add(AUTHOR + ("new" if facts.new_author else "known"))
    if facts.caps >= CAPS:
        found.add(SHOUT)
    if facts.emoji >= FLOOD:
        found.add(EMOJI)
    for word in _words(facts):
        if len(found) >= SIGNS:
            break
        found.add(word)
    return frozenset(found)


def _words(facts: Facts) -> Iterator[str]:
    languages = languages_of(facts.language, facts.project_language)[:1]
    for match in _CHUNK.finditer(facts.folded):
        if "://" in match[0]:
            continue
        words, whole = parts(match[0])
        for word in [whole] if whole and any(len(one) == 1 for one in words) else words:
            plain = min(readings(word), key=lambda one: (sum(map(str.isdigit, one)), len(one), one))
            if len(plain) in _WORD and not plain.isdigit():
                yield WORD + next(iter(stems(plain, languages)), skeleton(plain))


def score(found: frozenset[str], counts: Mapping[str, Count]) -> Verdict | None:
    """The score of these signs by what was counted; None as long as there are too few verdicts."""
    spam, good = counts.get(ALL, Count(0, 0))
    if spam < ENOUGH or good < ENOUGH:
        return None
    weighed = []
    for sign in found:
        count = counts.get(sign)
        if count is None:
            continue
        in_spam, in_good = min(1.0, count.spam / spam), min(1.0, count.good / good)
        seen = count.spam + count.good
        if not seen or not in_spam + in_good:
            continue
        believed = (_STRENGTH * 0.5 + seen * in_spam / (in_spam + in_good)) / (_STRENGTH + seen)
        weighed.append((log(believed / (1 - believed)), sign))
    weighed.sort(key=lambda one: (-abs(one[0]), one[1]))
    telling = weighed[:TELLING]
    total = sum(weight for weight, _sign in telling)
    return Verdict(1 / (1 + exp(-total)), tuple(sign for weight, sign in telling if weight > 0))


def told(sign: str) -> str:
    """A sign in words."""
    kind = next((one for one in (WORD, LINKS, HOST, AUTHOR) if sign.startswith(one)), "")
    value = clip(inert(sign.removeprefix(kind)), 40)
    if kind == LINKS:
        return links_told(int(value)) if value != "3" else _("3 links or more")
    if kind == AUTHOR:
        return _("new author") if value == "new" else _("known author")
    if kind == HOST:
        return value
    return _("capitals") if sign == SHOUT else _("many emoji") if sign == EMOJI else f"‘{value}’"


def explanation(verdict: Verdict, most: int = 5) -> str:
    """Why a message has its score, for people; empty when nothing speaks for spam."""
    if not verdict.because:
        return ""
    return _("because: {signs}").format(signs=", ".join(told(sign) for sign in verdict.because[:most]))
