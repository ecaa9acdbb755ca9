"""First line, key bar, and the lines they are drawn with."""

import time

import pytest
from rich.cells import cell_len
from textual.app import App

from smm_tui.keymap import Keymap
from smm_tui.widgets.key_bar import KeyBar
from smm_tui.widgets.line import Span, strip, wrap
from smm_tui.widgets.tab_bar import Tab, TabBar, Tabs

NAMES = ("Bakery", "Gym", "Bookshop on the corner", "Radio", "Words", "Tools", "漢字漢字漢字")
TABS = tuple(Tab(str(n), name, "blue", n, n == 5) for n, name in enumerate(NAMES, 1))


class LineApp(App[None]):
    def __init__(self, widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self):
        yield self.widget

    @property
    def line(self):
        return "".join(segment.text for segment in self.screen._compositor.render_strips()[0])


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
async def test_the_active_client_time_and_worker_are_always_there(width):
    bar = TabBar()
    app = LineApp(bar)
    async with app.run_test(size=(width, 3)) as pilot:
        bar.show(Tabs(TABS, "14:02 BUD", "off", 4))
        await pilot.pause()
        assert cell_len(app.line) == width
        assert "5 Wor" in app.line
        assert "14:02 BUD" in app.line
        assert "off" in app.line
        assert "4 due" in app.line


async def test_wide_terminals_show_whole_names():
    bar = TabBar()
    app = LineApp(bar)
    async with app.run_test(size=(160, 3)) as pilot:
        bar.show(Tabs(TABS, "14:02 BUD", "here"))
        await pilot.pause()
        assert "3 Bookshop on the corner 3" in app.line
        assert "live" in app.line


@pytest.mark.parametrize("width", [20, 40, 80, 120])
async def test_help_is_the_last_key_to_go(width):
    bar = KeyBar(Keymap())
    app = LineApp(bar)
    async with app.run_test(size=(width, 3)) as pilot:
        bar.show(("list", "projects", "global"))
        await pilot.pause()
        assert "? keys" in app.line
        assert cell_len(app.line) == width
        assert ("d archive" in app.line) == (width >= 80)


async def test_a_line_that_says_the_same_is_not_drawn_again():
    bar = KeyBar(Keymap())
    app = LineApp(bar)
    async with app.run_test(size=(80, 3)) as pilot:
        bar.show(("projects", "global"))
        await pilot.pause()
        drawn = []
        bar.refresh = lambda *args, **kwargs: drawn.append(args)  # type: ignore[method-assign]
        bar.show(("projects", "global"))
        assert not drawn
        bar.show(("setup", "global"))
        assert drawn


def test_text_of_strangers_is_inert_in_lines():
    line = strip([Span("\x1b[31mred\x07 [b]bold[/b] \u202egnp")], 40)
    text = "".join(segment.text for segment in line)
    assert cell_len(text) == 40
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[b]bold[/b]" in text


def test_wrapping_loses_nothing():
    text = "one two  three\nfour " + "x" * 50 + " 漢字漢字漢字漢字"
    lines = wrap(text, 10)
    assert all(cell_len(line) <= 10 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "漢" * 100_000, "👩‍👩‍👧" * 20_000, "e\u0301" * 50_000, "x漢" * 50_000]
)
def test_a_line_without_end_is_wrapped_whole_in_no_time(text):
    began = time.process_time()
    lines = wrap(text, 77)
    assert time.process_time() - began < 5  # it was once a minute
    assert "".join(lines) == text
    assert all(cell_len(line) <= 77 for line in lines)
