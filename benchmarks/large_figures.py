"""Years of daily figures for many accounts, written straight into their tables."""

from __future__ import annotations

import math
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import DAY, HOUR, Instant
from smm_tui.paths import Paths
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.settings import Settings

CLIENTS = ("Bakery", "Gym", "Books", "Radio", "Words", "Tools")
DAILY = ("reach", "views", "likes", "followed", "unfollowed")
TYPES = ("informational", "selling", "entertaining", "engaging")
EVERY = 2  # days between two posts of an account
POST = (
    "INSERT INTO post (id, project_id, content_type, text, content_warning, labels, language, zone, planned_at,"
    " late_rule, state, first_comment, review, created_at, updated_at, version)"
    " VALUES (?, ?, ?, 'Bread', '', '[]', '', 'UTC', ?, 'ask', 'live', '', '', ?, ?, 1)"
)
DELIVERY = (
    "INSERT INTO delivery (id, post_id, account_id, state, due_at, approved_by, read_backs, needs_human, error_kind,"
    " error_message, error_hint, error_field, remote_id, remote_url, live_at, late_accepted)"
    " VALUES (?, ?, ?, 'live', ?, '', 0, 0, '', '', '', '', ?, '', ?, 0)"
)
FIGURE = (
    "INSERT INTO post_figure (delivery_id, account_id, live_at, weekday, hour, likes, reach, engagement, score, at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def build(folder: Path, accounts: int, days: int, *, now: Instant) -> None:
    """Six clients that share so many accounts, each with a figure of every kind a day, and a post every other day.

    The accounts are paused, so that no worker asks networks that are not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(Settings(Paths(folder, folder / "smm-tui.db"), secrets="file"), clock=lambda: now)
    for name in CLIENTS:
        workspace.projects.add(ProjectDraft(name, "UTC"))
    workspace.close()
    with sqlite3.connect(folder / "smm-tui.db") as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executemany(
            "INSERT INTO account (id, project_id, network, server, handle, remote_id, display_name, url, secret_ref,"
            " facts, missing, state, state_reason, created_at, version)"
            " VALUES (?, ?, 'facebook', 'https://graph.facebook.com', ?, ?, '', '', 'none', '{}', '[]', 'paused', '',"
            " ?, 1)",
            [(n, (n - 1) % 6 + 1, f"page{n:02}", str(n), now) for n in range(1, accounts + 1)],
        )
        figures = list(_figures(accounts, days, now))
        connection.executemany(
            "INSERT INTO day_figure (account_id, metric, day, value, at) VALUES (?, ?, ?, ?, ?)", figures
        )
        connection.executemany(
            "INSERT INTO reading (account_id, metric, value, at, since, read_at) VALUES (?, ?, ?, ?, ?, ?)",
            [(account, metric, value, at, at - DAY, at) for account, metric, _day, value, at in figures],
        )
        connection.executemany(
            "INSERT INTO figure_turn (account_id, next_at, read_at, tries, missing, error_message)"
            " VALUES (?, ?, ?, 0, '{}', '')",
            [(n, now + DAY, now) for n in range(1, accounts + 1)],
        )
        for sql, rows in zip((POST, DELIVERY, FIGURE), zip(*_posts(accounts, days, now), strict=True), strict=True):
            connection.executemany(sql, rows)
        connection.execute("ANALYZE")
    connection.close()


def _figures(accounts: int, days: int, now: Instant) -> Iterator[tuple[int, str, int, int, Instant]]:
    dice = random.Random(1)
    for account in range(1, accounts + 1):
        followers = dice.randrange(200, 5000)
        for ago in range(days - 1, -1, -1):
            at = now - ago * DAY
            gained, lost = dice.randrange(9), dice.randrange(6)
            followers += gained - lost
            values = (followers // 3, followers, followers // 20, gained, lost)
            yield account, "followers", at // DAY, followers, at
            for metric, value in zip(DAILY, values, strict=True):
                yield account, metric, at // DAY, value, at


def _posts(accounts: int, days: int, now: Instant) -> Iterator[tuple[tuple[Any, ...], ...]]:
    dice = random.Random(2)
    number = 0
    for account in range(1, accounts + 1):
        for ago in range(days - 1, 2, -EVERY):
            number += 1
            hour = dice.randrange(7, 21)
            at = (now - ago * DAY) // DAY * DAY + hour * HOUR
            likes = dice.randrange(5, 60)
            kind = TYPES[dice.randrange(4)]
            weekday = (at // DAY + 3) % 7
            yield (
                (number, (account - 1) % 6 + 1, kind, at, at, at),
                (number, number, account, at, f"r{number}", at),
                (number, account, at, weekday, hour, likes, likes * 9, likes, math.log1p(likes), at + 2 * DAY),
            )
