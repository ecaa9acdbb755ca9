"""Facebook under fire: no call there can be told from its repeat, so the Page's feed decides, and nothing doubles."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from smm_tui.domain.errors import DataError
from smm_tui.networks.facebook import publisher as facebook
from smm_tui.networks.facebook.spec import SPEC
from smm_tui.sandbox import seed
from smm_tui.sandbox.faults import Fault, FaultKind
from smm_tui.services.ledger import Ledger
from tests.faults.test_crashes import worker
from tests.faults.test_matrix import EXECUTED, NOT_EXECUTED, check, planned
from tests.support.desk import Desk, make_desk

FEED = "/feed"
VIDEOS = "/videos"
TEXT = "Fresh rolls: https://bakery.example/rolls"
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00\x00\x00\x08moov"
SETTLE = SPEC.rules({}).identity.settle


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path / "data", networks=("facebook",))
    yield made
    made.workspace.close()
    made.world.close()


def due(desk: Desk, fault: Fault | None = None, text: str = TEXT, *, path: str = FEED, **more) -> int:
    """A post that is due now, and what will meet it."""
    post = desk.approved(text, late="send:1440", **more)
    desk.clock.turn(61)
    if fault is not None:
        desk.world.plant(replace(fault, method="POST", path=path))
    return post


def delivery(desk: Desk, post: int):
    return desk.workspace.post_queries.get(post).deliveries[0]


def outcomes(desk: Desk, post: int) -> list[tuple[str, str]]:
    evidence = desk.workspace.delivery_queries.evidence(delivery(desk, post).id)
    return [(row.what, row.outcome) for row in evidence.attempts]


def sent(desk: Desk, path: str = FEED) -> int:
    return len(desk.world.calls(path=path, method="POST"))


def live(desk: Desk) -> list[str]:
    return [item.text for item in desk.world.live_posts()]


def attached(desk: Desk, path: Path) -> tuple[tuple[str, str], ...]:
    return ((desk.workspace.media.add(path).sha256, "Bread"),)


@pytest.mark.parametrize("fault", EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_an_accepted_post_whose_answer_is_lost_is_found_in_the_same_pass(desk, fault):
    post = due(desk, fault)

    desk.work()

    assert desk.states(post) == {"facebook": "live"}
    assert (sent(desk), live(desk)) == (1, [TEXT])
    assert outcomes(desk, post) == [("send", "ambiguous"), ("read back", "done")]


@pytest.mark.parametrize("fault", NOT_EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_a_post_that_never_arrived_is_sent_again_and_only_once(desk, fault):
    post = due(desk, fault)

    desk.drain(hours=0.9)

    assert desk.states(post) == {"facebook": "live"}
    assert (sent(desk), live(desk)) == (2, [TEXT])


def test_the_feed_gets_time_to_settle_before_absence_is_believed(desk):
    post = due(desk, Fault(FaultKind.LATE, seconds=SETTLE - 1))
    for _second in range(round(SETTLE) + 5):
        desk.work()
        desk.clock.turn(1)

    assert desk.states(post) == {"facebook": "live"}
    assert (sent(desk), live(desk)) == (1, [TEXT])


def test_one_that_arrives_after_all_patience_meets_facebooks_own_guard(desk):
    """A text that equals the one before it is refused there, so that even then nothing doubles."""
    post = due(desk, Fault(FaultKind.LATE, seconds=SETTLE + 20))
    desk.drain(hours=1)

    assert desk.states(post) == {"facebook": "live"}
    assert (sent(desk), live(desk)) == (2, [TEXT])


def test_a_server_that_never_gives_a_usable_answer_ends_in_a_question(desk):
    post = due(desk, Fault(FaultKind.SERVER_ERROR, status=500, times=1000))

    desk.drain(hours=20)

    found = delivery(desk, post)
    assert (found.state, found.needs_human) == ("unknown", True)
    assert sent(desk) <= 6
    assert live(desk) == []


def test_the_minutes_that_the_usage_headers_tell_are_waited(desk):
    post = due(desk, Fault(FaultKind.RATE_LIMITED, seconds=600))
    desk.work()
    waiting = desk.states(post)

    desk.clock.turn(599)
    desk.work()
    early = sent(desk)
    desk.clock.turn(1)
    desk.work()

    assert waiting == {"facebook": "armed"}
    assert (early, sent(desk)) == (1, 2)
    assert desk.states(post) == {"facebook": "live"}


def test_a_page_whose_calls_are_used_up_goes_on_in_the_next_hour(desk):
    desk.world.add_server(seed.FACEBOOK_HOST, "facebook", config={"calls": 8})
    posts = [due(desk, text=f"Roll {number}") for number in range(4)]

    desk.work()
    first = [desk.states(post)["facebook"] for post in posts]
    desk.drain(hours=3)

    assert "armed" in first
    assert {desk.states(post)["facebook"] for post in posts} == {"live"}
    assert sorted(live(desk)) == [f"Roll {number}" for number in range(4)]


def test_a_dead_token_holds_until_there_is_a_new_one(desk):
    post = due(desk, Fault(FaultKind.EXPIRED_TOKEN))
    desk.work()
    held = desk.states(post)

    desk.workspace.accounts.check(desk.accounts["facebook"])
    desk.drain(hours=2)

    assert held == {"facebook": "held"}
    assert desk.states(post) == {"facebook": "live"}
    assert live(desk) == [TEXT]


def test_a_post_that_equals_the_one_before_it_is_refused_in_plain_words(desk):
    first = due(desk, text="Good morning")
    desk.drain(hours=0.1)
    second = due(desk, text="Good morning")
    desk.drain(hours=1)

    assert desk.states(first) == {"facebook": "live"}
    refused = delivery(desk, second)
    assert (refused.state, refused.error_field) == ("rejected", "text")
    assert "equals the one before it" in refused.error_message
    assert live(desk) == ["Good morning"]


@pytest.mark.parametrize("kind", [FaultKind.CRASH_BEFORE, FaultKind.CRASH_AFTER])
def test_a_worker_killed_around_its_send_loses_and_doubles_nothing(desk, tmp_path, kind):
    post = due(desk, Fault(kind))
    child = worker(desk, tmp_path / "data")
    output = child.communicate(timeout=60)[0]
    assert child.returncode == -signal.SIGKILL, output.decode()

    desk.clock.turn(1)
    desk.drain(hours=2)

    assert desk.states(post) == {"facebook": "live"}
    assert live(desk) == [TEXT]
    check(desk, [post])


def test_what_is_live_but_could_not_be_written_down_is_found_afterwards(desk, monkeypatch):
    def full(*_args: object) -> None:
        raise DataError("The disk is full.", "Make room.")

    post = due(desk)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "done", full)
        desk.work()

    desk.clock.turn(180)
    desk.drain(hours=2)

    assert desk.states(post) == {"facebook": "live"}
    assert (sent(desk), live(desk)) == (1, [TEXT])


@pytest.mark.parametrize("fault", EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_a_video_whose_last_answer_is_lost_is_found_by_its_number(desk, tmp_path, monkeypatch, fault):
    """Start, two pieces, and the end that publishes it."""
    monkeypatch.setattr(facebook, "CHUNK", 30)
    film = tmp_path / "film.mp4"
    film.write_bytes(FILM + bytes(20))
    post = due(desk, replace(fault, after=3), path=VIDEOS, media=attached(desk, film))

    desk.work()
    desk.drain(hours=1)

    assert desk.states(post) == {"facebook": "live"}
    assert live(desk) == [TEXT]
    assert outcomes(desk, post)[:2] == [("send", "ambiguous"), ("read back", "done")]


@pytest.mark.parametrize("fault", NOT_EXECUTED, ids=lambda fault: f"{fault.kind}-{fault.status}")
@pytest.mark.parametrize("after", range(3))
def test_a_video_that_never_arrived_is_published_once(desk, tmp_path, fault, after):
    film = tmp_path / "film.mp4"
    film.write_bytes(FILM)
    post = due(desk, replace(fault, after=after), path=VIDEOS, media=attached(desk, film))

    desk.drain(hours=0.9)

    assert desk.states(post) == {"facebook": "live"}
    assert live(desk) == [TEXT]


def test_a_picture_whose_upload_is_lost_leaves_one_post(desk, tmp_path):
    path = tmp_path / "bread.png"
    Image.new("RGB", (8, 8), "peru").save(path)
    post = due(desk, Fault(FaultKind.LOST_RESPONSE), path="/photos", media=attached(desk, path))

    desk.drain(hours=0.9)

    assert desk.states(post) == {"facebook": "live"}
    (item,) = desk.world.live_posts()
    assert len(item.media) == 1


@pytest.mark.parametrize("random", range(8))
def test_nothing_doubles_and_nothing_is_lost_under_random_faults(desk, tmp_path, random):
    posts = planned(desk, random, tmp_path)
    desk.world.chaos(random, (0.1, 0.3, 0.6)[random % 3])
    desk.drain(hours=2)
    desk.world.chaos(random, 0.0)
    desk.workspace.accounts.check(desk.accounts["facebook"])
    desk.drain(hours=6)

    check(desk, posts)
