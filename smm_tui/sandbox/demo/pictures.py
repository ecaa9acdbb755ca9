"""Drawings for the demo's posts: flat shapes in a client's colours, the same bytes every time."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

SIZE = (1000, 560)
SMOOTH = 2  # drawn so much larger, then made smaller: edges without steps

Colour = tuple[int, int, int]
Palette = tuple[Colour, Colour, Colour, Colour]  # sky above, sky below, ground, things

PALETTES: dict[str, Palette] = {
    "bread": ((253, 226, 177), (246, 180, 119), (121, 72, 41), (201, 132, 66)),
    "weights": ((233, 236, 239), (173, 181, 189), (52, 58, 64), (201, 42, 42)),
    "books": ((243, 232, 250), (204, 178, 222), (84, 58, 103), (150, 92, 170)),
    "waves": ((255, 214, 170), (226, 128, 120), (24, 58, 99), (87, 150, 196)),
    "bubbles": ((224, 247, 250), (140, 210, 219), (20, 98, 112), (255, 255, 255)),
    "bolts": ((232, 243, 226), (164, 199, 150), (61, 83, 54), (134, 146, 138)),
}


def draw(motif: str, count: int, path: Path) -> None:
    """Write a JPEG of `count` things of a motif."""
    palette = PALETTES[motif]
    width, height = (side * SMOOTH for side in SIZE)
    image = _sky(palette, width, height)
    canvas = ImageDraw.Draw(image)
    sun = height // 6
    canvas.ellipse(_box(width * 3 // 4, height // 3, sun, sun), fill=_mixed(palette[0], (255, 255, 255), 0.6))
    canvas.rectangle((0, height * 3 // 4, width, height), fill=palette[2])
    _MOTIFS[motif](canvas, count, width, height, palette)
    image.reduce(SMOOTH).save(path, "JPEG", quality=80)


def _sky(palette: Palette, width: int, height: int) -> Image.Image:
    column = Image.new("RGB", (1, height))
    column.putdata([_mixed(palette[0], palette[1], y / height) for y in range(height)])
    return column.resize((width, height))


def _bread(canvas: ImageDraw.ImageDraw, count: int, width: int, height: int, palette: Palette) -> None:
    radius = width // (3 * count + 2)
    crust = palette[3]
    for x in _spread(count, width):
        y = height * 3 // 4
        canvas.pieslice(_box(x, y, radius * 4 // 3, radius), 180, 360, fill=crust)
        for cut in (-1, 0, 1):
            where = x + cut * radius // 2
            line = (where - radius // 6, y - radius // 4, where + radius // 6, y - radius * 2 // 3)
            canvas.line(line, fill=_mixed(crust, palette[0], 0.7), width=max(8, radius // 14))


def _weights(canvas: ImageDraw.ImageDraw, count: int, width: int, height: int, palette: Palette) -> None:
    y, middle, thick = height * 9 // 16, width // 2, height // 60
    canvas.rectangle((width // 8, y - thick, width * 7 // 8, y + thick), fill=_mixed(palette[2], palette[1], 0.4))
    for side in (-1, 1):
        for number in range(count):
            x = middle + side * (width // 5 + number * width // 18)
            tall = height * (5 - number) // 20
            box = (x - width // 60, y - tall, x + width // 60, y + tall)
            canvas.rounded_rectangle(box, radius=width // 120, fill=_mixed(palette[3], palette[2], number * 0.25))


def _books(canvas: ImageDraw.ImageDraw, count: int, width: int, height: int, palette: Palette) -> None:
    thick, base = width // 16, height * 3 // 4
    left = width // 2 - count * thick * 6 // 10
    for number in range(count):
        tall = height // 3 + (number * 37 % 5) * height // 40
        x = left + number * thick * 6 // 5
        colour = _mixed(palette[3], palette[number % 3], 0.35)
        if number == 5:  # the one that fell over
            canvas.rounded_rectangle((x, base - thick, x + tall, base), radius=thick // 8, fill=colour)
            continue
        canvas.rounded_rectangle((x, base - tall, x + thick, base), radius=thick // 8, fill=colour)
        canvas.rectangle((x, base - tall * 4 // 5, x + thick, base - tall * 3 // 4), fill=palette[0])


def _waves(canvas: ImageDraw.ImageDraw, count: int, width: int, height: int, palette: Palette) -> None:
    for number in range(count):
        level = height * 3 // 5 + number * height // 12
        points = [
            (x, level + math.sin(x / width * math.tau * (3 + number)) * height / 24 * math.sin(x / width * math.pi))
            for x in range(0, width + 1, width // 200)
        ]
        colour = _mixed(palette[3], (255, 255, 255), 0.6 - 0.15 * number)
        canvas.line(points, fill=colour, width=height // 60, joint="curve")


def _bubbles(canvas: ImageDraw.ImageDraw, count: int, width: int, height: int, palette: Palette) -> None:
    wide = width * 3 // (4 * count + 3)
    tall = min(height // 4, wide * 2 // 3)
    for number, x in enumerate(_spread(count, width)):
        y = height * 2 // 5 + (number % 2) * height // 10
        colour = palette[3] if number % 2 == 0 else _mixed(palette[2], palette[1], 0.5)
        canvas.polygon([(x - wide // 6, y + tall // 2), (x + wide // 8, y + tall // 2), (x, y + tall)], fill=colour)
        canvas.rounded_rectangle(_box(x, y, wide * 2 // 3, tall * 3 // 4), radius=tall // 3, fill=colour)
        for dot in (-1, 0, 1):
            canvas.ellipse(_box(x + dot * wide // 4, y, tall // 12, tall // 12), fill=palette[2])


def _bolts(canvas: ImageDraw.ImageDraw, count: int, width: int, height: int, palette: Palette) -> None:
    radius = min(height // 4, width // (3 * count + 1))
    for number, x in enumerate(_spread(count, width)):
        y = height // 2 + (number % 2) * height // 16
        canvas.regular_polygon((x, y, radius), 6, fill=palette[3])
        canvas.ellipse(_box(x, y, radius * 3 // 4, radius * 3 // 4), fill=_mixed(palette[3], (255, 255, 255), 0.35))
        canvas.ellipse(_box(x, y, radius // 2, radius // 2), fill=palette[2])


_MOTIFS: dict[str, Callable[[ImageDraw.ImageDraw, int, int, int, Palette], None]] = {
    "bread": _bread,
    "weights": _weights,
    "books": _books,
    "waves": _waves,
    "bubbles": _bubbles,
    "bolts": _bolts,
}


def _spread(count: int, width: int) -> list[int]:
    return [width * (2 * number + 1) // (2 * count) for number in range(count)]


def _box(x: int, y: int, across: int, down: int) -> tuple[int, int, int, int]:
    return (x - across, y - down, x + across, y + down)


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return (red, green, blue)
