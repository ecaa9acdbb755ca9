"""Planted and random faults: what the network did, and what the client learns of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from smm_tui.sandbox import exchange
from smm_tui.sandbox.faults import SURVIVABLE, Chaos, Fault, FaultKind
from smm_tui.sandbox.http import Response
from smm_tui.sandbox.transport import SandboxTransport
from smm_tui.sandbox.world import World

from .support import BlueskyCaller, ManualClock, MastodonCaller


@pytest.fixture
async def client(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=SandboxTransport(world)) as client:
        yield client


async def post(client: httpx.AsyncClient, mastodon: MastodonCaller, key: str = "key") -> httpx.Response:
    headers = {"authorization": f"Bearer {mastodon.login.token}", "idempotency-key": key}
    return await client.post(f"{mastodon.login.server}/api/v1/statuses", json={"status": "Bread"}, headers=headers)


@pytest.mark.parametrize(
    ("kind", "error", "executed"),
    [
        (FaultKind.REFUSED, httpx.ConnectError, False),
        (FaultKind.RESET_BEFORE, httpx.ReadError, False),
        (FaultKind.TIMEOUT_BEFORE, httpx.ReadTimeout, False),
        (FaultKind.TIMEOUT_AFTER, httpx.ReadTimeout, True),
        (FaultKind.LOST_RESPONSE, httpx.RemoteProtocolError, True),
    ],
)
async def test_broken_connections(
    world: World,
    mastodon: MastodonCaller,
    client: httpx.AsyncClient,
    kind: FaultKind,
    error: type[Exception],
    executed: bool,
) -> None:
    world.plant(Fault(kind, method="POST", path="/api/v1/statuses"))
    with pytest.raises(error):
        await post(client, mastodon)
    assert len(world.live_posts()) == int(executed)
    assert (await post(client, mastodon)).status_code == 200
    assert len(world.live_posts()) == 1
    first, second = world.calls(path="/api/v1/statuses")
    assert (first.fault, first.status is None, first.account) == (kind.value, not executed, "bakery")
    assert (second.fault, second.status) == ("", 200)


@pytest.mark.parametrize("executed", [False, True])
@pytest.mark.parametrize("status", [500, 502, 503])
async def test_server_errors(
    world: World, mastodon: MastodonCaller, client: httpx.AsyncClient, status: int, executed: bool
) -> None:
    world.plant(Fault(FaultKind.SERVER_ERROR, status=status, executed=executed))
    answer = await post(client, mastodon)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert len(world.live_posts()) == int(executed)


async def test_unreadable_answers_of_executed_calls(
    world: World, mastodon: MastodonCaller, client: httpx.AsyncClient
) -> None:
    for number, fault in enumerate((Fault(FaultKind.BAD_JSON), Fault(FaultKind.HTML, status=200, executed=True))):
        world.plant(fault)
        answer = await post(client, mastodon, key=str(number))
        assert answer.status_code == 200
        with pytest.raises(ValueError):
            answer.json()
    assert len(world.live_posts()) == 2


async def test_rate_limits_with_and_without_a_time(
    world: World, mastodon: MastodonCaller, bluesky: BlueskyCaller, client: httpx.AsyncClient
) -> None:
    world.plant(Fault(FaultKind.RATE_LIMITED, seconds=90, times=2))
    world.plant(Fault(FaultKind.RATE_LIMITED_BARE, times=2))
    told, written = await post(client, mastodon), bluesky.put(bluesky.record())
    assert told.headers["x-ratelimit-reset"] == "2025-10-09T08:54:50.000000Z"
    assert written.headers["retry-after"] == "90"
    assert int(written.headers["ratelimit-reset"]) == 1_760_000_090
    bare, silent = await post(client, mastodon), bluesky.put(bluesky.record())
    assert {told.status_code, bare.status_code, written.status, silent.status} == {429}
    assert not {"x-ratelimit-reset", "ratelimit-reset", "retry-after"} & {*bare.headers, *silent.headers}
    assert world.live_posts() == []


def test_expired_tokens_as_each_network_says_it(mastodon: MastodonCaller, bluesky: BlueskyCaller) -> None:
    mastodon.world.plant(Fault(FaultKind.EXPIRED_TOKEN, times=3))
    refused = bluesky.put(bluesky.record())
    assert (refused.status, refused.json()["error"]) == (400, "ExpiredToken")
    assert mastodon.post("x").status == 401
    assert bluesky.query("com.atproto.server.describeServer", token="").status == 200
    assert bluesky.put(bluesky.record()).status == 200


def test_a_late_request_is_executed_behind_the_clients_back(
    world: World, mastodon: MastodonCaller, clock: ManualClock
) -> None:
    world.plant(Fault(FaultKind.LATE, seconds=8, path="statuses"))
    with pytest.raises(exchange.Broken):
        mastodon.post("Bread", "key")
    clock.sleep(7)
    assert mastodon("GET", mastodon.statuses).json() == []
    clock.sleep(1)
    found = mastodon("GET", mastodon.statuses).json()
    assert mastodon.post("Bread", "key").json()["id"] == found[0]["id"]


def test_a_repeat_that_overtakes_the_late_one_doubles_on_mastodon_only(
    world: World, mastodon: MastodonCaller, bluesky: BlueskyCaller, clock: ManualClock
) -> None:
    sends: list[Callable[[], Response]] = [
        lambda: mastodon.post("Bread", "key"),
        lambda: bluesky.put(bluesky.record(), swapRecord=None),
    ]
    for send in sends:
        world.plant(Fault(FaultKind.LATE, seconds=8))
        with pytest.raises(exchange.Broken):
            send()
        clock.sleep(1)
        assert send().status == 200
    clock.sleep(8)
    exchange.settle(world)
    assert [len(world.live_posts(network=name)) for name in ("mastodon", "bluesky")] == [2, 1]


def test_faults_hit_the_calls_they_are_meant_for(
    world: World, mastodon: MastodonCaller, gotosocial: MastodonCaller
) -> None:
    world.plant(Fault(FaultKind.SERVER_ERROR, host="gts.sandbox", after=1, times=2))
    world.plant(Fault(FaultKind.SERVER_ERROR, account="bakery", method="DELETE"))
    assert [gotosocial.post("x").status for _ in range(4)] == [200, 500, 500, 200]
    identifier = mastodon.post("x").json()["id"]
    assert mastodon("DELETE", f"/api/v1/statuses/{identifier}").status == 500
    assert mastodon("DELETE", f"/api/v1/statuses/{identifier}").status == 200


def test_a_login_is_known_by_its_name(world: World, bluesky: BlueskyCaller) -> None:
    world.plant(Fault(FaultKind.SERVER_ERROR, account=bluesky.login.handle, path="createSession"))
    credentials = {"identifier": bluesky.login.did, "password": bluesky.login.app_password}
    assert bluesky.procedure("com.atproto.server.createSession", credentials, token="").status == 500


def test_forgotten_faults(world: World, mastodon: MastodonCaller) -> None:
    world.plant(Fault(FaultKind.SERVER_ERROR, times=100))
    world.chaos(seed=1, rate=1.0)
    world.clear_faults()
    assert mastodon.post("x").status == 200


async def test_slow_answers_meet_the_clients_patience(
    world: World, mastodon: MastodonCaller, client: httpx.AsyncClient
) -> None:
    world.plant(Fault(FaultKind.SLOW, seconds=0.001))
    assert (await post(client, mastodon)).status_code == 200
    world.plant(Fault(FaultKind.SLOW, seconds=60))
    client.timeout = httpx.Timeout(0.001)
    with pytest.raises(httpx.ReadTimeout):
        await post(client, mastodon, key="other")
    assert len(world.live_posts()) == 2


def test_chaos_is_decided_by_the_seed(world: World, mastodon: MastodonCaller) -> None:
    def run(seed: int) -> list[str]:
        world.chaos(seed, 0.5)
        before = len(world.calls())
        for number in range(40):
            try:
                mastodon.post(f"{seed} {number}")
            except exchange.Broken:
                continue
        return [call.fault for call in world.calls()[before:]]

    first = run(1)
    assert 10 < sum(map(bool, first)) < 30
    assert run(2) != first
    world.chaos(1, 0.0)
    assert not any(
        run_fault for run_fault in [call.fault for call in world.calls()[-1:]] if mastodon.post("x") is None
    )


def test_chaos_does_not_depend_on_the_order_of_other_calls() -> None:
    chaos = Chaos(7, 0.5)
    drawn = [chaos.draw("POST", "h", "/p", "a", number) for number in range(200)]
    assert drawn == [chaos.draw("POST", "h", "/p", "a", number) for number in range(200)]
    assert {fault for fault in drawn if fault} == set(SURVIVABLE)
    assert all(Fault.from_json(fault.to_json()) == fault for fault in SURVIVABLE)
