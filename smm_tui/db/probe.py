"""Looking at a database file from outside, without opening the workspace: is it sound, and who holds it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smm_tui.db import sqlite
from smm_tui.db.reads.records import LeaseRow
from smm_tui.domain.errors import DataError
from smm_tui.i18n import _

SQLITE = sqlite3.sqlite_version


@dataclass(frozen=True, slots=True)
class Holder:
    """A process of this machine that has locks on a database."""

    pid: int
    command: str


def check_integrity(path: Path) -> None:
    """Raises DataError when SQLite finds the file damaged."""
    found = _all(path, "PRAGMA integrity_check(1)")
    if found != [("ok",)]:
        raise DataError(
            _("{path} is damaged: {reason}.").format(path=path, reason=" ".join(str(found[0][0]).split())),
            _("Bring back a copy with `smm-tui restore FILE`. Nothing was changed."),
        )


def is_damaged(path: Path) -> bool:
    """Whether the file is no sound database."""
    try:
        with closing(sqlite.connect_readonly(path)) as connection:
            return connection.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]
    except sqlite3.Error as error:
        return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


def is_locked(path: Path) -> bool:
    """Whether somebody is writing and does not finish within a second, or keeps everybody out."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=1)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return False


def holders(path: Path) -> list[Holder]:
    """The processes with locks on the database, where the system tells (``/proc/locks``)."""
    inodes = set()
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            inodes.add(path.with_name(path.name + suffix).stat().st_ino)
    try:
        lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    except OSError:
        return []
    found: set[int] = set()
    for line in lines:
        words = line.split()
        if "->" not in words and len(words) > 5 and int(words[5].rpartition(":")[2]) in inodes:
            found.add(int(words[4]))
    return [Holder(pid, _command(pid)) for pid in sorted(found) if pid > 0]


def media_names(path: Path) -> list[tuple[str, str]]:
    """Hash and original name of every stored file."""
    return _all(path, "SELECT sha256, original_name FROM media ORDER BY sha256")


def projects(path: Path) -> int:
    """How many projects there are, archived ones as well."""
    [(count,)] = _all(path, "SELECT count(*) FROM project")
    return int(count)


def lease(path: Path) -> LeaseRow | None:
    """Who leads as worker, or led last."""
    rows = _all(path, "SELECT owner, host, pid, beat_at, expires_at FROM lease WHERE name = 'worker'")
    return LeaseRow(*rows[0]) if rows else None


def tried_deliveries(path: Path) -> list[int]:
    """Deliveries for which anything was tried."""
    rows = _all(path, "SELECT DISTINCT i.delivery_id FROM attempt t JOIN intent i ON i.id = t.intent_id")
    return [number for (number,) in rows]


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return "?"
    return " ".join(word for word in words if word)[:60]


def _all(path: Path, sql: str) -> list[Any]:
    with sqlite.explained(path), closing(sqlite.connect_readonly(path)) as connection:
        return connection.execute(sql).fetchall()
