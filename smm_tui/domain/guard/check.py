"""Comparing what would leave for one client with what is known of the others."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from smm_tui.domain.canonical import digest
from smm_tui.domain.guard.knowledge import Brand, Client, Past, Said, Traces, traces_of, words_of
from smm_tui.domain.guard.marks import Kind, Mark, hashtag
from smm_tui.domain.inert import inert
from smm_tui.domain.rules.folding import fold
from smm_tui.i18n import _

SEEN = {Kind.DOMAIN: 2, Kind.MAIL: 1, Kind.PHONE: 1, Kind.HANDLE: 2, Kind.HASHTAG: 3}
"""In so many posts of one client alone, what no brief claims counts as its own."""
REPEATED = 0.6
"""Share of a text's word triples that another client's post holds, from which it is that post again."""
TRIPLES = 6
"""A text of fewer is too short to be told from a greeting."""
HISTORY = 10
"""Posts that must have gone out for a client before its words say anything."""
MARGIN = 1.8
"""How much better (in nats for the square root of a text's words) it must fit another client than its own: chosen so
that no post of the demo is taken for another client's; see `benchmarks.guard`."""
TELLING = 3
"""So many words that the other client has used and this one never has must stand behind that."""
_SMOOTH = 0.5
_DOLLARS = frozenset({"USD", "AUD"})
"""Both are written with the same sign and word at home."""
_ENDING = 5
"""Letters that an ending may add to a brand word."""
_ENDED = 4
"""A single brand word shorter than this is taken as it is."""

NOTHING = Past()


class Finding(NamedTuple):
    """Something that is another client's. `owners`: the ids and names of those it belongs to."""

    kind: Kind
    shown: str
    owners: tuple[tuple[int, str], ...]

    @property
    def key(self) -> str:
        """Which finding it is, for whoever let it pass."""
        shown = "" if self.kind in (Kind.WORDS, Kind.TEXT) else self.shown
        return f"{self.kind} {shown} {' '.join(str(number) for number, _name in self.owners)}"

    def sentence(self, name: str) -> str:
        """What to tell whoever sends it for the client of that name."""
        told = _SENTENCES.get(self.kind, _BELONGS)()
        owners = ", ".join(inert(owner) for _number, owner in self.owners)
        return told.format(value=inert(self.shown), owner=owners, project=inert(name))


def _BELONGS() -> str:
    return _("'{value}' belongs to {owner}, this is {project}.")


_SENTENCES = {
    Kind.PRICE: lambda: _("'{value}' is a price of {owner}, this is {project}."),
    Kind.CURRENCY: lambda: _("'{value}': prices are written so for {owner}, this is {project}."),
    Kind.BRAND: lambda: _("'{value}' is a word of {owner}, this is {project}."),
    Kind.FORBIDDEN: lambda: _("'{value}' is not to be said for {project}: its brief forbids it."),
    Kind.LANGUAGE: lambda: _("The text is in the language of {owner} ({value}), this is {project}."),
    Kind.MEDIA: lambda: _("The file {value} went out for {owner}, this is {project}."),
    Kind.TEXT: lambda: _("This text went out for {owner}, this is {project}."),
    Kind.WORDS: lambda: _("It reads like {owner} ({value}), this is {project}."),
}


def fingerprint(client: int, said: Said) -> str:
    """What letting it pass is bound to: any change of the words or the files gives another."""
    return digest([client, said.text, list(said.beside), list(said.links), list(said.media)])


def check(
    said: Said,
    me: Client,
    clients: Mapping[int, Client],
    pasts: Mapping[int, Past],
    *,
    without: Traces | None = None,
    prose: bool = True,
    wording: bool = True,
) -> list[Finding]:
    """What of it belongs to other clients, the surest first; nothing where all is well.

    `without`: what `pasts` already holds of this very post, so that it is no witness for itself. `prose`: also look
    at its language, its money and at texts that went out, which an answer to one person is spared; `wording`: and at
    its words as a whole.
    """
    traces = traces_of(said)
    others = [client for number, client in clients.items() if number != me.id]
    mine = _Mine(me, pasts.get(me.id, NOTHING), without)
    found = [
        *_forbidden(said, me),
        *_claimed(traces, mine, others),
        *_domains_in_words(said, traces, me, others),
        *_brands(said, me, others),
        *_learned(traces, mine, others, pasts),
        *_media(traces, mine, others, pasts),
    ]
    if prose:
        found += _currency(traces, mine, others, pasts)
        found += _repeated(traces, mine, others, pasts)
        found += _language(traces, mine, others, pasts)
        if wording and not found:
            found += _prose(traces, mine, others, pasts)
    return list(dict.fromkeys(found))


class _Mine:
    """The client it shall go out for, without what is being looked at."""

    def __init__(self, client: Client, past: Past, without: Traces | None) -> None:
        self.client = client
        self.past = past
        self.posts = past.posts - (without is not None)
        self._without = without
        self._marks = {(mark.kind, mark.value) for mark in without.marks} if without else set()

    def used(self, kind: Kind, value: str) -> int:
        """In how many posts it stood."""
        return self.past.marks[kind, value] - ((kind, value) in self._marks)

    def wrote(self, language: str) -> int:
        """How many posts were in a language."""
        return self.past.tongues[language] - (self._without is not None and self._without.tongue == language)

    def said(self, stem: str) -> int:
        """In how many posts a word stood."""
        return self.past.stems[stem] - (self._without is not None and stem in self._without.stems)

    def repeats(self, triple: int) -> bool:
        """Whether another post has a word triple."""
        return self.past.triples[triple] - (self._without is not None and triple in self._without.triples) > 0

    def total(self) -> int:
        """How many words there are in all."""
        return self.past.stems_total - (len(self._without.stems) if self._without else 0)

    def showed(self, sha256: str) -> int:
        """In how many posts a file was."""
        return self.past.media[sha256] - (self._without is not None and sha256 in self._without.media)


def _claimed(traces: Traces, mine: _Mine, others: Sequence[Client]) -> Iterator[Finding]:
    for mark in sorted(traces.marks):
        if mark.kind is Kind.CURRENCY or mine.client.claims(mark.kind, mark.value):
            continue
        owners = [client for client in others if client.claims(mark.kind, mark.value)]
        if mark.kind is Kind.PRICE and mine.used(mark.kind, mark.value):
            continue  # the same figure is on many price lists
        if owners:
            yield _finding(mark.kind, mark.shown, owners)


def _domains_in_words(said: Said, traces: Traces, me: Client, others: Sequence[Client]) -> Iterator[Finding]:
    """Claimed domains that stand in the text without looking like a link, as ``gym.example`` does."""
    linked = {mark.value for mark in traces.marks if mark.kind is Kind.DOMAIN}
    folded = fold(said.whole)
    seen: set[str] = set()
    for client in others:
        for domain in client.own.get(Kind.DOMAIN, ()):
            if domain not in folded or domain in linked or domain in seen or me.claims(Kind.DOMAIN, domain):
                continue
            if re.search(rf"(?<![\w@-]){re.escape(domain)}(?![\w-]|\.\w)", folded):
                seen.add(domain)
                owners = [other for other in others if other.claims(Kind.DOMAIN, domain)]
                yield _finding(Kind.DOMAIN, domain, owners)


def _brands(said: Said, me: Client, others: Sequence[Client]) -> Iterator[Finding]:
    words = words_of(said.whole, addresses=False)
    tagged = {hashtag(word) for word in words}
    for client in others:
        for brand in client.brands:
            if any(brand.words == own.words for own in me.brands):
                continue
            if _stands(brand, words) or (len(brand.words) > 1 and "".join(brand.words) in tagged):
                owners = [other for other in others if any(brand.words == one.words for one in other.brands)]
                yield _finding(Kind.BRAND, brand.shown, owners)


def _forbidden(said: Said, me: Client) -> Iterator[Finding]:
    words = words_of(said.whole, addresses=False) if me.forbidden else []
    for word in me.forbidden:
        if _stands(word, words):
            yield _finding(Kind.FORBIDDEN, word.shown, [me])


def _stands(brand: Brand, words: Sequence[str]) -> bool:
    *before, last = brand.words
    span = len(brand.words)
    for place in range(len(words) - span + 1):
        end = words[place + span - 1]
        ended = (len(last) >= _ENDED or before) and end.startswith(last) and len(end) - len(last) <= _ENDING
        fits = end == last or ended
        if fits and list(words[place : place + span - 1]) == before:
            return True
    return False


def _learned(traces: Traces, mine: _Mine, others: Sequence[Client], pasts: Mapping[int, Past]) -> Iterator[Finding]:
    """What no brief claims, but only one other client ever used."""
    for mark in sorted(traces.marks):
        least = SEEN.get(mark.kind)
        if least is None or mine.client.claims(mark.kind, mark.value) or mine.used(mark.kind, mark.value):
            continue
        if any(client.claims(mark.kind, mark.value) for client in others):
            continue
        users = [client for client in others if _past(pasts, client).marks[mark.kind, mark.value]]
        if len(users) != 1:
            continue
        count = _past(pasts, users[0]).marks[mark.kind, mark.value]
        if count >= least or _resembles(mark, users[0]):
            yield _finding(mark.kind, mark.shown, users)


def _resembles(mark: Mark, client: Client) -> bool:
    """Whether a link, handle or hashtag holds the client's name, as its own would."""
    name = "".join(words_of(client.name))
    return len(name) >= 3 and name in "".join(words_of(mark.value))


def _media(traces: Traces, mine: _Mine, others: Sequence[Client], pasts: Mapping[int, Past]) -> Iterator[Finding]:
    for sha256 in dict.fromkeys(traces.media):
        if mine.showed(sha256):
            continue
        if owners := [client for client in others if _past(pasts, client).media[sha256]]:
            yield _finding(Kind.MEDIA, sha256[:12], owners)


def _currency(traces: Traces, mine: _Mine, others: Sequence[Client], pasts: Mapping[int, Past]) -> Iterator[Finding]:
    """A price in money that this client, who has prices, never names."""
    known = {value for (kind, value), count in mine.past.marks.items() if kind is Kind.CURRENCY and count > 0}
    known = {value for value in known if mine.used(Kind.CURRENCY, value)} | mine.client.currencies
    if not known:
        return
    if known & _DOLLARS:
        known |= _DOLLARS
    for mark in sorted(traces.marks):
        if mark.kind is not Kind.CURRENCY or mark.value in known:
            continue
        owners = [
            client
            for client in others
            if mark.value in client.currencies or _past(pasts, client).marks[Kind.CURRENCY, mark.value]
        ]
        if owners:
            yield _finding(Kind.CURRENCY, mark.shown, owners)


def _repeated(traces: Traces, mine: _Mine, others: Sequence[Client], pasts: Mapping[int, Past]) -> Iterator[Finding]:
    """A text that went out for another client, as it was or nearly so."""
    triples = traces.triples
    if len(triples) < TRIPLES:
        return
    most = REPEATED * len(triples)
    if sum(map(mine.repeats, triples)) >= most:  # it is this client's as well: a greeting that all of them send
        return
    if owners := [
        client for client in others if sum(_past(pasts, client).triples[triple] > 0 for triple in triples) >= most
    ]:
        yield _finding(Kind.TEXT, "", owners)


def _language(traces: Traces, mine: _Mine, others: Sequence[Client], pasts: Mapping[int, Past]) -> Iterator[Finding]:
    code = traces.tongue
    if not code or code in mine.client.languages or mine.wrote(code):
        return
    owners = [
        client for client in others if code in client.languages or _past(pasts, client).tongues[code] >= HISTORY
    ]
    if owners:
        yield _finding(Kind.LANGUAGE, code, owners)


def _prose(traces: Traces, mine: _Mine, others: Sequence[Client], pasts: Mapping[int, Past]) -> Iterator[Finding]:
    """Words that together fit another client far better than this one (naive Bayes over the words of past posts)."""
    if mine.posts < HISTORY or not traces.stems:
        return
    rivals = [client for client in others if _past(pasts, client).posts >= HISTORY]
    if not rivals:
        return
    size = max(len(mine.past.stems), *(len(_past(pasts, client).stems) for client in rivals)) * 4
    own_total = mine.total() + _SMOOTH * size
    own = sum(math.log((mine.said(stem) + _SMOOTH) / own_total) for stem in traces.stems)
    best, least = None, own + MARGIN * math.sqrt(len(traces.stems))
    for client in rivals:
        past = _past(pasts, client)
        total = past.stems_total + _SMOOTH * size
        score = sum(math.log((past.stems[stem] + _SMOOTH) / total) for stem in traces.stems)
        if score > least:
            best, least = client, score
    if best is None:
        return
    past = _past(pasts, best)
    telling = [stem for stem in traces.stems if past.stems[stem] and not mine.said(stem)]
    if len(telling) >= TELLING:
        telling.sort(key=lambda stem: (-past.stems[stem], stem))
        shown = ", ".join(traces.stems[stem] for stem in telling[:3])
        yield _finding(Kind.WORDS, shown, [best])


def _past(pasts: Mapping[int, Past], client: Client) -> Past:
    return pasts.get(client.id, NOTHING)


def _finding(kind: Kind, shown: str, owners: Sequence[Client]) -> Finding:
    return Finding(kind, shown, tuple((client.id, client.name) for client in owners))
