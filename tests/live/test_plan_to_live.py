"""The main job against the official server, nothing mocked: plan, approve, publish, read back, take down."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from PIL import Image

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import SECOND, system_clock
from smm_tui.paths import Paths
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.settings import Settings

from .server import Pds

pytestmark = pytest.mark.live


class MovedClock:
    """The machine's clock, moved forward: the server's stays as it is."""

    def __init__(self) -> None:
        self.offset = 0

    def __call__(self) -> int:
        return system_clock() + self.offset


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def workspace(tmp_path: Path, pds: Pds, clock: MovedClock) -> Workspace:
    settings = Settings(Paths(tmp_path / "data", tmp_path / "data" / "smm-tui.db"), secrets="file", actor="tester")
    made = Workspace(settings, clock=clock)
    project = made.projects.add(ProjectDraft("Bakery", "Europe/Budapest")).ids[0]
    alice = pds["alice"]
    made.accounts.add(project, "bluesky", alice.handle, {"app_password": alice.app_password}, server=pds.url)
    yield made
    made.close()


def records(pds: Pds) -> dict[str, dict]:
    """Alice's posts as the server has them, by address."""
    answer = httpx.get(
        f"{pds.url}/xrpc/com.atproto.repo.listRecords",
        params={"repo": pds["alice"].did, "collection": "app.bsky.feed.post", "limit": 100},
        timeout=30,
    )
    return {item["uri"]: item["value"] for item in answer.json()["records"]}


def test_a_planned_thread_with_a_picture_goes_live_once_and_comes_down(workspace, pds, clock, tmp_path):
    picture = tmp_path / "loaf.png"
    Image.new("RGB", (40, 30), (180, 120, 40)).save(picture)
    media = workspace.media.add(picture)
    before = set(records(pds))
    text = " ".join(f"Mondat {number} a kovászról, hűvös őszi reggelen." for number in range(14)) + " #kovász"
    draft = PostDraft(
        1,
        "informational",
        text,
        workspace.posts.parse_when("+2m", 1),
        media=((media.sha256, "Egy cipó"),),
        language="hu",
    )
    post = workspace.posts.add(draft).ids[0]
    workspace.posts.approve([post])
    assert workspace.runner().run_once().sent == 0  # not before its time
    clock.offset = 121 * SECOND

    report = workspace.runner().run_once()

    assert report.live == 1
    assert workspace.runner().run_once().sent == 0
    delivery = workspace.post_queries.get(post).deliveries[0]
    assert (delivery.state, delivery.verified_at is not None) == ("live", True)
    new = {uri: value for uri, value in records(pds).items() if uri not in before}
    intents = workspace.delivery_queries.evidence(delivery.id).intents
    assert sorted(new) == sorted(intent.remote_id for intent in intents)
    assert len(new) > 1
    root = new[delivery.remote_id]
    assert root["embed"]["images"][0]["alt"] == "Egy cipó"
    assert root["langs"] == ["hu"]
    assert all(value["reply"]["root"]["uri"] == delivery.remote_id for uri, value in new.items() if value is not root)

    workspace.deliveries.takedown(delivery.id)
    workspace.runner().run_once()

    assert set(records(pds)) == before
    assert workspace.post_queries.get(post).post.state == "cancelled"


def test_the_worker_command_publishes_what_the_command_line_planned(pds, tmp_path):
    """The installed program, as a cron job and a second pair of hands use it."""
    environment = {**os.environ, "SMM_TUI_DATA": str(tmp_path / "data"), "SMM_TUI_SECRETS": "file"}

    def run(*arguments: str, given: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "-m", "smm_tui", *arguments],
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    bob = pds["bob"]
    run("project", "add", "Gym", "--timezone", "Europe/Vienna")
    run(
        "account",
        "add",
        "--project",
        "Gym",
        "--network",
        "bluesky",
        "--handle",
        bob.handle,
        "--server",
        pds.url,
        given=bob.app_password,
    )
    run("post", "add", "--project", "Gym", "--type", "engaging", "--text", "Who lifts at six?", "--at", "+10s")
    run("post", "approve", "1")
    deadline = time.monotonic() + 60
    while '"live"' not in run("post", "show", "1", "--json"):
        assert time.monotonic() < deadline, run("post", "evidence", "1")
        run("worker", "--once")
    run("worker", "--once")

    answer = httpx.get(
        f"{pds.url}/xrpc/com.atproto.repo.listRecords",
        params={"repo": bob.did, "collection": "app.bsky.feed.post"},
        timeout=30,
    )
    texts = [item["value"]["text"] for item in answer.json()["records"]]
    assert texts.count("Who lifts at six?") == 1
