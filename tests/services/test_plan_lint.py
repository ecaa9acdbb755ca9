"""What limps in a month is told, each with the post to open."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from smm_tui.domain.scheme import Slot, weekly
from smm_tui.services.plan_lint import Finding
from smm_tui.services.project_queries import ProjectDraft
from tests.sandbox.support import png
from tests.support.desk import ZONE


def lint(office, month: int = 10):
    return office.workspace.plan_queries.lint(office.project, 2026, month)


def told(office, rule: str, month: int = 10) -> list[Finding]:
    return [finding for finding in lint(office, month).findings if finding.rule == rule]


def test_the_mix_planned_and_published(desk) -> None:
    for number, kind in enumerate(("selling", "selling", "informational", "entertaining")):
        desk.approved(f"Post number {number} of {kind}", seconds=60 + number * 60, content_type=kind, late="send:60")
    desk.clock.turn(200)
    desk.work()
    desk.plan("One more of another sort", seconds=3600 * 24 * 4, content_type="engaging")
    found = desk.workspace.plan_queries.lint(desk.project, 2026, 9)
    assert (found.planned[0].content_type, found.planned[0].percent) == ("selling", 40)
    assert [(share.content_type, share.percent) for share in found.published] == [
        ("selling", 67),
        ("informational", 33),
    ]
    assert found.posts == 5


def test_runs_gaps_and_quiet_days(office) -> None:
    ids = [office.add(f"Entirely different {word} words here", f"2026-10-{day:02} 09:00", content_type="selling")
           for word, day in (("one", 1), ("two", 3), ("three", 8))]  # fmt: skip
    found = lint(office)
    assert [finding.posts for finding in told(office, "run")] == [tuple(ids)]
    gaps = told(office, "gap")
    assert [(gap.day, gap.post_id) for gap in gaps] == [(date(2026, 10, 4), ids[2]), (date(2026, 10, 9), ids[2])]
    assert found.quiet_days[:2] == (date(2026, 10, 2), date(2026, 10, 4))
    assert not found.urgent


def test_an_empty_month_is_one_gap_and_a_past_one_has_none(office) -> None:
    assert [(gap.day, gap.post_id) for gap in told(office, "gap")] == [(date(2026, 10, 1), None)]
    assert lint(office, 8).findings == ()


def test_collisions_on_one_account_and_across(office) -> None:
    mastodon, bluesky = office.accounts
    one = office.add("Nothing like it", "2026-10-01 09:00", accounts=(mastodon,))
    two = office.add("Something else", "2026-10-01 09:00:30", accounts=(bluesky,))
    assert [(f.posts, "different accounts" in f.message) for f in told(office, "collision")] == [((one, two), True)]
    three = office.add("A third thing", "2026-10-01 09:00", accounts=(bluesky,))
    (finding,) = told(office, "collision")
    assert set(finding.posts) == {one, two, three}
    assert "bakery.example" in finding.message


def test_near_duplicates(office) -> None:
    text = "Fresh rolls every morning from six, come early because they never last long"
    one = office.add(text, "2026-10-01 09:00")
    two = office.add(text + "!", "2026-10-20 09:00")
    assert [finding.posts for finding in told(office, "duplicate")] == [(one, two)]


def test_near_duplicates_of_the_months_before(office) -> None:
    text = "Fresh rolls every morning from six, come early because they never last long"
    old = office.add(text, "2026-09-28 09:00")
    new = office.add(text + "!", "2026-10-20 09:00")
    (finding,) = told(office, "duplicate")
    assert (finding.posts, finding.post_id) == ((old, new), new)
    assert f"post {old} of 2026-09-28" in finding.message
    assert not told(office, "duplicate", 9), "the earlier one is not at fault"


def test_an_evergreen_may_come_again_after_its_rest(office) -> None:
    text = "Fresh rolls every morning from six, come early because they never last long"
    post = office.add(text, "2026-09-28 09:00")
    idea = office.workspace.scheme.keep_post(post, 20).ids[0]
    office.workspace.fill.use_idea(office.project, idea, datetime(2026, 10, 20, 9))
    assert not told(office, "duplicate")
    office.workspace.fill.use_idea(office.project, idea, datetime(2026, 10, 24, 9))
    assert told(office, "duplicate")


def test_the_forecast_counts_open_places(office) -> None:
    office.add("One", "2026-10-01 09:00", content_type="selling")
    office.workspace.scheme.add_slot(
        office.project, Slot(weekly([0]), date(2026, 9, 1), time(9), "informational", accounts=office.accounts)
    )
    found = {item.kind: (item.planned, item.forecast, item.off) for item in lint(office).mix}
    assert found["selling"] == (100, 20, False)
    assert found["informational"] == (0, 80, True)


def test_what_goes_out_soon_without_approval_needs_a_person(office) -> None:
    post = office.add("Soon", "+3h")
    (finding,) = told(office, "unapproved", 9)
    assert (finding.post_id, finding.urgent) == (post, True)
    assert lint(office, 9).urgent
    assert lint(office, 9).findings[0].urgent, "what needs a person comes first"
    office.workspace.posts.approve([post])
    assert not told(office, "unapproved", 9)
    assert not lint(office, 9).urgent


def test_a_project_without_approval_is_not_asked_for_one(office) -> None:
    _draft, version = office.workspace.projects.draft_of(office.project)
    office.workspace.projects.edit(office.project, ProjectDraft("Bakery", ZONE, approval="none"), version=version)
    office.add("Soon", "+3h")
    assert not told(office, "unapproved", 9)


def test_a_file_that_is_gone_from_the_store(office, tmp_path) -> None:
    picture = tmp_path / "bread.png"
    picture.write_bytes(png())
    row = office.workspace.media.add(picture, "bread")
    post = office.add("Look", "2026-10-01 09:00", media=((row.sha256, "bread"),))
    assert not told(office, "media")
    office.workspace.media.path(row.sha256).unlink()
    (finding,) = told(office, "media")
    assert (finding.post_id, finding.urgent) == (post, True)


def test_preflight_and_no_account(office) -> None:
    nowhere = office.add("Nowhere", "2026-10-01 09:00", accounts=())
    assert [finding.post_id for finding in told(office, "accounts")] == [nowhere]
    long = office.add("x", "2026-10-02 09:00")
    with office.workspace.db.unit() as unit:  # limits change on the network's side after planning
        unit.connection.exec_driver_sql("UPDATE post SET text = '', content_warning = '' WHERE id = ?", (long,))
    findings = told(office, "preflight")
    assert {finding.post_id for finding in findings} == {long}
    assert not any(finding.urgent for finding in findings)


@pytest.mark.parametrize("kind", ["unknown", "missed"])
def test_what_waits_for_an_answer(office, kind) -> None:
    post = office.add("Waiting", "2026-10-01 09:00")
    with office.workspace.db.unit() as unit:
        unit.connection.exec_driver_sql("UPDATE post SET state = ? WHERE id = ?", (kind, post))
    (finding,) = told(office, "waiting")
    assert (finding.post_id, finding.urgent) == (post, True)
