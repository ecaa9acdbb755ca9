"""Plan against fact: what was planned for a month and what is live, side by side. Light to import."""

from __future__ import annotations

from dataclasses import dataclass

from smm_tui.db.database import Database
from smm_tui.db.reads import facts as reads
from smm_tui.db.reads.facts import FactRow
from smm_tui.domain import promise, zones
from smm_tui.domain.clock import DAY, Instant
from smm_tui.domain.promise import Fact, Promise


@dataclass(frozen=True, slots=True)
class DeliveryFact:
    """A delivery and what became of it."""

    row: FactRow
    fact: Fact


@dataclass(frozen=True, slots=True)
class MonthFact:
    """The deliveries of a month in time order, and how much of it is as promised. `unread` of those that are live
    were never read back."""

    deliveries: tuple[DeliveryFact, ...]
    promise: Promise
    unread: int

    @property
    def broken(self) -> list[DeliveryFact]:
        """What is not as it was promised."""
        return [item for item in self.deliveries if item.fact not in (Fact.KEPT, Fact.WAITING)]


class FactQueries:
    """Questions about what became of a plan."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def month(self, project_id: int, year: int, month: int) -> MonthFact:
        """A month of a project."""
        return judged(self.rows(project_id, year, month), self._db.clock())

    def rows(self, project_id: int, year: int, month: int) -> list[FactRow]:
        """The deliveries of a month."""
        # A wall time in whatever zone lies within a day of the same one in UTC.
        start, end = zones.month_bounds(year, month, "UTC")
        return reads.month(self._db, project_id, f"{year:04}-{month:02}-", start - DAY, end + DAY)


def judged(rows: list[FactRow], now: Instant) -> MonthFact:
    """What became of deliveries by now."""
    found = tuple(DeliveryFact(row, promise.fact(row.state, row.due_at, row.live_at, row.look, now)) for row in rows)
    unread = sum(row.state == "live" and row.looked_at is None for row in rows)
    return MonthFact(found, promise.promise(item.fact for item in found), unread)
