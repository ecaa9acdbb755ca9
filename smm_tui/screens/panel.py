"""A box over a screen: questions, forms, help. Only its own keys work while it is open."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from smm_tui.domain.inert import inert
from smm_tui.screens.keyed import KeyedScreen
from smm_tui.widgets.key_bar import KeyBar

Result = TypeVar("Result")


class Panel(KeyedScreen[Result], ModalScreen[Result]):
    """A titled box with `body` in it and a key bar of its own."""

    GLOBAL: ClassVar[bool] = False
    DEFAULT_CSS = """
    Panel {
        align: center middle;
        &:ansi { background: transparent; }
        #box { width: 78; max-width: 100%; height: auto; max-height: 100%; border: solid ansi_default; padding: 0 1; }
        #title { height: auto; text-style: bold; margin-bottom: 1; }
        #box KeyBar { margin-top: 1; }
    }
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.heading = title

    def body(self) -> ComposeResult:
        """The widgets between title and key bar."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content(inert(self.heading)), id="title")
            yield from self.body()
            yield KeyBar(self.keymap, id="keys")

    def on_mount(self) -> None:
        """Show the keys that work here."""
        self.watch(self, "focused", self.show_keys, init=False)
        self.show_keys()

    def show_keys(self) -> None:
        """Draw the key bar for where the focus is."""
        self.query_one("#keys", KeyBar).show(self.scopes(), typing=self.typing)
