"""The bytes that turn the frame a terminal shows into the frame it should show.

`FrameEncoder` keeps the last frame it encoded and answers with the difference: cursor
movements, style changes and text, each in its shortest form. It knows nothing of Textual.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from operator import eq
from typing import TypeAlias

from .cells import BLANK, DEFAULT_PEN, VISIBLE_ON_BLANK, Cell, Pen, Row, hazard
from .profile import LineProfile

Known: TypeAlias = Sequence[Cell | None]
"""A row as the terminal shows it; `None` where that is not known."""

# Attributes that one SGR code switches off together: bits of the attributes, code.
_OFF = (
    (1 << 0 | 1 << 1, "22"),
    (1 << 2, "23"),
    (1 << 3 | 1 << 9, "24"),
    (1 << 4 | 1 << 5, "25"),
    (1 << 6, "27"),
    (1 << 7, "28"),
    (1 << 8, "29"),
    (1 << 10 | 1 << 11, "54"),
    (1 << 12, "55"),
)
_ON = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "21", "51", "52", "53")

_SHORT_GAP = 8  # unchanged cells that may be cheaper to draw again than to jump over
_SCROLL_ROWS = 4  # fewer changed rows are never worth a scroll region


class FrameEncoder:
    """Encodes frames as the difference to the one before."""

    def __init__(self, profile: LineProfile) -> None:
        self._profile = profile
        self._shown: list[Known] | None = None
        self._cursor: tuple[int, int] | None = None

    def invalidate(self) -> None:
        """Forget what the terminal shows; the next frame starts from a cleared screen."""
        self._shown = None
        self._cursor = None

    def starts_anew(self, frame: Sequence[Row]) -> bool:
        """Whether the next frame, if it is this one, starts from a cleared screen."""
        return self._shown is None or _size(self._shown) != _size(frame)

    def forget(self, x: int, y: int, width: int, height: int) -> None:
        """Forget what the terminal shows in a rectangle; the next frame draws it again."""
        shown = self._shown or []
        for number in range(y, min(y + height, len(shown))):
            row = list(shown[number])
            row[x : x + width] = [None] * width
            shown[number] = row

    def encode(self, frame: Sequence[Row], cursor: tuple[int, int], *, scroll: bool = True) -> str:
        """Return what to write so that the terminal shows `frame` with the cursor at (x, y).

        Without `scroll`, no row is moved on the terminal: what stands still there is not taken along.

        Empty if it does already. The terminal is left with the default style, and must be in
        that state, without automatic wrapping at the right margin, when the text is written.
        The rows of the frame must not be changed afterwards.
        """
        if not frame or not frame[0]:
            return ""
        prefix, start = "", _Position()
        if self.starts_anew(frame):
            ground = self._ground(frame)
            pen = ground[1]
            prefix = f"\x1b[m\x1b[r{transition(DEFAULT_PEN, pen)}\x1b[H\x1b[J"
            self._shown = [[ground] * len(row) for row in frame]
            self._cursor = None
            start = _Position(0, 0, pen)
        shown = self._shown or []
        changed = [y for y, row in enumerate(frame) if shown[y] is not row and shown[y] != row]
        if not (prefix or changed) and cursor == self._cursor:
            return ""
        painted = self._paint(shown, frame, changed, start, cursor)
        movable = scroll and not prefix and len(changed) >= _SCROLL_ROWS
        if movable and (found := _find_scroll(shown, frame, changed)):
            scrolled = self._paint_scrolled(found, shown, frame, cursor)
            if _bytes(scrolled) < _bytes(painted):
                painted = scrolled
        self._shown = list(frame)
        self._cursor = cursor
        return prefix + painted

    def _ground(self, frame: Sequence[Row]) -> Cell:
        """Return the blank cell that a cleared screen should be filled with."""
        blanks = Counter(cell for row in frame for cell in row if cell[0] == " " and self._erasable(cell[1]))
        return blanks.most_common(1)[0][0] if blanks else BLANK

    def _erasable(self, pen: Pen) -> bool:
        """Whether erasing leaves the same as a space drawn with `pen`."""
        return not (pen.attributes or pen.link) and (self._profile.erase_colour or not pen.bg)

    def _paint(
        self,
        shown: Sequence[Known],
        frame: Sequence[Row],
        changed: Sequence[int],
        start: _Position,
        cursor: tuple[int, int],
    ) -> str:
        painter = _Painter(start, len(frame[0]))
        for y in changed:
            self._paint_row(painter, y, shown[y], frame[y])
        painter.use(DEFAULT_PEN)
        painter.move(*cursor)
        return painter.text()

    def _paint_scrolled(
        self, scroll: _Scroll, shown: Sequence[Known], frame: Sequence[Row], cursor: tuple[int, int]
    ) -> str:
        top, bottom, lines = scroll
        width = len(frame[0])
        unknown: list[Known] = [[None] * width] * abs(lines)
        region = list(shown[top : bottom + 1])
        region = region[lines:] + unknown if lines > 0 else unknown + region[:lines]
        moved = [*shown[:top], *region, *shown[bottom + 1 :]]
        verb = f"\x1b[{abs(lines)}M" if lines > 0 else f"\x1b[{-lines}L"
        if bottom == len(frame) - 1:
            start, prefix = _Position(0, top), f"\x1b[{top + 1}H{verb}"
        else:
            start, prefix = _Position(), f"\x1b[{top + 1};{bottom + 1}r\x1b[{top + 1}H{verb}\x1b[r"
        changed = [y for y, row in enumerate(frame) if moved[y] is not row and moved[y] != row]
        return prefix + self._paint(moved, frame, changed, start, cursor)

    def _paint_row(self, painter: _Painter, y: int, shown: Known, row: Row) -> None:
        old = list(shown)
        width = len(row)
        last = width - 1
        while old[last] == row[last]:
            last -= 1
        tail = self._tail(row)
        x = 0
        while x <= last:
            if old[x] == row[x]:
                x += _SHORT_GAP if old[x : x + _SHORT_GAP] == row[x : x + _SHORT_GAP] else 1
                continue
            while x and not row[x][0]:  # a wide glyph is drawn whole
                x -= 1
            text, pen = cell = row[x]
            run = x + 1
            while run <= last and row[run] == cell:
                run += 1
            while old[run - 1] == cell and run > x + 1:
                run -= 1
            painter.go(x, y, row)
            if text == " " and not pen.attributes:
                painter.use_blank(pen)
            else:
                painter.use(pen)
            if x >= tail and run - x > 3:
                painter.put("\x1b[K")
                return
            if text == " " and run - x > 10 and self._profile.erase_colour and self._erasable(pen):
                painter.put(f"\x1b[{run - x}X")
                x = run
            elif self._profile.repeat and run - x > 6 and len(text) == 1 and text.isascii():  # tmux repeats no others
                painter.draw(f"{text}\x1b[{run - x - 1}b", run - x)
                x = run
            elif text.isascii() and painter.pen == pen:
                end = _end_of_text(old, row, x, last)
                painter.draw("".join([text for text, _pen in row[x:end]]), end - x)
                x = end
            else:
                end = x + 1
                while end < width and not row[end][0]:
                    end += 1
                if overflow := hazard(text):
                    self._draw_hazard(painter, x, y, end - x, cell)
                    # A terminal that takes more cells for the glyph has drawn over its neighbours.
                    for neighbour in range(end, min(x + overflow, width)):
                        old[neighbour] = None
                        last = max(last, neighbour)
                else:
                    painter.draw(text, end - x)
                x = end

    def _tail(self, row: Row) -> int:
        """Return the column from which on a row can be erased to its end."""
        filler = row[-1]
        x = len(row)
        if filler[0] == " " and self._erasable(filler[1]):
            while x and row[x - 1] == filler:
                x -= 1
        return x

    def _draw_hazard(self, painter: _Painter, x: int, y: int, cells: int, cell: Cell) -> None:
        """Draw a glyph whose width depends on the terminal: blank its place first, trust no position after."""
        text, pen = cell
        if self._profile.erase_colour and not pen.attributes & VISIBLE_ON_BLANK:
            painter.put(f"\x1b[{cells}X" if cells > 1 else "\x1b[X")
        else:
            painter.draw(" " * cells, cells)
            painter.move(x, y)
        # One cell before the margin, a terminal that takes two would draw over the cell to the left.
        if cells > 1 or x + cells < painter.width:
            painter.put(text)
        painter.x = None


def _end_of_text(old: Known, row: Row, x: int, last: int) -> int:
    """Return where the changed ASCII text in one style ends that starts at column `x`."""
    cell = row[x]
    pen = cell[1]
    space = (" ", pen if pen.attributes & VISIBLE_ON_BLANK else Pen("", pen.bg, 0, pen.link))
    for end in range(x + 1, last + 1):
        before, cell = cell, row[end]
        text = cell[0]
        if not ((cell[1] == pen and text.isascii() and text) or cell == space) or cell == before or cell == old[end]:
            return end
    return last + 1


class _Position:
    """Where the terminal's cursor is and with what it draws; `None` where not known."""

    __slots__ = ("pen", "x", "y")

    def __init__(self, x: int | None = None, y: int | None = None, pen: Pen = DEFAULT_PEN) -> None:
        self.x = x
        self.y = y
        self.pen = pen


class _Painter(_Position):
    """Collects output while following the terminal's cursor and style."""

    __slots__ = ("_output", "width")

    def __init__(self, start: _Position, width: int) -> None:
        super().__init__(start.x, start.y, start.pen)
        self.width = width
        self._output: list[str] = []

    def text(self) -> str:
        """Return everything collected."""
        return "".join(self._output)

    def put(self, sequence: str) -> None:
        """Add what does not move the cursor."""
        self._output.append(sequence)

    def draw(self, text: str, cells: int) -> None:
        """Add text that moves the cursor by `cells`."""
        self._output.append(text)
        if self.x is not None:
            self.x += cells
            if self.x >= self.width:  # at the margin, terminals differ in where the cursor is
                self.x = None

    def use(self, pen: Pen) -> None:
        """Draw with `pen` from now on."""
        if pen is not self.pen and pen != self.pen:
            self._output.append(transition(self.pen, pen))
            self.pen = pen

    def use_blank(self, pen: Pen) -> None:
        """Draw blanks that look like `pen` from now on, keeping what shows on text only."""
        if not self._blanks_as(pen):
            self.use(Pen(self.pen.fg, pen.bg, self.pen.attributes & ~VISIBLE_ON_BLANK, pen.link))

    def _blanks_as(self, pen: Pen) -> bool:
        mine = self.pen
        return mine.bg == pen.bg and mine.link == pen.link and not mine.attributes & VISIBLE_ON_BLANK

    def go(self, x: int, y: int, row: Row) -> None:
        """Go to a column of `row`, over the unchanged cells of the row if that is shorter."""
        if y == self.y and self.x is not None and 0 < x - self.x <= _SHORT_GAP:
            gap = row[self.x : x]
            text = "".join([text for text, _pen in gap])
            if _bytes(text) <= len(motion(self.x, y, x, y)) and all(map(self._draws_alike, gap)):
                self.draw(text, len(gap))
                return
        self.move(x, y)

    def _draws_alike(self, cell: Cell) -> bool:
        text, pen = cell
        if pen == self.pen:
            return not hazard(text)
        return text == " " and not pen.attributes and self._blanks_as(pen)

    def move(self, x: int, y: int) -> None:
        """Move the cursor, drawing nothing."""
        if (x, y) != (self.x, self.y):
            self._output.append(motion(self.x, self.y, x, y))
            self.x, self.y = x, y


@lru_cache(maxsize=8192)
def motion(x0: int | None, y0: int | None, x: int, y: int) -> str:
    """Return the shortest sequence that moves the cursor from (x0, y0) to (x, y); `None` is unknown."""
    ways = [_csi(y + 1, "H") if x == 0 else f"\x1b[{y + 1};{x + 1}H"]
    if y0 == y:
        ways.append("\r" if x == 0 else _csi(x + 1, "G"))
        if x0 is not None:
            ways.append(_csi(x - x0, "C") if x > x0 else "\b" if x == x0 - 1 else _csi(x0 - x, "D"))
    elif x0 == x:
        ways.append(_csi(y + 1, "d"))
        if y0 is not None:
            ways.append(_csi(y - y0, "B") if y > y0 else _csi(y0 - y, "A"))
    return min(ways, key=len)


def _csi(count: int, final: str) -> str:
    return f"\x1b[{final}" if count == 1 else f"\x1b[{count}{final}"


@lru_cache(maxsize=8192)
def transition(old: Pen, new: Pen) -> str:
    """Return the shortest sequence that changes how the terminal draws from `old` to `new`."""
    sequence = f"\x1b]8;;{new.link}\x1b\\" if new.link != old.link else ""
    absolute = _codes(new.attributes)
    absolute += [colour for colour in (new.fg, new.bg) if colour]
    relative = []
    switch_on = new.attributes & ~old.attributes
    for group, off in _OFF:
        if old.attributes & ~new.attributes & group:
            relative.append(off)
            switch_on |= new.attributes & group
    relative += _codes(switch_on)
    if new.fg != old.fg:
        relative.append(new.fg or "39")
    if new.bg != old.bg:
        relative.append(new.bg or "49")
    if relative:
        afresh = f"\x1b[0;{';'.join(absolute)}m" if absolute else "\x1b[m"
        sequence += min(afresh, f"\x1b[{';'.join(relative)}m", key=len)
    return sequence


def _codes(attributes: int) -> list[str]:
    return [code for bit, code in enumerate(_ON) if attributes >> bit & 1]


_Scroll: TypeAlias = tuple[int, int, int]


def _find_scroll(shown: Sequence[Known], frame: Sequence[Row], changed: Sequence[int]) -> _Scroll | None:
    """Find rows that moved together: the first and last row of a region and the lines it moved up."""
    first, last = changed[0], changed[-1]
    width = len(frame[0])
    left = min(next(x for x in range(width) if shown[y][x] != frame[y][x]) for y in changed)
    right = max(next(x for x in range(width, 0, -1) if shown[y][x - 1] != frame[y][x - 1]) for y in changed)
    places: dict[tuple[Cell | None, ...], list[int]] = {}
    for y in range(first, last + 1):
        places.setdefault(tuple(shown[y][left:right]), []).append(y)
    moves: Counter[int] = Counter()
    moved: dict[int, list[int]] = {}
    for y in changed:
        origins = places.get(tuple(frame[y][left:right]), [])
        if len(origins) <= _SCROLL_ROWS:  # many equal rows, as blank ones, tell nothing
            for origin in origins:
                moves[origin - y] += 1
                moved.setdefault(origin - y, []).append(y)
    if not moves:
        return None
    lines, votes = moves.most_common(1)[0]
    if lines == 0 or votes < _SCROLL_ROWS - 1:
        return None
    top, bottom = moved[lines][0], moved[lines][-1]
    # Rows beside them may have moved as well, though a scrollbar or another pane has not.
    while top > 0 and top + lines > 0 and _resembles(frame[top - 1], shown[top - 1 + lines], shown[top - 1]):
        top -= 1
    end = len(frame) - 1
    while (
        bottom < end
        and bottom + lines < end
        and _resembles(frame[bottom + 1], shown[bottom + 1 + lines], shown[bottom + 1])
    ):
        bottom += 1
    return min(top, top + lines), max(bottom, bottom + lines), lines


def _resembles(row: Row, moved: Known, unmoved: Known) -> bool:
    """Whether `row` has more in common with `moved` than with `unmoved`."""
    return bool(sum(map(eq, row, moved)) > sum(map(eq, row, unmoved)))


def _size(rows: Sequence[Sequence[object]]) -> tuple[int, int]:
    return (len(rows[0]) if rows else 0), len(rows)


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())
