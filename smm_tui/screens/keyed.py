"""Keys to actions: what every screen and every box over a screen does with a key press."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar, cast

from textual import events
from textual.dom import DOMNode
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from smm_tui.actions import Action
from smm_tui.i18n import _
from smm_tui.keymap import Keymap, key_name
from smm_tui.screens.desk import Desk

Result = TypeVar("Result")

_HINT_PAUSE = 0.5
"""Seconds after the first key of a chord until the possible next keys are shown."""


class KeyedScreen(Screen[Result]):
    """A screen whose keys come from the action registry.

    Who takes an action: the focused widget, the widgets around it, the screen, the program, in this order; each with
    a class attribute ``SCOPE`` and a method ``action_<verb>`` for every action of that scope. The method may be a
    coroutine: then it runs beside the screen, and should take what it needs of the screen's state first. Where an
    action cannot be done now, ``unavailable(verb)`` of the same object returns the reason as a sentence.
    """

    SCOPE: ClassVar[str] = ""
    GLOBAL: ClassVar[bool] = True
    """Whether keys that hold everywhere hold here."""
    AUTO_FOCUS = ""

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._pressed: list[str] = []
        self._hint_timer: Timer | None = None

    @property
    def desk(self) -> Desk:
        """What all screens share."""
        return cast(Desk, cast(Any, self.app).desk)

    @property
    def keymap(self) -> Keymap:
        """The user's keys."""
        return self.desk.keymap

    def targets(self) -> dict[str, DOMNode]:
        """Who takes the actions of each scope that is in force, the nearest to the focus first."""
        found: dict[str, DOMNode] = {}
        for node in (self.focused or self).ancestors_with_self:
            scope = getattr(node, "SCOPE", "")
            if scope and (self.GLOBAL or node is not self.app):
                found.setdefault(scope, node)
        return found

    def scopes(self) -> Sequence[str]:
        """The scopes in force, the nearest first."""
        return tuple(self.targets())

    @property
    def typing(self) -> bool:
        """Whether the focus is where letters are typed."""
        return self.focused is not None and self.focused.check_consume_key("a", "a")

    def reason_against(self, action: Action) -> str:
        """Why an action cannot be done now; empty if it can."""
        target = self.targets().get(action.scope)
        if target is None:
            return _("That key works elsewhere.")
        reason = getattr(target, "unavailable", None)
        return str(reason(action.verb)) if reason is not None else ""

    def run(self, action: Action, key: str = "") -> None:
        """Do an action, or say why not."""
        if reason := self.reason_against(action):
            self.desk.say(reason)
            return
        if action.scope != "list":
            self.desk.say("")
        method = getattr(self.targets()[action.scope], f"action_{action.verb}")
        try:
            result = method(key) if action.takes_key else method()
        except Exception as error:  # noqa: BLE001 - every error of an action becomes a sentence
            self.desk.say_error(error)
            return
        if inspect.iscoroutine(result):
            self.desk.start(result)

    async def on_key(self, event: events.Key) -> None:
        """Find the action of a key and run it; keys that the focused widget uses itself are left to it."""
        focused = self.focused
        if focused is not None and focused._bindings.key_to_bindings.get(event.key) and not self._pressed:
            return
        key = key_name(event.key, event.character)
        if key in ("tab", "shift+tab"):
            return
        event.stop()
        event.prevent_default()
        if not self.accepts(key):
            return
        if key == "esc" and self._pressed:
            self._forget_chord()
            return
        pressed = [*self._pressed, key]
        scopes = self.scopes()
        if action := self.keymap.find(scopes, pressed):
            self._forget_chord()
            self.run(action, key)
        elif self.keymap.following(scopes, pressed):
            self._pressed = pressed
            if self._hint_timer is not None:
                self._hint_timer.stop()
            self._hint_timer = self.set_timer(_HINT_PAUSE, self._show_hint)
        elif self._pressed:
            self._forget_chord()
            self.desk.say(_("{keys} does nothing here.").format(keys=" ".join(pressed)))

    def accepts(self, key: str) -> bool:
        """Whether keys do anything now."""
        return True

    def show_hint(self, text: str) -> None:
        """Show which keys may follow; an empty text ends it."""

    def _show_hint(self) -> None:
        following = self.keymap.following(self.scopes(), self._pressed)
        if self._pressed and following:
            choices = "   ".join(f"{key} {_(action.label)}" for key, action in following.items())
            self.show_hint(f"{' '.join(self._pressed)}:  {choices}")

    def _forget_chord(self) -> None:
        if self._hint_timer is not None:
            self._hint_timer.stop()
            self._hint_timer = None
        if self._pressed:
            self._pressed = []
            self.show_hint("")


def focus_quietly(widget: Widget) -> None:
    """Give a widget the focus without scrolling anything."""
    widget.focus(scroll_visible=False)
