"""Migrations: they make exactly the tables the program knows, after a backup, once, and never backwards."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from smm_tui.db import migrate, probe, sqlite
from smm_tui.db.database import Database
from smm_tui.domain.errors import DataError

FIRST_START = """
import sys
from pathlib import Path
from smm_tui.db.database import Database
db = Database(Path(sys.argv[1]))
with db.unit() as unit:
    unit.connection.exec_driver_sql("INSERT INTO setting (key, value) VALUES (?, 'here')", (sys.argv[2],))
db.close()
"""


def tables(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))


def set_revision(path: Path, revision: str | None) -> None:
    with closing(sqlite3.connect(path)) as connection:
        if revision is None:
            connection.execute("DELETE FROM alembic_version")
        else:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "smm-tui.db"


def test_migrations_make_the_tables_that_the_program_knows(path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import create_engine
    from sqlmodel import SQLModel

    from smm_tui.db import tables as known

    Database(path).close()
    assert known.PostTable.__tablename__ in SQLModel.metadata.tables
    engine = create_engine("sqlite://", creator=lambda: sqlite.connect(path))
    options = {
        "compare_type": True,
        "compare_server_default": True,
        "include_name": lambda name, kind, _: kind != "table" or not name.startswith(known.VIRTUAL),
    }
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_the_newest_revision_is_the_last_migration() -> None:
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine

    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(migrate.alembic_config(connection))
    engine.dispose()
    assert script.get_heads() == [migrate.HEAD]
    assert all(item.revision.isdecimal() and len(item.revision) == 4 for item in script.walk_revisions())


def test_a_new_database_needs_no_backup(path, tmp_path) -> None:
    Database(path, backups=tmp_path / "backups").close()
    assert migrate.revision_of(path) == migrate.HEAD
    assert not (tmp_path / "backups").exists()
    before = path.read_bytes()
    Database(path, backups=tmp_path / "backups").close()
    assert path.read_bytes() == before


def test_a_backup_is_made_before_migrating(path, tmp_path, monkeypatch) -> None:
    Database(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO setting VALUES ('place', 'calendar')")
        connection.commit()
    set_revision(path, "0000")
    seen: list[list[str]] = []

    def upgrade(database: Path) -> None:
        seen.append([item.name for item in (tmp_path / "backups").iterdir()])
        set_revision(database, migrate.HEAD)

    monkeypatch.setattr(migrate, "_upgrade", upgrade)
    Database(path, backups=tmp_path / "backups").close()
    ((name,),) = seen
    assert name.startswith(f"before-{migrate.HEAD}-")
    copy = tmp_path / "backups" / name
    assert migrate.revision_of(copy) == "0000"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT * FROM setting").fetchall() == [("place", "calendar")]


def test_no_migration_without_its_backup(path, tmp_path, monkeypatch) -> None:
    Database(path).close()
    set_revision(path, "0000")
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(migrate, "_upgrade", lambda _path: pytest.fail("migrated without a backup"))
    with pytest.raises(DataError):
        Database(path, backups=tmp_path / "file" / "backups")
    assert migrate.revision_of(path) == "0000"


def test_a_failed_migration_changes_nothing(path, tmp_path, monkeypatch) -> None:
    Database(path).close()
    set_revision(path, "0000")
    before = tables(path)

    def fail(connection, _revision) -> None:
        connection.attributes["connection"].exec_driver_sql("CREATE TABLE half (done)")
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("alembic.command.upgrade", fail)
    with pytest.raises(DataError):
        Database(path)
    assert tables(path) == before
    assert migrate.revision_of(path) == "0000"


def test_a_newer_schema_is_refused_and_left_alone(path) -> None:
    Database(path).close()
    set_revision(path, "9999")
    before = tables(path)
    with pytest.raises(DataError, match="newer") as caught:
        Database(path)
    assert "9999" in caught.value.message
    assert "Update" in caught.value.hint
    assert tables(path) == before
    assert migrate.revision_of(path) == "9999"


@pytest.mark.parametrize("content", [b"words", b"\0" * 4096, b"SQLite format 3\0" + b"\x01" * 8192])
def test_a_file_that_is_no_database_is_left_alone(path, content) -> None:
    path.write_bytes(content)
    with pytest.raises(DataError, match="damaged or not a database"):
        Database(path)
    assert path.read_bytes() == content
    assert probe.is_damaged(path)


def test_a_database_of_another_program_is_left_alone(path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (id)")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(DataError, match="not one of smm-tui"):
        Database(path)
    assert path.read_bytes() == before


def test_a_folder_in_its_place_is_a_sentence(path) -> None:
    path.mkdir()
    with pytest.raises(DataError):
        Database(path)


def test_two_processes_may_start_at_once_on_nothing(path) -> None:
    starts = [
        subprocess.Popen([sys.executable, "-c", FIRST_START, str(path), name], stderr=subprocess.PIPE, text=True)
        for name in ("one", "two", "three")
    ]
    errors = [start.communicate(timeout=120)[1] for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0], errors
    db = Database(path)
    assert db.rows(str, "SELECT key FROM setting ORDER BY key") == ["one", "three", "two"]
    db.close()
    probe.check_integrity(path)
