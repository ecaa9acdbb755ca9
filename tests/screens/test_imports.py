"""What is loaded before the first picture: what it shows, and nothing heavy."""

import os
import subprocess
import sys

HEAVY = {"sqlmodel", "sqlalchemy", "httpx", "pydantic", "alembic", "PIL", "cryptography", "keyring"}
NEEDLESS = {"click", "regex", "dateutil", "tomllib", "sysconfig", "hashlib", "getpass"}
"""Light, but each costs as much as painting a line or more, and the first picture needs none of them."""

BUDGET = """
    __main__ actions app bootstrap glyphs i18n keymap lanes paths settings
    cli cli.entry cli.session cli.workspace
    db db.database db.migrate db.reads db.reads.accounts db.reads.messages db.reads.projects db.reads.records
    db.reads.today db.sqlite
    formats
    domain domain.clock domain.errors domain.inert domain.searching domain.states domain.text domain.zones
    screens screens.base screens.desk screens.keyed screens.list_screen screens.today screens.type_ahead
    services services.account_queries services.lease services.project_queries services.records services.today
    terminal terminal.cells terminal.encoder terminal.frame_diff terminal.guard terminal.pacing terminal.pictures
    terminal.profile
    widgets widgets.key_bar widgets.line widgets.status_line widgets.styles widgets.tab_bar widgets.time_left
    widgets.windowed_list
"""

START = """
import os, sys
import smm_tui.__main__
from smm_tui.cli import workspace

def begin():
    from smm_tui.app import WorkspaceApp

    def painted(app, screen, update):
        if update is not None:
            print("loaded", *sys.modules, flush=True)
            os._exit(0)

    WorkspaceApp._display = painted

workspace.require_terminal = lambda hint: begin()
sys.argv[1:] = ["--data", sys.argv[1]]
smm_tui.__main__.main()
"""


def loaded_by(code: str, *arguments: str, **environ: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env={**os.environ, **environ}
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.partition("loaded")[2].split())


def test_a_start_loads_what_the_first_picture_shows_and_no_more(desk):
    folder = str(desk.workspace.settings.paths.data)
    loaded = loaded_by(START, folder, TEXTUAL_DRIVER="textual.drivers.headless_driver:HeadlessDriver")
    own = {name.removeprefix("smm_tui.") for name in loaded if name.startswith("smm_tui.")}
    assert "screens.today" in own
    assert sorted(own - set(BUDGET.split())) == []
    assert sorted(loaded & (HEAVY | NEEDLESS)) == []


def test_the_main_screens_need_nothing_heavy():
    screens = "smm_tui.screens.today, smm_tui.screens.projects, smm_tui.screens.deliveries, smm_tui.screens.calendar"
    loaded = loaded_by(f"import sys, smm_tui.app, {screens}; print('loaded', *sys.modules)")
    assert not {name.partition(".")[0] for name in loaded} & HEAVY


def test_the_declarations_need_no_textual():
    loaded = loaded_by("import sys, smm_tui.actions, smm_tui.keymap, smm_tui.glyphs; print('loaded', *sys.modules)")
    assert "smm_tui.keymap" in loaded
    assert "textual" not in loaded
