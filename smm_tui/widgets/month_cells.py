"""The month as lines of text: pure layout, every line exactly as wide as its cell.

A cell shows the number of its day, then one post a line; what does not fit is counted as ``+N`` beside the number.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from smm_tui.domain.inert import cells, clip

_WIDE_ENOUGH_FOR_MINUTES = 15  # cells


class Entry(NamedTuple):
    """A post in a cell. `words` are inert; `client` is the digit of its project where several are shown."""

    post_id: int
    project_id: int
    wall: datetime
    zone: str
    kind: str
    glyph: str
    state: str
    state_glyph: str
    words: str
    client: str = ""


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """The posts of one month by day, in time order."""

    year: int
    month: int
    days: Mapping[date, tuple[Entry, ...]] = field(default_factory=dict)

    def on(self, day: date) -> tuple[Entry, ...]:
        """The posts of a day."""
        return self.days.get(day, ())

    @property
    def entries(self) -> list[Entry]:
        """All posts, in time order."""
        return [entry for day in sorted(self.days) for entry in self.days[day]]


class Piece(NamedTuple):
    """Some text and the part it plays: the name of a style."""

    text: str
    part: str


Line = list[Piece]


def weeks(year: int, month: int) -> list[list[date | None]]:
    """The weeks of a month, Monday first as ISO 8601 has it; None where a day is another month's."""
    rows = calendar.Calendar(calendar.MONDAY).monthdatescalendar(year, month)
    return [[day if day.month == month else None for day in row] for row in rows]


def spread(total: int, count: int) -> list[int]:
    """`total` cells over `count` rows or columns, as evenly as whole numbers go; the first get what is left."""
    each, rest = divmod(max(total, 0), count)
    return [each + (position < rest) for position in range(count)]


def cell(day: date, entries: Sequence[Entry], width: int, height: int) -> list[Line]:
    """The lines of a day: at most `height`, each `width` cells with one blank column at its right."""
    if height < 1 or width < 1:
        return [[]] * max(height, 0)
    room = min(len(entries), height - 1)
    hidden = len(entries) - room
    lines = [_number(day, hidden, width)]
    lines += [[*entry_line(entry, width - 1), Piece(" ", "blank")] for entry in entries[:room]]
    lines += [[Piece(" " * width, "blank")]] * (height - len(lines))
    return lines


def entry_line(entry: Entry, width: int) -> Line:
    """A post in `width` cells: time, kind, first words, state."""
    full = width >= _WIDE_ENOUGH_FOR_MINUTES
    time = f"{entry.wall:%H:%M}" if full or entry.wall.minute else f"{entry.wall:%H}"
    pieces = [Piece(f"{time} ", "time")]
    if entry.client:
        pieces.append(Piece(entry.client, f"client-{entry.client}"))
    pieces.append(Piece(f"{entry.glyph} ", f"kind-{entry.kind}"))
    tail = Piece(entry.state_glyph, f"state-{entry.state}")
    room = width - cells(tail.text) - sum(cells(piece.text) for piece in pieces)
    if room < 0:
        return fit([*pieces[:-1], Piece(entry.glyph, f"kind-{entry.kind}")], width)
    return [*pieces, Piece(padded(entry.words, room), "words"), tail]


def fit(pieces: Sequence[Piece], width: int) -> Line:
    """The pieces, cut or filled to exactly `width` cells."""
    line: Line = []
    for text, part in pieces:
        if width <= 0:
            break
        shown = clip(text, width)
        width -= cells(shown)
        line.append(Piece(shown, part))
    if width > 0:
        line.append(Piece(" " * width, "blank"))
    return line


def padded(text: str, width: int) -> str:
    """The text in exactly `width` cells."""
    shown = clip(text, width)
    return shown + " " * (width - cells(shown))


def _number(day: date, hidden: int, width: int) -> Line:
    number = str(day.day)
    more = f"+{hidden}" if hidden else ""
    gap = max(width - 1 - len(number) - len(more), 0)
    return fit([Piece(number, "number"), Piece(" " * gap, "blank"), Piece(more, "more")], width)
