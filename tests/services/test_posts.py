"""Posts: what is public is not rewritten, and what is planned can be changed freely."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smm_tui.domain.errors import InvalidInput
from smm_tui.sandbox.faults import Fault, FaultKind


def edited(desk, post: int, **changes):
    draft, version = desk.workspace.posts.draft_of(post)
    return desk.workspace.posts.edit(post, replace(draft, **changes), version=version)


@pytest.fixture
def live(desk) -> int:
    post = desk.approved("Hello", seconds=60)
    desk.clock.turn(61)
    desk.work()
    assert set(desk.states(post).values()) == {"live"}
    return post


@pytest.mark.parametrize(
    "change", [{"text": "Hallo"}, {"content_warning": "x"}, {"labels": ("nudity",)}, {"language": "hu"}]
)
def test_a_live_post_is_not_rewritten(desk, live, change) -> None:
    with pytest.raises(InvalidInput, match="not rewritten"):
        edited(desk, live, **change)
    assert desk.workspace.post_queries.get(live).post.text == "Hello"


def test_a_live_post_is_not_moved_cancelled_or_approved_anew(desk, live) -> None:
    when = desk.workspace.posts.parse_when("+1d", desk.project)
    with pytest.raises(InvalidInput, match="out already"):
        desk.workspace.posts.move([live], when)
    with pytest.raises(InvalidInput, match="out already"):
        desk.workspace.posts.cancel([live])
    with pytest.raises(InvalidInput):
        edited(desk, live, when=when)
    assert desk.workspace.posts.approve([live]).count == 0


def test_where_it_is_not_out_yet_a_variant_can_still_be_written(desk) -> None:
    desk.world.plant(Fault(FaultKind.SERVER_ERROR, path="putRecord", status=400, times=9))
    post = desk.approved("Hello", seconds=60, accounts=["mastodon", "bluesky"])
    desk.clock.turn(61)
    desk.work()
    assert desk.states(post) == {"mastodon": "live", "bluesky": "rejected"}
    edited(desk, post, variants={desk.accounts["bluesky"]: "Hello sky"})
    assert desk.states(post) == {"mastodon": "live", "bluesky": "planned"}
    with pytest.raises(InvalidInput):
        edited(desk, post, variants={desk.accounts["mastodon"]: "Hello tooth"})


def test_a_copy_is_a_new_post_that_nobody_approved(desk, live) -> None:
    copy = desk.workspace.posts.copy(live, desk.workspace.posts.parse_when("+1d", desk.project)).ids[0]
    assert set(desk.states(copy).values()) == {"planned"}
    assert desk.workspace.post_queries.get(copy).post.text == "Hello"


def test_a_zone_change_keeps_wall_times_and_moves_instants(office) -> None:
    post, draft = office.add("Hello", "2026-10-05 09:00"), office.add("Idea", when=None)
    office.workspace.posts.approve([post])
    old = office.workspace.post_queries.get(post).post
    project, version = office.workspace.projects.draft_of(office.project)
    receipt = office.workspace.projects.edit(
        office.project, project._replace(timezone="America/New_York"), version=version
    )
    new = office.workspace.post_queries.get(post).post
    assert (new.planned_wall, new.zone) == (old.planned_wall, "America/New_York")
    assert new.planned_at - old.planned_at == 6 * 3_600_000
    assert [row.due_at for row in office.deliveries(post)] == [new.planned_at] * 2
    assert office.state(post) == "planned"
    assert "approval" in receipt.message
    assert office.state(draft) == "draft"
    office.workspace.undo.undo()
    assert office.workspace.post_queries.get(post).post.planned_at == old.planned_at
    assert office.state(post) == "approved"


def test_a_zone_change_leaves_what_is_out_where_it_was(desk, live) -> None:
    before = desk.workspace.post_queries.get(live).post.planned_at
    project, version = desk.workspace.projects.draft_of(desk.project)
    desk.workspace.projects.edit(desk.project, project._replace(timezone="Asia/Tokyo"), version=version)
    assert desk.workspace.post_queries.get(live).post.planned_at == before


def test_an_archived_project_sends_nothing(desk) -> None:
    post = desk.approved("Hello", seconds=60)
    desk.workspace.projects.archive(desk.project)
    assert desk.workspace.post_queries.get(post).post.state == "held"
    desk.clock.turn(61)
    desk.work()
    assert desk.live() == {}
    with pytest.raises(InvalidInput, match="archived"):
        desk.plan("Another", seconds=60)


def test_a_paused_account_holds_and_the_others_go_on(desk) -> None:
    post = desk.approved("Hello", seconds=60)
    desk.workspace.accounts.pause(desk.accounts["mastodon"])
    desk.clock.turn(60)
    desk.work()
    assert desk.states(post) == {"mastodon": "held", "gotosocial": "live", "bluesky": "live"}
    desk.workspace.accounts.resume(desk.accounts["mastodon"])
    desk.work()
    assert set(desk.states(post).values()) == {"live"}


def test_removing_an_account_drops_what_waits_on_it_alone(desk) -> None:
    post = desk.approved("Hello", seconds=60)
    desk.workspace.accounts.remove(desk.accounts["mastodon"])
    desk.clock.turn(60)
    desk.work()
    assert desk.states(post) == {"mastodon": "cancelled", "gotosocial": "live", "bluesky": "live"}
    assert desk.workspace.accounts.remove(desk.accounts["mastodon"]).count == 0


def test_one_account_belongs_to_one_project(desk) -> None:
    from smm_tui.services.project_queries import ProjectDraft

    other = desk.workspace.projects.add(ProjectDraft("Gym", "UTC")).ids[0]
    row = desk.workspace.account_queries.get(desk.accounts["mastodon"])
    secret = desk.workspace.secrets.slot(row.secret_ref).read()
    before = sorted(path.name for path in desk.workspace.settings.paths.secrets.iterdir())
    with pytest.raises(InvalidInput, match="connected already"):
        desk.workspace.accounts.add(other, "mastodon", row.handle, secret, server=row.server)
    left = {path.name for path in desk.workspace.settings.paths.secrets.glob("*.enc")}
    assert left == {name for name in before if name.endswith(".enc")}
