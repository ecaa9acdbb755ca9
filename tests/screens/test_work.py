"""Work by key: the timer, entries, agreements, the month of pay."""

from __future__ import annotations

import pytest

from tests.screens.planner import planning
from tests.support.desk import Desk

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
async def test_time_is_kept_by_one_key_and_corrected(desk: Desk, size: tuple[int, int]) -> None:
    async with planning(desk.workspace, size=size) as planner:
        await planner.press("g", "w")
        assert "40:00 hours a week" in planner.text
        await planner.press("T")
        assert "The timer runs for Bakery" in planner.said
        desk.clock.turn(5400)
        await planner.press("R", "t")
        assert "1:30 for Bakery" in planner.said
        await planner.press("right")
        assert "timer" in planner.text
        await planner.press("e", "tab", "tab")
        await planner.rub_out(16)
        await planner.type("0:30")
        await planner.press("enter")
        assert "Corrected: 0:30" in planner.said
        await planner.press("u")
        assert "Undone" in planner.said
        await planner.press("d")
        assert "Remove this time entry?" in planner.text
        await planner.press("y")
        assert "Removed 1 entry" in planner.said


async def test_an_agreement_is_written_and_earns(desk: Desk) -> None:
    async with planning(desk.workspace, size=(120, 40)) as planner:
        await planner.press("g", "w", "left", "left")
        assert "Nothing is agreed yet." in planner.text
        await planner.press("i")
        assert "Nothing is owed" in planner.said
        await planner.press("n", "tab")
        await planner.type("a lot")
        await planner.press("enter")
        assert "is no amount of money" in planner.text
        await planner.rub_out(5)
        await planner.type("90000")
        await planner.press("tab")
        await planner.type("huf")
        await planner.press("enter")
        assert "90,000 HUF" in planner.text
        await planner.press("right", "right")
        assert "90,000 HUF" in planner.text
        await planner.press("b")
        assert "2026-08" in planner.text
        assert "90,000 HUF" not in planner.text
