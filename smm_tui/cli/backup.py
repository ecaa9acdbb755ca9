"""``smm-tui backup`` and ``restore``, ``export`` and ``import``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from smm_tui.bootstrap import Workspace, actor_of
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Verb, pass_session
from smm_tui.domain.errors import DataError
from smm_tui.i18n import _, ngettext

if TYPE_CHECKING:
    from smm_tui.services.backup import Restored, Written

FILE = click.argument("file", type=click.Path(path_type=Path))


@click.command(cls=Verb, help=_("Write the database and all media into FILE. Secrets are not in it."))
@FILE
@pass_session
def backup(session: Session, file: Path) -> None:
    from smm_tui.services import backup as service

    _show_written(session, service.write(session.workspace.db, session.workspace.settings.paths, file))


@click.command(
    cls=Verb,
    help=_("Write everything into FILE as text that any program reads, with all media. Secrets are not in it."),
)
@FILE
@pass_session
def export(session: Session, file: Path) -> None:
    from smm_tui.services import portable

    _show_written(session, portable.write(session.workspace.db, session.workspace.settings.paths, file))


@click.command(cls=Verb, help=_("Bring back a backup. What may have gone out since it was made is held."))
@FILE
@pass_session
def restore(session: Session, file: Path) -> None:
    from smm_tui.services import backup as service

    done = service.restore(session.settings.paths, file, actor=actor_of(session.settings))
    said = _("Restored {path}, with {count} media files that were missing here.")
    _show_brought(session, file, done, said.format(path=file, count=done.media))


@click.command(
    "import", cls=Verb, help=_("Bring an export into a workspace that has no project yet. What may be out is held.")
)
@FILE
@pass_session
def import_(session: Session, file: Path) -> None:
    from smm_tui.services import portable

    done = portable.bring(session.settings.paths, file, actor=actor_of(session.settings))
    _show_brought(
        session, file, done, _("Imported {path}, with {count} media files.").format(path=file, count=done.media)
    )


def _show_brought(session: Session, file: Path, done: Restored, said: str) -> None:
    without = _without_secret(session.workspace)
    lines = [said]
    if done.kept is not None:
        lines.append(_("The former database is kept as {path}.").format(path=done.kept))
    if done.held:
        lines.append(
            ngettext(
                "{count} delivery may have gone out since the backup; it is held until you answer.",
                "{count} deliveries may have gone out since the backup; they are held until you answer.",
                done.held,
            ).format(count=done.held)
        )
    if without:
        lines.append(
            _("These accounts need their secret again (`smm-tui account secret`): {handles}.").format(
                handles=", ".join(without)
            )
        )
    session.show(
        {
            "path": str(file.absolute()),
            "schema": done.schema,
            "media": done.media,
            "held": done.held,
            "kept": None if done.kept is None else str(done.kept),
            "without_secret": without,
        },
        lines,
    )


def _show_written(session: Session, written: Written) -> None:
    message = _("Wrote {path}: {size:.1f} MB with {count} media files.").format(
        path=written.path, size=written.size / 1e6, count=written.media
    )
    lines = [
        message,
        *(
            _("The media store has lost {name}; it is not in the backup.").format(name=name)
            for name in written.missing
        ),
    ]
    session.show(
        {
            "path": str(written.path.absolute()),
            "size": written.size,
            "media": written.media,
            "missing": list(written.missing),
        },
        lines,
    )


def _without_secret(workspace: Workspace) -> list[str]:
    found = []
    for row in workspace.account_queries.of_project():
        try:
            known = workspace.secrets.slot(row.secret_ref).read()
        except DataError:
            known = None
        if known is None:
            found.append(row.handle)
    return found
