"""Where the official API specifications are, if this machine has them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def spec(relative: str) -> Path:
    """A file or folder below ``specs/``; skips the test where there is none.

    They are looked for in the folder named by SMM_TUI_SHARED, else in ``shared`` beside the repository.
    """
    repository = Path(__file__).parents[2]
    shared = Path(os.environ.get("SMM_TUI_SHARED", repository.parent / "shared"))
    path = shared / "specs" / relative
    if not path.exists():
        pytest.skip(f"no API specifications at {path} (set SMM_TUI_SHARED)")
    return path
