"""What every command answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done, in the user's words, to how many things; `undo` is the step that takes it back, if any."""

    message: str
    count: int = 1
    undo: int | None = None
    ids: tuple[int, ...] = ()
