"""The workspace as what a command line opens."""

from __future__ import annotations

import gc
import sys

from smm_tui.cli.session import Session
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _


def open_workspace(session: Session) -> int:
    """Show the workspace until the user leaves; the exit status."""
    require_terminal(_("The verbs work without one: `smm-tui --help` names them."))
    # What a start makes is there to stay: looking through it for garbage again and again takes a tenth of the time
    # until the first data. The program turns it on again when they are on the screen.
    gc.disable()
    from smm_tui.app import run

    return run(session.workspace)


def require_terminal(hint: str) -> None:
    """Raises InvalidInput when there is nothing to draw on."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise InvalidInput(_("The workspace needs a terminal, and none is attached."), hint)
