"""The client on the screen: its brief changed in a form, goals, questions; and what looks like another client's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smm_tui.domain.states import State
from smm_tui.services.project_queries import ProjectDraft
from tests.screens.planner import planning
from tests.support.desk import ZONE, Desk, make_desk

SIZES = [(80, 24), (120, 40)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_brief_is_changed_field_by_field_and_goals_are_set(desk: Desk, size: tuple[int, int]) -> None:
    async with planning(desk.workspace, size=size) as planner:
        await planner.press("g", "k")
        assert "Goal in words" in planner.text
        await planner.press("n")
        assert "always the same" in planner.said
        await planner.press("j", "enter")
        assert "How it speaks" in planner.text
        await planner.type("Warm")
        await planner.press("enter")
        assert desk.workspace.client_queries.brief(desk.project).tone == "Warm"
        await planner.press("u")
        assert desk.workspace.client_queries.brief(desk.project).tone == ""
        await planner.press("l")
        assert "No goals yet" in planner.text
        await planner.press("n", "tab")
        await planner.type("300")
        await planner.press("enter")
        assert "needs a day" in planner.text
        await planner.type("2026-12-31")
        await planner.press("enter")
        assert "?/300 nothing told" in planner.text
        await planner.press("g", "p")
        assert "?/300 followers" in planner.text
        await planner.press("b")
        assert "Goals" in planner.text
        await planner.press("l", "l", "l", "l", "l", "l")
        assert "Nothing went out" in planner.text or "nobody" in planner.text
        await planner.press("e")
        assert planner.said


@pytest.mark.parametrize("size", SIZES)
async def test_what_looks_like_another_clients_needs_a_key_of_its_own(desk: Desk, size: tuple[int, int]) -> None:
    gym = desk.workspace.projects.add(ProjectDraft("Gym", ZONE)).ids[0]
    desk.workspace.briefs.write(gym, {"domains": "gym.example"})
    post = desk.plan("Come by: https://gym.example/trial", seconds=3600)
    async with planning(desk.workspace, size=size) as planner:
        await planner.press("a")
        assert "'gym.example' belongs to Gym, this is Bakery." in " ".join(planner.text.split())
        await planner.press("y")  # by habit
        assert set(desk.states(post).values()) == {State.PLANNED}
        await planner.press("esc", "a", "P")
        assert set(desk.states(post).values()) == {State.APPROVED}
        await planner.press("u")
        assert set(desk.states(post).values()) == {State.PLANNED}
        await planner.press("enter")
        assert "belongs to Gym" in planner.text  # the composer says it while there is time


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[Desk, int]]:
    """A desk where the worker held a post that looks like another client's, and the post."""
    desk = make_desk(tmp_path / "data", networks=("mastodon",), approval="none")
    gym = desk.workspace.projects.add(ProjectDraft("Gym", ZONE)).ids[0]
    desk.workspace.briefs.write(gym, {"domains": "gym.example"})
    post = desk.plan("Come by: https://gym.example/trial")
    desk.clock.turn(120)
    desk.work()
    yield desk, post
    desk.workspace.close()
    desk.world.close()


async def test_what_the_worker_held_is_sent_from_today_by_the_same_key(held: tuple[Desk, int]) -> None:
    desk, post = held
    async with planning(desk.workspace, size=(120, 40)) as planner:
        await planner.press("g", "t")
        assert "'gym.example' belongs to Gym, this is Bakery." in planner.text
        await planner.press("enter", "s", "y")
        assert "Is this another client's?" in planner.text
        await planner.press("esc")
        assert set(desk.states(post).values()) == {State.HELD}
        await planner.press("s", "y", "P")
        assert set(desk.states(post).values()) == {State.APPROVED}
