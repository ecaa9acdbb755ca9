"""The line one types a filter in; every letter works at once."""

from __future__ import annotations

from typing import ClassVar, Protocol, cast

from textual import on

from smm_tui.i18n import _
from smm_tui.widgets.text_input import TextInput


class _Filtered(Protocol):
    def set_filter(self, text: str) -> None: ...
    def close_filter(self) -> None: ...
    def focus_main(self) -> None: ...


class FilterLine(TextInput):
    """Filters the screen it is on, through its `set_filter`, `close_filter` and `focus_main`."""

    SCOPE: ClassVar[str] = "filter"
    DEFAULT_CSS = "FilterLine { padding: 0 1; }"

    def __init__(self, text: str) -> None:
        super().__init__(text, placeholder=_("type what to look for"))

    @property
    def _filtered(self) -> _Filtered:
        return cast(_Filtered, self.screen)

    @on(TextInput.Changed)
    def _typed(self, event: TextInput.Changed) -> None:
        event.stop()
        self._filtered.set_filter(event.value)

    def action_keep(self) -> None:
        """Back to the rows, filtered as they are."""
        if self.value:
            self._filtered.focus_main()
        else:
            self.action_clear()

    def action_clear(self) -> None:
        """Away with the filter."""
        self._filtered.close_filter()
