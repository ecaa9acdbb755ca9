"""Reading inboxes under fire: a worker killed at any call of a round loses nothing and stores nothing twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from smm_tui.domain.clock import system_clock
from smm_tui.sandbox import seed
from smm_tui.sandbox.faces import AUDIENCES
from smm_tui.sandbox.faults import Fault, FaultKind
from tests.support.desk import Desk, make_desk

pytestmark = pytest.mark.matrix

CHILD = Path(__file__).with_name("killed_lane.py")
HOSTS = {
    "mastodon": seed.MASTODON_HOST,
    "bluesky": seed.BLUESKY_HOST,
    "telegram": seed.TELEGRAM_HOST,
    "vk": seed.VK_HOST,
    "facebook": seed.FACEBOOK_HOST,
}
WRITTEN = [f"Is there bread number {number:03}?" for number in range(130)]
"""More than one page on every network."""


def killed(desk: Desk, folder: Path) -> bool:
    """Whether a worker's round in a process of its own was killed; the fault is used up by it."""
    command = [sys.executable, str(CHILD), str(folder), str(desk.clock.now - system_clock())]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = child.communicate(timeout=120)[0]
    assert child.returncode in (0, -signal.SIGKILL), output.decode()
    return child.returncode != 0


@pytest.mark.parametrize("kind", [FaultKind.CRASH_BEFORE, FaultKind.CRASH_AFTER])
@pytest.mark.parametrize("network", HOSTS)
def test_a_worker_killed_while_it_reads(tmp_path, network, kind):
    desk = make_desk(tmp_path / "data", networks=(network,))
    desk.workspace.worker().read_once()
    row = desk.workspace.account_queries.get(desk.accounts[network])
    server = desk.world.server(HOSTS[network])
    page = next(one for one in desk.world.accounts(server=server.host) if one.remote_id == row.remote_id)
    people = AUDIENCES[page.network]
    anna = people.person(desk.world, server, "Anna")
    for text in WRITTEN:
        desk.clock.turn(2)
        people.message(desk.world, page, anna, text)
    desk.clock.turn(1200)
    kills = 0
    for call in (0, 1, 4):
        desk.world.plant(Fault(kind, method="", host=server.host, after=call))
        kills += killed(desk, tmp_path / "data")
        desk.world.clear_faults()
        desk.clock.turn(1200)
    for _round in range(3):
        desk.workspace.worker().read_once()
        desk.clock.turn(1200)
    found = Counter(desk.workspace.db.rows(str, "SELECT text FROM message WHERE NOT own"))
    stored = {text: sum(count for one, count in found.items() if text in one) for text in WRITTEN}
    assert kills >= 2, "too few calls to be killed in"
    assert set(stored.values()) == {1}, {text: count for text, count in stored.items() if count != 1}
    desk.workspace.close()
    desk.world.close()
