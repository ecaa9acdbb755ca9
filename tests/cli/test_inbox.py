"""``smm-tui inbox``: the fields that scripts rely on, ids from standard input, and exit statuses."""

from __future__ import annotations

import json

import pytest

from smm_tui.cli.entry import run
from tests.inbox.support import item, make_post

FIELDS = {
    *("id", "project", "account", "network", "kind", "author", "text", "post", "state", "received_at", "due_at"),
    "rules",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SMM_TUI_SECRETS", "file")
    post = make_post(tmp_path / "data", accounts=(("bluesky", {}),))
    post.store(*(item(number, f"Do you have rye bread {number}?") for number in range(3)))
    post.workspace.close()
    return tmp_path / "data"


@pytest.fixture
def call(folder, capsys):
    def run_verb(*words: str) -> tuple[int, object, str]:
        status = run(["inbox", *words, "--json", "--data", str(folder)])
        captured = capsys.readouterr()
        return status, json.loads(captured.out), captured.err

    return run_verb


def test_list_and_show_have_the_fields_of_the_contract(call):
    status, found, _errors = call("list")
    assert (status, len(found)) == (0, 3)
    assert set(found[0]) >= FIELDS
    _status, shown, _errors = call("show", str(found[0]["id"]))
    assert set(shown) >= FIELDS | {"thread", "actions", "log"}


def test_verdicts_take_ids_and_say_what_they_did(call):
    assert call("hide", "1", "2")[1]["ids"] == [1, 2]
    assert [row["state"] for row in call("list", "--state", "hidden")[1]] == ["hidden", "hidden"]
    assert call("reopen", "1")[1]["count"] == 1


def test_a_dry_run_changes_nothing_and_says_what_is_final(call):
    _status, told, _errors = call("report", "1", "--dry-run")
    assert told["dry_run"]
    assert told["messages"][0]["final"]
    assert len(call("list")[1]) == 3


def test_what_cannot_be_done_and_what_is_not_there(call):
    status, told, errors = call("delete", "1")
    assert (status, told["error"]["kind"]) == (1, "unsupported")
    assert "cannot do that" in errors
    assert call("close", "99")[0] == 2
    assert call("resolve", "1", "--sent")[0] == 2


def test_saved_replies_fill_in_what_they_know(call):
    assert call("saved", "add", "--name", "Rye", "--text", "Dear {author}, yes.")[0] == 0
    assert call("saved", "add", "--name", "Bad", "--text", "Dear {nobody}")[1]["error"]["field"] == "text"
    assert call("reply", "1", "--saved", "rye", "--dry-run")[1]["text"] == "Dear Anna, yes."
    assert call("reply", "1", "--saved", "rye")[0] == 0
    assert call("saved", "list")[1][0]["used"] == 1


def test_questions_figures_and_bans(call):
    _status, found, _errors = call("questions", "--days", "36500")
    assert (found[0]["count"], found[0]["unanswered"]) == (3, 3)
    figures = call("stats")[1]["figures"]
    assert isinstance(figures, list)
    assert call("bans", "export")[1] == []
    assert call("promise", "--project", "Client 0", "--minutes", "60", "--hours", "0-4=09:00-17:00")[0] == 0
    assert call("promise", "--project", "Client 0", "--minutes", "60", "--hours", "9")[0] == 2


def test_people_from_the_command_line(call):
    assert call("note", "1", "--text", "wholesale")[0] == 0
    assert call("strike", "1", "--reason", "rude")[0] == 0
    _status, told, _errors = call("person", "1")
    assert set(told) >= {"person", "names", "messages", "bans", "strikes", "notes", "recent"}
    assert [one["text"] for one in told["notes"]] == ["wholesale"]
    assert call("forgive", str(told["strikes"][0]["id"]))[0] == 0
    assert call("drop-note", str(told["notes"][0]["id"]))[0] == 0
    _status, told, _errors = call("person", "1")
    assert (told["strikes"], told["notes"]) == ([], [])
    assert call("unlink", "1")[0] == 0
    status, told, _errors = call("bans", "lift", "7")
    assert (status, told["error"]["kind"]) == (2, "invalid")
    assert call("bans", "list")[1] == []
