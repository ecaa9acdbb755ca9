"""The root of the command line: which verbs there are."""

from __future__ import annotations

from collections.abc import Sequence

import click

import smm_tui
from smm_tui.cli.session import DONE, REFUSED, USAGE, Session
from smm_tui.cli.verbs import LazyGroup, line_option
from smm_tui.cli.workspace import open_workspace
from smm_tui.i18n import N_, _

VERBS = {
    "demo": ("demo", N_("A sandbox world with six clients, to look around in.")),
    "learn": ("learn", N_("Learn the trade in a sandbox, day by day, with goals and a score.")),
    "status": ("status", N_("What waits, and whether a person is needed.")),
    "today": ("today", N_("All that wants you, worst first.")),
    "doctor": ("doctor", N_("What is wrong here, and how to mend it.")),
    "worker": ("worker", N_("Publish what is due.")),
    "networks": ("networks", N_("What each network can do, and what it limits.")),
    "project": ("project", N_("Clients: add, list, show, edit, archive.")),
    "account": ("account", N_("Accounts: add, list, check, secret, pause, resume, remove.")),
    "post": (
        "post",
        N_("Posts: add, list, show, edit, approve, return, comment, cancel, evidence, resolve."),
    ),
    "plan": ("plan", N_("The month: show, lint, submit, approve, deviations, check, export, diff, apply.")),
    "scheme": ("scheme", N_("What a month is made of: types, places of the week, ideas, templates, days.")),
    "brief": ("brief", N_("A client's brief: show, set, contacts, competitors.")),
    "goal": ("goal", N_("Goals in figures: add, list, show, edit, drop.")),
    "audience": ("audience", N_("Whom a client wants to reach, and what reached them: show.")),
    "segment": ("audience", N_("Segments: add, list, edit, remove, aim posts at one, results.")),
    "hypothesis": ("audience", N_("What is believed of an audience: add, list, edit, settle, remove.")),
    "question": ("audience", N_("The question bank: add, list, edit, remove, feed, take.")),
    "media": ("media", N_("The public place from which networks fetch media.")),
    "inbox": ("inbox", N_("What people write: sync, list, show, reply, act, stats, questions, saved, bans.")),
    "profile": ("profile", N_("Pages: show, set, diff, apply, rollback, history, checklist, limits.")),
    "insight": ("insight", N_("Figures: growth, reach, engagement, hours, response, mix, readings, sync.")),
    "rule": ("rule", N_("What happens to messages by itself: add, edit, test, enable, judge, undo.")),
    "report": ("report", N_("What a month brought, for the client: Markdown, HTML, CSV or JSON.")),
    "time": ("time", N_("Time spent for clients: start, stop, add, list, edit, remove, settings.")),
    "workload": ("workload", N_("Time and load per client, and whether there is room for another.")),
    "agreement": ("agreement", N_("How clients pay: add, list, edit, end, remove.")),
    "task": ("task", N_("What is paid by the piece: add, list, remove.")),
    "earnings": ("earnings", N_("What clients owe for a month, and the lines of their invoices.")),
    "ads": ("ads", N_("Targeted advertising: campaigns, sets, ads, audiences, caps, rules, tests, figures.")),
    "undo": ("records", N_("Take back the last steps.")),
    "redo": ("records", N_("Do again what was taken back last.")),
    "log": ("records", N_("Who did what, and when.")),
    "backup": ("backup", N_("Write everything but the secrets into one file.")),
    "restore": ("backup", N_("Bring back a backup.")),
    "export": ("backup", N_("Write everything as text that any program reads, with all media.")),
    "import": ("backup", N_("Bring an export into an empty workspace.")),
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
    def smm_tui_command(ctx: click.Context) -> int:
        return DONE if ctx.invoked_subcommand else open_workspace(ctx.ensure_object(Session))

    smm_tui_command.params.append(line_option())
    return smm_tui_command


def dispatch(arguments: Sequence[str], session: Session) -> int:
    """Run a command line with verbs or options; its exit status. Our own errors go to the caller."""
    try:
        result = root().main(list(arguments), "smm-tui", standalone_mode=False, obj=session)
    except click.UsageError as error:
        session.json |= "--json" in arguments  # the option may stand behind what stopped the parser
        where = error.ctx.command_path if error.ctx else "smm-tui"
        session.fail("usage", error.format_message(), _("See `{command} --help`.").format(command=where))
        return USAGE
    except click.Abort:
        session.fail("stopped", _("Stopped."))
        return REFUSED
    return result if isinstance(result, int) else DONE
