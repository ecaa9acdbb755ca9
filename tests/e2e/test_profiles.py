"""What is sent fits the terminal and the line: colours, glyphs, mouse."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from benchmarks.terminal_program import TerminalProgram
from smm_tui.sandbox.demo import prepare

NOW = 1_790_000_000_000
MOUSE = b"\x1b[?1000h"
SSH = {"SSH_TTY": "/dev/pts/0"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    prepare(folder, clock=lambda: NOW)
    return folder


def drawn(folder: Path, *options: str, **environ: str) -> bytes:
    """All that is sent for a walk over the screens."""
    command = [str(Path(sys.executable).with_name("smm-tui")), "--data", str(folder), *options]
    with TerminalProgram(command, columns=80, lines=24, environ=environ) as program:
        program.wait_for(r"1 of \d")
        for key in ("j", "1", "g", "c", "L", "L", "n", "esc", "g", "d", "l", "j", "?", "esc", "g", "s", "n", "esc"):
            program.press(key)
        program.type("q")
        program.end()
        return bytes(program.received)


def styles(sent: bytes) -> set[str]:
    """Every parameter of a style that was used."""
    sequences = re.findall(rb"\x1b\[([\d;]*)m", sent)
    return {code for sequence in sequences for code in sequence.decode().split(";")}


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "data"))


def test_a_fast_line_has_colours_and_a_mouse(folder: Path) -> None:
    sent = drawn(folder)
    assert MOUSE in sent
    assert styles(sent) & {"31", "32", "33", "36"}


@pytest.mark.parametrize(
    ("options", "environ"), [(("--line", "slow"), {}), ((), SSH), ((), {"SMM_TUI_LINE": "slow"})]
)
def test_a_slow_line_has_no_mouse(folder: Path, options: tuple[str, ...], environ: dict[str, str]) -> None:
    assert MOUSE not in drawn(folder, *options, **environ)


def test_what_is_chosen_wins_over_what_is_detected(folder: Path) -> None:
    assert MOUSE in drawn(folder, "--line", "fast", **SSH)


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"SMM_TUI_COLOURS": "none"}, {"TERM": "vt220"}])
def test_without_colours_only_weight_and_reverse_are_left(folder: Path, environ: dict[str, str]) -> None:
    used = styles(drawn(folder, **environ))
    assert used <= {"", "0", "1", "2", "3", "4", "7", "22", "23", "24", "27"}
    assert "7" in used  # the cursor is still there


@pytest.mark.parametrize("environ", [{"SMM_TUI_GLYPHS": "ascii"}, {"LC_ALL": "en_US.ISO-8859-1", "PYTHONUTF8": "1"}])
def test_with_ascii_glyphs_nothing_else_is_drawn_but_letters_that_people_wrote(
    folder: Path, environ: dict[str, str]
) -> None:
    sent = drawn(folder, **environ).decode()
    assert {letter for letter in sent if letter > "~" and not letter.isalpha()} <= set("„”–‚’“")


def test_sixteen_colours_are_the_terminals_own(folder: Path) -> None:
    assert not styles(drawn(folder, COLORTERM="", TERM="xterm")) & {"38", "48"}
