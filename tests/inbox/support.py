"""A network made of values: what an inbox brings, and what comes of verdicts, as a test wants it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import MINUTE
from smm_tui.networks.community import Author, Item, ItemKind, Page
from smm_tui.networks.ports import JSON
from smm_tui.services.ingest import Ingest, Taken
from smm_tui.services.project_queries import ProjectDraft
from tests.support.database import fresh_database
from tests.support.desk import START, TurnedClock, settings_in

ZONE = "Europe/Budapest"


@dataclass
class Post:
    """A workspace with accounts that were never checked, and no network behind them."""

    workspace: Workspace
    clock: TurnedClock
    projects: list[int] = field(default_factory=list)
    accounts: list[int] = field(default_factory=list)

    def store(
        self,
        *items: Item,
        account: int = 0,
        gone: Sequence[str] = (),
        more: bool = False,
        gap: str = "",
        cursor: JSON | None = None,
    ) -> Taken:
        """Take in one step of an inbox."""
        ingest = Ingest(self.workspace.db)
        source = ingest.source(self.accounts[account])
        assert source is not None
        self.clock.turn(1)
        return ingest.store(
            source, Page(items, cursor or {"at": self.clock.now}, more=more, gone=tuple(gone), gap=gap)
        )

    def rows(self) -> dict[str, tuple[str, str]]:
        """State and text by remote id."""
        return dict(
            self.workspace.db.rows(
                lambda key, state, text: (key, (state, text)),
                "SELECT remote_id, state, text FROM message ORDER BY id",
            )
        )

    def id_of(self, remote_id: str) -> int:
        return int(self.workspace.db.value("SELECT id FROM message WHERE remote_id = ?", (remote_id,)))


def make_post(folder: Path, *, accounts: Sequence[tuple[str, JSON]] = (("vk", {}),)) -> Post:
    clock = TurnedClock()
    folder.mkdir(parents=True, exist_ok=True)
    fresh_database(folder / "smm-tui.db")
    workspace = Workspace(settings_in(folder), clock=clock)
    post = Post(workspace, clock)
    for number, (network, facts) in enumerate(accounts):
        project = workspace.projects.add(ProjectDraft(f"Client {number}", ZONE)).ids[0]
        post.projects.append(project)
        with workspace.db.unit() as unit:
            cursor = unit.connection.exec_driver_sql(
                "INSERT INTO account (project_id, network, server, handle, remote_id, display_name, url, secret_ref,"
                " facts, missing, state, state_reason, created_at, version)"
                " VALUES (?, ?, 'https://net.example', ?, ?, '', '', 'none', ?, '[]', 'ok', '', 0, 1)",
                (project, network, f"@page{number}", str(number), json.dumps(facts)),
            )
            post.accounts.append(int(cursor.lastrowid or 0))
    return post


def item(
    number: int | str,
    text: str = "Is there rye bread?",
    *,
    kind: ItemKind = ItemKind.COMMENT,
    author: str = "anna",
    own: bool = False,
    at: int = START - 5 * MINUTE,
    **more,
) -> Item:
    who = Author(author, f"@{author}" if author else "", author.title(), own=own)
    return Item(str(number), kind, who, text, at, **{"thread_id": "t", **more})
