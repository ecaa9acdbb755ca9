"""The calendar, by key: what is shown is what is planned, and what a key does is done."""

from __future__ import annotations

import asyncio

import pytest

from smm_tui.domain import zones
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.project_queries import ProjectDraft
from tests.screens.planner import planning
from tests.support.desk import ZONE, Desk

SIZES = [(80, 24), (120, 40)]


def planned_for(desk: Desk, words: str, text: str = "Croissants", **more) -> int:
    """A post of the project at a time in words; its id."""
    when = desk.workspace.posts.parse_when(words, desk.project)
    return desk.workspace.posts.add(PostDraft(desk.project, text=text, when=when, **more)).ids[0]


def wall(desk: Desk, post_id: int) -> str:
    return desk.workspace.post_queries.get(post_id).post.planned_wall or ""


def state(desk: Desk, post_id: int) -> str:
    return desk.workspace.post_queries.get(post_id).post.state


@pytest.mark.parametrize("size", SIZES)
async def test_the_month_shows_posts_with_time_kind_words_and_state(desk: Desk, size: tuple[int, int]) -> None:
    planned_for(desk, "2026-09-24 18:00", "Sourdough day", content_type="selling")
    async with planning(desk.workspace, size=size) as planner:
        assert "September 2026" in planner.lines[1]
        assert "approved 0 of 1" in planner.lines[1]
        assert any("18 s Sour" in line for line in planner.lines)
        assert "Mon 21 Sep  nothing planned" in planner.text
        await planner.press("l", "l", "l")
        assert "Thu 24 Sep  1 post" in planner.text
        assert "18:00" in planner.text


@pytest.mark.parametrize("size", SIZES)
async def test_every_month_fits_its_window(desk: Desk, size: tuple[int, int]) -> None:
    async with planning(desk.workspace, size=size) as planner:
        for _month in range(12):
            await planner.press("pagedown")
            assert len(planner.lines) == size[1]
        assert "September 2027" in planner.lines[1]
        await planner.press(".")
        assert "September 2026" in planner.lines[1]
        assert "Mon 21 Sep" in planner.text


async def test_moving_keeps_the_time_of_day_and_can_be_undone(desk: Desk) -> None:
    post = planned_for(desk, "2026-09-24 18:30")
    async with planning(desk.workspace) as planner:
        await planner.press("right", "right", "right", "m")
        assert "“Croissants” in hand" in planner.text
        assert "enter drop here  esc put back" in planner.lines[-1]
        assert "n new" not in planner.lines[-1]
        await planner.press("pagedown", "down", "enter")
        assert wall(desk, post) == "2026-10-31T18:30:00"
        await planner.press("u")
        assert wall(desk, post) == "2026-09-24T18:30:00"
        await planner.press("U")
        assert wall(desk, post) == "2026-10-31T18:30:00"


async def test_a_post_in_the_hand_can_be_put_back(desk: Desk) -> None:
    post = planned_for(desk, "2026-09-21 18:30")
    async with planning(desk.workspace) as planner:
        await planner.press("m", "right", "escape")
        assert wall(desk, post) == "2026-09-21T18:30:00"
        assert "in hand" not in planner.text
        await planner.press("left", "m", "m")
        assert wall(desk, post) == "2026-09-21T18:30:00"


async def test_a_post_is_not_moved_into_the_past(desk: Desk) -> None:
    post = planned_for(desk, "2026-09-24 18:30")
    async with planning(desk.workspace) as planner:
        await planner.press("right", "right", "right", "m", "up", "enter")
        assert "in the past" in planner.said
        assert wall(desk, post) == "2026-09-24T18:30:00"
        assert "in hand" in planner.text


async def test_a_copy_is_a_post_of_its_own_without_approval(desk: Desk) -> None:
    post = planned_for(desk, "2026-09-21 18:30")
    async with planning(desk.workspace) as planner:
        await planner.press("a")
        await planner.press("y", "right", "enter")
        entries = planner.app.seen.state.plan.entries
    assert [(entry.wall.day, entry.state) for entry in entries] == [(21, "approved"), (22, "planned")]
    assert entries[0].post_id == post


async def test_a_time_that_the_clocks_jump_over_is_asked_for(desk: Desk) -> None:
    post = planned_for(desk, "2027-03-27 02:30")
    async with planning(desk.workspace) as planner:
        await planner.press(*["pagedown"] * 6)
        await planner.press(*["right"] * 6, "m", "right", "enter")
        assert "At what time?" in planner.text
        assert "does not exist" in planner.text
        await planner.rub_out(5)
        await planner.type("03:30")
        await planner.press("enter")
        assert wall(desk, post) == "2027-03-28T03:30:00"


async def test_a_month_is_approved_after_a_question_and_taken_back(desk: Desk) -> None:
    posts = [planned_for(desk, f"2026-09-{day} 10:00") for day in (22, 23, 29)]
    other = planned_for(desk, "2026-10-01 10:00")
    async with planning(desk.workspace) as planner:
        await planner.press("A")
        assert "Approve 3 posts?" in planner.text
        assert "Client: Bakery" in planner.text
        await planner.press("n")
        assert {state(desk, post) for post in posts} == {"planned"}
        await planner.press("A", "y")
        assert {state(desk, post) for post in posts} == {"approved"}
        assert state(desk, other) == "planned"
        assert "approved 3 of 3" in planner.lines[1]
        await planner.press("A")
        assert "Nothing in this month waits" in planner.said
        await planner.press("u")
        assert {state(desk, post) for post in posts} == {"planned"}


async def test_the_posts_of_a_day_are_chosen_below(desk: Desk) -> None:
    first, second = (planned_for(desk, f"2026-09-22 {hour}:00", f"at {hour}") for hour in (10, 18))
    async with planning(desk.workspace) as planner:
        await planner.press("right", "enter", "j", "a")
        assert (state(desk, first), state(desk, second)) == ("planned", "approved")
        await planner.press("escape", "right", "left", "d")
        assert "Cancel 1 post?" in planner.text
        assert "at 10" in planner.text
        await planner.press("y")
        assert (state(desk, first), state(desk, second)) == ("cancelled", "approved")
        assert "Tue 22 Sep  1 post" in planner.text


async def test_what_the_worker_does_shows_without_moving_the_cursor(desk: Desk) -> None:
    post = desk.approved("Croissants", seconds=3600)
    planned_for(desk, "2026-09-25 10:00")
    async with planning(desk.workspace) as planner:
        await planner.press("right", "right")
        desk.clock.turn(3700)
        await asyncio.to_thread(desk.drain, hours=1)
        await planner.settle()
        assert state(desk, post) == "live"
        assert any("Cro" in line and "●" in line for line in planner.lines)
        assert "Wed 23 Sep" in planner.text


async def test_all_clients_are_shown_together_with_their_digits(desk: Desk) -> None:
    gym = desk.workspace.projects.add(ProjectDraft("Gym", "America/New_York")).ids[0]
    when = desk.workspace.posts.parse_when("2026-09-24 20:00", gym)
    desk.workspace.posts.add(PostDraft(gym, text="Squats", when=when))
    planned_for(desk, "2026-09-24 18:00", "Sourdough")
    async with planning(desk.workspace) as planner:
        await planner.press("0")
        text = planner.text
        assert "18 1i Sou" in text
        assert "20 2i Squ" in text
        await planner.press("n")
        assert "Choose a client first" in planner.said
        await planner.press("2")
        assert "Sourdough" not in planner.text


async def test_finding_looks_into_the_whole_text(desk: Desk) -> None:
    planned_for(desk, "2026-09-24 18:00", "Croissants. " + "x" * 300 + " needle")
    planned_for(desk, "2026-09-25 18:00", "Bread")
    async with planning(desk.workspace) as planner:
        await planner.press("/")
        await planner.type("needle")
        await planner.press("enter")
        assert "1 post fits" in planner.lines[1]
        assert "18 i Brea" not in planner.text
        await planner.press("escape")
        assert "18 i Brea" in planner.text


async def test_the_month_as_a_list(desk: Desk) -> None:
    planned_for(desk, "2026-09-24 18:00", "Sourdough day")
    later = planned_for(desk, "2026-09-25 18:00", "Bread")
    async with planning(desk.workspace) as planner:
        await planner.press("L", "G", "a")
        assert state(desk, later) == "approved"
        assert "Fri 25 Sep" in planner.text
        await planner.press("L")
        assert "Mon" in planner.text


async def test_a_draft_without_a_time_is_found_in_the_list_and_dropped_on_a_day(desk: Desk) -> None:
    draft = desk.workspace.posts.add(PostDraft(desk.project, text="Some day")).ids[0]
    async with planning(desk.workspace) as planner:
        assert "1 draft without a day (L)" in planner.lines[1]
        await planner.press("L")
        assert "no day" in planner.text
        await planner.press("m", "right", "enter")
        assert "The draft has no time yet." in planner.text
        await planner.press("enter")
        assert wall(desk, draft) == "2026-09-22T10:00:00"
        assert "without a day" not in planner.text


@pytest.mark.parametrize("size", SIZES)
async def test_every_warning_opens_its_post_in_one_key(desk: Desk, size: tuple[int, int]) -> None:
    planned_for(desk, "2026-09-22 10:00", "one")
    planned_for(desk, "2026-09-22 10:00", "two")
    planned_for(desk, "2026-09-24 10:00", "three")
    async with planning(desk.workspace, size=size) as planner:
        assert "2 posts not approved within 48 h" in planner.text
        await planner.press("!")
        rows = planner.app.seen.state.rows
        assert "3 informational posts in a row, until 2026-09-24." in [row.message for row in rows]
        assert f"{len(rows)} warnings in 2026-09" in planner.lines[1]
        assert f" {rows[0].message}" in planner.lines[-5]
        opened = []
        for row in rows:
            await planner.press("enter")
            opened.append(planner.app.seen.SCOPE == "composer" and planner.app.seen._post_id == row.post_id)
            await planner.press("escape", "j")
        assert len(rows) > 4
        assert all(opened), rows


async def test_a_week_shows_more_of_each_post_and_reaches_into_the_next_month(desk: Desk) -> None:
    planned_for(desk, "2026-09-30 18:00", "Sourdough takes a whole day, and here is why it does")
    planned_for(desk, "2026-10-01 18:00", "October begins")
    async with planning(desk.workspace) as planner:
        await planner.press("down", "w")
        assert "September 2026, week 40" in planner.lines[1]
        assert any("takes a" in line for line in planner.lines)
        assert any("begins" in line for line in planner.lines)
        await planner.press("l", "l", "l")
        assert "Thu 1 Oct  1 post" in planner.text
        await planner.press("down")
        assert "week 41" in planner.lines[1]
        await planner.press("up", "L")
        assert [line.count("18:00") for line in planner.lines[3:6]] == [1, 1, 0]
        await planner.press("L", "escape")
        assert "week" not in planner.lines[1]
        assert "October 2026" in planner.lines[1]


async def test_what_is_shown_is_chosen_by_type_state_and_account(desk: Desk) -> None:
    planned_for(desk, "2026-09-24 18:00", "Sourdough", content_type="selling")
    planned_for(desk, "2026-09-26 18:00", "Rolls", accounts=(desk.accounts["mastodon"],))
    bread = planned_for(desk, "2026-09-25 18:00", "Bread", accounts=(desk.accounts["bluesky"],))
    place = [row.network for row in desk.workspace.account_queries.of_project(desk.project)].index("bluesky") + 1
    desk.workspace.posts.approve([bread])
    async with planning(desk.workspace) as planner:
        await planner.press("f", "right", "right", "enter")
        assert "1 post fits (selling)" in planner.lines[1]
        assert "Sour" in planner.text
        assert "Brea" not in planner.text
        await planner.press("escape", "f", "tab", "right", "right", "right", "enter")
        assert "1 post fits (approved)" in planner.lines[1]
        assert "Brea" in planner.text
        await planner.press("f", "tab", "left", "left", "left", "tab", *["right"] * place, "enter")
        assert "2 posts fit (one account)" in planner.lines[1]
        await planner.press("f", "right", "right", "enter")
        assert "1 post fits (selling, one account)" in planner.lines[1]
        await planner.press("escape")
        assert "fit" not in planner.lines[1]


async def test_everything_after_a_day_moves_by_two_days_and_comes_back(desk: Desk) -> None:
    walls = ["2026-09-23T18:00:00", "2026-09-24T18:00:00", "2026-09-30T18:00:00"]
    posts = [planned_for(desk, text[:16].replace("T", " ")) for text in walls]
    async with planning(desk.workspace) as planner:
        await planner.press("right", "right", "M")
        assert "2 posts move. Client: Bakery" in planner.text
        await planner.rub_out(2)
        await planner.type("2d")
        await planner.press("enter")
        assert [wall(desk, post)[5:10] for post in posts] == ["09-23", "09-26", "10-02"]
        await planner.press("u")
        assert [wall(desk, post) for post in posts] == walls


async def test_a_week_is_copied_to_the_next_ones(desk: Desk) -> None:
    planned_for(desk, "2026-09-22 18:00", "one")
    planned_for(desk, "2026-09-24 18:00", "two")
    async with planning(desk.workspace) as planner:
        await planner.press("Y")
        await planner.rub_out(1)
        await planner.type("1-2")
        assert "4 posts will" in planner.text
        assert "Client: Bakery" in planner.text
        await planner.press("enter", "pagedown")
        assert [f"{entry.wall:%m-%d}" for entry in planner.app.seen.state.plan.entries] == ["10-01", "10-06", "10-08"]
        await planner.press("u")
        assert planner.app.seen.state.plan.entries == []


@pytest.mark.parametrize("size", SIZES)
async def test_a_post_is_found_whatever_month_it_is_in(desk: Desk, size: tuple[int, int]) -> None:
    planned_for(desk, "2026-09-24 18:00", "Sourdough")
    for month in (10, 11, 12):
        planned_for(desk, f"2026-{month}-24 18:00", f"Karácsonyi bejgli {month}")
    async with planning(desk.workspace, size=size) as planner:
        await planner.press("o")
        assert "All months  4 posts" in planner.text
        await planner.press("/")
        await planner.type("karacsonyi 12")
        await planner.press("enter")
        assert "1 post" in planner.lines[1]
        await planner.press("enter")
        assert "December 2026" in planner.lines[1]
        assert "Thu 24 Dec  1 post" in planner.text


async def test_text_of_strangers_stays_in_its_cell(desk: Desk) -> None:
    planned_for(desk, "2026-09-22 10:00", "[bold]x[/bold] \u202eevil\u202c e\u0301" + "\u0301" * 50)
    async with planning(desk.workspace) as planner:
        await planner.press("right")
        assert "[bold]x[/bold]" in planner.text
        assert "\u202e" not in planner.text
        assert {len(line) for line in planner.lines if "[bold]" not in line} == {80}


async def test_a_small_window_says_so(desk: Desk) -> None:
    async with planning(desk.workspace, size=(40, 10)) as planner:
        assert "40 x 10" in planner.text


async def test_the_place_is_kept_over_a_restart(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("pagedown", "q")
    async with planning(desk.workspace) as planner:
        assert "October 2026" in planner.lines[1]


def test_the_zone_of_the_tests_has_its_clock_change_where_they_say() -> None:
    from datetime import datetime

    assert not zones.exists(datetime(2027, 3, 28, 2, 30), ZONE)
