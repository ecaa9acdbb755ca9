"""``smm-tui account``: the pages and profiles a project publishes to."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Noun, pass_session, read_stdin
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _, ngettext
from smm_tui.services.account_queries import secret_ends
from smm_tui.services.receipt import Receipt

PROJECT = click.option("--project", metavar="P", help=_("Only accounts of this project."))


@click.group(
    cls=Noun, help=_("Accounts of projects. A is an id or a handle. Secrets come from standard input or a prompt.")
)
def account() -> None:
    pass


@account.command(help=_("Connect an account. Its token or app password is read from standard input, or asked for."))
@click.option("--project", required=True, metavar="P", help=_("The project it belongs to."))
@click.option("--network", required=True, metavar="N", help=_("The network, such as mastodon or bluesky."))
@click.option("--handle", required=True, metavar="H", help=_("Its name on the network."))
@click.option("--server", default="", metavar="URL", help=_("The server's address, where the network has many."))
@click.option("--no-check", is_flag=True, help=_("Do not log in now; the first use will tell."))
@pass_session
def add(session: Session, project: str, network: str, handle: str, server: str, no_check: bool) -> None:
    workspace = session.workspace
    project_id = workspace.project_queries.find(project).id
    receipt = workspace.accounts.add(project_id, network, handle, _secret(network), server=server, check=not no_check)
    row = workspace.account_queries.get(receipt.ids[0])
    session.show(shapes.account(row), [receipt.message, *_facts(row, session.workspace.clock())])


@account.command("list", help=_("The accounts of a project, or of all."))
@PROJECT
@pass_session
def list_(session: Session, project: str | None) -> None:
    queries = session.workspace.project_queries
    rows = session.workspace.account_queries.of_project(queries.find(project).id if project else None)
    session.show(
        [shapes.account(row) for row in rows],
        layout.table(
            (_("ID"), _("Project"), _("Network"), _("Handle"), _("Server"), _("State")),
            [
                (row.id, row.project, row.network, row.handle, row.server, row.state_reason or row.state)
                for row in rows
            ],
            _("No accounts yet. Connect one with `smm-tui account add`."),
        ),
    )


@account.command(help=_("Log in, and learn again what the account and its server can do."))
@click.argument("account", metavar="A")
@PROJECT
@pass_session
def check(session: Session, account: str, project: str | None) -> None:
    row = _find(session, account, project)
    session.workspace.accounts.check(row.id)
    row = session.workspace.account_queries.get(row.id)
    message = _("{handle} works.").format(handle=row.handle)
    if row.missing:
        message = _("{handle} logs in, but lacks rights.").format(handle=row.handle)
    session.show(shapes.account(row), [message, *_facts(row, session.workspace.clock())])


@account.command(help=_("Give the account another token or app password, read from standard input or asked for."))
@click.argument("account", metavar="A")
@PROJECT
@pass_session
def secret(session: Session, account: str, project: str | None) -> None:
    row = _find(session, account, project)
    session.workspace.accounts.new_secret(row.id, _secret(row.network))
    row = session.workspace.account_queries.get(row.id)
    session.show(shapes.account(row), [_("{handle} has its new secret.").format(handle=row.handle)])


@account.command(help=_("Send nothing on this account until it is resumed."))
@click.argument("account", metavar="A")
@PROJECT
@pass_session
def pause(session: Session, account: str, project: str | None) -> None:
    _change(session, _find(session, account, project), lambda number: session.workspace.accounts.pause(number))


@account.command(help=_("Let a paused account go on."))
@click.argument("account", metavar="A")
@PROJECT
@pass_session
def resume(session: Session, account: str, project: str | None) -> None:
    _change(session, _find(session, account, project), lambda number: session.workspace.accounts.resume(number))


@account.command(help=_("Disconnect an account; what waits on it is cancelled. `undo` brings both back."))
@click.argument("account", metavar="A")
@PROJECT
@pass_session
def remove(session: Session, account: str, project: str | None) -> None:
    _change(session, _find(session, account, project), lambda number: session.workspace.accounts.remove(number))


def _find(session: Session, text: str, project: str | None) -> AccountRow:
    project_id = session.workspace.project_queries.find(project).id if project else None
    return session.workspace.account_queries.find(text, project_id)


def _change(session: Session, row: AccountRow, change: Callable[[int], Receipt]) -> None:
    receipt = change(row.id)
    row = session.workspace.account_queries.get(row.id)
    session.show({**shapes.account(row), "message": receipt.message}, [receipt.message])


def _secret(network: str) -> dict[str, str]:
    """What the network asks for: a line each on standard input, or hidden prompts at a terminal.

    Where to get it is told first in both cases: behind ``ssh host`` without ``-t`` a person types too.
    """
    from smm_tui.networks import registry

    spec = registry.spec(network)
    wanted = [item for item in spec.credentials if item.secret]
    _tell(_(spec.prepare_help))
    if sys.stdin is not None and sys.stdin.isatty():
        return {item.name: _asked(_(item.label), optional=item.optional) for item in wanted}
    labels = [_("{label} (or an empty line)") if item.optional else "{label}" for item in wanted]
    named = [label.format(label=_(item.label)) for label, item in zip(labels, wanted, strict=True)]
    order = _("Standard input gives, a line each: {secrets}.").format(secrets="; ".join(named))
    _tell(order)
    lines = [line.strip() for line in read_stdin().strip().splitlines()]
    if len(lines) > len(wanted):
        message = ngettext(
            "{network} has {count} secret, but standard input has more lines.",
            "{network} has {count} secrets, but standard input has more lines.",
            len(wanted),
        )
        raise InvalidInput(message.format(network=spec.title, count=len(wanted)), order, field="secret")
    return {item.name: line for item, line in zip(wanted, lines, strict=False)}


def _tell(text: str) -> None:
    """A paragraph to the person, beside the answer; addresses and names of rights stay whole, to be copied."""
    click.echo(textwrap.fill(text, 78, break_on_hyphens=False, break_long_words=False), err=True)


def _asked(label: str, *, optional: bool) -> str:
    """A hidden answer; an optional one may be left empty."""
    if optional:
        label, default = _("{label} (Enter: none)").format(label=label), ""
    else:
        default = None
    return str(click.prompt(label, default=default, show_default=False, hide_input=True, err=True))


def _facts(row: AccountRow, now: Instant) -> Iterator[str]:
    """An account in words: who it is, and what its secret lets it do."""
    from smm_tui.networks import matrix, registry

    network = registry.spec(row.network)
    declared = network.rules(row.facts).capabilities
    end = secret_ends(row)
    yield from layout.facts(
        [
            (_("Account"), row.id),
            (_("Project"), row.project),
            (_("Network"), network.title),
            (_("Handle"), row.handle),
            (_("Name"), row.display_name),
            (_("Server"), row.server),
            (_("Address"), row.url),
            (_("Id there"), "" if row.checked_at is None else row.remote_id),
            (_("State"), row.state_reason or row.state),
            (_("Checked"), layout.moment(row.checked_at) or _("never")),
            (_("Token ends"), "" if end is None else layout.ends(end, now)),
            (_("Can"), layout.folded(matrix.can(declared))),
            (_("Cannot"), layout.folded(matrix.cannot(declared))),
        ]
    )
    if row.missing:
        yield _("The secret lacks rights:")
        yield from (f"- {sentence}" for sentence in row.missing)
    yield from (f"- {_(note)}" for note in network.notes)
