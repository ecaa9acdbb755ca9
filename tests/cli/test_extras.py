"""Polls, link cards and first comments: from the command line to the network, once."""

from __future__ import annotations

import pytest

from smm_tui.sandbox.faults import Fault, FaultKind

POST = ("--project", "Bakery", "--type", "engaging", "--at", "+1m", "--text", "Rye or wheat?")


def publish(town, *options: str) -> dict:
    """Plan, approve and send a post; what became of it."""
    cli = town.cli
    post = cli.json("post", "add", *POST, *options)
    cli.json("post", "approve", post["id"])
    cli.clock.turn(61)
    cli("worker", "--once")
    return cli.json("post", "show", post["id"])


def test_a_poll_with_a_first_comment(town) -> None:
    town.connect()
    options = ("--poll", "Rye| Wheat", "--poll-hours", "48", "--first-comment", "Tell us why!")
    post = publish(town, "--account", town.mastodon.handle, *options)
    assert post["state"] == "live"
    assert post["poll"] == {"options": ["Rye", "Wheat"], "seconds": 48 * 3600, "multiple": False}
    said = list(town.world.live_posts())
    assert sorted(item.text for item in said) == ["Rye or wheat?", "Tell us why!"]
    question = next(item for item in said if item.text == "Rye or wheat?")
    answer = next(item for item in said if item.text == "Tell us why!")
    assert answer.reply_to == question.remote_id
    assert "Wheat" in str(question.record)
    (delivery,) = town.cli.json("post", "evidence", post["id"])["deliveries"]
    assert [intent["kind"] for intent in delivery["intents"]] == ["publish", "comment"]


@pytest.mark.parametrize("kind", [FaultKind.LOST_RESPONSE, FaultKind.TIMEOUT_BEFORE])
def test_a_first_comment_is_sent_once(town, kind: FaultKind) -> None:
    town.connect()
    town.world.plant(Fault(kind, method="POST", path="/api/v1/statuses", after=1))
    post = publish(town, "--account", town.mastodon.handle, "--first-comment", "Tell us why!")
    for _pass in range(3):
        town.cli.clock.turn(20)
        town.cli("worker", "--once")
    assert town.cli.json("post", "show", post["id"])["state"] == "live"
    assert sorted(item.text for item in town.world.live_posts()) == ["Rye or wheat?", "Tell us why!"]


def test_a_link_card(town) -> None:
    town.connect()
    card = ("--link", "https://bakery.example/rye", "--link-title", "All about rye")
    post = publish(town, "--account", town.bluesky.handle, *card)
    assert post["state"] == "live"
    (live,) = town.world.live_posts()
    assert "All about rye" in str(live.record)


def test_what_an_account_cannot_do_stops_the_plan(town) -> None:
    town.connect()
    error = town.cli.refused("post", "add", *POST, "--account", town.bluesky.handle, "--poll", "Rye|Wheat")
    assert error["field"] == "poll"


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (("--poll", "Rye"), "poll"),
        (("--poll", "Rye|Rye"), "poll"),
        (("--poll", "Rye|Wheat", "--poll-hours", "9999"), "poll"),
        (("--poll-hours", "3"), "poll"),
        (("--link", "javascript:alert(1)"), "card"),
        (("--link-title", "Rye"), "card"),
    ],
)
def test_bad_input(town, options: tuple[str, ...], field: str) -> None:
    town.connect()
    error = town.cli.refused("post", "add", *POST, "--account", town.mastodon.handle, *options)
    assert error["field"] == field


def test_changing_them_voids_the_approval_and_leaves_the_rest(town) -> None:
    town.connect()
    options = ("--account", town.mastodon.handle, "--poll", "Rye|Wheat", "--first-comment", "Why?")
    number = town.cli.json("post", "add", *POST, *options)["id"]
    town.cli.json("post", "approve", number)
    town.cli.json("post", "edit", number, "--poll-multiple")
    post = town.cli.json("post", "show", number)
    assert post["state"] == "planned"
    assert post["poll"]["multiple"]
    assert post["poll"]["options"] == ["Rye", "Wheat"]
    assert post["first_comment"] == "Why?"
    town.cli.json("post", "edit", number, "--poll", "", "--first-comment", "")
    post = town.cli.json("post", "show", number)
    assert (post["poll"], post["first_comment"]) == (None, "")
