from __future__ import annotations

from smm_tui.terminal.pacing import PATIENCE, REQUEST, Pacer


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_terminal_that_never_replies_is_never_waited_for() -> None:
    pacer = Pacer(1000)
    assert pacer.write(5000) == REQUEST
    assert not any(pacer.write(5000) for _ in range(5))
    assert not pacer.behind
    assert not pacer.waiting


def test_frames_wait_when_more_than_the_window_is_on_the_way() -> None:
    pacer = Pacer(1000)
    pacer.write(100)
    pacer.replied()
    assert pacer.write(900) == REQUEST
    assert not pacer.behind
    assert pacer.write(200) == ""
    assert pacer.behind
    pacer.replied()
    assert not pacer.behind


def test_small_frames_ask_seldom() -> None:
    pacer = Pacer(2048)
    pacer.write(5000)
    pacer.replied()
    asked = [bool(pacer.write(200)) for _ in range(9)]
    assert asked == [False, False, True, False, False, True, False, False, True]


def test_a_lost_reply_is_given_up() -> None:
    clock = Clock()
    pacer = Pacer(1000, clock)
    pacer.write(1)
    pacer.replied()
    pacer.write(5000)
    assert pacer.behind
    clock.now = PATIENCE + 1
    assert not pacer.behind
    assert not pacer.waiting
    assert pacer.write(1) == REQUEST


def test_an_unasked_reply_changes_nothing() -> None:
    pacer = Pacer(1000)
    pacer.replied()
    pacer.write(5000)
    assert not pacer.behind
