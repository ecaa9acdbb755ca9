"""Text of strangers made harmless for a terminal, and measured in its cells.

Widths come from `rich.cells`, because Textual lays out and paints with exactly that function; any other table would
disagree with the screen on some emoji. It is imported on first use: ASCII needs no table.
"""

from __future__ import annotations

import unicodedata

from smm_tui.domain.text import iter_graphemes

MARKS_PER_BASE = 4  # what the scripts of the world stack; more is a flood
_JOINS_PER_EMOJI = 4  # a family of four, with one to spare
_REPLACEMENT = "\ufffd"
_ZWJ, _VS16 = "\u200d", "\ufe0f"
_LINE_ENDS = "\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
# Blank letters and marks that show nothing, though Unicode does not call them format characters.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")


def inert(text: str, *, newlines: bool = False) -> str:
    """The text without anything that could steer a terminal or hide: what is shown is what is there.

    Control codes appear as pictures (␛), bidirectional controls, zero-width and other format characters go, except
    joiners inside emoji; marks beyond four on one base go; line ends become spaces unless `newlines`.
    """
    if text.isprintable() and (not text or max(text) < "\u0300"):
        return text
    out: list[str] = []
    base = ""  # what the next mark would sit on; none at the start of a line
    marks = joins = 0
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for position, char in enumerate(text):
        if char in _LINE_ENDS:
            out.append("\n" if newlines else " ")
            base = ""
            continue
        if char == _ZWJ:
            if joins < _JOINS_PER_EMOJI and _is_emoji(base) and _is_emoji(text[position + 1 : position + 2]):
                out.append(char)
                joins += 1
            continue
        if char == _VS16 and (not base or base == " "):
            continue
        category = unicodedata.category(char)
        if category == "Cf" or char in _BLANKS or _is_other_selector(char):
            continue
        if category.startswith("M") or _is_trailing_jamo(char) or _is_skin(char):
            if not base:
                out.append("◌")
                base = "◌"
                marks = 0
            if marks < MARKS_PER_BASE:
                out.append(char)
                marks += 1
            continue
        if category == "Cc":
            char = _picture(char)
        elif category == "Cs" or ord(char) & 0xFFFE == 0xFFFE:
            char = _REPLACEMENT
        if not (out and out[-1] == _ZWJ):
            joins = 0
        marks = 0
        base = char
        out.append(char)
    return "".join(out)


def _is_emoji(char: str) -> bool:
    return char in "↔" or unicodedata.category(char) == "So" if char else False


def _is_skin(char: str) -> bool:
    return "\U0001f3fb" <= char <= "\U0001f3ff"


def _is_other_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0e" or "\U000e0100" <= char <= "\U000e01ef"


def _is_trailing_jamo(char: str) -> bool:
    return "\u1160" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7fb"


def _picture(char: str) -> str:
    code = ord(char)
    if char == "\t":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else _REPLACEMENT


def cells(text: str) -> int:
    """How many terminal cells Textual gives this text."""
    if text.isascii() and text.isprintable():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def clip(text: str, width: int, *, ellipsis: str = "…") -> str:
    """The text, cut between graphemes to at most `width` cells; `ellipsis` tells that something is missing."""
    if len(text) <= 2 * width and cells(text) <= width:  # a text far too long is not measured to its end
        return text
    room = width - cells(ellipsis)
    if room < 0:
        room, ellipsis = max(width, 0), ""
    kept: list[str] = []
    fitting = used = 0
    for grapheme in iter_graphemes(text):
        used += cells(grapheme)
        if used > width:
            break
        kept.append(grapheme)
        if used <= room:
            fitting = len(kept)
    else:
        if cells(text) <= width:
            return text
    # Widths of graphemes need not add up where joiners meet: the whole has the last word.
    while cells(clipped := "".join(kept[:fitting]) + ellipsis) > max(width, 0) and fitting:
        fitting -= 1
    return clipped
