"""The declarations hold together: every action has its handler, no key means two things in one place."""

import importlib
import pkgutil
from collections import Counter

import pytest

import smm_tui.screens
import smm_tui.widgets
from smm_tui.actions import ACTIONS, SCOPES
from smm_tui.app import MAIN, WorkspaceApp
from smm_tui.keymap import unusable
from smm_tui.screens.calendar import CalendarScreen
from smm_tui.screens.composer import ComposerScreen


def scopes_of_classes() -> dict[str, list[type]]:
    found: dict[str, list[type]] = {"global": [WorkspaceApp], "carry": [CalendarScreen], "media": [ComposerScreen]}
    for package in (smm_tui.screens, smm_tui.widgets):
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            for item in vars(importlib.import_module(module.name)).values():
                if isinstance(item, type) and item.__dict__.get("SCOPE") and item not in found.get(item.SCOPE, []):
                    found.setdefault(item.SCOPE, []).append(item)
    return found


OWNERS = scopes_of_classes()


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_a_handler(action):
    assert action.scope in SCOPES
    assert action.scope in OWNERS
    for owner in OWNERS[action.scope]:
        assert callable(getattr(owner, f"action_{action.verb}", None)), f"{owner.__name__} lacks {action.verb}"


def test_every_scope_has_actions_and_a_title():
    assert {action.scope for action in ACTIONS} == set(SCOPES) == set(OWNERS)


def test_names_are_unique():
    assert not [name for name, count in Counter(action.id for action in ACTIONS).items() if count > 1]


@pytest.mark.parametrize("scope", SCOPES)
def test_no_key_means_two_things_in_one_place(scope):
    keys = [key for action in ACTIONS if action.scope == scope for key in action.keys]
    assert not [key for key, count in Counter(keys).items() if count > 1]
    assert not [(key, other) for key in keys for other in keys if other.startswith(key + " ")]


@pytest.mark.parametrize("scope", [name for name in MAIN if name in SCOPES])
def test_a_main_screen_leaves_the_keys_that_hold_everywhere_alone(scope):
    everywhere = {key for action in ACTIONS if action.scope == "global" for key in action.keys}
    first = {key.split(" ")[0] for key in everywhere}
    here = {key for action in ACTIONS if action.scope == scope for key in action.keys}
    assert not here & (everywhere | first)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_keys_reach_the_program_everywhere(action):
    """No AltGr of a Hungarian keyboard, no alias of enter, tab, backspace or escape, none that a multiplexer eats."""
    for chord in action.keys:
        for key in chord.split(" "):
            assert not unusable(key), key
            assert not set(key) & set("[]{}@\\~^") or len(key) > 1, key


def test_main_screens_have_a_key():
    ids = {action.id for action in ACTIONS}
    assert all(f"global.{name}" in ids for name in MAIN)
