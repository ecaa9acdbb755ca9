"""A small program under the frame diff, run by the tests on a pseudo-terminal.

It writes what its compositor means to show to file descriptor 3 whenever F5 is pressed.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static

from smm_tui.terminal.frame_diff import FrameDiffMixin
from smm_tui.terminal.guard import terminal_guard
from smm_tui.terminal.hangup import watch_hangup
from smm_tui.terminal.profile import detect

WORDS = [
    "Frühling",
    "春の予定",
    "🎉 party",
    "❤️ love",
    "👩‍👩‍👧 family",
    "🇩🇪 Berlin",
    "cafe\u0301",
    "plain text",
    "한국어",
]


class Lines(ScrollView, can_focus=True):
    """A list on the Line API."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("down", "step(1)", ""),
        ("up", "step(-1)", ""),
        ("pagedown", "step(20)", ""),
        ("pageup", "step(-20)", ""),
    ]
    row = 0

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, 500)

    def render_line(self, y: int) -> Strip:
        number = y + self.scroll_offset.y
        cursor = Style(color="#ffffff", bgcolor="#0178d4", bold=True)
        style = cursor if number == self.row else self.rich_style
        title = f"{WORDS[number % len(WORDS)]}, take {number * 7919 % 97}"
        text = f" {number:3d}  2026-03-{number % 28 + 1:02d} 09:30  {title}"
        strip = Strip([Segment(text, style)])
        return strip.adjust_cell_length(self.size.width, style)

    def action_step(self, by: int) -> None:
        rows = {self.row}
        self.row = min(499, max(0, self.row + by))
        self.scroll_to_region(Region(0, self.row, 1, 1), animate=False, force=True)
        for number in {*rows, self.row}:
            self.refresh(Region(0, number - self.scroll_offset.y, self.size.width, 1))


class SampleApp(FrameDiffMixin, App[None]):
    """A list, a field and everything that disturbs a terminal."""

    CSS = """
    Static { height: 1; background: $primary; }
    #side { width: 20; height: 1fr; border-right: solid $secondary; }
    Lines { width: 1fr; }
    Input { height: 1; border: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("ctrl+l", "repaint_all", ""),
        ("f2", "suspend", ""),
        ("f3", "crash", ""),
        ("f4", "scribble", ""),
        Binding("f5", "report", "", priority=True),
    ]

    def compose(self) -> ComposeResult:
        yield Static("Posts of this week", id="title")
        with Horizontal():
            if "--side" in sys.argv:
                yield Static("Clients\n\nAcme\nBäckerei 春", id="side")
            yield Lines()
        yield Input(placeholder="Search")

    def on_mount(self) -> None:
        self.query_one(Lines).focus()
        watch_hangup(0, lambda: self.exit(return_code=129))

    def action_suspend(self) -> None:
        with self.suspend():
            subprocess.run(["printf", "\\033[2J\\033[5;5Hthe editor was here"], check=True)

    def action_crash(self) -> None:
        raise RuntimeError("crashed on purpose")

    def action_scribble(self) -> None:
        """Write over the screen behind the program's back, as a message from the system does."""
        os.write(2, b"\x1b[3;3H\x1b[31mBroadcast message\x1b[m\x1b[H")

    def action_report(self) -> None:
        lines = [
            [(text, str(style)) for text, style, control in strip if not control]
            for strip in self.screen._compositor.render_strips()
        ]
        os.write(3, base64.b64encode(json.dumps(lines).encode()) + b"\n")


if __name__ == "__main__":
    profile = detect(os.environ, {"colours": "true"})  # the tests compare colours exactly
    app = SampleApp(line_profile=profile)
    with terminal_guard():
        app.run(mouse=profile.mouse, inline="--inline" in sys.argv)
    sys.exit(app.return_code)
