"""Many posts to other days: each keeps its time of day, all go or none, and undo brings all of it back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from smm_tui.db.reads.posts import EVERYTHING
from smm_tui.domain.errors import InvalidInput
from tests.support.database import content


def walls(office) -> list[str]:
    return [post.planned_wall for post, _deliveries in office.workspace.post_queries.search()]


def test_a_shift_keeps_the_time_of_day_over_the_change_of_clocks(office) -> None:
    first = office.add("one", "2026-10-23 18:30")
    second = office.add("two", "2026-10-24 09:00")
    before = [post.planned_at for post, _d in office.workspace.post_queries.search()]
    receipt = office.workspace.reschedule.shift([first, second], timedelta(days=2))
    assert (receipt.count, receipt.message) == (2, "Moved 2 posts by 2 days.")
    assert walls(office) == ["2026-10-25T18:30:00", "2026-10-26T09:00:00"]
    after = [post.planned_at for post, _d in office.workspace.post_queries.search()]
    assert [round((b - a) / 3_600_000) for a, b in zip(before, after, strict=True)] == [
        49,
        49,
    ]  # the day had 25 hours


def test_one_that_cannot_move_keeps_all_where_they_are(office, tmp_path) -> None:
    posts = [office.add("one", "2026-10-22 18:30"), office.add("night", "2026-10-23 02:30")]
    draft = office.add("some day", None)
    before = content(tmp_path / "data" / "smm-tui.db")
    for ids, by, why in (
        (posts, timedelta(days=2), f"Post {posts[1]}: 02:30 comes twice"),
        (posts, timedelta(days=-40), f"Post {posts[0]}: .* is in the past"),
        ([*posts, draft], timedelta(days=1), f"Post {draft} has no time"),
        (posts, timedelta(), "By how much"),
        (posts, timedelta(days=5000), "more than ten years"),
        ([], timedelta(days=1), "no post"),
        ([*posts, 99], timedelta(days=1), "no post 99"),
    ):
        with pytest.raises(InvalidInput, match=why):
            office.workspace.reschedule.shift(ids, by)
        assert content(tmp_path / "data" / "smm-tui.db") == before


def test_a_moved_post_needs_its_approval_again(office) -> None:
    post = office.add("one", "2026-10-22 18:30")
    office.workspace.posts.approve([post])
    receipt = office.workspace.reschedule.shift([post], timedelta(hours=1))
    assert receipt.message == "Moved 1 post by 1:00 h. 2 approvals are void and must be given again."
    assert office.state(post) == "planned"
    office.workspace.undo.undo()
    assert office.state(post) == "approved"


def test_copies_are_posts_of_their_own_and_go_with_one_undo(office) -> None:
    post = office.add("one", "2026-10-22 18:30", content_type="selling", variants={office.accounts[1]: "kurz"})
    office.workspace.posts.approve([post])
    receipt = office.workspace.reschedule.repeat([post], [2, 1, 2])
    assert (receipt.message, len(receipt.ids)) == ("Copied 1 post: 2 planned anew.", 2)
    assert walls(office) == ["2026-10-22T18:30:00", "2026-10-29T18:30:00", "2026-11-05T18:30:00"]
    for copy in receipt.ids:
        assert office.state(copy) == "planned"
        assert office.workspace.post_queries.get(copy).variants == {office.accounts[1]: "kurz"}
    office.workspace.undo.undo()
    assert walls(office) == ["2026-10-22T18:30:00"]
    with pytest.raises(InvalidInput, match="one step makes at most"):
        office.workspace.reschedule.repeat([post], range(1, 1002))
    with pytest.raises(InvalidInput, match="in its own"):
        office.workspace.reschedule.repeat([post], [0])


def test_what_is_out_is_chosen_apart(desk) -> None:
    live = desk.approved("live", seconds=60)
    desk.drain(hours=1)
    later = desk.plan("later", seconds=7200)
    today = date.fromisoformat(desk.workspace.post_queries.get(later).post.planned_wall[:10])
    chosen = desk.workspace.reschedule.chosen(EVERYTHING._replace(project_id=desk.project), today, today)
    assert (chosen.ids, chosen.movable) == ([live, later], [later])
    with pytest.raises(InvalidInput, match="is out already"):
        desk.workspace.reschedule.shift(chosen.ids, timedelta(days=1))


def test_words_are_found_without_case_and_accents_wherever_they_stand(office) -> None:
    office.add("Karácsonyi bejgli", "2026-12-20 10:00")
    office.add("Rolls", "2026-12-21 10:00", variants={office.accounts[1]: "Ünnepi ROLLS"})
    found = office.workspace.post_queries.search
    for words, texts in (
        ("karacsonyi", ["Karácsonyi bejgli"]),
        ("ÜNNEPI rolls", ["Rolls"]),
        ("bakery.example", ["Karácsonyi bejgli", "Rolls"]),
        ("bejgli rolls", []),
        ("%", []),
    ):
        assert [post.text for post, _d in found(words=words.split())] == texts, words
