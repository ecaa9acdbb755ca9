"""A picture in the middle of its room: its lines, or the place where the terminal draws it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from smm_tui.terminal.pictures import link_of


class PictureView(Widget):
    """Shows what it is given; knows nothing of files."""

    DEFAULT_CSS = "PictureView { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Strip] = ()
        self._width = 0

    def clear(self) -> None:
        """Show nothing."""
        self._show((), 0)

    def show_lines(self, lines: Sequence[Strip], width: int) -> None:
        """Show a picture made of text."""
        self._show(lines, width)

    def leave_room(self, number: int, width: int, height: int) -> None:
        """Leave the place of a picture that the terminal draws."""
        self._show([Strip([Segment(" " * width, Style(link=link_of(number)))], width)] * height, width)

    def _show(self, lines: Sequence[Strip], width: int) -> None:
        self._lines, self._width = lines, width
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        y -= max((height - len(self._lines)) // 2, 0)
        if not 0 <= y < len(self._lines):
            return Strip.blank(width)
        left = max((width - self._width) // 2, 0)
        line = Strip([Segment(" " * left), *self._lines[y]], left + self._width)
        return line.adjust_cell_length(width)
