"""Workspaces for screens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext

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


@pytest.fixture(scope="module", autouse=True)
def _brisk(request: pytest.FixtureRequest) -> Iterator[None]:
    """Pictures are compared as the tool makes them, which waits as Textual does."""
    with nullcontext() if request.module.__name__.endswith("test_snapshots") else brisk():
        yield
