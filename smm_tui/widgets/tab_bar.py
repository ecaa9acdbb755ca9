"""The first line: clients with their keys and what waits for them; at the right the time there and the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style
from textual.strip import Strip

from smm_tui.domain.inert import cells, clip, inert
from smm_tui.glyphs import UNICODE, Glyphs
from smm_tui.i18n import _
from smm_tui.widgets.line import LineWidget, Span, strip
from smm_tui.widgets.styles import BAD, BOLD, DIM, GOOD, PLAIN, WARN, of_client


@dataclass(frozen=True, slots=True)
class Tab:
    """One client; `hotkey` is what is shown before its name."""

    hotkey: str
    name: str
    colour: str
    waiting: int
    active: bool


@dataclass(frozen=True, slots=True)
class Tabs:
    """All that the line shows; `worker`: here, elsewhere or off; `due`: what waits for a worker that is off."""

    tabs: tuple[Tab, ...] = ()
    clock: str = ""
    worker: str = ""
    due: int = 0


class TabBar(LineWidget):
    """Draws `Tabs`. Too narrow for all names: they get shorter, then the clients far from the active one go."""

    def __init__(self, glyphs: Glyphs = UNICODE, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.tabs = Tabs()
        self._glyphs = glyphs

    def show(self, tabs: Tabs) -> None:
        """Show another state, if it is one."""
        if tabs != self.tabs:
            self.tabs = tabs
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y:
            return Strip.blank(width)
        right = self._right()
        room = width - sum(cells(span.text) for span in right) - 1
        left = self._left(room)
        used = sum(cells(span.text) for span in left)
        return strip([*left, Span(" " * max(width - used - sum(cells(s.text) for s in right), 0)), *right], width)

    def _left(self, room: int) -> list[Span]:
        for limit in (24, 16, 12, 10, 8, 7, 6, 5, 4, 3, 2):
            spans = self._spans(self.tabs.tabs, limit)
            if sum(cells(span.text) for span in spans) <= room:
                return spans
        tabs = list(self.tabs.tabs)
        active = next((place for place, tab in enumerate(tabs) if tab.active), 0)
        while len(tabs) > 1:
            if active > len(tabs) // 2 or active == len(tabs) - 1:
                tabs.pop(0)
                active -= 1
            else:
                tabs.pop()
            spans = self._spans(tabs, 8)
            if sum(cells(span.text) for span in spans) <= room:
                return spans
        return self._spans(tabs, max(room - 6, 1))

    def _spans(self, tabs: Sequence[Tab], limit: int) -> list[Span]:
        spans: list[Span] = []
        for place, tab in enumerate(tabs):
            if place:
                spans.append(Span(self._glyphs.separator, DIM))
            style = of_client(tab.colour)
            if tab.active:
                style += Style(reverse=True, bold=True)
            name = clip(inert(tab.name), limit, ellipsis="")
            label = f"{tab.hotkey} {name}" if tab.hotkey else name
            count = f" {tab.waiting}" if tab.waiting else ""
            spans.append(Span(f" {label}", style))
            spans.append(Span(f"{count} ", (style + BOLD) if tab.waiting else style))
        return spans

    def _right(self) -> list[Span]:
        spans = [Span(self.tabs.clock)] if self.tabs.clock else []
        glyphs = self._glyphs
        match self.tabs.worker:
            case "here":
                spans.append(Span(f"  {glyphs.running} {_('live')}", GOOD))
            case "elsewhere":
                spans.append(Span(f"  {glyphs.running} {_('elsewhere')}", GOOD))
            case "off":
                spans.append(Span(f"  {glyphs.stopped} {_('off')}", PLAIN if not self.tabs.due else WARN))
        if self.tabs.due and self.tabs.worker == "off":
            spans.append(Span(f" {glyphs.alarm}{_('{count} due').format(count=self.tabs.due)}", BAD))
        return [*spans, Span(" ")] if spans else []
