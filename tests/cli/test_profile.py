"""``smm-tui profile``, from a terminal."""

from __future__ import annotations

from PIL import Image

from smm_tui.services.profile_queries import BY_HAND

PAGE = {"account", "account_id", "project", "network", "as_of", "error", "differing", "fields", "draft", "waiting",
        "failed"}  # fmt: skip
CHANGE = {"id", "account_id", "state", "wanted", "before", "after", "at", "until", "reverts", "actor", "identity",
          "created_at", "sent_at", "applied_at", "error", "hint"}  # fmt: skip


def field(page: dict, name: str) -> dict:
    return next(row for row in page["fields"] if row["field"] == name)


def test_a_page_from_what_is_wanted_to_what_is_live_and_back(town) -> None:
    town.connect()
    shop = town.cli
    (page,) = shop.json("profile", "show", "1", "--look")
    assert set(page) >= PAGE
    assert field(page, "description")["match"] == "untold"
    said = ("--description", "Bread\x1b[31m at night", "--link", "Shop=https://shop.example")
    assert shop.json("profile", "set", "1", *said, "--dry-run")["problems"] == []
    assert shop.json("profile", "history", "1") == []
    noted = shop.json("profile", "set", "1", *said)
    assert set(noted["changes"][0]) >= CHANGE
    assert noted["changes"][0]["state"] == "draft"
    answer = shop("profile", "diff", "1", "--json")
    assert (answer.status, answer.json[0]["differing"]) == (3, 2)
    assert "\x1b" not in shop("profile", "diff", "1").out
    assert shop("worker", "--once").status == 0
    assert shop("profile", "diff", "1").status == 3, "a draft goes nowhere"
    assert shop("profile", "apply", "1", "--dry-run").status == 0
    shop.json("profile", "apply", "1")
    assert [page["fields"] for page in shop.json("worker", "--dry-run")["pages"]] == [["description", "links"]]
    report = shop.json("worker", "--once")
    assert report["pages"] == 1
    assert shop("profile", "diff", "1").status == 0
    (applied,) = shop.json("profile", "history", "1")
    assert (applied["state"], applied["wanted"]["links"]) == ("applied", [["Shop", "https://shop.example"]])
    assert shop.json("profile", "rollback", applied["id"], "--dry-run")["before"]["links"] == []
    shop.json("profile", "rollback", applied["id"])
    shop.json("worker", "--once")
    (page,) = shop.json("profile", "show", "1", "--look")
    assert field(page, "links")["live"] == []
    assert "Shop" not in shop("profile", "show", "1").out


def test_a_sale_week_and_a_change_of_mind(shop, tmp_path) -> None:
    cover = tmp_path / "sale.png"
    Image.new("RGB", (600, 200), "red").save(cover)
    when = ("--at", "2026-10-01 09:00", "--until", "2026-10-08 09:00")
    before = shop.content()
    assert shop.json("profile", "set", "bakery", "--cover", cover, "--dry-run")["problems"] == []
    assert shop("profile", "set", "bakery", "--description", "x" * 600, "--dry-run").status == 2
    assert shop.content() == before, "not even the file is kept"
    planned = shop.json("profile", "set", "bakery", "--cover", cover, *when)["changes"][0]
    assert (planned["state"], planned["at"], planned["until"]) == (
        "wanted",
        "2026-10-01T07:00:00Z",
        "2026-10-08T07:00:00Z",
    )
    assert "2026-10-01" in shop("profile", "show", "bakery").out
    assert shop.json("worker", "--once")["pages"] == 0
    shop.json("profile", "drop", planned["id"])
    shop.json("undo")
    assert shop.json("profile", "history", "bakery")[0]["state"] == "wanted"


def test_the_checklist(shop) -> None:
    steps = {step["name"]: step for step in shop.json("profile", "checklist", "bakery")["steps"]}
    assert steps["description"]["state"] == "unknown"
    steps = {step["name"]: step for step in shop.json("profile", "checklist", "bakery", "--tick", "button")["steps"]}
    assert (steps["button"]["state"], steps["button"]["by_hand"]) == ("done", True)
    assert set(BY_HAND) < set(steps)
    assert "[x]" in shop("profile", "checklist", "bakery").out


def test_limits_are_said_before_anything_is_sent(shop) -> None:
    rows = {row["field"]: row for row in shop.json("profile", "limits", "bakery")}
    assert (rows["description"]["limit"], rows["description"]["unit"]) == (500, "characters")
    assert (rows["avatar"]["unit"], rows["website"]["writable"]) == ("bytes", False)


WRONG = [
    (("set", "bakery"), "Nothing of a page"),
    (("set", "--description", "x"), "Which pages"),
    (("set", "bakery", "--description", "x" * 600), "600"),
    (("set", "bakery", "--link", "nowhere"), "LABEL="),
    (("set", "bakery", "--link", "Shop=shop"), "no link"),
    (("set", "bakery", "--avatar", "/nowhere.png"), "cannot be read"),
    (("set", "bakery", "--website", "https://a.example"), "does not let us"),
    (("set", "bakery", "--variant", "bakery=x"), "variant"),
    (("set", "bakery", "--variant", "bakery:shoe=x"), "shoe"),
    (("set", "bakery", "--pin", "77"), "not live"),
    (("set", "bakery", "--name", "x", "--until", "2026-12-01 10:00"), "begun"),
    (("set", "bakery", "--name", "x", "--at", "the day after"), "the day after"),
    (("set", "nobody", "--name", "x"), "nobody"),
    (("apply", "bakery"), "Nothing is noted"),
    (("rollback", "99"), "99"),
    (("drop", "99"), "99"),
    (("checklist", "bakery", "--tick", "shoes"), "shoes"),
]
"""What is given, and a word of the sentence that comes back."""


def test_bad_input_changes_nothing(shop) -> None:
    for arguments, says in WRONG:
        error = shop.refused("profile", *arguments)
        assert says in f"{error['message']} {error['hint']}", arguments
