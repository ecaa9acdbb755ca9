"""Campaigns under fire: whatever happens to a call, nothing is made or launched twice, and all of it comes to run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from smm_tui.domain.clock import system_clock
from smm_tui.networks.advertising import Level
from smm_tui.networks.vk import api as vk
from smm_tui.networks.vk.ads import api as vk_ads
from smm_tui.sandbox import market
from smm_tui.sandbox.faults import Fault, FaultKind
from tests.ads.support import NETWORKS, AdsDesk, make_ads_desk
from tests.faults.test_matrix import EXECUTED, NOT_EXECUTED
from tests.networks.ads_stage import STAGINGS

CHILD = Path(__file__).with_name("killed_ads.py")
LEVELS = list(Level)


@pytest.fixture(autouse=True)
def _no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vk, "USER_INTERVAL", 0.0)
    monkeypatch.setattr(vk, "CALLS", {})
    monkeypatch.setattr(vk_ads, "CALLS", 100_000)


@pytest.fixture(params=list(NETWORKS))
def ads(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AdsDesk]:
    made = make_ads_desk(tmp_path, request.param)
    yield made
    made.desk.workspace.close()
    made.desk.world.close()


def creating(ads: AdsDesk, level: Level, fault: Fault, **more) -> Fault:
    """A fault on the call that makes a thing, not on the one that only tries it."""
    after = 0
    if ads.network == "facebook":  # it is asked first whether it would take it; the calls for sets match ads too
        after = 2 if level is Level.AD else 1
    return replace(fault, method="POST", path=STAGINGS[ads.network].creating[level], after=after, **more)


def drain(ads: AdsDesk) -> None:
    """A worker comes back until the campaign runs."""
    for seconds in (1, 40, 40, 120, 600, 3600, 3600):
        ads.work()
        ads.desk.clock.turn(seconds)
    ads.work()


def one_of_each_runs(ads: AdsDesk, number: int) -> None:
    assert ads.state(number) == "active"
    for level in LEVELS:
        running = [one for one in ads.remote(level) if one.record["status"] == market.ACTIVE]
        assert len(running) == 1, level


@pytest.mark.parametrize("level", [Level.CAMPAIGN, Level.AD])
def test_a_thing_whose_making_was_answered_by_nobody_is_found(ads: AdsDesk, level: Level) -> None:
    number = ads.approved()
    ads.service.launch(number)
    ads.desk.world.plant(creating(ads, level, Fault(FaultKind.LOST_RESPONSE)))
    ads.work()
    assert (level, "create", "unknown") in ads.calls(number)
    drain(ads)
    one_of_each_runs(ads, number)
    assert len(ads.remote(level)) == 1


@pytest.mark.matrix
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("fault", EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_what_was_made_is_never_made_twice(ads: AdsDesk, level: Level, fault: Fault) -> None:
    number = ads.approved()
    ads.service.launch(number)
    ads.desk.world.plant(creating(ads, level, fault))
    drain(ads)
    one_of_each_runs(ads, number)
    assert len(ads.remote(level)) == 1


@pytest.mark.matrix
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("fault", NOT_EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_what_was_not_made_is_made_once(ads: AdsDesk, level: Level, fault: Fault) -> None:
    number = ads.approved()
    ads.service.launch(number)
    ads.desk.world.plant(creating(ads, level, fault))
    drain(ads)
    one_of_each_runs(ads, number)
    assert len(ads.remote(level)) == 1


KILLS = [
    pytest.param(when, after, marks=[] if (when, after) == ("crash_after", 3) else pytest.mark.matrix)
    for when in ("crash_before", "crash_after")
    for after in range(14)
]


@pytest.mark.parametrize(("when", "after"), KILLS)
def test_a_worker_killed_at_any_call(ads: AdsDesk, tmp_path: Path, when: str, after: int) -> None:
    number = ads.approved()
    ads.service.launch(number)
    ads.desk.world.plant(Fault(FaultKind(when), method="POST", after=after))
    command = [sys.executable, str(CHILD), str(tmp_path / "data"), str(ads.desk.clock.now - system_clock())]
    killed = subprocess.run(command, capture_output=True, timeout=100, check=False)
    assert killed.returncode in (-9, 0), killed.stderr.decode()
    ads.desk.clock.turn(1)
    drain(ads)
    one_of_each_runs(ads, number)
    assert all(len(ads.remote(level)) == 1 for level in LEVELS)


def test_a_late_second_one_is_ended_before_anything_is_launched(ads: AdsDesk) -> None:
    """An answer so late that the thing was made anew: both are paused, and only one of them is ever launched."""
    number = ads.approved()
    ads.service.launch(number)
    ads.desk.world.plant(creating(ads, Level.SET, Fault(FaultKind.LATE, seconds=40.0)))
    for seconds in (0, 35, 30, 3600, 3600, 3600):
        ads.desk.clock.turn(seconds)
        ads.work()
    assert ads.state(number) == "active"
    groups = [one for one in ads.remote(Level.SET) if one.record["status"] == market.ACTIVE]
    assert len(groups) == 1


def test_a_cabinet_closed_in_flight_spends_nothing_and_says_why(ads: AdsDesk) -> None:
    number = ads.approved()
    ads.service.launch(number)
    drain(ads)
    if ads.network == "facebook":
        ads.desk.world.update_account(ads.cabinet, {"account_status": 2})
    else:
        ads.desk.world.set_state(ads.cabinet, "blocked")
    ads.service.pause(number)
    ads.turn(hours=3)
    ads.service.resume(number)
    ads.turn(hours=3)
    alarms = [one.message for one in ads.desk.workspace.campaign_queries.alarms()]
    assert any("cannot be used" in one for one in alarms)
    assert ads.calls(number)[-1][2] != "unknown"


def test_a_campaign_deleted_there_is_said_and_left_alone(ads: AdsDesk) -> None:
    number = ads.approved()
    ads.service.launch(number)
    drain(ads)
    for level in LEVELS:
        for one in ads.remote(level):
            ads.desk.world.delete_object(one)
    ads.turn(hours=3)
    assert ads.state(number) == "ended"
    alarms = [one.kind for one in ads.desk.workspace.campaign_queries.alarms()]
    assert alarms == ["vanished"]
    calls = len(ads.calls(number))
    ads.turn(hours=6)
    assert len(ads.calls(number)) == calls
