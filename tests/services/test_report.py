"""Reports: the same month in four forms, as golden files; an empty month; another language; texts that mean no good.

After a change that is meant: ``RENEW=1 .venv/bin/pytest tests/services/test_report.py``, then look at the difference.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from smm_tui.domain import zones
from smm_tui.domain.clock import DAY, HOUR, MINUTE
from smm_tui.domain.errors import InvalidInput
from smm_tui.networks.page import Metric
from smm_tui.services.goals import GoalDraft
from smm_tui.services.reports import FORMATS
from tests.support.ads import Market
from tests.support.desk import ZONE, Desk, make_desk
from tests.support.figures import live_post, told
from tests.support.inbox import NASTY, received

GOLDEN = Path(__file__).parent / "golden"
START = zones.resolve(datetime(2026, 9, 1), ZONE)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path / "data", networks=("mastodon",))
    yield made
    made.workspace.close()


def lived_through(desk: Desk) -> None:
    """Three weeks of September: posts, followers, people who wrote, a campaign."""
    account = desk.accounts["mastodon"]
    for day, kind, engagement in (
        (2, "informational", 12),
        (4, "selling", 3),
        (7, "entertaining", 30),
        (9, "selling", 5),
    ):
        at = START + (day - 1) * DAY + 10 * HOUR
        delivery = live_post(desk, account, at, kind, engagement=engagement, reach=40 * engagement)
        with desk.workspace.db.unit() as unit:
            unit.connection.exec_driver_sql(
                "UPDATE post SET planned_wall = ? WHERE id = (SELECT post_id FROM delivery WHERE id = ?)",
                (zones.local(at, ZONE).replace(tzinfo=None).isoformat(), delivery),
            )
            if day == 9:
                unit.connection.exec_driver_sql(
                    "UPDATE delivery SET live_at = live_at + ? WHERE id = ?", (2 * HOUR, delivery)
                )
    for day, followers in ((0, 1000), (7, 1040), (14, 1032), (20, 1051)):
        told(desk, "mastodon", Metric.FOLLOWERS, followers, START + day * DAY + HOUR)
    answered = received(
        desk, "Are you open on Sunday?", "Thank you!", created_at=START + 12 * DAY, received_at=START + 12 * DAY
    )
    with desk.workspace.db.unit() as unit:
        unit.connection.exec_driver_sql(
            "UPDATE message SET answered_at = received_at + ?, state = 'answered', handled_at = received_at + ?, "
            "handled_by = 'tester' WHERE id = ?",
            (25 * MINUTE, 25 * MINUTE, answered[0]),
        )
    desk.workspace.goals.add(
        desk.project, GoalDraft("followers", 1100, date(2026, 10, 31), date(2026, 9, 1), None, None)
    )
    market = Market(desk.workspace, desk.project, account)
    ad = market.ad(market.set(market.campaign("Autumn bread"), "City"), "Loaf")
    market.figures(ad, "2026-08-31", 9999, 9999, 999, 99, 9999)
    market.figures(ad, "2026-09-10", 1200, 900, 30, 4, 1_250)
    market.figures(ad, "2026-09-11", 800, 700, 10, None, None)
    with desk.workspace.db.unit() as unit:
        unit.connection.exec_driver_sql("UPDATE campaign SET synced_at = ?", (START + 15 * DAY,))


@pytest.mark.parametrize("kind", FORMATS)
def test_a_month_is_told_as_ever(desk: Desk, kind: str) -> None:
    lived_through(desk)
    text = desk.workspace.reports.written(desk.workspace.reports.month(desk.project, "2026-09"), kind)
    if kind == "html":  # charts are drawn by a library, whose next version may draw them otherwise
        text, count = re.subn(r"data:image/svg\+xml;base64,[\w+/=]+", "PICTURE", text)
        assert count == 2
    path = GOLDEN / f"report.{kind}"
    if os.environ.get("RENEW"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    assert text == path.read_bytes().decode(), "see the head of this file"


def test_an_empty_month_divides_by_nothing(desk: Desk) -> None:
    report = desk.workspace.reports.month(desk.project, "2026-02")
    for kind in FORMATS:
        assert desk.workspace.reports.written(report, kind)
    said = [sentence for section in report.sections for sentence in section.sentences]
    assert "Nothing was due in this month." in said
    assert "Nothing went out." in said
    assert "Nobody wrote." in said
    assert "No ads ran in this month." in said


def test_what_has_not_begun_is_no_report(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="has not begun"):
        desk.workspace.reports.month(desk.project, "2026-10")
    with pytest.raises(InvalidInput, match="is not a month"):
        desk.workspace.reports.month(desk.project, "soon")


def test_every_section_says_up_to_when_it_is_true(desk: Desk) -> None:
    lived_through(desk)
    report = desk.workspace.reports.month(desk.project, "2026-09")
    known = {section.name: section.as_of for section in report.sections}
    assert known["growth"] == START + 20 * DAY + HOUR
    assert all(as_of is None or as_of <= desk.clock.now for as_of in known.values())


def test_texts_of_strangers_stay_texts(desk: Desk) -> None:
    market = Market(desk.workspace, desk.project, desk.accounts["mastodon"])
    for number, text in enumerate([*NASTY, "=HYPERLINK(1)", "<script>alert(1)</script>", "| a | b |\n# c"]):
        ad = market.ad(market.set(market.campaign(text or "-"), "s"), f"a{number}")
        market.figures(ad, "2026-09-10", 1, 1, 1, 1, 1)
    report = desk.workspace.reports.month(desk.project, "2026-09")
    written = {kind: desk.workspace.reports.written(report, kind) for kind in FORMATS}
    for kind in ("md", "html", "csv"):
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", written[kind]), kind
    assert "<script" not in written["html"]
    assert "\n# c" not in written["md"]
    cells = [row[-1] for row in csv.reader(io.StringIO(written["csv"].removeprefix("\ufeff")))]
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]
    assert json.loads(written["json"])["sections"]["ads"]["campaigns"]
