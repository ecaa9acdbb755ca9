"""Campaigns with years of figures, written straight into their tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.six_clients import six_clients
from smm_tui.domain.clock import DAY, Instant, to_datetime

STATES = ("active", "active", "paused", "ended", "ended", "draft")
ADS = 2


def build(folder: Path, campaigns: int, days: int, *, now: Instant) -> None:
    """Six clients; every campaign has a set with two ads, and every ad figures of every one of the last days."""
    with six_clients(folder, now) as connection:
        connection.executemany(
            "INSERT INTO campaign (id, project_id, account_id, name, goal, currency, budget_total, cap, starts_at,"
            " ends_at, facts, state, state_reason, approved_by, stopped_reason, identity, remote_id, remote_url,"
            " created_at, version)"
            " VALUES (?, ?, ?, ?, 'followers', 'EUR', ?, ?, ?, ?, '{}', ?, '', '', '', ?, '', '', ?, 1)",
            [
                (n, n % 6 + 1, n % 6 + 1, f"Campaign {n:03}", 9_000_000, 10_000_000, now - days * DAY,
                 now + 30 * DAY, STATES[n % len(STATES)], f"c{n}", now)
                for n in range(1, campaigns + 1)
            ],
        )  # fmt: skip
        connection.executemany(
            "INSERT INTO ad_set (id, campaign_id, name, audience, placements, hours, identity, remote_id, state,"
            " state_reason, version) VALUES (?, ?, ?, '{}', '[]', '{}', ?, '', 'active', '', 1)",
            [(n, n, f"Set {n}", f"s{n}") for n in range(1, campaigns + 1)],
        )
        connection.executemany(
            "INSERT INTO ad (id, ad_set_id, name, text, title, link, button, media, label, identity, remote_id,"
            " state, state_reason, version) VALUES (?, ?, ?, '', '', '', '', '[]', '', ?, '', 'active', '', 1)",
            [(n, (n - 1) // ADS + 1, f"Ad {n}", f"a{n}") for n in range(1, campaigns * ADS + 1)],
        )
        connection.executemany(
            "INSERT INTO ad_figures (ad_id, day, campaign_id, impressions, reach, clicks, results, spent, final,"
            " read_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
            _figures(campaigns, days, now),
        )
        connection.execute("ANALYZE")
    connection.close()


def _figures(campaigns: int, days: int, now: Instant) -> Iterator[tuple[Any, ...]]:
    """Day by day, as the worker would have written them."""
    last: date = to_datetime(now).date()
    for back in reversed(range(days)):
        day = (last - timedelta(days=back)).isoformat()
        for ad in range(1, campaigns * ADS + 1):
            dice = (ad * 7919 + back * 104_729) % 1000
            shown = 500 + dice * 3
            yield (ad, day, (ad - 1) // ADS + 1, shown, shown * 4 // 5, shown // 60, dice % 7, 3000 + dice, now)
