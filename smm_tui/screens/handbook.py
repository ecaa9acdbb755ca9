"""The handbook, opened at the chapter of the screen one comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from smm_tui.bootstrap import Workspace
from smm_tui.handbook import CHAPTERS, chapter_for
from smm_tui.i18n import _
from smm_tui.screens.desk import Job
from smm_tui.screens.reading import ReadingScreen, wrapped
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import BOLD, DIM


class HandbookState(NamedTuple):
    """Which chapter is open."""

    chapter: int


class HandbookScreen(ReadingScreen[HandbookState]):
    """One chapter at a time."""

    SCOPE = "handbook"
    CLIENTS: ClassVar[bool] = False

    def __init__(self, scope: str) -> None:
        super().__init__()
        self._chapter = chapter_for(scope)

    def request(self) -> Job[HandbookState]:
        state = HandbookState(self._chapter)

        def job(_w: Workspace) -> HandbookState:
            return state

        return job

    def lines(self, state: HandbookState, width: int) -> Iterator[Span]:
        chapter = CHAPTERS[state.chapter]
        yield Span(_(chapter.title), BOLD)
        for paragraph in chapter.paragraphs:
            yield Span("")
            yield from wrapped(_(paragraph), min(width, 90))
        yield Span("")
        place = _("Chapter {place} of {count}").format(place=state.chapter + 1, count=len(CHAPTERS))
        yield Span(place, DIM)

    def bookmark(self) -> dict[str, str]:
        return {"scope": CHAPTERS[self._chapter].scope}

    def action_next(self) -> None:
        """The next chapter."""
        self._turn(1)

    def action_previous(self) -> None:
        """The chapter before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        self._chapter = (self._chapter + by) % len(CHAPTERS)
        self.list.action_first()
        self.reload()
