"""The question before something dangerous: what will be done, to how many, for whom, whether `u` takes it back."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from smm_tui.domain.errors import WrongClient
from smm_tui.domain.inert import inert
from smm_tui.i18n import _
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


SHOWN = 8
"""So many sentences have room."""


class WrongClientQuestion(Panel[bool]):
    """What looks like another client's, said in full; only a deliberate key lets it pass."""

    SCOPE = "foreign"

    def __init__(self, error: WrongClient) -> None:
        super().__init__(_("Is this another client's?"))
        self._error = error

    def body(self) -> ComposeResult:
        sentences = self._error.sentences
        lines = [inert(sentence) for sentence in sentences[:SHOWN]]
        if len(sentences) > SHOWN:
            lines.append(_("{count} more").format(count=len(sentences) - SHOWN))
        lines += ["", _("Nothing was sent. What is this client's too belongs in its brief; then nobody asks again.")]
        yield Static(Content("\n".join(lines)))

    def action_let_pass(self) -> None:
        """It is right as it is."""
        self.dismiss(True)

    def action_no(self) -> None:
        """Stop it."""
        self.dismiss(False)
