"""How somebody works: hours a week, the zone of their days, what an hour costs them. Light to import."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from smm_tui.db.database import Database
from smm_tui.db.reads import projects as project_reads
from smm_tui.db.reads import records
from smm_tui.domain import zones
from smm_tui.domain.clock import HOUR, MINUTE, Instant
from smm_tui.domain.worktime import IDLE

KEY = "work.settings"
"""The remembered fact that holds them as JSON, for each who works."""

CAPACITY: Instant = 40 * HOUR


class WorkSettings(NamedTuple):
    """`capacity` of a week and `idle`, the longest break that still is work, in milliseconds; `cost` of an hour in
    `currency`, None: not told. An empty zone means the one in which most clients live."""

    capacity: Instant = CAPACITY
    zone: str = ""
    idle: Instant = IDLE
    cost: Decimal | None = None
    currency: str = ""

    def packed(self) -> str:
        """As it is remembered."""
        return json.dumps({**self._asdict(), "cost": None if self.cost is None else str(self.cost)})


def read(db: Database, actor: str) -> WorkSettings:
    """The settings of one who works; defaults for what was never said."""
    stored = records.setting(db, f"{KEY}.{actor}")
    if not stored:
        return WorkSettings()
    found = json.loads(stored)
    cost = found.get("cost")
    return WorkSettings(
        int(found.get("capacity", CAPACITY)),
        str(found.get("zone", "")),
        int(found.get("idle", IDLE)),
        None if cost is None else Decimal(cost),
        str(found.get("currency", "")),
    )


def zone_of(db: Database, settings: WorkSettings) -> str:
    """The zone in which days begin and end for whoever works."""
    if settings.zone:
        return settings.zone
    lived_in = Counter(row.timezone for row in project_reads.all_projects(db))
    return lived_in.most_common(1)[0][0] if lived_in else "UTC"


def checked(settings: WorkSettings) -> WorkSettings:
    """The same, if it can be meant; InvalidInput names the field."""
    from smm_tui.domain.errors import InvalidInput
    from smm_tui.i18n import _

    if not 0 <= settings.capacity <= 7 * 24 * HOUR:
        raise InvalidInput(_("A week has 168 hours at most."), field="capacity")
    if not MINUTE <= settings.idle <= HOUR:
        raise InvalidInput(_("A break that still is work lasts from 1 to 60 minutes."), field="idle")
    return settings._replace(zone=zones.check_zone(settings.zone) if settings.zone else "")
