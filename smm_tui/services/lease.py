"""Who leads: of all processes that could act on the networks, one does."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

from smm_tui.db.database import Database
from smm_tui.db.reads import records
from smm_tui.db.reads.records import LeaseRow
from smm_tui.domain.clock import SECOND, Instant

NAME = "worker"
TERM: Instant = 30 * SECOND
"""A leader that has not been heard of for so long has lost its lease."""


@cache
def this_host() -> str:
    """This machine and, where there are such, its process namespace: what a process id is unique in."""
    try:
        namespace = Path("/proc/self/ns/pid").stat().st_ino
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()}/{namespace}"


def is_dead(lease: LeaseRow) -> bool:
    """Whether the holder is known to be gone: a process of this machine that no longer runs."""
    if lease.host != this_host():
        return False
    try:
        os.kill(lease.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def take(db: Database, owner: str) -> bool:
    """Take the lease or renew it; False while somebody else holds it.

    What a dead leader had under way is free at once; that of a silent one when its own leases end.
    """
    from smm_tui.db.tables import ActionTable, DeliveryTable, LeaseTable

    with db.unit() as unit:
        row = unit.session.get(LeaseTable, NAME)
        now = unit.now
        if row is None:
            row = LeaseTable(name=NAME, owner="", token=0, beat_at=now, expires_at=0)
            unit.session.add(row)
        if row.owner != owner:
            held = LeaseRow(row.owner, row.host, row.pid, row.beat_at, row.expires_at)
            gone = bool(row.owner) and is_dead(held)
            if row.expires_at > now and not gone:
                return False
            if gone:
                from sqlmodel import col, update

                for table in (DeliveryTable, ActionTable):
                    unit.session.exec(
                        update(table).where(col(table.lease_owner) == row.owner).values(lease_until=now)
                    )
            row.owner, row.host, row.pid, row.token = owner, this_host(), os.getpid(), row.token + 1
        row.beat_at, row.expires_at = now, now + TERM
        return True


def release(db: Database, owner: str) -> None:
    """Give the lease back, so that another can lead at once."""
    from smm_tui.db.tables import LeaseTable

    with db.unit() as unit:
        row = unit.session.get(LeaseTable, NAME)
        if row is not None and row.owner == owner:
            row.owner, row.expires_at = "", unit.now


def leader(db: Database) -> LeaseRow | None:
    """Who leads now."""
    row = records.lease(db, NAME)
    return row if row is not None and leads(row, db.clock()) else None


def leads(row: LeaseRow, now: Instant) -> bool:
    """Whether the holder of a lease leads at that moment."""
    return bool(row.owner) and row.expires_at > now and not is_dead(row)
