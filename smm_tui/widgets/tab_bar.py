"""The first line: clients with their keys and what waits for them; at the right the time there and the worker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.style import Style
from textual.strip import Strip

from smm_tui.domain.inert import cells, clip, inert
from smm_tui.glyphs import UNICODE, Glyphs
from smm_tui.i18n import _
from smm_tui.widgets.line import LineWidget, Span, strip
from smm_tui.widgets.styles import BAD, BOLD, DIM, GOOD, PLAIN, WARN, of_colour


class Tab(NamedTuple):
    """One client; `hotkey` is what is shown before its name."""

    hotkey: str
    name: str
    colour: str
    waiting: int
    active: bool


class Tabs(NamedTuple):
    """All that the line shows; `worker`: here, elsewhere or off; `due`: what waits for a worker that is off."""

    tabs: tuple[Tab, ...] = ()
    clock: str = ""
    worker: str = ""
    due: int = 0


_LAYOUTS = ((24, " "), (12, " "), (12, ""), (8, ""), (6, ""), (5, ""), (4, ""), (3, ""))
"""Cells of a name and what stands around a tab, the roomiest first."""


def _width(spans: Sequence[Span]) -> int:
    return sum(cells(span.text) for span in spans)


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
        left = self._left(width - _width(right) - 1)
        return strip([*left, Span(" " * max(width - _width(left) - _width(right), 0)), *right], width)

    def _left(self, room: int) -> list[Span]:
        tabs = list(self.tabs.tabs)
        for limit, pad in _LAYOUTS:
            spans = self._spans(tabs, limit, pad)
            if _width(spans) <= room:
                return spans
        active = next((place for place, tab in enumerate(tabs) if tab.active), 0)
        first, last = active, active + 1  # what does not fit is told by a sign at the end where it would stand
        while True:
            wider = [(first, last + 1)] if last < len(tabs) else []
            wider += [(first - 1, last)] if first else []
            best = next((ends for ends in wider if _width(self._cut(tabs, *ends)) <= room), None)
            if best is None:
                return self._cut(tabs, first, last)
            first, last = best

    def _cut(self, tabs: Sequence[Tab], first: int, last: int) -> list[Span]:
        more = Span(self._glyphs.ellipsis, DIM)
        spans = self._spans(tabs[first:last], *_LAYOUTS[-1])
        return [*([more] if first else []), *spans, *([more] if last < len(tabs) else [])]

    def _spans(self, tabs: Sequence[Tab], limit: int, pad: str) -> list[Span]:
        spans: list[Span] = []
        for place, tab in enumerate(tabs):
            if place:
                spans.append(Span(self._glyphs.separator, DIM))
            style = of_colour(tab.colour)
            if tab.active:
                style += Style(reverse=True, bold=True)
            name = clip(inert(tab.name), limit, ellipsis="")
            spans.append(Span(f"{pad}{tab.hotkey} {name}" if tab.hotkey else pad + name, style))
            spans.append(Span(f" {tab.waiting}{pad}" if tab.waiting else pad, style + BOLD))
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
