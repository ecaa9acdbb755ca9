"""SQLite as this program uses it: connections, copies, and its errors in the user's words."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from smm_tui.domain.errors import Conflict, DataError
from smm_tui.domain.searching import searched
from smm_tui.i18n import _

BUSY_MS = 15_000
"""How long a writer waits for another process before it gives up."""
SHARED_MEMORY = 32_768
"""Bytes that SQLite needs beside a database to open it."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection that may write. Transactions are begun by whoever uses it."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # An intent must survive a power cut before its request leaves, so every commit reaches the disk.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def connect_readonly(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, whatever is run on it."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_MS / 1000,
    )
    connection.execute("PRAGMA query_only = ON")
    connection.create_function("searched", 1, searched, deterministic=True)
    return connection


def backup(source: Path, target: Path) -> None:
    """A consistent copy of a live database, complete under its name or not there at all."""
    partial = target.with_name(target.name + ".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with explained(source), closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(partial)) as new:
            _copy(old, new, source)
        partial.replace(target)
    except OSError as error:
        raise DataError(
            _("A copy of the database cannot be written to {path}: {reason}.").format(
                path=target, reason=error.strerror
            ),
            _("Check the rights of that folder, and the room on the disk. Nothing was changed."),
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def overwrite(source: Path, target: Path) -> None:
    """Put the content of `source` into `target`, whole or not at all; who has `target` open sees it as one change."""
    with explained(target), closing(sqlite3.connect(source)) as new, closing(connect(target)) as live:
        _copy(new, live, target)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, contested: Path) -> None:
    """All pages in one go; without a deadline of our own, a locked file would be waited for for ever."""
    deadline = time.monotonic() + BUSY_MS / 1000

    def give_up(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            raise _locked(contested)

    source.backup(target, progress=give_up)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's and SQLAlchemy's errors into sentences that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise explain(error, path) from error
    except Exception as error:
        cause = getattr(error, "orig", None)  # SQLAlchemy wraps the driver's error
        if isinstance(cause, sqlite3.Error):
            raise explain(cause, path) from error
        raise


def explain(error: sqlite3.Error, path: Path) -> DataError:
    """The user's sentence for an error of SQLite."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return _locked(path)
    if code == sqlite3.SQLITE_READONLY:
        return DataError(
            _("The database {path} is read-only.").format(path=path),
            _("Give yourself the right to write the file and its folder, or choose another with --data."),
        )
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path)):
        return DataError(
            _("The disk with {path} is full.").format(path=path),
            _("Make room and try again. Nothing was changed."),
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return DataError(
            _("{path} is damaged or not a database.").format(path=path),
            _("Bring back a copy with `smm-tui restore FILE`, or choose another folder with --data."),
        )
    if code == sqlite3.SQLITE_CONSTRAINT:
        return Conflict(
            _("Something else in this workspace still depends on that, or is there already."),
            _("Look at the log for what came after, and take that back first. Nothing was changed."),
        )
    if path.is_dir():
        return DataError(
            _("{path} is a folder, where the database should be.").format(path=path),
            _("Move it away, or choose another folder with --data."),
        )
    if code == sqlite3.SQLITE_CANTOPEN:
        return DataError(
            _("The database {path} cannot be opened.").format(path=path),
            _("Check that its folder exists and that you may read it, or choose another with --data."),
        )
    return DataError(
        _("The database {path} refused: {reason}.").format(path=path, reason=error),
        _("Run `smm-tui doctor`."),
    )


def _is_full(path: Path) -> bool:
    """SQLite calls it an input/output error when the shared memory beside a database finds no room."""
    try:
        return shutil.disk_usage(path.parent).free < SHARED_MEMORY
    except OSError:
        return False


def _locked(path: Path) -> DataError:
    return DataError(
        _("Another program keeps the database {path} locked.").format(path=path),
        _("Wait a moment and try again; `smm-tui doctor` names who holds it. Nothing was changed."),
    )
