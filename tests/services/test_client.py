"""Briefs, goals beside the facts, segments, hypotheses and questions; all of it taken back by undo."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smm_tui.db.tables import DayFigureTable, PostFigureTable
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.goals import Course, progress
from smm_tui.services import client_parts
from smm_tui.services.goals import GoalDraft
from smm_tui.services.parts import Known
from tests.inbox.support import item, make_post
from tests.support.database import content

TODAY = date(2026, 9, 21)  # of the clock that stands still
EPOCH = date(1970, 1, 1)


def known(office) -> Known:
    workspace = office.workspace
    accounts = workspace.account_queries.of_project(office.project)
    return client_parts.known(workspace.client_queries, office.project, accounts, TODAY)


def told(office, metric: str, *values: tuple[date, int], account: int = 0) -> None:
    """What a network told of a page, by day."""
    with office.workspace.db.unit() as unit:
        for day, value in values:
            number = (day - EPOCH).days
            unit.session.add(
                DayFigureTable(account_id=office.accounts[account], metric=metric, day=number, value=value, at=1)
            )


def goal(office, metric: str = "followers", **more) -> int:
    draft = GoalDraft(metric, 200, date(2026, 10, 21), date(2026, 9, 1))._replace(**more)
    return office.workspace.goals.add(office.project, draft).ids[0]


def test_a_brief_says_what_was_typed_and_undo_takes_it_back(office):
    briefs = office.workspace.briefs
    before = content(office.workspace.db.path)
    briefs.write(
        office.project,
        {
            "words": " More guests.\r\nSoon. ",
            "domains": "bakery.example\nhttps://shop.bakery.example",
            "prices": "990 Ft; 1,50 €",
        },
    )
    row = briefs.brief(office.project)
    assert row.words == "More guests.\nSoon."
    assert row.own == {"domains": ["bakery.example", "https://shop.bakery.example"], "prices": ["990 Ft", "1,50 €"]}
    assert briefs.write(office.project, {"words": row.words}).undo is None
    briefs.write(office.project, {"domains": ""})
    assert "domains" not in briefs.brief(office.project).own
    office.workspace.undo.undo(2)
    assert content(office.workspace.db.path) == before


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("domains", "no domain"),
        ("phones", "12"),
        ("handles", "@"),
        ("hashtags", "#2026"),
        ("brands", "!!!"),
        ("prices", "cheap"),
        ("forbidden", "?"),
        ("words", "x" * 5000),
        ("colour", "red"),
    ],
)
def test_what_is_wrong_in_a_brief_is_said_and_nothing_changes(office, field, words):
    before = content(office.workspace.db.path)
    with pytest.raises(InvalidInput) as refused:
        office.workspace.briefs.write(office.project, {"tone": "Warm", field: words})
    assert refused.value.field == field
    assert refused.value.hint
    assert content(office.workspace.db.path) == before


def test_a_brief_without_anything_is_an_empty_one(office):
    assert office.workspace.client_queries.brief(office.project).words == ""
    assert office.workspace.client_queries.goals(office.project) == []
    assert client_parts.brief_document(office.workspace.client_queries.brief(office.project))["goal"] == ""


def test_contacts_and_competitors_are_known_by_their_names(office):
    briefs = office.workspace.briefs
    briefs.put_contact(office.project, "", "Anna", "owner", "+36 1 555 0112")
    briefs.put_competitor(office.project, "", "Chain", "chain.example", "cheap")
    with pytest.raises(InvalidInput, match="already"):
        briefs.put_contact(office.project, "", "anna", "", "")
    briefs.put_contact(office.project, "Anna", "Anna K.", "owner", "")
    assert [row["name"] for row in briefs.brief(office.project).contacts] == ["Anna K."]
    briefs.remove_competitor(office.project, "chain")
    assert briefs.brief(office.project).competitors == ()
    with pytest.raises(InvalidInput):
        briefs.remove_contact(office.project, "Bela")


# Goals


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"metric": "money"}, "metric"),
        ({"target": None}, "target"),
        ({"by_day": None}, "by"),
        ({"target": -1}, "target"),
        ({"start": 10**12}, "start"),
        ({"by_day": date(2026, 8, 1)}, "by"),
        ({"by_day": date(2126, 8, 1)}, "by"),
        ({"account_id": 99}, "account"),
    ],
)
def test_what_is_no_goal_is_said(office, changes, field):
    with pytest.raises(InvalidInput) as refused:
        goal(office, **changes)
    assert refused.value.field == field


def test_a_goal_is_measured_against_what_the_networks_told(office):
    number = goal(office)
    queries = office.workspace.client_queries
    assert queries.goal(number).progress.course == Course.UNKNOWN  # missing is not zero
    told(office, "followers", (date(2026, 9, 2), 60), (date(2026, 9, 20), 110), (date(2026, 9, 25), 999))
    told(office, "followers", (date(2026, 9, 3), 40), (date(2026, 9, 21), 45), account=1)
    found = queries.goal(number).progress
    assert (found.start, found.value) == (100, 155)  # both accounts; what lies ahead of today does not count
    assert found.course == Course.ON_COURSE
    assert queries.next_goals()[office.project].row.id == number
    one = queries.goal(goal(office, account_id=office.accounts[1])).progress
    assert (one.start, one.value) == (40, 45)


def test_what_adds_up_is_added_up_from_the_first_day(office):
    number = goal(office, "reach", target=500)
    told(office, "reach", (date(2026, 8, 31), 900), (date(2026, 9, 1), 100), (date(2026, 9, 21), 200))
    found = office.workspace.client_queries.goal(number).progress
    assert (found.start, found.value, found.percent) == (0, 300, 60)


def test_where_the_page_tells_nothing_its_posts_do(office):
    number = goal(office, "likes", target=30)
    post = office.add()
    delivery = office.deliveries(post)[0].id
    with office.workspace.db.unit() as unit:
        unit.session.add(
            PostFigureTable(
                delivery_id=delivery,
                account_id=office.accounts[0],
                live_at=office.clock.now - 1,
                weekday=0,
                hour=9,
                likes=31,
                at=office.clock.now,
            )
        )
    assert office.workspace.client_queries.goal(number).progress.course == Course.REACHED


def test_a_goal_given_up_comes_back_with_undo(office):
    number = goal(office)
    office.workspace.goals.drop(number)
    with pytest.raises(InvalidInput, match="no goal"):
        office.workspace.client_queries.goal(number)
    office.workspace.undo.undo()
    assert office.workspace.client_queries.goal(number).row.target == 200


DAYS = st.integers(min_value=0, max_value=4000)


@given(
    start=st.none() | st.integers(0, 10**9),
    value=st.none() | st.integers(0, 10**9),
    target=st.integers(0, 10**9),
    first=DAYS,
    length=DAYS,
    today=DAYS,
)
def test_any_goal_has_a_course_and_never_divides_by_nothing(start, value, target, first, length, today):
    days = (EPOCH + timedelta(days=first), EPOCH + timedelta(days=first + length))
    found = progress(start, value, target, days, EPOCH + timedelta(days=today), 1)
    if start is None or value is None:
        assert found.course in (Course.UNKNOWN, Course.AHEAD)
        assert found.percent is None
        return
    assert found.expected is not None
    assert min(start, target) <= found.expected <= max(start, target)
    assert (found.course == Course.REACHED) == (value >= target if target >= start else value <= target)
    if today > first + length and found.course != Course.REACHED:
        assert found.course == Course.MISSED


# Audience


def test_a_segment_keeps_what_ads_say_of_it(office):
    part, workspace = client_parts.SEGMENTS, office.workspace
    values = {**part.blank(known(office)), "name": "Parents", "ages": "25-40", "sex": "female", "pains": "Mornings"}
    number = part.add(workspace, office.project, values, known(office)).ids[0]
    (row,) = workspace.client_queries.segments(office.project)
    assert workspace.segments.audience(number).age_from == 25
    assert part.values(row, known(office))["ages"] == "25-40"
    part.edit(
        workspace, office.project, str(number), {**part.values(row, known(office)), "ages": "60+"}, known(office)
    )
    assert workspace.segments.audience(number).age_to is None
    assert workspace.client_queries.segments(office.project)[0].persona == {"pains": "Mornings"}
    for words, field in (("old", "ages"), ("50-20", "ages")):
        with pytest.raises(InvalidInput) as refused:
            part.edit(workspace, office.project, str(number), {**values, "ages": words}, known(office))
        assert refused.value.field == field


def test_posts_carry_a_segment_and_its_results_are_told(office):
    workspace = office.workspace
    part = client_parts.SEGMENTS
    values = {**part.blank(known(office)), "name": "Parents"}
    number = part.add(workspace, office.project, values, known(office)).ids[0]
    post = office.add("For parents", segment_id=number)
    assert workspace.posts.draft_of(post)[0].segment_id == number
    (result,) = workspace.client_queries.recent_results(office.project)
    assert (result.name, result.posts) == ("Parents", None)  # nothing is live: no figures, not zero
    with workspace.db.unit() as unit:
        for row in office.deliveries(post):
            unit.connection.exec_driver_sql(
                "UPDATE delivery SET state = 'live', live_at = ? WHERE id = ?", (office.clock.now, row.id)
            )
    (result,) = workspace.client_queries.recent_results(office.project)
    assert (result.posts.posts, result.posts.told, result.posts.reach) == (1, 0, None)
    workspace.research.aim([post], None)
    assert [row.name for row in workspace.client_queries.recent_results(office.project)] == ["Parents", ""]
    with pytest.raises(InvalidInput, match="segment"):
        office.add("For nobody known", segment_id=99)


def test_a_hypothesis_is_settled_once_and_opened_again(office):
    research, queries = office.workspace.research, office.workspace.client_queries
    number = research.add_hypothesis(office.project, "They read early").ids[0]
    research.edit_hypothesis(number, "They read early", None, "held", "twice the clicks")
    (row,) = queries.hypotheses(office.project)
    document = client_parts.HYPOTHESES.document(row)
    assert (document["outcome"], document["note"]) == ("held", "twice the clicks")
    assert row.settled_at is not None
    research.edit_hypothesis(number, "They read early", None, "open", "")
    assert queries.hypotheses(office.project)[0].settled_at is None
    with pytest.raises(InvalidInput, match="outcome"):
        research.edit_hypothesis(number, "They read early", None, "maybe", "")
    with pytest.raises(InvalidInput, match="no text"):
        research.add_hypothesis(office.project, "  ")


def test_a_question_asked_again_is_counted_and_answered(office):
    research, queries = office.workspace.research, office.workspace.client_queries
    before = content(office.workspace.db.path)
    research.add_question(office.project, "Is there parking?")
    research.add_question(office.project, "is there parking")
    (row,) = queries.questions(office.project)
    assert row.asked == 2
    research.edit_question(row.id, row.text, "Behind the house.", None, None)
    assert queries.questions(office.project)[0].answer == "Behind the house."
    with pytest.raises(InvalidInput, match="no post"):
        research.edit_question(row.id, row.text, "", None, 77)
    research.remove_question(row.id)
    assert queries.questions(office.project) == []
    office.workspace.undo.undo(4)
    assert content(office.workspace.db.path) == before


def test_the_bank_is_fed_from_what_people_ask(tmp_path):
    post = make_post(tmp_path / "data")
    workspace, project = post.workspace, post.workspace.projects.all()[0].id
    post.store(*(item(number, "@shop When do you open on Sunday?", author=f"a{number}") for number in range(3)))
    fed = workspace.research.feed(project, workspace.saved_replies.questions(project))
    (row,) = workspace.client_queries.questions(project)
    assert (row.text, row.asked, fed.count) == ("When do you open on Sunday?", 3, 1)
    assert row.message_id == post.id_of("0")  # where it was heard first
    assert workspace.research.feed(project, workspace.saved_replies.questions(project)).count == 0
    post.store(item(9, "When do you open on Sunday?", author="b"))
    workspace.research.feed(project, workspace.saved_replies.questions(project))
    assert workspace.client_queries.questions(project)[0].asked == 4
    taken = workspace.research.add_question(project, "", message_id=post.id_of("9"))
    assert "counted again" in taken.message
    workspace.close()
