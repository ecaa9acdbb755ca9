"""Real SIGKILLs of a worker process, two workers at once, and a disk that fills up."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from smm_tui.domain.clock import system_clock
from smm_tui.domain.errors import DataError
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.services import lease
from smm_tui.services.ledger import Ledger
from tests.faults.test_matrix import LONG, SEND_PATHS, check
from tests.support.desk import Desk

CHILD = Path(__file__).with_name("killed_worker.py")


def worker(desk: Desk, folder: Path) -> subprocess.Popen[bytes]:
    """Start a worker process whose clock shows what the desk's shows now."""
    offset = desk.clock.now - system_clock()
    command = [sys.executable, str(CHILD), str(folder), str(offset)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def kill_and_recover(desk: Desk, folder: Path, crash: Fault) -> bool:
    """Let a worker die of `crash`, then let others finish; whether it died."""
    posts = [
        desk.approved("Fresh rolls", seconds=30, late="send:1440"),
        desk.approved(f"{LONG} The end.", seconds=40, late="send:1440"),
    ]
    desk.clock.turn(61)
    desk.world.plant(crash)
    child = worker(desk, folder)
    output = child.communicate(timeout=60)[0]
    died = child.returncode == -signal.SIGKILL
    assert died or child.returncode == 0, output.decode()
    desk.world.clear_faults()
    # Nobody waits for the dead worker's lease: the next one knows that its process is gone.
    desk.clock.turn(1)
    desk.drain(hours=2)
    ends = check(desk, posts)
    assert set(ends) == {"live"}
    return died


@pytest.mark.parametrize("network", SEND_PATHS)
@pytest.mark.parametrize("kind", [FaultKind.CRASH_BEFORE, FaultKind.CRASH_AFTER])
def test_a_worker_killed_around_its_send_loses_and_doubles_nothing(desk, tmp_path, network, kind):
    host = {"mastodon": "social.sandbox", "gotosocial": "gts.sandbox", "bluesky": "bsky.sandbox"}[network]
    crash = Fault(kind, method="POST", host=host, path=SEND_PATHS[network])
    assert kill_and_recover(desk, tmp_path / "data", crash)


@pytest.mark.matrix
@pytest.mark.parametrize("kind", [FaultKind.CRASH_BEFORE, FaultKind.CRASH_AFTER])
@pytest.mark.parametrize("after", range(24))
def test_a_worker_killed_at_its_nth_call_loses_and_doubles_nothing(desk, tmp_path, kind, after):
    kill_and_recover(desk, tmp_path / "data", Fault(kind, after=after))


def test_two_workers_at_once_send_once(desk, tmp_path):
    posts = [desk.approved(f"Roll {number}", seconds=30 + number) for number in range(6)]
    desk.clock.turn(61)

    children = [worker(desk, tmp_path / "data") for _ in range(2)]
    for child in children:
        output = child.communicate(timeout=60)[0]
        assert child.returncode == 0, output.decode()

    desk.drain(hours=0.1)
    assert set(check(desk, posts)) == {"live"}
    assert len(desk.world.calls(path="putRecord")) == 6


def test_a_worker_that_lost_its_lease_while_asleep_begins_nothing(desk):
    desk.approved("Fresh rolls", seconds=30)
    desk.clock.turn(31)
    sleeper, other = desk.workspace.runner(), desk.workspace.runner()
    ledger = sleeper._ledger
    assert lease.take(desk.workspace.db, sleeper.owner)
    ledger.arm()
    job = ledger.claim(next(iter(ledger.due().values()))[0])
    assert job is not None
    desk.clock.turn(300)  # asleep longer than every lease

    assert lease.take(desk.workspace.db, other.owner)
    taken_over = other._ledger.claim(job.delivery_id)

    assert taken_over is not None
    assert ledger.begin(job, job.intents[0], {"status": "Fresh rolls"}) is None


def test_what_is_live_but_could_not_be_written_down_is_found_afterwards(desk, monkeypatch):
    """The disk fills up between the network's yes and our note of it."""
    post = desk.approved("Fresh rolls", seconds=30, accounts=["gotosocial"])
    desk.clock.turn(31)
    real = Ledger.done

    def full(*_args: object) -> None:
        raise DataError("The disk is full.", "Make room.")

    monkeypatch.setattr(Ledger, "done", full)
    desk.work()
    monkeypatch.setattr(Ledger, "done", real)
    assert desk.states(post) == {"gotosocial": "sending"}

    desk.clock.turn(180)
    desk.work()

    assert desk.states(post) == {"gotosocial": "live"}
    assert sum(desk.live().values()) == 1
