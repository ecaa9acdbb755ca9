"""The frame diff against two emulators: after any sequence of updates they show what Textual meant."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Any

import pyte
import pyte.graphics
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from smm_tui.terminal.cells import Canvas, Palette, hazard
from smm_tui.terminal.encoder import FrameEncoder
from smm_tui.terminal.profile import LineProfile

from .emulator import Cell, Emulator, Look

CONSOLE = Console(color_system="truecolor", force_terminal=True)
GLYPHS = [
    *"aabbc    --│─…é",
    "e\u0301",
    "漢",
    "한",
    "カ",
    "！",
    "☺",
    "✅",
    "🎉",
    "❤\ufe0f",
    "👍🏽",
    "👩\u200d👩\u200d👧",
    "🇩🇪",
    "क्",
    "\ue0b0",
]
STYLES = [
    Style(),
    Style(color="#e0e0e0", bgcolor="#121212"),
    Style(color="#e0e0e0", bgcolor="#0178d4", bold=True),
    Style(bgcolor="#121212"),
    Style(color="red", dim=True, italic=True),
    Style(color="bright_green", bgcolor="blue", underline=True),
    Style(bold=True, dim=True, underline2=True),
    Style(reverse=True, strike=True),
    Style(bgcolor="#202020", overline=True, blink=True, conceal=True),
    Style(color="color(200)", link="https://example.org/"),
]
ON_BLANK = {4, 7, 9, 21, 51, 52, 53}
Token = tuple[str, int]
Step = tuple[Any, ...]

token = st.tuples(st.sampled_from(GLYPHS), st.integers(0, len(STYLES) - 1))
run = st.builds(lambda pair, count: [pair] * count, token, st.sampled_from([1, 1, 2, 3, 14]))
line = st.lists(run, max_size=8).map(lambda runs: [pair for one in runs for pair in one])
lines = st.lists(line, min_size=7, max_size=7)
step = st.one_of(
    st.tuples(st.just("all"), lines),
    st.tuples(st.just("line"), st.integers(0, 6), line),
    st.tuples(st.just("part"), st.integers(0, 6), line, st.sets(st.integers(1, 30)), st.data()),
    st.tuples(st.just("scroll"), st.integers(0, 6), st.integers(0, 6), st.integers(-3, 3), line),
    st.tuples(st.just("resize"), st.integers(2, 30), st.integers(1, 7), lines),
    st.tuples(st.just("lost")),
)


def strip_of(tokens: list[Token], width: int) -> Strip:
    segments, used = [], 0
    for text, style in tokens:
        if used + cell_len(text) > width:
            break
        used += cell_len(text)
        segments.append(Segment(text, STYLES[style]))
    rest = STYLES[tokens[-1][1]] if tokens else STYLES[1]
    return Strip([*segments, Segment(" " * (width - used), rest)], width)


class Session:
    """Textual's own output on one terminal, the frame diff's on others."""

    def __init__(self, width: int, height: int, tokens: list[list[Token]], *terminals: Emulator) -> None:
        self.meant = Emulator(width, height)
        self.terminals = terminals
        self.profile = LineProfile(erase_colour=terminals[0].erase_colour, repeat=terminals[0].strict)
        self.canvas = Canvas(Palette(self.profile))
        self.encoder = FrameEncoder(self.profile)
        self.strips = [strip_of(line, width) for line in tokens[:height]]
        self.show(self.full())

    @property
    def size(self) -> tuple[int, int]:
        return self.meant.width, self.meant.height

    def full(self) -> LayoutUpdate:
        return LayoutUpdate([[strip] for strip in self.strips], Region(0, 0, *self.size))

    def show(self, update: LayoutUpdate | ChopsUpdate) -> str:
        self.meant.feed(update.render_segments(CONSOLE))
        self.canvas.apply(update)
        data = self.encoder.encode(self.canvas.rows, (0, 0))
        for terminal in self.terminals:
            terminal.feed(data)
        assert not self.encoder.encode(self.canvas.rows, (0, 0))
        return data

    def take(self, what: Step) -> None:
        width, height = self.size
        match what:
            case ("all", new):
                self.strips = [strip_of(tokens, width) for tokens in new[:height]]
                self.show(self.full())
            case ("line", y, tokens):
                self.strips[y % height] = strip_of(tokens, width)
                self.show(self.full())
            case ("part", y, tokens, cuts, data):
                self.part(y % height, strip_of(tokens, width), cuts, data)
            case ("scroll", a, b, by, tokens):
                top, bottom = sorted((a % height, b % height))
                region = self.strips[top : bottom + 1]
                fresh = strip_of(tokens, width)
                region = [*region[by:], *[fresh] * by] if by >= 0 else [*[fresh] * -by, *region[:by]]
                self.strips[top : bottom + 1] = region[: bottom + 1 - top]
                self.show(self.full())
            case ("resize", width, height, new):
                for terminal in (self.meant, *self.terminals):
                    terminal.resize(width, height)
                self.encoder.invalidate()
                self.strips = [strip_of(tokens, width) for tokens in new[:height]]
                self.show(self.full())
            case ("lost",):
                for terminal in self.terminals:
                    terminal.resize(*self.size)
                self.encoder.invalidate()
                self.show(self.full())

    def part(self, y: int, strip: Strip, cuts: set[int], data: st.DataObject) -> None:
        """Update a part of a line as the compositor does: the strips between two cuts."""
        width, height = self.size
        edges = [0, *sorted(cut for cut in cuts if cut < width), width]
        first = data.draw(st.integers(0, len(edges) - 2))
        last = data.draw(st.integers(first + 1, len(edges) - 1))
        pieces = dict(zip(edges, strip.divide(edges[1:]), strict=False))
        self.show(
            ChopsUpdate(
                [pieces if row == y else {} for row in range(height)],
                [(y, edges[first], edges[last])],
                [edges[1:]] * height,
            )
        )
        # What a full repaint would show from now on.
        kept = self.strips[y].divide([edges[first], edges[last], width]) if edges[first] else None
        left = kept[0] if kept else Strip([])
        self.strips[y] = Strip.join(
            [left, strip.crop(edges[first], edges[last]), self.strips[y].crop(edges[last], width)]
        )

    def check(self) -> None:
        for terminal in self.terminals:
            assert terminal.look == Look()
            assert (terminal.top, terminal.bottom) == (0, terminal.height - 1)
            for meant, shown in zip(self.meant.rows, terminal.rows, strict=True):
                compare(meant, shown)


def visible(cell: Cell) -> Cell:
    """The part of a cell that can be seen: a blank has no text colour."""
    _fg, bg, attributes, link = cell.look
    if cell.text == " " and not attributes & ON_BLANK:
        return Cell(" ", Look("", bg, frozenset(), link))
    return cell


def unsure(row: list[Cell]) -> set[int]:
    """Columns of glyphs whose width is the terminal's own affair."""
    columns: set[int] = set()
    for x, cell in enumerate(row):
        if (cell.text and hazard(cell.text)) or (x - 1 in columns and not cell.text):
            columns.add(x)
    for x, (cell, after) in enumerate(pairwise(row)):
        if "\U0001f1e6" <= cell.text[:1] <= "\U0001f1ff" or "\U0001f1e6" <= after.text[:1] <= "\U0001f1ff":
            columns |= {x, x + 1}
    return columns


def compare(meant: list[Cell], shown: list[Cell]) -> None:
    skip = unsure(meant)
    for x, (wanted, got) in enumerate(zip(meant, shown, strict=True)):
        if x not in skip:
            assert visible(got) == visible(wanted), x


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 30), st.integers(1, 7), lines, st.lists(step, max_size=6))
def test_a_terminal_that_joins_clusters_shows_what_was_meant(
    width: int, height: int, first: list[list[Token]], steps: list[Step]
) -> None:
    session = Session(width, height, first, Emulator(width, height))
    session.check()
    for what in steps:
        session.take(what)
        session.check()


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 30), st.integers(1, 7), lines, st.lists(step, max_size=6))
def test_without_colour_erase_everything_is_drawn(
    width: int, height: int, first: list[list[Token]], steps: list[Step]
) -> None:
    session = Session(width, height, first, Emulator(width, height, erase_colour=False))
    for what in steps:
        session.take(what)
        session.check()


@settings(max_examples=150, deadline=None)
@given(st.integers(12, 30), st.integers(1, 7), lines, st.lists(step, max_size=6))
def test_a_terminal_that_draws_every_code_point_keeps_the_neighbours(
    width: int, height: int, first: list[list[Token]], steps: list[Step]
) -> None:
    session = Session(width, height, first, Emulator(width, height, widths="split"))
    for what in steps:
        session.take(what)
        session.check()


class Pyte(Emulator):
    """pyte behind the interface of the emulator."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height, strict=False)

    def resize(self, width: int, height: int) -> None:
        super().resize(width, height)
        self.screen = pyte.Screen(width, height)
        self.stream = pyte.Stream(self.screen)
        # pyte erases only cells that were written before.
        self.stream.feed("\x1b[41m" + "%" * width * height + "\x1b[m\x1b[?7l")

    def feed(self, data: str) -> None:
        self.stream.feed(data)


PYTE_ATTRIBUTES = {"bold": 1, "italics": 3, "underscore": 4, "blink": 5, "reverse": 7, "strikethrough": 9}


def colour_of(code: str, names: dict[int, str], bright: dict[int, str]) -> str:
    """What pyte calls a colour."""
    parts = [int(part) for part in code.split(";") if part]
    match parts:
        case []:
            return "default"
        case [number]:
            return names.get(number) or bright[number]
        case [_, 5, number]:
            return str(pyte.graphics.FG_BG_256[number])
        case [_, 2, red, green, blue]:
            return f"{red:02x}{green:02x}{blue:02x}"
        case _:
            raise AssertionError(code)


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 30), st.integers(1, 7), lines, st.lists(step, max_size=6))
def test_pyte_shows_what_was_meant(width: int, height: int, first: list[list[Token]], steps: list[Step]) -> None:
    terminal = Pyte(width, height)
    session = Session(width, height, first, terminal)
    for what in steps:
        session.take(what)
        for y, row in enumerate(session.meant.rows):
            skip = unsure(row)
            for x, cell in enumerate(row):
                if x in skip:
                    continue
                text, (fg, bg, attributes, _link) = visible(cell)
                got = terminal.screen.buffer[y][x]
                assert got.data == unicodedata.normalize("NFC", text)
                if text:
                    assert got.bg == colour_of(bg, pyte.graphics.BG_ANSI, pyte.graphics.BG_AIXTERM)
                shown = {code for name, code in PYTE_ATTRIBUTES.items() if getattr(got, name)}
                if text == " " and not attributes & ON_BLANK:
                    assert not shown & ON_BLANK
                elif text:
                    assert got.fg == colour_of(fg, pyte.graphics.FG_ANSI, pyte.graphics.FG_AIXTERM)
                    assert shown == attributes & set(PYTE_ATTRIBUTES.values())
