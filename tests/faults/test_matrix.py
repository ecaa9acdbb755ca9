"""The promise under fire: whatever the line and the servers do, nothing is public twice, nothing is lost in silence.

Each run plants seeded faults on every call of every network and lets workers come back until nothing is owed.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from smm_tui.sandbox.faults import Fault, FaultKind
from tests.support.desk import Desk, make_desk

LONG = " ".join(f"Sentence {number} of a long story about bread." for number in range(20))
END_STATES = {"live", "rejected", "missed", "held", "unknown", "cancelled"}


def planned(desk: Desk, seed: int, folder: Path) -> list[int]:
    """Posts of several shapes, due within two minutes, with rules that let them be late for a day."""
    dice = random.Random(seed)
    picture = folder / "bread.png"
    Image.new("RGB", (8, 8), (seed % 256, 90, 20)).save(picture)
    row = desk.workspace.media.add(picture)
    shapes = [
        {"text": f"Plain {seed} #bread https://bakery.example/{seed}"},
        {"text": f"{LONG} Run {seed}."},
        {"text": f"Picture {seed}", "media": ((row.sha256, "A small loaf"),)},
        {"text": f"Warned {seed}", "content_warning": "food"},
    ]
    return [
        desk.approved(shape.pop("text"), seconds=dice.randint(5, 110), late="send:1440", **shape)
        for shape in dice.sample(shapes, 3)
    ]


def check(desk: Desk, posts: list[int]) -> Counter[str]:
    """At most one live object for each intent, and none for what never went out; an end or a question for each."""
    ends: Counter[str] = Counter()
    live = {(item.server, item.remote_id) for item in desk.world.live_posts()}
    owned: set[tuple[str, str]] = set()
    for text, count in desk.live().items():
        assert count == 1, f"{text} is public {count} times"
    for post_id in posts:
        for delivery in desk.workspace.post_queries.get(post_id).deliveries:
            evidence = desk.workspace.delivery_queries.evidence(delivery.id)
            ends[delivery.state] += 1
            assert delivery.state in END_STATES, (delivery, evidence.attempts)
            if delivery.state in ("unknown", "rejected", "held"):
                assert delivery.needs_human
                assert delivery.error_message
            server = delivery.server.removeprefix("https://")
            done = [intent for intent in evidence.intents if intent.state == "done"]
            for intent in done:
                assert (server, intent.remote_id) in live
                owned.add((server, intent.remote_id))
            if delivery.state == "live":
                assert len(done) == sum(intent.state != "dropped" for intent in evidence.intents)
            sends = Counter(attempt.intent_id for attempt in evidence.attempts if attempt.what == "send")
            assert not sends or max(sends.values()) < 40
    if not ends["unknown"]:
        assert live == owned, "something is public that the ledger does not know"
    return ends


def one_run(folder: Path, seed: int, rate: float) -> Counter[str]:
    desk = make_desk(folder)
    try:
        posts = planned(desk, seed, folder)
        desk.world.chaos(seed, rate)
        desk.drain(hours=2)
        desk.world.chaos(seed, 0.0)
        for account in desk.accounts.values():  # a person answers "your token expired" by checking it
            desk.workspace.accounts.check(account)
        desk.drain(hours=6)
        return check(desk, posts)
    finally:
        desk.workspace.close()
        desk.world.close()


@pytest.mark.parametrize("seed", range(12))
def test_nothing_doubles_and_nothing_is_lost(tmp_path, seed):
    one_run(tmp_path / "data", seed, (0.1, 0.3, 0.6)[seed % 3])


@pytest.mark.matrix
@pytest.mark.parametrize("seed", range(1000, 1300))
def test_nothing_doubles_and_nothing_is_lost_over_many_seeds(tmp_path, seed):
    one_run(tmp_path / "data", seed, (0.1, 0.2, 0.3, 0.45, 0.6)[seed % 5])


EXECUTED = (
    Fault(FaultKind.LOST_RESPONSE),
    Fault(FaultKind.TIMEOUT_AFTER),
    Fault(FaultKind.SERVER_ERROR, status=500, executed=True),
    Fault(FaultKind.SERVER_ERROR, status=502, executed=True),
    Fault(FaultKind.BAD_JSON),
    Fault(FaultKind.HTML, status=200, executed=True),
)
NOT_EXECUTED = (
    Fault(FaultKind.REFUSED),
    Fault(FaultKind.RESET_BEFORE),
    Fault(FaultKind.TIMEOUT_BEFORE),
    Fault(FaultKind.SERVER_ERROR, status=500),
    Fault(FaultKind.SERVER_ERROR, status=503),
    Fault(FaultKind.RATE_LIMITED),
    Fault(FaultKind.RATE_LIMITED_BARE),
    Fault(FaultKind.HTML, status=502),
)
SEND_PATHS = {"mastodon": "/api/v1/statuses", "gotosocial": "/api/v1/statuses", "bluesky": "putRecord"}


def on_send(fault: Fault, network: str) -> Fault:
    """The same fault, on the one call that makes a post public."""
    from dataclasses import replace

    return replace(fault, method="POST", path=SEND_PATHS[network])


@pytest.mark.parametrize("network", SEND_PATHS)
@pytest.mark.parametrize("fault", EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_an_accepted_post_whose_answer_is_lost_is_found_in_the_same_pass(tmp_path, network, fault):
    desk = make_desk(tmp_path / "data", networks=(network,))
    post = desk.approved("Fresh rolls")
    desk.clock.turn(61)
    desk.world.plant(on_send(fault, network))

    desk.work()

    assert desk.states(post) == {network: "live"}
    assert sum(desk.live().values()) == 1
    delivery = desk.workspace.post_queries.get(post).deliveries[0]
    outcomes = [(row.what, row.outcome) for row in desk.workspace.delivery_queries.evidence(delivery.id).attempts]
    assert outcomes == [("send", "ambiguous"), ("read back", "done")]


@pytest.mark.parametrize("network", SEND_PATHS)
@pytest.mark.parametrize("fault", NOT_EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_a_post_that_never_arrived_is_sent_again_and_only_once(tmp_path, network, fault):
    desk = make_desk(tmp_path / "data", networks=(network,))
    post = desk.approved("Fresh rolls", late="send:60")
    desk.clock.turn(61)
    desk.world.plant(on_send(fault, network))

    desk.drain(hours=0.9)

    assert desk.states(post) == {network: "live"}
    assert sum(desk.live().values()) == 1


@pytest.mark.parametrize("network", SEND_PATHS)
def test_a_server_that_never_gives_a_usable_answer_ends_in_a_question(tmp_path, network):
    desk = make_desk(tmp_path / "data", networks=(network,))
    post = desk.approved("Fresh rolls", late="send:1440")
    desk.clock.turn(61)
    desk.world.plant(on_send(Fault(FaultKind.SERVER_ERROR, status=500, times=1000), network))

    desk.drain(hours=20)

    delivery = desk.workspace.post_queries.get(post).deliveries[0]
    assert (delivery.state, delivery.needs_human) == ("unknown", True)
    attempts = desk.workspace.delivery_queries.evidence(delivery.id).attempts
    assert sum(row.what == "send" for row in attempts) <= 6
    assert sum(desk.live().values()) == 0


def test_one_failing_account_never_resends_the_others(desk):
    post = desk.approved("Fresh rolls", late="send:60")
    desk.clock.turn(61)
    desk.world.plant(Fault(FaultKind.RATE_LIMITED, method="POST", host="gts.sandbox", times=3))

    desk.drain(hours=0.9)

    assert set(desk.states(post).values()) == {"live"}
    assert set(desk.live().values()) == {1}
    assert len(desk.world.calls(path="putRecord")) == 1
