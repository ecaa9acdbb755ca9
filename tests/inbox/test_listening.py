"""News are heard at once where a network tells; an inbox that promises more for ever is left."""

from __future__ import annotations

import asyncio
from itertools import count

import pytest

from smm_tui.domain.errors import Unsupported
from smm_tui.networks.community import Listener, Page
from smm_tui.networks.ports import Account
from smm_tui.sandbox import seed
from smm_tui.sandbox.faces import AUDIENCES
from smm_tui.services import lease
from smm_tui.services.ingest import Ingest
from smm_tui.workers import inbox as lane_module
from smm_tui.workers.inbox import InboxLane
from tests.inbox.support import item, make_post
from tests.support.desk import make_desk

SLOW = 30.0
"""Seconds that nothing here takes: a test that waits so long has failed."""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """VK's limit of calls a second, where no second passes."""
    monkeypatch.setattr("smm_tui.networks.vk.api.CALLS", {})
    monkeypatch.setattr("smm_tui.networks.vk.api.USER_INTERVAL", 0.0)


@pytest.fixture(params=["telegram", "mastodon", "vk"])
def desk(request, tmp_path, monkeypatch):
    monkeypatch.setattr("smm_tui.sandbox.transport._LOOK", 0.001)
    monkeypatch.setattr(lane_module, "POLL", 0.001)
    made = make_desk(tmp_path / "data", networks=(request.param,))
    yield made
    made.workspace.close()
    made.world.close()


def writes(desk, text: str) -> None:
    """Somebody writes to the account in private."""
    row = desk.workspace.account_queries.get(next(iter(desk.accounts.values())))
    people, host = AUDIENCES[row.network], row.server.removeprefix("https://")
    server = desk.world.server(host)
    account = next(one for one in desk.world.accounts(server=host) if one.remote_id == row.remote_id)
    people.message(desk.world, account, people.person(desk.world, server, "Anna"), text)


async def test_a_line_tells_at_once_and_reads_nothing_away(desk):
    workspace = desk.workspace
    lane = InboxLane(workspace.db, workspace.secrets, workspace.client, "here", workspace.guard)
    assert lease.take(workspace.db, "here")
    number = next(iter(desk.accounts.values()))
    desk.clock.turn(1)
    await lane._pass(None, whole=True)
    ingest = Ingest(workspace.db)
    assert ingest.due() == []
    waiting = asyncio.create_task(lane._wait())
    for _turn in range(50):
        await asyncio.sleep(0.001)
        assert not waiting.done()
    desk.clock.turn(1)
    writes(desk, "Is there rye bread?")
    await asyncio.wait_for(waiting, SLOW)
    assert ingest.due() == [number]
    report = await lane._pass(None, whole=False)
    assert report.new == 1
    lane._listening.open()
    lease.release(workspace.db, "here")
    lane._stop.set()
    await asyncio.wait_for(lane._wait(), SLOW)
    assert lane._listening._lines == {}  # another worker listens now
    await lane._close()


def client_of(desk, name):
    row = desk.workspace.account_queries.get(desk.accounts[name])
    port = Account(row.network, row.server, row.handle, row.remote_id, row.facts)
    return desk.workspace.client(port, desk.workspace.secrets.slot(row.secret_ref))


def test_only_some_networks_tell_and_others_say_why_not(tmp_path):
    desk = make_desk(tmp_path / "data", networks=("telegram", "mastodon", "gotosocial", "bluesky", "facebook", "vk"))
    clients = {name: client_of(desk, name) for name in desk.accounts}
    tells = {name for name, client in clients.items() if isinstance(client.inbox, Listener)}
    assert tells == {"telegram", "mastodon", "gotosocial", "vk"}
    community = next(one for one in desk.world.accounts(server=seed.VK_HOST) if one.handle.startswith("bakery"))
    desk.world.update_account(community, {"longpoll": False})
    for name, why in (("vk", "not enabled"), ("gotosocial", "WebSocket")):
        with pytest.raises(Unsupported, match=why):
            asyncio.run(clients[name].inbox.listen(None, 1.0))
    desk.workspace.close()
    desk.world.close()


def test_a_line_that_lost_its_place_is_opened_anew(tmp_path):
    desk = make_desk(tmp_path / "data", networks=("vk",))
    community = next(one for one in desk.world.accounts(server=seed.VK_HOST) if one.handle.startswith("bakery"))
    inbox = client_of(desk, "vk").inbox

    async def twice() -> list[bool]:
        desk.clock.turn(1)
        first = await asyncio.wait_for(asyncio.create_task(inbox.listen(None, 0.01)), SLOW)
        desk.world.update_account(community, {"longpoll_key": "another"})
        inbox._line = inbox._line._replace(ts="0")
        return [first, await inbox.listen(None, 0.01)]

    assert asyncio.run(twice()) == [False, False]
    assert inbox._line.key == "another"
    desk.workspace.close()
    desk.world.close()


class _Endless:
    """An inbox that always has more, and never anything new."""

    def __init__(self, cursors) -> None:
        self.cursors, self.steps = cursors, 0

    @property
    def inbox(self):
        return self

    async def fetch(self, cursor, *, posts):
        self.steps += 1
        return Page((item(1),), {"at": next(self.cursors)}, more=True)

    async def aclose(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize("cursors", [count(), iter([1, 2] * 50)], ids=["numbers for ever", "round in circles"])
def test_an_inbox_that_promises_more_for_ever_is_left_with_a_sentence(tmp_path, monkeypatch, cursors):
    monkeypatch.setattr(lane_module, "IDLE_STEPS", 20)
    post = make_post(tmp_path / "data")
    endless = _Endless(cursors)
    lane = InboxLane(
        post.workspace.db, post.workspace.secrets, lambda account, slot: endless, "here", post.workspace.guard
    )
    report = lane.run_once(accounts=post.accounts)
    assert (report.new, report.failed) == (1, 1)
    assert endless.steps <= 22
    (row,) = post.workspace.inbox_queries.inboxes(post.accounts).values()
    assert "brings nothing new" in row.error
    post.workspace.close()
