"""The list: any number of rows, two lines a step, nothing but what is in sight is fetched."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App

from smm_tui.widgets.line import Span
from smm_tui.widgets.windowed_list import Column, WindowedList

COLUMNS = (Column("name", 8, weight=1), Column("n", 6, right=True), Column("more", 12, weight=2, drop=1))


class ListApp(App[None]):
    """A list alone."""

    def __init__(self, ids, columns=COLUMNS) -> None:
        super().__init__()
        self.ids = ids
        self.columns = columns
        self.fetched: list[int] = []
        self.drawn: list[int] = []

    def compose(self):
        app = self

        class Watched(WindowedList):
            def render_line(self, y):
                app.drawn.append(y)
                return super().render_line(y)

        yield Watched(self.columns, self.fetch, id="list")

    def on_mount(self):
        self.list.focus()
        self.list.show(self.ids)

    @property
    def list(self) -> WindowedList:
        return self.query_one("#list", WindowedList)

    async def fetch(self, ids):
        self.fetched += ids
        return {i: (f"row {i}", str(i), Span("more")) for i in ids}

    @property
    def lines(self):
        return ["".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()]


async def test_only_rows_near_the_window_are_fetched():
    app = ListApp(range(100_000))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert len(app.fetched) < 400
        assert "row 0" in app.lines[1]
        app.list.action_last()
        await pilot.pause()
        await pilot.pause()
        assert "row 99999" in app.lines[-1]
        assert len(app.fetched) < 800


async def test_a_step_draws_two_lines():
    app = ListApp(range(1000))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        app.drawn.clear()
        app.list.action_down()
        await pilot.pause()
        assert sorted(app.drawn) == [1, 2]


async def test_many_rows_cost_about_as_much_as_few():
    """Compared with itself, so that the machine's speed does not matter."""

    async def cost(count: int) -> float:
        app = ListApp(range(count))
        async with app.run_test(size=(60, 20)) as pilot:
            await pilot.pause()
            best = float("inf")
            for _round in range(3):
                started = time.thread_time()
                for _step in range(100):
                    app.list.action_down()
                    app.list.action_page_down()
                    app.list.action_page_up()
                best = min(best, time.thread_time() - started)
            return best

    await cost(10)
    assert await cost(100_000) < 20 * await cost(1000)


async def test_pages_ends_and_empty_lists():
    app = ListApp(range(100))
    async with app.run_test(size=(60, 21)) as pilot:
        await pilot.pause()
        rows = app.list
        rows.action_page_down()
        assert rows.position == 19
        rows.action_page_up()
        assert rows.position == 0
        rows.action_up()
        assert rows.position == 0
        rows.action_last()
        rows.action_page_down()
        assert rows.position == 99
        rows.show([])
        assert rows.current is None
        assert rows.chosen == []
        for step in (rows.action_down, rows.action_up, rows.action_last, rows.action_page_down, rows.action_select):
            step()
        rows.action_range()
        rows.action_select_all()
        await pilot.pause()
        assert rows.chosen == []


async def test_the_cursor_stays_on_its_row_when_others_come_and_go():
    app = ListApp(range(100))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        app.list.move_to(50)
        app.list.show(range(10, 100))
        assert app.list.current == 50
        app.list.show([i for i in range(100) if i != 50])
        assert app.list.position == 40
        assert list(app.list.near()(range(200)))
        app.list.want(7)
        app.list.show(range(100))
        assert app.list.current == 7


async def test_selecting():
    app = ListApp(range(10))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        rows = app.list
        assert rows.chosen == [0]
        rows.action_select()
        assert (rows.chosen, rows.position) == ([0], 1)
        rows.move_to(4)
        rows.action_range()
        rows.move_to(6)
        assert rows.chosen == [0, 4, 5, 6]
        rows.action_range()
        rows.move_to(9)
        assert rows.chosen == [0, 4, 5, 6]
        rows.show([0, 5, 6, 7])
        assert rows.chosen == [0, 5, 6]
        rows.action_select_all()
        assert rows.selected == 4
        rows.action_select_all()
        assert rows.selected == 0
        rows.action_range()
        assert rows.clear_selection()
        assert not rows.clear_selection()


@pytest.mark.parametrize("width", [10, 24, 40, 80, 200])
async def test_lines_fill_the_width_exactly(width):
    columns = (*COLUMNS, Column("x", 20, drop=3))
    app = ListApp([0], columns)

    async def fetch(ids):
        return dict.fromkeys(ids, ("漢字漢字漢字漢字" * 20, "12345678", "👩\u200d👩\u200d👧\u200d👦" * 30, "x"))

    app.fetch = fetch
    async with app.run_test(size=(width, 5)) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert all(cell_len(line) == width for line in app.lines)


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60))
def test_no_text_steers_the_terminal_or_leaves_its_cells(text):
    rows = WindowedList((Column("", 30),))
    rows._ids, rows._rows = [0], {0: (text,)}
    assert rows._widths(33) == [30]
    from smm_tui.widgets.line import fit

    shown = fit(text, 30)
    assert cell_len(shown) == 30
    assert not any(ord(char) < 32 or char in "\u202e\u202d\u2066\u200b\x7f" for char in shown)
