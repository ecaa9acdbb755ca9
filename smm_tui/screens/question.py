"""The question before something dangerous: what will be done, to how many, for whom, whether `u` takes it back."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from smm_tui.domain.inert import inert
from smm_tui.screens.panel import Panel


class Question(Panel[bool]):
    """Yes or no; enter is neither, so that nobody confirms by habit."""

    SCOPE = "dialog"

    def __init__(self, title: str, sentences: Sequence[str]) -> None:
        super().__init__(title)
        self._sentences = tuple(sentences)

    def body(self) -> ComposeResult:
        yield Static(Content("\n".join(inert(sentence) for sentence in self._sentences if sentence)))

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(True)

    def action_no(self) -> None:
        """Leave it."""
        self.dismiss(False)
