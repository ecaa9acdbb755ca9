"""The language of the interface, switched by key and remembered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smm_tui import i18n
from tests.screens.planner import planning
from tests.support.desk import Desk


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    i18n.use_language("en")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_interface_speaks_hungarian_after_a_key_and_at_the_next_start(
    desk: Desk, size: tuple[int, int]
) -> None:
    desk.plan("Bread", seconds=86_400)
    async with planning(desk.workspace, size=size) as planner:
        assert "September 2026" in planner.text
        await planner.press("l", "g", "l")
        assert "2026. szeptember" in planner.text
        assert "2026-09-22" in planner.text or "22" in planner.text
        assert planner.said == "A felület magyarul beszél."
        await planner.press("?")
        assert "Az itt működő billentyűk" in planner.text
        await planner.press("esc", "g", "p", "g", "w", "g", "c")
        assert i18n.language() == "hu"
    i18n.use_language("en")
    async with planning(desk.workspace, size=size) as planner:
        assert "2026. szeptember" in planner.text
        await planner.press("g", "l")
        assert planner.said == "The interface speaks English."
        assert "September 2026" in planner.text
