"""Approval by key: submitting, returning, talking about a post, and seeing what is not as it was approved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.screens.planner import planning
from tests.screens.test_calendar import SIZES, planned_for, state
from tests.support.desk import Desk


def review(desk: Desk, post: int) -> str:
    return desk.workspace.post_queries.get(post).post.review


@pytest.mark.parametrize("size", SIZES)
async def test_a_post_is_submitted_and_returned_with_a_comment(desk: Desk, size: tuple[int, int]) -> None:
    post = planned_for(desk, "2026-09-22 10:00")
    async with planning(desk.workspace, size=size) as planner:
        await planner.press("l", "s")
        assert "Submitted 1 post." in planner.said
        assert review(desk, post) == "submitted"
        await planner.press("b")
        await planner.type("too dear")
        await planner.press("enter")
        assert review(desk, post) == "returned"
        await planner.press("c")
        assert "tester, with the client  returned" in planner.text
        assert "too dear" in planner.text
        await planner.press("n")
        await planner.type("cheaper now")
        await planner.press("enter")
        assert "tester, among us" in planner.text
        await planner.press("a")
        assert state(desk, post) == "approved"
        await planner.press("esc", "u", "u")
        assert [row.text for row in desk.workspace.review_queries.comments(post)] == ["too dear"]


async def test_a_month_is_submitted_by_one_key(desk: Desk) -> None:
    posts = [planned_for(desk, f"2026-09-{day} 10:00") for day in (22, 23)]
    async with planning(desk.workspace) as planner:
        await planner.press("S")
        assert [review(desk, post) for post in posts] == ["submitted", "submitted"]
        await planner.press("b")
        assert "no post on this day" in planner.said


@pytest.mark.parametrize("size", SIZES)
async def test_what_differs_from_the_approved_month_is_a_warning_that_leads_to_it(
    desk: Desk, size: tuple[int, int]
) -> None:
    post = planned_for(desk, "2026-09-29 10:00")
    desk.workspace.reviews.approve_month(desk.project, 2026, 9)
    async with planning(desk.workspace, size=size) as planner:
        assert "after the month was approved" not in planner.text
        draft, version = desk.workspace.posts.draft_of(post)
        desk.workspace.posts.edit(post, replace(draft, text="Other"), version=version)
        await planner.settle()
        await planner.press("!", "/")
        await planner.type("changed after")
        await planner.press("enter")
        assert "It was changed after the month was approved." in planner.text
        await planner.press("enter")
        assert f"post {post} " in planner.text


async def test_the_composer_shows_why_a_post_was_returned(desk: Desk) -> None:
    post = planned_for(desk, "2026-09-22 10:00")
    desk.workspace.reviews.send_back([post], "too \x1b[31mdear\nby far")
    async with planning(desk.workspace) as planner:
        await planner.press("l", "e")
        assert "Returned by tester: too" in planner.text
        assert "dear by far" in planner.text


async def test_the_promise_kept_is_told_once_something_was_due(desk: Desk) -> None:
    planned_for(desk, "2026-09-22 10:00")
    async with planning(desk.workspace, size=(120, 40)) as planner:
        assert "Promise kept" not in planner.text
        desk.clock.turn(2 * 24 * 3600)
        await planner.settle()
        assert "Promise kept: 0%" in planner.text
