"""How many calls the networks still allow, counted in the database for all processes together."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from smm_tui.db import sqlite
from smm_tui.db.database import Database
from smm_tui.domain.clock import SECOND, Instant


class SharedRates:
    """Buckets in fixed windows; a window begins with the first call taken from it. Safe for threads and processes.

    It has a connection of its own that does not wait for the disk: a power cut may forget a few calls.
    """

    def __init__(self, db: Database) -> None:
        self._path = db.path
        self._clock = db.clock
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def take(self, bucket: str, limit: int, window: float) -> float:
        """Take one of `limit` calls in `window` seconds; 0 when it may be made now, else the seconds to wait."""
        with self._transaction() as db:
            now = self._clock()
            row = db.execute(
                "SELECT used, remaining, resets_at FROM rate_bucket WHERE name = ?", (bucket,)
            ).fetchone()
            if row is None or row[2] <= now:
                begun = (bucket, now + max(1, round(window * SECOND)))
                db.execute(
                    "INSERT OR REPLACE INTO rate_bucket (name, used, remaining, resets_at) VALUES (?, 1, NULL, ?)",
                    begun,
                )
                return 0.0
            used, remaining, resets_at = row
            if used >= limit or (remaining is not None and remaining <= 0):
                return float(resets_at - now) / SECOND
            db.execute(
                "UPDATE rate_bucket SET used = used + 1, remaining = remaining - 1 WHERE name = ?", (bucket,)
            )  # NULL - 1 stays NULL: the network has not said anything
            return 0.0

    def learn(self, bucket: str, remaining: int, resets_at: Instant) -> None:
        """What the network itself said is left, and until when. Of answers that crossed, the lower number counts."""
        with self._transaction() as db:
            now = self._clock()
            if resets_at <= now:
                return
            row = db.execute(
                "SELECT used, remaining, resets_at FROM rate_bucket WHERE name = ?", (bucket,)
            ).fetchone()
            used = 0
            if row is not None and row[2] > now:
                used = row[0]
                same = row[1] is not None and abs(row[2] - resets_at) <= 2 * SECOND
                remaining = min(remaining, row[1]) if same else remaining
            known = (bucket, used, max(0, remaining), resets_at)
            db.execute(
                "INSERT OR REPLACE INTO rate_bucket (name, used, remaining, resets_at) VALUES (?, ?, ?, ?)", known
            )

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, sqlite.explained(self._path):
            if self._connection is None:
                self._connection = sqlite.connect(self._path)
                self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.rollback()
                raise
            self._connection.commit()
