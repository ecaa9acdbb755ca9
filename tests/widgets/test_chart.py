"""Charts: in their room, honest about what is not known, told apart without colours."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorType
from textual.app import App
from textual.geometry import Size

from smm_tui.domain.inert import cells
from smm_tui.glyphs import ASCII, UNICODE
from smm_tui.widgets.chart import LEAST_WIDTH, MOST_SERIES, Chart, ChartData, Kind, Series, chart_lines, compact

DAYS = tuple(f"{day} Dec" for day in range(1, 32))
FIGURES = st.none() | st.floats(-1e9, 1e9, allow_nan=False) | st.integers(0, 10**7)


@st.composite
def charts(draw):
    labels = tuple(draw(st.lists(st.text(max_size=20), min_size=1, max_size=40)))
    values = st.tuples(*[FIGURES] * len(labels))
    series = draw(st.lists(st.builds(Series, st.text(max_size=12), values), min_size=1, max_size=MOST_SERIES))
    return ChartData(draw(st.text(max_size=30)), labels, tuple(series), kind=draw(st.sampled_from(Kind)))


def texts(data, width=78, height=14, glyphs=UNICODE):
    return ["".join(span.text for span in line) for line in chart_lines(data, Size(width, height), glyphs)]


@settings(max_examples=40, deadline=None)
@given(charts(), st.integers(1, 100), st.integers(1, 30))
def test_whatever_is_drawn_stays_in_its_room(data, width, height):
    lines = texts(data, width, height)
    values = [value for series in data.series for value in series.values]
    assert 0 < len(lines) <= height
    if not any(values) or width < LEAST_WIDTH or not any("┌" in line for line in lines):
        return
    top = next(place for place, line in enumerate(lines) if "┌" in line)
    assert {cells(line) for line in lines[top:-1]} == {width}
    assert not any(ord(char) < 32 for char in lines[-1])


def test_a_day_that_is_not_known_is_a_gap_and_not_a_zero():
    whole = Series("", tuple(float(5 + day % 3) for day in range(31)))
    holed = Series("", tuple(None if 10 <= day < 20 else value for day, value in enumerate(whole.values)))
    drawn = ["".join(texts(ChartData("", DAYS, (series,)))) for series in (whole, holed)]
    braille = [sum("\u2800" < char < "\u2900" for char in text) for text in drawn]
    assert 0 < braille[1] < braille[0] * 0.8
    assert "?" in "".join(texts(ChartData("", ("a", "b"), (Series("", (None, 2.0)),), kind=Kind.BAR)))
    assert "?" not in "".join(texts(ChartData("", ("a", "b"), (Series("", (0.0, 2.0)),), kind=Kind.BAR)))
    assert texts(ChartData("Reach", DAYS, (Series("", (None,) * 31),))) == ["Reach", "no figures yet"]


@pytest.mark.parametrize("kind", Kind)
def test_series_are_told_apart_without_colours_and_without_unicode(kind):
    two = ChartData("Spent", DAYS, (Series("Gym", tuple(range(31))), Series("Bakery", (5,) * 31)), "EUR", kind)
    heading, *drawn = texts(two, glyphs=ASCII)
    assert heading == "Spent, EUR  * Gym  o Bakery"
    assert {"*", "o"} <= set("".join(drawn))
    assert "31 Dec" in drawn[-1] or "29 Dec" in drawn[-1]
    styles = [span.style for line in chart_lines(two, Size(78, 14)) for span in line]
    assert {style.color.type for style in styles if style.color} == {ColorType.STANDARD}


def test_without_room_there_are_rows():
    data = ChartData("Reach", ("Post", "Reel", "Poll"), (Series("", (12345, None, 0)),), kind=Kind.BAR)
    rows = [line.split() for line in texts(data, 30, 5)]
    assert rows == [["Reach"], ["Post", "12.3k", "█" * 19], ["Reel", "-"], ["Poll", "0"]]
    assert texts(ChartData("Reach", DAYS, (Series("", tuple(range(31))),)), 30, 4)[-1].startswith("31 Dec 30 ")


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (-0.001, "0"), (9.756, "9.76"), (9500, "9500"), (12345, "12.3k"), (-4e6, "-4M")]
)
def test_numbers_are_short(value, text):
    assert compact(value) == text


async def test_marks_of_the_scale_are_told_apart_and_a_resize_draws_anew():
    chart = Chart()

    class ChartApp(App[None]):
        def compose(self):
            yield chart

    app = ChartApp()
    async with app.run_test(size=(80, 16)) as pilot:
        chart.plot(ChartData("Followers", DAYS, (Series("", tuple(100_000 + day for day in range(31))),)))
        await pilot.pause()
        assert "100.02k" in chart.text
        await pilot.resize_terminal(40, 5)
        await pilot.pause()
        assert chart.text.splitlines()[-1].startswith("31 Dec 100k")
