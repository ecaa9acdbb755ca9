"""Plan against fact: what became of what was planned, and how much of it is as promised. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from smm_tui.domain.clock import MINUTE, Instant
from smm_tui.domain.states import State

LATE_AFTER: Instant = 5 * MINUTE
"""A delay that readers of a page do not notice."""


class Look(StrEnum):
    """What reading a live post back showed."""

    SAME = "same"
    EDITED = "edited"
    MEDIA = "media"
    DELETED = "deleted"


class Fact(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"  # its time has not come
    KEPT = "kept"
    LATE = "late"
    MISSING = "missing"
    EDITED = "edited"  # on the network, by somebody else
    MEDIA = "media"  # other files than were sent
    DELETED = "deleted"


class Promise(NamedTuple):
    """How many deliveries were due, and how many of them are as promised."""

    due: int
    kept: int

    @property
    def percent(self) -> int | None:
        """None: nothing was due yet."""
        return None if not self.due else self.kept * 100 // self.due


def fact(state: str, due_at: Instant, live_at: Instant | None, look: str, now: Instant) -> Fact:
    """What became of a delivery; `look` is what reading it back last showed, empty: it never was."""
    if state != State.LIVE:
        return Fact.WAITING if now < due_at + LATE_AFTER else Fact.MISSING
    if look in (Look.DELETED, Look.EDITED, Look.MEDIA):
        return Fact(look)
    return Fact.LATE if live_at is not None and live_at > due_at + LATE_AFTER else Fact.KEPT


def promise(facts: Iterable[Fact]) -> Promise:
    """The figure over many deliveries."""
    due = [item for item in facts if item is not Fact.WAITING]
    return Promise(len(due), sum(item is Fact.KEPT for item in due))


def look(wanted_text: str | None, wanted_files: int, text: str, files: int, strange: bool = False) -> Look:
    """A live post beside what was sent; `wanted_text` None: an edit of ours is on its way. `strange`: among its files
    is one that was not sent."""
    if wanted_text is not None and _gist(wanted_text) != _gist(text):
        return Look.EDITED
    return Look.SAME if files == wanted_files and not strange else Look.MEDIA


def _gist(text: str) -> str:
    """A text without what networks themselves change: white space, composition, case, invisible characters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        char for char in folded if not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc", "Mn")
    )
