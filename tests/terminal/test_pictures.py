"""Pictures over the frame diff: after any sequence of frames the terminal shows them whole, or nothing of them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from smm_tui.terminal.cells import BLANK, Cell, Pen
from smm_tui.terminal.encoder import FrameEncoder
from smm_tui.terminal.pictures import Picture, PictureLayer, link_of
from smm_tui.terminal.profile import LineProfile

from .emulator import Emulator

WIDTH, HEIGHT = 14, 8
SIZES = {1: (4, 3), 2: (2, 5)}
SIGNS = {1: "#", 2: "@"}
Frame = list[list[Cell]]


def drawn(number: int) -> Picture:
    """A picture whose pixels are letters, so that what is left of one is seen."""
    width, height = SIZES[number]
    line = SIGNS[number] * width
    return Picture(width, height, f"\x1b[{width}D\x1b[B".join([line] * height))


letters = st.dictionaries(
    st.tuples(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1)), st.sampled_from("abcdef"), max_size=9
)
places = st.none() | st.tuples(st.integers(0, WIDTH - 6), st.integers(0, HEIGHT - 5))
steps = st.tuples(
    letters, places, places, st.booleans(), st.booleans(), st.sampled_from(("", "", "", "clear", "forget"))
)


def frame_of(
    written: dict[tuple[int, int], str], one: tuple[int, int] | None, two: tuple[int, int] | None, over: bool
) -> Frame:
    """A frame with places of pictures in it; `over`: the letters lie over them."""
    rows: Frame = [[BLANK] * WIDTH for _y in range(HEIGHT)]

    def write() -> None:
        for (x, y), letter in written.items():
            rows[y][x] = (letter, Pen())

    if not over:
        write()
    for number, place in ((1, one), (2, two)):
        if place is not None:
            for dy in range(SIZES[number][1]):
                for dx in range(SIZES[number][0]):
                    rows[place[1] + dy][place[0] + dx] = (" ", Pen(link=link_of(number)))
    if over:
        write()
    return rows


def meant(rows: Frame, known: set[int]) -> list[str]:
    """What is to be seen of a frame."""
    counts = {number: sum(cell[1].link == link_of(number) for row in rows for cell in row) for number in SIZES}
    whole = {number for number, (width, height) in SIZES.items() if counts[number] == width * height} & known
    signs = {link_of(number): SIGNS[number] for number in whole}
    return ["".join(signs.get(cell[1].link, cell[0]) for cell in row) for row in rows]


@settings(deadline=None, max_examples=150)
@given(st.lists(steps, min_size=1, max_size=8), st.booleans())
def test_whatever_comes_over_a_picture_it_is_whole_or_gone(moves: list, repeat: bool) -> None:
    layer, terminal = PictureLayer(), Emulator(WIDTH, HEIGHT)
    encoder = FrameEncoder(LineProfile(repeat=repeat))
    terminal.modes.discard("7")
    for written, one, two, over, with_two, event in moves:
        known = {1} | ({2} if with_two else set())
        for number in SIZES:
            layer.know(number, drawn(number) if number in known else None)
        if event == "clear":
            encoder.invalidate()
        rows = frame_of(written, one, two, over)
        terminal.feed(layer.encode(encoder, rows, (1, 1)))
        assert terminal.display() == meant(rows, known)
        assert (terminal.x, terminal.y) == (1, 1)


def written(lines: list[str], place: tuple[int, int]) -> Frame:
    """A frame with lines of text at the left and the first picture in it."""
    letters = {(x, y): letter for y, line in enumerate(lines) for x, letter in enumerate(line)}
    return frame_of(letters, place, None, False)


def test_text_beside_a_picture_goes_and_moves_without_it() -> None:
    layer, encoder, terminal = PictureLayer(), FrameEncoder(LineProfile()), Emulator(WIDTH, HEIGHT)
    layer.know(1, drawn(1))
    lines = [f"{letter * 5}" for letter in "abcdefgh"]
    for shown in (lines, [*lines[1:], "new"], ["", *lines[1:7]], [""] * 8, lines):
        frame = written(shown, (8, 2))
        terminal.feed(layer.encode(encoder, frame, (0, 0)))
        assert terminal.display() == meant(frame, {1})


def test_a_picture_that_stays_is_sent_once() -> None:
    layer, encoder, picture = PictureLayer(), FrameEncoder(LineProfile()), drawn(1)
    layer.know(1, picture)
    first = layer.encode(encoder, frame_of({}, (2, 2), None, False), (0, 0))
    assert first.count(picture.put) == 1
    beside = layer.encode(encoder, frame_of({(0, 3): "a"}, (2, 2), None, False), (0, 0))
    assert picture.put not in beside
    assert "a" in beside
    assert layer.encode(encoder, frame_of({(0, 3): "a"}, (2, 2), None, False), (0, 0)) == ""


def test_a_terminal_that_keeps_pictures_apart_is_told_to_take_them_away() -> None:
    layer, encoder = PictureLayer(), FrameEncoder(LineProfile())
    layer.know(1, Picture(4, 3, "PUT", "REMOVE"))
    here = frame_of({}, (2, 2), None, False)
    assert "REMOVE" not in layer.encode(encoder, here, (0, 0))
    assert layer.encode(encoder, frame_of({}, (3, 2), None, False), (0, 0)).count("REMOVE") == 1
    encoder.invalidate()
    again = layer.encode(encoder, here, (0, 0))
    assert again.index("REMOVE") < again.index("PUT")
    layer.know(1, None)
    assert "REMOVE" in layer.encode(encoder, here, (0, 0))
    assert "REMOVE" not in layer.encode(encoder, here, (0, 0))
