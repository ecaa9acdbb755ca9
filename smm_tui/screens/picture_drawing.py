"""Files as pictures for the terminal: scaled to the room there is, in the way it draws. Heavy: on a lane."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.terminal.pictures import Picture
from smm_tui.terminal.profile import Pictures

if TYPE_CHECKING:
    from PIL.Image import Image

CELL = (10, 20)
"""Pixels of a cell where the terminal does not say; sixel terminals that do not behave as if it were so."""
MOST_PIXELS = 80_000_000
"""A larger picture is not unpacked for a look at it."""
_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of `width` x `height` cells: as lines of text, or as one that the terminal draws."""

    width: int
    height: int
    lines: tuple[Strip, ...] = ()
    picture: Picture | None = None


def draw(path: Path, room: tuple[int, int], way: Pictures, number: int = 1, cell: tuple[int, int] = CELL) -> Drawing:
    """The file at `path` in at most `room` (columns, rows), upright and in its proportions.

    `number` tells the terminal one picture from another. InvalidInput for what is no picture or is gone.
    """
    columns, rows = max(room[0], 1), max(room[1], 1)
    pixels = (columns, rows * 2) if way is Pictures.BLOCKS else (columns * cell[0], rows * cell[1])
    # A half of a cell is as wide as high, but for cells that are not twice as high as wide.
    image = _opened(path, pixels, (cell[0], cell[1] / 2) if way is Pictures.BLOCKS else (1, 1))
    if way is Pictures.BLOCKS:
        return _blocks(image)
    width, height = -(-image.width // cell[0]), -(-image.height // cell[1])
    if way is Pictures.KITTY:
        return Drawing(width, height, picture=_kitty(image, width, height, number))
    from textual_image._sixel import SixelOptions, image_to_sixels  # its public names ask the terminal when imported

    return Drawing(width, height, picture=Picture(width, height, image_to_sixels(image, SixelOptions(colors=128))))


def _opened(path: Path, pixels: tuple[int, int], pixel: tuple[float, float]) -> Image:
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _too_many()
            opened.draft("RGB", (pixels[0] * 2, pixels[1] * 2))  # a JPEG is read at a fraction of its size
            upright = ImageOps.exif_transpose(opened)
            scale = min(pixels[0] * pixel[0] / upright.width, pixels[1] * pixel[1] / upright.height)
            size = (
                max(1, min(pixels[0], round(upright.width * scale / pixel[0]))),
                max(1, min(pixels[1], round(upright.height * scale / pixel[1]))),
            )
            shown = upright.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
            ground = Image.new("RGBA", shown.size, "white")
            return Image.alpha_composite(ground, shown).convert("RGB")
    except FileNotFoundError:
        raise InvalidInput(_("The file is gone from the media store.")) from None
    except Image.DecompressionBombError:
        raise _too_many() from None
    except (OSError, ValueError, SyntaxError):
        raise InvalidInput(_("This file cannot be shown as a picture.")) from None


def _too_many() -> InvalidInput:
    return InvalidInput(_("The picture has too many pixels for a look at it here."))


def _blocks(image: Image) -> Drawing:
    """Two pixels a cell, the upper one as the text colour of a half block."""
    lines = []
    for y in range(0, image.height, 2):
        cells = []
        for x in range(image.width):
            upper = Color.from_triplet(ColorTriplet(*_rgb(image, x, y)))
            lower = Color.from_triplet(ColorTriplet(*_rgb(image, x, y + 1))) if y + 1 < image.height else None
            cells.append(Style(color=upper, bgcolor=lower))
        lines.append(Strip([Segment("▀" * len(list(run)), style) for style, run in groupby(cells)], image.width))
    return Drawing(image.width, len(lines), tuple(lines))


def _rgb(image: Image, x: int, y: int) -> tuple[int, int, int]:
    red, green, blue = image.getpixel((x, y))  # type: ignore[misc]
    return int(red), int(green), int(blue)


def _kitty(image: Image, width: int, height: int, number: int) -> Picture:
    """As PNG in pieces, placed over its cells; the protocol: https://sw.kovidgoyal.net/kitty/graphics-protocol/."""
    packed = BytesIO()
    image.save(packed, "PNG")
    data = b64encode(packed.getvalue()).decode()
    pieces = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)]
    put = ""
    for place, piece in enumerate(pieces):
        head = f"a=T,f=100,i={number},p=1,c={width},r={height},C=1,q=2," if place == 0 else "q=2,"
        put += f"\x1b_G{head}m={int(place < len(pieces) - 1)};{piece}\x1b\\"
    return Picture(width, height, put, f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\")
