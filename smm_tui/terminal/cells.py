"""Terminal cells: what Textual's strips mean, cell by cell, in the colours the line carries.

A cell is a tuple of its text and its `Pen`. A glyph that is several cells wide is one cell
with the text followed by cells with an empty text. Cells are cached and never changed, so
comparing two of them is mostly a comparison of identity.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from rich.cells import split_graphemes
from rich.color import Color, ColorSystem, ColorType
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

from .profile import Colours, LineProfile


class Pen(NamedTuple):
    """How a cell is drawn, as the parameters of SGR and OSC 8 sequences."""

    fg: str = ""
    """SGR parameters of the text colour; empty for the terminal's default."""
    bg: str = ""
    """SGR parameters of the background colour; empty for the terminal's default."""
    attributes: int = 0
    """Bit set of attributes in the order of rich: bold, dim, italic, underline, ..."""
    link: str = ""
    """Target of a hyperlink, or empty."""


Cell: TypeAlias = tuple[str, Pen]
Row: TypeAlias = list[Cell]

DEFAULT_PEN = Pen()
BLANK: Cell = (" ", DEFAULT_PEN)

REVERSE = 1 << 6
# Underline, reverse, strike, double underline, frame, encircle, overline.
VISIBLE_ON_BLANK = 1 << 3 | REVERSE | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12

# Characters every terminal draws one cell wide, and nothing else.
_NARROW = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u0391-\u03ff\u0400-\u0482\u2010-\u2026\u2500-\u25fc\u2800-\u28ff]*"
)
# Control characters, and the bidi controls that would let a text reorder the row it is shown in.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ZWJ = "\u200d"

_ASCII_GLYPHS = str.maketrans(
    {
        **dict.fromkeys("─━┄┅┈┉═╌╍╴╶╸╺╼╾▔▁▂▃⎯‐‑‒–—―", "-"),
        **dict.fromkeys("│┃┆┇┊┋║╎╏╵╷╹╻╽╿▏▎▍▌▐▕⎸⎹", "|"),
        **{chr(code): "+" for code in range(0x250C, 0x254C)},
        **{chr(code): "+" for code in range(0x2552, 0x2571)},
        **dict.fromkeys("█▄▀▅▆▇▊▋▉▖▗▘▙▚▛▜▝▞▟■▣▮▬", "#"),
        **dict.fromkeys("░▒▓□▢▫▪", ":"),
        **dict.fromkeys("▶▸►→❯›»", ">"),
        **dict.fromkeys("◀◂◄←❮‹«", "<"),
        **dict.fromkeys("▲▴△↑", "^"),
        **dict.fromkeys("▼▾▽↓", "v"),
        **dict.fromkeys("●•◆◉∙·⬤★✔✓", "*"),
        **dict.fromkeys("○◇◯☆", "o"),
        **dict.fromkeys("✗✘×", "x"),
        **dict.fromkeys("…", "~"),
        **dict.fromkeys("‘’‚‛", "'"),
        **dict.fromkeys("“”„‟", '"'),
        **{chr(code): "#" for code in range(0x2800, 0x2900)},
    }
)
_ASCII_GLYPHS[0x2800] = " "


class _Glyphs(dict[str, Cell]):
    """The cells of one pen by their text; spaces carry only what is visible of the pen."""

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self.pen = pen
        self[" "] = (" ", pen if pen.attributes & VISIBLE_ON_BLANK else Pen("", pen.bg, 0, pen.link))

    def __missing__(self, text: str) -> Cell:
        cell = self[text] = (text, self.pen)
        return cell


class Palette:
    """Turns strips into cells, mapping colours and glyphs to what the profile allows.

    `dark` is whether the theme is dark. Without colours a background that stands out from
    the theme's ground, such as the cursor row of a list, is shown in reverse video.
    """

    _CACHED_SEGMENTS = 8192

    def __init__(self, profile: LineProfile, *, dark: bool = True) -> None:
        self._colours = profile.colours
        self._ascii = profile.ascii
        self._dark = dark
        self._segments: dict[tuple[str, Style | None], tuple[Cell, ...]] = {}
        self._glyphs: dict[Pen, _Glyphs] = {}

    @property
    def dark(self) -> bool:
        """Whether the theme is dark."""
        return self._dark

    @dark.setter
    def dark(self, dark: bool) -> None:
        if dark != self._dark:
            self._dark = dark
            self._segments.clear()

    def cells(self, strip: Strip) -> Row:
        """Return the cells of a strip."""
        row: Row = []
        segments = self._segments
        for text, style, control in strip:
            if control:
                continue
            cells = segments.get((text, style))
            if cells is None:
                if len(segments) >= self._CACHED_SEGMENTS:
                    segments.clear()
                    self._glyphs.clear()
                cells = segments[text, style] = tuple(self._convert(text, self._glyphs_of(style)))
            row += cells
        return row

    def _convert(self, text: str, glyphs: _Glyphs) -> Row:
        if self._ascii:
            text = text.translate(_ASCII_GLYPHS)
        if _NARROW.fullmatch(text):
            return [glyphs[character] for character in text]
        text = _SURROGATE.sub("\ufffd", _CONTROL.sub("", text))
        row: Row = []
        after_flag_letter = False
        for start, end, width in split_graphemes(text)[0]:
            cluster = text[start:end].rstrip(_ZWJ)
            if width <= 0 or not cluster:
                continue
            flag_letter = "\U0001f1e6" <= cluster <= "\U0001f1ff" and width == 1
            if flag_letter and after_flag_letter:  # the two letters of a flag are one glyph
                row[-1] = glyphs[row[-1][0] + cluster]
                row.append(glyphs[""])
                after_flag_letter = False
                continue
            after_flag_letter = flag_letter
            row.append(glyphs[cluster])
            row.extend([glyphs[""]] * (width - 1))
        return row

    def _glyphs_of(self, style: Style | None) -> _Glyphs:
        pen = DEFAULT_PEN if style is None else self._pen(style)
        glyphs = self._glyphs.get(pen)
        if glyphs is None:
            glyphs = self._glyphs[pen] = _Glyphs(pen)
        return glyphs

    def _pen(self, style: Style) -> Pen:
        attributes = style._attributes & style._set_attributes
        link = _CONTROL.sub("", style.link or "")
        if self._colours is Colours.NONE:
            if _stands_out(style.bgcolor, dark=self._dark):
                attributes ^= REVERSE
            return Pen("", "", attributes, link)
        fg, bg = _fit(style.color, self._colours), _fit(style.bgcolor, self._colours)
        if fg is not None and fg == bg and style.color != style.bgcolor:
            # Two colours that fell together would hide the text.
            fg = Color.from_ansi(15 if _luma(style.bgcolor) < 0.5 else 0)
        return Pen(_sgr(fg, foreground=True), _sgr(bg, foreground=False), attributes, link)


def _fit(colour: Color | None, colours: Colours) -> Color | None:
    if colour is None or colours is Colours.TRUE or colour.type is ColorType.DEFAULT:
        return colour
    if colours is Colours.INDEXED:
        return Color.from_ansi(_indexed(*colour.triplet)) if colour.triplet else colour
    return Color.from_ansi(colour.downgrade(ColorSystem.STANDARD).number or 0)


def _indexed(red: int, green: int, blue: int) -> int:
    """Return the nearest of the 256 colours: one of the cube or of the ramp of greys."""
    steps = [0 if level < 48 else 1 if level < 115 else (level - 35) // 40 for level in (red, green, blue)]
    grey = min(23, max(0, round(((red + green + blue) / 3 - 8) / 10)))
    cube = [step and 55 + 40 * step for step in steps]
    ramp = [8 + 10 * grey] * 3

    def distance(shown: list[int]) -> int:
        return sum((meant - got) ** 2 for meant, got in zip((red, green, blue), shown, strict=True))

    if distance(ramp) < distance(cube):
        return 232 + grey
    return 16 + 36 * steps[0] + 6 * steps[1] + steps[2]


def _sgr(colour: Color | None, *, foreground: bool) -> str:
    if colour is None or colour.type is ColorType.DEFAULT:
        return ""
    return ";".join(colour.get_ansi_codes(foreground))


def _luma(colour: Color | None) -> float:
    if colour is None or colour.type is ColorType.DEFAULT:
        return 0.0
    red, green, blue = colour.get_truecolor()
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def _stands_out(background: Color | None, *, dark: bool) -> bool:
    if background is None or background.type is ColorType.DEFAULT:
        return False
    return abs(_luma(background) - (0.0 if dark else 1.0)) > 0.25


@lru_cache(maxsize=4096)
def hazard(text: str) -> int:
    """Return 0 if all terminals agree on the width of a glyph, else the most cells one may take.

    Terminals disagree on joined emoji, variation selectors, flags, pictographs newer than their
    tables and marks of Indic scripts. After such a glyph the cursor may be anywhere.
    """
    if text.isascii() or _NARROW.fullmatch(text):
        return 0
    base, marks = text[0], text[1:]
    wide = unicodedata.east_asian_width(base) in "WF"
    settled = unicodedata.category(base)[0] in ("LPN" if wide else "LPNSZ") and base < "\U0001f000"
    if settled and all(map(unicodedata.combining, marks)):
        return 0
    return sum(2 for character in text if unicodedata.category(character) not in ("Mn", "Me", "Cf")) or 2


class Canvas:
    """The frame Textual means to show, kept up to date from its compositor's updates."""

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        self.width = 0
        self.rows: list[Row] = []
        """Never changed in place: an unchanged row is the same object in the next frame."""

    def apply(self, update: LayoutUpdate | ChopsUpdate) -> None:
        """Bring the frame up to date."""
        if isinstance(update, LayoutUpdate):
            self._resize(update.region.right, update.region.bottom)
            for y, strips in enumerate(update.strips, update.region.y):
                self._patch(y, [(update.region.x, strips)])
        elif update.chops:
            self._resize(max(ends[-1] for ends in update.chop_ends), len(update.chops))
            for y, x1, x2 in update.spans:
                self._patch(y, list(_chops(update, y, x1, x2)))

    def _resize(self, width: int, height: int) -> None:
        if width != self.width or height != len(self.rows):
            self.width = width
            self.rows = [[BLANK] * width for _ in range(height)]

    def _patch(self, y: int, pieces: Sequence[tuple[int, Iterable[Strip]]]) -> None:
        current = self.rows[y]
        row = current
        for x, strips in pieces:
            cells: Row = []
            for strip in strips:
                cells += self.palette.cells(strip)
            if len(cells) > self.width - x:
                self._cut(cells, self.width - x)
            end = x + len(cells)
            if row[x:end] == cells:
                continue
            if row is current:
                row = current.copy()
            cuts_left = x > 0 and x < self.width and not row[x][0]
            cuts_right = end < self.width and not row[end][0]
            row[x:end] = cells
            if cuts_left:
                _blank_back(row, x)
            if cuts_right:
                _blank_on(row, end)
        self.rows[y] = row

    @staticmethod
    def _cut(cells: Row, length: int) -> None:
        cuts_glyph = not cells[length][0]
        del cells[length:]
        if cuts_glyph:
            _blank_back(cells, length)


def _chops(update: ChopsUpdate, y: int, x1: int, x2: int) -> Iterable[tuple[int, Iterable[Strip]]]:
    """Yield what `ChopsUpdate.render_segments` draws of one span: a column and the strip that starts there."""
    for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
        if strip is None or x > x2 or end <= x1:
            continue
        whole = x2 > x >= x1 and end <= x2
        yield x, [strip if whole else strip.crop(0, min(end, x2) - x)]


def _blank_back(row: Row, x: int) -> None:
    """Blank the glyph that was cut in two at column `x`, from there back to its first cell."""
    while x > 0:
        x -= 1
        text, pen = row[x]
        row[x] = (" ", Pen("", pen.bg, 0, pen.link))
        if text:
            return


def _blank_on(row: Row, x: int) -> None:
    """Blank the rest of the glyph that was cut in two at column `x`."""
    while x < len(row) and not row[x][0]:
        pen = row[x][1]
        row[x] = (" ", Pen("", pen.bg, 0, pen.link))
        x += 1
