"""An approval covers bytes: whatever changes what would be sent, where or when, voids it; nothing else does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from smm_tui.domain.errors import Conflict, InvalidInput
from smm_tui.services import lifecycle
from tests.sandbox.support import png


@pytest.fixture
def approved(office, tmp_path):
    """The number of an approved post that has one of everything."""
    for name in ("roll", "bun"):
        (tmp_path / f"{name}.png").write_bytes(png(colour="red" if name == "roll" else "blue"))
    roll = office.workspace.media.add(tmp_path / "roll.png")
    post = office.add(
        "Hello",
        variants={office.accounts[1]: "Hello sky"},
        media=((roll.sha256, "A roll"),),
        content_warning="bread",
        labels=("nudity",),
        language="en",
    )
    office.workspace.posts.approve([post])
    return post


def states(office, post: int) -> list[str]:
    return [row.state for row in office.deliveries(post)]


def edit(office, post: int, **changes) -> None:
    draft, version = office.workspace.posts.draft_of(post)
    office.workspace.posts.edit(post, replace(draft, **changes), version=version)


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({"text": "Hello!"}, ["planned", "approved"]),  # the second account has a text of its own
        ({"content_warning": "breads"}, ["planned", "planned"]),
        ({"labels": ()}, ["planned", "planned"]),
        ({"language": "hu"}, ["planned", "planned"]),
        ({"media": ()}, ["planned", "planned"]),
        ({"variants": {}}, ["approved", "planned"]),
        ({"late_rule": "skip"}, ["approved", "approved"]),
        ({"content_type": "selling"}, ["approved", "approved"]),
        ({}, ["approved", "approved"]),
    ],
)
def test_a_change_voids_the_approval_of_what_it_changes(office, approved, change, after) -> None:
    edit(office, approved, **change)
    assert states(office, approved) == after


def test_another_alt_text_file_or_time_voids_it(office, approved, tmp_path) -> None:
    def reapprove() -> None:
        assert states(office, approved) == ["planned", "planned"]
        office.workspace.posts.approve([approved])

    draft, _version = office.workspace.posts.draft_of(approved)
    edit(office, approved, media=((draft.media[0][0], "A fresh roll"),))
    reapprove()
    edit(office, approved, media=((office.workspace.media.add(tmp_path / "bun.png").sha256, "A fresh roll"),))
    reapprove()
    edit(office, approved, when=office.workspace.posts.parse_when("fri 18:00", office.project))
    reapprove()
    office.workspace.posts.move([approved], office.workspace.posts.parse_when("fri 18:01", office.project))
    reapprove()
    assert states(office, approved) == ["approved", "approved"]


@settings(max_examples=40, deadline=None, derandomize=True, phases=(Phase.generate,))
@given(text=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30), data=st.data())
def test_any_changed_character_changes_the_digest(tmp_path_factory, text, data) -> None:
    from tests.services.conftest import make_office

    office = make_office(tmp_path_factory.mktemp("approval"))
    try:
        text = text.strip() or "x"
        post = office.add(text)
        place = data.draw(st.integers(0, len(text) - 1))
        other = text[:place] + ("a" if text[place] != "a" else "b") + text[place + 1 :]
        office.workspace.posts.approve([post])
        edit(office, post, text=other)
        assert states(office, post) == ["planned", "planned"]
        edit(office, post, text=text)
        assert states(office, post) == ["planned", "planned"]  # the same bytes again are not approved again
    finally:
        office.workspace.close()


def test_an_armed_delivery_loses_its_approval_too(desk) -> None:
    post = desk.approved("Hello", seconds=600)
    desk.work()
    assert set(desk.states(post).values()) == {"armed"}
    draft, version = desk.workspace.posts.draft_of(post)
    desk.workspace.posts.edit(post, replace(draft, text="Hello?"), version=version)
    assert set(desk.states(post).values()) == {"planned"}
    desk.clock.turn(601)
    desk.work()
    assert desk.live() == {}


def test_the_worker_refuses_bytes_that_were_changed_behind_its_back(desk) -> None:
    post = desk.approved("Hello", seconds=600)
    with desk.workspace.db.unit() as unit:
        unit.connection.exec_driver_sql("UPDATE post SET text = 'Something else' WHERE id = ?", (post,))
    desk.clock.turn(600)
    desk.work()
    assert desk.live() == {}
    assert "approved" not in desk.states(post).values()


def test_the_digest_covers_the_account(office, approved) -> None:
    from smm_tui.db.tables import AccountTable, DeliveryTable, PostTable

    with office.workspace.db.unit() as unit:
        post = unit.session.get_one(PostTable, approved)
        delivery = unit.session.get_one(DeliveryTable, office.deliveries(approved)[0].id)
        before = lifecycle.content_digest(unit, post, delivery)
        assert before == delivery.approved_hash
        unit.session.get_one(AccountTable, delivery.account_id).remote_id = "somebody else"
        assert lifecycle.content_digest(unit, post, delivery) != before


def test_approving_is_all_or_none_and_says_what_is_in_the_way(office) -> None:
    good, draft = office.add("good"), office.add("draft", when=None)
    with pytest.raises(InvalidInput, match="needs a time"):
        office.workspace.posts.approve([good, draft])
    assert office.state(good) == "planned"
    nowhere = office.add("nowhere", accounts=())
    with pytest.raises(InvalidInput, match="needs an account"):
        office.workspace.posts.approve([nowhere])
    office.clock.turn(3 * 24 * 3600)
    with pytest.raises(InvalidInput, match="has passed"):
        office.workspace.posts.approve([good])
    assert office.workspace.posts.unapprove([good]).count == 0


def test_a_whole_month_is_approved(office) -> None:
    inside, outside = office.add("in", "2026-10-05 09:00"), office.add("out", "2026-11-01 00:00")
    assert office.workspace.reviews.approve_month(office.project, 2026, 10).count == 1
    assert (office.state(inside), office.state(outside)) == ("approved", "planned")
    assert office.workspace.reviews.approve_month(office.project, 2026, 10).count == 0


def test_two_windows_do_not_overwrite_each_other(office, approved) -> None:
    draft, version = office.workspace.posts.draft_of(approved)
    office.workspace.posts.edit(approved, replace(draft, text="first"), version=version)
    with pytest.raises(Conflict, match="changed meanwhile"):
        office.workspace.posts.edit(approved, replace(draft, text="second"), version=version)
    assert office.workspace.post_queries.get(approved).post.text == "first"
