"""The scheme on the screen: places in the calendar, the month filled, ideas taken, parts kept in lists and forms."""

from __future__ import annotations

from datetime import date, time

import pytest

from smm_tui.domain.scheme import Slot, weekly
from smm_tui.services.scheme import DayDraft, IdeaDraft
from tests.screens.planner import planning
from tests.support.desk import Desk

SIZES = [(80, 24), (120, 40)]


def place(desk: Desk, days=(3,), kind: str = "selling", at: time = time(18), **more) -> int:
    slot = Slot(weekly(days), date(2026, 9, 1), at, kind, **more)
    return desk.workspace.scheme.add_slot(desk.project, slot).ids[0]


def posts(desk: Desk):
    return [post for post, _deliveries in desk.workspace.post_queries.search(project_id=desk.project)]


@pytest.mark.parametrize("size", SIZES)
async def test_open_places_are_dotted_and_filled_by_typing(desk: Desk, size: tuple[int, int]) -> None:
    rubric = desk.workspace.scheme.add_pillar(desk.project, "Offers").ids[0]
    place(desk, accounts=(desk.accounts["mastodon"],), pillar_id=rubric)
    async with planning(desk.workspace, size=size) as planner:
        assert sum("18 s [" in line or "18:00 s [" in line for line in planner.lines) == 1, "of this month, ahead"
        await planner.press("l", "l", "l")
        assert "1 open place" in planner.text
        await planner.press("e")
        assert "still open" in planner.said
        await planner.press("enter")
        assert "2026-09-24 18:00" in planner.text
        await planner.type("Two loaves for one")
        await planner.press("ctrl+o")
        (post,) = posts(desk)
        assert (post.content_type, post.planned_wall) == ("selling", "2026-09-24T18:00:00")
        assert post.pillar_id == rubric
        deliveries = desk.workspace.post_queries.get(post.id).deliveries
        assert [row.account_id for row in deliveries] == [desk.accounts["mastodon"]]
        assert "open place" not in planner.text


async def test_a_month_is_filled_after_a_look_and_taken_back(desk: Desk) -> None:
    place(desk, days=(0, 3), kind="")
    desk.workspace.scheme.add_idea(desk.project, IdeaDraft("Flour comes from Szeged"))
    async with planning(desk.workspace) as planner:
        await planner.press("pagedown", "F")
        assert "Fill October 2026?" in planner.text
        assert "9 places: 1 with words, 8 to be written." in planner.text
        assert "Flour comes from Szeged" in planner.text
        await planner.press("n")
        assert posts(desk) == []
        await planner.press("F", "y")
        assert {post.state for post in posts(desk)} == {"draft"}
        assert len(posts(desk)) == 9
        assert "Filled 2026-10." in planner.said
        await planner.press("F")
        assert "no open place" in planner.said
        await planner.press("u")
        assert posts(desk) == []


async def test_an_idea_is_taken_into_a_place(desk: Desk) -> None:
    place(desk)
    desk.workspace.scheme.add_idea(desk.project, IdeaDraft("Flour comes from Szeged"))
    async with planning(desk.workspace) as planner:
        await planner.press("l", "l", "l", "i")
        assert "Flour comes from Szeged" in planner.text
        await planner.press("n")
        await planner.type("The starter is called Bözsi")
        await planner.press("enter", "G", "enter")
        assert "2026-09-24 18:00" in planner.text, "the draft is open in the composer"
        (post,) = posts(desk)
        assert (post.text, post.content_type, post.state) == ("The starter is called Bözsi", "selling", "draft")
        assert [idea.text for idea in desk.workspace.scheme.ideas(desk.project)] == ["Flour comes from Szeged"]


async def test_an_idea_is_put_on_a_day_without_a_place(desk: Desk) -> None:
    desk.workspace.scheme.add_idea(desk.project, IdeaDraft("An idea", "fun"))
    async with planning(desk.workspace) as planner:
        await planner.press("l", "i", "enter")
        (post,) = posts(desk)
        assert (post.planned_wall, post.content_type) == ("2026-09-22T10:00:00", "entertaining")


@pytest.mark.parametrize("size", SIZES)
async def test_days_have_their_names(desk: Desk, size: tuple[int, int]) -> None:
    workspace = desk.workspace
    draft, version = workspace.projects.draft_of(desk.project)
    workspace.projects.edit(desk.project, draft._replace(country="HU", language="hu"), version=version)
    workspace.scheme.add_day(desk.project, DayDraft(date(2026, 10, 4), "Born"))
    async with planning(workspace, size=size) as planner:
        await planner.press("pagedown", "l", "l")
        assert "Fri 23 Oct  Nemzeti ünnep" in planner.text
        assert any("23 Nem" in line for line in planner.lines)
        assert any("4 Born" in line for line in planner.lines)
        await planner.press("pageup", "pagedown")
        assert "Nemzeti ünnep" in planner.text


async def test_the_mix_shows_where_the_month_ends(desk: Desk) -> None:
    place(desk, days=range(7))
    async with planning(desk.workspace, size=(120, 40)) as planner:
        (line,) = [line for line in planner.lines if "selling   " in line]
        assert line.split()[-4:] == ["-", "-", "100%!", "20-30"]


async def test_what_a_look_at_every_post_finds_is_a_warning_too(desk: Desk) -> None:
    text = "Fresh rolls every morning from six, come early because they never last long"
    for days in (3, 5):
        desk.plan(text, seconds=days * 24 * 3600)
    async with planning(desk.workspace, size=(120, 40)) as planner:
        assert "say almost" in planner.text


async def test_every_part_is_kept_in_its_list(desk: Desk) -> None:
    scheme = desk.workspace.scheme
    async with planning(desk.workspace) as planner:
        await planner.press("g", "s", "t")
        assert "informational" in planner.text
        await planner.press("e")
        await planner.type("News")
        await planner.press("enter")
        assert scheme.content_types(desk.project)["informational"].title == "informationalNews"
        await planner.press("J")
        assert list(scheme.content_types(desk.project))[:2] == ["selling", "informational"]
        await planner.press("l")
        assert "No places yet" in planner.text
        await planner.press("n")
        await planner.type("mon thu")
        await planner.press("down")
        await planner.type("25")
        await planner.press("enter")
        assert "no time of day" in planner.text
        await planner.rub_out(2)
        await planner.type("9")
        await planner.press("enter")
        assert [slot.rule for slot in scheme.slots(desk.project)] == ["FREQ=WEEKLY;BYDAY=MO,TH"]
        await planner.press("d", "y")
        assert scheme.slots(desk.project) == []
        await planner.press("h", "h", "n")
        await planner.type("bread")
        await planner.press("down")
        await planner.type("kovász rozs")
        await planner.press("enter")
        assert scheme.hashtag_sets(desk.project)[0].tags == ("#kovász", "#rozs")
        await planner.press("esc")
        assert "Bakery" in planner.lines[1]


async def test_a_text_of_several_lines_keeps_them_in_its_form(desk: Desk) -> None:
    desk.workspace.scheme.add_idea(desk.project, IdeaDraft("Two\nlines"))
    async with planning(desk.workspace) as planner:
        await planner.press("g", "s", "t", "l", "l", "e")
        assert "Two⏎lines" in planner.text
        await planner.type("!")
        await planner.press("enter")
        assert desk.workspace.scheme.ideas(desk.project)[0].text == "Two\nlines!"


async def test_templates_and_hashtags_are_put_into_a_text(desk: Desk) -> None:
    desk.workspace.scheme.add_template(desk.project, "Open", "Open on {date}, {weekday}")
    desk.workspace.scheme.add_hashtags(desk.project, "bread", "kovász rozs")
    async with planning(desk.workspace) as planner:
        await planner.press("l", "n")
        await planner.type("Hello ")
        await planner.press("ctrl+n", "enter")
        assert "Hello Open on September 22, Tuesday" in planner.text
        await planner.press("ctrl+n", "l", "enter")
        assert "Tuesday#kovász #rozs" in planner.text
        await planner.press("ctrl+o")
        assert posts(desk)[0].text == "Hello Open on September 22, Tuesday#kovász #rozs"
