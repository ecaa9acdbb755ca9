"""A workspace with 100,000 posts, written straight into its tables (the services are measured elsewhere)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import DAY, HOUR, Instant, system_clock
from smm_tui.domain.zones import local
from smm_tui.paths import Paths
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.settings import Settings

CLIENTS = ("Bakery", "Gym", "Books", "Radio", "Words", "Tools")
KINDS = ("informational", "selling", "entertaining", "engaging")
STATES = ("live", "planned", "approved", "draft")


def build(folder: Path, posts: int = 100_000, *, now: Instant | None = None) -> None:
    """Six clients; a fifteenth of the posts in the three months around now, the rest in the years before."""
    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(Settings(Paths(folder, folder / "smm-tui.db"), secrets="file"))
    for name in CLIENTS:
        workspace.projects.add(ProjectDraft(name, "UTC"))
    now = system_clock() if now is None else now
    with workspace.db.unit() as unit:
        unit.connection.exec_driver_sql("SELECT 1")
    workspace.close()
    connection = sqlite3.connect(folder / "smm-tui.db")
    with connection:
        connection.executemany(
            "INSERT INTO account (id, project_id, network, server, handle, remote_id, display_name, url, secret_ref,"
            " facts, missing, state, state_reason, created_at, version)"
            " VALUES (?, ?, 'mastodon', 'https://social.example', ?, ?, '', '', 'none', '{}', '[]', 'ok', '', ?, 1)",
            [(n, n, f"@{name.lower()}@social.example", str(n), now) for n, name in enumerate(CLIENTS, 1)],
        )
        rows = []
        for number in range(1, posts + 1):
            near = number <= posts // 15
            at = now - (number * 37 % 90 - 45) * DAY if near else now - (45 + number * 7 % 1500) * DAY
            at += number * 7919 % 24 * HOUR
            state = STATES[0] if at < now else STATES[number % 3 + 1]
            wall = local(at, "UTC").strftime("%Y-%m-%dT%H:%M:%S")
            rows.append(
                (
                    number,
                    number % 6 + 1,
                    KINDS[number % 4],
                    f"Post {number} about árvíztűrő bread",
                    wall,
                    at,
                    state,
                    now,
                    now,
                )
            )
        connection.executemany(
            "INSERT INTO post (id, project_id, content_type, text, content_warning, labels, language, planned_wall,"
            " zone, planned_at, late_rule, state, created_at, updated_at, version)"
            " VALUES (?, ?, ?, ?, '', '[]', '', ?, 'UTC', ?, 'ask', ?, ?, ?, 1)",
            rows,
        )
        connection.executemany(
            "INSERT INTO delivery (id, post_id, account_id, state, due_at, approved_by, read_backs, needs_human,"
            " error_kind, error_message, error_hint, error_field, remote_id, remote_url, late_accepted)"
            " VALUES (?, ?, ?, ?, ?, '', 0, 0, '', '', '', '', '', '', 0)",
            [(row[0], row[0], row[1], row[6], row[5]) for row in rows],
        )
    connection.execute("ANALYZE")
    connection.close()
