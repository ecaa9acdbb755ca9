"""Whatever is typed or found: a sentence, the right exit status, nothing changed, never a traceback."""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from smm_tui.cli import session as session_module
from smm_tui.db import sqlite
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.services import media
from tests.sandbox.support import png

ADD = ("post", "add", "--project", "Bakery", "--type", "info")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("project", "add", "X", "--timezone", "Europe/Budapst"), "Europe/Budapest"),
        (("project", "add", "X", "--timezone", "../../etc/passwd"), "time zone"),
        (("project", "add", "X", "--timezone", ""), "time zone"),
        (("project", "add", "bakery", "--timezone", "UTC"), "already a project"),
        (("project", "add", "", "--timezone", "UTC"), "name"),
        (("project", "add", "\x1b[31mred", "--timezone", "UTC"), "cannot be shown"),
        (("project", "add", "evil\u202egnp", "--timezone", "UTC"), "cannot be shown"),
        (("project", "add", "x" * 61, "--timezone", "UTC"), "too long"),
        (("project", "show", "Nobody"), "no project"),
        (("project", "edit", "Bakery", "--timezone", "Mars/Base"), "time zone"),
        (("project", "add", "X", "--timezone", "UTC", "--hotkey", "1"), "another project"),
        (("project", "add", "X", "--timezone", "UTC", "--colour", "\x1b[31m"), "no colour"),
        (("project", "add", "X", "--timezone", "UTC", "--language", "klingon"), "code of a language"),
        (("account", "list", "--project", "Nobody"), "no project"),
        (("account", "remove", "nobody"), "no account"),
        (("account", "check", "999"), "no account"),
        (("post", "show", "999"), "no post"),
        (("post", "edit", "999", "--text", "x"), "no post"),
        (("post", "approve", "999"), "no post"),
        (("post", "approve", "one"), "not the number"),
        (("post", "show", "9223372036854775808"), "not a number"),
        (("post", "edit", "0", "--text", "x"), "not a number"),
        (("post", "resolve", "one", "--drop"), "not a number"),
        (("log", "--limit", "9223372036854775808"), "not a number"),
        (("undo", "9223372036854775808"), "not a number"),
        (("post", "approve", "99999999999999999999"), "not the number"),
        (("post", "cancel", "-"), "No post"),
        (("post", "evidence", "999"), "no post"),
        (("post", "takedown", "999"), "no post"),
        (("post", "resolve", "999", "--drop"), "no delivery"),
        (("post", "list", "--from", "whenever"), "not a time"),
        (("post", "list", "--project", "Nobody"), "no project"),
        (("log", "--project", "Nobody"), "no project"),
        (("restore", "/nowhere/at/all"), "no file"),
    ],
)  # fmt: skip
def test_what_is_not_there_or_cannot_be(shop, arguments, words) -> None:
    error = shop.refused(*arguments)
    assert words in error["message"] + error["hint"]
    assert not set(error["message"] + error["hint"]) & set("\x1b\u202e")


@pytest.mark.parametrize(
    ("options", "words", "field"),
    [
        (("--text", "Hi", "--at", "the day after never"), "not a time", "at"),
        (("--text", "Hi", "--at", "2026-02-30 10:00"), "does not exist", "at"),
        (("--text", "Hi", "--at", "2026-10-10 25:00"), "does not exist", "at"),
        (("--text", "Hi", "--at", "2020-01-01 10:00"), "in the past", "at"),
        (("--text", "Hi", "--at", "2027-03-28 02:30"), "does not exist", "at"),
        (("--text", "Hi", "--at", "2026-10-25 02:30"), "comes twice", "at"),
        (("--text", "Hi", "--at", ""), "time", "at"),
        (("--text", "Hi", "--at", "tomorrow"), "no time of day", "at"),
        (("--text", "", "--at", "tomorrow 9"), "empty", "text"),
        (("--text", " \n ", "--at", "tomorrow 9"), "empty", "text"),
        (("--text", "x" * 200_001, "--at", "tomorrow 9"), "no post", "text"),
        (("--text", "red \x1b[31m", "--at", "tomorrow 9"), "control character", "text"),
        (("--text", "Hi", "--cw", "red \x1b[31m", "--at", "tomorrow 9"), "control character", "text"),
        (("--text", "Hi", "--language", "hungarian!", "--at", "tomorrow 9"), "code of a language", "language"),
        (("--text", "Hi", "--type", "shouting", "--at", "tomorrow 9"), "content type", "type"),
        (("--text", "Hi", "--late", "perhaps", "--at", "tomorrow 9"), "lateness", "late"),
        (("--text", "Hi", "--account", "nobody", "--at", "tomorrow 9"), "no account", "account"),
        (("--text", "Hi", "--account", "7", "--at", "tomorrow 9"), "no account", "account"),
        (("--text", "Hi", "--variant", "bakery", "--at", "tomorrow 9"), "ACCOUNT=TEXT", "variant"),
        (("--text", "Hi", "--variant", "nobody=Hi", "--at", "tomorrow 9"), "no account", "account"),
        (("--text", "Hi", "--media", "/nowhere/x.png", "--at", "tomorrow 9"), "cannot be read", "media"),
        (("--text", "Hi", "--media", "/", "--at", "tomorrow 9"), "not a file", "media"),
        (("--text", "Hi", "--media", "", "--at", "tomorrow 9"), ". is not a file", "media"),
        (("--text", "Hi", "--media", "~nobody-here/x.png", "--at", "tomorrow 9"), "cannot be read", "media"),
        (("--text", "Hi", "--label", "red \x1b[31m", "--at", "tomorrow 9"), "control character", "text"),
    ],
)
def test_a_post_that_cannot_be(shop, options, words, field) -> None:
    error = shop.refused(*ADD, *options)
    assert words in error["message"] + error["hint"]
    assert error["field"] == field
    assert shop.json("post", "list") == []


def test_the_second_of_two_times_can_be_said(shop) -> None:
    first = shop.json(*ADD, "--text", "Hi", "--at", "2026-10-25 02:30 first")
    second = shop.json(*ADD, "--text", "Hi", "--at", "2026-10-25 02:30 second")
    assert (first["planned_at"], second["planned_at"]) == ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")


def test_a_text_too_long_with_nothing_to_split_is_cut_and_nothing_lost(shop) -> None:
    post = shop.json(*ADD, "--text", "x" * 1200, "--at", "tomorrow 9")
    assert any("thread of 3 parts" in warning for warning in post["warnings"])


def test_a_character_larger_than_a_post_cannot_be_cut(shop) -> None:
    where = ("--network", "bluesky", "--handle", "bakery.example", "--no-check")
    assert shop("account", "add", "--project", "Bakery", *where, stdin="p").status == 0
    error = shop.refused(*ADD, "--text", "Hi e" + "\u0301" * 1600, "--at", "tomorrow 9")
    assert "nothing to split" in error["message"]
    assert error["field"] == "text"


def test_text_of_strangers_is_stored_whole_and_shown_harmless(shop) -> None:
    text = "abc\u202edef\u2066 zero\u200bwidth e" + "\u0301" * 50 + " [bold]x[/bold] 👨‍👩‍👧"
    post = shop.json(*ADD, "--text", text, "--at", "tomorrow 9")
    assert post["text"] == text
    printed = shop("post", "show", post["id"]).out
    assert not set(printed) & set("\u202e\u2066\u200b")
    assert printed.count("\u0301") <= 4
    assert "[bold]x[/bold]" in printed


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.jpg", b"just words, no picture", "neither a picture nor a video"),
        ("page.png", b"<!doctype html><title>404</title>", "neither a picture nor a video"),
        ("empty.png", b"", "empty"),
        ("cut.png", png()[:40], "damaged"),
        ("\x1b[31m\u202egnp.jpg", b"x", "neither"),
    ],
)
def test_media_that_are_not_what_they_say(shop, tmp_path, name, content, words) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    error = shop.refused(*ADD, "--text", "Hi", "--at", "tomorrow 9", "--media", f"{path}::A roll")
    assert words in error["message"]
    assert not set(error["message"]) & set("\x1b\u202e")
    assert not [item for item in shop.data.rglob("media/**/*") if item.is_file()]


def test_files_of_a_refused_post_do_not_stay(shop, tmp_path) -> None:
    for name, colour in (("kept.png", "red"), ("new.png", "blue")):
        (tmp_path / name).write_bytes(png(colour=colour))
    kept, new = tmp_path / "kept.png", tmp_path / "new.png"
    post = shop.json(*ADD, "--text", "Hi", "--at", "tomorrow 9", "--media", kept)
    files = {item for item in shop.data.rglob("media/*/*") if item.is_file()}
    shop.refused(*ADD, "--text", "Hi", "--at", "2020-01-01 10:00", "--media", kept, "--media", new)
    shop.refused("post", "edit", post["id"], "--at", "tomorrow 10", "--media", new, "--media", "/nowhere/x.png")
    shop.refused("post", "edit", post["id"], "--language", "hungarian!", "--media", new)
    assert {item for item in shop.data.rglob("media/*/*") if item.is_file()} == files


def test_media_that_are_too_big(shop, tmp_path, monkeypatch) -> None:
    path = tmp_path / "big.png"
    path.write_bytes(png())
    monkeypatch.setattr(media, "SIZE_LIMIT", 10)
    assert "MB" in shop.refused(*ADD, "--text", "Hi", "--at", "tomorrow 9", "--media", path)["message"]
    monkeypatch.setattr(media, "SIZE_LIMIT", 10**9)
    monkeypatch.setattr(media, "PIXEL_LIMIT", 10)
    assert "pixels" in shop.refused(*ADD, "--text", "Hi", "--at", "tomorrow 9", "--media", path)["message"]


@pytest.mark.parametrize(
    ("name", "alt"), [("a::b.png", ""), ("a::b.png", "A roll: warm::fresh"), ("::", "A roll"), ("b.png", "x" * 400)]
)
def test_a_file_name_may_hold_what_parts_it_from_its_description(shop, tmp_path, name, alt) -> None:
    path = tmp_path / name
    path.write_bytes(png())
    given = f"{path}::{alt}" if alt else path
    (file,) = shop.json(*ADD, "--text", "Hi", "--at", "tomorrow 9", "--media", given)["media"]
    assert (file["name"], file["alt"]) == (name, alt)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_media_that_may_not_be_read(shop, tmp_path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(png())
    path.chmod(0)
    assert "cannot be read" in shop.refused(*ADD, "--text", "Hi", "--media", path)["message"]


def test_a_mislabelled_picture_is_known_by_its_bytes(shop, tmp_path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(png())
    post = shop.json(*ADD, "--text", "Hi", "--at", "tomorrow 9", "--media", path)
    assert post["media"][0]["mime"] == "image/png"


@pytest.mark.parametrize(
    ("arguments", "secret", "words"),
    [
        (("--network", "friendster", "--handle", "x"), "t", "no network"),
        (("--network", "mastodom", "--handle", "x"), "t", "mastodon"),
        (("--network", "mastodon", "--handle", "x"), "t", "server"),
        (("--network", "mastodon", "--handle", "x", "--server", "not a host"), "t", "address of a server"),
        (("--network", "mastodon", "--handle", "x", "--server", "https://h/path"), "t", "address of a server"),
        (("--network", "mastodon", "--handle", "x", "--server", "h.exa\nmple"), "t", "address of a server"),
        (("--network", "mastodon", "--handle", "", "--server", "h.example"), "t", "handle"),
        (("--network", "mastodon", "--handle", "x\u202ey", "--server", "h.example"), "t", "cannot be shown"),
        (("--network", "mastodon", "--handle", "x", "--server", "h.example"), "", "secret is missing"),
        (("--network", "mastodon", "--handle", "x", "--server", "h.example"), " \n\n", "secret is missing"),
    ],
)
def test_accounts_that_cannot_be_connected(shop, arguments, secret, words) -> None:
    error = shop.refused("account", "add", "--project", "Bakery", *arguments, stdin=secret)
    assert words in error["message"] + error["hint"]


def test_standard_input_that_is_not_text(shop) -> None:
    assert "UTF-8" in shop.refused(*ADD, "--text", "-", stdin=b"\xff\xfe\x00")["message"]


def test_arguments_that_are_not_text(shop) -> None:
    assert "UTF-8" in shop.refused("project", "add", "caf\udce9", "--timezone", "UTC")["message"]


def test_a_wrong_token_and_servers_that_are_something_else(town) -> None:
    cli = town.cli
    cli.json("project", "add", "Bakery", "--timezone", "UTC")

    def add(network: str, server: str, secret: str) -> dict[str, str]:
        where = ("--network", network, "--handle", "bakery", "--server", server)
        return cli.refused("account", "add", "--project", "Bakery", *where, stdin=secret, status=1)

    assert add("mastodon", town.mastodon.server, "wrong")["kind"] == "auth_expired"
    assert add("bluesky", town.bluesky.server, "wrong")["kind"] == "auth_expired"
    assert add("mastodon", town.bluesky.server, town.mastodon.token)["message"]
    assert add("bluesky", town.mastodon.server, town.bluesky.app_password)["message"]
    unreachable = add("mastodon", "https://nobody.example", "t")
    assert unreachable["kind"] == "transient"
    assert "then try again" in unreachable["hint"]  # nothing goes on by itself here
    assert not list((cli.data / "secrets").glob("*.enc"))


def test_a_page_where_an_answer_was_due(town) -> None:
    town.connect()
    town.world.plant(Fault(FaultKind.HTML, host="social.sandbox", status=200, times=9))
    error = town.cli.refused("account", "check", "1", status=1)
    assert "<" not in error["message"]
    town.world.clear_faults()
    assert town.cli.json("account", "check", "1")["state"] == "ok"


# The database


def test_a_database_that_is_locked(shop, monkeypatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS", 50)
    with closing(sqlite3.connect(shop.data / "smm-tui.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = shop(*ADD, "--text", "Hi", "--json")
        assert answer.status == 1
        assert "locked" in answer.json["error"]["message"]
        assert len(shop.json("project", "list")) == 1  # looking works all the same
        doctor = shop("doctor")
        assert doctor.status == 1
        assert str(os.getpid()) in doctor.out
        other.execute("ROLLBACK")
    assert shop.json(*ADD, "--text", "Hi")["id"] == 1


def test_a_database_that_is_read_only(shop, monkeypatch) -> None:
    monkeypatch.setattr(sqlite, "connect", sqlite.connect_readonly)
    error = shop.refused(*ADD, "--text", "Hi", status=1)
    assert "read-only" in error["message"]
    assert "--data" in error["hint"]


def test_a_disk_that_is_read_only(shop, tmp_path, monkeypatch) -> None:
    (tmp_path / "roll.png").write_bytes(png())
    refusal = OSError(errno.EROFS, os.strerror(errno.EROFS))

    def refuse(*_arguments: object, **_options: object) -> None:
        raise refusal

    for method in ("mkdir", "unlink", "rename", "replace"):
        monkeypatch.setattr(Path, method, refuse)
    monkeypatch.setattr(tempfile, "TemporaryDirectory", refuse)
    assert "Read-only" in shop(*ADD, "--text", "Hi", "--media", tmp_path / "roll.png").err
    assert "Read-only" in shop("backup", tmp_path / "all.zip").err


def test_a_disk_that_is_full(shop, monkeypatch) -> None:
    connect = sqlite.connect

    def cramped(path):
        connection = connect(path)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr(sqlite, "connect", cramped)
    error = shop.refused(*ADD, "--text", "x" * 100_000, status=1)
    assert "full" in error["message"]


def test_a_disk_that_is_too_full_to_open_the_database(shop, monkeypatch) -> None:
    full = sqlite3.OperationalError("disk I/O error")
    full.sqlite_errorcode = sqlite3.SQLITE_IOERR | 19 << 8  # SQLITE_IOERR_SHMSIZE

    def no_room(_path):
        raise full

    monkeypatch.setattr(sqlite, "connect_readonly", no_room)
    assert "refused" in shop("project", "list").err
    monkeypatch.setattr(sqlite, "SHARED_MEMORY", 1 << 62)
    assert "full" in shop("project", "list").err


def test_a_folder_where_the_database_should_be(cli) -> None:
    (cli.data / "smm-tui.db").mkdir(parents=True)
    answer = cli("project", "list")
    assert (answer.status, answer.out) == (1, "")
    assert "is a folder" in answer.err
    assert cli("doctor").out.count("is a folder") == 1


def test_a_database_of_a_newer_program(shop) -> None:
    with closing(sqlite3.connect(shop.data / "smm-tui.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    error = shop.refused("project", "list", status=1)
    assert "newer" in error["message"]
    assert "9999" in error["message"]
    assert shop("doctor").status == 1


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_database(cli, content) -> None:
    cli.data.mkdir()
    (cli.data / "smm-tui.db").write_bytes(content)
    error = cli.refused("project", "list", status=1)
    assert "not a database" in error["message"]
    assert "restore" in error["hint"]
    assert "not a database" in cli("doctor").out
    assert (cli.data / "smm-tui.db").read_bytes() == content


def test_a_database_of_another_program(cli) -> None:
    cli.data.mkdir()
    with closing(sqlite3.connect(cli.data / "smm-tui.db")) as connection:
        connection.execute("CREATE TABLE recipes (id)")
        connection.commit()
    assert "not one of smm-tui" in cli.refused("project", "list", status=1)["message"]


def test_a_folder_that_cannot_be_made(cli, tmp_path, monkeypatch) -> None:
    (tmp_path / "file").write_text("")
    error = cli.refused("project", "list", "--data", tmp_path / "file" / "data", status=1)
    assert "cannot be made" in error["message"]


def test_settings_that_cannot_be_read(cli, monkeypatch) -> None:
    cli.data.mkdir()
    (cli.data / "config.toml").write_text("this is = = no toml")
    assert "config.toml" in cli.refused("project", "list", status=1)["message"]
    assert cli("doctor").status == 1
    (cli.data / "config.toml").write_text("colour = 'red'")
    assert "colour" in cli.refused("project", "list")["message"]
    for line in ("language = 5", "line = true", "keys = 'x'", "[keys]\n'global.help' = 1"):
        (cli.data / "config.toml").write_text(line)
        assert "cannot be" in cli.refused("project", "list")["message"]
    (cli.data / "config.toml").unlink()
    monkeypatch.setenv("SMM_TUI_DATABASE", "postgresql://x")
    assert "SQLite" in cli.refused("project", "list")["message"]


@pytest.mark.parametrize("name", ["SMM_TUI_DATA", "SMM_TUI_DATABASE"])
@pytest.mark.parametrize("folder", ["~nobody-here/data", "/caf\udce9"])
def test_a_folder_with_an_impossible_name(cli, monkeypatch, name, folder) -> None:
    monkeypatch.setenv(name, f"sqlite:///{folder}" if name == "SMM_TUI_DATABASE" else folder)
    assert "cannot be the name of a folder" in cli.refused("project", "list")["message"]


def test_an_error_nobody_foresaw_leaves_its_details_in_the_log(shop, monkeypatch) -> None:
    def explode(*_arguments: object) -> None:
        raise RuntimeError("the floor \x1b[31m gave way")

    monkeypatch.setattr(session_module.Session, "show", explode)
    answer = shop("project", "list")
    assert answer.status == 1
    assert "the floor" in answer.err
    assert "\x1b" not in answer.err
    assert "Traceback" in (shop.data / "smm-tui.log").read_text()
