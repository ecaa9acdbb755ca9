"""A client by command line: brief, goals, audience, questions, and what looks like another client's."""

from __future__ import annotations

import pytest

WHERE = ("--project", "Bakery")
PARTS = {
    ("goal",): (
        ("--metric", "followers", "--target", "1 500", "--by", "2026-12-31"),
        {"metric": "followers", "target": 1500, "from": "2026-09-21", "course": "unknown", "value": None},
        ("--target", "2000", "--start", "100"),
        {"target": 2000, "start": 100, "by": "2026-12-31"},
    ),
    ("segment",): (
        ("--name", "Parents", "--ages", "25-40", "--pains", "-"),
        {"name": "Parents", "age_from": 25, "age_to": 40, "pains": "Two\nlines", "sex": None},
        ("--ages", "60+", "--sex", "female"),
        {"age_from": 60, "age_to": None, "sex": "female", "pains": "Two\nlines"},
    ),
    ("hypothesis",): (
        ("--text", "They read early"),
        {"text": "They read early", "outcome": "open", "segment": None},
        ("--outcome", "failed", "--note", "no change in a month"),
        {"outcome": "failed", "note": "no change in a month"},
    ),
    ("question",): (
        ("--text", "Is there parking?"),
        {"text": "Is there parking?", "asked": 1, "answer": None},
        ("--answer", "Behind the house"),
        {"answer": "Behind the house", "text": "Is there parking?"},
    ),
    ("brief", "contact"): (
        ("--name", "Anna", "--role", "owner"),
        {"name": "Anna", "role": "owner", "reach": ""},
        ("--reach", "mornings"),
        {"name": "Anna", "role": "owner", "reach": "mornings"},
    ),
    ("brief", "competitor"): (
        ("--name", "Chain", "--where", "chain.example"),
        {"name": "Chain", "where": "chain.example"},
        ("--name", "The chain"),
        {"name": "The chain", "where": "chain.example"},
    ),
}


@pytest.mark.parametrize("noun", PARTS)
def test_a_part_is_added_listed_changed_and_removed(shop, noun: tuple[str, ...]) -> None:
    given, made, change, changed = PARTS[noun]
    answer = shop.json(*noun, "add", *WHERE, *given, stdin="Two\nlines")
    assert answer.items() >= made.items()
    key = answer.get("id", answer.get("name"))
    after = shop.json(*noun, "edit", *WHERE, key, *change)
    assert after.items() >= changed.items()
    (row,) = shop.json(*noun, "list", *WHERE)
    assert row.items() >= changed.items()
    assert shop(*noun, "list", *WHERE).out.strip()
    shop.json(*noun, "remove", *WHERE, after.get("id", after.get("name")))
    assert shop.json(*noun, "list", *WHERE) == []
    shop.json("undo")
    assert shop.json(*noun, "list", *WHERE)[0].items() >= changed.items()


def test_a_brief_is_shown_and_set(shop) -> None:
    bare = shop.json("brief", "show", *WHERE)
    assert bare["goal"] == ""
    assert "has no goal" in bare["missing"][0]
    assert "has no goal" in shop("brief", "show", *WHERE).out
    answer = shop.json("brief", "set", *WHERE, "--words", "-", "--domains", "bakery.example", stdin="Full\nhouse\n")
    assert answer["goal"] == "Full\nhouse"
    shop.json("goal", "add", *WHERE, "--metric", "reach", "--target", "9", "--by", "2027-01-01")
    shown = shop.json("brief", "show", *WHERE)
    assert shown["domains"] == ["bakery.example"]
    assert shown["missing"] == []
    assert [goal["metric"] for goal in shown["goals"]] == ["reach"]
    assert "Full" in shop("brief", "show", *WHERE).out
    number = shown["goals"][0]["id"]
    assert shop.json("goal", "show", number)["target"] == 9
    shop.json("goal", "drop", number)
    assert shop.json("goal", "list") == []


@pytest.mark.parametrize(
    ("arguments", "field", "words"),
    [
        (("brief", "set", *WHERE), "words", "Nothing was named"),
        (("brief", "set", *WHERE, "--domains", "not a domain"), "domains", "no domain"),
        (("brief", "set", *WHERE, "--prices", "cheap"), "prices", "no price"),
        (("goal", "add", *WHERE, "--metric", "followers"), "target", "needs a figure"),
        (("goal", "add", *WHERE, "--metric", "followers", "--target", "9"), "by", "needs a day"),
        (("goal", "add", *WHERE, "--metric", "joy", "--target", "9", "--by", "2027-01-01"), "metric", "joy"),
        (("goal", "add", *WHERE, "--target", "many", "--by", "2027-01-01"), "target", "many"),
        (("goal", "add", *WHERE, "--target", "9", "--by", "2026-09-21"), "by", "before it began"),
        (("goal", "add", *WHERE, "--target", "9", "--by", "soon"), "by", "soon"),
        (("goal", "add", *WHERE, "--target", "9", "--by", "2027-01-01", "--account", "x"), "account", "x"),
        (("goal", "drop", 7), "goal", "no goal 7"),
        (("segment", "add", *WHERE), "name", "name"),
        (("segment", "add", *WHERE, "--name", "A", "--ages", "40-25"), "ages", "nobody"),
        (("segment", "aim", 99, "--to", "Nobody"), "post", "no post"),
        (("hypothesis", "add", *WHERE, "--text", "x", "--segment", "Nobody"), "segment", "Nobody"),
        (("hypothesis", "settle", *WHERE, 9, "--outcome", "held"), "id", "no hypothesis"),
        (("question", "take", *WHERE, 9), "message", "no message"),
        (("audience", "show", *WHERE, "--from", "2026-09-20", "--to", "2026-09-01"), "to", "before the first"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(shop, arguments, field: str, words: str) -> None:
    shop("goal", "list", *WHERE)
    error = shop.refused(*arguments)
    assert error["field"] == field
    assert words in error["message"]


def test_posts_are_aimed_at_a_segment_and_the_audience_is_told(shop) -> None:
    shop.json("segment", "add", *WHERE, "--name", "Parents")
    post = shop.json(
        *("post", "add", *WHERE, "--type", "info", "--text", "Hi", "--at", "tomorrow 9", "--segment", "parents")
    )
    assert post["segment_id"] == 1
    assert shop.json("segment", "aim", post["id"])["count"] == 1
    assert shop.json("post", "show", post["id"])["segment_id"] is None
    shown = shop.json("audience", "show", *WHERE)
    assert shown["results"]["segments"][0].items() >= {"segment": "Parents", "posts": 0, "reach": None}.items()
    assert shop.json("segment", "results", *WHERE)[0]["segment"] == "Parents"
    assert shop.json("question", "feed", *WHERE)["count"] == 0


def test_what_looks_like_another_clients_needs_its_own_option(shop) -> None:
    shop.json("project", "add", "Gym", "--timezone", "Europe/London")
    shop.json("brief", "set", "--project", "Gym", "--domains", "gym.example")
    post = shop.json(*("post", "add", *WHERE, "--type", "info", "--text", "At gym.example", "--at", "tomorrow 9"))
    error = shop.refused("post", "approve", post["id"])
    assert error["kind"] == "wrong_client"
    assert "'gym.example' belongs to Gym, this is Bakery." in error["message"]
    assert "--let-pass" in error["hint"]
    assert shop.json("post", "show", post["id"])["state"] == "planned"
    shop.json("post", "approve", post["id"], "--let-pass")
    assert shop.json("post", "show", post["id"])["state"] == "approved"
    assert any(row["verb"] == "guard.let_pass" for row in shop.json("log"))
