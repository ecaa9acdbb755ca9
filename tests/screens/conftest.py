"""Workspaces for screens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smm_tui.bootstrap import Workspace
from tests.support.brisk import brisk
from tests.support.desk import TurnedClock, settings_in


@pytest.fixture
def empty_workspace(tmp_path) -> Iterator[Workspace]:
    """A workspace in which nothing was done yet."""
    workspace = Workspace(settings_in(tmp_path / "data"), clock=TurnedClock())
    yield workspace
    workspace.close()


@pytest.fixture(scope="session", autouse=True)
def _brisk() -> Iterator[None]:
    with brisk():
        yield
