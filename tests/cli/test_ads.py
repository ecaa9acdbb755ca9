"""``smm-tui ads``, from a terminal: the whole way of a campaign, on each network that sells ads."""

from __future__ import annotations

import pytest

from smm_tui.bootstrap import Workspace
from smm_tui.networks.vk import api as vk
from smm_tui.networks.vk.ads import api as vk_ads
from smm_tui.services import lease
from tests.ads.support import NETWORKS, make_ads_desk
from tests.support.desk import TurnedClock, settings_in

CAMPAIGN = {
    "id",
    "project",
    "account_id",
    "network",
    "name",
    "goal",
    "currency",
    "budget_daily",
    "budget_total",
    "cap",
    "starts_at",
    "ends_at",
    "state",
    "state_reason",
    "remote_id",
    "url",
}
FIGURES = {"key", "impressions", "reach", "clicks", "results", "spent", "ctr", "cost_per_result", "final"}


@pytest.fixture(params=list(NETWORKS))
def desk(request: pytest.FixtureRequest, tmp_path, cli, clock: TurnedClock, monkeypatch):
    """A data folder whose client has a cabinet, and the command line on it."""
    monkeypatch.setattr(vk, "USER_INTERVAL", 0.0)
    monkeypatch.setattr(vk, "CALLS", {})
    monkeypatch.setattr(vk_ads, "CALLS", 100_000)
    made = make_ads_desk(tmp_path, request.param)
    made.desk.workspace.close()
    made.desk.world.close()
    return cli, request.param, tmp_path / "picture.jpeg"


def test_the_whole_way(desk, clock: TurnedClock) -> None:
    cli, network, picture = desk
    daily, city = ("5", "Berlin") if network == "facebook" else ("200", "Москва")
    made = cli.json(
        "ads", "campaign", "add", "Spring", "--account", 1, "--daily", daily, "--cap", f"{daily}0", "--end", "+5d"
    )
    assert set(made) >= CAMPAIGN
    assert (made["state"], made["budget_daily"]) == ("draft", int(daily) * 100)
    group = cli.json("ads", "set", "add", 1, "Around", "--place", f"city:{city}", "--age", "20-45")
    assert group["audience"]["places"][0]["name"].startswith(city)
    shown = ("--text", "Fresh bread", "--title", "Bakery", "--link", "https://bakery.example/", "--media", picture)
    cli.json("ads", "ad", "add", 1, "Loaf", *shown)
    assert cli.json("ads", "estimate", 1)["people_most"] > 1000
    if network == "facebook":
        assert cli.refused("ads", "launch", 1)["field"] == "approval"
        cli.json("ads", "campaign", "edit", 1, "--fact", "payer=The Bakery")
    assert cli.json("ads", "submit", 1)[0]["state"] == "submitted"
    assert cli.json("ads", "approve", 1)[0]["state"] == "approved"
    before = cli.content()
    calls = cli.json("ads", "plan", 1, "--dry-run")
    assert [(one["verb"], one["level"]) for one in calls] == [
        *[("create", level) for level in ("campaign", "set", "ad")],
        *[("launch", level) for level in ("ad", "set", "campaign")],
    ]
    assert all(one["body"] is not None and one["problem"] is None for one in calls[:3])
    assert cli.json("ads", "launch", 1, "--dry-run") == calls
    assert cli.content() == before
    assert cli.json("ads", "launch", 1)[0]["state"] == "scheduled"
    assert cli.json("ads", "sync", 1)["calls"] == 6
    for _hours in range(3):
        clock.turn(15 * 3600)
        cli("ads", "sync")
    (row,) = cli.json("ads", "campaign", "list", "--state", "active")
    assert row["url"]
    for by in ("day", "set", "ad"):
        days = cli.json("ads", "stats", 1, "--by", by)
        assert set(days[0]) >= FIGURES
        assert sum(one["spent"] for one in days) > 0
    whole = cli.json("ads", "campaign", "show", 1)
    assert whole["caps"]["counted"] >= whole["caps"]["told"] > 0
    assert {one["state"] for one in cli.json("ads", "evidence", 1)} == {"done"}
    cli.json("ads", "pause", 1)
    cli("ads", "sync")
    assert cli.json("ads", "campaign", "show", 1)["state"] == "paused"
    assert cli("undo").status == 0
    cli("ads", "sync")
    assert cli.json("ads", "campaign", "show", 1)["state"] == "active"
    cli.json("ads", "stop", 1)
    cli("ads", "sync")
    assert cli.json("ads", "campaign", "show", 1)["state"] == "ended"
    assert cli("undo").status == 1


def test_bad_input_is_told(desk) -> None:
    cli, network, _picture = desk
    money = "EUR" if network == "facebook" else "RUB"
    add = ("ads", "campaign", "add", "C", "--account", 1)
    cli.json(*add, "--daily", "300", "--cap", "9000")
    for field, words in (
        ("cap", add),
        ("budget_daily", (*add, "--daily", "5 USD", "--cap", "9")),
        ("budget_daily", (*add, "--daily", "lots", "--cap", "9")),
        ("cap", (*add, "--daily", "5", "--cap", "0")),
        ("ends_at", (*add, "--daily", "5", "--cap", "9", "--start", "+2d", "--end", "+1d")),
        ("goal", (*add, "--daily", "5", "--cap", "9", "--goal", "fame")),
        ("age_to", ("ads", "set", "add", 1, "S", "--age", "70-18")),
        ("age", ("ads", "set", "add", 1, "S", "--age", "young")),
        ("place", ("ads", "set", "add", 1, "S", "--place", "Berlin")),
        ("hours", ("ads", "set", "add", 1, "S", "--hours", "always")),
        ("segment", ("ads", "set", "add", 1, "S", "--segment", 7)),
        ("sets", ("ads", "submit", 1)),
        ("campaign", ("ads", "submit", 99)),
        ("set", ("ads", "estimate", 99)),
        ("kind", ("ads", "find", "stars", "x", "--account", 1)),
        ("currency", ("ads", "cap", "set", "5", "euros", "--project", "Bakery")),
        ("monthly", ("ads", "cap", "set", f"5 {'USD' if money == 'EUR' else 'EUR'}", money, "--project", "Bakery")),
    ):
        error = cli.refused(*words)
        assert error.get("field") == field, words
        assert error["message"]
    assert cli.json("ads", "cap", "set", "50,50", money, "--project", "Bakery")["monthly"] == 5050
    assert cli.json("ads", "cap", "list")[0]["currency"] == money


def test_another_worker_that_leads_is_asked_to_look(desk, clock: TurnedClock) -> None:
    cli, _network, _picture = desk
    cli.json("ads", "campaign", "add", "C", "--account", 1, "--daily", "300", "--cap", "9000")
    workspace = Workspace(settings_in(cli.data))
    assert lease.take(workspace.db, "another")
    assert cli.json("ads", "sync", 1) == {"led": False}
    workspace.close()


def test_an_account_without_ads_is_told(shop) -> None:
    error = shop.refused("ads", "campaign", "add", "C", "--account", 1, "--daily", "5", "--cap", "9")
    assert error["field"] == "account"
    assert "cannot run ads" in error["message"]
