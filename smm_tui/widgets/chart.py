"""Charts of figures over days or categories, drawn by plotext; plain rows where there is no room for a drawing.

A chart says nothing by colour alone: each series has a mark of its own, and stands in the legend with it. plotext
(by way of textual-plotext, whose `Plot` is one figure without global state) comes with the first chart that is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from rich.style import Style
from rich.text import Text
from textual.geometry import Size

from smm_tui.domain.inert import cells, clip, inert
from smm_tui.glyphs import ASCII, UNICODE, Glyphs
from smm_tui.i18n import _
from smm_tui.widgets.line import Span, fit
from smm_tui.widgets.line_panel import LinePanel, Lines
from smm_tui.widgets.styles import BOLD, COLOURS, DIM, PLAIN

if TYPE_CHECKING:
    from textual_plotext import Plot


class Kind(StrEnum):
    """How figures are drawn."""

    LINE = "line"
    BAR = "bar"


class Series(NamedTuple):
    """One figure for every label of its chart; None where it is not known, which is not zero."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class ChartData:
    """What a chart shows. `labels` are days, hours or categories, one for every value; `unit` is of all series."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = ""
    kind: Kind = Kind.LINE


class _Look(NamedTuple):
    """How a series is drawn: plotext's marker, the sign in the legend, and plotext's colour."""

    marker: str
    sign: str
    colour: str


LEAST_WIDTH, LEAST_HEIGHT = 30, 8
"""Cells below which a drawing tells less than rows."""

_LOOKS = (
    _Look("braille", "⣿", "blue"),
    _Look("•", "•", "green"),
    _Look("x", "x", "magenta"),
    _Look("+", "+", "cyan"),
)
_BAR_LOOKS = (
    _Look("█", "█", "blue"),
    _Look("▒", "▒", "green"),
    _Look("x", "x", "magenta"),
    _Look("+", "+", "cyan"),
)
_ASCII_LOOKS = (
    _Look("*", "*", "blue"),
    _Look("o", "o", "green"),
    _Look("x", "x", "magenta"),
    _Look("+", "+", "cyan"),
)
MOST_SERIES = len(_LOOKS)
"""More would not be told apart."""


class Chart(LinePanel):
    """Shows a chart in the room there is; a cell is drawn again only when it differs."""

    def __init__(self, glyphs: Glyphs = UNICODE, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs

    def plot(self, data: ChartData) -> None:
        """Show these figures."""
        self.lay_out(lambda room: chart_lines(data, room, self._glyphs))


def chart_lines(data: ChartData, room: Size, glyphs: Glyphs = UNICODE) -> Lines:
    """The lines of a chart, as many as there is room for."""
    if len(data.series) > MOST_SERIES:
        raise ValueError(f"a chart has at most {MOST_SERIES} series")
    if any(len(series.values) != len(data.labels) for series in data.series):
        raise ValueError("a chart has one value for every label")
    if not _known(data):
        return [[Span(_titled(data), BOLD)], [Span(_("no figures yet"), DIM)]][: room.height]
    looks = _looks(data.kind, glyphs)
    heading = list(_heading(data, looks, room.width))
    canvas = Size(room.width, room.height - len(heading))
    if canvas.width < LEAST_WIDTH or canvas.height < LEAST_HEIGHT:
        return [*heading, *_rows(data, canvas, glyphs)][: room.height]
    return [*heading, *_drawn(data, looks, canvas)]


def compact(value: float) -> str:
    """A number in few cells: 9.75, 950, 9500, 12.3k, 4M."""
    scale, letter = _scale(value)
    return _plain(value / scale, 1 if letter else 2) + letter


def _scale(value: float) -> tuple[float, str]:
    for bound, scale, letter in ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if abs(value) >= bound:
            return scale, letter
    return 1.0, ""


def _plain(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _looks(kind: Kind, glyphs: Glyphs) -> Sequence[_Look]:
    if glyphs is ASCII:
        return _ASCII_LOOKS
    return _BAR_LOOKS if kind is Kind.BAR else _LOOKS


def _known(data: ChartData) -> list[float]:
    return [value for series in data.series for value in series.values if value is not None]


def _titled(data: ChartData) -> str:
    return f"{data.title}, {data.unit}" if data.unit else data.title


def _heading(data: ChartData, looks: Sequence[_Look], width: int) -> Iterator[list[Span]]:
    """The title, and the legend where there is more than one series: beside the title if it fits there."""
    title = Span(_titled(data), BOLD)
    if len(data.series) < 2:
        yield [title]
        return
    legend = [
        part
        for series, look in zip(data.series, looks, strict=False)
        for part in (Span(f"  {look.sign} ", COLOURS[look.colour]), Span(series.name))
    ]
    if cells(inert(title.text)) + sum(cells(inert(span.text)) for span in legend) <= width:
        yield [title, *legend]
    else:
        yield [title]
        yield legend


def _drawn(data: ChartData, looks: Sequence[_Look], canvas: Size) -> Lines:
    from textual_plotext import Plot

    plot = Plot()
    plot.theme("clear")
    plot._set_size(canvas.width, canvas.height)  # `plotsize` alone heeds the terminal, not the widget
    known = _known(data)
    low, high = min(known), max(known)
    if data.kind is Kind.BAR or (low >= 0 and low < high / 2):
        low, high = min(low, 0), max(high, 0)  # from zero, unless that would leave nothing to be seen
    ticks = _ticks(low, high, max(canvas.height // 4, 2))
    marks = _marks(ticks)
    plot.yticks(ticks, marks)
    plot.ylim(min(low, ticks[0]), max(high, ticks[-1]))
    if data.kind is Kind.BAR:
        _bars(plot, data, looks)
        plot.xlim(0.4, len(data.labels) + 0.6)
    else:
        _curves(plot, data, looks)
        plot.xlim(1, max(len(data.labels), 2))
    places = _label_places(data.labels, canvas.width - max(map(len, marks)) - 2)
    plot.xticks([float(place) for place in places], [_label(data.labels[place - 1]) for place in places])
    return [list(_spans(line)) for line in Text.from_ansi(plot.build()).split("\n")][: canvas.height]


def _curves(plot: Plot, data: ChartData, looks: Sequence[_Look]) -> None:
    """Lines from day to day, broken where a day is not known."""
    for series, look in zip(data.series, looks, strict=False):
        days = list(enumerate(series.values, 1))
        for known, stretch in groupby(days, key=lambda day: day[1] is not None):
            if known:
                xs, ys = zip(*stretch, strict=True)
                draw = plot.plot if len(xs) > 1 else plot.scatter
                draw(list(xs), list(ys), marker=look.marker, color=look.colour)


def _bars(plot: Plot, data: ChartData, looks: Sequence[_Look]) -> None:
    """Bars side by side at every label; what is not known is a question mark, since nothing would say zero."""
    count = len(data.series)
    wide = 0.8 / count
    for n, (series, look) in enumerate(zip(data.series, looks, strict=False)):
        offset = (n - (count - 1) / 2) * wide
        there = [(place + offset, value) for place, value in enumerate(series.values, 1) if value]
        missing = [place + offset for place, value in enumerate(series.values, 1) if value is None]
        if there:
            xs, ys = zip(*there, strict=True)
            plot.bar(list(xs), list(ys), marker=look.marker, color=look.colour, width=wide, reset_ticks=False)
        if missing:
            plot.scatter(missing, [0] * len(missing), marker="?", color=look.colour)


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers that span a range, `most` + 1 of them or fewer."""
    if low == high:
        low, high = low - 1, high + 1
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(n * step, 10) for n in range(first, last + 1)]


def _marks(ticks: Sequence[float]) -> list[str]:
    """What stands at the ticks: all in the unit of the largest, with as many digits as tell them apart."""
    scale, letter = _scale(max(ticks, key=abs))
    for digits in range(6):
        texts = [_plain(tick / scale, digits) for tick in ticks]
        if len(set(texts)) == len(ticks):
            break
    return [text if text == "0" else text + letter for text in texts]


def _label(text: str) -> str:
    return clip(inert(text), 14)


def _label_places(labels: Sequence[str], width: int) -> list[int]:
    """The labels, from 1, that stand beside each other without touching."""
    widest = max(cells(_label(label)) for label in labels) + 2
    every = max(math.ceil(len(labels) * widest / max(width, 1)), 1)
    return list(range(1, len(labels) + 1, every))


def _spans(line: Text) -> Iterator[Span]:
    """plotext colours letter by letter; neighbours of one style are one span."""
    styles: list[Style] = [PLAIN] * len(line.plain)
    for start, end, style in line.spans:
        styles[start:end] = [Style.parse(style) if isinstance(style, str) else style] * (end - start)
    place = 0
    for style, run in groupby(styles):
        end = place + len(list(run))
        yield Span(line.plain[place:end], style)
        place = end


def _rows(data: ChartData, canvas: Size, glyphs: Glyphs) -> Iterator[list[Span]]:
    """The latest labels with their figures, and a bar where there is one series."""
    bar = "#" if glyphs is ASCII else "█"
    shown = list(range(len(data.labels)))[-max(canvas.height, 1) :]
    if data.kind is Kind.BAR:
        shown = list(range(len(data.labels)))[: max(canvas.height, 1)]
    name = min(max(cells(inert(data.labels[place])) for place in shown), max(canvas.width // 3, 4))
    texts = {
        (n, place): "-" if (value := series.values[place]) is None else compact(value)
        for n, series in enumerate(data.series)
        for place in shown
    }
    figure = max(len(text) for text in texts.values())
    most = max(*_known(data), 0.0)
    room = canvas.width - name - figure - 2
    for place in shown:
        line = [Span(fit(data.labels[place], name), DIM)]
        line += [Span(f" {texts[n, place]:>{figure}}") for n in range(len(data.series))]
        value = data.series[0].values[place]
        if len(data.series) == 1 and room > 3 and most > 0 and value is not None and value > 0:
            line.append(Span(" " + bar * max(round(value / most * room), 1), COLOURS["blue"]))
        yield line
