"""Plain text for people and pipes: aligned columns, no colours, no control codes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from smm_tui import formats
from smm_tui.domain import zones
from smm_tui.domain.clock import SECOND, Instant, to_datetime
from smm_tui.domain.inert import cells, clip, inert
from smm_tui.i18n import _, ngettext

CELL_LIMIT = 72
FOLDED_WIDTH = 64  # cells
"""Terminal cells of one column; longer texts are cut with an ellipsis, `--json` has them whole."""


def table(header: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> Iterator[str]:
    """Rows under their header, columns aligned by the width the terminal gives them; `empty` instead of no rows."""
    if not rows:
        yield empty
        return
    lines = [list(header), *([clip(inert(_word(value)), CELL_LIMIT) for value in row] for row in rows)]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        padded = (word + " " * (width - cells(word)) for word, width in zip(line, widths, strict=True))
        yield "  ".join(padded).rstrip()


def facts(pairs: Sequence[tuple[str, object]]) -> Iterator[str]:
    """Names and values, one pair a line; values that are empty are left out."""
    shown = [(name, _word(value)) for name, value in pairs if _word(value)]
    width = max((cells(name) for name, _value in shown), default=0)
    for name, value in shown:
        first, *more = value.splitlines() or [""]
        yield f"{name}{' ' * (width - cells(name))}  {first}"
        for line in more:
            yield f"{' ' * width}  {line}"


def planned(wall: str | None, zone: str) -> str:
    """A planned time as it was meant."""
    return _("no time") if wall is None else f"{formats.weekday_moment(datetime.fromisoformat(wall))} {zone}"


def moment(instant: Instant | None, zone: str = "UTC") -> str:
    """An instant in a zone; empty for none."""
    return "" if instant is None else f"{zones.local(instant, zone):%Y-%m-%d %H:%M:%S} {zone}"


def ends(end: Instant, now: Instant) -> str:
    """When something ends, and how long that is from now."""
    days = (end - now) // (24 * 3600 * SECOND)
    if end <= now:
        return _("{when}, it has ended").format(when=utc(end))
    return ngettext("{when}, in {count} day", "{when}, in {count} days", days).format(when=utc(end), count=days)


def folded(words: Iterable[str]) -> str:
    """Words with commas between them, on lines that fit beside a name on a terminal of 80 columns."""
    return textwrap.fill(", ".join(words), FOLDED_WIDTH)


def utc(instant: Instant) -> str:
    """An instant in UTC, short."""
    return f"{to_datetime(instant):%Y-%m-%d %H:%M:%S}Z"


def _word(value: object) -> str:
    return "" if value is None else str(value)
