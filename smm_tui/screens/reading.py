"""A screen of wrapped lines that are read and scrolled, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, TypeVar

from rich.style import Style
from textual import events
from textual.app import ComposeResult

from smm_tui.screens.list_screen import ListScreen
from smm_tui.widgets.line import Span, wrap
from smm_tui.widgets.styles import PLAIN
from smm_tui.widgets.windowed_list import Column, WindowedList

State = TypeVar("State")


class ReadingScreen(ListScreen[State]):
    """`lines` makes what is shown of a state, for a width; it is asked anew when the window changes."""

    FILTERS: ClassVar[bool] = False

    def body(self) -> ComposeResult:
        yield WindowedList(
            (Column("", 10, weight=1),),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            cursor_columns=0,
            id="list",
        )

    def lines(self, state: State, width: int) -> Iterator[Span]:
        """What stands there."""
        raise NotImplementedError

    def show(self, state: State) -> None:
        lines = list(self.lines(state, max(self.size.width - 4, 20)))
        self.list.show(range(len(lines)), {place: (line,) for place, line in enumerate(lines)})

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew."""
        super().on_resize(event)
        if self.state is not None:
            self.show(self.state)


def wrapped(text: str, width: int, style: Style = PLAIN, *, indent: int = 0) -> Iterator[Span]:
    """A text in lines of a width, each `indent` cells to the right."""
    for line in wrap(text, max(width - indent, 10)):
        yield Span(" " * indent + line, style)
