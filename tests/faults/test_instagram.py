"""Instagram under fire: a container is published once at most, and its status proves whether it was."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from smm_tui.domain.errors import DataError
from smm_tui.sandbox import seed
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.services.ledger import Ledger
from tests.faults.test_crashes import worker
from tests.faults.test_matrix import EXECUTED, NOT_EXECUTED, check
from tests.support.desk import Desk, make_desk

PUBLISH = "/media_publish"
TEXT = "Fresh rolls #bread"
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x00\x08moov"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path / "data", networks=("instagram",))
    yield made
    made.workspace.close()
    made.world.close()


@pytest.fixture
def bread(desk: Desk, tmp_path: Path) -> tuple[tuple[str, str], ...]:
    path = tmp_path / "bread.jpg"
    Image.new("RGB", (640, 640), "peru").save(path)
    return ((desk.workspace.media.add(path).sha256, "Bread"),)


def due(
    desk: Desk, media, fault: Fault | None = None, text: str = TEXT, *, path: str = PUBLISH, late: str = "send:1440"
) -> int:
    """A post that is due now, and what will meet it."""
    post = desk.approved(text, late=late, media=media)
    desk.clock.turn(61)
    if fault is not None:
        desk.world.plant(replace(fault, method="POST", path=path))
    return post


def sent(desk: Desk, path: str = PUBLISH) -> int:
    return len(desk.world.calls(path=path, method="POST"))


def containers(desk: Desk) -> int:
    return sum(call.path.endswith("/media") for call in desk.world.calls(path="/media", method="POST"))


def live(desk: Desk) -> list[str]:
    return [item.text for item in desk.world.live_posts()]


def hosted(desk: Desk) -> int:
    return len(desk.world.rows("SELECT id FROM media WHERE server = ?", seed.FILES_HOST))


def delivery(desk: Desk, post: int):
    return desk.workspace.post_queries.get(post).deliveries[0]


@pytest.mark.parametrize("fault", EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_a_published_container_whose_answer_is_lost_is_found_in_the_same_pass(desk, bread, fault):
    post = due(desk, bread, fault)

    desk.work()

    assert desk.states(post) == {"instagram": "live"}
    assert (sent(desk), containers(desk), live(desk), hosted(desk)) == (1, 1, [TEXT], 0)
    evidence = desk.workspace.delivery_queries.evidence(delivery(desk, post).id)
    assert [(row.what, row.outcome) for row in evidence.attempts] == [("send", "ambiguous"), ("read back", "done")]


@pytest.mark.parametrize("fault", NOT_EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_the_same_container_is_published_when_it_was_not(desk, bread, fault):
    post = due(desk, bread, fault)

    desk.drain(hours=0.9)

    assert desk.states(post) == {"instagram": "live"}
    assert (sent(desk), containers(desk), live(desk), hosted(desk)) == (2, 1, [TEXT], 0)


@pytest.mark.parametrize("seconds", [5, 30])
def test_one_that_arrives_late_is_one(desk, bread, seconds):
    post = due(desk, bread, Fault(FaultKind.LATE, seconds=seconds))

    desk.drain(hours=1)

    assert desk.states(post) == {"instagram": "live"}
    assert (containers(desk), live(desk)) == (1, [TEXT])


@pytest.mark.parametrize("kind", [FaultKind.CRASH_BEFORE, FaultKind.CRASH_AFTER])
def test_a_worker_killed_around_publishing_resumes_the_container(desk, bread, tmp_path, kind):
    post = due(desk, bread, Fault(kind))
    child = worker(desk, tmp_path / "data")
    output = child.communicate(timeout=60)[0]
    assert child.returncode == -signal.SIGKILL, output.decode()

    desk.clock.turn(1)
    desk.drain(hours=2)

    assert desk.states(post) == {"instagram": "live"}
    assert (containers(desk), live(desk), hosted(desk)) == (1, [TEXT], 0)
    check(desk, [post])


def test_what_is_live_but_could_not_be_written_down_is_found_afterwards(desk, bread, monkeypatch):
    def full(*_args: object) -> None:
        raise DataError("The disk is full.", "Make room.")

    post = due(desk, bread)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "done", full)
        desk.work()

    desk.clock.turn(180)
    desk.drain(hours=2)

    assert desk.states(post) == {"instagram": "live"}
    assert (sent(desk), containers(desk), live(desk)) == (1, 1, [TEXT])


def test_a_video_is_uploaded_once_and_published_when_it_is_processed(desk, tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(FILM)
    post = due(desk, ((desk.workspace.media.add(film).sha256, ""),))

    desk.work()
    waiting = desk.states(post)
    desk.drain(hours=0.5)

    assert waiting == {"instagram": "armed"}
    assert desk.states(post) == {"instagram": "live"}
    assert (containers(desk), sent(desk), sent(desk, "/ig-api-upload"), live(desk)) == (1, 1, 1, [TEXT])


@pytest.mark.parametrize("path", ["/media", "/ig-api-upload/"])
@pytest.mark.parametrize("fault", EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_a_container_whose_making_is_lost_leaves_one_post(desk, tmp_path, path, fault):
    film = tmp_path / "film.mp4"
    film.write_bytes(FILM)
    post = due(desk, ((desk.workspace.media.add(film).sha256, ""),), fault, path=path)

    desk.drain(hours=2)

    assert desk.states(post) == {"instagram": "live"}
    assert live(desk) == [TEXT]


def test_a_place_for_media_that_is_down_is_waited_for(desk, bread):
    post = due(desk, bread)
    desk.world.plant(Fault(FaultKind.SERVER_ERROR, host=seed.FILES_HOST, status=503, times=2))

    desk.drain(hours=1)

    assert desk.states(post) == {"instagram": "live"}
    assert live(desk) == [TEXT]


def test_a_container_that_expired_is_explained(desk, bread):
    post = due(desk, bread, Fault(FaultKind.SERVER_ERROR, status=503, times=1))
    desk.work()
    desk.clock.turn(25 * 3600)
    desk.work()

    found = delivery(desk, post)
    assert found.state in ("rejected", "missed")
    assert live(desk) == []


def test_the_days_posts_used_up_wait(desk, bread):
    desk.world.add_server(seed.FACEBOOK_HOST, "facebook", config={"instagram_posts": 1})
    # The day's quota comes back about when a rule of one day ends: this one must not be what decides.
    posts = [due(desk, bread, text=f"Roll {number}", late="send:2880") for number in range(2)]

    desk.drain(hours=4)
    first = [desk.states(post)["instagram"] for post in posts]
    desk.drain(hours=24)

    assert sorted(first) == ["armed", "live"]
    assert sorted(live(desk)) == ["Roll 0", "Roll 1"]


@pytest.mark.parametrize("random", range(8))
def test_nothing_doubles_and_nothing_is_lost_under_random_faults(desk, bread, random):
    posts = [
        desk.approved(f"Roll {number}", seconds=30 * number + 5, late="send:1440", media=bread)
        for number in (0, 1, 2)
    ]
    desk.world.chaos(random, (0.1, 0.3, 0.6)[random % 3])
    desk.drain(hours=2)
    desk.world.chaos(random, 0.0)
    desk.workspace.accounts.check(desk.accounts["instagram"])
    desk.drain(hours=6)

    check(desk, posts)
