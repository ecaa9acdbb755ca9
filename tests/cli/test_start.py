"""A start without a verb goes into the workspace, and its end is the end of the program."""

from __future__ import annotations

import gc

import pytest

import smm_tui.app
from smm_tui.cli import workspace
from smm_tui.cli.entry import run


@pytest.mark.parametrize("written", [["--data", "{}"], ["--data={}"], ["--json", "--data", "{}"]])
def test_the_workspace_opens_in_the_folder_that_was_named(tmp_path, monkeypatch, written) -> None:
    opened = []

    def show(shown) -> int:
        opened.append(shown.settings.paths.data)
        return 143  # ended by a signal

    monkeypatch.setattr(workspace, "require_terminal", lambda hint: None)
    monkeypatch.setattr(gc, "disable", lambda: None)
    monkeypatch.setattr(smm_tui.app, "run", show)
    assert run([word.format(tmp_path / "here") for word in written]) == 143
    assert opened == [tmp_path / "here"]


def test_without_a_terminal_nothing_opens(tmp_path, capsys) -> None:
    assert run(["--data", str(tmp_path / "here")]) == 2
    assert "needs a terminal" in capsys.readouterr().err
    assert not (tmp_path / "here").exists()
