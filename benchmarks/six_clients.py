"""Six clients with an account each, at the beginning of a large workspace that is measured."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import Instant
from smm_tui.paths import Paths
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.settings import Settings

CLIENTS = ("Bakery", "Gym", "Books", "Radio", "Words", "Tools")


def six_clients(folder: Path, now: Instant) -> sqlite3.Connection:
    """Make the workspace and its accounts, numbered as their clients are; a connection for all the rest."""
    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(Settings(Paths(folder, folder / "smm-tui.db"), secrets="file"), clock=lambda: now)
    for name in CLIENTS:
        workspace.projects.add(ProjectDraft(name, "UTC"))
    workspace.close()
    connection = sqlite3.connect(folder / "smm-tui.db")
    connection.execute("PRAGMA synchronous = OFF")
    connection.executemany(
        "INSERT INTO account (id, project_id, network, server, handle, remote_id, display_name, url, secret_ref,"
        " facts, missing, state, state_reason, created_at, version)"
        " VALUES (?, ?, 'facebook', 'https://graph.facebook.com', ?, ?, '', '', 'none', '{}', '[]', 'ok', '', ?, 1)",
        [(n, n, name, str(n), now) for n, name in enumerate(CLIENTS, 1)],
    )
    return connection
