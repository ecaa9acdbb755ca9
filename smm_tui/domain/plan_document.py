"""A month's plan as a value: what stands in a plan file, and what of a post counts as its content. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, time
from typing import Any, NamedTuple

from smm_tui.domain.canonical import digest

BASE_DIGITS = 12
"""Hexadecimal digits of a base hash: enough that two versions of one post never share it by chance."""

FIELD_DIGITS = 6
"""Hexadecimal digits for each field of it: two that share them by chance are taken for a conflict."""
_RARE = ("pillar", "poll", "card", "first_comment")


class Flaw(NamedTuple):
    """Something wrong in a file: the line (from 1; 0: the file as a whole) and a sentence."""

    line: int
    message: str


class MediaRef(NamedTuple):
    """A file of a post by its SHA-256, or the first digits of it; `name` only helps the reader."""

    sha256: str
    alt: str = ""
    name: str = ""


class PollRef(NamedTuple):
    """A poll of a post."""

    options: tuple[str, ...]
    seconds: int
    multiple: bool = False


class CardRef(NamedTuple):
    """A link with a card of ours."""

    url: str
    title: str = ""
    description: str = ""


class Base(NamedTuple):
    """The content hash a post had when the file was written, that of each field (see `Content.field_hashes`; empty:
    a file that does not say), and the line that says so."""

    content_hash: str
    line: int = 0
    fields: str = ""


class Said(NamedTuple):
    """What a reviewer wrote beside a post: ``approved``, ``returned`` or no verdict, and a comment."""

    verdict: str = ""
    comment: str = ""


UNSAID = Said()


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post as a plan file names it. None, or an empty `zone` or `late_rule`, means the default.

    `fold` is 0 or 1 where the clocks show that time twice. `state` is what was so when the file was written; nothing
    reads it. Without an `id` the post is new.
    """

    day: date
    clock: time
    content_type: str
    text: str = ""
    fold: int | None = None
    zone: str = ""
    accounts: tuple[str, ...] | None = None
    variants: tuple[tuple[str, str], ...] = ()
    media: tuple[MediaRef, ...] = ()
    content_warning: str = ""
    labels: tuple[str, ...] = ()
    language: str | None = None
    late_rule: str = ""
    id: int | None = None
    state: str = ""
    pillar: str = ""
    poll: PollRef | None = None
    card: CardRef | None = None
    first_comment: str = ""
    said: Said = UNSAID
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A plan file. What it does not say of itself is None or empty; `ignored` are columns nobody knows, `unsaid` the
    fields of `Content` for which a table has no column."""

    posts: tuple[PlannedPost, ...]
    month: tuple[int, int] | None = None
    title: str = ""
    project_id: int | None = None
    zone: str = ""
    language: str | None = None
    bases: Mapping[int, Base] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    unsaid: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Content:
    """All of a post that a plan decides, in one spelling, so that equal posts are equal values.

    `at` is the wall time in ISO 8601, with ``first`` or ``second`` behind it where it exists twice; empty: no time.
    Accounts and variants are in the order of the accounts' ids.
    """

    at: str
    zone: str
    type: str
    text: str
    accounts: tuple[int, ...]
    variants: tuple[tuple[int, str], ...]
    media: tuple[tuple[str, str], ...]
    content_warning: str
    labels: tuple[str, ...]
    language: str
    late: str
    pillar: str = ""
    poll: PollRef | None = None
    card: CardRef | None = None
    first_comment: str = ""

    @property
    def content_hash(self) -> str:
        """A short hash over everything."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        # What few posts have is added by name, so that the files of all others keep their hashes.
        rare = {name: values.pop(name) for name in _RARE}
        rare = {name: value for name, value in rare.items() if value}
        return digest([*values.values(), *([rare] if rare else [])])[:BASE_DIGITS]

    @property
    def field_hashes(self) -> str:
        """A hash of each field, one after the other: tells which of them was changed since."""
        return "".join(digest(getattr(self, item.name))[:FIELD_DIGITS] for item in fields(self))

    def merged(self, other: Content, base: str) -> tuple[Content, list[str]]:
        """This with what `other` changed since both had the `field_hashes` of `base`, and the names of the fields
        that both changed, each in another way; those are as they are here."""
        names = [item.name for item in fields(self)]
        taken: dict[str, Any] = {}
        conflicts = []
        for group in _groups(names):
            here, there = ([getattr(side, name) for name in group] for side in (self, other))
            if here == there:
                continue
            before = [_part(base, names.index(name)) for name in group]
            mine, theirs = ([digest(value)[:FIELD_DIGITS] for value in side] for side in (here, there))
            if mine == before and theirs != before:
                taken |= dict(zip(group, there, strict=True))
            elif theirs != before or mine == before:
                conflicts += [name for name in group if getattr(self, name) != getattr(other, name)]
        return replace(self, **taken), conflicts

    def differences(self, other: Content) -> list[str]:
        """The names of the fields in which two posts differ."""
        return [item.name for item in fields(self) if getattr(self, item.name) != getattr(other, item.name)]

    def shown_on(self, account: int) -> tuple[object, ...]:
        """What of it an account would show, and when: what an approval covers."""
        text = dict(self.variants).get(account, self.text)
        extras = (self.poll, self.card, self.first_comment)
        return (self.at, self.zone, text, self.media, self.content_warning, self.labels, self.language, *extras)


def _groups(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Fields that only mean something together change together."""
    return [("at", "zone"), *((name,) for name in names if name not in ("at", "zone"))]


def _part(base: str, place: int) -> str:
    return base[place * FIELD_DIGITS : (place + 1) * FIELD_DIGITS]


def spelled_at(day: date, clock: time, fold: int | None) -> str:
    """A wall time as `Content` spells it."""
    word = "" if fold is None else (" first", " second")[fold]
    return f"{day}T{clock:%H:%M:%S}{word}"


def plain(text: str) -> str:
    """A text with the line ends and without the trailing space that no post keeps."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def differing(text: str, variants: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """The variants that say something else than the text, by account."""
    return tuple(sorted((account, plain(variant)) for account, variant in variants if plain(variant) != text))
