"""Send a Textual program's screen as differences, for slow lines.

Textual repaints whole widgets. `FrameDiffMixin` sits between its compositor and its driver,
keeps what the terminal shows and sends only the cells that changed. This package imports
nothing but Textual and Rich, so any program can use it::

    from smm_tui.terminal.frame_diff import FrameDiffMixin
    from smm_tui.terminal.guard import terminal_guard
    from smm_tui.terminal.profile import detect

    class MyApp(FrameDiffMixin, App[None]):  # the mixin first
        BINDINGS = [("ctrl+l", "repaint_all", "Repaint")]

    profile = detect(os.environ, {"line": "slow"})  # before the app takes NO_COLOR away
    with terminal_guard():
        MyApp(line_profile=profile).run(mouse=profile.mouse)

`guard` leaves the terminal as it was found, and `hangup.watch_hangup(0, ...)`, called when the
program mounts, tells it that the line has dropped; `driver` keeps pastes from pressing keys.

The mixin replaces `App._display` for the full screen on a terminal; headless, inline and web
programs are displayed by Textual as ever. It relies on internals of Textual 8.2.8, which its
tests pin. When the terminal is behind, frames are not queued: the next one sent is the
difference between what the terminal shows and the latest state.
"""

from __future__ import annotations

import asyncio
import os
import select
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Offset

from .cells import Canvas, Palette
from .encoder import FrameEncoder
from .pacing import Pacer
from .pictures import Picture, PictureLayer
from .profile import LineProfile, detect

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.app import App
    from textual.driver import Driver
    from textual.drivers._writer_thread import WriterThread
    from textual.message import Message
    from textual.screen import Screen

    _Base = App[Any]
else:
    _Base = object

_SYNC_START, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_SYNC_WORTH = 1024
"""Bytes from which a frame may be drawn in two halves, so that synchronised output pays."""

_RETRY = 0.03
"""Seconds between two looks at a terminal that is behind."""

_LAST_REPLY = 0.5
"""Seconds to wait on exit for replies that would otherwise be typed into the shell."""


class FrameDiffMixin(_Base):
    """Makes a Textual `App` send differences between frames instead of whole widgets.

    `line_profile` says what the terminal and the line can carry; it is detected from the
    environment if not given.
    """

    def __init__(self, *args: Any, line_profile: LineProfile | None = None, **kwargs: Any) -> None:
        self.line_profile = line_profile or detect(os.environ)
        self._canvas = Canvas(Palette(self.line_profile))
        self._encoder = FrameEncoder(self.line_profile)
        self._pictures = PictureLayer()
        self._pacer = Pacer(self.line_profile.window)
        self._writer: WriterThread | None = None
        self._frame_retry: asyncio.TimerHandle | None = None
        self._pointer_shape = "default"
        self._settled = asyncio.Event()
        super().__init__(*args, **kwargs)

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver; the one of a Unix terminal as `driver` amends it."""
        driver = super().get_driver_class()
        if driver.__name__ != "LinuxDriver":
            return driver
        from .driver import TerminalDriver

        return TerminalDriver

    def repaint_all(self) -> None:
        """Clear the terminal and draw the whole screen again, for when it shows something else."""
        self._encoder.invalidate()
        self._send_frame()

    def set_picture(self, number: int, picture: Picture | None) -> None:
        """Let the terminal draw a picture wherever cells with its link are in the frame; None: no longer."""
        self._pictures.know(number, picture)

    def action_repaint_all(self) -> None:
        """Repaint the whole screen."""
        self.repaint_all()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if self._terminal_writer() is None or not isinstance(renderable, LayoutUpdate | ChopsUpdate):
            if renderable is not None:
                self._encoder.invalidate()
            super()._display(screen, renderable)
            return
        try:
            if self._running and not self._closed and not self._batch_count:
                self._canvas.palette.dark = self.current_theme.dark
                self._canvas.apply(renderable)
                self._send_frame()
        except Exception as error:  # noqa: BLE001 - as Textual does: leave the terminal before reporting
            self._handle_exception(error)
        finally:
            self.post_display_hook()

    def _terminal_writer(self) -> WriterThread | None:
        """Return the thread that writes to a full-screen terminal, if there is one."""
        driver = self._driver
        if driver is None or driver.is_headless or driver.is_inline or driver.is_web:
            return None
        writer: WriterThread | None = getattr(driver, "_writer_thread", None)
        return writer

    def _send_frame(self) -> None:
        """Bring the terminal up to the latest frame, now or as soon as it keeps up."""
        writer = self._terminal_writer()
        if writer is None or not self._running or self._closed or not self._canvas.rows:
            return
        if writer is not self._writer:  # the driver left the screen and came back, as after $EDITOR
            self._writer = writer
            self._encoder.invalidate()
            self._pacer.reset()
        if not writer.is_alive():
            self._encoder.invalidate()
            return
        if self._pacer.behind or not _is_ready(writer):
            if self._frame_retry is None:
                self._frame_retry = asyncio.get_running_loop().call_later(_RETRY, self._retry_frame)
            return
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        sequence = self._pictures.encode(self._encoder, self._canvas.rows, (cursor.x, cursor.y))
        self._previous_cursor_position = Offset(*cursor)
        if not sequence:
            return
        size = len(sequence.encode())
        if self._sync_available and size > _SYNC_WORTH:
            sequence = f"{_SYNC_START}{sequence}{_SYNC_END}"
        writer.write(sequence + self._pacer.write(size))

    def _set_pointer_shape(self, shape: str) -> None:
        """Tell the terminal the shape of the mouse pointer when it has another one; Textual does for every screen."""
        if shape != self._pointer_shape:
            self._pointer_shape = shape
            super()._set_pointer_shape(shape)

    def _retry_frame(self) -> None:
        self._frame_retry = None
        self._send_frame()

    def post_message(self, message: Message) -> bool:
        """Note what the driver has to say about the terminal on its way to the program."""
        if isinstance(message, events.CursorPosition):
            self._pacer.replied()
            if not self._pacer.waiting:
                self._settled.set()
            if self._frame_retry is not None:
                self._frame_retry.cancel()
                self._retry_frame()
            return True
        if isinstance(message, events.Resize):  # terminals rearrange what they show
            self._encoder.invalidate()
        return super().post_message(message)

    async def _on_exit_app(self) -> None:
        if self._frame_retry is not None:
            self._frame_retry.cancel()
        if self._pacer.waiting:
            self._settled.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._settled.wait(), _LAST_REPLY)


def _is_ready(writer: WriterThread) -> bool:
    """Whether the writer has handed over all it was given and the terminal takes more."""
    if writer._queue.qsize():
        return False
    poll = select.poll()
    poll.register(writer.fileno(), select.POLLOUT)
    return bool(poll.poll(0))
