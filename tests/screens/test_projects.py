"""Projects: the clients side by side; adding, changing, archiving."""

import pytest

from smm_tui.services.project_queries import ProjectDraft
from tests.support.stage import SIZES, on_stage


@pytest.mark.parametrize("size", SIZES)
async def test_what_burns_stands_in_a_line(desk, size):
    desk.plan("Fresh rolls", seconds=3600)
    desk.workspace.projects.add(ProjectDraft("Gym", "America/New_York"))
    async with on_stage(desk.workspace, size) as stage:
        assert ("3 ok" in stage.text) == (size[0] == 120)
        assert "today 17:13" in stage.text
        assert "nothing planned" in stage.text
        assert "1 Bakery" in stage.text.splitlines()[0]
        assert "n new" in stage.text.splitlines()[-1]
        assert all(len(line) <= size[0] for line in stage.text.splitlines())


async def test_an_empty_workspace_names_the_key_that_fills_it(empty_workspace):
    async with on_stage(empty_workspace) as stage:
        assert "Press n to add the first one" in stage.text
        await stage.press("n")
        await stage.type("Gym")
        await stage.press("tab", "tab", "tab")
        await stage.type("Europe/Budapest")
        await stage.press("enter")
        await stage.news()
        assert "Gym" in stage.text
        assert stage.message == "Added project Gym.  u undoes."
        await stage.press("u")
        await stage.news()
        assert "Press n to add" in stage.text
        await stage.press("U")
        await stage.news()
        assert "nothing planned" in stage.text


async def test_a_form_says_what_is_wrong_where_it_is_and_asks_before_it_forgets(desk):
    async with on_stage(desk.workspace) as stage:
        await stage.press("n", "enter")
        assert "A project needs a name." in stage.text
        await stage.type("BAKERY")
        await stage.press("enter")
        assert "There is already a project" in stage.text
        await stage.press("escape")
        assert "Close without saving?" in stage.text
        await stage.press("n")
        assert "New project" in stage.text
        await stage.press("escape", "y")
        assert "New project" not in stage.text
        assert [row.name for row in desk.workspace.project_queries.all()] == ["Bakery"]


async def test_changing_a_project_changed_elsewhere_is_refused(desk):
    async with on_stage(desk.workspace) as stage:
        await stage.press("e")
        draft, version = desk.workspace.projects.draft_of(desk.project)
        desk.workspace.projects.edit(desk.project, draft, version=version)
        await stage.type("x")
        await stage.press("enter")
        assert "was changed in another window meanwhile" in stage.text


async def test_archiving_says_what_it_does_and_can_be_taken_back(desk):
    post = desk.approved("Rolls")
    async with on_stage(desk.workspace) as stage:
        text = await stage.press("d")
        assert "Archive Bakery?" in text
        assert "u takes it back" in text
        await stage.press("n")
        assert desk.workspace.project_queries.all()
        await stage.press("d", "enter", "y")
        await stage.news()
        assert not desk.workspace.project_queries.all()
        assert "Press n to add" in stage.text
        await stage.press("u")
        assert set(desk.states(post).values()) == {"approved"}


async def test_enter_opens_the_clients_calendar_and_esc_comes_back_to_the_row(desk):
    desk.workspace.projects.add(ProjectDraft("Gym", "America/New_York"))
    async with on_stage(desk.workspace) as stage:
        await stage.press("j", "enter")
        assert stage.app.desk.client is not None
        assert stage.screen.name == "calendar"
        await stage.press("escape")
        assert stage.screen.name == "projects"
        assert stage.screen.list.position == 1


async def test_the_filter_works_with_every_letter(desk):
    desk.workspace.projects.add(ProjectDraft("Gym", "America/New_York"))
    async with on_stage(desk.workspace) as stage:
        await stage.press("slash")
        await stage.type("gy")
        assert "filter: gy" in stage.text
        assert len(stage.screen.list) == 1
        await stage.type("zzz")
        assert "No client fits the filter." in stage.text
        await stage.press("escape")
        assert len(stage.screen.list) == 2
        await stage.press("slash")
        await stage.type("gy")
        await stage.press("enter", "escape")
        assert len(stage.screen.list) == 2


async def test_a_name_from_anywhere_is_only_text(desk):
    with desk.workspace.db.unit() as unit:
        unit.connection.exec_driver_sql(
            "UPDATE project SET name = ?",
            ("[red]\x1b[31mBad\u202egnp[/red]\x07 " + "e\u0301\u0301\u0301\u0301\u0301\u0301",),
        )
    async with on_stage(desk.workspace) as stage:
        assert "[red]" in stage.text
        assert not [char for char in stage.text if (ord(char) < 32 and char != "\n") or char in "\u202e\x7f"]
