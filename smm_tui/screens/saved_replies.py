"""Choosing a saved reply: type some of its letters, in their order; enter takes it."""

from __future__ import annotations

from collections.abc import Sequence

from textual.fuzzy import FuzzySearch

from smm_tui.i18n import _
from smm_tui.screens.picker import Picker
from smm_tui.services.saved_replies import SavedReply
from smm_tui.widgets.line import Span
from smm_tui.widgets.styles import DIM
from smm_tui.widgets.windowed_list import Cells


class SavedReplies(Picker[SavedReply]):
    """The saved replies of a project and everybody's, until something is typed those that a rule suggests first, then
    the most used."""

    SCOPE = "saved"

    def __init__(self, project_id: int, suggested: Sequence[str] = (), *, key: str) -> None:
        """`suggested`: names that rules suggest for what is answered; they come first. `key`:
        what goes to where they are kept."""
        super().__init__(
            _("Saved replies"),
            placeholder=_("type some letters of it"),
            nothing=_("No saved reply is like that. {key} keeps one.").format(key=key),
        )
        self._project_id = project_id
        self._suggested = suggested
        self._replies: Sequence[SavedReply] | None = None
        self._search = FuzzySearch()

    async def find(self, text: str) -> Sequence[SavedReply]:
        if self._replies is None:
            project_id = self._project_id
            found = await self.desk.read(lambda w: w.saved_replies.of_project(project_id))
            self._replies = sorted(found, key=lambda reply: reply.name not in self._suggested)
        letters = "".join(text.split())
        if not letters:
            return self._replies
        scored = [(self._score(letters, reply), reply) for reply in self._replies]
        return [reply for score, reply in sorted(scored, key=lambda one: -one[0]) if score]

    def _score(self, letters: str, reply: SavedReply) -> float:
        """What fits the name comes before what fits the text only."""
        return 10 * self._search.match(letters, reply.name)[0] or self._search.match(letters, reply.text[:200])[0]

    def cells(self, thing: SavedReply) -> Cells:
        return thing.name, Span(thing.text, DIM)
