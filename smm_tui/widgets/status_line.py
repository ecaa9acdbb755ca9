"""The line above the key bar: what just happened, or where one stands in a list."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from smm_tui.domain.inert import inert

_STYLES = {"info": "", "done": "green", "error": "bold red"}


class StatusLine(Widget):
    """Shows a message, or the screen's summary while there is none. Long messages take up to three lines; they lie
    over the screen's last rows, so that nothing moves."""

    DEFAULT_CSS = """
    StatusLine { height: auto; min-height: 1; max-height: 4; width: 1fr; padding: 0 1; background: ansi_default; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._message = ("", "info")
        self._summary = ""

    @property
    def text(self) -> str:
        """What is shown."""
        return self._message[0] or self._summary

    def show(self, text: str, kind: str) -> None:
        """Show a message; an empty one gives way to the summary."""
        self._change((text, kind), self._summary)

    def summarise(self, text: str) -> None:
        """What is shown while there is no message."""
        self._change(self._message, text)

    def _change(self, message: tuple[str, str], summary: str) -> None:
        before, style = self.text, self._message[1]
        self._message, self._summary = message, summary
        if self.text != before or message[1] != style:
            single = max(len(self.text), len(before)) < self.size.width - 2
            self.refresh(layout=not single or not self.size.width or self.size.height > 1)

    def render(self) -> RenderResult:
        text, kind = self._message
        prefix = "! " if kind == "error" and text else ""
        return Content.styled(prefix + inert(text or self._summary), _STYLES[kind] if text else "dim")
