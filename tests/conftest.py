"""Fixtures that tests of several parts share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.desk import Desk, make_desk

settings.register_profile("same", derandomize=True)  # the same examples at every run: a failure comes again
settings.load_profile("same")


@pytest.fixture
def desk(tmp_path) -> Iterator[Desk]:
    """A workspace with an account on Mastodon, GoToSocial and Bluesky, over a sandbox world."""
    made = make_desk(tmp_path / "data")
    yield made
    made.workspace.close()
    made.world.close()
