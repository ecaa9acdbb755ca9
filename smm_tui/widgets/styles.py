"""The few styles lines are drawn in. Sixteen colours, the terminal's own; each says nothing that a sign or a word
does not say as well."""

from __future__ import annotations

from rich.style import Style

PLAIN = Style()
DIM = Style(dim=True)
BOLD = Style(bold=True)
CURSOR = Style(reverse=True)
GOOD = Style(color="green")
WARN = Style(color="yellow", bold=True)
BAD = Style(color="red", bold=True)
KEY = Style(bold=True)
HEAD = Style(underline=True)

COLOURS = {name: Style(color=name) for name in ("blue", "green", "magenta", "cyan", "yellow", "red", "white")}


def of_colour(colour: str) -> Style:
    """The style of a named colour, such as a client's; plain for one that terminals do not have."""
    return COLOURS.get(colour, PLAIN)
