"""Pictures of posts, looked at in the terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from smm_tui.domain.errors import InvalidInput
from smm_tui.screens.picture_drawing import draw
from smm_tui.services.post_queries import PostDraft
from smm_tui.terminal.profile import Colours, LineProfile, Pictures, detect
from tests.sandbox.support import MP4
from tests.screens.planner import planning
from tests.support.desk import Desk

RED, BLUE = (255, 0, 0), (0, 0, 255)


@pytest.fixture
def flag(tmp_path: Path) -> Path:
    """Red over blue, twice as wide as high, and turned by its metadata."""
    image = Image.new("RGB", (40, 80), RED)
    image.paste(BLUE, (20, 0, 40, 80))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise: the left is above
    path = tmp_path / "flag.jpg"
    image.save(path, exif=exif, quality=95)
    return path


def decoded(sixels: str) -> dict[tuple[int, int], tuple[int, int, int]]:
    """The pixels of a sixel sequence, in percent of each colour."""
    body = re.fullmatch(r'\x1bP0;0;0q"1;1;\d+;\d+(.*)\x1b\\', sixels, re.DOTALL)
    assert body is not None
    colours, pixels, colour, x, top = {}, {}, "", 0, 0
    for token in re.finditer(r"#(\d+)(?:;2;(\d+);(\d+);(\d+))?|!(\d+)(.)|([-$])|(.)", body[1]):
        number, red, green, blue, count, run, control, single = token.groups()
        if number:
            colour = number
            if red:
                colours[number] = (int(red), int(green), int(blue))
        elif control:
            x, top = 0, top + 6 * (control == "-")
        else:
            bits, end = ord(run or single) - 63, x + int(count or 1)
            rows = [top + bit for bit in range(6) if bits >> bit & 1]
            pixels.update({(column, row): colours[colour] for column in range(x, end) for row in rows})
            x = end
    return pixels


def test_blocks_keep_proportion_and_turn(flag: Path) -> None:
    drawing = draw(flag, (30, 30), Pictures.BLOCKS)
    assert (drawing.width, drawing.height) == (30, 8)  # 30 x 15 half blocks, the lowest row of them alone
    (top,), (bottom,) = ({segment.style for segment in drawing.lines[place]._segments} for place in (0, 6))
    assert top.color.triplet[0] > 200 > 50 > top.color.triplet[2]
    assert bottom.color.triplet[2] > 200 > 50 > bottom.color.triplet[0]
    assert draw(flag, (80, 5), Pictures.BLOCKS).height == 5


def test_sixels_show_what_the_file_shows(flag: Path) -> None:
    drawing = draw(flag, (8, 8), Pictures.SIXEL, cell=(10, 20))
    assert (drawing.width, drawing.height) == (8, 2)
    pixels = decoded(drawing.picture.put)
    assert set(pixels) == {(x, y) for x in range(80) for y in range(40)}
    assert pixels[40, 5][0] > 90 > 10 > pixels[40, 5][2]
    assert pixels[40, 35][2] > 90 > 10 > pixels[40, 35][0]


def test_kitty_gets_pieces_and_the_cells_to_cover(flag: Path) -> None:
    picture = draw(flag, (100, 100), Pictures.KITTY, 7, (20, 40)).picture
    assert picture.put.startswith("\x1b_Ga=T,f=100,i=7,p=1,c=100,r=25,C=1,q=2,m=")
    pieces = re.findall(r"\x1b_G[^;]*m=(\d);([^\x1b]*)\x1b\\", picture.put)
    assert [more for more, _data in pieces] == ["1"] * (len(pieces) - 1) + ["0"]
    assert all(len(data) <= 4096 for _more, data in pieces)
    assert picture.remove == "\x1b_Ga=d,d=I,i=7,q=2\x1b\\"


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\xff\xd8\xff\xe0" + bytes(50), b"<svg/>", MP4])
@pytest.mark.parametrize("way", [Pictures.BLOCKS, Pictures.SIXEL, Pictures.KITTY])
def test_what_is_no_picture_is_said(tmp_path: Path, content: bytes, way: Pictures) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(InvalidInput, match="cannot be shown"):
        draw(tmp_path / "x", (20, 20), way)
    with pytest.raises(InvalidInput, match="is gone"):
        draw(tmp_path / "y", (20, 20), way)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")
    with pytest.raises(InvalidInput, match="too many pixels"):
        draw(tmp_path / "bomb.png", (20, 20), Pictures.BLOCKS)


XTERM = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        (XTERM, Pictures.BLOCKS),
        ({**XTERM, "TERM": "xterm-kitty"}, Pictures.KITTY),
        ({**XTERM, "TERM": "foot"}, Pictures.SIXEL),
        ({**XTERM, "TERM_PROGRAM": "WezTerm"}, Pictures.SIXEL),
        ({**XTERM, "TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, Pictures.BLOCKS),
        ({**XTERM, "TERM": "xterm-kitty", "SSH_TTY": "x"}, Pictures.OFF),
        ({**XTERM, "NO_COLOR": "1"}, Pictures.OFF),
        ({**XTERM, "LANG": "de_DE"}, Pictures.OFF),
        ({"TERM": "xterm", "LANG": "C.UTF-8"}, Pictures.OFF),
    ],
)
def test_pictures_are_drawn_as_the_terminal_can_and_not_on_a_slow_line(
    environ: dict[str, str], way: Pictures
) -> None:
    assert detect(environ).pictures is way
    assert detect(environ, {"pictures": "sixel"}).pictures is Pictures.SIXEL


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_files_of_a_post_are_looked_at_one_by_one(desk: Desk, flag: Path, size: tuple[int, int]) -> None:
    media = desk.workspace.media
    files = tuple((media.add(path, "").sha256, alt) for path, alt in ((flag, "Red over blue"),))
    (flag.parent / "clip.mp4").write_bytes(MP4)
    files += ((media.add(flag.parent / "clip.mp4", "").sha256, ""),)
    when = desk.workspace.posts.parse_when("2026-09-22 10:00", desk.project)
    only = (desk.accounts["mastodon"],)
    desk.workspace.posts.add(PostDraft(desk.project, text="Two flags", when=None, media=files, accounts=only))
    desk.workspace.posts.add(PostDraft(desk.project, text="Two flags", when=when, media=files[:1], accounts=only))
    async with planning(desk.workspace, size=size) as planner:
        planner.app.line_profile = LineProfile(colours=Colours.TRUE, pictures=Pictures.BLOCKS)
        await planner.press("right", "p")
        assert "1 of 1  flag.jpg  40 x 80" in planner.text
        assert "Red over blue" in planner.text
        assert sum("▀▀▀" in line for line in planner.lines) > 10
        await planner.press("right")
        assert "no other file" in planner.said
        await planner.press("escape")
        assert "▀" not in planner.text


async def test_on_a_slow_line_a_picture_comes_when_it_is_asked_for(desk: Desk, flag: Path) -> None:
    files = ((desk.workspace.media.add(flag, "").sha256, ""),)
    when = desk.workspace.posts.parse_when("2026-09-22 10:00", desk.project)
    desk.workspace.posts.add(PostDraft(desk.project, text="A flag", when=when, media=files))
    async with planning(desk.workspace) as planner:
        planner.app.line_profile = LineProfile(colours=Colours.INDEXED)
        await planner.press("right", "p")
        assert "Pictures are off here, since they are long for a slow line. p shows them." in planner.text
        assert "No alternative text yet." in planner.text
        assert "▀" not in planner.text
        await planner.press("p")
        assert "▀▀▀" in planner.text


async def test_the_files_of_a_post_that_is_being_written_are_looked_at(desk: Desk, flag: Path) -> None:
    async with planning(desk.workspace) as planner:
        planner.app.line_profile = LineProfile(colours=Colours.TRUE, pictures=Pictures.BLOCKS)
        await planner.press("n")
        await planner.type("Flag day")
        await planner.press("ctrl+f")
        await planner.paste(str(flag))
        await planner.press("enter")
        assert planner.app.seen._typed.media
        while planner.app.seen.focused.id != "media":
            await planner.press("tab")
        await planner.press("p")
        assert "1 of 1  flag.jpg" in planner.text
        assert "a new post" in planner.text
        assert "▀▀▀" in planner.text
        await planner.press("escape")
        assert "Flag day" in planner.text
