"""Writing a text in the user's own editor, with the screen given back meanwhile."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from pathlib import Path

from textual.app import App, SuspendNotSupported

from smm_tui.domain.errors import DataError
from smm_tui.i18n import _


def edited(app: App[object], text: str) -> str:
    """The text as the editor of $VISUAL or $EDITOR left it; DataError when there is none or it failed."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="smm-tui-") as folder:  # readable by the user alone
        path = Path(folder, "post.txt")
        path.write_text(text, encoding="utf-8")
        try:
            status = _run(app, [*shlex.split(command), str(path)])
            if status:
                raise DataError(
                    _("{editor} ended with status {status}; the text stays as it was.").format(
                        editor=command, status=status
                    )
                )
            # An editor ends every file with a line end; the text of a post has none.
            return path.read_text(encoding="utf-8").rstrip("\n")
        except SuspendNotSupported as error:
            raise DataError(_("There is no terminal here that another program could use.")) from error
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else "") or error
            raise DataError(
                _("{editor} cannot be used: {reason}.").format(editor=command, reason=reason),
                _("Set $EDITOR to the editor you like."),
            ) from error


def _run(app: App[object], command: list[str]) -> int:
    """Run a program on the terminal, to its status.

    ctrl+c is the editor's while it runs, as in system(3). An error waits until the screen is back: what is raised
    while Textual is suspended leaves it so for ever.
    """
    failure: OSError | None = None
    status = 0
    with app.suspend():
        before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
        try:
            status = subprocess.run(command, check=False).returncode  # noqa: S603
        except OSError as error:
            failure = error
        finally:
            signal.signal(signal.SIGINT, before)
    if failure is not None:
        raise failure
    return status
