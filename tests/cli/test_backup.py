"""Backups hold everything but secrets; a restore brings it back and sends nothing twice."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import zipfile
from contextlib import closing

import pytest

from smm_tui.db import migrate, probe, rows
from smm_tui.paths import Paths
from smm_tui.services import portable
from tests.sandbox.support import png


@pytest.fixture
def filled(shop, tmp_path):
    (tmp_path / "roll.png").write_bytes(png())
    shop.json(
        "post", "add", "--project", "1", "--type", "info", "--text", "Hi", "--at", "tomorrow 9",
        "--media", tmp_path / "roll.png",
    )  # fmt: skip
    return shop


def test_there_and_back(filled, tmp_path) -> None:
    file = tmp_path / "all.zip"
    before = filled.json("post", "list")
    written = filled.json("backup", file)
    assert (written["media"], written["missing"]) == (1, [])
    filled.json("post", "cancel", "1")
    stored = next(path for path in (filled.data / "media").rglob("*") if path.is_file())
    stored.unlink()
    restored = filled.json("restore", file)
    assert (restored["media"], restored["held"], restored["without_secret"]) == (1, 0, [])
    assert filled.json("post", "list") == before
    assert stored.read_bytes() == png()
    filled.json("restore", restored["kept"])  # the former one, a bare database file
    assert filled.json("post", "show", "1")["state"] == "cancelled"
    assert filled("backup", file).status == 0  # an older backup may be written over


def test_no_secret_is_in_it_and_a_new_machine_is_told(filled, tmp_path) -> None:
    file = tmp_path / "all.zip"
    filled.json("backup", file)
    with zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if "secret" in name or name.endswith((".enc", "key"))]
        assert json.loads(archive.read("manifest.json"))["program"] == "smm-tui"
    other = ("--data", tmp_path / "other")
    answer = filled("restore", file, *other)
    assert answer.status == 0
    assert "bakery@social.sandbox" in answer.out
    assert filled.json("post", "list", *other)[0]["text"] == "Hi"


def test_what_went_out_after_the_backup_is_not_sent_again(town, tmp_path) -> None:
    cli = town.cli
    town.connect()
    later = cli.json("post", "add", "--project", "1", "--type", "info", "--text", "Later", "--at", "+5h")
    sooner = cli.json("post", "add", "--project", "1", "--type", "info", "--text", "Sooner", "--at", "+20m")
    untouched = cli.json("post", "add", "--project", "1", "--type", "info", "--text", "Untouched", "--at", "+6h")
    cli.json("post", "approve", later["id"], sooner["id"], untouched["id"])
    cli.json("worker", "--once")
    cli.json("backup", tmp_path / "all.zip")
    cli.json("post", "edit", later["id"], "--at", "+10m")
    cli.json("post", "approve", later["id"])
    cli.clock.turn(20 * 60)
    assert cli.json("worker", "--once")["live"] == 4
    restored = cli.json("restore", tmp_path / "all.zip")
    assert restored["held"] == 4
    assert cli.json("post", "show", untouched["id"])["state"] == "approved"
    cli.clock.turn(6 * 3600)
    assert cli("worker", "--once").status == 3
    texts = sorted(item.text for item in town.world.live_posts())
    assert texts == ["Later", "Later", "Sooner", "Sooner", "Untouched", "Untouched"]
    held = cli.json("post", "show", sooner["id"])["deliveries"][0]
    assert held["error_kind"] == "restored"
    assert cli.json("post", "resolve", held["id"], "--live", "https://social.sandbox/1")["state"] == "live"


def test_a_damaged_database_is_replaced_and_kept(filled, tmp_path) -> None:
    filled.json("backup", tmp_path / "all.zip")
    for path in filled.data.glob("smm-tui.db*"):
        path.unlink()
    (filled.data / "smm-tui.db").write_bytes(b"garbage" * 1000)
    assert filled("project", "list").status == 1
    kept = filled.json("restore", tmp_path / "all.zip")["kept"]
    assert "damaged" in kept
    assert len(filled.json("post", "list")) == 1


def spoil(path, what: str) -> None:
    """Make a copy of a backup that cannot be restored."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    match what:
        case "newer":
            database = path.with_suffix(".db")
            database.write_bytes(files["smm-tui.db"])
            with closing(sqlite3.connect(database)) as connection:
                connection.execute("PRAGMA journal_mode = DELETE")
                connection.execute("UPDATE alembic_version SET version_num = '9999'")
                connection.commit()
            files["smm-tui.db"] = database.read_bytes()
        case "no database":
            del files["smm-tui.db"]
        case "damaged database":
            files["smm-tui.db"] = files["smm-tui.db"][:5000] + b"\xff" * 20_000 + files["smm-tui.db"][25_000:]
        case "empty database":
            files["smm-tui.db"] = b""
        case "damaged media":
            files = {name: b"x" if name.startswith("media/") else data for name, data in files.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("what", ["newer", "no database", "damaged database", "empty database", "damaged media"])
def test_a_backup_that_cannot_be_restored_changes_nothing(filled, tmp_path, what) -> None:
    file = tmp_path / "all.zip"
    filled.json("backup", file)
    spoil(file, what)
    for path in (filled.data / "media").rglob("*"):
        if path.is_file():
            path.unlink()
    error = filled.refused("restore", file, status=1)
    assert str(file) in error["message"] or what == "damaged media"
    assert not list(filled.data.glob("restore-*"))
    assert not [path for path in (filled.data / "media").rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"any words"])
def test_a_file_that_is_no_backup(filled, tmp_path, content) -> None:
    (tmp_path / "file").write_bytes(content)
    filled.refused("restore", tmp_path / "file", status=1)
    filled.refused("restore", tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert "not a file" in filled.refused("restore", tmp_path / "pipe")["message"]


def test_a_strange_file_is_not_written_over(filled, tmp_path) -> None:
    photo = tmp_path / "photo.png"
    photo.write_bytes(png())
    filled.refused("backup", photo)
    assert photo.read_bytes() == png()
    filled.refused("backup", tmp_path)
    filled.refused("backup", tmp_path / "nowhere" / "all.zip", status=1)
    (tmp_path / "empty").write_bytes(b"")
    assert filled("backup", tmp_path / "empty").status == 0


def test_a_data_folder_without_room_is_backed_up_elsewhere(filled, tmp_path) -> None:
    before = {path: path.stat().st_mtime_ns for path in filled.data.rglob("*") if path.is_dir()}
    filled.json("backup", tmp_path / "all.zip")
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_lost_media_file_is_told(filled, tmp_path) -> None:
    for path in (filled.data / "media").rglob("*"):
        if path.is_file():
            path.unlink()
    assert filled.json("backup", tmp_path / "all.zip")["missing"] == ["roll.png"]


def test_an_open_workspace_sees_the_restored_data(filled, tmp_path) -> None:
    from smm_tui.bootstrap import Workspace
    from tests.support.desk import settings_in

    filled.json("backup", tmp_path / "all.zip")
    filled.json("project", "add", "Gym", "--timezone", "UTC")
    workspace = Workspace(settings_in(filled.data))
    assert len(workspace.project_queries.all()) == 2
    version = workspace.db.version()
    filled.json("restore", tmp_path / "all.zip")
    assert workspace.db.version() != version
    assert len(workspace.project_queries.all()) == 1
    workspace.close()
    assert not probe.is_damaged(filled.data / "smm-tui.db")


def altered(file, target, change) -> None:
    """An archive whose members are `change(name, data)`, or left out for None."""
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(target, "w") as made:
        for name in archive.namelist():
            if (data := change(name, archive.read(name))) is not None:
                made.writestr(name, data)


def test_an_export_is_text_and_an_empty_workspace_takes_it(town, tmp_path) -> None:
    """All rows come back as they were, and what was due meanwhile asks a person."""
    cli, file, other = town.cli, tmp_path / "all.zip", ("--data", tmp_path / "other")
    town.connect()
    (tmp_path / "roll.png").write_bytes(png())
    first = cli.json(
        "post", "add", "--project", "1", "--type", "info", "--text", "Zs\u00f6mle \u202e[b]\n\"x\"",
        "--at", "2090-01-02 09:00", "--media", tmp_path / "roll.png",
    )["id"]  # fmt: skip
    cli.json("post", "approve", first)
    written = cli.json("export", file)
    assert (written["media"], written["missing"]) == (1, [])
    with zipfile.ZipFile(file) as archive:
        texts = [json.loads(line)["text"] for line in archive.read("tables/post.jsonl").splitlines()]
        assert texts == [cli.json("post", "show", first)["text"]]
        assert not [name for name in archive.namelist() if "secret" in name or "lease" in name]
    brought = cli.json("import", file, *other)
    assert (brought["media"], brought["held"], len(brought["without_secret"])) == (1, 0, 2)
    assert cli.json("post", "list", *other) == cli.json("post", "list")
    with (
        closing(sqlite3.connect(cli.data / "smm-tui.db")) as ours,
        closing(sqlite3.connect(tmp_path / "other" / "smm-tui.db")) as theirs,
    ):
        for table in set(rows.tables(cli.data / "smm-tui.db")) - {"audit", rows.SEQUENCE}:
            there, here = (sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for db in (theirs, ours))
            assert there == here, table
        done, before = (
            [row for (row,) in db.execute("SELECT summary FROM audit ORDER BY id")] for db in (theirs, ours)
        )
        assert done[:-1] == before
    assert "new folder" in cli.refused("import", file, *other)["hint"]
    late = portable.bring(
        Paths(tmp_path / "late", tmp_path / "late" / "x.db"), file, actor="me", clock=lambda: 4_000_000_000_000
    )
    assert late.held == 2  # due meanwhile, and perhaps sent by the workspace they come from


@pytest.mark.parametrize(
    "change",
    [
        lambda name, data: None if name == "manifest.json" else data,
        lambda name, data: b"[]" if name == "manifest.json" else data,
        lambda name, data: data[:-9] if name == "tables/project.jsonl" else data,
        lambda name, data: None if name == "tables/project.jsonl" else data,
        lambda name, data: data.replace(b'"text":', b'"text; DROP":') if name == "tables/post.jsonl" else data,
        lambda name, data: b'{"a": 1}\n' if name == "tables/undo.jsonl" else data,
        lambda name, data: b"{}\n" if name == "tables/setting.jsonl" else data,
        lambda name, data: data + data if name == "tables/post.jsonl" else data,
        lambda name, data: data.replace(b'"Hi"', b'["Hi"]') if name == "tables/post.jsonl" else data,
        lambda name, data: b"\xff\xfe" if name == "tables/post.jsonl" else data,
    ],
)
def test_what_is_no_export_changes_nothing(filled, tmp_path, change) -> None:
    filled.json("export", tmp_path / "all.zip")
    altered(tmp_path / "all.zip", tmp_path / "bad.zip", change)
    error = filled.refused("import", tmp_path / "bad.zip", "--data", tmp_path / "other", status=1)
    assert "no export" in error["message"]
    assert not (tmp_path / "other" / "smm-tui.db").exists()


def test_a_backup_a_newer_export_and_no_file_are_told_apart(filled, tmp_path) -> None:
    other = ("--data", tmp_path / "other")
    filled.json("backup", tmp_path / "backup.zip")
    assert "smm-tui restore" in filled.refused("import", tmp_path / "backup.zip", *other, status=1)["hint"]
    filled.json("export", tmp_path / "all.zip")
    altered(
        tmp_path / "all.zip",
        tmp_path / "new.zip",
        lambda name, data: (
            re.sub(rb'"schema": "\d+"', b'"schema": "9999"', data) if name == "manifest.json" else data
        ),
    )
    assert "newer" in filled.refused("import", tmp_path / "new.zip", *other, status=1)["message"]
    assert "There is no file" in filled.refused("import", tmp_path / "nothing.zip", *other)["message"]
    assert "not a file" in filled.refused("import", tmp_path, *other)["message"]
    assert "damaged" in filled.refused("restore", tmp_path / "all.zip", *other, status=1)["message"]


def test_an_export_of_a_former_schema_is_migrated(tmp_path) -> None:
    """Written into the tables as they were then, and brought to the schema of today."""
    old = tmp_path / "old.db"
    migrate.create(old, "0001")
    rows.fill(old, [(rows.SEQUENCE, [{"name": "project", "seq": 7}])])
    migrate.ensure_current(old, tmp_path)
    assert migrate.revision_of(old) == migrate.HEAD
    assert {row["name"]: row["seq"] for row in rows.read(old, rows.SEQUENCE)}["project"] == 7
