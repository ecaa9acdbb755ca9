"""The editor of a post's text: plain, soft-wrapped, a steady cursor, nothing in it that steers a terminal."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

# Keys that terminals and multiplexers keep for themselves, and those the composer uses.
_NOT_OURS = {"ctrl+a", "ctrl+d", "ctrl+x", "ctrl+z", "ctrl+u", "ctrl+e", "ctrl+f", "f6", "f7"}
_ZWJ = "\u200d"


def _bindings() -> list[BindingType]:
    kept: list[BindingType] = []
    for binding in TextArea.BINDINGS:
        if isinstance(binding, Binding):
            keys = [key for key in binding.key.split(",") if key not in _NOT_OURS and not key.startswith("super")]
            if keys:
                kept.append(Binding(",".join(keys), binding.action, show=False))
    return [*kept, Binding("ctrl+u", "undo", show=False)]


class TextEditor(TextArea, inherit_bindings=False):
    """A TextArea as this program uses it."""

    BINDINGS: ClassVar[list[BindingType]] = _bindings()
    DEFAULT_CSS = """
    TextEditor, TextEditor:focus {
        border: none; padding: 0 1; height: 1fr; background: ansi_default; color: ansi_default;
        scrollbar-size-vertical: 1;
    }
    TextEditor:focus .text-area--cursor, TextEditor .text-area--cursor {
        color: ansi_default; background: ansi_default; text-style: reverse;
    }
    TextEditor .text-area--selection { background: ansi_default; text-style: reverse; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus", compact=True)
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self.match_cursor_bracket = False

    def put(self, text: str) -> None:
        """Show another text, with the cursor at its end."""
        self.load_text(cleaned(text))
        self.move_cursor(self.document.end)

    def get_line(self, line_index: int) -> Text:
        return Text(_harmless(self.document.get_line(line_index)), end="", no_wrap=True)

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if result := self._replace_via_keyboard(cleaned(event.text), *self.selection):
            self.move_cursor(result.end_location)


def cleaned(text: str) -> str:
    """The text with line ends as one sign, and without control characters, which no network stores."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))


def _harmless(line: str) -> str:
    """The line with as many characters; those that steer the direction of text, or hide, have no effect."""
    if line.isascii():
        return line
    return "".join("\u2060" if unicodedata.category(char) == "Cf" and char != _ZWJ else char for char in line)
