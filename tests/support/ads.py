"""Campaigns with figures, written straight into their tables: for tests of what is read and shown of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import DAY, Instant, to_datetime


@dataclass
class Market:
    """Makes rows; every value that a test does not name is a plain one."""

    workspace: Workspace
    project: int
    account: int
    serial: int = 0

    def campaign(self, name: str, **more: Any) -> int:
        """A campaign of a month with 300.00 EUR."""
        now = self.workspace.clock()
        values = {
            "project_id": self.project,
            "account_id": self.account,
            "goal": "followers",
            "currency": "EUR",
            "budget_total": 30_000,
            "cap": 33_000,
            "starts_at": now - 10 * DAY,
            "ends_at": now + 20 * DAY,
            "created_at": now,
        }
        return self._add("CampaignTable", name=name, **{**values, **more})

    def set(self, campaign: int, name: str, **more: Any) -> int:
        """An ad set."""
        return self._add("AdSetTable", campaign_id=campaign, name=name, **more)

    def ad(self, group: int, name: str, **more: Any) -> int:
        """An ad."""
        return self._add("AdTable", ad_set_id=group, name=name, **more)

    def figures(
        self,
        ad: int,
        day: str,
        impressions: int | None = None,
        reach: int | None = None,
        clicks: int | None = None,
        results: int | None = None,
        spent: int | None = None,
        final: bool = True,
    ) -> None:
        """A day of an ad."""
        with self.workspace.db.unit() as unit:
            unit.connection.exec_driver_sql(
                "INSERT INTO ad_figures (ad_id, day, campaign_id, impressions, reach, clicks, results, spent, final,"
                " read_at) SELECT ?, ?, s.campaign_id, ?, ?, ?, ?, ?, ?, ? FROM ad d JOIN ad_set s"
                " ON s.id = d.ad_set_id WHERE d.id = ?",
                (ad, day, impressions, reach, clicks, results, spent, final, unit.now, ad),
            )

    def reading(self, account: int, metric: str, value: int, at: Instant) -> None:
        """A figure of a page."""
        self._insert("ReadingTable", account_id=account, metric=metric, value=value, at=at, read_at=at)

    def cap(self, monthly: int) -> None:
        """What the client may lose in a month."""
        self._insert("AdCapTable", project_id=self.project, currency="EUR", monthly=monthly)

    def alarm(self, campaign: int, message: str, kind: str = "pace") -> None:
        """Something a person should see."""
        self._insert(
            "AdAlarmTable", campaign_id=campaign, kind=kind, message=message, raised_at=self.workspace.clock()
        )

    def day(self, back: int) -> str:
        """The day so many days ago."""
        return (to_datetime(self.workspace.clock()).date() - timedelta(days=back)).isoformat()

    def clear(self) -> None:
        """Nothing was ever advertised."""
        with self.workspace.db.unit() as unit:
            for table in ("ad_alarm", "ad_figures", "ad", "ad_set", "campaign"):
                unit.connection.exec_driver_sql(f"DELETE FROM {table}")

    def _add(self, table: str, **values: Any) -> int:
        self.serial += 1
        return self._insert(table, identity=f"i{self.serial}", **values)

    def _insert(self, table: str, **values: Any) -> int:
        """A row as it is given: nothing follows from it, so that a test may say what became of it."""
        from sqlalchemy import insert

        from smm_tui.db import tables

        kind = getattr(tables, table)
        row = kind(**values).model_dump(exclude={"id"})
        with self.workspace.db.unit() as unit:
            return unit.session.execute(insert(kind).values(**row)).inserted_primary_key[0]
