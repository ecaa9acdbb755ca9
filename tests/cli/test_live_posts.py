"""What is live: edited where the network can, pinned, taken down with its first comment; never published again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smm_tui.sandbox.faults import Fault, FaultKind

PLAN = ("--project", "Bakery", "--type", "informational", "--at", "+1m")


def publish(town, *options: str, text: str = "Rye on Fridays", expected: str = "live") -> dict:
    """Plan, approve and send a post; what became of it."""
    cli = town.cli
    post = cli.json("post", "add", *PLAN, "--text", text, *options)
    cli.json("post", "approve", post["id"])
    return work(town, post["id"], seconds=61)


def work(town, number: int, *, seconds: float = 1) -> dict:
    """Let the worker do what is due; the post then."""
    town.cli.clock.turn(seconds)
    town.cli("worker", "--once")
    return town.cli.json("post", "show", number)


def texts(town) -> list[str]:
    return sorted(item.text for item in town.world.live_posts())


def sent(town) -> int:
    """How often something was published on Mastodon."""
    calls = town.world.calls(path="/api/v1/statuses", method="POST")
    return sum(call.path == "/api/v1/statuses" for call in calls)


def chores(town, number: int, kind: str) -> list[dict]:
    deliveries = town.cli.json("post", "evidence", number)["deliveries"]
    return [intent for row in deliveries for intent in row["intents"] if intent["kind"] == kind]


def test_an_edit_changes_what_is_live_where_the_network_can_and_leaves_the_rest(town) -> None:
    town.connect()
    post = publish(town)
    assert texts(town) == ["Rye on Fridays"] * 2

    said = town.cli.json("post", "edit", post["id"], "--live", "--approve", "--text", "Rye on Mondays")
    assert town.bluesky.handle in said["message"]
    post = work(town, post["id"])

    assert texts(town) == ["Rye on Fridays", "Rye on Mondays"]
    assert post["state"] == "live"
    assert post["text"] == "Rye on Mondays"
    assert [variant["text"] for variant in post["variants"]] == ["Rye on Fridays"]  # where it stays
    assert [(row["state"], len(row["attempts"])) for row in chores(town, post["id"], "edit")] == [("done", 1)]
    assert len(chores(town, post["id"], "publish")) == 2
    assert {row["verb"] for row in town.cli.json("log")} >= {"post.edit_live", "delivery.edit"}


def test_an_edit_asks_for_approval_where_the_project_does(town) -> None:
    town.connect()
    post = publish(town, "--account", town.mastodon.handle)
    error = town.cli.refused("post", "edit", post["id"], "--live", "--text", "Rye on Mondays")
    assert error["field"] == "approval"
    error = town.cli.refused("post", "edit", post["id"], "--text", "Rye on Mondays")
    assert "--live" in error["hint"]
    assert texts(town) == ["Rye on Fridays"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.LOST_RESPONSE),
        Fault(FaultKind.TIMEOUT_BEFORE),
        Fault(FaultKind.SERVER_ERROR, status=503),
        Fault(FaultKind.BAD_JSON),
        Fault(FaultKind.RATE_LIMITED_BARE),
    ],
    ids=lambda fault: fault.kind,
)
def test_an_edit_whose_answer_is_lost_is_done_again_and_nothing_is_published(town, fault: Fault) -> None:
    town.connect()
    post = publish(town, "--account", town.mastodon.handle)
    town.world.plant(replace(fault, method="PUT", path="/api/v1/statuses"))
    town.cli.json("post", "edit", post["id"], "--live", "--approve", "--text", "Rye on Mondays")

    post = work(town, post["id"])
    assert post["deliveries"][0]["error"]
    post = work(town, post["id"], seconds=3600)

    assert (post["state"], post["deliveries"][0]["error"], texts(town)) == ("live", None, ["Rye on Mondays"])
    assert sent(town) == 1
    assert [row["state"] for row in chores(town, post["id"], "edit")] == ["done"]


def test_only_the_newest_of_two_edits_is_made(town) -> None:
    town.connect()
    post = publish(town, "--account", town.mastodon.handle)
    for text in ("Rye on Mondays", "Rye on Tuesdays"):
        town.cli.json("post", "edit", post["id"], "--live", "--approve", "--text", text)
    work(town, post["id"])
    assert texts(town) == ["Rye on Tuesdays"]
    assert [row["state"] for row in chores(town, post["id"], "edit")] == ["dropped", "done"]

    town.cli.json("post", "edit", post["id"], "--live", "--approve", "--text", "Rye on Fridays")
    work(town, post["id"])
    assert texts(town) == ["Rye on Fridays"]


def test_an_edit_of_what_is_gone_there_says_so(town) -> None:
    town.connect()
    post = publish(town, "--account", town.mastodon.handle)
    for item in town.world.live_posts():
        town.world.delete_object(item)
    town.cli.json("post", "edit", post["id"], "--live", "--approve", "--text", "Rye on Mondays")
    post = work(town, post["id"])
    assert (post["state"], post["deliveries"][0]["error_kind"]) == ("live", "not_found")
    assert [row["state"] for row in chores(town, post["id"], "edit")] == ["failed"]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (("--at", "+2d"), "at"),
        (("--first-comment", "More!"), "first_comment"),
        (("--text", "Rye on Fridays"), "post"),  # nothing would change
    ],
)
def test_what_of_a_live_post_does_not_change(town, options: tuple[str, ...], field: str) -> None:
    town.connect()
    post = publish(town, "--account", town.mastodon.handle)
    assert town.cli.refused("post", "edit", post["id"], "--live", "--approve", *options)["field"] == field


def test_what_is_not_live_is_not_edited_as_such(town) -> None:
    town.connect()
    post = town.cli.json("post", "add", *PLAN, "--text", "Rye")
    assert town.cli.refused("post", "edit", post["id"], "--live", "--text", "Oats")["field"] in ("post", "approval")
    town.cli.refused("post", "pin", post["id"])


def test_a_thread_keeps_its_parts(town) -> None:
    town.connect()
    long = " ".join(f"Loaf number {number} is rye." for number in range(30))
    post = publish(town, "--account", town.mastodon.handle, text=long)
    parts = len(texts(town))
    assert parts > 1
    error = town.cli.refused("post", "edit", post["id"], "--live", "--approve", "--text", "Short.")
    assert error["field"] == "text"

    town.cli.json(
        "post", "edit", post["id"], "--live", "--approve", "--text", long.replace("number 0 is", "number 0 was")
    )
    work(town, post["id"])
    assert len(texts(town)) == parts
    assert sum("was rye" in text for text in texts(town)) == 1
    assert len(chores(town, post["id"], "edit")) == 1  # the others say the same as before


def test_pinning_and_no_longer(town) -> None:
    town.connect()
    post = publish(town)
    town.cli.json("post", "pin", post["id"])
    work(town, post["id"])
    assert [row["state"] for row in chores(town, post["id"], "pin")] == ["done", "done"]
    assert len(town.world.calls(path="/pin", method="POST")) == 1

    town.cli.json("post", "unpin", post["id"], "--account", town.mastodon.handle)
    work(town, post["id"])
    assert [row["state"] for row in chores(town, post["id"], "unpin")] == ["done"]
    assert {row["verb"] for row in town.cli.json("log")} >= {"delivery.pin", "delivery.unpin"}


def test_a_takedown_takes_the_first_comment_along(town) -> None:
    town.connect()
    post = publish(town, "--first-comment", "Ask at the counter")
    assert len(texts(town)) == 4
    town.cli.json("post", "takedown", post["id"])
    post = work(town, post["id"])
    assert (post["state"], texts(town)) == ("cancelled", [])


def test_a_first_comment_that_cannot_be_deleted_does_not_keep_the_post(town) -> None:
    town.connect()
    post = publish(town, "--account", town.mastodon.handle, "--first-comment", "Ask at the counter")
    town.world.plant(Fault(FaultKind.SERVER_ERROR, method="DELETE", path="/api/v1/statuses", status=403))
    town.cli.json("post", "takedown", post["id"])
    post = work(town, post["id"])
    assert (post["state"], texts(town)) == ("cancelled", ["Ask at the counter"])
    assert "first comment" in post["deliveries"][0]["error"]


def test_a_first_comment_is_read_back(town) -> None:
    town.connect()
    post = publish(town, "--account", town.mastodon.handle, "--first-comment", "Ask at the counter")
    assert post["deliveries"][0]["read_back_at"]
    (comment,) = chores(town, post["id"], "comment")
    assert comment["state"] == "done"
