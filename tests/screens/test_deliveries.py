"""Deliveries: lists, evidence, and the human's answers."""

import asyncio

import pytest

from smm_tui.db.tables import DeliveryTable
from smm_tui.domain.states import State
from tests.support.stage import SIZES, on_stage


def set_state(desk, post: int, state: str, **values) -> list[int]:
    ids = [row.id for row in desk.workspace.post_queries.get(post).deliveries]
    with desk.workspace.db.unit() as unit:
        for delivery_id in ids:
            row = unit.session.get_one(DeliveryTable, delivery_id)
            row.state, row.needs_human = State(state), state in ("unknown", "missed", "rejected", "held")
            for name, value in values.items():
                setattr(row, name, value)
    return ids


@pytest.mark.parametrize("size", SIZES)
async def test_what_waits_is_listed_with_its_reason(desk, size):
    post = desk.approved("Rolls", accounts=["mastodon"])
    set_state(desk, post, "unknown", error_message="\x1b[2JThe connection broke [b]here[/b].")
    async with on_stage(desk.workspace, size) as stage:
        text = await stage.press("g", "d")
        assert "? unknown" in text
        assert "[waiting]" in text
        assert "␛[2JThe conn" in text
        assert "1 Bakery 1" in text.splitlines()[0]
        assert "\x1b" not in text


async def test_each_list_says_so_when_it_is_empty(desk):
    async with on_stage(desk.workspace) as stage:
        assert "Nothing waits for you." in await stage.press("g", "d")
        assert "Nothing is in the queue" in await stage.press("o")
        assert "Nothing has gone out yet." in await stage.press("l")
        assert "No deliveries yet" in await stage.press("a")
        assert "There is no delivery here" in await stage.press("x")


async def test_without_accounts_it_leads_to_setup(empty_workspace):
    async with on_stage(empty_workspace) as stage:
        assert "No account is connected yet. Press gs to go to Set-up" in await stage.press("g", "d")


async def test_it_is_there_asks_for_the_address(desk):
    post = desk.approved("Rolls", accounts=["mastodon"])
    set_state(desk, post, "unknown")
    async with on_stage(desk.workspace) as stage:
        await stage.press("g", "d", "i")
        await stage.type("nowhere")
        await stage.press("enter")
        assert "is no address of a post" in stage.text
        await stage.press("ctrl+u")
        await stage.type("https://social.sandbox/1")
        await stage.press("enter")
        await stage.news()
        assert desk.states(post) == {"mastodon": "live"}
        assert "u undoes" in stage.message
        await stage.press("u")
        assert desk.states(post) == {"mastodon": "unknown"}


async def test_answers_to_many_at_once_say_to_how_many(desk):
    post = desk.approved("Rolls")
    set_state(desk, post, "missed")
    async with on_stage(desk.workspace) as stage:
        text = await stage.press("g", "d", "*", "x")
        assert "Drop 3 deliveries?" in text
        assert "For: Bakery." in text
        assert "u takes them back one by one" in text
        await stage.press("n")
        assert set(desk.states(post).values()) == {"missed"}
        await stage.press("x", "y")
        assert set(desk.states(post).values()) == {"cancelled"}
        assert "Done for 3 deliveries" in stage.message


async def test_an_answer_that_not_all_selected_allow_says_so_before_it_asks(desk):
    set_state(desk, desk.approved("Rolls", accounts=["mastodon", "bluesky"]), "missed")
    desk.approved("Bread", accounts=["mastodon"])
    async with on_stage(desk.workspace) as stage:
        await stage.press("g", "d", "a", "*", "x")
        assert stage.message == "Not for 1 of the 3 selected: This delivery is approved: it asks nothing."


async def test_what_a_person_called_live_only_a_person_can_take_down(desk):
    set_state(desk, desk.approved("Rolls", accounts=["mastodon"]), "live")
    async with on_stage(desk.workspace) as stage:
        await stage.press("g", "d", "l", "D")
        assert stage.message == "A person said that it is live; only a person can find it there and delete it."


async def test_keys_that_do_nothing_say_why(desk):
    post = desk.approved("Rolls", accounts=["bluesky"])
    async with on_stage(desk.workspace) as stage:
        await stage.press("g", "d", "o")
        await stage.press("i")
        assert stage.message == "This delivery is approved: it asks nothing."
        await stage.press("D")
        assert "Only what is live can be taken down" in stage.message
        await stage.press("h")
        assert desk.states(post) == {"bluesky": "held"}


async def test_evidence_shows_every_answer_and_takes_answers(desk):
    post = desk.approved("Rolls " * 30, accounts=["mastodon"])
    desk.clock.turn(120)
    await asyncio.to_thread(desk.work)
    async with on_stage(desk.workspace) as stage:
        text = await stage.press("g", "d", "l", "enter")
        assert "Delivery 1 of post 1" in text
        assert "identity" in text
        assert "live since" in text
        assert text.count("Rolls") == 30
        assert text.splitlines()[-1].endswith("esc back  ? keys")
        assert "09-21 16:1" in await stage.press("G")
        await stage.press("g", "g")
        assert "This delivery is live: it asks nothing." in await stage.press("?")
        await stage.press("escape", "D")
        assert "There is no way back." in stage.text
        await stage.press("y")
        assert "is taken down at the worker's next pass" in stage.message
        assert desk.states(post) == {"mastodon": "live"}
        await stage.press("2")
        assert "belongs to one client" in stage.message
        await stage.press("q")
        assert stage.screen.name == "deliveries"


async def test_the_filter_looks_at_what_is_known(desk):
    post = desk.approved("Rolls")
    first = set_state(desk, post, "rejected", error_message="too long")[0]
    with desk.workspace.db.unit() as unit:
        unit.session.get_one(DeliveryTable, first).error_message = "no such picture"
    async with on_stage(desk.workspace) as stage:
        await stage.press("g", "d", "slash")
        await stage.type("PICTURE")
        assert len(stage.screen.list) == 1
