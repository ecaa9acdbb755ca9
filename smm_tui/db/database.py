"""The database: plain reads for everybody, one writer at a time, one unit of work per command.

Reads go through the DB-API and give NamedTuples: they cost neither SQLAlchemy's import nor its objects. Writes go
through a SQLModel session inside :meth:`Database.unit`, which begins with ``BEGIN IMMEDIATE``, so that a command
that read something may rely on it until its commit.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from smm_tui.db import migrate, sqlite
from smm_tui.domain.clock import Clock, system_clock

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from smm_tui.db.unit_of_work import UnitOfWork

Row = TypeVar("Row")


class Database:
    """One SQLite file. Safe to use from several threads; other processes may use the file as well."""

    def __init__(self, path: Path, *, backups: Path | None = None, clock: Clock = system_clock) -> None:
        self.path = path
        self.clock = clock
        self._backups = backups or path.parent / "backups"
        self._readers = threading.local()
        self._open_readers: list[sqlite3.Connection] = []
        self._write_lock = threading.RLock()
        self._engine: Engine | None = None
        self._listeners: list[Callable[[], None]] = []
        self._followers: list[Callable[[UnitOfWork], None]] = []
        migrate.ensure_current(path, self._backups)

    def rows(self, row: Callable[..., Row], sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        """All rows of a query, each made by `row` (a NamedTuple class) from the columns in order."""
        with sqlite.explained(self.path):
            return [row(*values) for values in self._reader().execute(sql, parameters)]

    def one(self, row: Callable[..., Row], sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Row | None:
        """The first row of a query, or None."""
        with sqlite.explained(self.path):
            values = self._reader().execute(sql, parameters).fetchone()
        return None if values is None else row(*values)

    def value(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """The first column of the first row, or None."""
        return self.one(lambda first, *_: first, sql, parameters)

    @contextmanager
    def unit(self) -> Iterator[UnitOfWork]:
        """One transaction that may write: committed when the block ends well, else as if it had never begun."""
        from smm_tui.db.unit_of_work import UnitOfWork

        with self._write_lock, sqlite.explained(self.path):
            with UnitOfWork(self._writer(), self.clock) as unit:
                yield unit
                for follower in self._followers:
                    follower(unit)
            changed = unit.wrote
        if changed:
            for listener in tuple(self._listeners):
                listener()

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener` (from whatever thread wrote) after each commit of this process that changed something."""
        self._listeners.append(listener)

    def before_commit(self, follower: Callable[[UnitOfWork], None]) -> None:
        """Call `follower` at the end of each unit, inside its transaction: what follows from a change, whichever
        command or undo made it."""
        self._followers.append(follower)

    def version(self) -> int:
        """A number that differs after any other connection, of any process, has committed a change."""
        return int(self.value("PRAGMA data_version"))

    def backup(self, target: Path) -> None:
        """Copy the whole database, as of now, to `target`."""
        sqlite.backup(self.path, target)

    def close(self) -> None:
        """Close every connection; the object is not to be used afterwards."""
        for connection in self._open_readers:
            connection.close()
        if self._engine is not None:
            self._engine.dispose()

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._readers, "connection", None)
        if connection is None:
            connection = self._readers.connection = sqlite.connect_readonly(self.path)
            self._open_readers.append(connection)
        return connection

    def _writer(self) -> Engine:
        if self._engine is None:
            from sqlalchemy import StaticPool, create_engine, event

            # One connection for all threads: `_write_lock` lets one of them write at a time.
            self._engine = create_engine("sqlite://", creator=lambda: sqlite.connect(self.path), poolclass=StaticPool)
            event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        return self._engine
