"""Choosing one of many by typing: the cursor goes up and down, enter takes what it is on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult

from smm_tui.screens.keyed import focus_quietly
from smm_tui.screens.panel import Panel
from smm_tui.widgets.text_input import TextInput
from smm_tui.widgets.windowed_list import Cells, Column, WindowedList

Thing = TypeVar("Thing")


class Picker(Panel[Thing]):
    """A box with a line to type in over the things to choose from."""

    DEFAULT_CSS = """
    Picker #box { height: 60%; min-height: 14; width: 100%; }
    Picker WindowedList { height: 1fr; margin-top: 1; }
    """
    COLUMNS: ClassVar[tuple[int, ...]] = (14, 40)
    """The least widths of the columns; the last one takes most of the room."""

    def __init__(self, title: str, *, placeholder: str = "", nothing: str = "") -> None:
        """`placeholder`: what stands in the line until something is typed; `nothing`: below it when nothing fits."""
        super().__init__(title)
        self._placeholder = placeholder
        self._nothing = nothing
        self._shown: Sequence[Thing] = ()

    async def find(self, text: str) -> Sequence[Thing]:
        """What fits the text that was typed, the best first; everything there is room for when it is empty."""
        raise NotImplementedError

    def cells(self, thing: Thing) -> Cells:
        """The row of a thing."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        yield TextInput(placeholder=self._placeholder)
        yield WindowedList(
            tuple(
                Column("", width, weight=4 if place == len(self.COLUMNS) - 1 else 1)
                for place, width in enumerate(self.COLUMNS)
            ),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            always_active=True,
            nothing=self._nothing,
            id="list",
        )

    def on_mount(self) -> None:
        """Fetch what there is."""
        super().on_mount()
        focus_quietly(self.query_one(TextInput))
        self.desk.start(self._narrow())

    @property
    def list(self) -> WindowedList:
        """The things."""
        return self.query_one(WindowedList)

    @on(TextInput.Changed)
    def _typed(self, event: TextInput.Changed) -> None:
        event.stop()
        self.desk.start(self._narrow())

    async def _narrow(self) -> None:
        text = self.query_one(TextInput).value
        found = await self.find(text)
        if not self.is_mounted or text != self.query_one(TextInput).value:
            return  # closed, or something else was typed meanwhile
        self._shown = found
        self.list.show(range(len(found)), {place: self.cells(thing) for place, thing in enumerate(found)})
        self.list.action_first()

    def action_take(self) -> None:
        """Take the one under the cursor."""
        if self.list.current is not None:
            self.dismiss(self._shown[self.list.current])

    def action_down(self) -> None:
        """Next row."""
        self.list.action_down()

    def action_up(self) -> None:
        """Row before."""
        self.list.action_up()

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
