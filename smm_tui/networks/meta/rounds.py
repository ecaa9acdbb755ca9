"""How an inbox that is read list by list takes turns, and what it remembers of each list. Pure.

The lists are newest first. A round looks at every source once, from its newest page back to what the last round knew,
one answer a step. The cursor of a step is JSON: which sources of this round are left, how far the present one is
read, and for each source the newest time seen and the items of its newest page, so that what vanishes is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smm_tui.domain.clock import Instant
from smm_tui.networks import shape
from smm_tui.networks.community import Item, Page
from smm_tui.networks.ports import JSON

REMEMBERED = 100  # items of a source whose vanishing is noticed
STEPS = 200  # answers of one source in one round; the rest is left for good


@dataclass(frozen=True, slots=True)
class Step:
    """What one answer brought; `after` is where the list goes on.

    `newest` and `oldest` are times of the list itself where they are not those of the items; `places` are the times
    by which items stand in it where these are not their own.
    """

    items: tuple[Item, ...]
    after: str = ""
    remembers: bool = False
    newest: Instant = 0
    oldest: Instant | None = None
    places: Mapping[str, Instant] = field(default_factory=dict)


class Round:
    """The turn that a cursor stands for. `source` is None when there is nothing to look at."""

    def __init__(self, cursor: JSON | None, sources: Sequence[str]) -> None:
        held = cursor if isinstance(cursor, dict) else {}
        marks = held.get("marks")
        self._marks: dict[str, Any] = {
            name: mark
            for name, mark in (marks.items() if isinstance(marks, dict) else ())
            if name in sources and isinstance(mark, dict)
        }
        left = held.get("left")
        self._left = [name for name in left if name in sources] if isinstance(left, list) else []
        going = bool(self._left) and isinstance(left, list) and self._left[0] == left[0]
        if not self._left:
            self._left = list(sources)
        self.source = self._left[0] if self._left else None
        self.after = shape.text(held, "after") if going else ""
        self._steps = shape.number(held, "steps", 0) if going else 0
        self._top = shape.number(held, "top", 0) if going else 0
        self._head: dict[str, Any] = shape.inner(held, "head") if going else {}

    @property
    def seen(self) -> Instant:
        """The newest time that the last round knew of this source; 0 in the first one."""
        return shape.number(self._mark, "top", 0)

    @property
    def _mark(self) -> JSON:
        found: JSON = self._marks.get(self.source or "", {})
        return found

    def page(self, step: Step) -> Page:
        """The step as the inbox gives it, and the cursor of the next one."""
        if self.source is None:
            return Page((), {"marks": {}, "left": []})
        times = [item.created_at for item in step.items]
        self._top = max([self._top, step.newest, *times])
        first = not self.after
        gone: tuple[str, ...] = ()
        if step.remembers and first:
            gone = self._vanished(step)
            newest = sorted(step.items, key=lambda item: -item.created_at)[:REMEMBERED]
            self._head = {item.id: step.places.get(item.id, item.created_at) for item in newest}
        oldest = min(times, default=self.seen) if step.oldest is None else step.oldest
        caught_up = oldest < self.seen
        stuck = step.after == self.after or self._steps >= STEPS
        if step.after and not caught_up and not stuck:
            cursor = {
                "marks": self._marks,
                "left": self._left,
                "after": step.after,
                "steps": self._steps + 1,
                "top": self._top,
                "head": self._head,
            }
            return Page(step.items, cursor, more=True, gone=gone)
        mark = {"top": max(self._top, self.seen), "head": self._head}
        left = self._left[1:]
        return Page(step.items, {"marks": {**self._marks, self.source: mark}, "left": left}, bool(left), gone)

    def _vanished(self, step: Step) -> tuple[str, ...]:
        """What the newest page showed last time, should show now, and does not."""
        present = {item.id for item in step.items}
        oldest = 0
        if step.after:
            times = [item.created_at for item in step.items]
            oldest = min(times, default=0) if step.oldest is None else step.oldest
        known = shape.inner(self._mark, "head")
        return tuple(
            name
            for name, created in known.items()
            if name not in present and isinstance(created, int) and created > oldest
        )
