"""A project's scheme: its own kinds of post, rubrics, hashtags, places, days, ideas and templates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from smm_tui.domain.content_types import COLOURS, DEFAULTS, Band, ContentType
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.scheme import Slot, weekly
from smm_tui.services.scheme import DayDraft, IdeaDraft
from smm_tui.widgets import styles
from tests.support.database import content, differences

RECIPE = ContentType("recipe", "Recipes", "r", "ask", "red", Band(0, 20))


def slot(**more) -> Slot:
    return Slot(
        **{"rule": weekly([0]), "first_day": date(2026, 9, 1), "wall_time": time(9), "content_type": "", **more}
    )


def refused(call, field: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        call()
    assert caught.value.field == field
    return caught.value.message


def test_colours_are_those_that_can_be_drawn() -> None:
    assert set(COLOURS) == set(styles.COLOURS)


def test_the_first_change_of_a_kind_makes_the_built_in_ones_the_projects_own(office) -> None:
    scheme = office.workspace.scheme
    scheme.add_type(office.project, RECIPE)
    kinds = scheme.content_types(office.project)
    assert list(kinds) == [*DEFAULTS, "recipe"]
    assert kinds["selling"] == DEFAULTS["selling"]
    assert kinds["recipe"] == RECIPE
    scheme.edit_type(office.project, replace(kinds["selling"], share=Band(10, 20), max_in_row=1))
    assert scheme.content_types(office.project)["selling"].share == Band(10, 20)
    office.workspace.undo.undo(2)
    assert scheme.content_types(office.project) == DEFAULTS


def test_posts_keep_a_kind_that_was_given_up(office) -> None:
    scheme = office.workspace.scheme
    scheme.add_type(office.project, RECIPE)
    post = office.add("Rolls", content_type="recipe")
    scheme.retire_type(office.project, "recipe")
    assert "recipe" not in scheme.content_types(office.project)
    assert office.workspace.post_queries.get(post).post.content_type == "recipe"
    scheme.add_type(office.project, replace(RECIPE, glyph="R"))
    assert scheme.content_types(office.project)["recipe"].glyph == "R"


def test_kinds_are_put_in_another_order(office) -> None:
    scheme = office.workspace.scheme
    scheme.move_type(office.project, "engaging", -10)
    scheme.move_type(office.project, "informational", 1)
    assert list(scheme.content_types(office.project)) == ["engaging", "selling", "informational", "entertaining"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "two words"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "selling"}, "name"),
        ({"name": "x" * 31}, "name"),
        ({"title": "selling"}, "name"),
        ({"title": "\u202eevil"}, "title"),
        ({"glyph": ""}, "glyph"),
        ({"glyph": "s"}, "glyph"),
        ({"glyph": "rr"}, "glyph"),
        ({"glyph": "漢"}, "glyph"),
        ({"glyph": "\x1b"}, "glyph"),
        ({"colour": "pink"}, "colour"),
        ({"late_rule": "sometimes"}, "late"),
        ({"share": Band(30, 20)}, "share"),
        ({"share": Band(60, 100)}, "share"),
        ({"max_in_row": 0}, "in_row"),
        ({"max_gap_days": -1}, "gap_days"),
        ({"max_per_day": 10**9}, "per_day"),
    ],
)
def test_what_no_kind_may_be(office, change, field) -> None:
    before = content(office.workspace.settings.paths.database)
    refused(lambda: office.workspace.scheme.add_type(office.project, replace(RECIPE, **change)), field)
    assert content(office.workspace.settings.paths.database) == before


def test_a_kind_that_places_are_of_is_not_given_up(office) -> None:
    scheme = office.workspace.scheme
    place = scheme.add_slot(office.project, slot(content_type="engaging")).ids[0]
    assert "1 place" in refused(lambda: scheme.retire_type(office.project, "engaging"), "type")
    scheme.end_slot(place)
    scheme.retire_type(office.project, "engaging")
    refused(lambda: scheme.retire_type(office.project, "selling"), "share")
    kinds = scheme.content_types(office.project)
    scheme.edit_type(office.project, replace(kinds["informational"], share=None))
    scheme.retire_type(office.project, "selling")
    scheme.retire_type(office.project, "entertaining")
    refused(lambda: scheme.retire_type(office.project, "informational"), "type")


def test_rubrics_and_hashtags(office) -> None:
    scheme = office.workspace.scheme
    rubric = scheme.add_pillar(office.project, "Behind the counter", "people").ids[0]
    refused(lambda: scheme.add_pillar(office.project, "behind the COUNTER"), "name")
    scheme.edit_pillar(rubric, "Counter")
    assert [(row.name, row.note) for row in scheme.pillars(office.project)] == [("Counter", "")]
    scheme.retire_pillar(rubric)
    assert scheme.pillars(office.project) == []
    assert scheme.add_pillar(office.project, "Counter").ids == (rubric,)
    tags = scheme.add_hashtags(office.project, "bread", "#kovász, kenyér #KENYÉR Budapest_1").ids[0]
    assert scheme.hashtag_sets(office.project)[0].tags == ("#kovász", "#kenyér", "#Budapest_1")
    for bad in ("two-words", "#", "##x", "123", "", "a b\u202e"):
        refused(lambda bad=bad: scheme.edit_hashtags(tags, "bread", bad), "tags")
    refused(lambda: scheme.add_hashtags(office.project, "Bread", "#x"), "name")
    scheme.remove_hashtags(tags)
    assert scheme.hashtag_sets(office.project) == []


def test_places_come_back_by_their_rule_except_when_they_do_not(office) -> None:
    scheme = office.workspace.scheme
    place = scheme.add_slot(office.project, slot(rule="RRULE:freq=weekly;byday=mo,th", content_type="selling")).ids[0]
    scheme.skip_slot(place, date(2026, 10, 1))
    (found,) = scheme.slots(office.project)
    assert list(found.days(date(2026, 9, 28), date(2026, 10, 5))) == [date(2026, 9, 28), date(2026, 10, 5)]
    scheme.skip_slot(place, date(2026, 10, 1), skip=False)
    assert scheme.slots(office.project)[0].exceptions == frozenset()
    scheme.end_slot(place)
    assert scheme.slots(office.project) == []
    for bad in ("FREQ=SECONDLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=0", "often"):
        refused(lambda bad=bad: scheme.add_slot(office.project, slot(rule=bad)), "rule")
    refused(lambda: scheme.add_slot(office.project, slot(content_type="nothing")), "type")
    refused(lambda: scheme.add_slot(office.project, slot(accounts=(999,))), "accounts")
    refused(lambda: scheme.add_slot(office.project, slot(pillar_id=999)), "pillar")


def test_special_days_ideas_and_templates(office) -> None:
    scheme = office.workspace.scheme
    day = scheme.add_day(office.project, DayDraft(date(2026, 12, 6), "Mikulás", yearly=True)).ids[0]
    scheme.edit_day(day, DayDraft(date(2026, 12, 6), "Mikulás", yearly=True, quiet=True))
    assert scheme.special_days(office.project)[0].quiet
    scheme.remove_day(day)
    assert scheme.special_days(office.project) == []
    idea = scheme.add_idea(office.project, IdeaDraft("The starter has a name", "fun", rest_days=30)).ids[0]
    scheme.edit_idea(idea, IdeaDraft("The starter is called Bözsi", "fun"))
    assert [(row.text, row.content_type, row.rest_days) for row in scheme.ideas(office.project)] == [
        ("The starter is called Bözsi", "entertaining", None)
    ]
    scheme.drop_idea(idea)
    assert scheme.ideas(office.project) == []
    refused(lambda: scheme.add_idea(office.project, IdeaDraft("  ")), "text")
    refused(lambda: scheme.add_idea(office.project, IdeaDraft("x", "nothing")), "type")
    refused(lambda: scheme.add_idea(office.project, IdeaDraft("x", rest_days=0)), "rest")
    template = scheme.add_template(office.project, "Weekend", "{client}: open on {date}").ids[0]
    assert "{prize}" in refused(lambda: scheme.edit_template(template, None, "Weekend", "Win {prize}"), "text")
    refused(lambda: scheme.add_template(office.project, "weekend", "x"), "name")
    everybodys = scheme.add_template(None, "Thanks", "Thank you!", "").ids[0]
    assert [row.id for row in scheme.templates(office.project)] == [everybodys, template]
    scheme.remove_template(template)
    refused(lambda: scheme.remove_template(template), "id")


def test_undo_brings_every_step_of_a_scheme_back(office) -> None:
    database, scheme = office.workspace.settings.paths.database, office.workspace.scheme
    before = content(database)
    scheme.add_type(office.project, RECIPE)
    rubric = scheme.add_pillar(office.project, "Counter").ids[0]
    place = scheme.add_slot(office.project, slot(content_type="recipe", pillar_id=rubric)).ids[0]
    scheme.skip_slot(place, date(2026, 10, 5))
    scheme.end_slot(place)
    tags = scheme.add_hashtags(office.project, "bread", "#x").ids[0]
    scheme.remove_hashtags(tags)
    idea = scheme.add_idea(office.project, IdeaDraft("An idea", pillar_id=rubric)).ids[0]
    scheme.drop_idea(idea)
    scheme.retire_pillar(rubric)
    after = content(database)
    office.workspace.undo.undo(10)
    assert content(database) == before, differences(before, content(database))
    for _step in range(10):
        office.workspace.undo.redo()
    assert content(database) == after, differences(after, content(database))
