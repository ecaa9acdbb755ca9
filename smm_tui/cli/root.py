"""The root of the command line: which verbs there are, and what becomes of every way to fail."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime

import click

import smm_tui
from smm_tui.cli.session import DONE, REFUSED, USAGE, Session
from smm_tui.cli.verbs import LazyGroup
from smm_tui.domain.errors import InvalidInput, SmmError
from smm_tui.i18n import N_, _, use_language

VERBS = {
    "demo": ("demo", N_("A sandbox world with six clients, to look around in.")),
    "status": ("status", N_("What waits, and whether a person is needed.")),
    "doctor": ("doctor", N_("What is wrong here, and how to mend it.")),
    "worker": ("worker", N_("Publish what is due.")),
    "project": ("project", N_("Clients: add, list, show, edit, archive.")),
    "account": ("account", N_("Accounts: add, list, check, secret, pause, resume, remove.")),
    "post": ("post", N_("Posts: add, list, show, edit, approve, cancel, evidence, resolve, takedown.")),
    "undo": ("records", N_("Take back the last steps.")),
    "redo": ("records", N_("Do again what was taken back last.")),
    "log": ("records", N_("Who did what, and when.")),
    "backup": ("backup", N_("Write everything but the secrets into one file.")),
    "restore": ("backup", N_("Bring back a backup.")),
}


def root() -> click.Command:
    """The command line, in the language in use."""

    @click.group(
        "smm-tui",
        cls=LazyGroup,
        members=VERBS,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        help=_("Plan posts for several clients and publish them exactly once. Without a verb: the workspace."),
        epilog=_("Exit status: 0 done, 1 refused, 2 wrong usage, 3 done but a person is needed."),
    )
    @click.version_option(smm_tui.__version__, prog_name="smm-tui", message="%(prog)s %(version)s")
    @click.pass_context
    def smm_tui_command(ctx: click.Context) -> None:
        if ctx.invoked_subcommand is None:
            _open_workspace(ctx.ensure_object(Session))

    return smm_tui_command


def run(arguments: Sequence[str]) -> int:
    """Run one command line; its exit status. Click leaves by itself (SystemExit) when nobody reads the output."""
    use_language(os.environ.get("SMM_TUI_LANGUAGE"))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character must not end the program
    session = Session()
    try:
        _refuse_broken(arguments)
        result = root().main(list(arguments), "smm-tui", standalone_mode=False, obj=session)
    except click.UsageError as error:
        session.json |= "--json" in arguments  # the option may stand behind what stopped the parser
        where = error.ctx.command_path if error.ctx else "smm-tui"
        session.fail("usage", error.format_message(), _("See `{command} --help`.").format(command=where))
        return USAGE
    except click.Abort:
        session.fail("stopped", _("Stopped."))
        return REFUSED
    except SmmError as error:
        session.json |= isinstance(error, InvalidInput) and "--json" in arguments
        session.refuse(error)
        return USAGE if isinstance(error, InvalidInput) else REFUSED
    except Exception as error:  # noqa: BLE001 - the last line of defence: a sentence, and the details in the log
        session.fail("internal", *_recorded(session, error))
        return REFUSED
    finally:
        session.close()
    return result if isinstance(result, int) else DONE


def _open_workspace(session: Session) -> None:
    require_terminal(_("The verbs work without one: `smm-tui --help` names them."))
    from smm_tui.app import run as run_workspace

    run_workspace(session.workspace)


def require_terminal(hint: str) -> None:
    """Raises InvalidInput when there is nothing to draw on."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise InvalidInput(_("The workspace needs a terminal, and none is attached."), hint)


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
    message = _("Something went wrong inside smm-tui: {error}.").format(error=f"{type(error).__name__}: {error}")
    try:
        path = session.settings.paths.log
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} smm-tui {smm_tui.__version__}\n")
            traceback.print_exception(error, file=log)
    except (OSError, SmmError):
        return message, _("Run `smm-tui doctor`.")
    return message, _("The details are in {path}. `smm-tui doctor` looks for what is wrong.").format(path=path)
