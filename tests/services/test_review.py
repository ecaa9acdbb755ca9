"""Approval of posts and months: submitted, returned, approved as a whole, and what shows as a deviation."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smm_tui.domain.approval import Change, Shown, snapshot
from smm_tui.domain.errors import InvalidInput
from tests.sandbox.support import png
from tests.support.database import content, differences
from tests.support.desk import make_desk

MONTH = (2026, 10)


def edit(office, post: int, **changes) -> None:
    draft, version = office.workspace.posts.draft_of(post)
    office.workspace.posts.edit(post, replace(draft, **changes), version=version)


def deviations(office) -> list[tuple[str, int, tuple[str, ...], bool]]:
    standing = office.workspace.review_queries.standing(office.project, *MONTH)
    return [(item.change, item.post_id, item.parts, item.waits) for item in standing.deviations]


def review(office, post: int) -> str:
    return office.workspace.post_queries.get(post).post.review


@pytest.fixture
def month(office):
    """Two posts of an approved October."""
    posts = office.add("one", "2026-10-05 09:00"), office.add("two", "2026-10-06 09:00")
    office.workspace.reviews.approve_month(office.project, *MONTH)
    return posts


def test_a_post_is_submitted_returned_and_approved(office) -> None:
    post = office.add("Hello", "2026-10-05 09:00")
    reviews = office.workspace.reviews
    assert reviews.submit([post]).count == 1
    assert review(office, post) == "submitted"
    assert reviews.submit([post]).count == 0
    reviews.send_back([post], "  The price is wrong.  ")
    assert review(office, post) == "returned"
    reviews.comment(post, "Which price?")
    said = [(row.author, row.audience, row.verdict, row.text) for row in reviews.comments(post)]
    assert said == [
        ("tester", "client", "returned", "The price is wrong."),
        ("tester", "internal", "", "Which price?"),
    ]
    assert reviews.submit_month(office.project, *MONTH).count == 1
    office.workspace.posts.approve([post])
    assert (office.state(post), review(office, post)) == ("approved", "")
    verbs = [row.verb for row in office.workspace.records.log(subject="post", subject_id=post)]
    assert verbs == ["post.approve", "post.submit", "post.comment", "post.return", "post.submit", "post.add"]


def test_returning_takes_an_approval_back(office, month) -> None:
    office.workspace.reviews.send_back([month[0]], "no")
    assert (office.state(month[0]), office.state(month[1])) == ("planned", "approved")


def test_what_cannot_be_submitted_or_said_is_refused(office) -> None:
    draft = office.add("draft", when=None)
    reviews = office.workspace.reviews
    with pytest.raises(InvalidInput, match="needs a time"):
        reviews.submit([draft])
    with pytest.raises(InvalidInput, match="needs words"):
        reviews.comment(draft, " \n")
    with pytest.raises(InvalidInput, match="10001 characters"):
        reviews.comment(draft, "x" * 10_001)
    with pytest.raises(InvalidInput, match="no post 99"):
        reviews.send_back([99], "no")
    office.workspace.posts.cancel([draft])
    with pytest.raises(InvalidInput, match="nothing to return"):
        reviews.send_back([draft], "no")


def test_what_changes_after_the_month_was_approved_is_a_deviation_and_waits_alone(office, month) -> None:
    first, second = month
    assert deviations(office) == []
    edit(office, first, text="one!")
    added = office.add("three", "2026-10-07 09:00")
    office.workspace.posts.cancel([second])
    assert deviations(office) == [
        (Change.CHANGED, first, ("text",), True),
        (Change.REMOVED, second, (), False),
        (Change.ADDED, added, (), True),
    ]
    office.workspace.posts.approve([first])
    assert deviations(office)[0] == (Change.CHANGED, first, ("text",), False)
    assert office.state(added) == "planned"
    office.workspace.reviews.approve_month(office.project, *MONTH)
    assert deviations(office) == []


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"content_warning": "flour"}, ("content_warning",)),
        ({"labels": ("nudity",)}, ("labels",)),
        ({"language": "de"}, ("language",)),
        ({"late_rule": "skip"}, None),
        ({"content_type": "selling"}, None),
        ({"variants": "first"}, ("text",)),
        ({"accounts": "first"}, ("accounts",)),
        ({"when": "later"}, ("at",)),
        ({"media": "roll"}, ("media",)),
    ],
)
def test_every_part_that_is_sent_counts_and_nothing_else(office, month, tmp_path, change, parts) -> None:
    name, value = next(iter(change.items()))
    if name == "variants":
        value = {office.accounts[0]: "mine"}
    elif name == "accounts":
        value = office.accounts[:1]
    elif name == "when":
        value = office.workspace.posts.parse_when("2026-10-05 09:01", office.project)
    elif name == "media":
        (tmp_path / "roll.png").write_bytes(png())
        value = ((office.workspace.media.add(tmp_path / "roll.png").sha256, ""),)
    edit(office, month[0], **{name: value})
    # An account left out takes nothing from what was approved for the others.
    waits = name != "accounts"
    assert deviations(office) == ([] if parts is None else [(Change.CHANGED, month[0], parts, waits)])


def test_undo_takes_the_approval_of_a_month_back(office) -> None:
    office.add("one", "2026-10-05 09:00")
    path = office.workspace.settings.paths.database
    before = content(path)
    office.workspace.reviews.approve_month(office.project, *MONTH)
    office.workspace.undo.undo()
    assert content(path) == before, differences(before, content(path))
    assert office.workspace.review_queries.approval(office.project, *MONTH) is None


def test_a_project_that_approves_months_sends_nothing_without_its_month(tmp_path) -> None:
    desk = make_desk(tmp_path / "data", networks=("mastodon",), approval="month")
    try:
        post = desk.plan("one", seconds=600)
        with pytest.raises(InvalidInput, match="2026-09 is not approved yet"):
            desk.workspace.posts.approve([post])
        desk.work()
        assert desk.states(post) == {"mastodon": "planned"}
        desk.workspace.reviews.approve_month(desk.project, 2026, 9)
        later = desk.plan("two", seconds=900)
        desk.work()
        assert (desk.states(post), desk.states(later)) == ({"mastodon": "armed"}, {"mastodon": "planned"})
        desk.workspace.posts.approve([later])
        desk.clock.turn(900)
        desk.work()
        assert sorted(text for _server, text in desk.live()) == ["one", "two"]
    finally:
        desk.workspace.close()


def test_an_approval_of_a_post_does_not_stand_for_that_of_the_month(tmp_path) -> None:
    """Approved while posts were approved one by one; from then on months are."""
    desk = make_desk(tmp_path / "data", networks=("mastodon",))
    try:
        post = desk.approved("one", seconds=600)
        draft, version = desk.workspace.projects.draft_of(desk.project)
        desk.workspace.projects.edit(desk.project, draft._replace(approval="month"), version=version)
        desk.clock.turn(600)
        desk.work()
        assert (desk.states(post), desk.live()) == ({"mastodon": "planned"}, {})
        log = desk.workspace.records.log(subject="delivery")
        assert log[0].summary == "Its month is not approved."
    finally:
        desk.workspace.close()


WORDS = st.text(max_size=6)
SHOWN = st.builds(
    Shown,
    WORDS,
    WORDS,
    st.lists(WORDS, max_size=2),
    WORDS,
    st.lists(st.tuples(WORDS, WORDS), max_size=2),
    st.tuples(WORDS, WORDS, WORDS),
    st.integers(0, 99),
    st.fixed_dictionaries({}, optional={"poll": st.dictionaries(WORDS, WORDS), "first_comment": WORDS}),
)


@settings(max_examples=200, deadline=None)
@given(first=SHOWN, second=SHOWN)
def test_two_that_differ_in_a_byte_have_neither_the_same_digest_nor_the_same_snapshot(first, second) -> None:
    def regular(shown: Shown):
        return shown._replace(
            labels=list(shown.labels),
            media=list(shown.media),
            extras={name: value for name, value in shown.extras.items() if value},
        )

    same = regular(first) == regular(second)
    assert (first.digest() == second.digest()) is same
    assert (snapshot([first]) == snapshot([second])) is same


@settings(max_examples=100, deadline=None)
@given(shown=SHOWN, name=st.sampled_from(["text", "content_warning", "language"]))
def test_one_more_character_changes_both(shown, name) -> None:
    other = shown._replace(**{name: getattr(shown, name) + "x"})
    assert shown.digest() != other.digest()
    assert snapshot([shown]) != snapshot([other])
