"""Plan against fact: what the networks show beside what was planned, and the figure that follows from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.domain.promise import LATE_AFTER, Fact, Look, fact, look, promise
from smm_tui.sandbox.faults import Fault, FaultKind
from tests.sandbox.support import png
from tests.support.desk import make_desk

MONTH = (2026, 9)


def facts(desk) -> dict[tuple[int, str], str]:
    found = desk.workspace.fact_queries.month(desk.project, *MONTH)
    names = {number: name for name, number in desk.accounts.items()}
    return {(item.row.post_id, names[item.row.account_id]): item.fact for item in found.deliveries}


def check(desk):
    return desk.workspace.plan_checks.check(desk.project, *MONTH)


def figure(desk):
    return desk.workspace.fact_queries.month(desk.project, *MONTH).promise


@pytest.fixture
def out(desk, tmp_path):
    """A post with a picture that is live on Mastodon and Bluesky, and one for tomorrow."""
    (tmp_path / "roll.png").write_bytes(png())
    picture = desk.workspace.media.add(tmp_path / "roll.png").sha256
    post = desk.approved(
        "Fresh https://kovasz.example rolls @you\n\nwarm 🥐",
        accounts=["mastodon", "bluesky"],
        media=((picture, "A roll"),),
    )
    desk.plan("tomorrow", seconds=24 * 3600, accounts=["mastodon"])
    desk.drain(hours=1)
    assert set(desk.states(post).values()) == {"live"}
    return post


def live(desk, network):
    return next(item for item in desk.world.live_posts(network=network))


def test_what_is_live_as_it_was_sent_is_a_promise_kept(desk, out) -> None:
    assert (figure(desk).due, figure(desk).percent) == (2, 100)
    done = check(desk)
    assert (done.read, done.fresh, done.unread) == (2, 0, [])
    assert facts(desk)[out, "mastodon"] == facts(desk)[out, "bluesky"] == Fact.KEPT
    assert desk.workspace.fact_queries.month(desk.project, *MONTH).unread == 0
    evidence = desk.workspace.delivery_queries.evidence(desk.workspace.posts.get(out).deliveries[0].id)
    assert [row.outcome for row in evidence.attempts if row.what == "check"] == ["same"]


def test_what_was_read_a_short_while_ago_is_not_read_again(desk, out) -> None:
    check(desk)
    calls = len(desk.world.calls())
    assert (check(desk).fresh, len(desk.world.calls())) == (2, calls)
    desk.clock.turn(600)
    assert check(desk).read == 2


def test_edited_deleted_and_other_files_are_told_apart(desk, out) -> None:
    desk.world.update_object(live(desk, "mastodon"), text="Stale rolls")
    desk.world.delete_object(live(desk, "bluesky"))
    check(desk)
    found = facts(desk)
    assert (found[out, "mastodon"], found[out, "bluesky"]) == (Fact.EDITED, Fact.DELETED)
    assert (figure(desk).due, figure(desk).kept) == (2, 0)
    shown = [item.row.shown for item in desk.workspace.fact_queries.month(desk.project, *MONTH).broken]
    assert any("Stale rolls" in text for text in shown)


def test_a_picture_that_is_gone_is_told(desk, out) -> None:
    desk.world.update_object(live(desk, "mastodon"), media=[])
    check(desk)
    assert facts(desk)[out, "mastodon"] == Fact.MEDIA


def test_a_picture_that_somebody_changed_for_another_is_told(desk, out) -> None:
    check(desk)
    assert facts(desk)[out, "mastodon"] == Fact.KEPT
    post = live(desk, "mastodon")
    desk.world.add_media(desk.world.account(post.account_id), "999", png(9, 9), "image/png", ready_at=0)
    desk.world.update_object(post, media=["999"])
    desk.clock.turn(600)
    check(desk)
    assert facts(desk)[out, "mastodon"] == Fact.MEDIA


def test_what_did_not_go_out_is_missing_and_what_went_out_later_is_late(desk) -> None:
    missed = desk.plan("nobody approved it", accounts=["mastodon"])
    late = desk.approved("asleep", accounts=["mastodon"], late="send:60")
    desk.clock.turn(1200)
    desk.drain(hours=1)
    assert facts(desk) == {(missed, "mastodon"): Fact.MISSING, (late, "mastodon"): Fact.LATE}
    assert (figure(desk).due, figure(desk).percent) == (2, 0)


def test_an_account_that_asks_for_peace_is_left_in_peace(desk, out) -> None:
    desk.approved("second", accounts=["mastodon"])
    desk.drain(hours=1)
    desk.world.plant(Fault(FaultKind.RATE_LIMITED, host="social.sandbox", method="GET", seconds=60, times=9))
    done = check(desk)
    assert done.read == 1, "Bluesky's"
    assert [(item.deliveries, bool(item.reason)) for item in done.unread] == [(2, True)]


def test_a_network_that_shows_nothing_is_said_and_not_called(tmp_path) -> None:
    desk = make_desk(tmp_path / "data", networks=("telegram",))
    try:
        desk.approved("Hello")
        desk.drain(hours=1)
        calls = len(desk.world.calls())
        done = check(desk)
        assert "does not let us read" in done.unread[0].reason
        assert len(desk.world.calls()) == calls
        assert figure(desk).percent == 100
    finally:
        desk.workspace.close()
        desk.world.close()


@given(st.text(max_size=40))
def test_what_networks_do_to_white_space_is_no_edit(text) -> None:
    assert look(text, 0, "\u200b" + text.replace("\n", " \n ") + " ", 0) is Look.SAME
    assert look(text, 0, text + "x", 0) is Look.EDITED
    assert look(None, 1, "another, an edit of ours is under way", 1) is Look.SAME


@given(
    st.sampled_from(["live", "missed", "armed"]), st.integers(0, 9), st.sampled_from(["", *Look]), st.integers(0, 9)
)
def test_every_delivery_has_one_fact_and_the_figure_is_a_part_of_the_whole(state, late, seen, now) -> None:
    minute = LATE_AFTER // 5
    found = fact(state, 0, late * minute, seen, now * minute)
    assert found is not Fact.WAITING or (state != "live" and now < 5)
    figure = promise([found])
    assert 0 <= figure.kept <= figure.due <= 1
    assert (figure.percent == 100) is (found is Fact.KEPT)
