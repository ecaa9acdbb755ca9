"""``smm-tui demo``: the program in a world of its own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from smm_tui.cli.session import DONE, REFUSED, WAITING, Session
from smm_tui.cli.verbs import Verb, line_option, pass_session
from smm_tui.cli.workspace import require_terminal
from smm_tui.i18n import _


@click.command(cls=Verb, help=_("A sandbox world with six clients. It never touches your own data."))
@click.option("--headless", is_flag=True, help=_("Walk the main job without a screen, and print what happened."))
@click.option("--reset", is_flag=True, help=_("Begin anew."))
@pass_session
def demo(session: Session, headless: bool, reset: bool) -> int:
    folder = session.settings.paths.data / "demo"
    if headless:
        return _walk(session, folder)
    require_terminal(_("`smm-tui demo --headless` shows the same without one."))
    from smm_tui.sandbox.demo import bring_due, demo_settings, prepare

    prepare(folder, reset=reset, bring_due_now=False)
    from smm_tui.app import run
    from smm_tui.bootstrap import Workspace

    workspace = Workspace(session.drawn(demo_settings(folder)))
    try:
        return run(workspace, bring_due)
    finally:
        workspace.close()


demo.params.append(line_option())


def _walk(session: Session, folder: Path) -> int:
    from smm_tui.sandbox.demo.walk import headless

    result = headless(folder, session.say if session.json else session.tell)
    session.show({"ok": result.ok, "waiting": result.waiting, "steps": [asdict(step) for step in result.steps]})
    if not result.ok:
        return REFUSED
    return WAITING if result.waiting else DONE
