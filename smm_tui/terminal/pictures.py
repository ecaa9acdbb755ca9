"""Pictures that the terminal draws itself, kept in step with the frame diff.

A widget that shows one leaves its place in the frame: blanks whose link is `link_of` the picture. So the frame
alone says what is seen: a picture is drawn where the whole of its place is, and taken away as soon as a box lies over
part of it, it moves, or its widget is gone. Under it the encoder sees cells that it neither erases nor draws over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .cells import Cell, Pen, Row
from .encoder import FrameEncoder

_LINK = "x-picture:"
_HELD: Cell = (" ", Pen("", "", 1 << 20))
"""A blank of a picture's place: no attribute of any terminal has this bit, so it is no cell that may be erased."""


class Picture(NamedTuple):
    """A picture of `width` x `height` cells. `put` draws it from the cursor's cell on, wherever that leaves the
    cursor; `remove` takes it away, empty where drawing text over it does."""

    width: int
    height: int
    put: str
    remove: str = ""


class Place(NamedTuple):
    """Where the left upper cell of a picture is, and how large it is."""

    x: int
    y: int
    width: int
    height: int


def link_of(number: int) -> str:
    """What the style of a picture's place has as its link."""
    return f"{_LINK}{number}"


class PictureLayer:
    """The pictures over a frame: which there are, and which the terminal shows where."""

    def __init__(self) -> None:
        self._known: dict[int, Picture] = {}
        self._shown: dict[int, tuple[Place, Picture]] = {}

    def know(self, number: int, picture: Picture | None) -> None:
        """Draw this picture from now on where its place is in the frame; None: there is no such picture any more."""
        if picture is None:
            self._known.pop(number, None)
        else:
            self._known[number] = picture

    def encode(self, encoder: FrameEncoder, frame: Sequence[Row], cursor: tuple[int, int]) -> str:
        """What `encoder` answers for a frame, and the pictures over it."""
        rows, places = self._split(frame)
        if encoder.starts_anew(rows):
            removed = self._lost()
        else:
            removed, rests = self._gone(places)
            for rest in rests:
                encoder.forget(*rest)
        text = encoder.encode(rows, cursor, scroll=not places)
        drawn = self._due(places)
        return removed + text + (f"{drawn}\x1b[{cursor[1] + 1};{cursor[0] + 1}H" if drawn else "")

    def _split(self, frame: Sequence[Row]) -> tuple[Sequence[Row], dict[int, Place]]:
        """The frame with their places held free, and the places that are whole."""
        if not self._known:
            return frame, {}
        links = {link_of(number): number for number in self._known}
        found: dict[int, list[tuple[int, int]]] = {}
        rows: list[Row] = []
        for y, row in enumerate(frame):
            marked = [(x, number) for x, cell in enumerate(row) if (number := links.get(cell[1].link)) is not None]
            if marked:
                row = row.copy()
                for x, number in marked:
                    row[x] = _HELD
                    found.setdefault(number, []).append((x, y))
            rows.append(row)
        places = {}
        for number, spots in found.items():
            (x, y), picture = spots[0], self._known[number]
            whole = [(x + dx, y + dy) for dy in range(picture.height) for dx in range(picture.width)]
            if spots == whole:
                places[number] = Place(x, y, picture.width, picture.height)
        return rows, places

    def _gone(self, places: Mapping[int, Place]) -> tuple[str, list[Place]]:
        """What takes away the pictures that are no longer where they were, and the cells that hold rests of them."""
        sequences, left = "", []
        for number, (place, picture) in list(self._shown.items()):
            if places.get(number) != place or self._known.get(number) is not picture:
                sequences += picture.remove
                left.append(place)
                del self._shown[number]
        return sequences, left

    def _lost(self) -> str:
        """The terminal was cleared, and shows none of them: what makes sure of it."""
        sequences = "".join(picture.remove for _place, picture in self._shown.values())
        self._shown.clear()
        return sequences

    def _due(self, places: Mapping[int, Place]) -> str:
        """What draws the pictures that are not shown yet."""
        sequences = ""
        for number, place in places.items():
            if number not in self._shown:
                picture = self._known[number]
                self._shown[number] = (place, picture)
                sequences += f"\x1b[{place.y + 1};{place.x + 1}H{picture.put}"
        return sequences
