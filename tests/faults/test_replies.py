"""Answers and verdicts under fire: nobody is answered twice, and nothing that was decided is lost in silence."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from smm_tui.domain.clock import DAY, system_clock
from smm_tui.domain.errors import DataError
from smm_tui.networks.community import Verb
from smm_tui.networks.ports import Account, Part
from smm_tui.sandbox import seed
from smm_tui.sandbox.faces import AUDIENCES
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.services.outbox import Outbox
from tests.faults.test_matrix import EXECUTED, NOT_EXECUTED
from tests.support.desk import Desk, make_desk

pytestmark = pytest.mark.matrix

CHILD = Path(__file__).with_name("killed_lane.py")
QUESTION = "Is there rye bread?"
ANSWER = "Every morning from seven."
HOSTS = {
    "mastodon": seed.MASTODON_HOST,
    "gotosocial": seed.GOTOSOCIAL_HOST,
    "bluesky": seed.BLUESKY_HOST,
    "facebook": seed.FACEBOOK_HOST,
}
PATHS = {
    "mastodon": "/api/v1/statuses",
    "gotosocial": "/api/v1/statuses",
    "bluesky": "putRecord",
    "facebook": "/comments",
}


@pytest.fixture(params=HOSTS)
def network(request) -> str:
    return request.param


@pytest.fixture
def desk(tmp_path: Path, network: str) -> Iterator[Desk]:
    made = make_desk(tmp_path / "data", networks=(network,))
    made.approved("Fresh rolls", seconds=30)
    made.clock.turn(40)
    made.work()
    people = AUDIENCES["mastodon" if network == "gotosocial" else network]
    server = next(one for one in made.world.servers() if one.host == HOSTS[network])
    (live,) = made.world.live_posts()
    people.comment(made.world, live, people.person(made.world, server, "Anna"), QUESTION)
    made.clock.turn(600)
    lane(made)
    yield made
    made.workspace.close()
    made.world.close()


def lane(desk: Desk) -> None:
    """One pass of a worker's inbox side."""
    assert desk.workspace.worker().read_once() is not None


def settle(desk: Desk, *, hours: float = 2) -> None:
    """Let workers come back at growing distances."""
    end, wait = desk.clock.now + hours * 3_600_000, 1.0
    while desk.clock.now < end:
        lane(desk)
        wait = min(wait * 1.7, 1800)
        desk.clock.turn(wait)


def asked(desk: Desk) -> int:
    (number,) = desk.workspace.inbox_queries.ids()
    return number


def answer(desk: Desk, text: str = ANSWER) -> int:
    """Answer the question; the window is over afterwards. The message."""
    number = asked(desk)
    desk.workspace.inbox.reply(number, text)
    desk.clock.turn(11)
    return number


def said(desk: Desk, text: str = ANSWER) -> int:
    return sum(text in item.text for item in desk.world.live_posts()) or int(
        desk.world.rows("SELECT count(*) FROM objects WHERE instr(text, ?) AND deleted_at IS NULL", text)[0][0]
    )


def state(desk: Desk, number: int) -> str:
    return desk.workspace.inbox_queries.actions([number])[number][-1].state


def plant(desk: Desk, network: str, fault: Fault) -> None:
    desk.world.plant(replace(fault, method="POST", host=HOSTS[network], path=PATHS[network]))


@pytest.mark.parametrize("fault", EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_an_answer_that_arrived_though_nobody_heard_of_it_is_not_given_again(desk, network, fault):
    number = answer(desk)
    plant(desk, network, fault)
    settle(desk)
    assert (said(desk), state(desk, number)) == (1, "done")


@pytest.mark.parametrize("fault", NOT_EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_an_answer_that_never_arrived_is_given_once(desk, network, fault):
    number = answer(desk)
    plant(desk, network, fault)
    settle(desk)
    assert (said(desk), state(desk, number)) == (1, "done")


@pytest.mark.parametrize("kind", [FaultKind.CRASH_BEFORE, FaultKind.CRASH_AFTER])
def test_a_worker_killed_around_an_answer_loses_and_doubles_nothing(desk, network, tmp_path, kind):
    number = answer(desk)
    plant(desk, network, Fault(kind))
    command = [sys.executable, str(CHILD), str(tmp_path / "data"), str(desk.clock.now - system_clock())]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = child.communicate(timeout=60)[0]
    assert child.returncode == -signal.SIGKILL, output.decode()
    assert state(desk, number) == "sending"

    desk.clock.turn(1)
    settle(desk)
    assert (said(desk), state(desk, number)) == (1, "done")


def test_two_workers_at_once_answer_once(desk, tmp_path):
    number = answer(desk)
    command = [sys.executable, str(CHILD), str(tmp_path / "data"), str(desk.clock.now - system_clock())]
    children = [subprocess.Popen(command) for _each in range(2)]
    assert [child.wait(timeout=60) for child in children] == [0, 0]
    desk.clock.turn(60)  # theirs went on meanwhile
    settle(desk, hours=0.1)
    assert (said(desk), state(desk, number)) == (1, "done")


def test_what_arrived_but_could_not_be_written_down_is_found_afterwards(desk, monkeypatch):
    number = answer(desk)

    def full(*_arguments: object) -> None:
        raise DataError("The disk is full.", "Make room.")

    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "done", full)
        lane(desk)
    assert state(desk, number) == "sending"
    desk.clock.turn(180)
    settle(desk)
    assert (said(desk), state(desk, number)) == (1, "done")


def test_an_answer_from_elsewhere_stops_ours_and_is_shown(desk, network):
    number = answer(desk)
    elsewhere(desk, network, "We do, come by!")
    desk.clock.turn(2)  # networks show what is new a moment later
    lane(desk)
    (action,) = desk.workspace.inbox_queries.waiting()
    assert (action.state, action.error_kind) == ("failed", "answered_elsewhere")
    assert "We do, come by!" in action.error_message
    assert said(desk) == 0
    assert desk.workspace.inbox_queries.get(number).state in ("flagged", "answered")
    texts = [row.text for row in desk.workspace.inbox_queries.conversation(number).messages]
    assert sum("We do, come by!" in text for text in texts) == 1

    desk.workspace.inbox.resolve(action.id, "again")
    settle(desk, hours=1)
    assert (said(desk), state(desk, number)) == (1, "done")


def elsewhere(desk: Desk, network: str, text: str) -> None:
    """Somebody answers in the account's name, not through this workspace."""
    workspace = desk.workspace
    row = workspace.account_queries.get(desk.accounts[network])
    port = Account(row.network, row.server, row.handle, row.remote_id, row.facts)

    async def answer_there() -> None:
        client = workspace.client(port, workspace.secrets.slot(row.secret_ref))
        (found,) = (
            one for one in (await client.inbox.fetch(None, posts=posts(desk, network))).items if QUESTION in one.text
        )
        identity = seed_identity(row.network)
        await client.responder.send(identity, await client.responder.prepare(identity, found, Part(text)))
        await client.aclose()

    asyncio.run(answer_there())


def posts(desk: Desk, network: str):
    from smm_tui.services.ingest import Ingest

    source = Ingest(desk.workspace.db).source(desk.accounts[network])
    assert source is not None
    return source.posts


def seed_identity(network: str) -> str:
    from smm_tui.networks import registry

    return registry.spec(network).new_identity()


def test_an_answer_that_was_given_is_taken_back_by_its_deletion(desk):
    number = answer(desk)
    lane(desk)
    assert said(desk) == 1
    desk.workspace.undo.undo()
    desk.clock.turn(1)
    settle(desk, hours=0.2)
    assert said(desk) == 0
    assert desk.workspace.inbox_queries.get(number).state == "new"


@pytest.mark.parametrize("fault", [*EXECUTED[:2], *NOT_EXECUTED[:2]], ids=lambda fault: f"{fault.kind}")
def test_a_verdict_is_brought_about_whatever_the_line_does(desk, network, fault):
    verb = next(
        verb
        for verb in (Verb.HIDE, Verb.MUTE, Verb.BAN)
        if desk.workspace.inbox.foresee([asked(desk)], verb)[asked(desk)].yes
    )
    number = asked(desk)
    desk.workspace.inbox.act([number], verb)
    desk.clock.turn(11)
    desk.world.plant(replace(fault, method="POST", host=HOSTS[network]))
    settle(desk)
    assert state(desk, number) == "done"


def test_a_term_that_the_network_does_not_keep_is_kept_here(desk, network):
    number = asked(desk)
    if not desk.workspace.inbox.foresee([number], Verb.BAN)[number].yes:
        pytest.skip("the account cannot ban")
    desk.workspace.inbox.act([number], Verb.BAN, until=desk.clock.now + 2 * DAY, reason="spam")
    settle(desk, hours=1)
    (ban,) = desk.workspace.inbox_queries.bans()
    assert (ban.verb, ban.reason) == ("ban", "spam")
    desk.clock.turn(2 * 24 * 3600)
    settle(desk, hours=1)
    verbs = [action.verb for action in desk.workspace.inbox_queries.actions([number])[number]]
    assert verbs == ["ban", "unban"]
    assert state(desk, number) == "done"
    assert desk.workspace.inbox_queries.bans() == []


@pytest.mark.parametrize("random", range(4))
def test_nobody_is_answered_twice_under_random_faults(desk, network, random):
    number = answer(desk)
    desk.world.chaos(random, (0.2, 0.4, 0.6)[random % 3])
    settle(desk, hours=2)
    desk.world.chaos(random, 0.0)
    desk.workspace.accounts.check(desk.accounts[network])
    settle(desk)
    end = state(desk, number)
    assert end in ("done", "failed", "unknown")
    assert said(desk) <= 1
    assert said(desk) == 1 or end != "done"
    waiting = {action.message_id for action in desk.workspace.inbox_queries.waiting()}
    assert (number in waiting) == (end != "done")
