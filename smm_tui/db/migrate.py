"""Bring a database to this program's schema, after a backup; refuse one that is newer.

The usual case, "already at the right revision", is settled by one plain query: Alembic is imported only to migrate.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from smm_tui.db import sqlite
from smm_tui.domain.errors import DataError
from smm_tui.i18n import _

if TYPE_CHECKING:
    import sqlite3

    from alembic.config import Config
    from sqlalchemy import Connection

HEAD = "0011"
"""The newest revision; revisions are four-digit numbers, so that newer and older can be told apart."""


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings for a connection of ours."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def revision_of(path: Path) -> str | None:
    """The schema revision of a database file; None when it is empty or not there."""
    if not path.exists() or path.stat().st_size == 0:
        return None
    with sqlite.explained(path), closing(sqlite.connect_readonly(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            return None
        if "alembic_version" not in tables:
            raise DataError(
                _("{path} is a database, but not one of smm-tui.").format(path=path),
                _("Choose another folder with --data, or move that file away."),
            )
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


def ensure_current(path: Path, backups: Path) -> None:
    """Create or migrate the database at `path`; a copy goes to `backups` before anything is changed."""
    revision = revision_of(path)
    if revision == HEAD:
        return
    with _one_at_a_time(path):
        revision = revision_of(path)  # another process may have done it while we waited
        if revision == HEAD:
            return
        if revision is not None and revision > HEAD:
            raise DataError(
                _(
                    "The database {path} was written by a newer smm-tui (schema {theirs}, this program knows {ours})."
                ).format(path=path, theirs=revision, ours=HEAD),
                _("Update smm-tui, or point --data at another folder. Nothing was changed."),
            )
        if revision is not None:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
            sqlite.backup(path, backups / f"before-{HEAD}-{stamp}.db")
        _upgrade(path)


def create(path: Path, revision: str) -> None:
    """A new database as a former revision had it, to be filled with what was written then."""
    _upgrade(path, revision)


def _upgrade(path: Path, revision: str = "head") -> None:
    """All migrations in one transaction: a failure leaves the database as it was."""
    from alembic import command
    from sqlalchemy import create_engine, event

    engine = create_engine("sqlite://", creator=lambda: _connect(path))
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with sqlite.explained(path), engine.begin() as connection:
            command.upgrade(alembic_config(connection), revision)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise DataError(
                    _("The database {path} cannot be brought to the new schema: its parts would not fit.").format(
                        path=path
                    ),
                    _("Nothing was changed. Please report this, with the version you came from."),
                )
    finally:
        engine.dispose()


def _connect(path: Path) -> sqlite3.Connection:
    """Tables are changed by making them anew, which would look like deleting what others refer to."""
    connection = sqlite.connect(path)
    connection.execute("PRAGMA foreign_keys = OFF")
    return connection


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Two processes that start at once must not both migrate."""
    try:
        lock = path.with_suffix(".migrating").open("w")
    except OSError as error:
        raise DataError(
            _("The folder {folder} cannot be written: {reason}.").format(folder=path.parent, reason=error.strerror),
            _("Check its owner and rights, or choose another with --data."),
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
