"""The line one types a filter in; every letter works at once."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from textual import on
from textual.widgets import Input

from smm_tui.i18n import _


class FilterLine(Input):
    """Filters the screen it is on through its `set_filter`, `close_filter` and `focus_main`."""

    SCOPE: ClassVar[str] = "filter"
    DEFAULT_CSS = "FilterLine { width: 1fr; height: 1; border: none; padding: 0 1; }"

    def __init__(self, text: str) -> None:
        super().__init__(text, placeholder=_("filter"), compact=True, select_on_focus=False)
        self.cursor_blink = False

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        cast(Any, self.screen).set_filter(event.value)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()

    def action_keep(self) -> None:
        """Back to the rows, filtered as they are."""
        if self.value:
            cast(Any, self.screen).focus_main()
        else:
            self.action_clear()

    def action_clear(self) -> None:
        """Away with the filter."""
        cast(Any, self.screen).close_filter()
