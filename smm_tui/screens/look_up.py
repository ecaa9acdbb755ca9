"""Picking one of what a network's dictionary, or anything else that takes a while, finds for what one types."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult

from smm_tui.i18n import _
from smm_tui.screens.picker import Picker
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.styles import DIM
from smm_tui.widgets.text_input import TextInput
from smm_tui.widgets.windowed_list import Cells


class Found(NamedTuple):
    """Something to pick: what it is for whoever asked, what it says, and what is said beside it."""

    value: Any
    text: str
    more: str = ""


Find = Callable[[str], Coroutine[Any, Any, Sequence[Found]]]


class LookUp(Picker[Found]):
    """Asks `pause` seconds after the last letter, so that a network is not asked for each; errors are told above the
    list. `begin`: ask before anything is typed as well."""

    SCOPE: ClassVar[str] = "pick"
    COLUMNS: ClassVar[tuple[int, ...]] = (30, 12)

    def __init__(self, title: str, find: Find, *, hint: str = "", pause: float = 0.0, begin: bool = True) -> None:
        super().__init__(title, placeholder=hint or _("type some letters of it"))
        self._find = find
        self._pause = pause
        self._begin = begin
        self._asked = 0

    def body(self) -> ComposeResult:
        yield from super().body()
        yield LineWidget(id="told")

    def cells(self, thing: Found) -> Cells:
        return thing.text, Span(thing.more, DIM)

    async def find(self, text: str) -> Sequence[Found]:
        if not text.strip() and not self._begin:
            return ()
        self._tell(_("looking ..."))
        try:
            found = await self._find(text)
        except Exception as error:  # noqa: BLE001 - told where one looks; the next letter asks again
            self._tell(self.desk.explain(error))
            return ()
        self._tell("" if found else _("Nothing is called like that."))
        return found

    @on(TextInput.Changed)
    def _typed(self, event: TextInput.Changed) -> None:
        event.stop()
        self._asked += 1
        number = self._asked
        if self._pause:  # a timer and not a task: the next letter does not wait for it
            self.set_timer(self._pause, lambda: self._ask(number))
        else:
            self._ask(number)

    def _ask(self, number: int) -> None:
        if number == self._asked:
            self.desk.start(self._narrow())

    def _tell(self, text: str) -> None:
        if self.is_mounted:
            self.query_one("#told", LineWidget).say([Span(text, DIM)])

    def unavailable(self, verb: str) -> str:
        """Nothing can be taken while nothing is there."""
        return _("There is nothing to take yet.") if verb == "take" and not self._shown else ""
