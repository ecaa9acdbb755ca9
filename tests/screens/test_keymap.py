"""Keys to actions, the user's own keys, other keyboard layouts."""

from hypothesis import given
from hypothesis import strategies as st

from smm_tui.actions import ACTIONS
from smm_tui.keymap import Keymap, key_name, latin

HERE = ("list", "projects", "global")


def found(keymap, *pressed, scopes=HERE):
    action = keymap.find(scopes, pressed)
    return action.id if action else None


def test_keys_and_chords():
    keymap = Keymap()
    assert found(keymap, "j") == "list.down"
    assert found(keymap, "n") == "projects.new"
    assert found(keymap, "g", "p") == "global.projects"
    assert found(keymap, "g") is None
    assert {"p", "g"} <= set(keymap.following(HERE, ["g"]))
    assert found(keymap, "g", "x") is None


def test_letters_answer_by_position_on_a_cyrillic_layout():
    keymap = Keymap()
    assert found(keymap, "о") == "list.down"  # where j is
    assert found(keymap, "п", "з") == "global.projects"
    assert found(keymap, "П") == "list.last"
    assert latin("Ц") == "W"


def test_the_users_keys_replace_the_declared_ones():
    keymap = Keymap({"projects.new": "N, ctrl+n", "list.down": "J"})
    assert not keymap.problems
    assert found(keymap, "N") == found(keymap, "ctrl+n") == "projects.new"
    assert found(keymap, "n") is None
    assert found(keymap, "j") is None
    assert keymap.shown(keymap.actions["projects.new"]) == "N"


def test_wrong_overrides_are_explained_and_leave_the_default():
    keymap = Keymap(
        {
            "projects.nwe": "x",
            "projects.new": "e",
            "projects.edit": "ctrl+m",
            "projects.archive": "alt+d",
            "global.undo": "",
            "global.redo": "g",
        }
    )
    problems = "\n".join(keymap.problems)
    assert "did you mean projects.new" in problems
    assert "e already belongs to projects.edit" in problems
    assert "ctrl+m cannot be used" in problems
    assert "alt+d cannot be used" in problems
    assert "a key is missing" in problems
    assert "global.redo" in problems
    assert len(keymap.problems) == 6
    assert found(keymap, "n") == "projects.new"


def test_names_of_key_presses():
    assert key_name("question_mark", "?") == "?"
    assert key_name("G", "G") == "G"
    assert key_name("space", " ") == "space"
    assert key_name("escape", "\x1b") == "esc"
    assert key_name("enter", "\r") == "enter"
    assert key_name("ctrl+p", "\x10") == "ctrl+p"
    assert key_name("pagedown", None) == "pagedown"


@given(st.lists(st.sampled_from(ACTIONS), unique=True), st.data())
def test_no_override_makes_a_key_mean_two_things(actions, data):
    keys = st.sampled_from(["x", "y", "g", "g g", "ctrl+x", "j", "ч", "Q"])
    keymap = Keymap({action.id: data.draw(keys) for action in actions})
    for scope in {action.scope for action in ACTIONS}:
        used = [key for action in ACTIONS if action.scope == scope for key in keymap.keys(action.id)]
        assert len(used) == len(set(used))
