"""The composer, by key: what is typed is counted, checked, kept at once, and saved where it belongs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from textual.widgets import TextArea

from smm_tui.app import WorkspaceApp
from smm_tui.bootstrap import Workspace
from smm_tui.screens.composer import ComposerScreen, short_names
from smm_tui.screens.media_form import complete_path
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.widgets.text_input import TextInput
from tests.screens.planner import planning
from tests.support.desk import Desk, settings_in

SIZES = [(80, 24), (120, 40)]


def only_post(desk: Desk):
    [(post, deliveries)] = desk.workspace.post_queries.search()
    return post, deliveries


def kept(desk: Desk) -> dict[str, str]:
    return {key: payload["text"] for key, payload, _at in desk.workspace.records.autosaves()}


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "croissant.png"
    Image.new("RGB", (1200, 800), "orange").save(path)
    return path


@pytest.mark.parametrize("size", SIZES)
async def test_a_post_is_written_and_planned(desk: Desk, size: tuple[int, int]) -> None:
    async with planning(desk.workspace, size=size) as planner:
        await planner.press("right", "n")
        assert "BAKERY   new post" in planner.lines[1]
        await planner.type("Friss croissant!")
        assert "16/500" in planner.lines[2]
        assert "2026-09-22 10:00 Europe/Budapest  08:00 UTC" in planner.text
        assert "Nothing is wrong with it." in planner.text
        await planner.press("ctrl+o")
        assert "Planned post 1 for Bakery." in planner.said
        assert not isinstance(planner.app.screen, ComposerScreen)
        assert "Tue 22 Sep  1 post" in planner.text
    post, deliveries = only_post(desk)
    assert (post.text, post.planned_wall, post.state) == ("Friss croissant!", "2026-09-22T10:00:00", "planned")
    assert len(deliveries) == 3
    assert kept(desk) == {}


async def test_typing_survives_a_killed_program(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n")
        await planner.type("Half a thou")
        # Another process looks now, while this one has not ended: nothing waits for an orderly end.
        other = Workspace(settings_in(desk.workspace.settings.paths.data), clock=desk.clock)
        assert other.records.autosave("post:new:1")["text"] == "Half a thou"
    async with planning(other) as planner:
        await planner.press("n")
        assert "Half a thou" in planner.text
        assert "did not save" in planner.said
        await planner.type("ght")
        await planner.press("ctrl+o")
    other.close()
    assert only_post(desk)[0].text == "Half a thought"
    assert kept(desk) == {}


async def test_leaving_keeps_and_discarding_asks(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n")
        await planner.type("Not now")
        await planner.press("escape")
        assert "is kept" in planner.said
        assert kept(desk) == {"post:new:1": "Not now"}
        await planner.press("n", "ctrl+x")
        assert "Throw away what you typed?" in planner.text
        await planner.press("n")
        assert isinstance(planner.app.screen, ComposerScreen)
        await planner.press("ctrl+x", "y")
        assert kept(desk) == {}
        await planner.press("n")
        assert "Not now" not in planner.text


async def test_an_account_gets_its_own_text(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n")
        await planner.type("Common")
        await planner.press("ctrl+t", "ctrl+t", "ctrl+t")
        await planner.paste(" " + "words " * 60)
        assert "=2" in planner.lines[2]
        assert "becomes a thread of 2 parts" in planner.text
        await planner.press("ctrl+r")
        assert "(1/2)" in planner.text
        assert "(2/2)" in planner.text
        await planner.press("pagedown", "down", "up", "pageup")
        assert "(1/2)" in planner.text
        await planner.press("ctrl+r", "ctrl+t")
        assert planner.app.screen.query_one(TextArea).text == "Common"
        await planner.press("ctrl+o")
    post, _deliveries = only_post(desk)
    variants = desk.workspace.post_queries.get(post.id).variants
    assert post.text == "Common"
    assert list(variants) == [desk.accounts["bluesky"]]


async def test_an_account_is_switched_off(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n")
        await planner.type("Common")
        await planner.press("shift+tab", "space")
        assert "Choose an account first" in planner.said
        await planner.press("right", "space")
        assert "[ ] Ma" in planner.lines[2]
        await planner.press("ctrl+o")
    assert [row.account_id for row in only_post(desk)[1]] == [desk.accounts["gotosocial"], desk.accounts["bluesky"]]


async def test_a_wrong_time_is_said_and_pointed_at(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n")
        await planner.type("Text")
        await planner.press("ctrl+d")
        await planner.rub_out(16)
        assert "a draft, until it has a time" in planner.text
        await planner.type("2027-03-28 02:30")
        assert "does not exist" in planner.text
        assert "Say 03:30 or 01:30." in planner.text
        await planner.press("shift+tab", "ctrl+o")
        assert "does not exist" in planner.said
        focused = planner.app.screen.focused
        assert isinstance(focused, TextInput)
        assert focused.id == "when"
        await planner.press("ctrl+d")
        await planner.type("holnap 9")
        assert planner.said == ""
        assert "2026-09-22 09:00" in planner.text
        await planner.press("ctrl+o")
    assert only_post(desk)[0].planned_wall == "2026-09-22T09:00:00"


async def test_more_problems_than_lines_are_counted(desk: Desk) -> None:
    async with planning(desk.workspace, size=(80, 16)) as planner:
        await planner.press("right", "n", "ctrl+d")
        await planner.type("soon")
        assert "2 more" not in planner.text
        planner.app.screen.query_one("#late", TextInput).value = "never ever"
        await planner.settle()
        assert "“soon” is not a time" in planner.text
        assert "2 more" in planner.text


async def test_beside_the_preview_only_keys_that_work_are_named(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n", "ctrl+r")
        assert "esc leave" in planner.lines[-1]
        assert "find" not in planner.lines[-1]
        assert "quit" not in planner.lines[-1]


async def test_media_are_added_described_ordered_and_removed(desk: Desk, picture: Path, tmp_path: Path) -> None:
    second = tmp_path / "roll.png"
    Image.new("RGB", (10, 10), "brown").save(second)
    async with planning(desk.workspace, size=(120, 40)) as planner:
        await planner.press("right", "n", "ctrl+f")
        await planner.paste(str(tmp_path / "cro"))
        await planner.press("right", "tab")
        await planner.type("A croissant")
        await planner.press("enter")
        assert "croissant.png" in planner.text
        assert "png 1200x800" in planner.text
        await planner.press("ctrl+f")
        await planner.paste(str(tmp_path / "nothing.png"))
        await planner.press("enter")
        assert "cannot be read" in planner.text
        await planner.rub_out(len("nothing.png"))
        await planner.type("roll.png")
        await planner.press("enter")
        assert "has no description" in planner.text
        await planner.press("shift+tab", "shift+tab", "J")
        assert [row.original_name for row in planner.app.screen._assessment.media] == ["roll.png", "croissant.png"]
        await planner.press("k", "e")
        await planner.type("A roll")
        await planner.press("enter")
        assert [row.alt for row in planner.app.screen._assessment.media] == ["A roll", "A croissant"]
        await planner.press("j", "d")
        assert [row.alt for row in planner.app.screen._assessment.media] == ["A roll"]
        await planner.press("ctrl+o")
    assert [row.alt for row in desk.workspace.post_queries.get(only_post(desk)[0].id).media] == ["A roll"]


async def test_a_conflict_keeps_what_was_typed(desk: Desk) -> None:
    post = desk.plan("Old", seconds=3600 * 24)
    async with planning(desk.workspace) as planner:
        await planner.press("right", "e")
        await planner.type(" and new")
        draft, version = desk.workspace.post_queries.draft_of(post)
        desk.workspace.posts.edit(post, draft, version=version)
        await planner.press("ctrl+o")
        assert "was changed meanwhile" in planner.text
        await planner.press("n")
        assert "Old and new" in planner.text
        await planner.press("ctrl+o", "y")
    assert only_post(desk)[0].text == "Old and new"


async def test_a_post_that_is_changed_loses_its_approval_and_says_so(desk: Desk) -> None:
    desk.approved("Old", seconds=3600 * 24)
    async with planning(desk.workspace) as planner:
        await planner.press("right", "e")
        assert "approved" in planner.lines[1]
        await planner.type("er")
        await planner.press("ctrl+o")
        assert "3 approvals are void" in planner.said
        await planner.press("u")
    assert only_post(desk)[0].state == "approved"


async def test_what_is_public_is_not_rewritten_and_what_was_typed_stays(desk: Desk) -> None:
    post = desk.approved("Out", seconds=60)
    desk.clock.turn(90)
    await asyncio.to_thread(desk.drain, hours=1)
    async with planning(desk.workspace) as planner:
        await planner.press("e")
        assert "live" in planner.lines[1]
        await planner.type("er")
        await planner.press("ctrl+o")
        assert "Change what is live?" in planner.text
        await planner.press("n")
        assert "Outer" in planner.text
        await planner.press("escape")
    assert kept(desk) == {f"post:{post}": "Outer"}
    assert only_post(desk)[0].text == "Out"


async def test_without_an_account_a_post_stays_a_draft_and_says_so(desk: Desk) -> None:
    desk.workspace.projects.add(ProjectDraft("Gym", "Europe/London"))
    async with planning(desk.workspace, client=2) as planner:
        await planner.press("right", "n")
        await planner.type("Squats")
        assert "it stays a draft" in planner.text
        await planner.press("ctrl+t", "ctrl+o")
        assert "as a draft" in planner.said
    assert only_post(desk)[0].state == "draft"


async def test_the_text_is_written_in_the_users_editor(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smm_tui.screens.external_editor.edited", lambda app, text: text + " by vi")
    desk.plan("Written", seconds=3600 * 24)
    async with planning(desk.workspace) as planner:
        await planner.press("right", "E")
        assert "Written by vi" in planner.text
        await planner.press("ctrl+o")
    assert only_post(desk)[0].text == "Written by vi"


async def test_without_a_terminal_the_editor_is_refused_in_words(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n", "ctrl+g")
        assert "no terminal here" in planner.said


async def test_an_editor_that_cannot_start_gives_the_screen_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    resumed: list[WorkspaceApp] = []

    @contextmanager
    def suspend(app: WorkspaceApp) -> Iterator[None]:
        yield  # like Textual's own: what is raised here is never resumed from
        resumed.append(app)

    monkeypatch.setattr(WorkspaceApp, "suspend", suspend)
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n")
        await planner.type("Kept")
        await planner.press("ctrl+g")
        assert "/no/such/editor cannot be used: No such file or directory." in planner.said
        assert resumed == [planner.app]
        assert "Kept" in planner.text


async def test_control_characters_of_a_paste_never_reach_the_post(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n")
        await planner.paste("a\x1b[31mb\r\nc\u202ed\x07")
        assert planner.app.screen.query_one(TextArea).text == "a[31mb\nc\u202ed"
        assert "\u202e" not in planner.text


@pytest.mark.parametrize("size", [(60, 16), (40, 10), (200, 60)])
async def test_it_opens_in_any_window(desk: Desk, size: tuple[int, int]) -> None:
    async with planning(desk.workspace, size=size) as planner:
        planner.app.push_screen(ComposerScreen(desk.project))
        await planner.settle()
        assert len(planner.lines) == size[1]


async def test_the_cursor_is_the_terminals_own_reverse(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n")
        cursor = planner.app.screen.query_one(TextArea).get_component_rich_style("text-area--cursor")
        assert str(cursor) == "reverse default on default"


async def test_nothing_is_typed_where_nobody_sees_it(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n")
        await planner.type("Seen")
        await planner.pilot.resize_terminal(40, 10)
        await planner.type("blind")
        await planner.pilot.resize_terminal(80, 24)
        await planner.settle()
        await planner.type("!")
        assert planner.app.screen.query_one(TextArea).text == "Seen!"
        await planner.pilot.resize_terminal(40, 10)
        await planner.press("q")
        assert not isinstance(planner.app.screen, ComposerScreen)


async def test_a_letter_draws_little(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("right", "n")
        await planner.type("Hello ")
        before = planner.lines
        await planner.type("w")
        after = planner.lines
        changed = [place for place in range(len(before)) if before[place] != after[place]]
        assert len(changed) <= 2  # the line of the text, the line of the counts


def test_paths_are_completed(tmp_path: Path) -> None:
    (tmp_path / "bread").mkdir()
    (tmp_path / "butter.png").touch()
    assert complete_path(f"{tmp_path}/br") == f"{tmp_path}/bread/"
    assert complete_path(f"{tmp_path}/bu") == f"{tmp_path}/butter.png"
    assert complete_path(f"{tmp_path}/x") is None
    assert complete_path(f"{tmp_path}/none/x") is None


def test_handles_are_short_where_that_is_clear(desk: Desk) -> None:
    names = short_names(desk.workspace.account_queries.of_project(desk.project))
    assert names[desk.accounts["bluesky"]] == "@bakery"
    assert names[desk.accounts["mastodon"]] != names[desk.accounts["gotosocial"]]
