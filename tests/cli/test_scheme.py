"""The scheme by command line: every part is added, listed, changed, removed, and a month is filled from it."""

from __future__ import annotations

import pytest

PARTS = {
    "type": (
        ("--name", "recipe", "--glyph", "r", "--colour", "red", "--share", "5-20", "--gap-days", "10"),
        {"name": "recipe", "share": [5, 20], "max_gap_days": 10, "max_in_row": 2, "late": "send:180"},
        ("--share", "", "--title", "Recipes"),
        {"share": None, "title": "Recipes", "glyph": "r"},
    ),
    "slot": (
        ("--rule", "mon thu", "--time", "9", "--type", "info", "--accounts", "mastodon", "--except", "2026-12-24"),
        {"rule": "FREQ=WEEKLY;BYDAY=MO,TH", "time": "09:00", "type": "informational", "accounts": [1],
         "from": "2026-09-21", "except": ["2026-12-24"]},
        ("--rule", "FREQ=MONTHLY;BYDAY=1FR", "--accounts", "", "--type", ""),
        {"rule": "FREQ=MONTHLY;BYDAY=1FR", "time": "09:00", "accounts": None, "type": None},
    ),
    "idea": (
        ("--text", "-", "--type", "fun", "--rest", "30"),
        {"text": "Two\nlines", "type": "entertaining", "rest_days": 30, "used_at": None},
        ("--rest", "", "--source", "a regular"),
        {"text": "Two\nlines", "rest_days": None, "source": "a regular"},
    ),
    "template": (
        ("--name", "Week", "--text", "{client} on {date}", "--everybody", "yes"),
        {"name": "Week", "text": "{client} on {date}", "everybody": True, "type": None},
        ("--everybody", "no", "--type", "sell"),
        {"everybody": False, "type": "selling", "text": "{client} on {date}"},
    ),
    "day": (
        ("--day", "2026-12-06", "--name", "Mikulás", "--yearly", "yes"),
        {"day": "2026-12-06", "name": "Mikulás", "yearly": True, "quiet": False},
        ("--quiet", "yes"),
        {"yearly": True, "quiet": True},
    ),
    "pillar": (
        ("--name", "Counter", "--note", "people"),
        {"name": "Counter", "note": "people"},
        ("--name", "Behind the counter"),
        {"name": "Behind the counter", "note": "people"},
    ),
    "hashtags": (
        ("--name", "bread", "--tags", "kovász #kenyér"),
        {"name": "bread", "tags": ["#kovász", "#kenyér"]},
        ("--tags", "#rozs"),
        {"name": "bread", "tags": ["#rozs"]},
    ),
}  # fmt: skip
WHERE = ("--project", "Bakery")


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_added_listed_changed_and_removed(shop, part: str) -> None:
    given, made, change, changed = PARTS[part]
    there = len(shop.json("scheme", part, "list", *WHERE))
    answer = shop.json("scheme", part, "add", *WHERE, *given, stdin="Two\nlines")
    assert answer.items() >= made.items()
    key = answer["name"] if part == "type" else answer["id"]
    assert shop.json("scheme", part, "edit", *WHERE, key, *change).items() >= changed.items()
    listed = shop.json("scheme", part, "list", *WHERE)
    assert len(listed) == there + 1
    assert any(row.items() >= changed.items() for row in listed)
    assert str(key) in shop("scheme", part, "list", *WHERE).out
    shop.json("scheme", part, "remove", *WHERE, key)
    assert len(shop.json("scheme", part, "list", *WHERE)) == there
    shop.json("undo")
    assert any(row.items() >= changed.items() for row in shop.json("scheme", part, "list", *WHERE))


@pytest.mark.parametrize(
    ("arguments", "field", "words"),
    [
        (("type", "add", "--name", "a b", "--glyph", "r"), "name", "a b"),
        (("type", "add", "--name", "r", "--glyph", "r", "--share", "half"), "share", "half"),
        (("type", "add", "--name", "r", "--glyph", "r", "--share", "60-100"), "share", "135"),
        (("type", "add", "--name", "r", "--glyph", "r", "--per-day", "many"), "per_day", "many"),
        (("type", "remove", "nothing"), "id", "nothing"),
        (("slot", "add", "--rule", "someday", "--time", "9"), "rule", "someday"),
        (("slot", "add", "--rule", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "--time", "9"), "rule", "never"),
        (("slot", "add", "--rule", "mon", "--time", "25:00"), "time", "25:00"),
        (("slot", "add", "--rule", "mon", "--time", "9", "--accounts", "nobody"), "accounts", "nobody"),
        (("slot", "add", "--rule", "mon", "--time", "9", "--pillar", "none"), "pillar", "none"),
        (("slot", "add", "--rule", "mon", "--time", "9", "--from", "soon"), "from", "soon"),
        (("slot", "edit", "9", "--time", "9"), "id", "9"),
        (("idea", "add", "--text", ""), "text", "no text"),
        (("idea", "add", "--text", "x", "--rest", "-1"), "rest", "-1"),
        (("idea", "use", "9"), "idea", "not there"),
        (("template", "add", "--name", "T", "--text", "{price}"), "text", "{price}"),
        (("template", "add", "--name", "T", "--text", "x", "--everybody", "maybe"), "everybody", "yes or no"),
        (("day", "add", "--day", "6 December", "--name", "x"), "day", "6 December"),
        (("day", "add", "--day", "2026-12-06", "--name", "\u202ex"), "name", "visible"),
        (("hashtags", "add", "--name", "x", "--tags", "two-words"), "tags", "two-words"),
        (("pillar", "add", "--name", " "), "name", "visible"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_changes_nothing(shop, arguments, field: str, words: str) -> None:
    shop("scheme", "type", "list", *WHERE)
    error = shop.refused("scheme", *arguments, *WHERE)
    assert error["field"] == field
    assert words in error["message"]


def test_a_month_is_filled_and_taken_back(shop) -> None:
    shop.json("scheme", "slot", "add", *WHERE, "--rule", "mon", "--time", "9:00")
    idea = shop.json("scheme", "idea", "add", *WHERE, "--text", "Flour comes from Szeged")["id"]
    month = (*WHERE, "--month", "2026-10")
    dry = shop.json("plan", "fill", *month, "--dry-run")
    assert [place["at"] for place in dry["places"]] == [f"2026-10-{day:02}T09:00" for day in (5, 12, 19, 26)]
    assert (dry["places"][0]["from"], dry["places"][0]["idea"], dry["keeps_rules"]) == ("idea", idea, True)
    assert shop.json("post", "list") == []
    done = shop.json("plan", "fill", *month)
    assert [post["state"] for post in shop.json("post", "list")] == ["draft"] * 4
    assert done["count"] == len(done["ids"]) == 4
    assert shop.json("plan", "fill", *month)["count"] == 0
    shop.json("undo")
    assert shop.json("post", "list") == []


def test_ideas_become_posts_and_posts_ideas(shop) -> None:
    idea = shop.json("scheme", "idea", "add", *WHERE, "--text", "An idea", "--type", "fun")["id"]
    (post,) = shop.json("scheme", "idea", "use", *WHERE, idea, "--at", "tomorrow 9")["ids"]
    assert shop.json("post", "show", post)["type"] == "entertaining"
    assert shop.json("scheme", "idea", "list", *WHERE) == []
    shop.json("scheme", "idea", "keep", post, "--rest", "60")
    (kept,) = shop.json("scheme", "idea", "list", *WHERE)
    assert (kept["text"], kept["rest_days"], kept["post"]) == ("An idea", 60, post)


def test_types_are_put_in_order_and_places_left_out(shop) -> None:
    shop.json("scheme", "type", "move", *WHERE, "engaging", "--by", "-3")
    assert shop.json("scheme", "type", "list", *WHERE)[0]["name"] == "engaging"
    slot = shop.json("scheme", "slot", "add", *WHERE, "--rule", "mon", "--time", "9:00")["id"]
    assert shop.json("scheme", "slot", "skip", *WHERE, slot, "2026-10-05")["except"] == ["2026-10-05"]
    assert len(shop.json("plan", "fill", *WHERE, "--month", "2026-10", "--dry-run")["places"]) == 3
    assert shop.json("scheme", "slot", "skip", *WHERE, slot, "2026-10-05", "--back")["except"] == []


def test_a_post_belongs_to_a_rubric(shop) -> None:
    rubric = shop.json("scheme", "pillar", "add", *WHERE, "--name", "Counter")["id"]
    post = shop.json("post", "add", *WHERE, "--text", "Hi", "--pillar", "counter")
    assert post["pillar_id"] == rubric
    assert shop.json("post", "edit", post["id"], "--text", "Ho")["pillar_id"] == rubric
    shop.json("scheme", "pillar", "remove", *WHERE, rubric)
    assert shop.json("post", "edit", post["id"], "--text", "He")["pillar_id"] == rubric
    assert shop.json("post", "edit", post["id"], "--pillar", "")["pillar_id"] is None
    assert shop.refused("post", "edit", post["id"], "--pillar", "Counter")["field"] == "pillar"


def test_a_country_is_one_that_exists(shop) -> None:
    assert shop.json("project", "edit", "Bakery", "--country", "hu")["country"] == "HU"
    assert shop.refused("project", "edit", "Bakery", "--country", "Narnia")["field"] == "country"
