"""A day of learning and the handbook on the screen."""

from __future__ import annotations

import asyncio
from pathlib import Path

from smm_tui.app import WorkspaceApp
from smm_tui.sandbox.lessons import days, school
from tests.screens.planner import Planner, planning
from tests.support.desk import Desk, TurnedClock


async def test_a_day_opens_with_its_goals_leads_to_them_and_counts(tmp_path: Path) -> None:
    clock = TurnedClock()
    day = days.day_of("plan")
    assert day is not None
    folder = await asyncio.to_thread(school.begin, tmp_path, day, clock=clock)
    with school.opened(folder, clock) as workspace:
        app = WorkspaceApp(workspace, run_worker=False)
        async with app.run_test(size=(80, 24)) as pilot:
            planner = Planner(app, pilot)
            await planner.settle()
            assert "Day 2: The first plan" in planner.text
            assert "0 of 100 points so far; 60 pass." in planner.text
            await planner.press("enter", "1", "n")
            await planner.type("A tea for the evening")
            await planner.press("esc", "g", "y")
            assert "Eight posts in the coming two weeks" in planner.text
            await planner.press("g", "c", "g", "h")
            assert "The plan of a month" in planner.text
            await planner.press("right")
            assert "The first line decides" in planner.text
            await planner.press("esc", "g", "y")
            assert "Day 2" in planner.text


async def test_elsewhere_there_is_no_lesson(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("g", "y")
        assert "smm-tui learn" in planner.said
