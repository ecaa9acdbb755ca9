#!/usr/bin/env python3
"""1,000 deliveries due at once over 6 sandbox accounts: all go live, once, and how fast.

usage: .venv/bin/python -m benchmarks.publish_burst [COUNT]
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import SECOND, Clock, system_clock
from smm_tui.paths import Paths
from smm_tui.sandbox import seed
from smm_tui.sandbox.world import World
from smm_tui.services.post_queries import PostDraft
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.settings import Settings

UNLIMITED = {"rates": None}
RULE = "send:600"


def build(folder: Path, clock: Clock, config: dict[str, object]) -> Workspace:
    """Three clients, each with a Mastodon and a Bluesky account."""
    folder.mkdir(parents=True)
    world = World(folder / "world.db", clock=clock)
    servers = seed.add_servers(world, dict.fromkeys((seed.MASTODON_HOST, seed.BLUESKY_HOST), config))
    workspace = Workspace(Settings(Paths(folder, folder / "smm-tui.db"), secrets="file"), clock=clock)
    for name in ("Bakery", "Gym", "Books"):
        project = workspace.projects.add(ProjectDraft(name, "UTC", approval="none")).ids[0]
        masto = seed.add_mastodon_account(world, servers[seed.MASTODON_HOST], name.lower())
        sky = seed.add_bluesky_account(world, servers[seed.BLUESKY_HOST], name.lower())
        workspace.accounts.add(project, "mastodon", masto.handle, {"token": masto.token}, server=masto.server)
        workspace.accounts.add(project, "bluesky", sky.handle, {"app_password": sky.app_password}, server=sky.server)
    world.close()
    return workspace


def burst(count: int, config: dict[str, object]) -> dict[str, float]:
    """Publish `count` deliveries that are due at the same moment, waiting where the networks ask for it."""
    moved = 0

    def clock() -> int:
        return system_clock() + moved

    with tempfile.TemporaryDirectory() as folder:
        workspace = build(Path(folder) / "data", clock, config)
        for number in range(-(-count // 2)):
            project = number % 3 + 1
            when = workspace.posts.parse_when("+1h", project)
            workspace.posts.add(PostDraft(project, text=f"Post {number}", when=when, late_rule=RULE))
        moved = 3600 * SECOND
        runner = workspace.runner()
        seconds, passes = 0.0, 0
        while workspace.db.value("SELECT count(*) FROM delivery WHERE state != 'live'") and passes < 100:
            started = time.perf_counter()
            runner.run_once()
            seconds += time.perf_counter() - started
            passes += 1
            blocked = workspace.db.value("SELECT min(blocked_until) FROM account WHERE blocked_until > ?", (clock(),))
            moved += max(0, (blocked or 0) - clock())  # nobody waits for five real minutes here
        late = workspace.db.value("SELECT max(live_at - due_at) / 1000.0 FROM delivery")
        live = workspace.db.value("SELECT count(*) FROM delivery WHERE state = 'live'")
        with World(Path(folder) / "data" / "world.db") as world:
            public = [(post.server, post.text) for post in world.live_posts()]
        workspace.close()
    return {
        "deliveries": 2 * -(-count // 2),
        "live": live,
        "public objects": len(public),
        "doubles": len(public) - len(set(public)),
        "seconds of work": round(seconds, 1),
        "deliveries per second": round(live / seconds, 1),
        "last one after its time, seconds": round(late, 1),
    }


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    results = {
        "servers without rate limits": burst(count, UNLIMITED),
        "servers with their usual rate limits": burst(count, {}),
    }
    print(json.dumps(results, indent=1))
    whole = all(row["live"] == row["deliveries"] == row["public objects"] for row in results.values())
    return 0 if whole and not any(row["doubles"] for row in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
