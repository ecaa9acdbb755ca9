"""The pictures of a post, looked at in the terminal, one at a time."""

from __future__ import annotations

import fcntl
import struct
import sys
import termios
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.posts import MediaRow
from smm_tui.domain.errors import SmmError
from smm_tui.domain.inert import inert
from smm_tui.i18n import _
from smm_tui.screens.base import WorkspaceScreen
from smm_tui.screens.desk import Job
from smm_tui.screens.picture_drawing import CELL, Drawing, draw
from smm_tui.terminal.frame_diff import FrameDiffMixin
from smm_tui.terminal.profile import Colours, Pictures
from smm_tui.widgets.line import LineWidget, Span, wrap
from smm_tui.widgets.line_panel import LinePanel
from smm_tui.widgets.picture_view import PictureView
from smm_tui.widgets.styles import BOLD, DIM, WARN

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class PicturesState:
    """The files of a post, and where each is kept; `text` says which post it is."""

    text: str
    media: tuple[MediaRow, ...]
    paths: tuple[Path, ...]


class PicturesScreen(WorkspaceScreen[PicturesState]):
    """What the files of a post show, with their alternative texts."""

    SCOPE = "pictures"
    CLIENTS: ClassVar[bool] = False
    CSS = "PicturesScreen { #which { height: 1; } #about { height: 3; } }"

    def __init__(self, post_id: int | None, place: int = 0, files: Sequence[Sequence[str]] | None = None) -> None:
        """`files` are those of a post that is being written, by hash and alternative text."""
        super().__init__()
        self._post_id = post_id
        self._files = files
        self._place = place
        self._asked = False  # the user wants to see them although the line is slow
        self._number = next(_numbers)
        self._wanted: tuple[Any, ...] = ()

    def body(self) -> ComposeResult:
        yield LineWidget(id="which")
        yield PictureView(id="picture")
        yield LinePanel(id="about")

    def main_widget(self) -> Widget | None:
        return None

    def request(self) -> Job[PicturesState]:
        post_id, files = self._post_id, self._files

        def job(w: Workspace) -> PicturesState:
            detail = None if post_id is None else w.post_queries.get(post_id)
            media = [] if detail is None else detail.media
            if files is not None:
                found = (w.media.get(sha256, alt, place) for place, (sha256, alt) in enumerate(files))
                media = [row for row in found if row is not None]
            text = _("a new post") if detail is None else inert(detail.post.text)[:60]
            name = text if post_id is None else _("post {id}: {text}").format(id=post_id, text=text)
            return PicturesState(name, tuple(media), tuple(w.media.path(row.sha256) for row in media))

        return job

    def empty(self, state: PicturesState) -> str:
        return "" if state.media else _("This post has no files.")

    def show(self, state: PicturesState) -> None:
        self._place = min(self._place, len(state.media) - 1)
        self._wanted = ()
        self._show_file()

    def on_resize(self, event: events.Resize) -> None:
        """Draw it in the new size."""
        super().on_resize(event)
        self.call_after_refresh(self._show_file)

    def on_unmount(self) -> None:
        """The terminal may forget the picture."""
        self._terminal.set_picture(self._number, None)

    # -- drawing

    @property
    def _terminal(self) -> FrameDiffMixin:
        return cast(FrameDiffMixin, self.app)

    @property
    def _way(self) -> Pictures:
        """How pictures are drawn; on a line where they are off, as text once they are asked for."""
        profile = self._terminal.line_profile
        if profile.pictures is Pictures.OFF and self._asked and profile.colours is not Colours.NONE:
            return Pictures.BLOCKS
        return profile.pictures

    def _show_file(self) -> None:
        state = self.state
        if state is None or not state.media or not self.is_mounted:
            return
        row = state.media[self._place]
        name = inert(row.original_name)
        size = f"{row.width} x {row.height}" if row.width and row.height else row.mime
        self.query_one("#which", LineWidget).say(
            [
                Span(" " + _("{place} of {count}").format(place=self._place + 1, count=len(state.media)), BOLD),
                Span(f"  {name}  {size}  {-(-row.size // 1024)} KB"),
                Span(f"  {state.text}", DIM),
            ]
        )
        alt = Span(f" {inert(row.alt)}") if row.alt else Span(" " + _("No alternative text yet."), WARN)
        lines = wrap(alt.text.strip(), max(self.size.width - 2, 20))[:2]
        self.query_one("#about", LinePanel).show([[], *([Span(f" {line}", alt.style)] for line in lines)])
        self._draw(state.paths[self._place], row.mime)

    def _draw(self, path: Path, mime: str) -> None:
        view = self.query_one(PictureView)
        room, way = (view.size.width, view.size.height), self._way
        wanted = (path, room, way)
        if wanted == self._wanted or not all(room):
            return
        self._wanted = wanted
        view.clear()
        self._terminal.set_picture(self._number, None)
        if reason := self._reason(mime):
            self._say(reason)
            return
        self._say(_("Drawing ..."))
        number, cell = self._number, cell_size()

        async def work() -> None:
            try:
                drawing = await self.desk.read(lambda _w: draw(path, room, way, number, cell))
            except SmmError as error:
                self._say(error.message)
                return
            if self.is_mounted and wanted == self._wanted:
                self._put(drawing)

        self.desk.start(work())

    def _reason(self, mime: str) -> str:
        """Why nothing is drawn; empty: it is."""
        if not mime.startswith("image/"):
            return _("This is no picture: {kind}.").format(kind=inert(mime))
        if self._way is not Pictures.OFF:
            return ""
        if self._terminal.line_profile.colours is Colours.NONE:
            return _("This terminal shows no colours, so it shows no pictures.")
        return _("Pictures are off here, since they are long for a slow line. {key} shows them.").format(
            key=self.key("pictures.reveal")
        )

    def _put(self, drawing: Drawing) -> None:
        view = self.query_one(PictureView)
        self._say("")
        if drawing.picture is None:
            view.show_lines(drawing.lines, drawing.width)
        else:
            self._terminal.set_picture(self._number, drawing.picture)
            view.leave_room(self._number, drawing.width, drawing.height)

    def _say(self, sentence: str) -> None:
        self.summarise(sentence)

    # -- keys

    def unavailable(self, verb: str) -> str:
        if verb == "reveal" and self._way is not Pictures.OFF:
            return _("Pictures are shown already.")
        if verb in ("next", "previous") and (self.state is None or len(self.state.media) < 2):
            return _("There is no other file.")
        return ""

    def action_next(self) -> None:
        """The next file."""
        self._step(1)

    def action_previous(self) -> None:
        """The file before."""
        self._step(-1)

    def action_reveal(self) -> None:
        """Show pictures although the line is slow."""
        self._asked = True
        self._show_file()

    def _step(self, by: int) -> None:
        if self.state is not None and self.state.media:
            self._place = (self._place + by) % len(self.state.media)
            self._show_file()

    def bookmark(self) -> dict[str, Any]:
        return {"post_id": self._post_id, "place": self._place, "files": self._files}


def cell_size() -> tuple[int, int]:
    """How many pixels a cell of the terminal has, as far as it says."""
    with suppress(OSError, ValueError, AttributeError):
        packed = fcntl.ioctl(sys.__stderr__.fileno(), termios.TIOCGWINSZ, bytes(8))  # type: ignore[union-attr]
        rows, columns, width, height = struct.unpack("HHHH", packed)
        if rows and columns and width >= columns and height >= rows:
            return width // columns, height // rows
    return CELL
