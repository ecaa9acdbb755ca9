"""The main job by command line alone: from an empty folder to a post that is live, with proof."""

from __future__ import annotations

import json
import signal

import pytest

from smm_tui.networks.mastodon.publisher import MastodonPublisher
from smm_tui.sandbox.faults import Fault, FaultKind
from tests.sandbox.support import png


def test_from_an_empty_folder_to_a_live_post_with_proof(town, tmp_path) -> None:
    cli = town.cli
    town.connect()
    picture = tmp_path / "kifli.png"
    picture.write_bytes(png())
    post = cli.json(
        "post", "add", "--project", "bakery", "--type", "selling", "--text", "-", "--at", "+90m",
        "--media", f"{picture}::Two rolls on a plate", "--variant", f"{town.bluesky.handle}=Rolls for the sky",
        stdin="Fresh rolls!\n",
    )  # fmt: skip
    assert post["state"] == "planned"
    assert post["planned_at"] == "2026-09-21T15:43:20Z"
    assert [item["state"] for item in post["deliveries"]] == ["planned", "planned"]
    assert post["media"][0]["alt"] == "Two rolls on a plate"
    assert post["late"] == "ask"

    approved = cli.json("post", "approve", "-", stdin=f"{post['id']}\n")
    assert approved["posts"][0]["state"] == "approved"
    assert cli.json("worker", "--once")["sent"] == 0  # not yet due

    cli.clock.turn(90 * 60)
    assert cli.json("worker", "--dry-run")["due"][0]["post_id"] == post["id"]
    report = cli.json("worker", "--once")
    assert (report["live"], report["waiting_for_human"], report["led"]) == (2, 0, True)

    live = cli.json("post", "show", post["id"])
    assert live["state"] == "live"
    for delivery in live["deliveries"]:
        assert delivery["state"] == "live"
        assert delivery["remote_id"]
        assert delivery["url"].startswith("https://")
        assert delivery["error"] is None
    assert sorted(item.text for item in town.world.live_posts()) == ["Fresh rolls!", "Rolls for the sky"]

    proof = cli.json("post", "evidence", post["id"])
    for delivery in proof["deliveries"]:
        (intent,) = delivery["intents"]
        assert intent["state"] == "done"
        assert intent["identity"]
        assert "send" in [attempt["what"] for attempt in intent["attempts"]]
        assert delivery["read_back_at"]
    assert town.mastodon.token not in json.dumps(proof)
    printed = cli("post", "evidence", post["id"]).out
    assert proof["deliveries"][0]["intents"][0]["identity"] in printed

    status = cli("status", "--json")
    assert status.status == 0
    assert status.json["worker"]["state"] == "off"
    assert [line["verb"] for line in cli.json("log")][:2] == ["project.add", "account.add"]

    dry = cli.json("post", "takedown", post["id"], "--dry-run")
    assert dry["dry_run"] is True
    cli.json("worker", "--once")
    assert len(list(town.world.live_posts())) == 2
    town.world.plant(Fault(FaultKind.HTML, method="DELETE", status=400))
    cli.json("post", "takedown", post["id"])
    cli.json("post", "takedown", post["id"])  # saying it twice changes nothing
    cli("worker", "--once")
    refused = [row for row in cli.json("post", "show", post["id"])["deliveries"] if row["state"] == "live"]
    assert [row["error_kind"] for row in refused] == ["rejected"]
    cli.json("post", "takedown", post["id"])
    cli.json("worker", "--once")
    assert list(town.world.live_posts()) == []


def test_a_refusal_by_the_network_waits_for_a_person(town) -> None:
    cli = town.cli
    town.connect()
    post = cli.json("post", "add", "--project", "1", "--type", "info", "--text", "Hello", "--at", "+10m")
    cli.json("post", "approve", post["id"])
    town.world.plant(Fault(FaultKind.SERVER_ERROR, method="POST", path="/api/v1/statuses", status=422, times=9))
    cli.clock.turn(600)
    once = cli("worker", "--once", "--json")
    assert once.status == 3
    assert once.json["rejected"] == 1
    assert once.json["waiting_for_human"] == 1
    status = cli("status", "--json")
    assert status.status == 3
    assert status.json["needs_human"] is True
    (waiting,) = status.json["waiting"]
    assert waiting["error"]
    assert waiting["error"] in cli("status").out
    number = waiting["id"]
    assert "Nothing was changed" in cli("post", "resolve", number, "--drop", "--dry-run").out
    assert cli("status").status == 3
    assert cli.json("post", "resolve", number, "--drop")["state"] == "cancelled"
    assert cli("status").status == 0
    assert cli.json("undo")["count"] == 1
    assert cli("status").status == 3
    assert cli.json("post", "resolve", number, "--live", "https://social.sandbox/@bakery/1")["state"] == "live"


def test_what_is_overdue_asks_and_is_never_sent_in_silence(town) -> None:
    cli = town.cli
    town.connect()
    post = cli.json("post", "add", "--project", "1", "--type", "selling", "--text", "Sale", "--at", "+10m")
    cli.json("post", "approve", post["id"])
    cli.clock.turn(3600)
    assert cli("worker", "--once").status == 3
    missed = cli.json("post", "show", post["id"])
    assert missed["state"] == "missed"
    assert list(town.world.live_posts()) == []
    for delivery in missed["deliveries"]:
        for url in ("over there", "https://", "https://[bad", "https://social.sandbox/\x1b[31m"):
            assert cli.refused("post", "resolve", delivery["id"], "--live", url)["field"] == "live"
        assert "would be sent again" in cli("post", "resolve", delivery["id"], "--resend", "--dry-run").out
        cli.json("post", "resolve", delivery["id"], "--resend")
    assert cli.json("worker", "--once")["live"] == 2


def test_what_nobody_approved_in_time_is_moved_and_approved(town) -> None:
    cli = town.cli
    town.connect()
    post = cli.json("post", "add", "--project", "1", "--type", "selling", "--text", "Sale", "--at", "+10m")
    cli.clock.turn(3600)
    assert cli("worker", "--once").status == 3
    missed = cli.json("post", "show", post["id"])["deliveries"][0]
    assert missed["error_hint"].startswith("Move it")
    assert "approve" in cli.refused("post", "resolve", missed["id"], "--resend")["hint"]
    cli.json("post", "edit", post["id"], "--at", "+10m")
    cli.json("post", "approve", post["id"])
    cli.clock.turn(600)
    assert cli.json("worker", "--once")["live"] == 2


def test_accounts_are_checked_paused_resumed_given_secrets_and_removed(town) -> None:
    cli = town.cli
    town.connect()
    account = cli.json("account", "check", "@bakery@soc", "--project", "Bakery")
    assert set(account) >= {"id", "project", "network", "handle", "remote_id", "server", "capabilities"}
    assert account["capabilities"] == sorted(account["capabilities"])
    assert cli.json("account", "pause", account["id"])["state"] == "paused"
    assert cli.json("account", "resume", account["id"])["state"] == "ok"
    assert cli("account", "secret", account["id"], "--json", stdin="wrong\n").status == 1
    assert cli.json("account", "check", account["id"])["state"] == "ok"  # the old secret is still there
    assert cli.json("account", "secret", account["id"], stdin=town.mastodon.token)["id"] == account["id"]
    cli.json("account", "remove", account["id"])
    assert [item["network"] for item in cli.json("account", "list")] == ["bluesky"]
    cli.json("undo")
    assert len(cli.json("account", "list", "--project", "Bakery")) == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_single_pass_stops_cleanly(town, monkeypatch, number) -> None:
    cli = town.cli
    town.connect()
    add = ("post", "add", "--project", "1", "--type", "selling", "--at", "+10m", "--account", "1")
    posts = [cli.json(*add, "--text", text)["id"] for text in ("one", "two")]
    cli.json("post", "approve", *posts)
    cli.clock.turn(600)
    send = MastodonPublisher.send

    async def interrupted(*arguments):
        signal.raise_signal(number)
        return await send(*arguments)

    monkeypatch.setattr(MastodonPublisher, "send", interrupted)
    assert cli.json("worker", "--once")["live"] == 1
    assert [cli.json("post", "show", number)["state"] for number in posts] == ["live", "armed"]
    assert cli.json("worker", "--once")["live"] == 1


def test_another_worker_leads_and_nothing_is_restored_under_it(town, tmp_path) -> None:
    from smm_tui.bootstrap import Workspace
    from smm_tui.services import lease
    from tests.support.desk import settings_in

    town.connect()
    town.cli.json("post", "add", "--project", "1", "--type", "selling", "--text", "Sale", "--at", "+10m")
    workspace = Workspace(settings_in(town.cli.data), clock=town.cli.clock)
    assert lease.take(workspace.db, "somebody")
    answer = town.cli("worker", "--once", "--json")
    assert answer.status == 0
    assert answer.json["led"] is False
    with workspace.db.unit() as unit:
        unit.connection.exec_driver_sql("UPDATE delivery SET state = 'unknown', needs_human = 1")
    assert town.cli("worker", "--once").status == 3  # it waits for a person, whoever leads
    town.cli.json("backup", tmp_path / "all.zip")
    assert "worker is running" in town.cli.refused("restore", tmp_path / "all.zip", status=1)["message"]
    lease.release(workspace.db, "somebody")
    assert town.cli("restore", tmp_path / "all.zip").status == 0
    workspace.close()


def test_a_stranger_cannot_steer_the_terminal(town) -> None:
    town.world.update_account(town.mastodon.account, {})
    evil = "\x1b[31mEvil\u202e\u200b[b]x[/b]"
    with town.world.transaction() as db:
        db.execute("UPDATE accounts SET display_name = ?", (evil,))
    town.connect()
    for command in (("account", "check", "1"), ("account", "list"), ("project", "show", "1"), ("log",), ("doctor",)):
        for answer in (town.cli(*command), town.cli(*command, "--json")):
            assert not set(answer.out + answer.err) & set("\x1b\u202e\u200b")
    assert town.cli.json("account", "list")[0]["display_name"] == evil
