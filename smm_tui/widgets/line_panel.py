"""Some lines of spans: side panels, previews, lists of facts."""

from __future__ import annotations

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from smm_tui.widgets.line import Span, strip

Lines = Sequence[Sequence[Span]]


class LinePanel(Widget):
    """Shows lines from the top; only those that differ are drawn again. What does not fit is not shown."""

    DEFAULT_CSS = "LinePanel { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[tuple[Span, ...]] = []

    def show(self, lines: Lines) -> None:
        """Show these lines."""
        before, self._lines = self._lines, [tuple(line) for line in lines]
        width = self.size.width
        changed = [
            Region(0, y, width, 1)
            for y in range(max(len(before), len(self._lines)))
            if before[y : y + 1] != self._lines[y : y + 1]
        ]
        if changed:
            self.refresh(*changed)

    @property
    def text(self) -> str:
        """What is shown, as plain lines."""
        return "\n".join("".join(span.text for span in line) for line in self._lines)

    def render_line(self, y: int) -> Strip:
        return strip(self._lines[y] if y < len(self._lines) else (), self.size.width)
