"""The one-line editor of forms, filters and search: steady cursor, one line high, no key of its own for enter."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


def _without_enter(bindings: list[BindingType]) -> list[BindingType]:
    return [binding for binding in bindings if not (isinstance(binding, Binding) and binding.action == "submit")]


class TextInput(Input, inherit_bindings=False):
    """An Input as this program uses it; what enter does is said by the action registry."""

    BINDINGS: ClassVar[list[BindingType]] = _without_enter(Input.BINDINGS)
    DEFAULT_CSS = "TextInput { width: 1fr; height: 1; border: none; padding: 0; scrollbar-size-horizontal: 0; }"

    def __init__(self, value: str = "", **options: Any) -> None:
        super().__init__(value, compact=True, select_on_focus=False, **options)
        self.cursor_blink = False
