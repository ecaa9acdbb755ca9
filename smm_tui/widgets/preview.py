"""A post as the network will show it: parts of a thread, links, content warning, media."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

from rich.style import Style

from smm_tui.db.reads.posts import MediaRow
from smm_tui.domain.inert import cells, clip, inert
from smm_tui.domain.text import iter_graphemes
from smm_tui.i18n import _
from smm_tui.widgets.line import Span
from smm_tui.widgets.line_panel import LinePanel
from smm_tui.widgets.styles import BOLD, DIM, PLAIN, WARN

LINK = Style(color="cyan", underline=True)
TAG = Style(color="cyan")


class ShownPost(NamedTuple):
    """A post on one account; media hang on its first part."""

    name: str
    parts: tuple[str, ...]
    media: tuple[MediaRow, ...] = ()
    content_warning: str = ""
    carried: tuple[tuple[str, str], ...] = ()  # labels and words of what hangs on it besides


class Preview(LinePanel, can_focus=True):
    """Shows posts below each other, and scrolls."""

    SCOPE: ClassVar[str] = "preview"

    def show_posts(self, posts: Sequence[ShownPost]) -> None:
        """Show these posts."""
        self.lay_out(lambda room: [line for post in posts for line in preview(post, room.width)])

    def action_down(self) -> None:
        """A line on."""
        self.scroll_lines(1)

    def action_up(self) -> None:
        """A line back."""
        self.scroll_lines(-1)

    def action_page_down(self) -> None:
        """A page on."""
        self.scroll_lines(self.size.height - 1)

    def action_page_up(self) -> None:
        """A page back."""
        self.scroll_lines(1 - self.size.height)


def preview(post: ShownPost, width: int) -> list[list[Span]]:
    """The lines of a post."""
    lines: list[list[Span]] = []
    for number, part in enumerate(post.parts, 1):
        count = f"  {number}/{len(post.parts)}" if len(post.parts) > 1 else ""
        lines.append([Span(post.name, BOLD), Span(count, DIM)])
        if post.content_warning:
            lines.append([Span(f"CW: {post.content_warning}", WARN)])
        lines += [_styled(line) for line in wrapped(part, width)]
        if number == 1:
            lines += [_file(item) for item in post.media]
            for label, words in post.carried:
                lines += [[Span(line, DIM)] for line in wrapped(f"[{label}] {words}", width)]
        lines.append([])
    return lines


def wrapped(text: str, width: int) -> Iterator[str]:
    """The text, inert, in lines of at most `width` cells, broken between words where that is possible."""
    for paragraph in inert(text, newlines=True).split("\n"):
        line = ""
        for word in paragraph.split(" "):
            trial = f"{line} {word}" if line else word
            if cells(trial) <= width:
                line = trial
                continue
            if line:
                yield line
            *full, line = _pieces(word, width)
            yield from full
        yield line


def facts(item: MediaRow) -> str:
    """Kind, dimensions and size of a file."""
    size = f"{item.size / 1e6:.1f} MB" if item.size >= 100_000 else f"{max(item.size // 1000, 1)} kB"
    dimensions = f" {item.width}x{item.height}" if item.width and item.height else ""
    return f"{item.mime.partition('/')[2]}{dimensions} {size}"


def _pieces(word: str, width: int) -> list[str]:
    pieces, piece = [], ""
    for grapheme in iter_graphemes(word):
        if piece and cells(piece + grapheme) > width:
            pieces.append(piece)
            piece = ""
        piece += grapheme
    return [*pieces, piece]


def _styled(line: str) -> list[Span]:
    spans = []
    for place, word in enumerate(line.split(" ")):
        style = LINK if word.startswith(("http://", "https://")) else TAG if word[:1] in ("#", "@") else PLAIN
        spans += [Span(" " if place else ""), Span(word, style)]
    return spans


def _file(item: MediaRow) -> list[Span]:
    alt = Span(clip(inert(item.alt), 200)) if item.alt else Span(_("no description"), WARN)
    return [Span(f"[{clip(inert(item.original_name), 24)} {facts(item)}] ", DIM), alt]
