"""Insight and Pages on the screen."""

from __future__ import annotations

import asyncio

import pytest

from smm_tui.domain.clock import DAY, HOUR
from smm_tui.networks.page import Metric
from tests.screens.planner import planning
from tests.support.desk import Desk
from tests.support.figures import live_post, told

SIZES = [(80, 24), (120, 40)]


def watched(desk: Desk) -> None:
    """Forty days of followers on two pages, and posts of two types."""
    now = desk.clock.now
    for day in range(40, -1, -1):
        told(desk, "mastodon", Metric.FOLLOWERS, 400 - day, now - day * DAY)
        told(desk, "bluesky", Metric.FOLLOWERS, 100 + day % 3, now - day * DAY)
    for day in range(3, 33):
        live_post(desk, desk.accounts["mastodon"], now - day * DAY, engagement=9 + day % 3)
        live_post(desk, desk.accounts["mastodon"], now - day * DAY - 3 * HOUR, "selling", engagement=3 + day % 3)


@pytest.mark.parametrize("size", SIZES)
async def test_growth_is_drawn_and_told_with_its_moment(desk: Desk, size: tuple[int, int]) -> None:
    watched(desk)
    async with planning(desk.workspace, size=size) as planner:
        await planner.press("g", "i")
        assert "Followers" in planner.text
        assert any("⣀" in line or "⠤" in line or "⠒" in line for line in planner.lines), "a curve"
        assert "501 followers, +38 in this time." in planner.text or "followers, +" in planner.text
        assert "as of 21 Sep" in planner.text
        assert "400" in planner.text
        await planner.press("r")
        assert "1y" in planner.text
        await planner.press("enter")
        assert planner.text.count("@bakery") >= 1 or "bakery@" in planner.text
        await planner.press("esc")
        assert "Followers" in planner.text
        await planner.press("g", "f", "enter")
        assert "wanted" in planner.text
        assert "live" in planner.text


async def test_every_section_opens_with_figures_and_without(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("g", "i")
        assert "No network has told any followers" in planner.text
        for said in ("No network here tells", "No post of this time", "No post of this time", "Not enough data",
                     "0 of 0 messages"):  # fmt: skip
            await planner.press("l")
            assert said in planner.text, planner.text
        watched(desk)
        await planner.press("R", "l", "l", "l")
        assert "Better than usual: informational. Worse than usual: selling." in planner.text
        assert "██" in planner.text
        await planner.press("b")
        assert "by weekday" in planner.text
        await planner.press("h", "h", "b")
        assert "grouped" in planner.said


async def test_figures_are_read_at_once(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("g", "i", "s")
        await planner.app.desk.settled()
        await planner.press("R")
        assert "figures read" in planner.said or "0 followers" in planner.text


async def test_a_page_from_the_list_to_what_is_live_and_back(desk: Desk) -> None:
    await asyncio.to_thread(lambda: desk.workspace.worker().show_once())
    async with planning(desk.workspace) as planner:
        await planner.press("g", "f")
        assert "nothing is wanted of it" in planner.text
        await planner.press("enter", "e", "tab")
        await planner.type("Bread at night ")
        await planner.press("enter")
        assert "Noted for 1 page" in planner.said
        assert "Bread at night" in planner.text
        await planner.press("a")
        assert "Change the page of" in planner.text
        await planner.press("y")
        assert "worker's next pass" in planner.said
        await asyncio.to_thread(lambda: desk.workspace.worker().show_once())
        await planner.press("R")
        assert "as wanted" in planner.text or "=" in planner.text
        await planner.press("H")
        assert "applied" in planner.text
        await planner.press("b", "y")
        await asyncio.to_thread(lambda: desk.workspace.worker().show_once())
        await planner.press("esc", "R")
        history = desk.workspace.profile_queries.history(desk.accounts["mastodon"])
        assert [row.state for row in history] == ["applied", "applied"]
        await planner.press("c")
        assert "steps" in planner.text
        await planner.press("G", "enter")
        steps = desk.workspace.profile_queries.checklist(desk.accounts["mastodon"])
        assert steps[-1].state == "done"


async def test_a_text_too_long_for_one_of_three_stays_in_the_form(desk: Desk) -> None:
    await asyncio.to_thread(lambda: desk.workspace.worker().show_once())
    async with planning(desk.workspace) as planner:
        await planner.press("g", "f", "E", "tab")
        await planner.paste("x" * 300)
        assert "Bluesky 300/256." in planner.text
        await planner.press("enter")
        assert "Bluesky" in planner.text
        assert "300 characters" in planner.text
        assert all(page.draft is None for page in desk.workspace.profile_queries.pages())
        await planner.press("esc", "n", "esc", "y")


async def test_what_failed_stands_in_today_and_leads_to_the_page(desk: Desk) -> None:
    account = desk.accounts["mastodon"]
    from smm_tui.services.profiles import ProfileDraft

    desk.workspace.profiles.set([account], ProfileDraft({"description": "x"}))
    desk.workspace.profiles.apply([account])
    with desk.workspace.db.unit() as unit:
        unit.connection.exec_driver_sql("UPDATE profile_wish SET state = 'failed', error_message = 'No right.'")
    (trouble,) = [item for item in desk.workspace.today.all() if item.kind == "page"]
    assert "No right." in trouble.text
    async with planning(desk.workspace) as planner:
        await planner.press("g", "t", "/")
        await planner.type("page was")
        await planner.press("enter", "enter")
        assert "No right." in planner.text
        assert "as it is wanted" in planner.text
