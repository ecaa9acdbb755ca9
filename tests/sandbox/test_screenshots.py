"""The pictures of the documentation come from the demo."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "screenshots.py"


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("screenshots", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "SIZES", ((80, 24),))
    monkeypatch.setattr(module, "SCENES", {"setup": ("1", "g", "s")})
    return module


def test_a_picture_shows_the_demo(tool: ModuleType, tmp_path: Path) -> None:
    tool.main(tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == ["setup-80x24.svg"]
    picture = (tmp_path / "setup-80x24.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg")
    assert "@kovasz@" in picture
