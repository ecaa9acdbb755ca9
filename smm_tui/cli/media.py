"""``smm-tui media``: the public place from which networks fetch media."""

from __future__ import annotations

import sys
from typing import Any

import click

from smm_tui.cli import layout
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Noun, pass_session, read_stdin
from smm_tui.domain.errors import InvalidInput
from smm_tui.i18n import _
from smm_tui.services.public_place import Place


@click.group(cls=Noun, help=_("Where networks fetch media that they take no bytes of, as Instagram its pictures."))
def media() -> None:
    pass


@media.group(cls=Noun, help=_("A WebDAV folder whose files anybody can read: set, show, check, remove."))
def target() -> None:
    pass


@target.command("set", help=_("Name the folder. Its password is read from standard input, or asked for."))
@click.option("--address", required=True, metavar="URL", help=_("Of the folder, for writing (WebDAV)."))
@click.option("--public", required=True, metavar="URL", help=_("Where anybody can read the folder's files."))
@click.option("--user", default="", metavar="NAME", help=_("Who writes there; without: nobody logs in."))
@click.option("--no-check", is_flag=True, help=_("Do not write a file now; the first use will tell."))
@pass_session
def set_(session: Session, address: str, public: str, user: str, no_check: bool) -> None:
    place = session.workspace.public_place
    known = place.name(address, public, user, _password() if user else "", check=not no_check)
    lines = [_("Media are made public at {public}.").format(public=known.public)]
    lines.append(_("Check the accounts that need it again, with `smm-tui account check`."))
    session.show(_shape(known), lines)


@target.command("show", help=_("The folder that is named."))
@pass_session
def show(session: Session) -> None:
    known = session.workspace.public_place.get()
    if known is None:
        session.show(_shape(None), [_("No public place for media is named. `smm-tui media target set` names one.")])
        return
    session.show(_shape(known), layout.facts(list(_shape(known).items())))


@target.command("check", help=_("Write a file there, read it as anybody could, and remove it."))
@pass_session
def check(session: Session) -> None:
    url = session.workspace.public_place.check()
    session.show({"url": url}, [_("A file was written, read and removed there: {url}").format(url=url)])


@target.command("remove", help=_("Forget the folder; what is there stays."))
@pass_session
def remove(session: Session) -> None:
    session.workspace.public_place.forget()
    session.show(_shape(None), [_("No public place for media is named any more.")])


def _password() -> str:
    if sys.stdin is not None and sys.stdin.isatty():
        return str(click.prompt(_("Password"), hide_input=True, err=True))
    password = read_stdin().strip()
    if not password:
        raise InvalidInput(_("No password was given."), _("Write it to standard input."), field="password")
    return password


def _shape(place: Place | None) -> dict[str, Any]:
    return {
        "address": place.address if place else None,
        "public": place.public if place else None,
        "user": place.user if place else None,
    }
