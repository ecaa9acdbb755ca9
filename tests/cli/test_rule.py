"""``smm-tui rule``, from a terminal."""

from __future__ import annotations

import pytest

from smm_tui.bootstrap import Workspace
from smm_tui.networks.community import Author, Item, ItemKind, Page
from smm_tui.services.ingest import Ingest
from tests.support.desk import settings_in

FIELDS = {"id", "project", "name", "conditions", "actions", "enabled", "tested_at", "hits", "precision"}


def hear(shop, *texts: str, start: int = 0) -> None:
    workspace = Workspace(settings_in(shop.data))
    ingest = Ingest(workspace.db)
    items = tuple(
        Item(f"m{start + n}", ItemKind.COMMENT, Author("k", "k", "\x1b[31mKata"), text, shop.clock.now)
        for n, text in enumerate(texts)
    )
    ingest.store(ingest.source(1), Page(items, {}))
    workspace.close()


def test_a_rule_from_its_words_to_what_it_did(shop) -> None:
    rule = shop.json("rule", "add", "Free", "--project", "Bakery", "--if", "word ingyen", "--then", "flag")
    assert set(rule) >= FIELDS
    assert (rule["conditions"], rule["actions"], rule["enabled"]) == (["word ingyen"], ["flag"], False)
    hear(shop, "1ngyen \x1b[2J kifli", "szia")
    assert shop.refused("rule", "enable", 1)["hint"]
    found = shop.json("rule", "test", 1)
    assert (found["examined"], found["caught"], found["approved"]) == (2, 1, 0)
    assert found["messages"][0]["why"] == "“1ngyen”"
    answer = shop("rule", "test", 1)
    assert "Kata" in answer.out
    assert "\x1b" not in answer.out
    assert shop.json("rule", "enable", 1)[0]["enabled"] is True
    hear(shop, "i n g y e n", start=5)
    (flagged,) = shop.json("inbox", "list", "--state", "flagged")
    assert flagged["rules"] == ["Free"]
    shown = shop.json("rule", "show", 1)
    assert [hit["message"] for hit in shown["recent"]] == [3]
    assert [hit["message"] for hit in shown["samples"]] == [3]
    assert "i n g y e n" in shop("rule", "show", 1).out
    assert shop.json("rule", "undo", 1, "--dry-run")[0]["message"] == 3
    assert shop.json("rule", "undo", 1)["count"] == 1
    assert shop.json("inbox", "list", "--state", "flagged") == []
    assert shop.json("rule", "list")[0]["precision"] == 0
    assert "Free" in shop("rule", "list").out
    assert shop.json("rule", "judge", 1, 3, "--right")["precision"] == 1
    assert shop.json("rule", "disable", 1)[0]["enabled"] is False
    assert shop.json("rule", "edit", 1, "--if", "links >= 2")["tested_at"] is None
    shop.json("rule", "remove", 1)
    assert shop.json("rule", "list", "--project", "Bakery") == []
    shop.json("undo")
    assert len(shop.json("rule", "list")) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "X", "--if", "regex (a", "--then", "flag"),
        ("add", "X", "--if", "word kifli", "--then", "explode"),
        ("add", "", "--if", "word kifli", "--then", "flag"),
        ("add", "X", "--if", "word kifli"),
        ("show", 9),
        ("test", 9),
        ("enable", 9),
        ("enable",),
        ("remove", "x"),
        ("undo", 9),
        ("undo", 9, "--dry-run"),
        ("judge", 9, 1),
    ],
)
def test_what_is_wrong_is_said(shop, arguments) -> None:
    shop.refused("rule", *arguments)


def test_the_place_of_an_error_in_a_pattern_is_told(shop) -> None:
    told = shop.refused("rule", "add", "X", "--if", "regex ab(c", "--then", "flag")
    assert "character 3" in told["message"]
