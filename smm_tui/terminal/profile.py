"""What the line to the terminal can carry: speed, colours, glyphs and erase capabilities.

`detect` reads the environment once at start-up. Everything that draws asks the resulting
`LineProfile`; there is one code path for every line, only its parameters differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Line(StrEnum):
    """How fast bytes travel between the program and the terminal."""

    FAST = "fast"
    SLOW = "slow"


class Colours(StrEnum):
    """How many colours the terminal shows."""

    NONE = "none"
    ANSI = "16"
    INDEXED = "256"
    TRUE = "true"


class Pictures(StrEnum):
    """How pictures are drawn."""

    OFF = "off"
    BLOCKS = "blocks"
    """As halves of cells in two colours: text like any other."""
    SIXEL = "sixel"
    KITTY = "kitty"
    """The terminal graphics protocol of kitty."""


class LineProfile(NamedTuple):
    """Parameters of one terminal on one line."""

    line: Line = Line.FAST
    colours: Colours = Colours.TRUE
    ascii: bool = False
    """Draw borders, bars and arrows with ASCII characters. Letters of any script stay what they are."""
    mouse: bool = True
    """Ask the terminal for mouse reports; pass it on as `App.run(mouse=profile.mouse)`."""
    erase_colour: bool = True
    """Erasing fills with the current background colour (terminfo `bce`, with ECH)."""
    repeat: bool = False
    """The terminal repeats a character on demand (REP). Many claim to be xterm and do not."""

    pictures: Pictures = Pictures.OFF

    @property
    def slow(self) -> bool:
        """Whether every byte counts."""
        return self.line is Line.SLOW

    @property
    def window(self) -> int:
        """Bytes that may be on their way to the terminal before further frames wait."""
        return 2048 if self.slow else 16384


# Families by the start of TERM. `screen` is missing on purpose: GNU screen erases to the default background.
_TRUE_COLOUR = ("xterm-kitty", "xterm-ghostty", "kitty", "ghostty", "foot", "alacritty", "wezterm")
_REPEAT = (*_TRUE_COLOUR, "tmux", "contour")
_ERASE_COLOUR = (
    *_REPEAT, "xterm", "linux", "rxvt", "konsole", "vte", "gnome", "st-", "iterm", "mintty", "putty",
)  # fmt: skip
# What is known to show sixels, or pictures by kitty's protocol; a multiplexer between shows neither for certain.
_SIXEL = ("foot", "mlterm", "contour", "yaft", "xterm-sixel")
_SIXEL_PROGRAMS = ("WezTerm", "iTerm.app", "mintty")
_KITTY = ("xterm-kitty", "kitty", "xterm-ghostty", "ghostty")
_NO_COLOUR = ("dumb", "ansi-m", "unknown", *(f"vt{digit}" for digit in range(10)))


def detect(environ: Mapping[str, str], overrides: Mapping[str, str] | None = None) -> LineProfile:
    """Return the profile of the terminal described by `environ`.

    `overrides` are settings of the user and win over what is detected: `line` (fast, slow),
    `colours` (none, 16, 256, true), `ascii` and `mouse` (on, off), `pictures` (off, blocks,
    sixel, kitty). "auto" leaves the choice to detection. A slow line counts as 256-colour,
    without mouse and without pictures unless overridden: a true-colour style change costs
    twice the bytes, mouse reports flood the way up, and a picture is as large as many screens.

    Raises:
        ValueError: an override is unknown or has an unknown value.
    """
    chosen = {key: value for key, value in (overrides or {}).items() if value != "auto"}
    if unknown := chosen.keys() - {"line", "colours", "ascii", "mouse", "pictures"}:
        raise ValueError(f"unknown line settings: {', '.join(sorted(unknown))}")
    term = environ.get("TERM", "")
    remote = any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY"))
    line = Line(chosen.get("line", Line.SLOW if remote else Line.FAST))
    slow = line is Line.SLOW
    colours = Colours(chosen["colours"]) if "colours" in chosen else _colours(environ, term, slow)
    ascii_only = _switch(chosen, "ascii", default=not _is_utf8(environ))
    pictures = Pictures.OFF if slow else _pictures(environ, term, colours, ascii_only)
    return LineProfile(
        line=line,
        colours=colours,
        ascii=ascii_only,
        mouse=_switch(chosen, "mouse", default=not slow),
        erase_colour=term.startswith(_ERASE_COLOUR) or term == "st",
        repeat=term.startswith(_REPEAT),
        pictures=Pictures(chosen["pictures"]) if "pictures" in chosen else pictures,
    )


def _switch(settings: Mapping[str, str], name: str, *, default: bool) -> bool:
    if name not in settings:
        return default
    if settings[name] not in ("on", "off"):
        raise ValueError(f"{name} must be on, off or auto, not {settings[name]!r}")
    return settings[name] == "on"


def _colours(environ: Mapping[str, str], term: str, slow: bool) -> Colours:
    if environ.get("NO_COLOR") or not term or term.startswith(_NO_COLOUR):  # https://no-color.org
        return Colours.NONE
    if (
        environ.get("COLORTERM", "").lower() in ("truecolor", "24bit")
        or term.startswith(_TRUE_COLOUR)
        or "-direct" in term
    ):
        return Colours.INDEXED if slow else Colours.TRUE
    return Colours.INDEXED if "256" in term else Colours.ANSI


def _pictures(environ: Mapping[str, str], term: str, colours: Colours, ascii_only: bool) -> Pictures:
    if not (environ.get("TMUX") or environ.get("STY") or term.startswith(("tmux", "screen"))):
        if environ.get("KITTY_WINDOW_ID") or term.startswith(_KITTY):
            return Pictures.KITTY
        if (
            term.startswith(_SIXEL)
            or environ.get("TERM_PROGRAM") in _SIXEL_PROGRAMS
            or environ.get("KONSOLE_VERSION")
        ):
            return Pictures.SIXEL
    coloured = colours in (Colours.INDEXED, Colours.TRUE)
    return Pictures.BLOCKS if coloured and not ascii_only else Pictures.OFF


def _is_utf8(environ: Mapping[str, str]) -> bool:
    """Whether the locale is UTF-8; the C locale counts, because Python coerces it to C.UTF-8."""
    locale = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or "C"
    return locale in ("C", "POSIX") or "utf8" in locale.lower().replace("-", "")
