"""A searchable list of things to do: help (`?`) has the keys that work here, the palette (`:`) everything by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult

from smm_tui.i18n import _
from smm_tui.screens.keyed import focus_quietly
from smm_tui.screens.panel import Panel
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import DIM, KEY
from smm_tui.widgets.text_input import TextInput
from smm_tui.widgets.windowed_list import Column, WindowedList


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu; `reason`: why it cannot be done now."""

    keys: str
    label: str
    help: str
    place: str
    run: Callable[[], None]
    reason: str = ""

    @property
    def searched(self) -> str:
        """What a search looks at."""
        return f"{self.label} {self.help} {self.place} {self.keys}".casefold()


class MenuScreen(Panel[Entry]):
    """Type to narrow it down, enter runs."""

    SCOPE = "menu"
    DEFAULT_CSS = """
    MenuScreen #box { height: 60%; min-height: 20; width: 100%; }
    MenuScreen WindowedList { height: 1fr; margin-top: 1; }
    """

    def __init__(self, title: str, entries: Sequence[Entry]) -> None:
        super().__init__(title)
        self._entries = tuple(entries)

    def body(self) -> ComposeResult:
        yield TextInput(placeholder=_("type to search"))
        yield WindowedList(
            (Column("", 9), Column("", 14), Column("", 44, weight=1), Column("", 12, drop=1)),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            always_active=True,
            nothing=_("Nothing is called that."),
            id="list",
        )

    def on_mount(self) -> None:
        """Everything at first."""
        super().on_mount()
        focus_quietly(self.query_one(TextInput))
        self._narrow("")

    @property
    def list(self) -> WindowedList:
        """The lines."""
        return self.query_one(WindowedList)

    @on(TextInput.Changed)
    def _typed(self, event: TextInput.Changed) -> None:
        event.stop()
        self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        found = [n for n, entry in enumerate(self._entries) if all(word in entry.searched for word in words)]
        if words:  # what begins like the words comes first
            found.sort(key=lambda n: not self._entries[n].label.casefold().startswith(words[0]))
        self.list.show(found, {n: self._cells(self._entries[n]) for n in found})
        self.list.action_first()

    def _cells(self, entry: Entry) -> tuple[str | Span, ...]:
        if entry.reason:
            return (Span(entry.keys, DIM), Span(entry.label, DIM), Span(entry.reason, DIM), Span(entry.place, DIM))
        return (Span(entry.keys, KEY), entry.label, entry.help, Span(entry.place, DIM))

    def action_run(self) -> None:
        """Close, then do what the cursor is on."""
        if self.list.current is not None:
            self.dismiss(self._entries[self.list.current])

    def action_down(self) -> None:
        """Next row."""
        self.list.action_down()

    def action_up(self) -> None:
        """Row before."""
        self.list.action_up()

    def action_page_down(self) -> None:
        """Next page."""
        self.list.action_page_down()

    def action_page_up(self) -> None:
        """Page before."""
        self.list.action_page_up()

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
