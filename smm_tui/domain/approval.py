"""What an approval covers, and how a month now differs from the one that was approved. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from smm_tui.domain.canonical import digest
from smm_tui.domain.clock import Instant

Snapshot = dict[str, str]
"""A post as it was approved: a hash over all that the public sees of it, when and where, and one for each part."""

_WHOLE = "whole"
_TEXT_ON = "text on "
_DIGITS = 16


class Review(StrEnum):
    """Where a post stands with whoever approves it."""

    NONE = ""
    SUBMITTED = "submitted"
    RETURNED = "returned"


class Audience(StrEnum):
    """Whom a comment is for."""

    INTERNAL = "internal"
    CLIENT = "client"


class Shown(NamedTuple):
    """All that one account shows of a post, where and when. `account`: network, server and id there."""

    text: str
    content_warning: str
    labels: Sequence[str]
    language: str
    media: Sequence[tuple[str, str]]  # SHA-256 and description
    account: tuple[str, str, str]
    at: Instant | None
    extras: Mapping[str, Any]  # poll, card, first comment, as far as there are any

    def digest(self) -> str:
        """What the approval of one delivery is bound to."""
        content = {
            "text": self.text,
            "content_warning": self.content_warning,
            "labels": list(self.labels),
            "language": self.language,
            "media": [list(item) for item in self.media],
            "account": list(self.account),
            "at": self.at,
        }
        return digest(content | {name: value for name, value in self.extras.items() if value})


class Change(StrEnum):
    """How a post differs from the approved month."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class Difference(NamedTuple):
    """A post that is not as it was approved; `parts` names what changed of it."""

    change: Change
    post_id: int
    parts: tuple[str, ...] = ()


def snapshot(shown: Sequence[Shown]) -> Snapshot:
    """A post on all its accounts; empty for a post that goes nowhere."""
    if not shown:
        return {}
    values = _values(shown)
    return {_WHOLE: digest(values), **{name: digest(value)[:_DIGITS] for name, value in values.items()}}


def _values(shown: Sequence[Shown]) -> dict[str, Any]:
    first = shown[0]
    return {
        "at": first.at,
        "accounts": sorted(item.account for item in shown),
        "media": [list(item) for item in first.media],
        "content_warning": first.content_warning,
        "labels": list(first.labels),
        "language": first.language,
        **{name: value for name, value in first.extras.items() if value},
        **{_TEXT_ON + " ".join(item.account): item.text for item in shown},
    }


def month_digest(posts: Mapping[str, Snapshot]) -> str:
    """The hash over a month: over every post of it with all its parts."""
    return digest(posts)


def differences(approved: Mapping[int, Snapshot], now: Mapping[int, Sequence[Shown]]) -> Iterator[Difference]:
    """What was added, changed and removed since, by number; every post of `now` goes somewhere."""
    for number in sorted(approved.keys() | now.keys()):
        if number not in approved:
            yield Difference(Change.ADDED, number)
        elif number not in now:
            yield Difference(Change.REMOVED, number)
        elif approved[number].get(_WHOLE) != digest(_values(now[number])):
            yield Difference(Change.CHANGED, number, _parts(approved[number], snapshot(now[number])))


def _parts(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    """The names of the parts that differ. An account that came or went is no change of text."""
    found = []
    for name in sorted(before.keys() | after.keys()):
        if name == _WHOLE or before.get(name) == after.get(name):
            continue
        if not name.startswith(_TEXT_ON):
            found.append(name)
        elif name in before and name in after:
            found.append("text")
    return tuple(dict.fromkeys(found))
