"""The frame diff replaces internals of one exact version of Textual. Another version fails here first."""

from __future__ import annotations

import hashlib
import inspect
import io
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import textual
from rich.segment import Segment
from rich.style import Style
from textual import _compositor, events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.strip import Strip

from smm_tui.terminal.frame_diff import FrameDiffMixin

REVIEW = (
    "Textual changed where the frame diff is attached: compare smm_tui/terminal with the new source of "
    "{name}, run the tests in tests/terminal, then note the new fingerprint {found}."
)


def test_the_version_is_the_one_that_was_read() -> None:
    assert textual.__version__ == "8.2.8", "read the notes in this file before raising the pin of Textual"


@pytest.mark.parametrize(
    ("thing", "fingerprint"),
    [
        (App._display, "4b78dff6669a"),
        (App._on_terminal_supports_synchronized_output, "b10f97de3f4b"),
        (App._on_exit_app, "5e486e9dd101"),
        (App.suspend, "66d2c24066e3"),
        (Screen._compositor_refresh, "7a40efe56381"),
        (_compositor.LayoutUpdate, "619efe1cea78"),
        (_compositor.ChopsUpdate, "7c7d3e0bf714"),
        (_compositor.Compositor.render_full_update, "ce99ccda4d24"),
        (_compositor.Compositor.render_partial_update, "888dccc892d8"),
        (WriterThread, "411a9202bed5"),
        (LinuxDriver._sigcont_application, "1d7463a74df1"),
        (LinuxDriver._sigtstp_application, "26c3c19ce181"),
        (LinuxDriver.run_input_thread, "d796af6d69db"),
        (XTermParser.parse, "a5834ad1def8"),
        (LinuxDriver.write, "b78a34033db5"),
        (LinuxDriver.start_application_mode, "7c41f5ba11a8"),
        (LinuxDriver.stop_application_mode, "9a7e99c8d4bd"),
        (MessagePump.post_message, "cbfe6996db20"),
        (MessagePump._post_message, "d18d8abf3b53"),
        (Strip.render_ansi, "08043dedb90d"),
    ],
    ids=lambda thing: getattr(thing, "__qualname__", ""),
)
def test_the_source_is_the_one_that_was_read(thing: Callable[..., Any], fingerprint: str) -> None:
    found = hashlib.sha256(inspect.getsource(thing).encode()).hexdigest()[:12]
    assert found == fingerprint, REVIEW.format(name=thing.__qualname__, found=found)


def test_the_hook_has_the_signature_of_textual() -> None:
    ours, theirs = (inspect.signature(owner._display) for owner in (FrameDiffMixin, App))
    assert list(ours.parameters) == list(theirs.parameters) == ["self", "screen", "renderable"]


def test_the_writer_says_what_it_has_not_written() -> None:
    writer = WriterThread(io.StringIO())
    writer.write("a")
    assert writer._queue.qsize() == 1
    assert not writer.is_alive()


def test_a_cursor_position_is_a_message_of_its_own() -> None:
    assert issubclass(events.CursorPosition, events.Event)
    assert not issubclass(events.CursorPosition, events.InputEvent)


def test_the_order_of_attributes() -> None:
    """`Pen.attributes` has the bits of rich, and the encoder its codes."""
    for bit, (name, code) in enumerate(
        {
            "bold": "1",
            "dim": "2",
            "italic": "3",
            "underline": "4",
            "blink": "5",
            "blink2": "6",
            "reverse": "7",
            "conceal": "8",
            "strike": "9",
            "underline2": "21",
            "frame": "51",
            "encircle": "52",
            "overline": "53",
        }.items()
    ):
        style = Style.parse(name)
        assert style._attributes & style._set_attributes == 1 << bit
        assert f"\x1b[{code}m" in Strip([Segment("a", style)]).render(App().console)


def test_the_package_stands_alone() -> None:
    script = (
        "import sys; import smm_tui.terminal.frame_diff, smm_tui.terminal.guard, smm_tui.terminal.hangup;"
        "print(*sorted(name for name in sys.modules if name.startswith('smm_tui')))"
    )
    names = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    assert all(name == "smm_tui" or name.startswith("smm_tui.terminal") for name in names)
