"""The installed program on a pseudo-terminal, by keyboard alone: from an empty folder to a post that is live."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.terminal_program import TerminalProgram
from smm_tui.sandbox import seed
from smm_tui.sandbox.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "data").mkdir()
    with World(tmp_path / "data" / "world.db") as made:
        yield made


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40)])
def test_from_adding_a_project_to_a_live_post(tmp_path, world, columns, lines):
    login = seed.add_mastodon_account(world, seed.add_servers(world)[seed.MASTODON_HOST], "bakery")
    command = [str(Path(sys.executable).with_name("smm-tui")), "--data", str(tmp_path / "data")]
    with TerminalProgram(command, columns=columns, lines=lines, environ={"SMM_TUI_SECRETS": "file"}) as program:
        program.wait_for("No clients yet")
        program.type("g", "p", "n", "Bakery", "tab", "tab", "tab", "Europe/Budapest", "enter")
        program.wait_for("1 Bakery")

        # All at once, as keys arrive over a line that had stopped for a while.
        program.type(
            "1", "g", "s", "n", "tab", "https://social.sandbox", "tab", "@bakery", "tab", login.token, "enter"
        )
        program.wait_for(r"@bakery@social.*ok")
        assert login.token not in program.text

        program.type("g", "c", "n", "Fresh rolls from six. #bread", "ctrl+d", *["backspace"] * 40, "+12s", "ctrl+o")
        program.wait_for("Fresh .*· planned")
        program.type("a")
        program.wait_for("✓ approved|armed|● live")
        program.wait_for("● live", timeout=60)

    assert [post.text for post in world.live_posts()] == ["Fresh rolls from six. #bread"]
