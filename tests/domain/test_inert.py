"""Foreign text cannot steer a terminal, and takes the cells it is said to take."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual._cells import cell_len as painted_cells

from smm_tui.domain.inert import MARKS_PER_BASE, cells, clip, inert

from .strategies import wild


@given(wild, st.booleans())
def test_nothing_that_steers_or_hides_is_left(text: str, newlines: bool) -> None:
    shown = inert(text, newlines=newlines)
    assert inert(shown, newlines=newlines) == shown
    marks = 0
    for char in shown:
        category = unicodedata.category(char)
        assert category not in {"Cc", "Cs", "Zl", "Zp"} or (newlines and char == "\n")
        assert category != "Cf" or char == "\u200d"
        assert not "\ufe00" <= char <= "\ufe0e"
        marks = marks + 1 if category.startswith("M") else 0
        assert marks <= MARKS_PER_BASE
    assert not shown.startswith(("\u200d", "\ufe0f"))
    shown.encode()  # no lone surrogate is left either


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("Árvíztűrő [bold]tükörfúrógép[/] … “x”", "Árvíztűrő [bold]tükörfúrógép[/] … “x”"),
        ("\x1b[31mred\x1b[0m\x07\x7f\x9b", "␛[31mred␛[0m␇␡\ufffd"),
        ("a\tb\r\nc\rd\u2028e\x85f", "a b c d e f"),
        ("in\u202eno\u202c\u2066v\u2069\u200e\u200f\u061cx", "innovx"),
        ("a\u200bd\u2060\ufeffm\u00adi\U000e0041n\u3164\u034f", "admin"),
        ("👨‍👩‍👧‍👦 👩🏽‍❤️‍💋‍👨🏽 🏳️‍🌈 ❤️ 1️⃣ 🇭🇺", "👨‍👩‍👧‍👦 👩🏽‍❤️‍💋‍👨🏽 🏳️‍🌈 ❤️ 1️⃣ 🇭🇺"),
        ("a\u200db \u200d👨\u200d", "ab 👨"),
        ("e" + "\u0301" * 50 + "x", "e" + "\u0301" * 4 + "x"),
        ("\u0301a\n\u0301", "◌\u0301a ◌\u0301"),
        ("नमस्ते 각 \u1112\u1161\u11ab ไทยก็ שָׁלוֹם", "नमस्ते 각 \u1112\u1161\u11ab ไทยก็ שָׁלוֹם"),
        ("\ue000\ud800\uffff", "\ue000\ufffd\ufffd"),
        ("👨" + "\u200d👨" * 9, ("👨" + "\u200d👨" * 4) * 2),
    ],
)
def test_inert(text: str, shown: str) -> None:
    assert inert(text) == shown


def test_lines_are_kept_on_request() -> None:
    assert inert("a\r\nb\rc\u2029\x0bd\x1b", newlines=True) == "a\nb\nc\n\nd␛"


@given(wild, st.integers(-1, 60), st.sampled_from(["…", "", "...", "日"]))
def test_clip_never_exceeds_its_cells(text: str, width: int, ellipsis: str) -> None:
    shown = inert(text)
    clipped = clip(shown, width, ellipsis=ellipsis)
    assert cells(clipped) <= max(width, 0)
    if cells(shown) <= width:
        assert clipped == shown
    else:
        assert shown.startswith(clipped.removesuffix(ellipsis) if ellipsis else clipped)


@given(wild, st.integers(0, 60))
def test_clip_holds_for_raw_text_too(text: str, width: int) -> None:
    assert cell_len(clip(text, width)) <= width


@given(wild)
def test_cells_are_those_textual_paints(text: str) -> None:
    assert cells(text) == painted_cells(text)


@pytest.mark.parametrize(
    ("text", "width", "clipped"),
    [
        ("hello", 5, "hello"),
        ("hello", 4, "hel…"),
        ("hello", 0, ""),
        ("日本語", 4, "日…"),
        ("ab👨‍👩‍👧cd", 4, "ab…"),
        ("ab👨‍👩‍👧cd", 5, "ab👨‍👩‍👧…"),
        ("e\u0301" * 9, 3, "e\u0301e\u0301…"),
    ],
)
def test_clip(text: str, width: int, clipped: str) -> None:
    assert clip(text, width) == clipped
