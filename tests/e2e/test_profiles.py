"""What is sent fits the terminal and the line: colours, glyphs, mouse."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.terminal_program import TerminalProgram

MOUSE = b"\x1b[?1000h"
SSH = {"SSH_TTY": "/dev/pts/0"}


WALK = ("j", "1", "g", "c", "L", "L", "n", "esc", "g", "d", "l", "j", "?", "esc", "g", "s", "n", "esc")
"""Over the screens."""
SHORT = ("1", "g", "c")
"""Far enough for what is said once, at the start, or with every screen."""


def drawn(folder: Path, *options: str, keys: Sequence[str] = WALK, **environ: str) -> bytes:
    """All that is sent for a walk."""
    command = [str(Path(sys.executable).with_name("smm-tui")), "--data", str(folder), *options]
    with TerminalProgram(command, columns=80, lines=24, environ=environ) as program:
        program.wait_for(r"1 of \d")
        for key in keys:
            program.press(key)
        program.type("q")
        program.end()
        return bytes(program.received)


def styles(sent: bytes) -> set[str]:
    """Every parameter of a style that was used."""
    sequences = re.findall(rb"\x1b\[([\d;]*)m", sent)
    return {code for sequence in sequences for code in sequence.decode().split(";")}


def test_a_fast_line_has_colours_and_a_mouse(data: Path) -> None:
    sent = drawn(data)
    assert MOUSE in sent
    assert styles(sent) & {"31", "32", "33", "36"}


@pytest.mark.parametrize(
    ("options", "environ"), [(("--line", "slow"), {}), ((), SSH), ((), {"SMM_TUI_LINE": "slow"})]
)
def test_a_slow_line_has_no_mouse(data: Path, options: tuple[str, ...], environ: dict[str, str]) -> None:
    assert MOUSE not in drawn(data, *options, keys=SHORT, **environ)


def test_what_is_chosen_wins_over_what_is_detected(data: Path) -> None:
    assert MOUSE in drawn(data, "--line", "fast", keys=SHORT, **SSH)


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"SMM_TUI_COLOURS": "none"}, {"TERM": "vt220"}])
def test_without_colours_only_weight_and_reverse_are_left(data: Path, environ: dict[str, str]) -> None:
    used = styles(drawn(data, **environ))
    assert used <= {"", "0", "1", "2", "3", "4", "7", "22", "23", "24", "27"}
    assert "7" in used  # the cursor is still there


@pytest.mark.parametrize("environ", [{"SMM_TUI_GLYPHS": "ascii"}, {"LC_ALL": "en_US.ISO-8859-1", "PYTHONUTF8": "1"}])
def test_with_ascii_glyphs_nothing_else_is_drawn_but_letters_that_people_wrote(
    data: Path, environ: dict[str, str]
) -> None:
    sent = drawn(data, **environ).decode()
    assert {letter for letter in sent if letter > "~" and not letter.isalpha()} <= set("„”–‚’“")


def test_sixteen_colours_are_the_terminals_own(data: Path) -> None:
    assert not styles(drawn(data, COLORTERM="", TERM="xterm")) & {"38", "48"}
