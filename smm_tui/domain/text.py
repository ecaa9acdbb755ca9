"""Text as the networks measure it: lengths, and the links, mentions and hashtags inside it.

All spans are code point offsets into the text, end exclusive; `byte_span` turns them into what Bluesky's facets want.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import regex

URL_CHARACTERS = 23  # what Mastodon counts for a link, however long; twitter-text's constant
TAG_CHARACTERS = 64  # graphemes of one hashtag: Bluesky's lexicon, and beyond any use elsewhere


class Span(NamedTuple):
    """`value` is what the span means: the URL, or the name without its ``@`` or ``#``."""

    start: int
    end: int
    value: str


# Characters that are graphemes by themselves, whatever their neighbours, but for CR LF: Latin, Greek, Cyrillic,
# general punctuation. `regex` costs more than 10 ms to import, and most texts of a first screen are made of these.
_SINGLE = re.compile("[\0-\u02ff\u0370-\u0482\u2010-\u2027]*")


def _is_simple(text: str) -> bool:
    return (text.isascii() or _SINGLE.fullmatch(text) is not None) and "\r\n" not in text


@cache
def _grapheme() -> regex.Pattern[str]:
    import regex

    return regex.compile(r"\X")


@cache
def _patterns() -> SimpleNamespace:
    import regex

    label = r"[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}])?"
    # Mastodon knows the top level domains by name; any word of letters stands for them here, because that list
    # changes with the world and a wrong guess is answered by the server with a plain refusal.
    domain = rf"(?:{label}\.){{1,60}}(?:xn--[a-z0-9-]+|[\p{{L}}\p{{M}}]{{2,63}})(?![0-9a-z@+-])"
    plain = r"[^\s<>()?]"
    balanced = rf"(?>\((?:{plain}+|{plain}*\({plain}+\){plain}*)\))"
    path_end = r"""[^\s()?!*"'「」<>;:=,.$%\[\]~&|@]"""
    query = r"""[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^\u00A0-\U0010FFFD--[\s\u2000-\u206F\u3000]]"""
    query_end = r"""[a-z0-9_&=#/\-\u00A0-\U0010FFFD--[\s\u2000-\u206F\u3000]]"""
    user = r"[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*"
    flags = regex.IGNORECASE | regex.VERSION1
    return SimpleNamespace(
        # The shape of Mastodon's own link grammar (twitter-text with its changes): links without a scheme
        # are linked there too but get no fixed price, so they are left out.
        priced=regex.compile(
            rf"(?<![a-z0-9@＠$#＃\uFFFE\uFEFF\uFFFF])https?://{domain}(?::[0-9]+)?"
            rf"(?:/(?:(?:{plain}|{balanced})*(?:{path_end}|{balanced}))?)?(?:\?{query}*{query_end})?",
            flags,
        ),
        link=regex.compile(
            r"(?<![\p{L}\p{N}_])https?://(?=[\p{L}\p{N}\[])[^\s\p{C}<>\"`\\|「」『』（）【】《》、。，！？]+",
            flags,
        ),
        mention=regex.compile(rf"(?<![=/\w])@({user}(?:@\w+(?:[.-]+\w+)*)?)", flags),
        # What may not follow a mention, else it is no mention: as twitter-text has it.
        no_mention=regex.compile(r"[@＠]|://|[À-ÖØ-öø-ÿĀ-ɏ\u0300-\u036FḀ-ỿ]", flags),
        handle=regex.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?", flags),
        hashtag=regex.compile(r"(?<![\w/=)&#＃])[#＃]([\w·・\u200C]+)", flags),
        letter=regex.compile(r"\p{Alphabetic}", flags),
    )


def graphemes(text: str) -> list[str]:
    """The extended grapheme clusters of a text (UAX 29): what people call characters."""
    return list(text) if _is_simple(text) else _grapheme().findall(text)


def iter_graphemes(text: str) -> Iterator[str]:
    """As `graphemes`, but only as far as asked."""
    if _is_simple(text):
        yield from text
    else:
        for match in _grapheme().finditer(text):
            yield match[0]


def _count_graphemes(text: str) -> int:
    if text.isascii():
        return len(text) - text.count("\r\n")
    return len(text) if _is_simple(text) else sum(1 for _found in _grapheme().finditer(text))


def _count_mastodon(text: str) -> int:
    """Graphemes, after links shrank to 23 characters and ``@user@host`` to ``@user``, as Mastodon does it."""
    entities: list[Span] = []
    if "://" in text:
        entities += [Span(m.start(), m.end(), "x" * URL_CHARACTERS) for m in _patterns().priced.finditer(text)]
    entities += [m._replace(value="@" + m.value.partition("@")[0]) for m in _mentions(text)]
    if not entities:
        return _count_graphemes(text)
    pieces: list[str] = []
    done = 0
    for start, end, shown in sorted(entities):
        if start < done:  # inside the one before, which wins
            continue
        pieces += [text[done:start], shown]
        done = end
    pieces.append(text[done:])
    return _count_graphemes("".join(pieces))


def _count_utf16(text: str) -> int:
    return len(text) + sum(1 for character in text if character > "\uffff")


COUNTERS: Mapping[str, Callable[[str], int]] = MappingProxyType(
    {
        "mastodon": _count_mastodon,
        "codepoints": len,
        "graphemes": _count_graphemes,
        "utf16": _count_utf16,
    }
)


def utf8_length(text: str) -> int:
    """Bytes of the text in UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def byte_span(text: str, start: int, end: int) -> tuple[int, int]:
    """The UTF-8 byte offsets of a span of code points."""
    first = utf8_length(text[:start])
    return first, first + utf8_length(text[start:end])


_BRACKETS = {")": "(", "]": "[", "}": "{"}
_AFTER_A_LINK = ".,;:!?'*_~…’”»›"


def _without_trailing_punctuation(url: str) -> str:
    surplus = {closing: url.count(closing) - url.count(opening) for closing, opening in _BRACKETS.items()}
    end = len(url)
    while end > url.index("://") + 3:
        last = url[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _AFTER_A_LINK:
            break
        end -= 1
    return url[:end]


def find_links(text: str) -> list[Span]:
    """The http(s) links, without the punctuation of the sentence around them."""
    if "://" not in text:
        return []
    links = []
    for match in _patterns().link.finditer(text):
        url = _without_trailing_punctuation(match[0])
        if len(url) > url.index("://") + 3:
            links.append(Span(match.start(), match.start() + len(url), url))
    return links


def find_mentions(text: str) -> list[Span]:
    """Fediverse mentions outside of links: ``@user@host`` or ``@user``."""
    return _outside(find_links(text), _mentions(text))


def find_handles(text: str) -> list[Span]:
    """Bluesky handles outside of links: ``@name.host.tld``."""
    handle = _patterns().handle if "@" in text else None
    return [span for span in find_mentions(text) if handle and handle.fullmatch(span.value)]


def find_hashtags(text: str) -> list[Span]:
    """Hashtags outside of links, in any script; digits alone are none."""
    if "#" not in text and "＃" not in text:
        return []
    patterns = _patterns()
    found = [
        Span(match.start(), match.end(), match[1])
        for match in patterns.hashtag.finditer(text)
        if patterns.letter.search(match[1]) and _count_graphemes(match[1]) <= TAG_CHARACTERS
    ]
    return _outside(find_links(text), found)


def _mentions(text: str) -> list[Span]:
    if "@" not in text:
        return []
    patterns = _patterns()
    return [
        Span(match.start(), match.end(), match[1])
        for match in patterns.mention.finditer(text)
        if not patterns.no_mention.match(text, match.end())
    ]


def _outside(links: list[Span], spans: list[Span]) -> list[Span]:
    return [s for s in spans if not any(s.start < link.end and link.start < s.end for link in links)]
