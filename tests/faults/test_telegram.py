"""Telegram under fire: nothing there tells whether a lost answer meant a post, so a person is asked."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from smm_tui.domain.errors import DataError
from smm_tui.sandbox import exchange
from smm_tui.sandbox.faults import SURVIVABLE, Fault, FaultKind
from smm_tui.services.ledger import Ledger
from tests.faults.test_crashes import worker
from tests.support.desk import Desk, make_desk

SENDS = "/send"
URL = "https://t.me/bakery/1"
TEXT = "Fresh rolls"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path / "data", networks=("telegram",))
    yield made
    made.workspace.close()
    made.world.close()


def due(desk: Desk, fault: Fault | None = None, text: str = TEXT, **more) -> int:
    """A post that is due now, and what will meet it."""
    post = desk.approved(text, late="send:1440", **more)
    desk.clock.turn(61)
    if fault is not None:
        desk.world.plant(replace(fault, method="POST", path=SENDS))
    return post


def delivery(desk: Desk, post: int):
    return desk.workspace.post_queries.get(post).deliveries[0]


def texts(desk: Desk) -> list[str]:
    exchange.settle(desk.world)
    return [item.text for item in desk.world.live_posts()]


def sent(desk: Desk) -> int:
    return len(desk.world.calls(path=SENDS))


UNCLEAR = [
    (Fault(FaultKind.LOST_RESPONSE), 1),
    (Fault(FaultKind.TIMEOUT_AFTER), 1),
    (Fault(FaultKind.SERVER_ERROR, status=500, executed=True), 1),
    (Fault(FaultKind.BAD_JSON), 1),
    (Fault(FaultKind.HTML, status=200, executed=True), 1),
    (Fault(FaultKind.LATE, seconds=30), 1),
    (Fault(FaultKind.TIMEOUT_BEFORE), 0),
    (Fault(FaultKind.RESET_BEFORE), 0),
    (Fault(FaultKind.SERVER_ERROR, status=502), 0),
    (Fault(FaultKind.HTML, status=504), 0),
]


@pytest.mark.parametrize(("fault", "executed"), UNCLEAR, ids=lambda value: getattr(value, "kind", value))
def test_a_lost_answer_is_a_question_and_never_sent_again_by_itself(desk, fault, executed):
    post = due(desk, fault)

    desk.work()
    asked = delivery(desk, post)
    desk.drain(hours=20)

    assert (asked.state, asked.needs_human) == ("unknown", True)
    assert "cannot be read back" in asked.error_message
    assert asked.error_hint
    assert desk.states(post) == {"telegram": "unknown"}
    assert texts(desk) == [TEXT] * executed
    assert sent(desk) == 1


def test_it_is_there(desk):
    post = due(desk, Fault(FaultKind.LOST_RESPONSE))
    desk.work()

    desk.workspace.deliveries.resolve_live(delivery(desk, post).id, URL)
    desk.drain(hours=2)

    found = delivery(desk, post)
    assert (found.state, found.remote_url, found.needs_human) == ("live", URL, False)
    assert (sent(desk), texts(desk)) == (1, [TEXT])


def test_send_it_again(desk):
    post = due(desk, Fault(FaultKind.TIMEOUT_BEFORE))
    desk.work()

    desk.workspace.deliveries.resolve_resend(delivery(desk, post).id)
    desk.drain(hours=2)

    assert desk.states(post) == {"telegram": "live"}
    assert (sent(desk), texts(desk)) == (2, [TEXT])


def test_send_it_again_and_lose_it_again(desk):
    post = due(desk, Fault(FaultKind.RESET_BEFORE, times=2))
    desk.work()
    desk.workspace.deliveries.resolve_resend(delivery(desk, post).id)

    desk.drain(hours=2)

    assert desk.states(post) == {"telegram": "unknown"}
    assert (sent(desk), texts(desk)) == (2, [])


def test_let_it_go(desk):
    post = due(desk, Fault(FaultKind.LOST_RESPONSE))
    desk.work()

    desk.workspace.deliveries.resolve_drop(delivery(desk, post).id)
    desk.drain(hours=2)

    assert desk.states(post) == {"telegram": "cancelled"}
    assert sent(desk) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(FaultKind.REFUSED, times=3),
        Fault(FaultKind.RATE_LIMITED, seconds=40),
        Fault(FaultKind.RATE_LIMITED_BARE, times=2),
    ],
    ids=lambda fault: fault.kind,
)
def test_what_never_arrived_is_sent_again_by_itself(desk, fault):
    post = due(desk, fault)

    desk.work()
    waiting = desk.states(post)
    desk.drain(hours=2)

    assert waiting == {"telegram": "armed"}
    assert desk.states(post) == {"telegram": "live"}
    assert texts(desk) == [TEXT]


def test_the_time_that_telegram_asks_for_is_kept(desk):
    post = due(desk, Fault(FaultKind.RATE_LIMITED, seconds=40))
    desk.work()

    desk.clock.turn(39)
    desk.work()
    early = sent(desk)
    desk.clock.turn(1)
    desk.work()

    assert (early, sent(desk)) == (1, 2)
    assert desk.states(post) == {"telegram": "live"}


def test_a_dead_token_holds_until_there_is_a_new_one(desk):
    post = due(desk, Fault(FaultKind.EXPIRED_TOKEN))
    desk.work()
    held = desk.states(post)

    desk.workspace.accounts.check(desk.accounts["telegram"])
    desk.drain(hours=2)

    assert held == {"telegram": "held"}
    assert desk.states(post) == {"telegram": "live"}
    assert texts(desk) == [TEXT]


def test_a_bot_without_the_right_is_told_so(desk):
    post = due(desk)
    chat = desk.world.find_account("telegram.sandbox", "bakery")
    assert chat is not None
    desk.world.update_account(chat, {"members": {}})

    desk.drain(hours=1)

    found = delivery(desk, post)
    assert (found.state, found.needs_human, sent(desk)) == ("rejected", True, 1)
    assert "bot is not a member" in found.error_message


@pytest.mark.parametrize(("kind", "executed"), [(FaultKind.CRASH_BEFORE, 0), (FaultKind.CRASH_AFTER, 1)])
def test_a_worker_killed_around_its_send_leaves_a_question(desk, tmp_path, kind, executed):
    post = due(desk, Fault(kind))
    child = worker(desk, tmp_path / "data")
    output = child.communicate(timeout=60)[0]
    assert child.returncode == -signal.SIGKILL, output.decode()

    desk.clock.turn(1)
    desk.drain(hours=2)

    assert desk.states(post) == {"telegram": "unknown"}
    assert delivery(desk, post).needs_human
    assert (sent(desk), texts(desk)) == (1, [TEXT] * executed)


def test_what_is_live_but_could_not_be_written_down_is_a_question(desk, monkeypatch):
    def full(*_args: object) -> None:
        raise DataError("The disk is full.", "Make room.")

    post = due(desk)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "done", full)
        desk.work()

    desk.clock.turn(180)
    desk.drain(hours=2)

    assert desk.states(post) == {"telegram": "unknown"}
    assert (sent(desk), texts(desk)) == (1, [TEXT])


def long_text() -> str:
    return " ".join(f"Sentence {number} of a long story about bread." for number in range(150))


def test_a_long_text_becomes_messages_one_after_the_other(desk):
    post = due(desk, text=long_text())

    desk.drain(hours=1)

    assert desk.states(post) == {"telegram": "live"}
    assert [text[-6:] for text in texts(desk)] == [" (1/2)", " (2/2)"]
    assert delivery(desk, post).remote_url == URL


def test_a_doubt_in_the_middle_stops_the_rest(desk):
    post = due(desk, Fault(FaultKind.LOST_RESPONSE, after=1), text=long_text())

    desk.drain(hours=2)
    asked = desk.states(post)
    desk.workspace.deliveries.resolve_live(delivery(desk, post).id, "https://t.me/bakery/2")
    desk.drain(hours=2)

    assert asked == {"telegram": "unknown"}
    assert desk.states(post) == {"telegram": "live"}
    assert (sent(desk), len(texts(desk))) == (2, 2)


def pictures(desk: Desk, folder: Path, count: int) -> tuple[tuple[str, str], ...]:
    found = []
    for number in range(count):
        path = folder / f"{number}.png"
        Image.new("RGB", (8 + number, 8), "peru").save(path)
        found.append((desk.workspace.media.add(path).sha256, ""))
    return tuple(found)


def test_an_album_with_a_long_caption_and_its_takedown(desk, tmp_path):
    words = " ".join(f"Loaf {number}." for number in range(200))
    post = due(desk, text=words, media=pictures(desk, tmp_path, 3))
    desk.drain(hours=1)
    first, second = desk.world.live_posts()
    assert (len(first.media), len(second.media)) == (3, 0)
    assert len(first.text) <= 1024 < len(words)
    evidence = desk.workspace.delivery_queries.evidence(delivery(desk, post).id)
    assert [intent.remote_id for intent in evidence.intents] == [first.remote_id, second.remote_id]

    desk.workspace.deliveries.takedown(delivery(desk, post).id)
    desk.drain(hours=1)

    assert texts(desk) == []
    assert desk.states(post) == {"telegram": "cancelled"}


def test_a_takedown_after_two_days_says_what_to_do(desk):
    post = due(desk)
    desk.drain(hours=1)
    desk.clock.turn(48 * 3600)

    desk.workspace.deliveries.takedown(delivery(desk, post).id)
    desk.drain(hours=1)

    found = delivery(desk, post)
    assert found.state == "live"
    assert "48 hours" in found.error_hint
    assert texts(desk) == [TEXT]


def test_a_file_that_is_gone_at_the_last_moment_is_no_doubt(desk, tmp_path):
    """The request was prepared, then its file was damaged before the second try."""
    media = pictures(desk, tmp_path, 1)
    post = due(desk, Fault(FaultKind.RATE_LIMITED, seconds=5), media=media)
    desk.work()
    stored = desk.workspace.media.path(media[0][0])
    stored.chmod(0o600)
    stored.write_bytes(b"damaged")

    desk.drain(hours=1)

    found = delivery(desk, post)
    assert (found.state, found.error_field) == ("rejected", "media")
    assert texts(desk) == []


@pytest.mark.parametrize("seed", range(6))
def test_nothing_doubles_under_random_faults(desk, tmp_path, seed):
    media = pictures(desk, tmp_path, 2)
    posts = [
        desk.approved(f"Plain {seed}", seconds=10, late="send:1440"),
        desk.approved(f"{long_text()} Run {seed}.", seconds=20, late="send:1440"),
        desk.approved(f"Album {seed}", seconds=30, late="send:1440", media=media),
    ]
    desk.world.chaos(seed, 0.4, SURVIVABLE)
    desk.drain(hours=2)
    desk.world.chaos(seed, 0.0)
    desk.workspace.accounts.check(desk.accounts["telegram"])
    desk.drain(hours=6)

    assert len(texts(desk)) == len(set(texts(desk)))
    for post in posts:
        found = delivery(desk, post)
        assert found.state in ("live", "unknown", "rejected", "held")
        assert found.state == "live" or (found.needs_human and found.error_message)
