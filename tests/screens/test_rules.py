"""Rules on the desk: added, tried, switched on, judged and taken back without the command line."""

import pytest

from smm_tui.networks.community import Author, Item, ItemKind, Page
from smm_tui.services.ingest import Ingest
from tests.support.desk import make_desk
from tests.support.inbox import received, states
from tests.support.stage import SIZES, on_stage

BOTH = (SIZES[0], pytest.param(SIZES[1], marks=pytest.mark.matrix))


@pytest.fixture
def page(tmp_path):
    made = make_desk(tmp_path / "data", networks=("facebook",))
    yield made
    made.workspace.close()
    made.world.close()


def comes_in(page, *texts: str) -> list[int]:
    """Messages as the worker takes them in, rules and all."""
    ingest = Ingest(page.workspace.db)
    source = ingest.source(page.accounts["facebook"])
    page.clock.turn(1)
    items = tuple(
        Item(
            f"c{page.clock.now}-{n}", ItemKind.COMMENT, Author(f"a{n}", f"@a{n}", f"Author {n}"), text, page.clock.now
        )
        for n, text in enumerate(texts)
    )
    return ingest.store(source, Page(items, {"at": page.clock.now})).ids


@pytest.mark.parametrize("size", BOTH)
async def test_from_a_form_over_a_trial_to_what_it_did(page, size):
    caught, _kept = received(page, "ingyen iPhone", "friss kifli", account="facebook")
    approved = received(page, "az ingyenes kóstoló jó volt", account="facebook", author="Réka")
    page.workspace.inbox.approve(approved)
    async with on_stage(page.workspace, size, home="rules") as stage:
        assert "No rules yet" in stage.text
        await stage.press("n")
        await stage.type("Free things")
        await stage.press("tab", "tab")
        await stage.type("word ingyen")
        await stage.press("tab", "tab", "tab", "tab")
        await stage.type("hide")
        await stage.press("enter")
        await stage.news()
        assert "word ingyen: hide" in stage.text
        assert "new" in stage.lines[2]
        await stage.press("a")
        assert "see first what it would have caught" in stage.message
        text = await stage.press("t")
        assert "It would have caught 2 of the newest 3 messages." in text
        if size[0] >= 120:
            assert "1 of them people had approved: they come first." in text
        assert stage.screen.list.current == approved[0]
        assert states(page, [caught]) == ["new"]
        await stage.press("a", "escape")
        await stage.news()
        assert "on" in stage.lines[2]
        hit, free = comes_in(page, "INGYEN minden", "mikor nyittok?")
        assert states(page, [hit, free]) == ["hidden", "new"]
        await stage.news()
        text = await stage.press("enter")
        assert "sample" in text
        assert "INGYEN" in text
        await stage.press("n")
        await stage.news()
        assert states(page, [hit]) == ["new"]
        assert "wrong" in stage.text
        await stage.press("u")
        assert states(page, [hit]) == ["hidden"]
        await stage.press("y")
        await stage.news()
        assert "right 100%" in stage.text
        assert all(len(line) <= size[0] for line in stage.lines)
        assert "Nothing waits for your judgement" in await stage.press("s")
        await stage.press("s")
        (second,) = comes_in(page, "ingyen megint")
        await stage.news()
        text = await stage.press("Z")
        assert "Take back what the rule did to 1 message?" in text
        await stage.press("y")
        await stage.news()
        assert states(page, [hit, second]) == ["hidden", "new"]
        await stage.press("u")
        assert states(page, [second]) == ["hidden"]


async def test_a_wrong_condition_is_said_in_the_form_and_nothing_is_lost(page):
    async with on_stage(page.workspace, home="rules") as stage:
        await stage.press("n")
        await stage.type("Odd")
        await stage.press("tab", "tab")
        await stage.type("regex (")
        await stage.press("tab", "tab", "tab", "tab")
        await stage.type("hide")
        text = await stage.press("enter")
        assert "A rule" in text
        assert "regex (" in text
        assert page.workspace.rule_queries.all() == []


async def test_edit_remove_and_their_undo(page):
    from smm_tui.services.rules import RuleDraft

    page.workspace.rules.add(RuleDraft("Caps", ("caps >= 70%",), ("flag",), page.project))
    rules = page.workspace.rule_queries.all
    async with on_stage(page.workspace, home="rules") as stage:
        await stage.press("e", "ctrl+u")
        await stage.type("Shouting")
        await stage.press("enter")
        assert [row.name for row in rules()] == ["Shouting"]
        await stage.press("d", "y")
        assert rules() == []
        await stage.press("u", "u")
        assert [row.name for row in rules()] == ["Caps"]
