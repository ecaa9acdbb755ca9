"""A small, strict terminal emulator: unlike pyte it knows every style and refuses what it does not know."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from rich.cells import split_graphemes
from wcwidth import wcwidth

_TOKEN = re.compile(
    r"\x1b\[([?<>=0-9;$]*)([A-Za-z])|\x1b\](.*?)(?:\x1b\\|\x07)|([\r\n\b\x07])|([^\x1b\x00-\x1f]+)", re.DOTALL
)
_OFF = {22: (1, 2), 23: (3,), 24: (4, 21), 25: (5, 6), 27: (7,), 28: (8,), 29: (9,), 54: (51, 52), 55: (53,)}


class Look(NamedTuple):
    fg: str = ""
    bg: str = ""
    attributes: frozenset[int] = frozenset()
    link: str = ""


class Cell(NamedTuple):
    text: str = " "
    look: Look = Look()

    def halved(self) -> Cell:
        """What is left of a wide glyph when its other half is drawn over."""
        return Cell(" ", Look(bg=self.look.bg, link=self.look.link))


class Emulator:
    """`widths` says how wide it draws clusters: as one glyph, or every code point by itself."""

    def __init__(
        self,
        width: int,
        height: int,
        *,
        widths: Literal["joined", "split"] = "joined",
        erase_colour: bool = True,
        strict: bool = True,
    ) -> None:
        self.widths = widths
        self.erase_colour = erase_colour
        self.strict = strict
        self.look = Look()
        self.modes = {"7", "25"}
        self.keyboard_modes = 0
        self.requests = 0
        self.previous = ""
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """Change the size; what is shown afterwards is anybody's guess."""
        self.width, self.height = width, height
        self.rows = [[Cell("%", Look("31"))] * width for _ in range(height)]
        self.x = self.y = 0
        self.top, self.bottom = 0, height - 1

    def feed(self, data: str) -> None:
        position = 0
        for match in _TOKEN.finditer(data):
            assert match.start() == position or not self.strict, repr(data[position : match.start()])
            position = match.end()
            parameters, final, osc, control, text = match.groups()
            if final:
                self._csi(parameters, final)
            elif osc is not None:
                if osc.startswith("8;"):
                    self.look = self.look._replace(link=osc.split(";", 2)[2])
            elif control == "\r":
                self.x = 0
            elif control == "\b":
                self.x = max(0, self.x - 1)
            elif control == "\x07":
                pass
            elif control == "\n":
                self.x, self.y = 0, min(self.y + 1, self.height - 1)
            else:
                self._draw(text)
        assert position == len(data) or not self.strict, repr(data[position:])

    def display(self) -> list[str]:
        return ["".join(cell.text for cell in row) for row in self.rows]

    def _blank(self) -> Cell:
        return Cell(" ", Look(bg=self.look.bg) if self.erase_colour else Look())

    def _put(self, x: int, cell: Cell) -> None:
        row = self.rows[self.y]
        if not row[x].text:  # the right part of a wide glyph: its left part goes with it
            left = x - 1
            while left > 0 and not row[left].text:
                row[left] = row[left].halved()
                left -= 1
            row[left] = row[left].halved()
        right = x + 1
        while right < self.width and not row[right].text:
            row[right] = row[right].halved()
            right += 1
        row[x] = cell

    def _draw(self, text: str) -> None:
        if self.widths == "joined":
            glyphs = [(text[start:end], width) for start, end, width in split_graphemes(text)[0]]
        else:
            glyphs = [(character, max(0, wcwidth(character))) for character in text]
        for glyph, width in glyphs:
            row = self.rows[self.y]
            if width == 0:
                at = max(0, self.x - 1)
                while at and not row[at].text:
                    at -= 1
                row[at] = row[at]._replace(text=row[at].text + glyph)
                continue
            self.x = max(0, min(self.x, self.width - width))
            for offset in range(min(width, self.width)):
                self._put(self.x + offset, Cell(" ", self.look))
            for offset in range(min(width, self.width)):
                row[self.x + offset] = Cell("" if offset else glyph, self.look)
            self.x += width
            self.previous = glyph

    def _csi(self, parameters: str, final: str) -> None:
        if final == "u":
            self.keyboard_modes = max(0, self.keyboard_modes + (1 if parameters.startswith(">") else -1))
            return
        if parameters.startswith("?"):
            if parameters.endswith("$"):  # asks what a mode is
                return
            assert final in "hl"
            for mode in parameters[1:].split(";"):
                (self.modes.add if final == "h" else self.modes.discard)(mode)
            return
        numbers = [int(part or 0) for part in parameters.split(";")]
        count = numbers[0] or 1
        # A cursor that has filled the last column is still in it.
        column = min(self.x, self.width - 1)
        match final:
            case "m":
                self._sgr(numbers)
            case "H":
                self.y = min(count, self.height) - 1
                self.x = min((numbers[1] if len(numbers) > 1 else 1) or 1, self.width) - 1
            case "A":
                self.y = max(0, self.y - count)
            case "B":
                self.y = min(self.height - 1, self.y + count)
            case "C":
                self.x = min(self.width - 1, column + count)
            case "D":
                self.x = max(0, column - count)
            case "G":
                self.x = min(count, self.width) - 1
            case "d":
                self.y = min(count, self.height) - 1
            case "K":
                assert numbers == [0]
                for x in range(column, self.width):
                    self._put(x, self._blank())
            case "X":
                for x in range(column, min(column + count, self.width)):
                    self._put(x, self._blank())
            case "J":
                assert numbers == [2] or (column, self.y) == (0, 0)
                self.rows = [[self._blank()] * self.width for _ in self.rows]
            case "b":
                self._draw(self.previous * count)
            case "r":
                self.top = count - 1
                self.bottom = min(numbers[1], self.height) - 1 if len(numbers) > 1 else self.height - 1
                self.x = self.y = 0
            case "M" | "L":
                assert self.top <= self.y <= self.bottom
                for _ in range(count):
                    blank = [self._blank()] * self.width
                    if final == "M":
                        del self.rows[self.y]
                        self.rows.insert(self.bottom, blank)
                    else:
                        del self.rows[self.bottom]
                        self.rows.insert(self.y, blank)
            case "n":
                assert count == 6
                self.requests += 1
            case _:
                assert not self.strict, f"CSI {parameters}{final}"

    def _sgr(self, numbers: list[int]) -> None:
        codes = iter(numbers)
        for code in codes:
            fg, bg, attributes, link = self.look
            if code == 0:
                self.look = Look(link=link)
            elif code in (38, 48):
                kind = next(codes)
                colour = ";".join(map(str, (code, kind, *(next(codes) for _ in range(1 if kind == 5 else 3)))))
                self.look = Look(colour, bg, attributes, link) if code == 38 else Look(fg, colour, attributes, link)
            elif 30 <= code <= 39 or 90 <= code <= 97:
                self.look = Look("" if code == 39 else str(code), bg, attributes, link)
            elif 40 <= code <= 49 or 100 <= code <= 107:
                self.look = Look(fg, "" if code == 49 else str(code), attributes, link)
            elif code in _OFF:
                self.look = Look(fg, bg, attributes - set(_OFF[code]), link)
            else:
                assert code in {1, 2, 3, 4, 5, 6, 7, 8, 9, 21, 51, 52, 53}, code
                self.look = Look(fg, bg, attributes | {code}, link)
