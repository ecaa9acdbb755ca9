"""Moderation: the queue, one key a verdict, everything can be taken back."""

import pytest

from smm_tui.db.tables import AccountTable, SavedReplyTable
from smm_tui.domain.clock import HOUR, MINUTE
from smm_tui.screens.moderation_state import merged
from smm_tui.services.project_queries import ProjectDraft
from tests.support.desk import make_desk
from tests.support.inbox import NASTY, received, states
from tests.support.stage import SIZES, on_stage


@pytest.fixture
def page(tmp_path):
    """A workspace with accounts on Facebook and Mastodon: the first can hide, the second cannot."""
    made = make_desk(tmp_path / "data", networks=("facebook", "mastodon"))
    yield made
    made.workspace.close()
    made.world.close()


@pytest.mark.parametrize("size", SIZES)
async def test_the_queue_and_the_conversation_stand_side_by_side(desk, size):
    received(desk, "Is there bread?", "And rolls?", author="Kata N.")
    async with on_stage(desk.workspace, size, home="moderation") as stage:
        text = stage.text
        assert "0:30" in text
        assert "backlog 2" in text
        assert text.count("Is there bread?") == 2
        assert "Kata N." in text
        assert "2 messages here" in text
        assert "a close" in stage.lines[-1]
        assert "> Kata N." in await stage.press("j")
        assert stage.text.count("And rolls?") == 2
        assert all(len(line) <= size[0] for line in stage.lines)


async def test_without_messages_or_accounts_it_says_so(desk, empty_workspace):
    async with on_stage(desk.workspace, home="moderation") as stage:
        assert "Nothing waits: everybody has an answer." in stage.text
        await stage.press("h")
        assert stage.message == "There is no message here to do that with."


VERDICTS = {
    "a": "closed",
    "h": "hidden",
    "d": "deleted",
    "x": "hidden",
    "f": "flagged",
}


@pytest.mark.parametrize("key", VERDICTS)
async def test_one_key_a_verdict_and_the_next_is_there_and_u_takes_it_back(page, key):
    ids = received(page, "one", "two", "three", account="facebook")
    async with on_stage(page.workspace, home="moderation") as stage:
        await stage.press(key)
        if "There is no way back." in stage.text:
            assert states(page, ids)[0] == "new"
            await stage.press("y")
        await stage.news()
        assert states(page, ids) == [VERDICTS[key], "new", "new"]
        assert len(stage.screen.list) == 3  # what is dealt with stays until the list is loaded anew
        assert stage.screen.list.current == ids[1]
        assert stage.text.count("two") == 2
        assert "u undoes" in stage.message
        await stage.press("u")
        await stage.news()
        assert states(page, ids) == ["new"] * 3
        assert stage.screen.list.current == ids[0]
        assert not [action for actions in page.workspace.inbox_queries.actions(ids).values() for action in actions
                    if action.state != "cancelled"]  # fmt: skip


async def test_like_unhide_reopen_and_their_undo(page):
    (message,) = received(page, "nice", account="facebook")
    rows = page.workspace.inbox_queries.rows
    async with on_stage(page.workspace, home="moderation") as stage:
        await stage.press("l")
        assert rows([message])[message].liked
        await stage.press("u")
        assert not rows([message])[message].liked
        await stage.press("h")
        page.clock.turn(60)
        await stage.press("H")
        assert states(page, [message]) == ["approved"]
        await stage.press("u")
        assert states(page, [message]) == ["hidden"]
        await stage.press("o")
        assert states(page, [message]) == ["new"]
        await stage.press("u")
        assert states(page, [message]) == ["hidden"]


async def test_snooze_assign_strike_note_and_ban_ask_and_can_be_undone(page):
    (message,) = received(page, "again you", account="facebook", author="Troll")
    queries = page.workspace.inbox_queries
    async with on_stage(page.workspace, home="moderation") as stage:
        await stage.press("z", "ctrl+u")
        await stage.type("yesterday-ish")
        await stage.press("enter")
        assert "Out of the queue until" in stage.text
        await stage.press("ctrl+u")
        await stage.type("+2h")
        await stage.press("enter")
        assert states(page, [message]) == ["snoozed"]
        assert queries.get(message).snoozed_until == page.clock.now + 2 * HOUR
        await stage.press("u")
        assert states(page, [message]) == ["new"]

        await stage.press("A", "ctrl+u")
        await stage.type("anna")
        await stage.press("enter")
        await stage.news()
        assert "(anna)" in stage.text
        await stage.press("u")
        assert queries.get(message).assigned_to == ""

        await stage.press("w", "enter")
        assert "A strike needs a reason." in stage.text
        await stage.type("rude")
        await stage.press("enter")
        await stage.news()
        assert "1 strike" in stage.text
        await stage.press("u")
        assert queries.author_card(queries.get(message).author_id, page.project).strikes == []

        await stage.press("n")
        await stage.type("wholesale")
        await stage.press("enter")
        await stage.news()
        assert "note: wholesale" in stage.text
        await stage.press("u")
        assert queries.author_card(queries.get(message).author_id, page.project).notes == []

        await stage.press("b")
        assert "Shut the author out" in stage.text
        await stage.press("tab")
        await stage.type("spam")
        await stage.press("enter")
        assert states(page, [message]) == ["closed"]
        (action,) = queries.actions([message])[message]
        assert (action.verb, action.reason, action.state) == ("ban", "spam", "held")
        await stage.press("u")
        assert queries.action(action.id).state == "cancelled"
        assert states(page, [message]) == ["new"]


async def test_what_a_network_cannot_do_is_dimmed_and_says_why(page):
    received(page, "hello", account="mastodon")
    async with on_stage(page.workspace, (120, 40), home="moderation") as stage:
        assert "moderation.hide" in stage.screen.dimmed()
        await stage.press("h")
        assert "cannot do that on mastodon" in stage.message
        assert "cannot do that on mastodon" in await stage.press("question_mark")


@pytest.mark.parametrize("key", ["d"])
async def test_what_cannot_be_taken_back_is_said_first(page, key):
    ids = received(page, "one", account="facebook")
    async with on_stage(page.workspace, home="moderation") as stage:
        text = await stage.press(key)
        assert "lets nobody take it back" in text
        assert "Until it leaves, in 10 s, u takes it back." in text
        await stage.press("n")
        assert states(page, ids) == ["new"]


async def test_counts_selections_and_ranges(page):
    ids = received(page, *(f"m{n}" for n in range(8)), account="facebook")
    async with on_stage(page.workspace, home="moderation") as stage:
        await stage.press("3", "h")
        assert states(page, ids) == ["hidden"] * 3 + ["new"] * 5
        assert stage.screen.list.current == ids[3]
        await stage.press("space", "space", "a")
        assert states(page, ids)[3:] == ["closed"] * 2 + ["new"] * 3
        await stage.press("v", "j", "a")
        assert states(page, ids)[5:] == ["closed"] * 2 + ["new"]
        await stage.press("u", "u", "u")
        assert states(page, ids) == ["new"] * 8


async def test_everything_in_the_filter_is_asked_back(page):
    ids = received(page, *(f"m{n}" for n in range(12)), account="facebook")
    async with on_stage(page.workspace, home="moderation") as stage:
        text = await stage.press("*", "h")
        assert "hide: 12 messages?" in text
        assert "For: Bakery." in text
        assert "u takes it back" in text
        await stage.press("y")
        assert set(states(page, ids)) == {"hidden"}
        await stage.press("u")
        assert set(states(page, ids)) == {"new"}


async def test_a_digit_alone_is_a_client(page):
    page.workspace.projects.add(ProjectDraft("Gym", "America/New_York"))
    received(page, "one", account="facebook")
    async with on_stage(page.workspace, home="moderation") as stage:
        await stage.press("2")
        await stage.until(lambda: stage.app.desk.client == 2)
        await stage.settle()
        assert "No account is connected yet" in stage.text
        await stage.press("1", "j")
        assert stage.app.desk.client == 1


async def test_all_by_this_author(page):
    first = received(page, "a1", "a2", account="facebook", author="A")
    other = received(page, "b1", account="facebook", author="B")
    async with on_stage(page.workspace, home="moderation") as stage:
        await stage.press("y", "a")
        assert states(page, first + other) == ["closed", "closed", "new"]


async def test_new_messages_never_move_the_row_under_the_cursor(page):
    ids = received(page, *(f"m{n}" for n in range(5)), account="facebook")
    async with on_stage(page.workspace, home="moderation") as stage:
        await stage.press("j", "j")
        before = stage.lines[:6]
        received(page, "urgent", account="facebook", due_at=page.clock.now + MINUTE)
        await stage.news()
        assert stage.lines[2:6] == before[2:6]
        assert stage.screen.list.current == ids[2]
        assert "urgent" in stage.lines[6]
        await stage.press("g", "g", "R")
        await stage.settle()
        assert "urgent" in "".join(stage.lines[2:5])


def test_merging_keeps_what_is_above_the_cursor():
    assert merged([1, 2, 3], [0, 2, 9, 3, 10], 0) == [1, 0, 2, 9, 3, 10]
    assert merged([1, 2, 3], [0, 2, 9, 3, 10], 2) == [1, 2, 3, 0, 9, 10]
    assert merged([1, 2], [2, 1], 0) == [1, 2]


async def test_the_filter_and_the_search(page):
    received(page, "is there bread", account="facebook")
    received(page, "when is it open", account="mastodon", kind="mention")
    async with on_stage(page.workspace, home="moderation") as stage:
        await stage.press("slash")
        await stage.type("brea")
        assert len(stage.screen.list) == 1
        await stage.press("enter", "escape")
        assert len(stage.screen.list) == 2
        await stage.press("F", "tab", "space", "space", "enter")
        await stage.settle()
        assert len(stage.screen.list) == 1
        assert "mention" in stage.lines[1]
        await stage.press("escape")
        assert len(stage.screen.list) == 2


async def test_an_answer_is_counted_sent_and_taken_back(page):
    (message, _other) = received(page, "is there bread?", "and rolls?", account="mastodon")
    queries = page.workspace.inbox_queries
    async with on_stage(page.workspace, (120, 40), home="moderation") as stage:
        await stage.press("r")
        await stage.type("Yes")
        assert "To Kata on" in stage.text
        assert "/500" in stage.text
        await stage.press("escape", "r")
        assert stage.screen._box.editor.text == "Yes"  # what was typed is kept
        stage.screen._box.editor.put("x" * 600)
        await stage.press("ctrl+o")
        assert "too long" in stage.message
        stage.screen._box.editor.put("Yes, from six.")
        await stage.press("ctrl+o")
        assert states(page, [message]) == ["answered"]
        (action,) = queries.actions([message])[message]
        assert (action.verb, action.text, action.state) == ("reply", "Yes, from six.", "held")
        assert page.workspace.records.autosave(f"reply:{message}") is None
        assert stage.screen.list.current == _other
        await stage.press("u")
        assert queries.action(action.id).state == "cancelled"
        assert states(page, [message]) == ["new"]


async def test_an_answer_is_written_in_the_editor(page, monkeypatch):
    received(page, "is there bread?", account="mastodon")
    monkeypatch.setattr("smm_tui.screens.moderation.edited", lambda app, text: text + "From $EDITOR")
    async with on_stage(page.workspace, home="moderation") as stage:
        await stage.press("E")
        assert stage.screen._box.editor.text == "From $EDITOR"


@pytest.mark.parametrize("size", SIZES)
async def test_texts_of_strangers_are_inert_and_whole(page, size):
    ids = received(page, *NASTY, account="facebook", author="Evil\x1b]0;x\x07\u202e\x00")
    async with on_stage(page.workspace, size, home="moderation") as stage:
        for _row in ids:
            text = stage.text
            assert not [char for char in text if (ord(char) < 32 and char != "\n") or char in "\u202e\u2066\x7f"]
            await stage.press("enter")
            text = stage.text
            assert not [char for char in text if (ord(char) < 32 and char != "\n") or char in "\u202e\u2066\x7f"]
            await stage.press("escape", "j")
        await stage.press("g", "g", "j", "j", "j", "enter")
        lines = stage.screen.list
        assert sum(cells[0].text.count("a") for cells in lines._rows.values()) >= 100_000


async def test_the_message_tells_who_did_what(page):
    received(page, "hello", account="facebook")
    async with on_stage(page.workspace, (120, 40), home="moderation") as stage:
        await stage.press("h", "enter")
        text = stage.text
        assert "What was done" in text
        assert "hide, tester: held" in text
        assert "tester: hide: Kata" in text
        await stage.press("escape")
        assert stage.screen.name == "moderation"


async def test_from_today_to_the_message_and_back(page):
    ids = received(page, "one", "two", account="facebook")
    async with on_stage(page.workspace, home="today") as stage:
        assert "Kata: one" in stage.text
        await stage.press("j", "enter")
        assert stage.screen.name == "moderation"
        assert stage.screen.list.current == ids[1]
        await stage.press("escape")
        assert stage.screen.name == "today"
        assert stage.screen.list.position == 1


async def test_an_account_that_was_removed_is_told(page):
    received(page, "one", account="facebook")
    with page.workspace.db.unit() as unit:
        unit.session.get_one(AccountTable, page.accounts["facebook"]).removed_at = unit.now
    async with on_stage(page.workspace, home="moderation") as stage:
        await stage.press("h")
        assert "removed" in stage.message
        assert "0:30" in stage.text


async def test_a_saved_reply_is_found_by_some_of_its_letters_and_filled_in(page):
    received(page, "how much?", account="mastodon", author="{link} Kata")
    with page.workspace.db.unit() as unit:
        for name, text in (("Opening hours", "From six."), ("Delivery price", "Dear {author}, 990 Ft.")):
            unit.session.add(SavedReplyTable(project_id=page.project, name=name, text=text))
        unit.session.add(SavedReplyTable(project_id=None, name="Thanks", text="Thank you!"))
    async with on_stage(page.workspace, home="moderation") as stage:
        await stage.press("s")
        assert "Thank you!" in stage.text
        await stage.type("delpr")
        assert len(stage.screen.list) == 1
        await stage.press("enter")
        assert stage.screen._box.editor.text == "Dear {link} Kata, 990 Ft."
        await stage.press("ctrl+o")
        assert not stage.screen.has_class("-answering")
        assert page.workspace.saved_replies.find("Delivery", page.project).used == 1


async def test_the_tabs_count_what_wants_an_answer(page):
    received(page, "one", "two", account="facebook")
    async with on_stage(page.workspace, home="moderation") as stage:
        assert "1 Bakery 2" in stage.lines[0]
        await stage.press("a")
        await stage.news()
        assert "1 Bakery 1" in stage.lines[0]


async def test_going_where_one_is_loads_anew(page):
    ids = received(page, "one", "two", account="facebook")
    async with on_stage(page.workspace, home="moderation") as stage:
        await stage.press("a", "g", "m")
        assert stage.screen._ids == [ids[1]]
        await stage.press("a")
        assert states(page, ids) == ["closed", "closed"]


async def test_fine_labels_report_and_the_promise(page):
    one, two = received(page, "one", "two", account="mastodon")
    queries = page.workspace.inbox_queries
    async with on_stage(page.workspace, (120, 40), home="moderation") as stage:
        await stage.press("c")
        assert states(page, [one, two]) == ["approved", "new"]
        await stage.press("u")
        await stage.press("t")
        await stage.type("vip, press")
        await stage.press("enter")
        assert queries.get(one).labels == ["vip", "press"]
        await stage.press("g", "g", "t", "ctrl+u")
        await stage.type("vip")
        await stage.press("enter")
        assert queries.get(one).labels == ["vip"]
        text = await stage.press("g", "g", "X")
        assert "report: 1 message?" in text
        assert "lets nobody take it back" in text
        await stage.press("y")
        (action,) = queries.actions([one])[one]
        assert (action.verb, action.state) == ("report", "held")
        await stage.press("P", "ctrl+u")
        await stage.type("60")
        fields = {field.field.name: field for field in stage.screen.query("FormField")}
        fields["hours"].editor.value = "0-4=09:00-17:00; 5=10:00-12:00"
        fields["message"].editor.value = "ten"
        assert "That is no number of minutes." in await stage.press("enter")
        fields["message"].editor.value = "10"
        await stage.press("enter")
        assert "People are answered within 60 minutes." in stage.message
        await stage.press("P")
        fields = {field.field.name: field.value for field in stage.screen.query("FormField")}
        assert (fields["minutes"], fields["message"]) == ("60", "10")
        assert fields["hours"] == "0-4=09:00-17:00; 5=10:00-12:00"
