"""The pictures in the documentation are what the program shows, cell for cell and style for style.

When one differs: look at the new picture; if it is right, run ``tools/screenshots.py`` and commit it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.screenshots import SCENES, SIZES, main

IMAGES = Path(__file__).parents[2] / "docs" / "images"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("images")
    main(folder)
    return folder


def test_every_screen_looks_as_in_its_picture(fresh: Path) -> None:
    names = [f"{scene}-{width}x{height}.svg" for scene in SCENES for width, height in SIZES]
    assert sorted(item.name for item in IMAGES.iterdir()) == sorted(names)
    differing = [name for name in names if (fresh / name).read_bytes() != (IMAGES / name).read_bytes()]
    assert not differing, f"they look different now; the new ones are in {fresh}"


def test_the_pictures_show_the_demo(fresh: Path) -> None:
    picture = (fresh / "setup-80x24.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg")
    assert "@kovasz@" in picture
