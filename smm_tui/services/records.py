"""The log, text being typed, remembered facts, and the counts of `status`: small things every screen needs."""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import records as reads
from smm_tui.db.reads.records import AuditRow
from smm_tui.domain.clock import Instant
from smm_tui.domain.states import State
from smm_tui.services import lease


class WorkerState(NamedTuple):
    """`where`: ``here`` (this process), ``elsewhere`` or ``off``."""

    where: str
    host: str = ""
    pid: int = 0
    beat_at: Instant | None = None


class Status(NamedTuple):
    """What waits: counts of deliveries by state, how many are due, whom they wait for."""

    counts: dict[str, int]
    due: int
    waiting: list[int]
    worker: WorkerState

    @property
    def needs_human(self) -> bool:
        """Whether a person must do something."""
        return bool(self.waiting)

    def in_state(self, state: State) -> int:
        """Deliveries in a state."""
        return self.counts.get(state, 0)


class RecordService:
    """Reads of the log and the ledger's counts; small writes that are no commands and need no undo."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def log(
        self,
        *,
        project_id: int | None = None,
        subject: str | None = None,
        subject_id: int | None = None,
        limit: int = 200,
    ) -> list[AuditRow]:
        """The newest lines of the log."""
        return reads.audit(self._db, project_id=project_id, subject=subject, subject_id=subject_id, limit=limit)

    def status(self) -> Status:
        """What waits, and for whom."""
        return Status(
            reads.delivery_counts(self._db),
            reads.due_count(self._db, self._db.clock()),
            reads.waiting_ids(self._db),
            self.worker(),
        )

    def worker(self) -> WorkerState:
        """Whether a worker leads now, and where."""
        row = lease.leader(self._db)
        if row is None:
            return WorkerState("off")
        here = row.host == lease.this_host() and row.pid == os.getpid()
        return WorkerState("here" if here else "elsewhere", row.host.partition("/")[0], row.pid, row.beat_at)

    def autosave(self, key: str) -> dict[str, Any] | None:
        """What was being typed under `key`, if it was never saved nor thrown away."""
        return reads.autosave(self._db, key)

    def autosaves(self) -> list[tuple[str, dict[str, Any], Instant]]:
        """Everything that was being typed, newest first."""
        return reads.autosaves(self._db)

    def keep_typing(self, key: str, payload: dict[str, Any]) -> None:
        """Store what is being typed, replacing the last state of it."""
        with self._db.unit() as unit:
            unit.connection.exec_driver_sql(
                "INSERT INTO autosave (key, payload, updated_at) VALUES (?, ?, ?) "
                "ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, updated_at = excluded.updated_at",
                (key, json.dumps(payload), unit.now),
            )

    def forget_typing(self, key: str) -> None:
        """What was typed is saved or thrown away."""
        with self._db.unit() as unit:
            unit.connection.exec_driver_sql("DELETE FROM autosave WHERE key = ?", (key,))

    def setting(self, key: str) -> str | None:
        """A remembered fact, such as the last screen."""
        return reads.setting(self._db, key)

    def remember(self, key: str, value: str) -> None:
        """Remember a fact of this workspace."""
        with self._db.unit() as unit:
            unit.connection.exec_driver_sql(
                "INSERT INTO setting (key, value) VALUES (?, ?) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )
