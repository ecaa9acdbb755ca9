"""Which key does what: the declared actions with the user's own keys, for any keyboard layout."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

from smm_tui.actions import ACTIONS, Action
from smm_tui.i18n import _

# Where a letter of a Cyrillic keyboard stands on a Latin one: keys answer by position, whatever the layout.
_CYRILLIC = dict(zip("йцукенгшщзхъфывапролджэячсмитьбюіўєї", "qwertyuiop[]asdfghjkl;'zxcvbnm,.so']", strict=True))
_LATIN = _CYRILLIC | {cyrillic.upper(): latin.upper() for cyrillic, latin in _CYRILLIC.items() if latin.isalpha()}

_NAMES = {"escape": "esc", " ": "space", "return": "enter", "page_up": "pageup", "page_down": "pagedown"}
_PRINTABLE_NAMES = {"comma": ",", "plus": "+"}  # what separates or joins keys has a name, to be written in settings
_DEAF = {
    **dict.fromkeys(("ctrl+m", "ctrl+i", "ctrl+h", "ctrl+[", "ctrl+j"), "terminals send it as another key"),
    **dict.fromkeys(("ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q", "ctrl+z"), "terminals and multiplexers keep it"),
}


def key_name(key: str, character: str | None) -> str:
    """The name of a key press, from Textual's key and the character it types, if any."""
    if character is not None and character.isprintable() and "+" not in key.removeprefix("shift+")[:-1]:
        return _NAMES.get(character, character)
    return _NAMES.get(key, key)


def latin(key: str) -> str:
    """The key at the same place of a Latin keyboard."""
    return _LATIN.get(key, key)


class Keymap:
    """Actions by their keys. `problems` are sentences about overrides that could not be followed."""

    def __init__(self, overrides: Mapping[str, str] | None = None, actions: Iterable[Action] = ACTIONS) -> None:
        self.actions = {action.id: action for action in actions}
        self._keys = {action.id: action.keys for action in self.actions.values()}
        self.problems: list[str] = []
        for action_id, text in (overrides or {}).items():
            self._override(action_id, str(text))
        self._scopes: dict[str, dict[str, Action]] = {}
        for action in self.actions.values():
            table = self._scopes.setdefault(action.scope, {})
            for key in self._keys[action.id]:
                table[key] = action

    def keys(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action, the first one the one to show."""
        return self._keys[action_id]

    def shown(self, action: Action) -> str:
        """The keys as a key bar writes them."""
        keys = self._keys[action.id]
        if keys == action.keys and action.shown:
            return action.shown
        return keys[0].replace(" ", "") if keys else ""

    def find(self, scopes: Sequence[str], pressed: Sequence[str]) -> Action | None:
        """The action of the keys pressed one after the other, in the first scope that knows them."""
        for chord in _readings(pressed):
            for scope in scopes:
                if action := self._scopes.get(scope, {}).get(chord):
                    return action
        return None

    def following(self, scopes: Sequence[str], pressed: Sequence[str]) -> dict[str, Action]:
        """What may be pressed next, if `pressed` begins a chord."""
        found: dict[str, Action] = {}
        for chord in _readings(pressed):
            for scope in scopes:
                for keys, action in self._scopes.get(scope, {}).items():
                    if keys.startswith(chord + " "):
                        found.setdefault(keys[len(chord) + 1 :], action)
        return found

    def of_scopes(self, scopes: Sequence[str]) -> list[Action]:
        """The actions that can be reached by key in these scopes, each scope in the order of its declaration."""
        reached: list[Action] = []
        for scope in scopes:
            reached += [
                action
                for action in dict.fromkeys(self._scopes.get(scope, {}).values())
                if any(self.find(scopes, key.split(" ")) is action for key in self._keys[action.id])
            ]
        return reached

    def _override(self, action_id: str, text: str) -> None:
        action = self.actions.get(action_id)
        if action is None:
            near = difflib.get_close_matches(action_id, self.actions, n=1)
            self.problems.append(
                _("[keys] {id}: there is no such action; did you mean {near}?").format(id=action_id, near=near[0])
                if near
                else _("[keys] {id}: there is no such action.").format(id=action_id)
            )
            return
        keys = tuple(" ".join(_PRINTABLE_NAMES.get(key, key) for key in chord.split()) for chord in text.split(","))
        if not all(keys):
            self.problems.append(_("[keys] {id}: a key is missing.").format(id=action_id))
            return
        for key in keys:
            for part in key.split(" "):
                if part in _DEAF or part.startswith("alt+"):
                    self.problems.append(
                        _("[keys] {id}: {key} cannot be used, terminals do not pass it on.").format(
                            id=action_id, key=part
                        )
                    )
                    return
            if other := self._taken(action, key):
                self.problems.append(
                    _("[keys] {id}: {key} already belongs to {other}; give that one another key first.").format(
                        id=action_id, key=key, other=other.id
                    )
                )
                return
        self._keys[action_id] = keys

    def _taken(self, action: Action, key: str) -> Action | None:
        """The action of the same scope whose keys are these, begin with these, or are their beginning."""
        for other in self.actions.values():
            if other.scope != action.scope or other is action:
                continue
            for taken in self._keys[other.id]:
                if taken == key or taken.startswith(key + " ") or key.startswith(taken + " "):
                    return other
        return None


def unusable(key: str) -> bool:
    """Whether some terminals, multiplexers or layouts never pass this key on."""
    return key in _DEAF or key.startswith(("alt+", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9"))


def _readings(pressed: Sequence[str]) -> list[str]:
    """The keys as typed, and as they stand on a Latin keyboard."""
    typed = " ".join(pressed)
    by_position = " ".join(latin(key) for key in pressed)
    return [typed] if typed == by_position else [typed, by_position]
