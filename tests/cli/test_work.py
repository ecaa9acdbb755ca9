"""Time, load and pay by command line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Cli


def test_the_timer_and_entries(shop: Cli) -> None:
    started = shop.json("time", "start", "--project", "Bakery", "--what", "plan")
    assert started["ended_at"] is None
    shop.clock.turn(3600)
    assert shop.json("time", "stop")["minutes"] == 60
    entry = shop.json(
        "time", "add", "--project", "1", "--from", "2026-09-20 23:00", "--for", "1:30", "--what", "night"
    )
    assert (entry["started_at"], entry["minutes"]) == ("2026-09-20T21:00:00Z", 90)
    assert shop.json("time", "edit", entry["id"], "--for", "2h")["minutes"] == 120
    listed = shop.json("time", "list", "--from", "2026-09-20", "--to", "2026-09-20")
    assert [(row["what"], row["source"]) for row in listed] == [("night", "hand")]
    shop.json("time", "remove", entry["id"])
    assert shop("undo").status == 0
    assert [row["id"] for row in shop.json("time", "list", "--to", "2026-09-20")] == [entry["id"]]


def test_a_time_of_day_means_the_last_one(shop: Cli) -> None:
    entry = shop.json("time", "add", "--project", "1", "--from", "18:00", "--for", "30m")
    assert entry["started_at"] == "2026-09-20T16:00:00Z", "it is 16:13 in Budapest: 18:00 was yesterday"


def test_what_the_log_says_is_listed(shop: Cli) -> None:
    shop.clock.turn(3600)
    shop.json("post", "add", "--project", "1", "--type", "informational", "--text", "x", "--at", "tomorrow 9")
    (newest, *_rest) = shop.json("time", "list")
    assert (newest["what"], newest["source"], newest["minutes"]) == ("posts", "actions", 5)


def test_the_load_and_the_answer(shop: Cli) -> None:
    shop.json(
        "time", "settings", "--capacity", "32h", "--zone", "europe/budapest", "--cost", "12,50", "--currency", "eur"
    )
    found = shop.json("workload")
    assert found["capacity_minutes"] == 1920
    assert found["another_client"] == "yes"
    assert len(found["weeks"]) == 4
    assert "Another client: yes" in shop("workload").out
    assert shop.json("time", "settings") == {
        "capacity_minutes": 1920,
        "zone": "Europe/Budapest",
        "idle_minutes": 5,
        "cost": "12.50",
        "currency": "EUR",
        "message": "",
    }


def test_earnings_and_invoice_lines(shop: Cli, tmp_path: Path) -> None:
    agreed = shop.json(
        "agreement", "add", "--project", "1", "--kind", "per_task", "--amount", "10", "--currency", "EUR",
        "--from", "2026-09-01", "--steps", "report=25.50",
    )  # fmt: skip
    shop.json("task", "add", "--project", "1", "=cmd|' /C calc'!A0", "--on", "2026-09-02")
    shop.json("task", "add", "--project", "1", "Report", "--on", "2026-09-30")
    (earned,) = shop.json("earnings", "--month", "2026-09")
    assert earned["total"] == "35.50"
    file = tmp_path / "lines.csv"
    shop.json("earnings", "--month", "2026-09", file)
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert sorted((row["what"], row["total"]) for row in rows) == [
        ("Tasks: =cmd|' /C calc'!A0", "10"),
        ("Tasks: Report", "25.5"),
    ]
    text = shop("earnings", "--month", "2026-09", "--format", "md").out
    assert "| 2026-09-01 | 2026-09-30 | Tasks: Report | 1 | task | 25.5 | 25.5 |" in text
    assert "**Total: 35.5 EUR**" in text
    assert shop.json("agreement", "end", agreed["id"], "--on", "2026-09-15")["to"] == "2026-09-15"
    assert shop.json("earnings", "--month", "2026-09")[0]["total"] == "10.00"
    assert shop.json("task", "list", "--month", "2026-09")[0]["name"] == "Report"
    assert shop.json("agreement", "edit", agreed["id"], "--to", "", "--amount", "11")["to"] is None
    assert shop("earnings", "--month", "2024-02").out.startswith("Nothing is owed")


@pytest.mark.parametrize(
    "arguments",
    [
        ("time", "stop"),
        ("time", "start", "--project", "Nobody"),
        ("time", "add", "--project", "1", "--from", "tomorrow 9", "--for", "1h"),
        ("time", "add", "--project", "1", "--from", "2026-09-20 09:00"),
        ("time", "add", "--project", "1", "--from", "2026-03-29 02:30", "--for", "1h"),
        ("time", "add", "--project", "1", "--from", "2026-09-20 09:00", "--for", "a while"),
        ("time", "edit", "99", "--for", "1h"),
        ("time", "settings", "--capacity", "999h"),
        ("time", "settings", "--cost", "5"),
        ("time", "settings", "--zone", "Nowhere"),
        ("earnings", "--month", "2026-13"),
        ("agreement", "add", "--project", "1", "--kind", "monthly"),
        ("task", "add", "--project", "1", "  "),
        ("task", "remove", "7"),
    ],
)
def test_what_cannot_be_meant_gets_a_sentence(shop: Cli, arguments: tuple[str, ...]) -> None:
    shop.refused(*arguments)


def test_a_report_is_written_in_every_form(shop: Cli, tmp_path: Path) -> None:
    assert shop.json("report", "--project", "1", "--month", "2026-09")["sections"]["plan"]["due"] == 0
    assert shop("report", "--project", "Bakery", "--month", "2026-09").out.startswith("# Bakery: September 2026")
    for kind in ("md", "html", "csv", "json"):
        path = tmp_path / f"september.{kind}"
        assert shop.json("report", "--project", "1", "--month", "2026-09", path)["format"] == kind
        assert path.stat().st_size > 200
    shop.refused("report", "--project", "1", "--month", "2027-01")
