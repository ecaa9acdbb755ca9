"""The demo, made once for all that looks at it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from smm_tui.sandbox.demo import prepare

from .still_program import NOW


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as it is at NOW; nobody changes it."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    prepare(folder, clock=lambda: NOW)
    return folder


@pytest.fixture
def data(demo: Path, tmp_path: Path) -> Path:
    """A demo of the test's own."""
    return Path(shutil.copytree(demo, tmp_path / "data"))
