"""Live posts on every network that can edit: changed once, whatever happens on the way, and never published again."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from smm_tui.networks.ports import Capability
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.services import preflight
from smm_tui.services.extras import Extras
from tests.faults.test_crashes import worker
from tests.support.desk import Desk, make_desk

EDITING = ("mastodon", "gotosocial", "telegram", "vk", "facebook")
PINNING = ("mastodon", "bluesky", "telegram", "vk", "facebook")
COMMENTING = ("mastodon", "bluesky", "vk", "facebook")


@pytest.fixture
def on(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    """Gives a workspace with an account on one network."""
    made: list[Desk] = []

    def begin(network: str) -> Desk:
        made.append(make_desk(tmp_path / "data", networks=(network,)))
        return made[0]

    yield begin
    for desk in made:
        desk.workspace.close()
        desk.world.close()


def publish(desk: Desk, **more) -> int:
    post = desk.approved("Rye on Fridays", late="send:1440", **more)
    desk.clock.turn(61)
    desk.drain(hours=0.2)
    assert set(desk.states(post).values()) == {"live"}
    return post


def edit(desk: Desk, post: int, text: str) -> None:
    draft, version = desk.workspace.posts.draft_of(post)
    desk.workspace.live_posts.edit(post, replace(draft, text=text), version=version, approve=True)


def texts(desk: Desk) -> list[str]:
    return sorted(item.text for item in desk.world.live_posts())


def delivery(desk: Desk, post: int):
    return desk.workspace.post_queries.get(post).deliveries[0]


def intents(desk: Desk, post: int) -> list[tuple[str, str]]:
    return [
        (row.kind, row.state) for row in desk.workspace.delivery_queries.evidence(delivery(desk, post).id).intents
    ]


@pytest.mark.parametrize("network", EDITING)
def test_an_edit_is_seen_there(on, network: str) -> None:
    desk = on(network)
    post = publish(desk)
    edit(desk, post, "Rye on Mondays")
    desk.drain(hours=0.2)
    edit(desk, post, "Rye on Tuesdays")
    desk.drain(hours=0.2)
    assert texts(desk) == ["Rye on Tuesdays"]
    assert intents(desk, post) == [("publish", "done"), ("edit", "done"), ("edit", "done")]
    assert not delivery(desk, post).error_message


@pytest.mark.parametrize("network", EDITING)
@pytest.mark.parametrize("seed", range(2))
def test_an_edit_gets_through_random_faults_and_stays_one_post(on, network: str, seed: int) -> None:
    desk = on(network)
    post = publish(desk)
    edit(desk, post, "Rye on Mondays")
    desk.world.chaos(seed, 0.4)
    desk.drain(hours=1)
    desk.world.chaos(seed, 0.0)
    desk.workspace.accounts.check(desk.accounts[network])
    desk.drain(hours=3)
    assert texts(desk) == ["Rye on Mondays"]


@pytest.mark.parametrize("kind", [FaultKind.CRASH_BEFORE, FaultKind.CRASH_AFTER])
def test_a_worker_killed_around_an_edit_does_it_again(on, tmp_path: Path, kind: FaultKind) -> None:
    desk = on("mastodon")
    post = publish(desk)
    edit(desk, post, "Rye on Mondays")
    desk.world.plant(Fault(kind, method="PUT", path="/api/v1/statuses"))
    child = worker(desk, tmp_path / "data")
    output = child.communicate(timeout=60)[0]
    assert child.returncode == -signal.SIGKILL, output.decode()

    desk.clock.turn(1)
    desk.drain(hours=1)

    assert texts(desk) == ["Rye on Mondays"]
    assert intents(desk, post) == [("publish", "done"), ("edit", "done")]


@pytest.mark.parametrize("network", PINNING)
def test_a_post_is_pinned_and_no_longer(on, network: str) -> None:
    desk = on(network)
    post = publish(desk)
    for ask in (desk.workspace.live_posts.pin, desk.workspace.live_posts.unpin, desk.workspace.live_posts.unpin):
        ask(delivery(desk, post).id)
        desk.drain(hours=0.1)
    assert [state for kind, state in intents(desk, post) if kind != "publish"] == ["done"] * 3
    assert not delivery(desk, post).error_message


@pytest.mark.parametrize("network", COMMENTING)
def test_a_takedown_leaves_nothing(on, network: str) -> None:
    desk = on(network)
    account = desk.workspace.account_queries.get(desk.accounts[network])
    assert Capability.FIRST_COMMENT in preflight.rules_of(account).capabilities
    post = publish(desk, extras=Extras(first_comment="Ask at the counter"))
    assert intents(desk, post) == [("publish", "done"), ("comment", "done")]
    desk.workspace.deliveries.takedown(delivery(desk, post).id)
    desk.drain(hours=0.2)
    assert (desk.states(post), texts(desk)) == ({network: "cancelled"}, [])
    assert [state for kind, state in intents(desk, post) if kind == "delete"] == ["done", "done"]
