"""``smm-tui plan``: the month by command line."""

from __future__ import annotations

import base64

import pytest

MONTH = ("--project", "Bakery", "--month", "2026-10")
NEW = "## 2026-10-01\n\n### 09:00 selling\n\n```\nFresh rolls\n```\n"


@pytest.fixture
def planned(shop):
    shop.json("plan", "apply", *MONTH, "-", stdin=NEW)
    return shop


def test_from_a_file_to_posts_and_back(shop, tmp_path) -> None:
    file = tmp_path / "october.md"
    file.write_text(NEW)
    tried = shop.json("plan", "apply", *MONTH, file, "--dry-run")
    assert (tried["dry_run"], len(tried["added"])) == (True, 1)
    assert shop.json("plan", "show", *MONTH)["total"] == 0
    applied = shop.json("plan", "apply", *MONTH, file)
    assert (applied["count"], applied["added"][0]["line"]) == (1, 3)
    shown = shop.json("plan", "show", *MONTH)
    assert shown["posts"][0]["planned_at"] == "2026-10-01T07:00:00Z"
    assert shown["mix"] == [{"type": "selling", "posts": 1, "percent": 100}]
    written = shop.json("plan", "export", *MONTH, file)
    assert written["path"] == str(file)
    assert shop("plan", "export", *MONTH).out == file.read_text()
    assert shop.json("plan", "export", *MONTH)["content"] == file.read_text()
    file.write_text(file.read_text().replace("Fresh", "Warm"))
    changed = shop.json("plan", "diff", *MONTH, file)["changed"][0]
    assert changed["fields"] == {"text": {"file": "Warm rolls", "database": "Fresh rolls"}}
    assert "text" in shop("plan", "diff", *MONTH, file).out
    undo = shop.json("plan", "apply", *MONTH, file)["undo"]
    assert undo is not None
    assert shop("undo").status == 0
    assert shop.json("plan", "show", *MONTH)["posts"][0]["text"] == "Fresh rolls"


@pytest.mark.parametrize("kind", ["md", "csv", "ics", "html"])
def test_every_format_is_chosen_by_name_or_word(planned, tmp_path, kind) -> None:
    file = tmp_path / f"plan.{kind}"
    assert planned.json("plan", "export", *MONTH, file)["format"] == kind
    plain = planned("plan", "export", *MONTH, "--format", kind).out
    assert plain.encode() == file.read_bytes()
    assert planned("plan", "export", *MONTH, "--format", kind, "-").out == plain
    if kind in ("md", "csv"):
        assert planned.json("plan", "diff", *MONTH, file)["unchanged"] == 1


def test_a_workbook_is_written_and_read(planned, tmp_path) -> None:
    file = tmp_path / "plan.xlsx"
    assert planned.json("plan", "export", *MONTH, file)["format"] == "xlsx"
    document = planned.json("plan", "export", *MONTH, "--format", "xlsx")
    assert document["encoding"] == "base64"
    assert base64.b64decode(document["content"]) == file.read_bytes()
    assert planned.json("plan", "diff", *MONTH, file)["unchanged"] == 1
    assert planned.json("plan", "apply", *MONTH, "--format", "xlsx", "-", stdin=file.read_bytes())["count"] == 0
    file.write_bytes(b"junk")
    assert "no workbook" in planned.refused("plan", "apply", *MONTH, file)["message"]


def test_both_sides_changed(planned, tmp_path) -> None:
    file = tmp_path / "october.md"
    planned.json("plan", "export", *MONTH, file)
    file.write_text(file.read_text().replace("Fresh", "Warm"))
    planned.json("post", "edit", 1, "--text", "Cold rolls")
    for verb in ("diff", "apply"):
        answer = planned("plan", verb, *MONTH, file, "--json")
        assert answer.status == 3
        conflict = answer.json["conflicts"][0]
        assert conflict["fields"]["text"] == {"file": "Warm rolls", "database": "Cold rolls"}
        assert (conflict["id"], conflict["line"]) == (1, 10)
    assert planned.json("post", "show", 1)["text"] == "Cold rolls"


def test_what_was_taken_out_is_cancelled_when_told(planned, tmp_path) -> None:
    file = tmp_path / "october.md"
    planned.json("plan", "export", *MONTH, file)
    whole = file.read_text()
    file.write_text(whole[: whole.index("## ")] + whole[whole.index("<!--") :])
    assert len(planned.json("plan", "apply", *MONTH, file)["removed"]) == 1
    assert planned.json("post", "show", 1)["state"] == "planned"
    assert planned.json("plan", "apply", *MONTH, file, "--remove")["count"] == 1
    assert planned.json("post", "show", 1)["state"] == "cancelled"


def test_a_month_is_approved_and_looked_over(planned) -> None:
    assert planned.json("plan", "approve", *MONTH)["count"] == 1
    assert planned.json("plan", "show", *MONTH)["states"] == {"approved": 1}
    found = planned.json("plan", "lint", *MONTH)
    assert {warning["rule"] for warning in found["warnings"]} == {"gap"}
    assert found["needs_human"] is False
    planned.json("post", "add", "--project", "Bakery", "--type", "info", "--text", "Soon", "--at", "+1h")
    answer = planned("plan", "lint", "--project", "Bakery", "--month", "2026-09", "--json")
    assert answer.status == 3
    assert answer.json["warnings"][0]["rule"] == "unapproved"
    assert answer.json["warnings"][0]["post"] == 2
    assert "not approved" in planned("plan", "lint", "--project", "Bakery", "--month", "2026-09").out


def test_a_table_with_bad_rows(shop, tmp_path) -> None:
    file = tmp_path / "plan.csv"
    file.write_text("date,time,type,text,mood\n2026-10-01,09:00,info,Good,x\n2026-10-02,noon,info,Bad,x\n")
    error = shop.refused("plan", "apply", *MONTH, file)
    assert error["problems"] == [{"line": 3, "message": "“noon” is not a time of day such as 18:00."}]
    answer = shop("plan", "apply", *MONTH, file, "--skip-bad", "--json")
    assert (answer.status, answer.json["count"]) == (0, 1)
    assert answer.json["problems"][0]["line"] == 3
    assert "line 3" in answer.err
    assert "mood" in answer.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan", "show", "--project", "Nobody", "--month", "2026-10"), "no project"),
        (("plan", "show", "--project", "Bakery", "--month", "October"), "not a month"),
        (("plan", "show", "--project", "Bakery", "--month", "2026-13"), "not a month"),
        (("plan", "lint", "--project", "Bakery", "--month", "0000-01"), "not a month"),
        (("plan", "show", "--project", "Bakery"), "--month"),
        (("plan", "export", *MONTH, "--format", "pdf"), "pdf"),
        (("plan", "apply", *MONTH, "/nowhere/at/all.md"), "cannot be read"),
        (("plan", "apply", *MONTH, "/tmp"), "cannot be read"),
        (("plan", "apply", *MONTH, "--skip-bad", "x.md"), "--skip-bad"),
        (("plan", "apply", *MONTH, "--remove", "x.csv"), "--remove"),
        (("plan", "dance"), "dance"),
    ],
)
def test_bad_input(shop, arguments, words) -> None:
    error = shop.refused(*arguments)
    assert words in error["message"] + error["hint"]


def test_a_bad_file_on_standard_input(shop) -> None:
    for verb in (("diff",), ("apply",), ("apply", "--dry-run")):
        error = shop.refused("plan", *verb, *MONTH, "-", stdin="\x1b[31mjunk\u202e\n")
        assert "Line 1" in error["message"]
        assert not set(error["message"]) & set("\x1b\u202e")


def test_a_place_that_cannot_be_written(planned) -> None:
    planned.refused("plan", "export", *MONTH, "/nowhere/at/all.md", status=1)


def test_a_month_is_submitted_returned_and_approved(planned) -> None:
    planned.json("plan", "apply", *MONTH, "-", stdin=NEW.replace("-01", "-02"))
    assert planned.json("plan", "submit", *MONTH)["count"] == 2
    assert planned.json("post", "show", 1)["review"] == "submitted"
    assert planned.json("plan", "submit", *MONTH, 1)["count"] == 0
    planned.json("post", "return", 1, "--text", "Too short.")
    assert planned.json("post", "show", 1)["review"] == "returned"
    said = planned.json("post", "comment", 1, "--text", "Will do.", "--client")["comments"]
    assert [(row["audience"], row["verdict"], row["text"]) for row in said] == [
        ("client", "returned", "Too short."),
        ("client", None, "Will do."),
    ]
    assert "Too short." in planned("post", "comment", 1).out
    assert planned.json("plan", "deviations", *MONTH)["approved_at"] is None
    assert planned.json("plan", "approve", *MONTH)["count"] == 2
    assert planned.json("plan", "deviations", *MONTH)["deviations"] == []
    planned.json("post", "edit", 2, "--text", "Two!")
    answer = planned("plan", "deviations", *MONTH, "--json")
    assert answer.status == 3
    assert answer.json["deviations"] == [{"post": 2, "change": "changed", "parts": ["text"], "waits": True}]
    assert "text" in planned("plan", "deviations", *MONTH).out
    assert planned.json("plan", "approve", *MONTH, 2)["count"] == 1
    assert planned.json("plan", "deviations", *MONTH)["needs_human"] is False
    assert planned.refused("plan", "approve", *MONTH, 99)["field"] == "post"


def test_plan_against_fact(planned) -> None:
    shown = planned.json("plan", "show", *MONTH, "--fact")
    assert shown["promise"] == {"due": 0, "kept": 0, "percent": None}
    assert {row["fact"] for row in shown["fact"]} == {"waiting"}
    assert "Nothing was due yet." in planned("plan", "show", *MONTH, "--fact").out
    assert planned.json("plan", "check", *MONTH)["read"] == 0
    planned.clock.turn(30 * 24 * 3600)
    answer = planned("plan", "check", *MONTH, "--json")
    assert (answer.status, answer.json["promise"]["percent"]) == (3, 0)
    assert "missing" in planned("plan", "show", *MONTH, "--fact").out


def test_a_month_is_shifted_and_copied_by_days(shop) -> None:
    ids = [
        shop.json("post", "add", "--project", "Bakery", "--text", day, "--at", f"2026-10-{day} 18:00")["id"]
        for day in ("12", "13", "20")
    ]
    month = ("--project", "Bakery", "--month", "2026-10")
    dry = shop.json("plan", "shift", *month, "--after", "12", "--by", "2d", "--dry-run")
    assert [(one["id"], one["to"][:10]) for one in dry["posts"]] == [(ids[1], "2026-10-15"), (ids[2], "2026-10-22")]
    assert dry["message"].endswith("Nothing was changed.")
    assert shop.json("plan", "show", *month)["posts"][1]["planned_wall"] == "2026-10-13T18:00:00"
    done = shop.json("plan", "shift", *month, "--after", "12", "--by", "2d")
    assert done["message"] == "Moved 2 posts by 2 days."
    assert [one["planned_wall"][8:10] for one in shop.json("plan", "show", *month)["posts"]] == ["12", "15", "22"]
    copied = shop.json("plan", "copy", *month, "--before", "2026-10-16", "--weeks", "3-4")
    assert [one["at"][5:10] for one in copied["copies"]] == ["11-02", "11-09", "11-05", "11-12"]
    assert shop.json("plan", "copy", *month, "--weeks", "1", ids[2])["copies"][0]["of"] == ids[2]
    shop.json("undo", "3")
    assert [one["planned_wall"][8:10] for one in shop.json("plan", "show", *month)["posts"]] == ["12", "13", "20"]
    assert [one["text"] for one in shop.json("post", "list", "--project", "Bakery", "--find", "13")] == ["13"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("shift", "--by", "soon"), "no distance"),
        (("shift", "--by", "2d", "--after", "31"), "no day of that month"),
        (("shift", "--by", "2d", "--account", "nobody"), "nobody"),
        (("shift", "--by", "2d", "--type", "nonsense"), "no content type"),
        (("shift", "--by", "2d", "99"), "not in the plan"),
        (("shift", "--by", "2d"), "no post to move"),
        (("copy", "--weeks", "0"), "how many weeks"),
        (("copy", "--weeks", "1"), "no post to copy"),
    ],
)
def test_what_cannot_be_moved_is_said(shop, arguments: tuple[str, ...], why: str) -> None:
    verb, *rest = arguments
    answer = shop("plan", verb, "--project", "Bakery", "--month", "2026-09", *rest)
    assert answer.status == 2
    assert why in answer.err


def test_a_post_is_copied_shifted_and_repeated(shop) -> None:
    post = shop.json("post", "add", "--project", "Bakery", "--text", "Hi", "--at", "2026-10-12 18:00")["id"]
    assert shop.json("post", "copy", post, "--at", "2026-10-14 09:00")["planned_at"] == "2026-10-14T07:00:00Z"
    assert shop.json("post", "shift", post, "--by", "-1d")["posts"][0]["planned_at"] == "2026-10-11T16:00:00Z"
    copies = shop.json("post", "repeat", post, "--weeks", "1,2")["posts"]
    assert [one["planned_at"][:10] for one in copies] == ["2026-10-18", "2026-10-25"]


def test_columns_of_strangers_tables_are_mapped_by_name(shop, tmp_path) -> None:
    file = tmp_path / "agency.csv"
    file.write_text("Publish on;Hour;Kind;Copy;Date\n2026-10-05;10:00;selling;Fresh;approved in May\n", "utf-8")
    assert "no column date" not in shop("plan", "diff", *MONTH, file).err
    assert "“approved in May” is not a day" in shop("plan", "diff", *MONTH, file).err
    mapped = ("--column", "date=publish on", "--column", "text = Copy")
    answer = shop("plan", "apply", *MONTH, *mapped, file)
    assert answer.status == 0
    assert "These columns are not known and were left out: Date." in answer.err
    (post,) = shop.json("plan", "show", *MONTH)["posts"]
    assert (post["text"], post["planned_wall"]) == ("Fresh", "2026-10-05T10:00:00")
    for column, why in (("text", "which column"), ("txt=Copy", "Names: id"), ("text=Body", "no column “body”")):
        answer = shop("plan", "diff", *MONTH, "--column", column, file)
        assert answer.status == 2
        assert why in answer.err
    assert shop("plan", "diff", *MONTH, "--column", "text=Copy", "--format", "md", file).status == 2
