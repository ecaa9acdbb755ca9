"""`doctor` finds what is wrong and says how to mend it."""

from __future__ import annotations

import os

from smm_tui.secret_store import SecretStore


def states(cli, *arguments: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for check in cli("doctor", "--json", *arguments).json["checks"]:
        found.setdefault(check["name"], []).append(check["state"])
    return found


def test_a_sound_workspace(town) -> None:
    town.connect()
    answer = town.cli("doctor", "--online", "--json")
    assert answer.status == 0
    assert answer.json["ok"] is True
    assert {check["state"] for check in answer.json["checks"]} == {"ok"}
    assert {check["name"] for check in answer.json["checks"]} >= {
        "versions", "terminal", "folder", "database", "secrets", "accounts", "worker",
    }  # fmt: skip
    assert town.cli("doctor").status == 0


def test_an_empty_folder_is_nothing_wrong(cli) -> None:
    assert cli("doctor").status == 0


def test_a_secret_that_is_gone_and_one_that_is_dead(town) -> None:
    town.connect()
    (token,) = town.world.tokens(town.mastodon.account, "access")
    town.world.revoke(token)
    assert "broken" not in states(town.cli)["accounts"]
    assert states(town.cli, "--online")["accounts"].count("broken") == 1
    assert states(town.cli)["accounts"].count("broken") == 1  # and remembered
    for path in (town.cli.data / "secrets").glob("*.enc"):
        path.unlink()
    answer = town.cli("doctor")
    assert answer.status == 1
    assert "smm-tui account secret" in answer.out


def test_secrets_that_others_can_read(shop) -> None:
    (shop.data / "secrets" / "key").chmod(0o644)
    answer = shop("doctor")
    assert answer.status == 1
    assert "chmod" in answer.out


def test_a_keyring_that_is_not_there(shop, monkeypatch) -> None:
    monkeypatch.setenv("SMM_TUI_SECRETS", "keyring")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    answer = shop("doctor")
    assert answer.status == 1
    assert "keyring" in answer.out


def test_due_posts_and_nobody_at_work(shop) -> None:
    post = shop.json("post", "add", "--project", "1", "--type", "info", "--text", "Hi", "--at", "+5m")
    shop.json("post", "approve", post["id"])
    shop.clock.turn(301)
    assert states(shop)["worker"] == ["warning"]
    assert "no worker runs" in shop("status").out


def test_a_workspace_that_others_hold_open_is_told(shop) -> None:
    from smm_tui.bootstrap import Workspace
    from tests.support.desk import settings_in

    workspace = Workspace(settings_in(shop.data))
    workspace.project_queries.all()
    assert str(os.getpid()) in shop("doctor").out
    workspace.close()
    assert isinstance(workspace.secrets, SecretStore)
