"""What is loaded before the first picture: nothing heavy."""

import subprocess
import sys

HEAVY = ("sqlmodel", "sqlalchemy", "httpx", "pydantic", "alembic", "PIL", "cryptography", "keyring")


def loaded_by(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_first_picture_needs_nothing_heavy():
    code = "import smm_tui.app, smm_tui.screens.projects, smm_tui.screens.deliveries, smm_tui.screens.calendar"
    assert not loaded_by(code) & set(HEAVY)


def test_the_declarations_need_no_textual():
    assert "textual" not in loaded_by("import smm_tui.actions, smm_tui.keymap, smm_tui.glyphs")
