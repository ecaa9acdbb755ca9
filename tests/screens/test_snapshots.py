"""The pictures in the documentation are what the program shows, cell for cell and style for style.

When one differs: look at the new picture; if it is right, run ``tools/screenshots.py`` and commit it.
"""

from __future__ import annotations

from pathlib import Path

from tools.screenshots import SCENES, SIZES, main

IMAGES = Path(__file__).parents[2] / "docs" / "images"


def test_every_screen_looks_as_in_its_picture(tmp_path: Path) -> None:
    main(tmp_path)
    names = [f"{scene}-{width}x{height}.svg" for scene in SCENES for width, height in SIZES]
    assert sorted(item.name for item in IMAGES.iterdir()) == sorted(names)
    differing = [name for name in names if (tmp_path / name).read_bytes() != (IMAGES / name).read_bytes()]
    assert not differing, f"they look different now; the new ones are in {tmp_path}"
    assert "@kovasz@" in (IMAGES / "setup-80x24.svg").read_text(encoding="utf-8")
