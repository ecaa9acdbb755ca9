"""A Textual program that sends differences instead of widgets; it needs nothing of smm-tui but `smm_tui.terminal`."""

import os

from textual.app import App, ComposeResult
from textual.widgets import OptionList

from smm_tui.terminal.frame_diff import FrameDiffMixin
from smm_tui.terminal.guard import terminal_guard
from smm_tui.terminal.profile import detect


class Rows(FrameDiffMixin, App[None]):  # the mixin first
    """A list of 500 rows."""

    BINDINGS = [("ctrl+l", "repaint_all", "Repaint")]  # noqa: RUF012 - as Textual's own examples write it

    def compose(self) -> ComposeResult:
        yield OptionList(*(f"Row {number}" for number in range(1, 501)))


if __name__ == "__main__":
    profile = detect(os.environ)  # or detect(os.environ, {"line": "slow"})
    with terminal_guard():
        Rows(line_profile=profile).run(mouse=profile.mouse)
