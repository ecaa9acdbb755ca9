"""The place where an answer is written, below its conversation."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import TextArea

from smm_tui.i18n import _
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.styles import BAD, BOLD, DIM
from smm_tui.widgets.text_editor import TextEditor


class _Answered(Protocol):
    def send_answer(self, text: str) -> None: ...
    def keep_answer(self, text: str) -> None: ...
    def measure_answer(self, text: str) -> tuple[int, int]: ...
    def pick_saved(self) -> None: ...
    def edit_outside(self, text: str) -> None: ...
    def close_answer(self) -> None: ...


class AnswerBox(Vertical):
    """An editor under a line that tells to whom it goes, and how long it is as the network counts."""

    SCOPE: ClassVar[str] = "answer"

    def compose(self) -> ComposeResult:
        yield LineWidget(id="to")
        yield TextEditor(id="words")

    def on_mount(self) -> None:
        """Nobody is answered yet."""
        self._to = ""

    @property
    def _desk(self) -> _Answered:
        return cast(_Answered, cast(Any, self.screen))

    @property
    def editor(self) -> TextEditor:
        """Where the words are typed."""
        return self.query_one("#words", TextEditor)

    def begin(self, to: str, text: str) -> None:
        """Write an answer to somebody, with what is there of it already."""
        self._to = to
        self.editor.put(text)
        self._measure()

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self._measure()
        self._desk.keep_answer(self.editor.text)

    def _measure(self) -> None:
        length, limit = self._desk.measure_answer(self.editor.text)
        count = Span(f"{length}/{limit}", BAD if length > limit else DIM)
        self.query_one("#to", LineWidget).say([Span(" "), Span(_("To {name}").format(name=self._to), BOLD),
                                              Span("  "), count])  # fmt: skip

    def action_send(self) -> None:
        """Send it."""
        self._desk.send_answer(self.editor.text)

    def action_editor(self) -> None:
        """Write it in $EDITOR."""
        self._desk.edit_outside(self.editor.text)

    def action_saved(self) -> None:
        """Take a saved reply."""
        self._desk.pick_saved()

    def action_leave(self) -> None:
        """Back to the queue; what was typed is kept."""
        self._desk.close_answer()
