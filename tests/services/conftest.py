"""A workspace with a project and two unchecked accounts: all that planning needs, and no network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from smm_tui.bootstrap import Workspace
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.project_queries import ProjectDraft
from tests.support.database import fresh_database
from tests.support.desk import ZONE, TurnedClock, settings_in


@dataclass
class Office:
    """A workspace where planning can begin."""

    workspace: Workspace
    clock: TurnedClock
    project: int
    accounts: tuple[int, ...]

    def draft(self, text: str = "Hello", when: str | None = "tomorrow 9", **more) -> PostDraft:
        """A draft for the project."""
        planned = None if when is None else self.workspace.posts.parse_when(when, self.project)
        return PostDraft(self.project, text=text, when=planned, **more)

    def add(self, text: str = "Hello", when: str | None = "tomorrow 9", **more) -> int:
        """A planned post; its id."""
        return self.workspace.posts.add(self.draft(text, when, **more)).ids[0]

    def state(self, post: int) -> str:
        return self.workspace.post_queries.get(post).post.state

    def deliveries(self, post: int):
        return self.workspace.post_queries.get(post).deliveries


def make_office(folder: Path) -> Office:
    fresh_database(folder / "smm-tui.db")
    clock = TurnedClock()
    workspace = Workspace(settings_in(folder), clock=clock)
    project = workspace.projects.add(ProjectDraft("Bakery", ZONE)).ids[0]
    accounts = tuple(
        workspace.accounts.add(project, network, handle, secret, server=server, check=False).ids[0]
        for network, handle, secret, server in (
            ("mastodon", "bakery", {"token": "t"}, "https://social.example"),
            ("bluesky", "bakery.example", {"app_password": "p"}, "https://bsky.example"),
        )
    )
    return Office(workspace, clock, project, accounts)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = make_office(tmp_path / "data")
    yield made
    made.workspace.close()
