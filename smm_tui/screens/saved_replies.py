"""Choosing a saved reply: type some of its letters, in their order; enter takes it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.fuzzy import FuzzySearch

from smm_tui.i18n import _
from smm_tui.screens.keyed import focus_quietly
from smm_tui.screens.panel import Panel
from smm_tui.services.saved_replies import SavedReply
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import DIM
from smm_tui.widgets.text_input import TextInput
from smm_tui.widgets.windowed_list import Column, WindowedList


class SavedReplies(Panel[SavedReply]):
    """The saved replies of a project and everybody's, the most used first until something is typed."""

    SCOPE = "saved"
    DEFAULT_CSS = """
    SavedReplies #box { height: 60%; min-height: 14; width: 100%; }
    SavedReplies WindowedList { height: 1fr; margin-top: 1; }
    """

    def __init__(self, project_id: int) -> None:
        super().__init__(_("Saved replies"))
        self._project_id = project_id
        self._replies: Sequence[SavedReply] = ()
        self._search = FuzzySearch()

    def body(self) -> ComposeResult:
        yield TextInput(placeholder=_("type some letters of it"))
        yield WindowedList(
            (Column("", 14, weight=1), Column("", 40, weight=4)),
            glyphs=self.desk.glyphs,
            header=False,
            selectable=False,
            always_active=True,
            nothing=_("No saved reply is like that. `smm-tui inbox saved add` makes one."),
            id="list",
        )

    def on_mount(self) -> None:
        """Fetch them."""
        super().on_mount()
        focus_quietly(self.query_one(TextInput))
        self.desk.start(self._load())

    async def _load(self) -> None:
        project_id = self._project_id
        self._replies = await self.desk.read(lambda w: w.saved_replies.of_project(project_id))
        if self.is_mounted:
            self._narrow(self.query_one(TextInput).value)

    @property
    def list(self) -> WindowedList:
        """The replies."""
        return self.query_one(WindowedList)

    @on(TextInput.Changed)
    def _typed(self, event: TextInput.Changed) -> None:
        event.stop()
        self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        letters = "".join(text.split())
        found = range(len(self._replies))
        if letters:
            scores = {n: self._score(letters, self._replies[n]) for n in found}
            places = sorted((n for n in found if scores[n]), key=lambda n: -scores[n])
        else:
            places = list(found)
        self.list.show(
            places, {n: (self._replies[n].name, Span(self._replies[n].text, DIM)) for n in places}
        )  # fmt: skip
        self.list.action_first()

    def _score(self, letters: str, reply: SavedReply) -> float:
        """What fits the name comes before what fits the text only."""
        return 10 * self._search.match(letters, reply.name)[0] or self._search.match(letters, reply.text[:200])[0]

    def action_take(self) -> None:
        """Take the one under the cursor."""
        if self.list.current is not None:
            self.dismiss(self._replies[self.list.current])

    def action_down(self) -> None:
        """Next row."""
        self.list.action_down()

    def action_up(self) -> None:
        """Row before."""
        self.list.action_up()

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
