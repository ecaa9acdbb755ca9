"""The last line: the keys that matter where you are. The less important ones go first when there is no room."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from smm_tui.actions import Action
from smm_tui.domain.inert import cells
from smm_tui.i18n import _
from smm_tui.keymap import Keymap
from smm_tui.widgets.line import LineWidget, Span
from smm_tui.widgets.styles import DIM, KEY, PLAIN


class KeyBar(LineWidget):
    """Draws the actions of some scopes. Changes only when they do."""

    def __init__(self, keymap: Keymap, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keymap = keymap
        self._scopes: tuple[str, ...] = ()
        self._typing = False
        self._without: tuple[str, ...] = ()
        self._dim: tuple[str, ...] = ()

    def show(
        self, scopes: Sequence[str], *, typing: bool = False, without: Sequence[str] = (), dim: Sequence[str] = ()
    ) -> None:
        """Show the keys of these scopes but of the actions `without`, and those of `dim` as doing nothing now; while
        one is typing, letters are no keys."""
        keys = (tuple(scopes), typing, tuple(without), tuple(dim))
        if keys != (self._scopes, self._typing, self._without, self._dim):
            self._scopes, self._typing, self._without, self._dim = keys
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """As many keys as there is room for. Not before it is drawn: until then nobody knows how much there is."""
        self._line = tuple(self._spans(self.size.width - 1))
        return super().render_line(y)

    def _spans(self, room: int) -> list[Span]:
        actions = [
            action
            for action in self._keymap.of_scopes(self._scopes)
            if action.rank and action.id not in self._without
        ]
        if self._typing:
            actions = [action for action in actions if len(self._keymap.shown(action)) > 1]
        kept: list[Action] = []
        for action in sorted(actions, key=lambda action: -action.rank):
            width = cells(self._text(action)) + 2
            if width - 2 <= room:
                kept.append(action)
                room -= width
        spans: list[Span] = [Span(" ")]
        kept.sort(key=lambda action: (action.id == "global.help", actions.index(action)))
        for place, action in enumerate(kept):
            key, label = self._keymap.shown(action), _(action.label)
            dim = action.id in self._dim
            spans += [Span("  " if place else ""), Span(key, DIM if dim else KEY)]
            spans.append(Span(f" {label}", DIM if dim else PLAIN))
        return spans

    def _text(self, action: Action) -> str:
        return f"{self._keymap.shown(action)} {_(action.label)}"
