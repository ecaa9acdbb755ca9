"""Kinds of post. They take turns: only informing hides the offers, only selling drives people away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import N_, _


class Band(NamedTuple):
    """What part of the posts should be of a kind, in percent, both ends included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ContentType:
    """A kind of post: `glyph` marks it in the calendar, `late_rule` is what happens when it is overdue.

    The rules of alternation hold for the posts of a project in the order of their time; None: no rule. At most
    `max_in_row` follow each other, at most `max_gap_days` days pass from one to the next, at most `max_per_day` fall
    on one day. `title` is the program's own word where it is built in, else the project's.
    """

    name: str
    title: str
    glyph: str
    late_rule: str
    colour: str = ""
    share: Band | None = None
    max_in_row: int | None = 2
    max_gap_days: int | None = None
    max_per_day: int | None = None

    @property
    def shown(self) -> str:
        """The title in the language of the screen."""
        return _(self.title) if self.title else self.name


COLOURS = ("blue", "green", "magenta", "cyan", "yellow", "red", "white")
"""What a kind can be drawn in: the terminal's own colours."""

BUILT_IN = (
    ContentType("informational", N_("informational"), "i", "send:180", "cyan", Band(40, 55)),
    # An offer that comes late may be wrong by then: a person decides.
    ContentType("selling", N_("selling"), "s", "ask", "yellow", Band(20, 30), max_per_day=1),
    ContentType("entertaining", N_("entertaining"), "f", "send:180", "magenta", Band(10, 30)),
    ContentType("engaging", N_("engaging"), "e", "send:60", "green", Band(5, 25)),
)
SHORT = {"info": "informational", "sell": "selling", "fun": "entertaining", "engage": "engaging"}


class ContentTypes(Mapping[str, ContentType]):
    """The kinds of one project by name, in its own order."""

    def __init__(self, kinds: Iterable[ContentType]) -> None:
        self._kinds = {kind.name: kind for kind in kinds}

    def __getitem__(self, name: str) -> ContentType:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __hash__(self) -> int:
        return hash(tuple(self._kinds.values()))

    def __len__(self) -> int:
        return len(self._kinds)

    def find(self, word: str) -> ContentType:
        """The kind of that name, title, short name or glyph. InvalidInput (field ``type``) when there is none."""
        sought = word.strip().casefold()
        for kind in self._kinds.values():
            if sought in (kind.name, kind.glyph.casefold(), kind.shown.casefold()) or SHORT.get(sought) == kind.name:
                return kind
        raise InvalidInput(
            _("There is no content type “{name}”.").format(name=word),
            _("Use one of: {names}.").format(names=", ".join(self._kinds)),
            field="type",
        )

    def shown(self, name: str) -> str:
        """What a kind is called on the screen, also one that the project gave up since."""
        kind = self._kinds.get(name)
        return kind.shown if kind is not None else name


DEFAULTS = ContentTypes(BUILT_IN)
"""The kinds a project begins with."""


def check_shares(kinds: Iterable[ContentType]) -> None:
    """Whether the bands can hold at once. InvalidInput (field ``share``) with what to change, when they cannot."""
    bands = [kind.share for kind in kinds]
    low = sum(band.low for band in bands if band)
    high = sum(band.high if band else 100 for band in bands)
    if low > 100:
        raise InvalidInput(
            _("The least shares add up to {percent} %: more than all posts.").format(percent=low),
            _("Lower one of them until they add up to 100 % or less."),
            field="share",
        )
    if bands and high < 100:
        raise InvalidInput(
            _("The greatest shares add up to {percent} %: some posts could be of no kind.").format(percent=high),
            _("Raise one of them until they add up to 100 % or more."),
            field="share",
        )
