"""Keys take effect in the order in which they were typed, whatever they open.

Textual hands a key to whatever has the focus when the key arrives. On a slow line keys arrive in bursts: after `n`
(new post) and a text, the text would go to the screen below the composer that is still opening, as commands; after
Tab and a password, the password to the field before. So the next key waits until the last one has had its effect.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import events
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from textual.app import App

    Base = App[Any]
else:
    Base = object

PATIENCE = 0.4
"""Seconds that a key waits at most for the one before it: what takes longer than that runs beside the keys."""


class TypeAheadMixin(Base):
    """Goes before ``App`` in the bases of a program."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._typed: deque[events.Event] = deque()
        self._typist: asyncio.Task[None] | None = None

    def tasks_of_keys(self) -> set[asyncio.Task[Any]]:
        """What keys have started and the next key should find done; the program overrides it."""
        return set()

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; keys and pastes that come while one is being handled wait for their turn."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._typist is not None and not self._typist.done():
            self._typed.append(event)
        else:
            way, before = self._way(), self.tasks_of_keys()
            await super().on_event(event)
            self._typist = asyncio.create_task(self._follow(way, before))

    async def all_typed(self) -> None:
        """Wait until every key so far has had its effect."""
        if self._typist is not None:
            await self._typist

    async def _follow(self, way: Sequence[MessagePump], before: set[asyncio.Task[Any]]) -> None:
        """See a key through, then hand out those that came meanwhile, one after the other."""
        await self._seen_through(way, before)
        while self._typed:
            event = self._typed.popleft()
            way, before = self._way(), self.tasks_of_keys()
            await super().on_event(event)
            await self._seen_through(way, before)

    def _way(self) -> Sequence[MessagePump]:
        """Where a key goes: from the focused widget up, from one to the next, until somebody uses it."""
        return (self.focused or self.screen).ancestors_with_self

    async def _seen_through(self, way: Sequence[MessagePump], before: set[asyncio.Task[Any]]) -> None:
        for node in way:
            await _caught_up(node)
        if started := self.tasks_of_keys() - before:
            await asyncio.wait(started, timeout=PATIENCE)
        # What has opened must be there, with its focus, to take the next key.
        await _caught_up(self.screen)
        await _caught_up(self)
        if self.focused is not None:
            await _caught_up(self.focused)


async def _caught_up(node: MessagePump) -> None:
    """Wait until a widget has handled everything it has been sent so far."""
    if not node.is_running or node._closing:
        return
    handled = asyncio.Event()
    if node.call_later(handled.set):
        try:
            await asyncio.wait_for(handled.wait(), PATIENCE)
        except TimeoutError:
            return
