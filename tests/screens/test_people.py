"""Who writes: their card and other names, who is shut out, what is asked again, and the texts to answer."""

import json

import pytest

from smm_tui.db.tables import BanTable
from smm_tui.domain.clock import DAY
from smm_tui.services.saved_replies import SavedReplies
from tests.support.desk import make_desk
from tests.support.inbox import received, states
from tests.support.stage import SIZES, on_stage

BOTH = (SIZES[0], pytest.param(SIZES[1], marks=pytest.mark.matrix))


@pytest.fixture
def page(tmp_path):
    made = make_desk(tmp_path / "data", networks=("facebook", "mastodon"))
    yield made
    made.workspace.close()
    made.world.close()


def banned(page, message: int, *, account: str = "facebook", until: int | None = None) -> int:
    row = page.workspace.inbox_queries.get(message)
    with page.workspace.db.unit() as unit:
        ban = BanTable(
            account_id=page.accounts[account], author_id=row.author_id, verb="ban", reason="spam", actor="tester",
            created_at=unit.now, until=until,
        )  # fmt: skip
        unit.session.add(ban)
        unit.session.flush()
        return ban.id or 0


@pytest.mark.parametrize("size", BOTH)
async def test_a_person_with_all_their_names(page, size):
    (here,) = received(page, "Where is my bread?", account="facebook", author="Kata Nagy")
    (there,) = received(page, "Bread again", account="mastodon", author="Kata Nagy")
    received(page, "Hello", account="mastodon", author="Béla")
    page.workspace.inbox.strike([here], "rude", days=10)
    banned(page, here, until=page.clock.now + 3 * DAY)
    async with on_stage(page.workspace, size, home="moderation") as stage:
        text = await stage.press("p")
        assert "Kata Nagy" in text
        assert "rude  until 01 Oct" in text
        assert "until 24 Sep" in text
        assert "Where is my bread?" in text
        await stage.press("n")
        await stage.type("wholesale")
        await stage.press("enter")
        await stage.news()
        assert "wholesale  (tester" in stage.text
        text = await stage.press("l")
        assert text.index("Kata Nagy") < text.index("Béla")
        await stage.press("enter")
        await stage.news()
        assert "Bread again" in stage.text
        assert "mastodon" in stage.text
        card = page.workspace.inbox_queries.author_card
        author = page.workspace.inbox_queries.get(there).author_id
        assert [strike.reason for strike in card(author, page.project).strikes] == ["rude"]
        await stage.press("L")
        await stage.news()
        assert "Bread again" not in stage.text
        keys = stage.screen.list._ids
        stage.screen.list.move_to(keys.index(next(key for key in keys if key.startswith("strike:"))))
        await stage.press("d")
        await stage.news()
        assert "rude  until" not in stage.text
        await stage.press("u")
        await stage.news()
        assert "rude  until" in stage.text
        await stage.press("G", "enter")
        assert stage.screen.name == "moderation"
        assert stage.screen.list.current == here


async def test_bans_are_listed_lifted_written_out_and_applied(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (message,) = received(page, "buy now", account="mastodon", author="Spammer")
    banned(page, message, account="mastodon")
    target = tmp_path / "l"
    async with on_stage(page.workspace, (120, 40), home="bans") as stage:
        assert "Spammer" in stage.text
        assert "for good" in stage.text
        await stage.press("x", "ctrl+u")
        await stage.type("l")
        await stage.press("enter")
        assert [line["reason"] for line in json.loads(target.read_text())] == ["spam"]
        await stage.press("a", "tab")
        await stage.type("none")
        assert "is no ban list" in await stage.press("enter")
        await stage.press("ctrl+u")
        await stage.type("l")
        await stage.press("enter")
        assert "0 are shut out" in stage.message
        assert "another network" in stage.message
        await stage.press("d", "y")
        actions = page.workspace.inbox_queries.actions([message])[message]
        assert [(one.verb, one.state) for one in actions] == [("unban", "held")]
        await stage.press("u")
        actions = page.workspace.inbox_queries.actions([message])[message]
        assert [one.state for one in actions] == ["cancelled"]


async def test_what_is_asked_again_becomes_a_saved_reply_or_an_idea(page):
    received(page, "Mennyi a szállítás Szegedre?", "Hello", account="facebook")
    received(page, "@bakery mennyi Szegedre a szállítás", account="mastodon", author="Béla")
    async with on_stage(page.workspace, home="questions") as stage:
        assert len(stage.screen.list) == 1
        assert "szállítás" in stage.text
        await stage.press("s", "tab")
        await stage.type("990 Ft.")
        await stage.press("enter")
        (reply,) = page.workspace.saved_replies.of_project(page.project)
        assert (reply.text, reply.project_id) == ("990 Ft.", page.project)
        assert "szállítás" in reply.name
        await stage.press("i")
        (idea,) = page.workspace.scheme_queries.ideas(page.project)
        assert "szállítás" in idea.text
        await stage.press("enter")
        assert stage.screen.name == "moderation"


async def test_saved_replies_are_kept_changed_and_thrown_away(page, monkeypatch):
    page.workspace.saved_replies.add(page.project, "Hours", "From six.")
    replies: SavedReplies = page.workspace.saved_replies
    monkeypatch.setattr("smm_tui.screens.external_editor.edited", lambda app, text: text + "\nAnd on Sundays.")
    async with on_stage(page.workspace, home="replies") as stage:
        await stage.press("n")
        await stage.type("Odd")
        await stage.press("tab")
        await stage.type("Dear ")
        await stage.pilot.press("left_curly_bracket")
        await stage.type("nobody")
        await stage.pilot.press("right_curly_bracket")
        assert "Nobody knows the variable" in await stage.press("enter")
        await stage.press("escape", "y", "E")
        assert replies.find("Hours", page.project).text == "From six.\nAnd on Sundays."
        await stage.press("d", "y")
        assert replies.of_project(None) == []
        await stage.press("u")
        assert [row.name for row in replies.of_project(None)] == ["Hours"]


async def test_what_waits_for_a_person_is_settled_from_the_queue(page):
    from smm_tui.db.tables import ActionTable

    one, two = received(page, "is there bread?", "and rolls?", account="facebook")
    page.workspace.inbox.reply(one, "Yes")
    page.workspace.inbox.reopen([one])
    (action,) = page.workspace.inbox_queries.actions([one])[one]
    with page.workspace.db.unit() as unit:
        row = unit.session.get_one(ActionTable, action.id)
        row.state, row.error_kind = "failed", "answered_elsewhere"
        row.error_message, row.error_hint = "Somebody else answered meanwhile: “From six”", "Send yours as well."
    async with on_stage(page.workspace, (120, 40), home="moderation") as stage:
        assert "From six" in stage.text
        text = await stage.press("S")
        assert "Somebody else answered meanwhile" in text
        await stage.press("y")
        assert page.workspace.inbox_queries.action(action.id).state == "held"
        assert states(page, [one]) == ["answered"]
        await stage.press("g", "g", "j", "D")
        assert stage.message == "Nothing that was done about it waits for you."
        assert states(page, [two]) == ["new"]


async def test_why_it_is_spam_and_what_a_rule_suggests(page):
    from smm_tui.db.tables import RuleHitTable
    from smm_tui.services.rules import RuleDraft

    spam = received(page, *(f"ingyen nyeremény {n}" for n in range(4)), account="facebook", author="X")
    good = received(page, *(f"köszönöm a kenyeret {n}" for n in range(4)), account="facebook", author="Y")
    page.workspace.inbox.spam(spam)
    page.workspace.inbox.approve(good)
    page.workspace.saved_replies.add(page.project, "Prices", "990 Ft.")
    page.workspace.saved_replies.add(page.project, "A first one", "Yes.")
    rule = page.workspace.rules.add(RuleDraft("Price", ("word ingyen",), ("reply Prices",), page.project)).ids[0]
    (message,) = received(page, "ingyen nyeremény neked", account="facebook", author="Z", spam_score=0.97)
    with page.workspace.db.unit() as unit:
        unit.session.add(RuleHitTable(rule_id=rule, message_id=message, at=unit.now, why="‘ingyen’"))
    async with on_stage(page.workspace, (120, 40), home="moderation") as stage:
        assert "because: " in stage.text
        assert "‘nyeremén" in stage.text or "‘ingyen’" in stage.text
        assert "a rule suggests the saved reply: Prices" in stage.text
        text = await stage.press("s")
        assert text.index("Prices") < text.index("A first one")
        await stage.press("enter")
        assert stage.screen._box.editor.text == "990 Ft."


async def test_texts_of_strangers_are_inert_on_all_of_these_screens(page):
    from smm_tui.db.tables import RuleHitTable
    from smm_tui.services.rules import RuleDraft
    from tests.support.inbox import NASTY

    evil = "Evil\x1b]0;x\x07\u202e\x00[bold]"
    ids = received(
        page, *(text + "?" for text in NASTY), *(text + "?" for text in NASTY), account="facebook", author=evil
    )
    page.workspace.inbox.strike(ids[:1], "rude\x1b[2J")
    banned(page, ids[0])
    page.workspace.saved_replies.add(None, "x\u202ey", "\x1b[31mred")
    rule = page.workspace.rules.add(RuleDraft("All", ("kind comment",), ("flag",))).ids[0]
    with page.workspace.db.unit() as unit:
        for number in ids:
            unit.session.add(RuleHitTable(rule_id=rule, message_id=number, at=unit.now, why="\x1b[2J\u202e"))
    async with on_stage(page.workspace, home="moderation") as stage:
        for keys in (("p",), ("escape", "g", "q"), ("s",), ("escape", "g", "e"), ("g", "b"), ("g", "r"), ("enter",),
                     ("escape", "t")):  # fmt: skip
            text = await stage.press(*keys)
            assert not [char for char in text if (ord(char) < 32 and char != "\n") or char in "\u202e\u2066\x7f"], (
                keys
            )
        assert "It would have caught 18 of the newest 18 messages." in text
