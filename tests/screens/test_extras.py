"""Poll, link card and first comment in the composer; editing and pinning what is live, by key."""

from __future__ import annotations

import asyncio

import pytest

from smm_tui.services.extras import Extras
from smm_tui.services.post_queries import PostDraft
from tests.screens.planner import planning
from tests.support.desk import Desk
from tests.support.stage import SIZES, on_stage


def only_post(desk: Desk) -> PostDraft:
    [(post, _deliveries)] = desk.workspace.post_queries.search()
    return desk.workspace.post_queries.draft_of(post.id)[0]


@pytest.mark.parametrize("size", SIZES)
async def test_a_poll_and_a_first_comment_are_given_seen_and_kept(desk: Desk, size: tuple[int, int]) -> None:
    async with planning(desk.workspace, size=size) as planner:
        await planner.press("right", "n")
        await planner.type("Rye or wheat?")
        await planner.press("shift+tab", *["right"] * 3, "space", "tab")  # not on Bluesky, which has no polls
        await planner.press("ctrl+e")
        assert "none of the chosen accounts can show it" in planner.text  # the card
        await planner.type("Rye | Wheat")
        await planner.press("tab", "tab", "right", "tab")
        await planner.type("Why?")
        assert "First comment: 4 of 500" in planner.text
        await planner.press("enter")
        assert "poll: Rye | Wheat  (24 hours, several answers)" in planner.text
        kept = desk.workspace.records.autosave("post:new:1")
        assert kept["extras"]["poll"]["options"] == ["Rye", "Wheat"]
        await planner.press("escape", "n")  # as after a killed program
        assert "first comment: Why?" in planner.text.replace("\n", "") or size[0] == 80
        await planner.press("ctrl+o")
        assert "[poll, " in planner.text
    extras = only_post(desk).extras
    assert extras.poll.options == ("Rye", "Wheat")
    assert (extras.poll.multiple, extras.first_comment) == (True, "Why?")


async def test_what_is_wrong_is_said_in_the_form(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n", "ctrl+e")
        await planner.type("Rye")
        await planner.press("enter")
        assert "A poll has 2 to 10 different answers." in planner.text
        await planner.type("|Oats")
        await planner.press("tab")
        await planner.rub_out(2)
        await planner.type("x")
        await planner.press("enter")
        assert "“x” is no number of hours." in planner.text


async def test_what_an_account_cannot_show_is_a_problem_at_once(desk: Desk) -> None:
    async with planning(desk.workspace, size=(120, 40)) as planner:
        await planner.press("right", "n")
        await planner.type("Rye or wheat?")
        await planner.press("ctrl+e")
        await planner.type("Rye|Wheat")
        await planner.press("enter")
        assert "has no polls" in planner.text
        await planner.press("ctrl+e")
        await planner.rub_out(11)
        await planner.press("enter")
        assert "has no polls" not in planner.text


async def test_a_live_post_is_edited_after_yes(desk: Desk) -> None:
    desk.approved("Rye on Fridays")
    desk.clock.turn(61)
    await asyncio.to_thread(desk.work)
    async with on_stage(desk.workspace) as stage:
        await stage.press("g", "d", "l", "e")
        assert "Rye on Fridays" in stage.text
        await stage.type("!")
        text = await stage.press("ctrl+o")
        assert "Change what is live?" in text
        assert "It stays as it is on bakery.bsky.sandbox" in text
        assert "posts are approved" in text
        await stage.press("y")
        await stage.news()
        assert "is changed on 2 accounts" in stage.message
    await asyncio.to_thread(desk.work)
    assert sorted(item.text for item in desk.world.live_posts()) == ["Rye on Fridays", *["Rye on Fridays!"] * 2]


async def test_a_live_post_is_pinned_and_its_evidence_says_so(desk: Desk) -> None:
    post = desk.workspace.posts.add(
        PostDraft(
            desk.project,
            text="Rye",
            when=desk.workspace.posts.parse_when("+1m", desk.project),
            accounts=(desk.accounts["mastodon"],),
            extras=Extras(first_comment="Why?"),
        )
    ).ids[0]
    desk.workspace.posts.approve([post])
    async with on_stage(desk.workspace) as stage:
        await stage.press("g", "d", "o")
        assert "Only what is live can be pinned" in await stage.press("p")
        desk.clock.turn(61)
        await asyncio.to_thread(desk.work)
        await stage.press("l", "R", "p")
        await stage.news()
        assert "Pinned on" in stage.message
        await asyncio.to_thread(desk.work)
        await stage.press("enter", "G")
        assert "pin, part 1, done" in stage.text
        await stage.press("g", "g")
        assert "first comment" in stage.text
