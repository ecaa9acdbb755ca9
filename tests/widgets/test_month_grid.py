"""The grid on a screen: whole months, drawn cell by cell."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.geometry import Region, Size

from smm_tui.domain.inert import cells
from smm_tui.widgets.month_cells import Entry, MonthPlan
from smm_tui.widgets.month_grid import MonthGrid


def entry(number: int, wall: datetime, words: str = "Croissants") -> Entry:
    return Entry(number, 1, wall, "Europe/Budapest", "informational", "i", "planned", "·", words)


def plan_of(year: int, month: int, counts: dict[int, int]) -> MonthPlan:
    days = {}
    for day, count in counts.items():
        walls = [datetime(year, month, day, 8) + timedelta(minutes=number) for number in range(count)]
        days[date(year, month, day)] = tuple(entry(day * 1000 + n, wall) for n, wall in enumerate(walls))
    return MonthPlan(year, month, days)


class Sized(MonthGrid):
    """A grid of a size that a test gives it, without a screen."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._size = Size(width, height)

    @property
    def size(self) -> Size:
        return self._size

    def lines(self) -> list[str]:
        return [self.render_line(y).text for y in range(self.size.height)]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(
    st.integers(2000, 2100),
    st.integers(1, 12),
    st.dictionaries(st.integers(1, 28), st.integers(0, 12), max_size=28),
    st.integers(70, 200),
    st.integers(7, 50),
)
def test_every_post_of_the_month_is_shown_or_counted(
    year: int, month: int, counts: dict[int, int], width: int, height: int
) -> None:
    grid = Sized(width, height)
    grid.show(plan_of(year, month, counts), date(year, month, 1), date(year, month, 2))
    lines = grid.lines()
    assert {cells(line) for line in lines} == {width}
    counted = sum(int(number) for line in lines for number in re.findall(r"\+(\d+)", line))
    shown = sum(line.count("i C") for line in lines)
    assert counted + shown == sum(counts.values())


@pytest.mark.parametrize("height", range(7, 25))
def test_every_day_has_a_cell_of_its_own(height: int) -> None:
    grid = Sized(80, height)
    grid.show(plan_of(2026, 11, {}), date(2026, 11, 1), date(2026, 11, 1))
    regions = [grid.region_of(date(2026, 11, day)) for day in range(1, 31)]
    places = [
        (x, y)
        for region in regions
        if region
        for x in range(region.x, region.right)
        for y in range(*region.line_span)
    ]
    assert len(places) == len(set(places))
    assert all(1 <= y < height and 0 <= x < 80 for x, y in places)
    assert grid.region_of(date(2026, 12, 1)) is None


class Shown(App[None]):
    def compose(self) -> ComposeResult:
        yield MonthGrid()


async def test_only_what_differs_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Shown()
    async with app.run_test(size=(80, 20)) as pilot:
        grid = app.query_one(MonthGrid)
        grid.show(plan_of(2026, 12, {10: 2}), date(2026, 12, 10), date(2026, 12, 1))
        await pilot.pause()
        drawn: list[Region] = []
        monkeypatch.setattr(grid, "refresh", lambda *regions, **options: drawn.extend(regions))
        grid.move(date(2026, 12, 11))
        assert {(region.x, region.y) for region in drawn} == {
            (region.x, region.y) for day in (10, 11) if (region := grid.region_of(date(2026, 12, day)))
        }
        drawn.clear()
        grid.show(plan_of(2026, 12, {10: 2, 20: 1}), date(2026, 12, 11), date(2026, 12, 1))
        assert drawn == [grid.region_of(date(2026, 12, 20))]
        drawn.clear()
        grid.show(plan_of(2026, 12, {10: 2, 20: 1}), date(2026, 12, 11), date(2026, 12, 1))
        assert not drawn


def test_a_carried_post_lies_on_the_day_of_the_cursor() -> None:
    grid = Sized(84, 25)
    plan = plan_of(2026, 12, {10: 1})
    grid.show(plan, date(2026, 12, 10), date(2026, 12, 1))
    carried = plan.on(date(2026, 12, 10))[0]
    grid.carry(carried)
    grid.move(date(2026, 12, 16))
    assert [line.find("08 i") for line in grid.lines() if "08 i" in line] == [24]
    grid.carry(None)
    assert [line.find("08 i") for line in grid.lines() if "08 i" in line] == [36]
    grid.carry(carried, copy=True)
    assert sum("08 i" in line for line in grid.lines()) == 2
