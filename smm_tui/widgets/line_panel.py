"""Some lines of spans: side panels, previews, lists of facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from smm_tui.widgets.line import Span, strip

Lines = Sequence[Sequence[Span]]
Layout = Callable[[Size], Lines]


class LinePanel(Widget):
    """Shows lines from `top` on; only those that differ are drawn again. What does not fit is not shown."""

    DEFAULT_CSS = "LinePanel { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[tuple[Span, ...]] = []
        self._layout: Layout | None = None
        self.top = 0

    def show(self, lines: Lines) -> None:
        """Show these lines."""
        self._layout = None
        self._draw(lines)

    def lay_out(self, layout: Layout) -> None:
        """Show the lines that `layout` makes of the room there is, now and whenever there is more or less of it."""
        self._layout = layout
        self.on_resize()

    def on_resize(self) -> None:
        """Make the lines anew; before the first layout there is no room, and nothing to make."""
        if self._layout is not None and self.size:
            self._draw(self._layout(self.size))
            self.scroll_lines(0)

    def _draw(self, lines: Lines) -> None:
        before, self._lines = self._lines, [tuple(line) for line in lines]
        width, height = self.size
        changed = [
            Region(0, y - self.top, width, 1)
            for y in range(self.top, self.top + height)
            if before[y : y + 1] != self._lines[y : y + 1]
        ]
        if changed:
            self.refresh(*changed)

    def scroll_lines(self, by: int) -> None:
        """Begin so many lines further down, as far as there are lines."""
        top = max(min(self.top + by, len(self._lines) - self.size.height), 0)
        if top != self.top:
            self.top = top
            self.refresh()

    @property
    def text(self) -> str:
        """What is shown, as plain lines."""
        return "\n".join("".join(span.text for span in line) for line in self._lines)

    def render_line(self, y: int) -> Strip:
        y += self.top
        return strip(self._lines[y] if y < len(self._lines) else (), self.size.width)
