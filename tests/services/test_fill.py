"""The scheme laid over a month: places, kinds that keep the rules, words from ideas and templates, all taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from smm_tui.db.reads.scheme import SpecialDay
from smm_tui.domain import alternation
from smm_tui.domain.alternation import Turn
from smm_tui.domain.content_types import DEFAULTS, Band, ContentType, ContentTypes
from smm_tui.domain.scheme import Slot, weekly
from smm_tui.services.places import OpenPlace, days_named, open_places
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.services.proposal import assigned
from smm_tui.services.scheme import DayDraft, IdeaDraft
from tests.support.database import content, differences
from tests.support.desk import ZONE

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
MONTH = (2026, 10)
LONG_AGO = datetime(2026, 1, 1)


def slot(days=(0,), at: time = time(9), kind: str = "", **more) -> Slot:
    return Slot(weekly(days), date(2026, 9, 1), at, kind, **more)


def place(office, *args, **more) -> int:
    return office.workspace.scheme.add_slot(office.project, slot(*args, **more)).ids[0]


def posts(office, month=MONTH):
    return office.workspace.plan_queries.month(office.project, *month).posts


def walls(places) -> list[str]:
    return [f"{one.wall:%d %H:%M}" for one in places]


def test_a_place_is_open_until_a_post_stands_there() -> None:
    one, two = slot((0,), id=1), slot((0,), kind="selling", id=2)
    found = open_places([one, two], [], [("2026-10-05T09:00:00", "selling")], (FIRST, LAST), LONG_AGO)
    assert [(item.day.day, item.slot.id) for item in found][:3] == [(5, 1), (12, 1), (12, 2)]
    taken = [("2026-10-05T09:00:30", "informational")] * 3
    assert walls(open_places([one, two], [], taken, (FIRST, LAST), LONG_AGO))[0] == "12 09:00"


def test_places_neither_lie_behind_nor_on_quiet_days_nor_on_exceptions() -> None:
    quiet = SpecialDay(1, date(2020, 10, 12), "Stocktaking", yearly=True, quiet=True)
    rested = slot((0,), exceptions=frozenset({date(2026, 10, 19)}))
    found = open_places([rested], [quiet], [], (FIRST, LAST), datetime(2026, 10, 5, 9))
    assert walls(found) == ["26 09:00"]


def test_days_that_come_back_each_year() -> None:
    leap = SpecialDay(1, date(2024, 2, 29), "Leap day", yearly=True, quiet=False)
    once = SpecialDay(2, date(2027, 2, 28), "Fair", yearly=False, quiet=False)
    assert list(days_named([leap, once], date(2027, 2, 1), date(2028, 3, 1))) == [
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]
    assert days_named([leap], date(2020, 2, 1), date(2020, 3, 1)) == {}, "not before it began"


def test_a_month_is_filled_in_one_step_and_taken_back_in_one(office) -> None:
    place(office, (0, 3), kind="informational")
    place(office, (1,), time(18))
    office.workspace.scheme.add_idea(office.project, IdeaDraft("Flour comes from Szeged", "informational"))
    office.workspace.scheme.add_idea(office.project, IdeaDraft("The starter has a name"))
    before = content(office.workspace.settings.paths.database)
    receipt = office.workspace.fill.fill(office.project, *MONTH)
    found = posts(office)
    assert receipt.count == len(found) == 9 + 4
    assert {post.row.state for post in found} == {"draft"}
    assert [post.row.text for post in found][:3] == ["Flour comes from Szeged", "The starter has a name", ""]
    assert {len(post.deliveries) for post in found} == {2}
    assert "2 with words, 11 to be written" in receipt.message
    assert office.workspace.scheme.ideas(office.project) == []
    assert office.workspace.fill.fill(office.project, *MONTH).count == 0
    office.workspace.undo.undo()
    after = content(office.workspace.settings.paths.database)
    assert after == before, differences(before, after)


def test_a_draft_of_the_scheme_goes_out_only_after_a_person_saved_or_approved_it(office) -> None:
    workspace = office.workspace
    draft, version = workspace.projects.draft_of(office.project)
    workspace.projects.edit(office.project, draft._replace(approval="none"), version=version)
    place(office, (1,), time(18), kind="selling")
    workspace.scheme.add_idea(office.project, IdeaDraft("Two for one", "selling"))
    workspace.fill.fill(office.project, 2026, 9)
    drafts = [post.row.id for post in posts(office, (2026, 9))]
    workspace.posts.move(drafts[:1], workspace.posts.parse_when("2026-09-22 19:00", office.project))
    office.clock.turn(3600 * 24 * 30)
    workspace.runner().run_once()
    assert {office.state(number) for number in drafts} == {"draft"}


def test_saving_a_draft_plans_it(office) -> None:
    place(office, (1,), time(18), kind="selling", accounts=(office.accounts[0],))
    office.workspace.scheme.add_idea(office.project, IdeaDraft("Two for one", "selling"))
    number = office.workspace.fill.fill(office.project, 2026, 9).ids[0]
    draft, version = office.workspace.posts.draft_of(number)
    assert draft.accounts == (office.accounts[0],)
    office.workspace.posts.edit(number, replace(draft, text="Two for one!"), version=version)
    assert office.state(number) == "planned"


def test_ideas_go_where_they_fit_and_evergreens_rest(office) -> None:
    scheme = office.workspace.scheme
    rubric = scheme.add_pillar(office.project, "Recipes").ids[0]
    place(office, (0,), kind="engaging", pillar_id=rubric)
    place(office, (1,), kind="selling")
    scheme.add_idea(office.project, IdeaDraft("Anything"))
    scheme.add_idea(office.project, IdeaDraft("Which do you bake?", "engaging", rest_days=14))
    scheme.add_idea(office.project, IdeaDraft("A recipe", "engaging", rubric))
    office.workspace.fill.fill(office.project, *MONTH)
    found = {post.wall.day: post.row.text for post in posts(office)}
    mondays, tuesdays = [found[day] for day in (5, 12, 19, 26)], [found[day] for day in (6, 13, 20, 27)]
    assert mondays == ["A recipe", "Which do you bake?", "", "Which do you bake?"]
    assert tuesdays == ["Anything", "", "", ""]
    office.workspace.fill.fill(office.project, 2026, 11)
    later = {post.wall.day: post.row.text for post in posts(office, (2026, 11))}
    assert [later[day] for day in (2, 9, 16)] == ["", "Which do you bake?", ""], "it rested since 26 October"


def test_templates_speak_the_language_of_the_project(office) -> None:
    workspace = office.workspace
    draft, version = workspace.projects.draft_of(office.project)
    workspace.projects.edit(
        office.project, draft._replace(language="hu", country="HU", client="Kovász"), version=version
    )
    place(office, (4,), kind="informational")
    workspace.scheme.add_template(
        office.project, "Week", "{client}, {weekday}, {date} {time}\n{holiday}\n{link}", "informational"
    )
    workspace.scheme.add_day(office.project, DayDraft(date(2020, 10, 23), "Our birthday", yearly=True))
    workspace.scheme.skip_slot(workspace.scheme.slots(office.project)[0].id, date(2026, 10, 2))
    workspace.scheme.skip_slot(workspace.scheme.slots(office.project)[0].id, date(2026, 10, 9))
    workspace.scheme.skip_slot(workspace.scheme.slots(office.project)[0].id, date(2026, 10, 16))
    workspace.fill.fill(office.project, *MONTH)
    assert [post.row.text for post in posts(office)] == [
        "Kovász, péntek, október 23. 09:00\nOur birthday, Nemzeti ünnep",
        "",
    ]


def test_an_idea_becomes_a_draft_by_itself(office) -> None:
    idea = office.workspace.scheme.add_idea(office.project, IdeaDraft("An idea", "fun")).ids[0]
    receipt = office.workspace.fill.use_idea(office.project, idea, datetime(2026, 10, 1, 9), kind="selling")
    (post,) = posts(office)
    assert (post.row.id, post.row.content_type, post.row.text) == (receipt.ids[0], "selling", "An idea")
    office.workspace.undo.undo()
    assert [row.id for row in office.workspace.scheme.ideas(office.project)] == [idea]
    office.workspace.fill.use_idea(office.project, idea)
    (found,) = office.workspace.post_queries.unplanned(office.project)
    assert found.content_type == "entertaining"


def test_another_projects_scheme_is_not_touched(office) -> None:
    other = office.workspace.projects.add(ProjectDraft("Gym", ZONE)).ids[0]
    place(office, (0,))
    assert office.workspace.fill.fill(other, *MONTH).count == 0
    assert office.workspace.fill.propose(office.project, *MONTH).sources["nothing"] == 4


def test_a_place_where_the_clocks_jump_moves_with_them(office) -> None:
    place(office, (6,), time(2, 30), kind="informational")
    office.workspace.fill.fill(office.project, 2027, 3)
    assert [f"{post.wall:%d %H:%M}" for post in posts(office, (2027, 3))][-1] == "28 03:30"


def test_where_rules_cannot_be_kept_a_month_is_filled_all_the_same(office) -> None:
    place(office, (0,), time(9), kind="selling")
    place(office, (0,), time(10), kind="selling")
    proposal = office.workspace.fill.propose(office.project, *MONTH)
    assert not proposal.keeps_rules
    assert len(proposal.filled) == 8
    assert "No choice keeps" in office.workspace.fill.fill(office.project, *MONTH).message


NAMES = ("a", "b", "c")
limits = st.none() | st.integers(1, 3)
rules = st.lists(st.tuples(limits, limits, limits), min_size=3, max_size=3).map(
    lambda found: ContentTypes(
        ContentType(name, name, name, "ask", "", Band(0, 100), *limit)
        for name, limit in zip(NAMES, found, strict=True)
    )
)
moments = st.tuples(st.integers(0, 4), st.integers(0, 23))
SPAN = (FIRST, FIRST + timedelta(days=4))


@given(
    rules,
    st.lists(st.tuples(moments, st.sampled_from(NAMES)), max_size=3, unique_by=lambda one: one[0]),
    st.lists(st.tuples(moments, st.sampled_from(("", *NAMES))), min_size=1, max_size=4, unique_by=lambda one: one[0]),
)
def test_the_filled_month_breaks_no_rule_whenever_there_is_a_choice(types, planned, rooms) -> None:
    def wall(moment) -> datetime:
        return datetime.combine(FIRST + timedelta(days=moment[0]), time(moment[1]))

    there = sorted((wall(moment).isoformat(), kind) for moment, kind in planned)
    taken = {moment for moment, _kind in planned}
    rooms = sorted(room for room in rooms if room[0] not in taken)
    places = [OpenPlace(slot(at=wall(at).time(), kind=kind), wall(at).date()) for at, kind in rooms]

    def month(kinds) -> list[Turn]:
        found = [*there, *((one.wall.isoformat(), kind) for one, kind in zip(places, kinds, strict=True))]
        return [Turn(date.fromisoformat(at[:10]), kind) for at, kind in sorted(found)]

    def keeps(kinds) -> bool:
        return not alternation.breaches(month(kinds), types, *SPAN)

    kinds, _whole = assigned(there, places, types, SPAN)
    assert len(kinds) == len(places)
    assert all(
        kind == one.slot.content_type or not one.slot.content_type for kind, one in zip(kinds, places, strict=True)
    )
    choices = product(*((one.slot.content_type,) if one.slot.content_type else NAMES for one in places))
    assert keeps(kinds) or not any(keeps(choice) for choice in choices)


def test_a_month_of_free_places_comes_near_the_shares(office) -> None:
    place(office, range(7))
    kinds = [one.kind for one in office.workspace.fill.propose(office.project, *MONTH).filled]
    assert {kind: DEFAULTS[kind].share.low <= 100 * kinds.count(kind) / 31 <= DEFAULTS[kind].share.high
            for kind in DEFAULTS} == dict.fromkeys(DEFAULTS, True)  # fmt: skip
