"""The database: one writer, whole transactions, sentences for what goes wrong, nothing lost between processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from smm_tui.db import probe, sqlite
from smm_tui.db.database import Database
from smm_tui.db.tables import PostTable, ProjectTable, SettingTable
from smm_tui.domain.errors import Conflict, DataError
from tests.support.database import fresh_database

COUNT = """
import sys
from pathlib import Path
from smm_tui.db.database import Database
from smm_tui.db.tables import SettingTable
db = Database(Path(sys.argv[1]))
for _step in range(40):
    with db.unit() as unit:
        row = unit.session.get_one(SettingTable, "count")
        row.value = str(int(row.value) + 1)
db.close()
"""
DIE = """
import os, signal, sys
from pathlib import Path
from smm_tui.db.database import Database
db = Database(Path(sys.argv[1]))
with db.unit() as unit:
    unit.connection.exec_driver_sql("UPDATE setting SET value = 'torn' WHERE key = 'count'")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def path(tmp_path) -> Path:
    return fresh_database(tmp_path / "smm-tui.db")


@pytest.fixture
def db(path) -> Iterator[Database]:
    database = Database(path)
    yield database
    database.close()


def put(db: Database, key: str, value: str) -> None:
    with db.unit() as unit:
        unit.session.merge(SettingTable(key=key, value=value))


def value(db: Database, key: str) -> str | None:
    return db.value("SELECT value FROM setting WHERE key = ?", (key,))


def test_a_unit_is_whole_or_nothing(db) -> None:
    put(db, "a", "1")
    with suppress(ZeroDivisionError), db.unit() as unit:
        unit.session.merge(SettingTable(key="a", value="2"))
        unit.session.flush()
        raise ZeroDivisionError
    assert value(db, "a") == "1"


def test_readers_see_only_what_is_committed(db) -> None:
    with db.unit() as unit:
        unit.session.add(SettingTable(key="a", value="1"))
        unit.session.flush()
        assert value(db, "a") is None
    assert value(db, "a") == "1"


def test_readers_cannot_write(db) -> None:
    with pytest.raises(DataError):
        db.rows(str, "DELETE FROM setting")


def test_listeners_hear_of_changes_and_of_nothing_else(db) -> None:
    heard: list[int] = []
    db.on_commit(lambda: heard.append(1))
    put(db, "a", "1")
    assert len(heard) == 1
    with db.unit() as unit:
        unit.session.get(SettingTable, "a")
    with suppress(ZeroDivisionError), db.unit() as unit:
        unit.session.add(SettingTable(key="b", value="1"))
        unit.session.flush()
        raise ZeroDivisionError
    assert len(heard) == 1


def test_a_change_of_another_process_is_noticed(db, path) -> None:
    before = db.version()
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO setting VALUES ('a', '1')")
        other.commit()
    assert db.version() != before


def test_threads_take_turns(db) -> None:
    put(db, "count", "0")

    def count() -> None:
        for _step in range(20):
            with db.unit() as unit:
                row = unit.session.get_one(SettingTable, "count")
                row.value = str(int(row.value) + 1)

    threads = [threading.Thread(target=count) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value(db, "count") == "80"


def test_processes_take_turns(db, path) -> None:
    put(db, "count", "0")
    writers = [subprocess.Popen([sys.executable, "-c", COUNT, str(path)]) for _number in range(2)]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    assert value(db, "count") == "80"


def test_a_killed_writer_leaves_what_was_there(db, path) -> None:
    put(db, "count", "whole")
    done = subprocess.run([sys.executable, "-c", DIE, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert value(db, "count") == "whole"
    put(db, "count", "again")
    probe.check_integrity(path)


def test_commits_reach_the_disk_and_references_hold(path) -> None:
    with closing(sqlite.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_a_broken_reference_is_a_conflict_in_words(db) -> None:
    with pytest.raises(Conflict, match="depends"), db.unit() as unit:
        unit.session.add(
            PostTable(project_id=99, content_type="x", zone="UTC", late_rule="ask", created_at=1, updated_at=1)
        )
    assert db.value("SELECT count(*) FROM post") == 0


def test_a_locked_database_is_a_sentence_and_its_holder_is_known(db, path, monkeypatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS", 50)
    copy = path.with_name("copy.db")
    db.backup(copy)
    assert not probe.is_locked(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DataError, match="locked") as caught:
            put(db, "a", "1")
        assert "doctor" in caught.value.hint
        assert value(db, "a") is None
        assert probe.is_locked(path)
        assert os.getpid() in [holder.pid for holder in probe.holders(path)]
        with pytest.raises(DataError, match="locked"):
            sqlite.overwrite(copy, path)
        other.execute("ROLLBACK")
    put(db, "a", "1")
    assert value(db, "a") == "1"


def test_a_read_only_database_is_a_sentence(db, monkeypatch) -> None:
    monkeypatch.setattr(sqlite, "connect", sqlite.connect_readonly)
    with pytest.raises(DataError, match="read-only") as caught:
        put(db, "a", "1")
    assert "--data" in caught.value.hint


def test_a_full_disk_is_a_sentence_and_loses_nothing(db, monkeypatch) -> None:
    put(db, "a", "1")
    with db.unit() as unit:
        pages = unit.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        unit.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DataError, match="full"):
        put(db, "a", "x" * 1_000_000)
    assert value(db, "a") == "1"


def test_a_backup_is_a_whole_database_of_one_moment(db, path, tmp_path) -> None:
    put(db, "a", "1")
    db.backup(tmp_path / "deep" / "copy.db")
    put(db, "a", "2")
    copy = Database(tmp_path / "deep" / "copy.db")
    assert value(copy, "a") == "1"
    copy.close()
    assert not list((tmp_path / "deep").glob("*.partial"))


def test_overwriting_is_one_change_for_who_has_it_open(db, path, tmp_path) -> None:
    put(db, "a", "1")
    db.backup(tmp_path / "copy.db")
    put(db, "a", "2")
    before = db.version()
    sqlite.overwrite(tmp_path / "copy.db", path)
    assert db.version() != before
    assert value(db, "a") == "1"
    put(db, "a", "3")
    assert value(db, "a") == "3"


def test_what_was_done_is_told_and_undoable_together(db) -> None:
    with db.unit() as unit:
        unit.session.add(ProjectTable(name="Bakery", timezone="UTC", created_at=unit.now))
        unit.audit("project.add", "project", 1, "Added", actor="me")
        assert unit.undoable("Added", actor="me") == 1
    assert db.value("SELECT count(*) FROM audit") == 1
    with suppress(ZeroDivisionError), db.unit() as unit:
        unit.session.add(ProjectTable(name="Gym", timezone="UTC", created_at=unit.now))
        unit.audit("project.add", "project", 2, "Added", actor="me")
        unit.undoable("Added", actor="me")
        raise ZeroDivisionError
    assert [db.value(f"SELECT count(*) FROM {table}") for table in ("project", "audit", "undo")] == [1, 1, 1]
