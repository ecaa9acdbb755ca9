"""What is seen is what there is: no change gets lost between a widget and the screen, whenever it comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from textual.screen import Screen

from smm_tui.screens.composer import ComposerScreen
from smm_tui.screens.desk import Desk as ScreensDesk
from smm_tui.screens.evidence import EvidenceScreen
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.widgets.text_input import TextInput
from tests.screens.planner import Planner, planning
from tests.support.desk import Desk

SIZES = [(120, 40), (119, 33), (80, 24), (61, 17), (79, 25)]
TURNS = 3
"""Turns of the screen's own queue after which everything it does by itself is done."""


async def at_rest(planner: Planner) -> None:
    """Let everything have its effect that is under way, but load nothing again."""
    for _turn in range(TURNS):
        await planner.app.desk.settled()
        await planner.pilot.pause()


async def assert_nothing_is_lost(planner: Planner) -> None:
    """What is seen stays as it is when every widget is drawn again."""
    await at_rest(planner)
    seen = planner.lines
    screen = planner.app.screen
    for widget in [screen, *screen.query("*")]:
        widget.refresh()
    await planner.pilot.pause()
    assert planner.lines == seen


class Slow:
    """Keeps what a screen asks of the database back until `release`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._released = asyncio.Event()
        read = ScreensDesk.read

        async def slow(desk: ScreensDesk, job: Callable[[Any], Any]) -> Any:
            await self._released.wait()
            return await read(desk, job)

        monkeypatch.setattr(ScreensDesk, "read", slow)

    def release(self) -> None:
        self._released.set()


def composer(desk: Desk) -> Screen[Any]:
    post, _deliveries = desk.workspace.post_queries.search()[0]
    return ComposerScreen(post.project_id, post.id)


def evidence(desk: Desk) -> Screen[Any]:
    _post, deliveries = desk.workspace.post_queries.search()[0]
    return EvidenceScreen(deliveries[0].id)


@pytest.mark.parametrize("size", SIZES[:3])
@pytest.mark.parametrize("screen", [composer, evidence])
async def test_a_screen_is_the_same_whenever_its_data_come(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], screen: Callable[[Desk], Screen[Any]]
) -> None:
    desk.plan("A long day " * 60)
    async with planning(desk.workspace, size=size) as planner:
        with monkeypatch.context() as patch:
            slow = Slow(patch)
            planner.app.push_screen(screen(desk))
            for _turn in range(TURNS):
                await planner.pilot.pause()
            assert "Loading ..." in planner.text
            slow.release()
            await at_rest(planner)
        late = planner.lines
        await planner.press("esc")
        planner.app.push_screen(screen(desk))
        await planner.settle()
        assert planner.lines == late


PLACES: list[tuple[str, tuple[str, ...]]] = [
    ("projects", ("g", "p")),
    ("deliveries", ("g", "d", "end")),
    ("set-up", ("g", "s", "end")),
    ("calendar", ("g", "c")),
    ("calendar as a list", ("g", "c", "v", "end")),
    ("composer", ("g", "c", "n", *"Friss")),
    ("help", ("g", "c", "?")),
    ("form", ("g", "p", "n")),
]


@pytest.mark.parametrize("keys", [keys for _name, keys in PLACES], ids=[name for name, _keys in PLACES])
async def test_another_size_is_drawn_to_the_last_cell(desk: Desk, keys: tuple[str, ...]) -> None:
    for number in range(30):
        desk.plan(f"Day {number} " * 20, seconds=3600 * (number + 1))
    async with planning(desk.workspace, size=SIZES[0]) as planner:
        await planner.press(*keys)
        for size in [*SIZES[1:], SIZES[0]]:
            await planner.pilot.resize_terminal(*size)
            await assert_nothing_is_lost(planner)


async def test_every_colour_is_one_of_the_terminals_own(desk: Desk) -> None:
    async with planning(desk.workspace) as planner:
        await planner.press("n")
        for widget in planner.app.screen.query("*"):
            colours = [widget.styles.scrollbar_color, widget.styles.scrollbar_background, widget.styles.link_color]
            if isinstance(widget, TextInput):
                colours.append(widget.get_component_styles("input--selection").background)
            assert all(colour.ansi is not None for colour in colours), widget


async def test_a_screen_one_comes_back_to_shows_nothing_of_another_client(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.plan("Only for the first client")
    desk.workspace.projects.add(ProjectDraft("Second", "Europe/Budapest"))
    async with planning(desk.workspace) as planner:
        await planner.press("1", "g", "c")
        await at_rest(planner)
        assert "Only" in planner.text
        await planner.press("g", "p", "2")
        await at_rest(planner)
        with monkeypatch.context() as patch:
            slow = Slow(patch)
            await planner.pilot.press("g", "c")
            for _turn in range(TURNS):
                await planner.pilot.pause()
            assert "Only" not in planner.text
            assert "Loading" in planner.text
            slow.release()
            await at_rest(planner)
        assert "Only" not in planner.text
        assert "Loading" not in planner.text
        await planner.press("1")
        await at_rest(planner)
        assert "Only" in planner.text
