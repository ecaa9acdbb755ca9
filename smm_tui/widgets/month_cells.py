"""The month as lines of text: pure layout, every line exactly as wide as its cell.

A cell shows the number of its day, then one post a line; what does not fit is counted as ``+N`` beside the number.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from rich.style import Style

from smm_tui.domain.inert import cells, clip
from smm_tui.domain.states import State
from smm_tui.widgets.line import Span, wrap
from smm_tui.widgets.styles import BAD, BOLD, DIM, GOOD, PLAIN, WARN, of_colour

_WIDE_ENOUGH_FOR_MINUTES = 15  # cells
_MOST_LINES = 6  # of a post's words; more is no overview
_TELLING = 7  # cells; in fewer, letters tell more than a sign that some are missing

STATE: dict[str, Style] = {
    State.DRAFT: DIM,
    State.APPROVED: GOOD,
    State.ARMED: GOOD,
    State.SENDING: GOOD,
    State.LIVE: GOOD,
    State.REJECTED: BAD,
    State.UNKNOWN: BAD,
    State.MISSED: WARN,
    State.HELD: WARN,
}


class Entry(NamedTuple):
    """A post in a cell. `words` are inert; `client` is the digit of its project where several are shown.

    A draft without a time is not `dated`: its `wall` is only a proposal. Where it is `open` there is no post: a place
    of the scheme that waits for one.
    """

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
    colour: str = ""
    dated: bool = True
    kind_colour: str = ""
    open: bool = False
    carries: str = ""  # poll, link card, first comment


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """The posts and open places of one month by day, in time order, and the days that have a name.

    With `monday` only that week is shown, days of another month among it.
    """

    year: int
    month: int
    days: Mapping[date, tuple[Entry, ...]] = field(default_factory=dict)
    names: Mapping[date, str] = field(default_factory=dict)
    monday: date | None = None

    def shows(self, day: date) -> bool:
        """Whether a day has a cell."""
        if self.monday is not None:
            return 0 <= (day - self.monday).days < 7
        return (day.year, day.month) == (self.year, self.month)

    @property
    def weeks(self) -> list[list[date | None]]:
        """Its rows of days."""
        if self.monday is not None:
            return [[self.monday + timedelta(days=count) for count in range(7)]]
        return weeks(self.year, self.month)

    def on(self, day: date) -> tuple[Entry, ...]:
        """The posts of a day."""
        return self.days.get(day, ())

    @property
    def entries(self) -> list[Entry]:
        """All posts, in time order."""
        return [entry for day in sorted(self.days) for entry in self.days[day]]


def weeks(year: int, month: int) -> list[list[date | None]]:
    """The weeks of a month, Monday first as ISO 8601 has it; None where a day is another month's."""
    rows = calendar.Calendar(calendar.MONDAY).monthdatescalendar(year, month)
    return [[day if day.month == month else None for day in row] for row in rows]


def spread(total: int, count: int) -> list[int]:
    """`total` cells over `count` rows or columns, as evenly as whole numbers go; the first get what is left."""
    each, rest = divmod(max(total, 0), count)
    return [each + (position < rest) for position in range(count)]


def cell(
    day: date, entries: Sequence[Entry], width: int, height: int, *, number: Style = PLAIN, name: str = ""
) -> list[list[Span]]:
    """The lines of a day: at most `height`, each `width` cells with one blank column at its right."""
    if height < 1 or width < 1:
        return [[]] * max(height, 0)
    room = min(len(entries), height - 1)
    lines = [_number(day, len(entries) - room, width, number, name)]
    lines += [[*entry_line(entry, width - 1), Span(" ")] for entry in entries[:room]]
    lines += [[Span(" " * width)]] * (height - len(lines))
    return lines


def tall_cell(
    day: date, entries: Sequence[Entry], width: int, height: int, *, number: Style = PLAIN, name: str = ""
) -> list[list[Span]]:
    """As `cell`, where there is room for more than a line a post: its words go on below it."""
    each = (height - 1) // len(entries) if entries else 0
    if each < 2 or width < 2:
        return cell(day, entries, width, height, number=number, name=name)
    lines = [_number(day, 0, width, number, name)]
    for entry in entries:
        rest = [] if entry.open else wrap(entry.words, width - 1)[: min(each - 1, _MOST_LINES)]
        lines.append([*entry_line(entry._replace(words="") if rest else entry, width - 1), Span(" ")])
        lines += [[Span(padded(words, width))] for words in rest]
    return lines + [[Span(" " * width)]] * (height - len(lines))


def entry_line(entry: Entry, width: int) -> list[Span]:
    """A post in `width` cells: time, kind, first words, state."""
    if width >= _WIDE_ENOUGH_FOR_MINUTES:
        time = f"{entry.wall:%H:%M} "
    else:
        time = f"{entry.wall:%H:%M}" if entry.wall.minute else f"{entry.wall:%H} "
        time = f"{entry.wall:%H:%M} " if entry.wall.minute and entry.client else time
    spans = [Span(time)]
    if entry.client:  # one colour for both: with two, a month of all clients is mostly changes of colour
        spans.append(Span(f"{entry.client}{entry.glyph}", of_colour(entry.colour)))
    else:
        spans.append(Span(entry.glyph, of_colour(entry.kind_colour)))
    if entry.open:
        dots = max(width - sum(cells(span.text) for span in spans) - 3, 0)
        return filled([*spans, Span(" [" + (". " * dots)[: dots - 1 + dots % 2] + "]", DIM)], width)
    room = width - cells(entry.state_glyph) - sum(cells(span.text) for span in spans)
    if room < 0:
        return filled(spans, width)
    words = padded(f" {entry.words}", room, ellipsis="" if room < _TELLING else "…")
    return [*spans, Span(words), Span(entry.state_glyph, STATE.get(entry.state, PLAIN))]


def filled(spans: Sequence[Span], width: int, style: Style = PLAIN) -> list[Span]:
    """The spans, cut or filled to exactly `width` cells; `style` lies over them."""
    line: list[Span] = []
    for text, own in spans:
        shown = clip(text, width)
        if shown:
            line.append(Span(shown, own + style))
            width -= cells(shown)
    if width > 0:
        line.append(Span(" " * width, style))
    return line


def padded(text: str, width: int, *, ellipsis: str = "…") -> str:
    """The text in exactly `width` cells."""
    shown = clip(text, width, ellipsis=ellipsis)
    return shown + " " * (width - cells(shown))


def _number(day: date, hidden: int, width: int, style: Style, name: str) -> list[Span]:
    number = str(day.day)
    more = f"+{hidden}" if hidden else ""
    room = width - 1 - len(number) - len(more)
    if name and room > 1:
        number += padded(f" {name}", room, ellipsis="" if room < _TELLING else "…").rstrip()
    gap = max(width - 1 - cells(number) - len(more), 0)
    # The last column stays as it is, so that the cursor of a day does not run into the next one.
    return filled(
        [
            *filled(
                [Span(f"{number}{' ' * gap}"), Span(more, BOLD)], min(width, cells(number) + gap + len(more)), style
            )
        ],
        width,
    )
