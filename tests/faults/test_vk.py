"""VK under fire: a guid that lasts an hour, a wall that not every token may read, captchas that wait for a person."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from smm_tui.domain.clock import system_clock
from smm_tui.domain.errors import AuthExpired
from smm_tui.sandbox.faces.vk import refuse
from smm_tui.sandbox.faults import Fault, FaultKind
from tests.faults.test_matrix import EXECUTED, NOT_EXECUTED, check
from tests.support.desk import Desk, make_desk

KINDS = ("vk", "vk text")  # with a user token, and with the community's alone
LOST = Fault(FaultKind.LOST_RESPONSE)
CHILD = Path(__file__).with_name("killed_worker.py")


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def desk(tmp_path, kind):
    made = make_desk(tmp_path / "data", networks=(kind,))
    yield made
    made.workspace.close()
    made.world.close()


def due(desk: Desk, text: str = "Fresh rolls", **more) -> int:
    post = desk.approved(text, **{"late": "send:1440", **more})
    desk.clock.turn(61)
    return post


def fail(desk: Desk, fault: Fault, **more) -> None:
    desk.world.plant(replace(fault, method="POST", path="/method/wall.post", **more))


def delivery_of(desk: Desk, post: int):
    return desk.workspace.post_queries.get(post).deliveries[0]


def outcomes(desk: Desk, post: int) -> list[tuple[str, str]]:
    rows = desk.workspace.delivery_queries.evidence(delivery_of(desk, post).id).attempts
    return [(row.what, row.outcome) for row in rows]


def posts_sent(desk: Desk) -> int:
    return len(desk.world.calls(path="/method/wall.post"))


def community(desk: Desk):
    return desk.world.accounts(network="vk")[0]


@pytest.mark.parametrize("fault", EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_an_accepted_post_whose_answer_is_lost_is_never_doubled(desk, kind, fault):
    post = due(desk)
    fail(desk, fault)

    desk.drain(hours=0.9)

    assert set(check(desk, [post])) == {"live"}
    again = ("read back", "done") if kind == "vk" else ("send", "done")
    assert outcomes(desk, post)[:2] == [("send", "ambiguous"), again]


@pytest.mark.parametrize("fault", NOT_EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_a_post_that_never_arrived_is_sent_again_and_only_once(desk, fault):
    post = due(desk)
    fail(desk, fault)

    desk.drain(hours=0.9)

    assert set(check(desk, [post])) == {"live"}


def test_one_that_arrives_late_is_not_doubled(desk):
    post = due(desk)
    fail(desk, Fault(FaultKind.LATE, seconds=5))

    desk.drain(hours=0.9)

    assert set(check(desk, [post])) == {"live"}


@pytest.mark.parametrize("crash", [FaultKind.CRASH_BEFORE, FaultKind.CRASH_AFTER])
def test_a_worker_killed_around_its_send_loses_and_doubles_nothing(desk, tmp_path, crash):
    post = due(desk)
    fail(desk, Fault(crash))
    command = [sys.executable, str(CHILD), str(tmp_path / "data"), str(desk.clock.now - system_clock())]
    killed = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert killed.returncode == -9, killed.stderr.decode()

    desk.clock.turn(1)
    desk.drain(hours=0.9)

    assert set(check(desk, [post])) == {"live"}


def test_a_worker_killed_and_found_after_the_guid_was_forgotten(desk, kind):
    """More than an hour later the guid protects no longer: the wall decides, or a person."""
    post = due(desk)
    fail(desk, LOST, times=20)
    desk.work()
    desk.world.clear_faults()
    desk.clock.turn(2 * 3600)

    desk.drain(hours=5)

    delivery = delivery_of(desk, post)
    assert (delivery.state, delivery.needs_human) == (("live", False) if kind == "vk" else ("unknown", True))
    assert sum(desk.live().values()) == 1


def test_a_repeat_that_is_refused_settles_nothing_where_the_wall_cannot_be_read(desk, kind):
    """The first attempt may be out, so "refused" is not the end of it."""
    post = due(desk)
    fail(desk, LOST)
    desk.work()
    refuse(desk.world, community(desk), "wall.post", 214)
    before = posts_sent(desk)

    desk.drain(hours=3)

    delivery = delivery_of(desk, post)
    assert (delivery.state, delivery.needs_human) == (("live", False) if kind == "vk" else ("unknown", True))
    assert sum(desk.live().values()) == 1
    assert posts_sent(desk) == before + (0 if kind == "vk" else 1)


def test_a_repeat_that_must_wait_is_made_later(tmp_path):
    desk = make_desk(tmp_path / "data", networks=("vk text",))
    post = due(desk)
    fail(desk, LOST)
    fail(desk, Fault(FaultKind.RATE_LIMITED))
    fail(desk, Fault(FaultKind.REFUSED))

    desk.drain(hours=0.5)

    assert set(check(desk, [post])) == {"live"}
    assert [outcome for _what, outcome in outcomes(desk, post)] == ["ambiguous"] * 3 + ["done"]
    desk.workspace.close()
    desk.world.close()


@pytest.mark.parametrize("code", [14, 17])
def test_what_asks_for_a_person_is_not_tried_again_until_a_person_came(desk, kind, code):
    first, second = due(desk), due(desk, "Warm bread")
    account = desk.accounts[kind]
    refuse(desk.world, community(desk), "wall.post", code)
    before = posts_sent(desk)

    desk.drain(hours=12)

    assert posts_sent(desk) == before + 1, "asking again makes VK more suspicious"
    delivery = delivery_of(desk, first)
    assert (delivery.state, delivery.needs_human) == ("held", True)
    row = desk.workspace.account_queries.get(account)
    assert row.state == "auth"
    assert "https://api.vk.sandbox/" in row.state_reason
    assert "https://api.vk.sandbox/" in delivery.error_message
    with pytest.raises(AuthExpired):
        desk.workspace.accounts.check(account)

    refuse(desk.world, community(desk), "wall.post", 0)
    desk.workspace.accounts.check(account)
    desk.drain(hours=3)
    assert set(check(desk, [first, second])) == {"live"}


@pytest.mark.parametrize(("code", "hours"), [(9, 1), (29, 6)])
def test_flood_control_stops_the_account_for_long(desk, code, hours):
    post = due(desk)
    refuse(desk.world, community(desk), "wall.post", code)
    before = posts_sent(desk)

    desk.drain(hours=hours - 0.1)

    assert posts_sent(desk) == before + 1
    refuse(desk.world, community(desk), "wall.post", 0)
    desk.drain(hours=2)
    assert set(check(desk, [post])) == {"live"}


@pytest.mark.parametrize("executed", [False, True])
def test_an_internal_error_tells_nothing(desk, executed):
    post = due(desk)
    refuse(desk.world, community(desk), "wall.post", 10, executed=executed)
    desk.work()
    refuse(desk.world, community(desk), "wall.post", 0)

    desk.drain(hours=0.9)

    assert set(check(desk, [post])) == {"live"}


def test_a_guid_that_is_answered_by_an_error_is_looked_for(tmp_path):
    """What VK answers to a repeat is not documented; where it may be read, the wall settles it."""
    desk = make_desk(tmp_path / "data", networks=("vk",))
    desk.world.add_server("api.vk.sandbox", "vk", config={"rates": {}, "repeated_guid": 214})
    post = due(desk)
    fail(desk, LOST)
    desk.world.plant(Fault(FaultKind.SERVER_ERROR, status=502, path="/method/wall.get", after=1))

    desk.drain(hours=0.9)

    assert set(check(desk, [post])) == {"live"}
    desk.workspace.close()
    desk.world.close()


def test_a_guid_that_is_answered_by_an_error_is_a_question_where_nothing_can_be_read(tmp_path):
    desk = make_desk(tmp_path / "data", networks=("vk text",))
    desk.world.add_server("api.vk.sandbox", "vk", config={"rates": {}, "repeated_guid": 214})
    post = due(desk)
    fail(desk, LOST)

    desk.drain(hours=3)

    delivery = delivery_of(desk, post)
    assert (delivery.state, delivery.needs_human) == ("unknown", True)
    assert sum(desk.live().values()) == 1
    desk.workspace.close()
    desk.world.close()


def test_an_album_and_a_warning_go_out_whole(tmp_path):
    desk = make_desk(tmp_path / "data", networks=("vk",))
    rows = []
    for number in range(10):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (8, 8), (number, 90, 20)).save(path)
        rows.append((desk.workspace.media.add(path).sha256, ""))
    post = due(desk, "Ten loaves", media=tuple(rows), content_warning="food")
    desk.world.plant(Fault(FaultKind.RATE_LIMITED, path="/method/photos.saveWallPhoto", after=3, times=2))

    desk.drain(hours=0.5)

    assert set(check(desk, [post])) == {"live"}
    (item,) = desk.world.live_posts()
    assert (item.text, len(item.media)) == ("CW: food\n\nTen loaves", 10)
    desk.workspace.close()
    desk.world.close()


@pytest.mark.parametrize("seed", range(6))
def test_nothing_doubles_and_nothing_is_lost(desk, kind, seed):
    posts = [due(desk, f"Roll {number} of {seed}", seconds=5 + number) for number in range(3)]
    desk.world.chaos(seed, (0.1, 0.3, 0.6)[seed % 3])
    desk.drain(hours=2)
    desk.world.chaos(seed, 0.0)
    desk.workspace.accounts.check(desk.accounts[kind])
    desk.drain(hours=6)
    check(desk, posts)
