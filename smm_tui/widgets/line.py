"""Lines of a fixed number of cells, made of spans of inert text: what all one-line widgets and lists draw with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from smm_tui.domain.inert import cells, clip, inert
from smm_tui.domain.text import iter_graphemes
from smm_tui.widgets.styles import PLAIN


class Span(NamedTuple):
    """A piece of a line. Its text may come from anybody: it is made inert where it is drawn."""

    text: str
    style: Style = PLAIN


def fit(text: str, width: int, *, right: bool = False, ellipsis: str = "…") -> str:
    """The text, inert, in exactly `width` cells."""
    text = clip(inert(text), width, ellipsis=ellipsis)
    room = " " * (width - cells(text))
    return room + text if right else text + room


def strip(spans: Iterable[Span], width: int, *, style: Style = PLAIN, ellipsis: str = "…") -> Strip:
    """The spans on one line of exactly `width` cells; `style` lies over all of them."""
    segments: list[Segment] = []
    room = width
    for span in spans:
        if room <= 0:
            break
        text = clip(inert(span.text), room, ellipsis=ellipsis)
        if text:
            segments.append(Segment(text, span.style + style))
            room -= cells(text)
    if room > 0:
        segments.append(Segment(" " * room, style))
    return Strip(segments, width)


def wrap(text: str, width: int) -> list[str]:
    """The text, inert, in lines of at most `width` cells, broken at spaces where there are any."""
    lines: list[str] = []
    for paragraph in inert(text, newlines=True).split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if cells(longer) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            if cells(word) > width:
                *whole, word = _broken(word, width)
                lines += whole
            line = word
        lines.append(line)
    return lines


def _broken(word: str, width: int) -> list[str]:
    """A word in pieces of at most `width` cells, each grapheme whole where it fits; looked at once, however long."""
    if word.isascii():
        return [word[start : start + width] for start in range(0, len(word), width)]
    pieces: list[str] = []
    piece: list[str] = []
    used = 0
    for grapheme in iter_graphemes(word):
        wide = cells(grapheme)
        if piece and used + wide > width:
            pieces.append("".join(piece))
            piece, used = [], 0
        piece.append(grapheme)
        used += wide
    return [*pieces, "".join(piece)]


class LineWidget(Widget):
    """A widget of one line that is drawn again only when what it says has changed."""

    DEFAULT_CSS = "LineWidget { height: 1; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._line: tuple[Span, ...] = ()
        self._over = PLAIN

    def say(self, spans: Sequence[Span], style: Style = PLAIN) -> None:
        """Show these spans; `style` lies over the whole line, however wide it is or becomes."""
        line = tuple(spans)
        if (line, style) != (self._line, self._over):
            self._line, self._over = line, style
            self.refresh()

    @property
    def text(self) -> str:
        """What the line says."""
        return "".join(span.text for span in self._line)

    def render_line(self, y: int) -> Strip:
        return strip(self._line if y == 0 else (), self.size.width, style=self._over)
