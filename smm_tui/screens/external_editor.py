"""Writing a text in the user's own editor, with the screen given back meanwhile."""

from __future__ import annotations

import os
import shlex
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
            with app.suspend():
                status = subprocess.run([*shlex.split(command), str(path)], check=False).returncode  # noqa: S603
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
            raise DataError(
                _("{editor} cannot be used: {reason}.").format(editor=command, reason=error),
                _("Set $EDITOR to the editor you like."),
            ) from error
