"""The checks of `doctor`. None of them raises, and none changes anything but what `--online` refreshes."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import smm_tui
from smm_tui.cli import layout
from smm_tui.cli.session import Session
from smm_tui.db import migrate, probe
from smm_tui.domain.errors import SmmError
from smm_tui.i18n import N_, _
from smm_tui.services.account_queries import secret_ends
from smm_tui.settings import Settings

if TYPE_CHECKING:
    from smm_tui.bootstrap import Workspace

OK, WARNING, BROKEN = "ok", "warning", "broken"
LEAST_ROOM = 200_000_000
"""Bytes. Less room on the disk than this is worth a word before a backup or a video fails."""
LEAST_TERMINAL = (80, 24)
TITLES = {
    "versions": N_("Versions"),
    "terminal": N_("Terminal"),
    "settings": N_("Settings"),
    "folder": N_("Folder"),
    "database": N_("Database"),
    "lock": N_("Lock"),
    "secrets": N_("Secrets"),
    "accounts": N_("Accounts"),
    "media": N_("Public media"),
    "worker": N_("Worker"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check: ``ok``, ``warning`` or ``broken``."""

    name: str
    state: str
    message: str
    hint: str = ""

    @property
    def about(self) -> str:
        """What was looked at, in the user's language."""
        return _(TITLES[self.name])


def check_all(session: Session, *, online: bool) -> Iterator[Finding]:
    """Every check, in an order in which the first broken one explains those after it."""
    yield _versions()
    yield _terminal()
    try:
        settings = session.settings
    except SmmError as error:
        yield Finding("settings", BROKEN, error.message, error.hint)
        return
    yield _folder(settings)
    told = list(_database(settings.paths.database))
    yield from told
    try:
        workspace = session.workspace
    except SmmError as error:
        if error.message not in {finding.message for finding in told}:
            yield Finding("database", BROKEN, error.message, error.hint)
        return
    try:
        yield _secrets(workspace)
        yield from _accounts(workspace, online=online)
        yield from _public_media(workspace, online=online)
        yield _worker(workspace)
    except SmmError as error:
        yield Finding("database", BROKEN, error.message, error.hint)


def _versions() -> Finding:
    names = ("textual", "sqlmodel", "httpx", "click", "cryptography")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    own = f"smm-tui {smm_tui.__version__}, Python {platform.python_version()}, SQLite {probe.SQLITE}"
    return Finding("versions", OK, f"{own}, {versions}")


def _terminal() -> Finding:
    if not sys.stdout.isatty():
        return Finding("terminal", OK, _("none attached; the verbs need none"))
    columns, lines = shutil.get_terminal_size()
    encoding = sys.stdout.encoding or ""
    message = f"{os.environ.get('TERM', '?')}, {columns}x{lines}, {encoding}"
    if "utf" not in encoding.casefold():
        return Finding("terminal", WARNING, message, _("Use a UTF-8 locale, for example LANG=C.UTF-8."))
    if columns < LEAST_TERMINAL[0] or lines < LEAST_TERMINAL[1]:
        return Finding("terminal", WARNING, message, _("The workspace wants 80x24 or more."))
    return Finding("terminal", OK, message)


def _folder(settings: Settings) -> Finding:
    folder = settings.paths.data
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        return Finding(
            "folder",
            BROKEN,
            _("{folder} cannot be written.").format(folder=existing),
            _("Check its owner and rights."),
        )
    free = shutil.disk_usage(existing).free
    message = _("{folder}, {free:.1f} GB free").format(folder=folder, free=free / 1e9)
    if free < LEAST_ROOM:
        return Finding("folder", WARNING, message, _("Make room on the disk."))
    return Finding("folder", OK, message)


def _database(path: Path) -> Iterator[Finding]:
    if not path.exists():
        yield Finding("database", OK, _("{path} is not there yet; the first command makes it").format(path=path))
        return
    holders = ", ".join(f"{holder.pid} ({holder.command})" for holder in probe.holders(path))
    if probe.is_locked(path):
        yield Finding(
            "lock",
            BROKEN,
            _("{path} is locked by {holders}.").format(path=path, holders=holders or _("another program")),
            _("Let it finish, or stop that process."),
        )
        return
    yield Finding("lock", OK, _("open in {holders}").format(holders=holders) if holders else _("free"))
    try:
        revision = migrate.revision_of(path)
        probe.check_integrity(path)
    except SmmError as error:
        yield Finding("database", BROKEN, error.message, error.hint)
        return
    if not os.access(path, os.W_OK):
        yield Finding(
            "database", BROKEN, _("{path} is read-only.").format(path=path), _("Give yourself the right to write it.")
        )
        return
    size = path.stat().st_size / 1e6
    message = _("{path}, {size:.1f} MB, schema {revision}, sound").format(path=path, size=size, revision=revision)
    yield Finding("database", OK, message)


def _secrets(workspace: Workspace) -> Finding:
    folder = workspace.settings.paths.secrets
    try:
        backend = type(workspace.secrets.backend).__name__
    except SmmError as error:
        return Finding("secrets", BROKEN, error.message, error.hint)
    if folder.exists() and any(
        path.stat().st_mode & 0o077 for path in (folder, *folder.glob("*.enc"), *folder.glob("key"))
    ):
        return Finding(
            "secrets",
            BROKEN,
            _("{folder} can be read by others.").format(folder=folder),
            _("Run: chmod -R go= {folder}").format(folder=folder),
        )
    where = (
        _("the desktop's keyring") if backend == "Keyring" else _("encrypted files in {folder}").format(folder=folder)
    )
    return Finding("secrets", OK, where)


def _accounts(workspace: Workspace, *, online: bool) -> Iterator[Finding]:
    rows = workspace.account_queries.of_project()
    expiring = {row.id for row in workspace.account_queries.expiring()}
    for row in rows:
        name = f"{row.project}, {row.handle} ({row.network})"
        mend = _("Run `smm-tui account secret {id}`.").format(id=row.id)
        try:
            if workspace.secrets.slot(row.secret_ref).read() is None:
                yield Finding("accounts", BROKEN, _("{name} has no secret here.").format(name=name), mend)
                continue
            if online:
                workspace.accounts.check(row.id)
                row = workspace.account_queries.get(row.id)
        except SmmError as error:
            yield Finding("accounts", BROKEN, f"{name}: {error.message}", error.hint)
            continue
        if row.state == "auth":
            yield Finding("accounts", BROKEN, f"{name}: {row.state_reason}", mend)
        elif row.id in expiring:
            when = layout.ends(secret_ends(row) or 0, workspace.clock())
            yield Finding("accounts", WARNING, _("{name}: its token ends {when}.").format(name=name, when=when), mend)
        elif row.missing:
            yield Finding("accounts", WARNING, f"{name}: {'; '.join(row.missing)}", mend)
        elif row.state != "ok":
            hint = _("`smm-tui account resume {id}` lets it go on.").format(id=row.id)
            yield Finding("accounts", WARNING, f"{name}: {row.state_reason or row.state}", hint)
        else:
            checked = _("never checked")
            if row.checked_at is not None:
                checked = _("checked {when}").format(when=layout.moment(row.checked_at))
            yield Finding("accounts", OK, f"{name}, {checked}")
    if not rows:
        yield Finding("accounts", OK, _("none yet"))


def _public_media(workspace: Workspace, *, online: bool) -> Iterator[Finding]:
    """The public place, if one is named or an account needs one."""
    place = workspace.public_place.get()
    if place is None:
        waiting = [row for row in workspace.account_queries.of_project() if row.facts.get("public_media") is False]
        if waiting:
            names = ", ".join(row.handle for row in waiting)
            yield Finding(
                "media",
                WARNING,
                _("none, and {handles} cannot publish pictures without").format(handles=names),
                _("Name a folder with `smm-tui media target set`."),
            )
        return
    if online:
        try:
            workspace.public_place.check()
        except SmmError as error:
            yield Finding("media", BROKEN, error.message, error.hint)
            return
    yield Finding("media", OK, place.public)


def _worker(workspace: Workspace) -> Finding:
    status = workspace.records.status()
    if status.worker.where != "off":
        return Finding(
            "worker",
            OK,
            _("runs on {host}, process {pid}").format(host=status.worker.host, pid=status.worker.pid),
        )
    if status.due:
        return Finding(
            "worker",
            WARNING,
            _("off, and {count} deliveries are due").format(count=status.due),
            _("Start `smm-tui worker`, or open the workspace."),
        )
    return Finding("worker", OK, _("off, and nothing is due"))
