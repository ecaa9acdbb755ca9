"""Widgets without waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.brisk import brisk


@pytest.fixture(scope="session", autouse=True)
def _brisk() -> Iterator[None]:
    with brisk():
        yield
