"""A month's plan as a value: what stands in a plan file, and what of a post counts as its content. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, time
from typing import NamedTuple

from smm_tui.domain.canonical import digest

BASE_DIGITS = 12
"""Hexadecimal digits of a base hash: enough that two versions of one post never share it by chance."""


class Flaw(NamedTuple):
    """Something wrong in a file: the line (from 1; 0: the file as a whole) and a sentence."""

    line: int
    message: str


class MediaRef(NamedTuple):
    """A file of a post by its SHA-256, or the first digits of it; `name` only helps the reader."""

    sha256: str
    alt: str = ""
    name: str = ""


class Base(NamedTuple):
    """The content hash a post had when the file was written, and the line that says so."""

    content_hash: str
    line: int = 0


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
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A plan file. What it does not say of itself is None or empty; `ignored` are columns nobody knows."""

    posts: tuple[PlannedPost, ...]
    month: tuple[int, int] | None = None
    title: str = ""
    project_id: int | None = None
    zone: str = ""
    language: str | None = None
    bases: Mapping[int, Base] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


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

    @property
    def content_hash(self) -> str:
        """A short hash over everything."""
        return digest([getattr(self, item.name) for item in fields(self)])[:BASE_DIGITS]

    def differences(self, other: Content) -> list[str]:
        """The names of the fields in which two posts differ."""
        return [item.name for item in fields(self) if getattr(self, item.name) != getattr(other, item.name)]

    def shown_on(self, account: int) -> tuple[object, ...]:
        """What of it an account would show, and when: what an approval covers."""
        text = dict(self.variants).get(account, self.text)
        return (self.at, self.zone, text, self.media, self.content_warning, self.labels, self.language)


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
