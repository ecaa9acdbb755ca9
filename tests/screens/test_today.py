"""Today: one list of all that wants a person, worst first."""

import json

import pytest

from smm_tui.app import HOME
from smm_tui.cli.entry import run
from smm_tui.db.tables import AccountTable, DeliveryTable
from smm_tui.domain.clock import DAY, HOUR, SECOND
from smm_tui.domain.states import AccountState, State
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.services.today import Kind, Rank
from tests.support.desk import Desk
from tests.support.stage import SIZES, on_stage


def trouble(desk: Desk) -> dict[str, int]:
    """One of everything; ids by what they are."""
    made = {"unknown": desk.approved("Rolls", accounts=["mastodon"], seconds=600)}
    made["missed"] = desk.approved("Bread", accounts=["bluesky"], seconds=700)
    made["approval"] = desk.plan("Cake [b]\u202e", seconds=5 * HOUR // SECOND, accounts=["mastodon"])
    with desk.workspace.db.unit() as unit:
        for state in ("unknown", "missed"):
            (delivery,) = desk.workspace.post_queries.get(made[state]).deliveries
            row = unit.session.get_one(DeliveryTable, delivery.id)
            row.state, row.needs_human, row.error_message = State(state), True, f"\x1b[2JIt is {state}."
        account = unit.session.get_one(AccountTable, desk.accounts["gotosocial"])
        account.facts = {**account.facts, "expires_at": desk.clock.now + 3 * DAY}
        unit.session.get_one(AccountTable, desk.accounts["bluesky"]).state = AccountState.AUTH
    return made


def test_the_worst_comes_first(desk):
    trouble(desk)
    due = desk.approved("Soon", accounts=["mastodon"], seconds=5)
    desk.clock.turn(6)
    found = desk.workspace.today.all()
    assert [(item.kind, item.state) for item in found] == [
        (Kind.WORKER, "off"),
        (Kind.DELIVERY, "unknown"),
        (Kind.ACCOUNT, "auth"),
        (Kind.DELIVERY, "missed"),
        (Kind.APPROVAL, "planned"),
        (Kind.GAP, "empty"),
        (Kind.ACCOUNT, "expiring"),
    ]
    assert [item.rank for item in found] == sorted(item.rank for item in found)
    assert "7 days without a post: Tue 22, Wed 23" in found[-2].text
    desk.workspace.deliveries.hold(desk.workspace.post_queries.get(due).deliveries[0].id)
    assert Rank.STOPPED not in {item.rank for item in desk.workspace.today.all()}


def test_only_clients_that_are_there_and_can_publish_are_spoken_of(desk):
    desk.workspace.projects.add(ProjectDraft("Gym", "America/New_York"))
    assert [item.project_id for item in desk.workspace.today.all()] == [desk.project]
    desk.workspace.projects.archive(desk.project)
    assert desk.workspace.today.all() == []


@pytest.mark.parametrize("size", SIZES)
async def test_enter_goes_to_the_thing_and_esc_comes_back_to_the_row(desk, size):
    made = trouble(desk)
    async with on_stage(desk.workspace, size, home="today") as stage:
        assert "? unknown" in stage.text or "unknown" in stage.text
        assert "Cake [b]" in stage.text
        assert "\u202e" not in stage.text
        await stage.press("0")
        places = [item.kind for item in stage.screen.state.troubles]
        for place, kind in enumerate(places):
            await stage.press("g", "g", *"j" * place, "enter")
            expected = {
                Kind.DELIVERY: "deliveries",
                Kind.ACCOUNT: "setup",
                Kind.APPROVAL: "calendar",
                Kind.GAP: "calendar",
            }[kind]
            assert stage.screen.name == expected
            item = stage.app._main["today"].state.troubles[place]
            if kind == Kind.DELIVERY:
                assert stage.screen.list.current == item.id
                await stage.press("o")  # another list: the next time it must come back
            elif kind == Kind.ACCOUNT:
                assert stage.screen.list.current == item.id
            elif kind == Kind.APPROVAL:
                assert stage.screen._day.isoformat() == item.day
                assert item.id == made["approval"]
            else:
                assert stage.screen._day.isoformat() == item.day == "2026-09-22"
            await stage.press("escape")
            assert stage.screen.name == "today"
            assert stage.screen.list.position == place


async def test_clients_and_words_narrow_it_down(desk):
    trouble(desk)
    desk.workspace.projects.add(ProjectDraft("Gym", "America/New_York"))
    async with on_stage(desk.workspace, home="today") as stage:
        assert "Nothing burns" in await stage.press("2")
        assert "It is missed." in await stage.press("1")
        await stage.press("slash")
        await stage.type("unknown")
        assert "It is unknown." in stage.text
        assert "It is missed." not in stage.text
        await stage.type("zzz")
        assert "Nothing here fits the filter." in stage.text


async def test_the_workspace_begins_there(empty_workspace):
    assert HOME == "today"
    async with on_stage(empty_workspace, home=HOME) as stage:
        assert "No clients yet. Press gp" in stage.text
        await stage.press("enter")
        assert stage.message == "There is nothing here to go to."


def test_on_the_command_line(desk, capsys):
    trouble(desk)
    data = str(desk.workspace.settings.paths.data)
    assert run(["--data", data, "today", "--json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert document[0]["kind"] in ("worker", "delivery")
    assert set(document[0]) == {"kind", "rank", "project", "id", "message", "state", "at", "day", "text"}
    assert run(["--data", data, "today", "--project", "Bakery"]) == 3
    assert "\x1b" not in capsys.readouterr().out


async def test_what_an_inbox_can_no_longer_tell_is_said_until_it_was_seen(desk):
    account = desk.accounts["mastodon"]
    with desk.workspace.db.unit() as unit:
        for name, gap, error in (
            ("mastodon", "Nothing before yesterday.", ""),
            ("gotosocial", "", "It took too long."),
        ):
            unit.connection.exec_driver_sql(
                "INSERT INTO inbox_cursor (account_id, gap, fetched_at, interval, error_kind, error_message)"
                " VALUES (?, ?, ?, 0, '', ?)",
                (desk.accounts[name], gap, unit.now, error),
            )
    found = [item for item in desk.workspace.today.all() if item.kind is Kind.INBOX]
    assert [(item.id, item.state) for item in found] == [(account, "gap")]
    desk.clock.turn(2 * 3600)
    found = [item for item in desk.workspace.today.all() if item.kind is Kind.INBOX]
    assert {item.state: item.text.partition(": ")[2] or item.text for item in found} == {
        "gap": "Nothing before yesterday.",
        "unread": "It took too long.",
    }
    async with on_stage(desk.workspace, home="today") as stage:
        assert "Nothing before yesterday." in stage.text
        stage.screen.list.move_to([row[:6] for row in stage.screen.list._ids].index("inbox:"))
        await stage.press("d")
        await stage.news()
        assert "Nothing before yesterday." not in stage.text
        assert "It took too long." in stage.text
