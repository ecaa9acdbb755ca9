"""An account whose secret died, or that a person paused: nothing is sent there, and nothing waits unseen."""

from __future__ import annotations

from smm_tui.sandbox.faults import Fault, FaultKind


def test_everything_that_comes_due_on_a_dead_account_waits_in_sight_and_goes_out_when_it_is_mended(desk):
    first = desk.approved("Rolls", seconds=30, accounts=["mastodon"], late="send:600")
    second = desk.approved("Bread", seconds=31, accounts=["mastodon"], late="send:600")
    desk.clock.turn(5)
    desk.work()  # both are armed
    desk.world.plant(Fault(FaultKind.EXPIRED_TOKEN, host="social.sandbox"))
    desk.clock.turn(60)

    desk.work()
    desk.work()

    assert desk.states(first) == desk.states(second) == {"mastodon": "held"}
    assert len(desk.workspace.records.status().waiting) == 2

    desk.workspace.accounts.check(desk.accounts["mastodon"])
    desk.work()

    assert desk.states(first) == desk.states(second) == {"mastodon": "live"}
    assert set(desk.live().values()) == {1}


def test_a_paused_account_sends_nothing_until_it_is_resumed(desk):
    post = desk.approved("Rolls", seconds=30, accounts=["bluesky"], late="send:600")
    desk.workspace.accounts.pause(desk.accounts["bluesky"])
    desk.clock.turn(60)
    desk.work()
    assert desk.states(post) == {"bluesky": "held"}

    desk.workspace.accounts.resume(desk.accounts["bluesky"])
    desk.work()

    assert desk.states(post) == {"bluesky": "live"}
