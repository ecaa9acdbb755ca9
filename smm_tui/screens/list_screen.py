"""A screen that is about one list: cursor, filter and selection, and what `esc` does with them."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from textual.widget import Widget

from smm_tui.i18n import _
from smm_tui.screens.base import WorkspaceScreen
from smm_tui.widgets.windowed_list import WindowedList

State = TypeVar("State")


class ListScreen(WorkspaceScreen[State]):
    """The list is the WindowedList with the id ``list`` in `body`."""

    FILTERS: ClassVar[bool] = True

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._bookmark: Any = None

    def on_mount(self) -> None:
        """Tell the place in the list with every step."""
        self.list.on_move = self.show_position
        super().on_mount()

    @property
    def list(self) -> WindowedList:
        """The list."""
        return self.query_one("#list", WindowedList)

    def main_widget(self) -> Widget:
        return self.list

    def leave(self) -> bool:
        if self.list.clear_selection():
            return True
        return super().leave()

    def bookmark(self) -> Any:
        return self.list.current

    def return_to(self, bookmark: Any) -> None:
        self._bookmark = bookmark

    def set_filter(self, text: str) -> None:
        super().set_filter(text)
        self.show_position()

    def wanted(self) -> None:
        """Put the cursor where the user was before the restart, once; call it before the list is shown."""
        if self._bookmark is not None:
            self.list.want(self._bookmark)
            self._bookmark = None

    def show_position(self) -> None:
        """Where one stands, in the status line."""
        listed = self.list
        parts = [_("{place} of {count}").format(place=listed.position + 1, count=len(listed))]
        if listed.selected:
            parts.append(_("{count} selected").format(count=listed.selected))
        if self.filter_text:
            parts.append(_("filter: {text}").format(text=self.filter_text))
        self.summarise(f" {self.desk.glyphs.separator} ".join(parts) if len(listed) else "")
