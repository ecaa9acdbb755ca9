"""What is known of a client: what its brief and accounts claim, and what went out for it before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from smm_tui.domain.guard.marks import Kind, Mark, bare_host, handle, hashtag, marks_of, phone, price_value, prices_of
from smm_tui.domain.guard.tongues import tongue
from smm_tui.domain.rules.folding import fold, skeleton
from smm_tui.domain.rules.hosts import domain_name
from smm_tui.domain.similarity import Shingles, shingles

STEM = 5
"""Letters by which words are compared: endings differ."""
_WORD = re.compile(r"[^\W\d_]+")
_PIECE = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"https?://\S+|[\w.-]*@\S+|\bwww\.\S+")


class Said(NamedTuple):
    """What would leave: the main text, everything else that is read beside it, links and the hashes of files."""

    text: str
    beside: tuple[str, ...] = ()  # a first comment, the answers of a poll, descriptions, a button
    links: tuple[str, ...] = ()
    media: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """All that is read, in lines."""
        return "\n".join(part for part in (self.text, *self.beside, *self.links) if part)


class Traces(NamedTuple):
    """What a post shows of whose it is."""

    marks: frozenset[Mark]
    tongue: str
    stems: Mapping[str, str]  # the beginning of a word to a word of the text
    triples: Shingles
    media: tuple[str, ...]


class Brand(NamedTuple):
    """A name or word of a client: its words, folded, and as it was written down."""

    words: tuple[str, ...]
    shown: str


@dataclass(frozen=True, slots=True)
class Client:
    """What a client claims for itself. `own`: values in the spelling of their marks, by kind."""

    id: int
    name: str
    languages: frozenset[str] = frozenset()
    own: Mapping[Kind, frozenset[str]] = field(default_factory=dict)
    brands: tuple[Brand, ...] = ()
    currencies: frozenset[str] = frozenset()
    forbidden: tuple[Brand, ...] = ()  # words that its brief does not want to read

    def claims(self, kind: Kind, value: str) -> bool:
        """Whether something is this client's by its brief or accounts; what lies below its domain is its own."""
        mine = self.own.get(kind, frozenset())
        if value in mine:
            return True
        return kind is Kind.DOMAIN and any(value.endswith(f".{domain}") for domain in mine)


@dataclass(slots=True)
class Past:
    """What went out for a client, added up."""

    posts: int = 0
    marks: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    tongues: Counter[str] = field(default_factory=Counter)
    stems: Counter[str] = field(default_factory=Counter)
    stems_total: int = 0
    triples: Counter[int] = field(default_factory=Counter)
    media: Counter[str] = field(default_factory=Counter)

    def add(self, traces: Traces, by: int = 1) -> None:
        """Count a post in; with `by` -1: out again."""
        self.posts += by
        for kind, value in {(mark.kind, mark.value) for mark in traces.marks}:
            self.marks[kind, value] += by
        if traces.tongue:
            self.tongues[traces.tongue] += by
        for stem in traces.stems:
            self.stems[stem] += by
        self.stems_total += by * len(traces.stems)
        for sha256 in set(traces.media):
            self.media[sha256] += by
        for triple in traces.triples:
            self.triples[triple] += by


def traces_of(said: Said) -> Traces:
    """Read what would leave, or what left."""
    stems = stems_of(said.text)
    return Traces(marks_of(said.whole), tongue(said.text), stems, shingles(said.text), said.media)


def stems_of(text: str) -> dict[str, str]:
    """The beginnings of the words of a text, accents aside, each with a word that begins so."""
    found: dict[str, str] = {}
    for word in _WORD.findall(_ADDRESS.sub(" ", text)):
        if len(word) > 1:
            found.setdefault(skeleton(fold(word))[:STEM], word)
    return found


def words_of(text: str, *, addresses: bool = True) -> list[str]:
    """The words of a text in order, folded, accents aside; those of links and handles among them, or not."""
    if not addresses:
        text = _ADDRESS.sub(" ", text)
    return _PIECE.findall(skeleton(fold(text)))


def brand_of(text: str) -> Brand | None:
    """A brand word as a brief has it; None where there is no word in it."""
    words = tuple(words_of(text))
    return Brand(words, " ".join(text.split())) if words else None


def client_of(
    number: int,
    name: str,
    languages: Iterable[str],
    own: Mapping[str, Sequence[str]],
    handles: Iterable[str],
    forbidden: Iterable[str] = (),
) -> Client:
    """A client from its brief's lists, as they were typed, and the handles of its accounts."""
    domains, mails, phones, tags, prices = set(), set(), set(), set(), set()
    for text in own.get(Kind.DOMAIN, ()):
        if host := domain_name(text):
            domains.add(bare_host(host))
        if "@" in text:
            mails.add(fold(text.strip()))
    for text in own.get(Kind.PHONE, ()):
        if value := phone(text):
            phones.add(value)
    named = {handle(text) for text in (*own.get(Kind.HANDLE, ()), *handles) if handle(text)}
    named |= {text.partition("@")[0] for text in named}  # people leave the server out
    named |= {text.partition(".")[0] for text in named if text.count(".") >= 2 and "@" not in text}
    for text in own.get(Kind.HASHTAG, ()):
        tags.add(hashtag(text))
    found = [price for text in own.get(Kind.PRICE, ()) for price, _shown in prices_of(text)]
    prices = {price_value(price) for price in found}
    brands = tuple(brand for text in own.get(Kind.BRAND, ()) if (brand := brand_of(text)))
    return Client(
        number,
        name,
        frozenset(code.partition("-")[0] for code in languages if code),
        {
            Kind.DOMAIN: frozenset(domains),
            Kind.MAIL: frozenset(mails),
            Kind.PHONE: frozenset(phones),
            Kind.HANDLE: frozenset(named),
            Kind.HASHTAG: frozenset(tags - {""}),
            Kind.PRICE: frozenset(prices),
        },
        brands,
        frozenset(price.currency for price in found),
        tuple(word for text in forbidden if (word := brand_of(text))),
    )
