"""Set-up: accounts over the sandbox, with the real clients."""

import threading

import pytest

from smm_tui.domain.errors import AuthExpired
from smm_tui.networks.registry import NETWORKS
from smm_tui.sandbox import seed
from smm_tui.services.project_queries import ProjectDraft
from tests.support.stage import SIZES, on_stage


@pytest.mark.parametrize("size", SIZES)
async def test_accounts_with_their_state(desk, size):
    async with on_stage(desk.workspace, size) as stage:
        text = await stage.press("g", "s")
        assert "bakery@social.sandbox" in text or "bakery@social" in text
        assert "✓ ok" in text
        assert "All clients" in text
        assert "Choose a client first" in await stage.press("n")
        text = await stage.press("1")
        assert "Europe/Budapest" in text
        assert "approval: item" in text


async def test_adding_an_account_logs_in(desk):
    login = seed.add_mastodon_account(desk.world, desk.world.server(seed.MASTODON_HOST), "gym")
    desk.workspace.projects.add(ProjectDraft("Gym", "Europe/Budapest"))
    async with on_stage(desk.workspace) as stage:
        text = await stage.press("g", "s", "2")
        assert "Gym has no account yet. Press n" in text
        text = await stage.press("n")
        assert "Preferences > Development" in text
        await stage.press("enter")
        assert "needs the address of its server" in stage.text
        await stage.type(login.server)
        await stage.press("tab")
        await stage.type(login.handle)
        await stage.press("tab")
        await stage.type("wrong")
        await stage.press("enter")
        assert "wrong" not in stage.text
        assert "Connect an account to Gym" in stage.text
        assert any(field.has_class("-wrong") for field in stage.screen.query("FormField"))
        await stage.press("ctrl+u")
        await stage.type(login.token)
        assert login.token not in stage.text
        await stage.press("enter")
        await stage.news()
        assert stage.message.startswith("Connected @gym@social.sandbox on Mastodon to Gym.")
        assert "✓ ok" in stage.text


async def test_the_form_follows_the_chosen_network(desk):
    async with on_stage(desk.workspace, (100, 30)) as stage:
        await stage.press("g", "s", "1", "n")
        assert "Access token" in stage.text
        await stage.press("up")
        while "App password" not in stage.text:
            await stage.press("up" if stage.screen.focused.__class__.__name__ != "Choice" else "right")
        assert "Access token" not in stage.text


@pytest.mark.parametrize("size", [(60, 16), (80, 24)])
async def test_every_network_leaves_room_for_a_field_and_the_keys(desk, size):
    async with on_stage(desk.workspace, size) as stage:
        await stage.press("g", "s", "1", "n")
        for spec in NETWORKS.values():
            assert f"▸{spec.title}◂" in stage.text
            assert "enter save  tab next field  esc cancel" in stage.text
            await stage.press("right")


async def test_a_check_is_seen_while_it_runs_and_can_be_left(desk, monkeypatch):
    go = threading.Event()
    check = desk.workspace.accounts.check

    def slow(account_id):
        assert go.wait(20)
        return check(account_id)

    monkeypatch.setattr(desk.workspace.accounts, "check", slow)
    async with on_stage(desk.workspace) as stage:
        await stage.press("g", "s")
        await stage.pilot.press("c")
        await stage.until(lambda: "checking ..." in stage.text)
        await stage.pilot.press("c")
        await stage.until(lambda: stage.message == "That account is being checked.")
        await stage.pilot.press("g", "p")
        await stage.until(lambda: stage.screen.name == "projects")
        go.set()
        await stage.settle()
        assert "works." in stage.message


async def test_a_dead_secret_is_told_and_can_be_replaced(desk, monkeypatch):
    def dead(account_id):
        raise AuthExpired("The server no longer takes the token.", "Make a new one.")

    monkeypatch.setattr(desk.workspace.accounts, "check", dead)
    async with on_stage(desk.workspace) as stage:
        await stage.press("g", "s", "c")
        assert stage.message == "The server no longer takes the token. Make a new one."
        assert "New secret for" in await stage.press("s")


async def test_pausing_and_removing(desk):
    post = desk.approved("Rolls", accounts=["mastodon"])
    async with on_stage(desk.workspace) as stage:
        await stage.press("g", "s", "1", "p")
        await stage.news()
        assert "= paused" in stage.text
        await stage.press("p")
        await stage.news()
        assert "= paused" not in stage.text
        text = await stage.press("d")
        assert "Remove @bakery@social.sandbox?" in text
        assert "u takes it back" in text
        await stage.press("y")
        assert desk.states(post) == {"mastodon": "cancelled"}
        await stage.press("u")
        assert desk.states(post) == {"mastodon": "approved"}
