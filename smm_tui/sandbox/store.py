"""The world's file: one SQLite database that several processes and threads use at once."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smm_tui.domain.clock import Clock

BUSY_SECONDS = 30.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS servers (
    host TEXT PRIMARY KEY, network TEXT NOT NULL, flavour TEXT NOT NULL, title TEXT NOT NULL,
    base TEXT NOT NULL, config TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS accounts (
    id INTEGER PRIMARY KEY, server TEXT NOT NULL REFERENCES servers(host), network TEXT NOT NULL,
    handle TEXT NOT NULL, remote_id TEXT NOT NULL, display_name TEXT NOT NULL, password TEXT NOT NULL,
    state TEXT NOT NULL, data TEXT NOT NULL, created_at INTEGER NOT NULL,
    UNIQUE (server, handle), UNIQUE (server, remote_id)
);
CREATE TABLE IF NOT EXISTS tokens (
    value TEXT PRIMARY KEY, kind TEXT NOT NULL, server TEXT NOT NULL, account_id INTEGER REFERENCES accounts(id),
    data TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER, revoked_at INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tokens_of_account ON tokens (account_id, kind);
CREATE TABLE IF NOT EXISTS objects (
    id INTEGER PRIMARY KEY, network TEXT NOT NULL, server TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts(id), kind TEXT NOT NULL, remote_id TEXT NOT NULL,
    sort TEXT NOT NULL, text TEXT NOT NULL, record TEXT NOT NULL, media TEXT NOT NULL, reply_to TEXT,
    created_at INTEGER NOT NULL, stored_at INTEGER NOT NULL, edited_at INTEGER, deleted_at INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS live_objects ON objects (server, kind, remote_id) WHERE deleted_at IS NULL;
CREATE INDEX IF NOT EXISTS objects_of_account ON objects (account_id, kind, sort);
CREATE INDEX IF NOT EXISTS replies ON objects (server, reply_to) WHERE reply_to IS NOT NULL;
CREATE TABLE IF NOT EXISTS media (
    server TEXT NOT NULL, account_id INTEGER NOT NULL REFERENCES accounts(id), id TEXT NOT NULL,
    mime TEXT NOT NULL, size INTEGER NOT NULL, description TEXT NOT NULL, meta TEXT NOT NULL,
    ready_at INTEGER, attached_to INTEGER REFERENCES objects(id), created_at INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (server, id, account_id)
);
CREATE TABLE IF NOT EXISTS idempotency (
    account_id INTEGER NOT NULL, key TEXT NOT NULL, object_id INTEGER NOT NULL, created_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS idempotency_keys ON idempotency (account_id, key);
CREATE TABLE IF NOT EXISTS buckets (
    name TEXT PRIMARY KEY, resets_at INTEGER NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, method TEXT NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL,
    account TEXT NOT NULL, status INTEGER, fault TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS same_calls ON calls (path, method, host, account);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY, fault TEXT NOT NULL, skip INTEGER NOT NULL, remaining INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS late_requests (id INTEGER PRIMARY KEY, due INTEGER NOT NULL, request TEXT NOT NULL);
"""


class Store:
    """A connection to the file, shared by the threads of this process. `clock` is the world's."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = self._open()

    def close(self) -> None:
        """Release the file. The world stays as it is."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Make several steps one; other processes and threads wait. May be nested."""
        with self._lock:
            connection = self._connection
            if self._depth:
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            finally:
                self._depth -= 1

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """What a query finds."""
        with self.transaction() as db:
            return db.execute(sql, values).fetchall()

    def keep(self, key: str, value: str) -> None:
        """Remember a value of the world itself."""
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def kept(self, key: str) -> str | None:
        """A value that was remembered; None: nothing was."""
        rows = self.rows("SELECT value FROM meta WHERE key = ?", key)
        return None if not rows else str(rows[0]["value"])

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        # A killed process loses nothing at this level; only a power cut could, and this is a toy world.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        self._enter_wal(connection)
        connection.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA.split(";\n"):
            connection.execute(statement)
        connection.execute("COMMIT")
        return connection

    @staticmethod
    def _enter_wal(connection: sqlite3.Connection) -> None:
        # SQLite does not wait for other openers while it changes the journal mode.
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.005)
            else:
                return
