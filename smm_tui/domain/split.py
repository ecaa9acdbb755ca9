"""Cutting a text that is too long for one post into a thread."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import clip, inert
from smm_tui.domain.text import find_hashtags, find_links, find_mentions, iter_graphemes, utf8_length
from smm_tui.i18n import _

_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")
# A sentence ends at its mark and closing quotes before white space, unless a small letter follows ("e.g. this")
# or a digit precedes ("2026. december" is one date). Chinese and Japanese put no space there.
_SENTENCE_END = re.compile(r"(?<!\d)[.!?…]+[\"'’”»)\]]*\s+(?![a-zà-öø-ÿőű])|[。！？]+[」』”’）]*\s*")
_WORD_END = re.compile(r"\s+")
_NO_BREAK = frozenset("\u00a0\u2007\u202f")


class _Room(NamedTuple):
    """How much one post takes."""

    limit: int
    count: Callable[[str], int]
    byte_limit: int | None

    def takes(self, text: str) -> bool:
        return self.count(text) <= self.limit and (self.byte_limit is None or utf8_length(text) <= self.byte_limit)


class _Breaks(NamedTuple):
    """Where a text may be cut, as sorted code point offsets; all of them lie between graphemes."""

    paragraphs: list[int]
    sentences: list[int]
    words: list[int]
    graphemes: list[int]


def split(
    text: str,
    *,
    limit: int,
    count: Callable[[str], int],
    byte_limit: int | None = None,
    first_limit: int | None = None,
    numbered: bool = True,
) -> list[str]:
    """The parts of a thread, each within `limit` by `count` and within `byte_limit` UTF-8 bytes.

    The first part has a limit of its own where `first_limit` is given, as a caption has.

    A text that fits comes back as it is. Otherwise it is cut at the end of a paragraph or sentence if that leaves
    the part at least half full, else between words, else between graphemes, and each part ends in " (1/3)"; links,
    mentions and hashtags stay whole. White space at the cuts is dropped, nothing else. Raises InvalidInput where
    nothing can be cut.
    """
    room = _Room(limit, count, byte_limit)
    first = room if first_limit is None else room._replace(limit=first_limit)
    spans = _plan(text, first, room, numbered)
    if len(spans) == 1:
        return [text if first.takes(text) else text.strip()]
    total = str(len(spans)) if numbered else ""
    return [text[start:end].strip() + _number(index, total) for index, (start, end) in enumerate(spans, 1)]


def split_spans(
    text: str,
    *,
    limit: int,
    count: Callable[[str], int],
    byte_limit: int | None = None,
    numbered: bool = True,
) -> list[tuple[int, int]]:
    """Where `split` cuts: code point spans that together are the whole text, white space included."""
    room = _Room(limit, count, byte_limit)
    return _plan(text, room, room, numbered)


def _plan(text: str, first: _Room, rest: _Room, numbered: bool) -> list[tuple[int, int]]:
    if first.takes(text) or first.takes(text.strip()):
        return [(0, len(text))]
    breaks = _find_breaks(text)
    if not numbered:
        return list(_cut(text, breaks, first, rest, ""))
    for digits in itertools.count(1):
        spans = list(_cut(text, breaks, first, rest, "9" * digits))
        if len(spans) < 10**digits:
            break
    return spans


def _number(index: int, total: str) -> str:
    return f" ({index}/{total})" if total else ""


def _cut(text: str, breaks: _Breaks, first: _Room, rest: _Room, total: str) -> Iterator[tuple[int, int]]:
    """Spans that fit with their number, if `total` has as many digits as the number of parts."""
    places = breaks.graphemes
    start, first_ink = 0, len(text) - len(text.lstrip())
    for index in itertools.count(1):
        suffix = _number(index, total)
        room = first if index == 1 else rest
        before = bisect_right(places, max(start, first_ink)) - 1

        def fits(place: int, start: int = start, suffix: str = suffix, room: _Room = room) -> bool:
            return room.takes(text[start : places[place]].strip() + suffix)

        furthest = _last_true(fits, before, len(places) - 1, room.limit)
        if furthest == before:
            raise _unsplittable(text[start : places[before + 1]].strip(), room)
        end = _best_end(breaks, max(start, first_ink), places[furthest], len(text))
        yield start, end
        if end == len(text):
            return
        start = end


def _last_true(test: Callable[[int], bool], low: int, last: int, stride: int) -> int:
    """The last index up to which `test` holds, or `low`; looks near `stride` first, for a text may be long."""
    high = min(low + max(stride, 1), last)
    while test(high):
        low = high
        if high == last:
            return last
        high = min(high + max(stride, 1), last)
    while high - low > 1:
        middle = (low + high) // 2
        if test(middle):
            low = middle
        else:
            high = middle
    return low


def _best_end(breaks: _Breaks, start: int, furthest: int, length: int) -> int:
    if furthest == length:
        return length
    half = (start + furthest) // 2
    for places, least in ((breaks.paragraphs, half), (breaks.sentences, half), (breaks.words, start)):
        index = bisect_right(places, furthest) - 1
        if index >= 0 and places[index] > least:
            return places[index]
    return furthest


def _find_breaks(text: str) -> _Breaks:
    inside: set[int] = set()
    for span in (*find_links(text), *find_mentions(text), *find_hashtags(text)):
        inside.update(range(span.start + 1, span.end))
    ink_end = len(text.rstrip())
    places = [
        place
        for place in itertools.accumulate(map(len, iter_graphemes(text)))
        if place < ink_end and place not in inside
    ]
    places.append(len(text))
    allowed = frozenset(places)

    def ends(pattern: re.Pattern[str]) -> list[int]:
        return [
            match.end()
            for match in pattern.finditer(text)
            if match.end() in allowed and not _NO_BREAK.issuperset(match[0])
        ]

    return _Breaks(ends(_PARAGRAPH_END), ends(_SENTENCE_END), ends(_WORD_END), places)


def _unsplittable(token: str, room: _Room) -> InvalidInput:
    if sum(1 for _grapheme in itertools.islice(iter_graphemes(token), 2)) < 2:
        return InvalidInput(
            _("The text has nothing to split at: one character alone is larger than a whole post may be."),
            _("Remove the character with the many marks on it, or allow longer posts."),
            field="text",
        )
    return InvalidInput(
        _("The text has nothing to split at: “{token}” alone is longer than a post of {limit} may be.").format(
            token=clip(inert(token), 40), limit=room.limit
        ),
        _("Shorten it: links, mentions and hashtags are never cut."),
        field="text",
    )
