"""The frame around the screens: clients, errors, small windows, the place to come back to."""

import pytest

from smm_tui.app import PLACE, WorkspaceApp
from smm_tui.domain.errors import DataError
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.terminal.profile import LineProfile
from tests.support.stage import SIZES, on_stage


@pytest.mark.parametrize("size", [(40, 10), (20, 3), (59, 24), (80, 15)])
async def test_a_window_that_is_too_small_says_so_and_recovers(desk, size):
    async with on_stage(desk.workspace, size) as stage:
        assert "This window" in stage.text
        await stage.press("d", "y")
        assert desk.workspace.project_queries.all()
        await stage.pilot.resize_terminal(80, 24)
        await stage.settle()
        assert "Bakery" in stage.text
        await stage.press("j", "question_mark")
        assert "Keys that work here" in stage.text


@pytest.mark.parametrize("size", SIZES)
async def test_digits_switch_the_client(desk, size):
    desk.workspace.projects.add(ProjectDraft("Gym", "America/New_York"))
    async with on_stage(desk.workspace, size) as stage:
        assert "16:13" not in stage.lines[0]
        assert "16:13 BUD" in (await stage.press("1")).splitlines()[0]
        assert "10:13 NEW" in (await stage.press("2")).splitlines()[0]
        await stage.press("7")
        assert stage.message == "No client has the key 7."
        assert "14:13 UTC" in (await stage.press("0")).splitlines()[0]


async def test_the_next_start_goes_on_where_this_one_ended(desk):
    desk.approved("Rolls")
    async with on_stage(desk.workspace) as stage:
        await stage.press("1", "g", "d", "o", "j")
        await stage.press("g", "s", "j", "q")
    assert desk.workspace.records.setting(PLACE)
    async with on_stage(desk.workspace) as stage:
        assert stage.screen.name == "setup"
        assert stage.app.desk.client == desk.project
        assert stage.screen.list.position == 1


async def test_a_place_that_is_no_longer_there_does_no_harm(desk):
    for place in ("nonsense", "[]", '{"client": 99, "screen": "gone", "at": {"x": 1}}', '{"client": "x", "at": 5}'):
        desk.workspace.records.remember(PLACE, place)
        async with on_stage(desk.workspace) as stage:
            assert "Bakery" in stage.text


async def test_an_error_while_loading_names_the_key_that_tries_again(desk, monkeypatch):
    async with on_stage(desk.workspace) as stage:
        overview = desk.workspace.project_queries.overview

        def refuse():
            raise DataError("The database is locked.", "Wait a moment.")

        monkeypatch.setattr(desk.workspace.project_queries, "overview", refuse)
        text = await stage.press("R")
        assert "The database is locked. Wait a moment." in text
        assert "R tries again." in text
        monkeypatch.setattr(desk.workspace.project_queries, "overview", overview)
        assert "nothing planned" in await stage.press("R")


async def test_an_error_nobody_foresaw_is_a_sentence_and_a_log(desk, monkeypatch):
    monkeypatch.setattr(desk.workspace.undo, "undo", lambda: 1 // 0)
    async with on_stage(desk.workspace) as stage:
        await stage.press("u")
        assert "Something went wrong inside the program (ZeroDivisionError)" in stage.message
        assert "Traceback" not in stage.text
    assert "ZeroDivisionError" in desk.workspace.settings.paths.log.read_text()


async def test_messages_are_inert(desk):
    async with on_stage(desk.workspace) as stage:
        stage.app.desk.say("[bold]\x1b[31m\u202e" + "x" * 500, "error")
        await stage.settle()
        assert "[bold]␛[31m" in stage.text
        assert "? keys" in stage.lines[-1]


async def test_help_lists_reasons_is_searched_and_runs(desk):
    async with on_stage(desk.workspace, (120, 40)) as stage:
        text = await stage.press("g", "s", "question_mark")
        assert "Choose a client first" in text
        await stage.type("go to del")
        assert "No such" not in stage.text
        await stage.press("enter")
        assert stage.screen.name == "deliveries"
        await stage.press("question_mark")
        await stage.type("zzzz")
        assert "Nothing is called that." in stage.text
        await stage.press("enter", "escape")
        assert stage.screen.name == "deliveries"


async def test_the_palette_goes_to_clients_by_name(desk):
    desk.workspace.projects.add(ProjectDraft("Gym", "America/New_York"))
    async with on_stage(desk.workspace) as stage:
        await stage.press("ctrl+p")
        await stage.type("gym")
        await stage.press("enter")
        assert stage.app.desk.project.name == "Gym"


async def test_a_chord_shows_what_may_follow_and_can_be_given_up(desk):
    async with on_stage(desk.workspace) as stage:
        await stage.pilot.press("g")
        await stage.until(lambda: "p projects" in stage.text)
        await stage.press("escape")
        assert "p projects" not in stage.text
        await stage.press("g", "x")
        assert stage.message == "g x does nothing here."


async def test_keys_answer_by_position_on_a_cyrillic_layout(desk):
    async with on_stage(desk.workspace) as stage:
        await stage.press("п", "в")
        assert stage.screen.name == "deliveries"


async def test_nothing_is_drawn_when_nothing_changed(desk):
    async with on_stage(desk.workspace) as stage:
        drawn = []
        stage.app._display = lambda screen, update: drawn.append(update)  # type: ignore[method-assign]
        await stage.news()
        await stage.news()
        assert not [update for update in drawn if update is not None]


async def test_news_of_another_process_is_shown(desk):
    async with on_stage(desk.workspace) as stage:
        desk.workspace.projects.add(ProjectDraft("Gym", "America/New_York"))
        await stage.until(lambda: "Gym" in stage.text)


async def test_wrong_keys_in_the_settings_are_told_at_the_start(desk):
    desk.workspace.settings = desk.workspace.settings._replace(keys={"projects.nwe": "x"})
    async with on_stage(desk.workspace) as stage:
        assert "did you mean projects.new?" in stage.text


async def test_ascii_terminals_get_ascii(desk):
    app = WorkspaceApp(desk.workspace, profile=LineProfile(ascii=True), run_worker=False)
    async with app.run_test(size=(80, 24)) as pilot:
        for _turn in range(20):
            await pilot.pause()
        text = "".join(segment.text for strip in app.screen._compositor.render_strips() for segment in strip)
        assert "Bakery" in text
        assert text.isascii()


async def test_it_publishes_by_itself_while_no_other_worker_does(desk):
    post = desk.approved("Rolls", accounts=["mastodon"])
    desk.clock.turn(61)
    app = WorkspaceApp(desk.workspace)
    async with app.run_test(size=(80, 24)) as pilot:
        while desk.states(post) != {"mastodon": "live"}:
            await pilot.pause(0.02)
        while app.desk.chrome.worker != "here":
            await pilot.pause(0.02)
        await pilot.press("q")
    assert desk.workspace.records.worker().where == "off"
    assert desk.live() == {("social.sandbox", "Rolls"): 1}


async def test_a_mistake_of_the_program_ends_it_with_a_sentence(desk):
    app = WorkspaceApp(desk.workspace, run_worker=False)

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            app.call_later(lambda: 1 // 0)
            await pilot.pause(0.1)

    with pytest.raises(ZeroDivisionError):
        await run()
    assert "ZeroDivisionError" in app.failure
    assert "ZeroDivisionError" in desk.workspace.settings.paths.log.read_text()
