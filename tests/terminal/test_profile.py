from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from smm_tui.terminal.cells import REVERSE, Palette
from smm_tui.terminal.profile import Colours, Line, LineProfile, Pictures, detect

XTERM = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "de_DE.UTF-8"}


def test_a_local_true_colour_terminal() -> None:
    assert detect(XTERM) == LineProfile(Line.FAST, Colours.TRUE, ascii=False, mouse=True, pictures=Pictures.BLOCKS)


@pytest.mark.parametrize("variable", ["SSH_CONNECTION", "SSH_TTY"])
def test_over_ssh_every_byte_counts(variable: str) -> None:
    profile = detect({**XTERM, variable: "x"})
    assert (profile.line, profile.colours, profile.mouse) == (Line.SLOW, Colours.INDEXED, False)
    assert profile.window < detect(XTERM).window


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        ({"TERM": "xterm-256color"}, Colours.INDEXED),
        ({"TERM": "xterm"}, Colours.ANSI),
        ({"TERM": "linux"}, Colours.ANSI),
        ({"TERM": "foot"}, Colours.TRUE),
        ({"TERM": "vt220"}, Colours.NONE),
        ({"TERM": "dumb"}, Colours.NONE),
        ({}, Colours.NONE),
        ({**XTERM, "NO_COLOR": "1"}, Colours.NONE),
        ({**XTERM, "NO_COLOR": ""}, Colours.TRUE),
    ],
)
def test_colours(environ: dict[str, str], colours: Colours) -> None:
    assert detect(environ).colours is colours


@pytest.mark.parametrize(
    ("term", "erase_colour", "repeat"),
    [
        ("xterm-256color", True, False),
        ("xterm-kitty", True, True),
        ("tmux-256color", True, True),
        ("screen-256color", False, False),
        ("linux", True, False),
        ("vt100", False, False),
    ],
)
def test_what_the_terminal_can_erase_and_repeat(term: str, erase_colour: bool, repeat: bool) -> None:
    profile = detect({"TERM": term})
    assert (profile.erase_colour, profile.repeat) == (erase_colour, repeat)


@pytest.mark.parametrize(
    ("environ", "ascii_only"),
    [
        ({"LANG": "de_DE.UTF-8"}, False),
        ({"LANG": "C"}, False),
        ({}, False),
        ({"LANG": "de_DE.ISO-8859-1"}, True),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "de_DE"}, True),
    ],
)
def test_glyphs_follow_the_locale(environ: dict[str, str], ascii_only: bool) -> None:
    assert detect(environ).ascii is ascii_only


def test_settings_win() -> None:
    settings = {"line": "fast", "colours": "16", "ascii": "on", "mouse": "off"}
    profile = detect({**XTERM, "SSH_TTY": "/dev/pts/1"}, settings)
    assert profile == LineProfile(Line.FAST, Colours.ANSI, ascii=True, mouse=False)
    assert detect(XTERM, dict.fromkeys(settings, "auto")) == detect(XTERM)


@pytest.mark.parametrize("settings", [{"line": "quick"}, {"colours": "8"}, {"mouse": "yes"}, {"speed": "slow"}])
def test_unknown_settings_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        detect(XTERM, settings)


def drawn(profile: LineProfile, text: str, style: Style, *, dark: bool = True) -> list[tuple[str, str, str, int]]:
    cells = Palette(profile, dark=dark).cells(Strip([Segment(text, style)]))
    return [(text, pen.fg, pen.bg, pen.attributes) for text, pen in cells]


BLUE = Style(color="#e0e0e0", bgcolor="#0178d4")


@pytest.mark.parametrize(
    ("colours", "fg", "bg"),
    [
        (Colours.TRUE, "38;2;224;224;224", "48;2;1;120;212"),
        (Colours.INDEXED, "38;5;254", "48;5;32"),
        (Colours.ANSI, "97", "46"),
    ],
)
def test_colours_are_fitted(colours: Colours, fg: str, bg: str) -> None:
    [(_, got_fg, got_bg, attributes)] = drawn(LineProfile(colours=colours), "a", BLUE)
    assert (got_fg, got_bg, attributes) == (fg, bg, 0)


@pytest.mark.parametrize(
    ("colour", "index"), [("#242f38", 236), ("#000000", 16), ("#ffffff", 231), ("#ff0000", 196), ("#ffa62b", 214)]
)
def test_the_nearest_of_256_colours(colour: str, index: int) -> None:
    [(_, fg, _b, _a)] = drawn(LineProfile(colours=Colours.INDEXED), "a", Style(color=colour))
    assert fg == f"38;5;{index}"


def test_text_stays_readable_when_its_colours_fall_together() -> None:
    [(_, fg, bg, _a)] = drawn(LineProfile(colours=Colours.ANSI), "a", Style(color="#202020", bgcolor="#101010"))
    assert (fg, bg) == ("97", "40")


@pytest.mark.parametrize(
    ("style", "dark", "reverse"),
    [
        (BLUE, True, True),
        (Style(color="#e0e0e0", bgcolor="#1e1e1e"), True, False),
        (Style(color="#000000", bgcolor="#e0e0e0"), False, False),
        (Style(color="#ffffff", bgcolor="#004578"), False, True),
        (Style(color="#e0e0e0", bgcolor="#1e1e1e", reverse=True), True, True),
    ],
)
def test_without_colours_the_cursor_row_is_reversed(style: Style, dark: bool, reverse: bool) -> None:
    [(_, fg, bg, attributes)] = drawn(LineProfile(colours=Colours.NONE), "a", style, dark=dark)
    assert (fg, bg, attributes) == ("", "", REVERSE if reverse else 0)


def test_a_palette_follows_the_theme() -> None:
    palette = Palette(LineProfile(colours=Colours.NONE), dark=True)
    strip = Strip([Segment("a", Style(bgcolor="#ffffff"))])
    assert palette.cells(strip)[0][1].attributes == REVERSE
    palette.dark = False
    assert palette.cells(strip)[0][1].attributes == 0


def test_ascii_replaces_ornaments_and_keeps_letters() -> None:
    text = "┌─┐│█▶…•ü漢"
    cells = drawn(LineProfile(ascii=True), text, Style())
    assert [cell[0] for cell in cells] == ["+", "-", "+", "|", "#", ">", "~", "*", "ü", "漢", ""]


def test_control_characters_never_reach_the_terminal() -> None:
    text = "a\x1b[2Jb\tc\u202ed\u2066e\x9bf\x07\ud800\u00ad"
    cells = drawn(LineProfile(), text, Style(link="https://e.org/\x1b\\x"))
    assert "".join(cell[0] for cell in cells) == "a[2Jbcdef\ufffd\u00ad"
    assert Palette(LineProfile()).cells(Strip([Segment("a", Style(link="u\x1b\\v"))]))[0][1].link == "u\\v"


def test_a_flag_is_one_glyph() -> None:
    cells = drawn(LineProfile(), "🇩🇪🇫🇷x", Style())
    assert [cell[0] for cell in cells] == ["🇩🇪", "", "🇫🇷", "", "x"]
