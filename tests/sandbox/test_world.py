"""The world's file: it lasts, it is the same for everybody, it tells no secrets."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from smm_tui.sandbox import seed
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.sandbox.http import Request
from smm_tui.sandbox.world import World

from .support import BlueskyCaller, ManualClock, MastodonCaller, png


def test_everything_survives_reopening(
    path: Path, world: World, mastodon: MastodonCaller, bluesky: BlueskyCaller, clock: ManualClock
) -> None:
    picture = mastodon.upload(png()).json()["id"]
    status = mastodon.post("Bread", "key", media_ids=[picture]).json()
    record = bluesky.put(bluesky.record()).json()
    world.plant(Fault(FaultKind.SERVER_ERROR, path="getSession"))
    world.close()
    with World(path, clock=clock) as reopened:
        assert reopened.seed == 1
        mastodon.world = bluesky.world = reopened
        assert mastodon.post("Bread", "key").json()["id"] == status["id"]
        assert bluesky.get().json()["cid"] == record["cid"]
        assert bluesky.query("com.atproto.server.getSession").status == 500
        assert bluesky.query("com.atproto.server.getSession").status == 200
        assert [post.text for post in reopened.live_posts()] == ["Bread", "Hello"]
        assert [post.text for post in reopened.live_posts(handle="bakery")] == ["Bread"]
        assert [call.account for call in reopened.calls(path="/api/v1/statuses")] == ["bakery", "bakery"]


def test_the_same_seed_makes_the_same_world(tmp_path: Path) -> None:
    def people(name: str, number: int) -> tuple[str, str, str, str]:
        with World(tmp_path / name, clock=ManualClock(), seed=number) as world:
            servers = seed.add_servers(world)
            one = seed.add_mastodon_account(world, servers[seed.MASTODON_HOST], "bakery")
            two = seed.add_bluesky_account(world, servers[seed.BLUESKY_HOST], "radio")
            return one.token, one.account.remote_id, two.did, two.app_password

    first, second, third = people("a", 1), people("b", 1), people("c", 2)
    assert first == second
    assert [one == other for one, other in zip(first, third, strict=True)] == [False, True, False, False]


def test_taken_names(world: World, mastodon: MastodonCaller) -> None:
    server = seed.add_servers(world)[seed.MASTODON_HOST]
    with pytest.raises(ValueError, match="bakery exists on social"):
        seed.add_mastodon_account(world, server, "bakery")
    assert len(world.accounts()) == 1
    assert mastodon.post("still here").status == 200


def test_a_failed_step_leaves_nothing(world: World, mastodon: MastodonCaller) -> None:
    def fail() -> None:
        with world.transaction():
            mastodon.post("never")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert world.live_posts() == []


def test_threads_share_a_world(world: World, mastodon: MastodonCaller) -> None:
    threads = [threading.Thread(target=lambda n=n: [mastodon.post(f"{n}") for _ in range(20)]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({post.remote_id for post in world.live_posts()}) == 80


def test_no_secret_shows(world: World, mastodon: MastodonCaller, bluesky: BlueskyCaller) -> None:
    tokens = world.tokens(mastodon.login.account, "access")
    asked = Request.of("GET", "https://social.sandbox/", {"authorization": f"Bearer {mastodon.login.token}"})
    shown = repr([asked, mastodon.login, bluesky.login, *world.accounts(), *tokens])
    secrets = [mastodon.login.token, bluesky.login.app_password, bluesky.login.account.password]
    assert not [secret for secret in secrets if secret in shown]
