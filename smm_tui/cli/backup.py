"""``smm-tui backup`` and ``restore``."""

from __future__ import annotations

from pathlib import Path

import click

from smm_tui.bootstrap import Workspace, actor_of
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Verb, pass_session
from smm_tui.domain.errors import DataError
from smm_tui.i18n import _, ngettext

FILE = click.argument("file", type=click.Path(path_type=Path))


@click.command(cls=Verb, help=_("Write the database and all media into FILE. Secrets are not in it."))
@FILE
@pass_session
def backup(session: Session, file: Path) -> None:
    from smm_tui.services import backup as service

    workspace = session.workspace
    written = service.write(workspace.db, workspace.settings.paths, file)
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


@click.command(cls=Verb, help=_("Bring back a backup. What may have gone out since it was made is held."))
@FILE
@pass_session
def restore(session: Session, file: Path) -> None:
    from smm_tui.services import backup as service

    done = service.restore(session.settings.paths, file, actor=actor_of(session.settings))
    without = _without_secret(session.workspace)
    lines = [
        _("Restored {path}, with {count} media files that were missing here.").format(path=file, count=done.media)
    ]
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
