"""The one-line editor of forms, filters and search: steady cursor, one line high, no key of its own for enter."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

# Enter is the form's or the list's; the others are keys of the composer wherever one types there.
_NOT_OURS = {"enter", "ctrl+d", "ctrl+e", "ctrl+x"}


def _bindings() -> list[BindingType]:
    kept: list[BindingType] = []
    for binding in Input.BINDINGS:
        if isinstance(binding, Binding):
            keys = [key for key in binding.key.split(",") if key not in _NOT_OURS]
            if keys:
                kept.append(Binding(",".join(keys), binding.action, show=False))
    return kept


class TextInput(Input, inherit_bindings=False):
    """An Input as this program uses it; what enter does is said by the action registry."""

    BINDINGS: ClassVar[list[BindingType]] = _bindings()
    DEFAULT_CSS = "TextInput { width: 1fr; height: 1; border: none; padding: 0; scrollbar-size-horizontal: 0; }"

    def __init__(self, value: str = "", **options: Any) -> None:
        super().__init__(value, compact=True, select_on_focus=False, **options)
        self.cursor_blink = False
