"""The frame diff without the rest of this program: the example of the README."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.terminal_program import TerminalProgram

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs/examples/frame_diff.py"


def test_it_runs_and_a_step_is_small() -> None:
    with TerminalProgram([sys.executable, str(EXAMPLE)], environ={"PYTHONPATH": str(ROOT)}) as program:
        program.wait_for("Row 38")
        program.settle()
        sizes = [program.press("down")[1] for _step in range(3)]
        assert "Row 4" in program.text
        assert 0 < max(sizes) <= 400, sizes
        before = program.text
        program.screen.reset()  # the terminal shows something else
        program.press("ctrl+l")
        assert program.text == before


def test_nothing_else_of_this_program_is_imported() -> None:
    code = (
        f"import runpy, sys; runpy.run_path({str(EXAMPLE)!r}, run_name='example');"
        "print(*sorted(name for name in sys.modules if name.startswith('smm_tui')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    names = done.stdout.split()
    assert "smm_tui.terminal.frame_diff" in names
    assert [name for name in names if not name.startswith("smm_tui.terminal") and name != "smm_tui"] == []


def test_the_readme_shows_it() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("## The frame diff")[2].partition("```python\n")[2].partition("```")[0]
    example = EXAMPLE.read_text(encoding="utf-8")
    lines = [line.strip() for line in shown.splitlines() if line.strip() and "..." not in line]
    assert lines
    assert [line for line in lines if line not in example] == []
