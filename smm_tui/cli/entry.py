"""One command line from beginning to end: where it goes, and what becomes of every way to fail.

A plain start, into the workspace, goes there without Click, which is as slow to import as a screen is to paint.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from smm_tui.cli.session import REFUSED, USAGE, Session
from smm_tui.cli.workspace import open_workspace
from smm_tui.domain.errors import InvalidInput, SmmError
from smm_tui.i18n import _, use_language


def run(arguments: Sequence[str]) -> int:
    """Run one command line; its exit status. Click leaves by itself (SystemExit) when nobody reads the output."""
    use_language(os.environ.get("SMM_TUI_LANGUAGE"))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character must not end the program
    session = Session()
    try:
        _refuse_broken(arguments)
        return _go(arguments, session)
    except SmmError as error:
        session.json |= isinstance(error, InvalidInput) and "--json" in arguments
        session.refuse(error)
        return USAGE if isinstance(error, InvalidInput) else REFUSED
    except Exception as error:  # noqa: BLE001 - the last line of defence: a sentence, and the details in the log
        session.fail("internal", *_recorded(session, error))
        return REFUSED
    finally:
        session.close()


def _go(arguments: Sequence[str], session: Session) -> int:
    match arguments:
        case []:
            return open_workspace(session)
        case ["--data", folder]:
            session.data = folder
            return open_workspace(session)
        case _:
            from smm_tui.cli.root import dispatch

            return dispatch(arguments, session)


def _refuse_broken(arguments: Sequence[str]) -> None:
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            raise InvalidInput(
                _("An argument is not UTF-8 text: {argument}").format(argument=ascii(argument)),
                _("Check the terminal's encoding."),
            ) from error


def _recorded(session: Session, error: Exception) -> tuple[str, str]:
    """The sentence for an error nobody foresaw; its traceback goes to the log, if there is a place for it."""
    import traceback
    from datetime import UTC, datetime

    from smm_tui import __version__

    message = _("Something went wrong inside smm-tui: {error}.").format(error=f"{type(error).__name__}: {error}")
    try:
        path = session.settings.paths.log
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} smm-tui {__version__}\n")
            traceback.print_exception(error, file=log)
    except (OSError, SmmError):
        return message, _("Run `smm-tui doctor`.")
    return message, _("The details are in {path}. `smm-tui doctor` looks for what is wrong.").format(path=path)
