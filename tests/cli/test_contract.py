"""The public contract: names, fields, exit statuses and streams."""

from __future__ import annotations

import json

import pytest

import smm_tui
from smm_tui.cli.root import VERBS

POST_FIELDS = {"id", "project", "type", "text", "planned_at", "zone", "state", "deliveries"}
DELIVERY_FIELDS = {"id", "account", "network", "state", "remote_id", "url", "error"}
ACCOUNT_FIELDS = {"id", "project", "network", "handle", "remote_id", "server", "capabilities"}


def test_the_fields_of_each_answer(shop) -> None:
    assert set(shop.json("project", "show", "Bakery")) >= {"id", "name", "timezone"}
    (account,) = shop.json("account", "list")
    assert set(account) >= ACCOUNT_FIELDS
    assert account["project"] == "Bakery"
    assert account["remote_id"] is None  # it was never checked
    post = shop.json("post", "add", "--project", "Bakery", "--type", "info", "--text", "Hi", "--at", "tomorrow 9")
    assert set(post) >= POST_FIELDS
    assert set(post["deliveries"][0]) >= DELIVERY_FIELDS
    assert (post["zone"], post["planned_at"]) == ("Europe/Budapest", "2026-09-22T07:00:00Z")
    assert (post["type"], post["deliveries"][0]["account"]) == ("informational", "bakery@social.sandbox")
    assert shop.json("post", "list") == [
        {
            name: value
            for name, value in shop.json("post", "show", post["id"]).items()
            if name not in ("media", "variants")
        }
    ]
    assert set(shop.json("status")) >= {"due", "sending", "unknown", "rejected", "missed", "unanswered", "worker"}
    assert set(shop.json("log")[0]) >= {"at", "actor", "project", "verb", "subject", "summary"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "project", "list"),
        ("project", "--json", "list"),
        ("project", "list", "--json"),
        ("--json", "project", "--json", "list", "--json"),
    ],
)
def test_json_is_taken_anywhere_and_is_all_there_is_on_standard_output(shop, arguments) -> None:
    answer = shop(*arguments)
    assert answer.status == 0
    assert [item["name"] for item in answer.json] == ["Bakery"]
    assert answer.err == ""


@pytest.mark.parametrize("before", [True, False])
def test_the_data_folder_is_chosen_before_or_after_the_verb(cli, tmp_path, before) -> None:
    other = ("--data", tmp_path / "other")
    verb = ("project", "add", "Gym", "--timezone", "UTC")
    assert cli(*other, *verb).status == 0 if before else cli(*verb, *other).status == 0
    assert cli.json("project", "list") == []
    assert len(cli.json("project", "list", *other)) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("project", "nonsense"),
        ("project",),
        ("project", "add", "X"),
        ("project", "add", "X", "--timezone", "UTC", "--bogus"),
        ("project", "add", "X", "--timezone", "UTC", "--hotkey", "77"),
        ("post", "show", "first"),
        ("post", "show", "0"),
        ("post", "list", "--state", "sleeping"),
        ("post", "resolve", "1"),
        ("post", "resolve", "1", "--drop", "--resend"),
        ("post", "approve"),
        ("undo", "zero"),
        ("backup",),
        ("--data",),
    ],
)
def test_wrong_usage_is_2_with_a_sentence_and_a_document(cli, arguments) -> None:
    plain = cli(*arguments)
    assert plain.status == 2
    assert plain.out == ""
    assert plain.err.strip()
    if arguments == ("--data",):
        return  # what follows would be its value
    answer = cli(*arguments, "--json")
    assert answer.status == 2
    assert answer.json["error"]["kind"] == "usage"
    assert set(answer.json["error"]) >= {"kind", "message", "hint"}
    assert answer.json["error"]["message"] in answer.err
    assert not (cli.data / "smm-tui.db").exists()


def test_help_and_version(cli) -> None:
    for arguments in (("--help",), ("-h",), ("--version",), ("post", "--help"), ("post", "add", "--help")):
        answer = cli(*arguments)
        assert answer.status == 0
        assert answer.out
    assert smm_tui.__version__ in cli("--version").out
    printed = cli("--help").out
    assert all(verb in printed for verb in VERBS)


def test_each_verb_explains_itself(cli) -> None:
    import click

    from smm_tui.cli.root import root

    def walk(command: click.Command, path: list[str]) -> None:
        assert command.help, path
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (path, parameter.name)
        if isinstance(command, click.Group):
            ctx = click.Context(command)
            for name in command.list_commands(ctx):
                child = command.get_command(ctx, name)
                assert child is not None
                walk(child, [*path, name])

    walk(root(), [])
    assert cli("post", "resolve", "--help").status == 0


def test_lists_are_arrays_and_empty_ones_too(cli) -> None:
    for arguments in (("project", "list"), ("account", "list"), ("post", "list"), ("log",)):
        assert cli.json(*arguments) == []
        assert cli(*arguments).out.strip()


def test_without_a_terminal_it_says_what_to_do(cli) -> None:
    error = cli.refused()
    assert "terminal" in error["message"]
    assert "demo --headless" in cli.refused("demo")["hint"]
    assert not (cli.data / "demo").exists()


def test_posts_are_listed_by_project_time_and_state(shop) -> None:
    shop.json("project", "add", "Gym", "--timezone", "America/New_York")
    for project, words in (
        ("Bakery", "2026-10-01 09:00"),
        ("Bakery", "2026-10-02 23:30"),
        ("Gym", "2026-10-02 09:00"),
    ):
        shop.json("post", "add", "--project", project, "--type", "info", "--text", words, "--at", words)
    shop.json("post", "add", "--project", "Gym", "--type", "info", "--text", "idea")

    def texts(*arguments: str) -> list[str]:
        return [post["text"] for post in shop.json("post", "list", *arguments)]

    assert texts("--project", "Bakery") == ["2026-10-01 09:00", "2026-10-02 23:30"]
    assert texts("--project", "Bakery", "--to", "2026-10-02") == ["2026-10-01 09:00", "2026-10-02 23:30"]
    assert texts("--project", "Bakery", "--from", "2026-10-02", "--to", "2026-10-02 23:00") == []
    assert texts("--from", "2026-10-02") == ["2026-10-02 09:00", "2026-10-02 23:30"]
    assert texts("--state", "draft") == ["2026-10-02 09:00", "idea"]
    assert texts("--state", "live") == []


def test_edit_changes_only_what_is_named_and_voids_the_approval(shop) -> None:
    post = shop.json(
        "post", "add", "--project", "Bakery", "--type", "selling", "--text", "One", "--at", "tomorrow 9",
        "--cw", "sugar", "--late", "skip",
    )  # fmt: skip
    shop.json("post", "approve", post["id"])
    edited = shop.json("post", "edit", post["id"], "--text", "Two")
    assert edited["state"] == "planned"
    assert "approval" in edited["message"]
    assert {**edited, "text": "One"} == {**post, **{name: edited[name] for name in ("message", "undo")}}
    moved = shop.json("post", "edit", post["id"], "--at", "fri 18:00")
    assert moved["planned_at"] == "2026-09-25T16:00:00Z"
    assert shop.json("post", "edit", post["id"], "--no-time")["state"] == "draft"
    assert shop.json("undo", "2")["count"] == 2
    assert shop.json("post", "show", post["id"])["planned_at"] == post["planned_at"]
    assert shop.json("redo")["count"] == 1


def test_projects_are_edited_and_archived(shop) -> None:
    post = shop.json("post", "add", "--project", "Bakery", "--type", "info", "--text", "Hi", "--at", "tomorrow 9")
    edited = shop.json(
        "project", "edit", "bakery", "--timezone", "america/new york", "--client", "Kata", "--hotkey", "4"
    )
    assert (edited["timezone"], edited["client"], edited["hotkey"]) == ("America/New_York", "Kata", 4)
    assert shop.json("post", "show", post["id"])["planned_at"] == "2026-09-22T13:00:00Z"
    shop.json("project", "add", "Gym", "--timezone", "UTC")
    assert "another project" in shop.refused("project", "edit", "Gym", "--hotkey", "4")["message"]
    shop.json("undo")
    assert shop.json("project", "archive", "Bakery")["archived_at"]
    assert shop.json("project", "list") == []
    assert len(shop.json("project", "list", "--archived")) == 1
    shop.json("undo")
    assert shop.json("project", "list")[0]["hotkey"] == 4


def test_ids_come_from_arguments_and_standard_input(shop) -> None:
    numbers = [
        shop.json("post", "add", "--project", "1", "--type", "info", "--text", str(n), "--at", "tomorrow 9")["id"]
        for n in range(3)
    ]
    done = shop.json("post", "approve", str(numbers[0]), "-", stdin=" ".join(map(str, numbers[1:])) + "\n")
    assert done["ids"] == numbers
    assert {post["state"] for post in shop.json("post", "list")} == {"approved"}
    assert shop.json("post", "unapprove", numbers[0])["posts"][0]["state"] == "planned"
    shop.json("post", "cancel", "-", stdin="\n".join(map(str, numbers)))
    assert {post["state"] for post in shop.json("post", "list")} == {"cancelled"}


def test_a_secret_never_appears_anywhere(shop) -> None:
    secret = "s3cr3t-t0ken-value"
    arguments = ("--network", "mastodon", "--handle", "other", "--server", "social.sandbox", "--no-check")
    answer = shop("account", "add", "--project", "Bakery", *arguments, stdin=secret)
    assert answer.status == 0
    everything = answer.out + answer.err + json.dumps(shop.json("log")) + "".join(shop.content())
    for path in shop.data.rglob("*"):
        if path.is_file():
            everything += path.read_bytes().decode(errors="replace")
    assert secret not in everything


def test_people_read_plain_text(shop) -> None:
    shop.json(
        "post",
        "add",
        "--project",
        "1",
        "--type",
        "info",
        "--text",
        "Árvíztűrő 👩‍👩‍👧 [b]x[/b]\nsecond line",
        "--at",
        "tomorrow 9",
    )
    for arguments in (("post", "list"), ("post", "show", "1"), ("post", "evidence", "1"), ("status",), ("log",)):
        answer = shop(*arguments)
        assert answer.status == 0
        assert "\x1b" not in answer.out
        assert answer.err == ""
    assert "Tue 2026-09-22 09:00 Europe/Budapest" in shop("post", "list").out
    assert "[b]x[/b]" in shop("post", "show", "1").out
