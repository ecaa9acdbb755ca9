from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smm_tui.sandbox import seed
from smm_tui.sandbox.things import Server
from smm_tui.sandbox.world import World

from .support import BlueskyCaller, ManualClock, MastodonCaller


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "world.db"


@pytest.fixture
def world(path: Path, clock: ManualClock) -> Iterator[World]:
    with World(path, clock=clock, seed=1) as world:
        yield world


@pytest.fixture
def servers(world: World) -> dict[str, Server]:
    return seed.add_servers(world)


@pytest.fixture
def mastodon(world: World, servers: dict[str, Server]) -> MastodonCaller:
    return MastodonCaller(
        world, seed.add_mastodon_account(world, servers[seed.MASTODON_HOST], "bakery", display_name="The Bakery")
    )


@pytest.fixture
def gotosocial(world: World, servers: dict[str, Server]) -> MastodonCaller:
    return MastodonCaller(world, seed.add_mastodon_account(world, servers[seed.GOTOSOCIAL_HOST], "gym"))


@pytest.fixture
def bluesky(world: World, servers: dict[str, Server]) -> BlueskyCaller:
    login = seed.add_bluesky_account(world, servers[seed.BLUESKY_HOST], "radio", display_name="Radio")
    return BlueskyCaller(world, login).log_in()
