"""Changes of pages under faults on every call: brought about, or a person is asked; never claimed and not there."""

from __future__ import annotations

import pytest
from PIL import Image

from smm_tui.sandbox.faults import SURVIVABLE, Fault, FaultKind
from smm_tui.services.profile_queries import Match
from smm_tui.services.profiles import ProfileDraft
from tests.support.desk import make_desk

NETWORKS = ("mastodon", "gotosocial", "bluesky", "telegram", "vk", "facebook")
CALLS = 14
"""More than a change of a text and a picture takes on any network."""


def change(desk, network: str, tmp_path, number: int) -> dict:
    """Want another text and another picture."""
    path = tmp_path / f"{number}.png"
    Image.new("RGB", (500, 500), (number * 9 % 256, 40, 80)).save(path)
    values = {"description": f"Text {number}", "avatar": desk.workspace.media.add(path).sha256}
    account = [desk.accounts[network]]
    desk.workspace.profiles.set(account, ProfileDraft(values))
    desk.workspace.profiles.apply(account)
    return values


def settle(desk, network: str) -> str:
    """Let the worker come back until nothing is owed; the state of the newest change."""
    for _pass in range(12):
        desk.workspace.worker().show_once()
        desk.clock.turn(400)
    return desk.workspace.profile_queries.history(desk.accounts[network])[0].state


def check(desk, network: str, tmp_path, fault: Fault, number: int) -> None:
    values = change(desk, network, tmp_path, number)
    desk.world.plant(fault)
    state = settle(desk, network)
    desk.world.clear_faults()
    account = desk.accounts[network]
    if desk.workspace.account_queries.get(account).state == "auth":  # a person looks after the secret
        assert state in ("wanted", "sending", "applied"), state
        desk.workspace.accounts.check(account)
        state = settle(desk, network)
    desk.workspace.worker().show_once(accounts=[account])
    page = desk.workspace.profile_queries.page(account)
    rows = {row.field: row for row in page.fields}
    history = desk.workspace.profile_queries.history(account)[0]
    where = (network, fault.kind, fault.after, history.error_message)
    if state == "applied":
        assert rows["description"].live == values["description"], where
        assert rows["avatar"].match is Match.SAME, where
    else:
        assert state == "failed", (state, where)
        assert history.error_message, where
        desk.workspace.profiles.drop(history.id)


@pytest.mark.parametrize("kind", [FaultKind.LOST_RESPONSE, FaultKind.TIMEOUT_BEFORE])
def test_the_first_calls(tmp_path, kind) -> None:
    desk = make_desk(tmp_path / "data", networks=("mastodon",))
    try:
        for after in range(5):
            check(desk, "mastodon", tmp_path, Fault(kind, after=after), after)
    finally:
        desk.workspace.close()
        desk.world.close()


@pytest.mark.matrix
@pytest.mark.parametrize("fault", SURVIVABLE, ids=lambda fault: f"{fault.kind}-{fault.status}-{fault.executed}")
@pytest.mark.parametrize("network", NETWORKS)
def test_every_call(tmp_path, network, fault) -> None:
    desk = make_desk(tmp_path / "data", networks=(network,))
    try:
        for after in range(CALLS):
            planted = Fault(**{**fault.to_json(), "kind": fault.kind, "after": after})
            check(desk, network, tmp_path, planted, after)
    finally:
        desk.workspace.close()
        desk.world.close()
