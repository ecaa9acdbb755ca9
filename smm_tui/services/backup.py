"""Backups: the database and all media in one file, and the way back. Secrets are in none of them.

A backup is a zip archive of ``smm-tui.db``, ``media/<2>/<sha256>`` and ``manifest.json``. A bare database file, as
the program keeps before it migrates, is taken back as well.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import smm_tui
from smm_tui.db import migrate, probe, sqlite
from smm_tui.db.database import Database
from smm_tui.domain.clock import Clock, system_clock
from smm_tui.domain.errors import DataError, InvalidInput
from smm_tui.domain.states import State
from smm_tui.i18n import _
from smm_tui.paths import Paths
from smm_tui.services import lease

DATABASE, MANIFEST = "smm-tui.db", "manifest.json"
_MEDIA = re.compile(r"media/[0-9a-f]{2}/([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Written:
    """A finished backup. `missing`: names of media that the store has lost, and that are not in it."""

    path: Path
    size: int
    media: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """A finished restore. `kept`: where the former database is; `held`: deliveries that may have gone out since."""

    schema: str
    media: int
    held: int
    kept: Path | None


def write(db: Database, paths: Paths, target: Path) -> Written:
    """Write a backup of this moment, complete under its name or not at all."""
    return write_archive(db, paths, target, {}, lambda copy, archive: archive.write(copy, DATABASE))


def write_archive(
    db: Database,
    paths: Paths,
    target: Path,
    about: Mapping[str, str],
    pack: Callable[[Path, zipfile.ZipFile], None],
) -> Written:
    """Write an archive of this moment: what `pack` makes of a copy of the database, all media, and a manifest."""
    _refuse_strange(target)
    partial = target.with_name(target.name + ".partial")
    media, missing = 0, []
    try:
        with (
            tempfile.TemporaryDirectory(prefix="backup-", dir=target.parent) as scratch,
            zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            copy = Path(scratch) / DATABASE
            db.backup(copy)
            pack(copy, archive)
            for sha256, name in probe.media_names(copy):
                path = paths.media_file(sha256)
                if path.is_file():
                    archive.write(path, f"media/{sha256[:2]}/{sha256}", zipfile.ZIP_STORED)
                    media += 1
                else:
                    missing.append(name)
            manifest = {
                "program": "smm-tui",
                "version": smm_tui.__version__,
                "schema": migrate.HEAD,
                "created_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "media": media,
                **about,
            }
            archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
        partial.replace(target)
    except OSError as error:
        raise DataError(
            _("{path} cannot be written: {reason}.").format(path=target, reason=error.strerror or error),
            _("Make room, or choose another place."),
        ) from error
    finally:
        with suppress(OSError):  # a read-only disk refuses that even for a file that is not there
            partial.unlink()
    return Written(target, target.stat().st_size, media, tuple(missing))


def restore(paths: Paths, source: Path, *, actor: str, clock: Clock = system_clock) -> Restored:
    """Put a backup in the place of the current database, which is kept beside the other backups.

    Nothing of it is sent by itself that may have gone out after the backup was made: such deliveries are held and
    ask a person. DataError, with nothing changed, for a file that is damaged, newer or not ours, and while a worker
    leads.
    """
    if source.exists() and not source.is_file():  # a pipe or a device would be read for ever
        raise InvalidInput(_("{path} is not a file.").format(path=source), field="file")
    _refuse_while_leading(paths, clock)
    with _unpacked(paths, source) as (copy, archive):
        schema = _schema_of(copy, source)
        return put_in_place(copy, archive, paths, schema=schema, actor=actor, clock=clock)


def put_in_place(
    copy: Path, archive: zipfile.ZipFile | None, paths: Paths, *, schema: str, actor: str, clock: Clock
) -> Restored:
    """Let a private copy of a sound database of ours, with its media, take the place of the current one."""
    migrate.ensure_current(copy, copy.parent)
    held = _hold_doubtful(copy, paths.database, actor, clock)
    media = 0 if archive is None else _bring_media(archive, paths)
    return Restored(schema, media, held, _replace(copy, paths, clock))


def _refuse_strange(target: Path) -> None:
    """Only an empty file or an older backup is overwritten."""
    if not target.exists() or (target.is_file() and target.stat().st_size == 0):
        return
    try:
        with zipfile.ZipFile(target) as archive:
            archive.getinfo(MANIFEST)
    except (OSError, KeyError, zipfile.BadZipFile):
        raise InvalidInput(
            _("{path} is there already and was not written by smm-tui.").format(path=target),
            _("Choose another name."),
            field="file",
        ) from None


def _refuse_while_leading(paths: Paths, clock: Clock) -> None:
    if not paths.database.exists():
        return
    try:
        row = probe.lease(paths.database)
    except DataError:
        return  # damaged, or not ours: nobody can be working on it
    if row is not None and lease.leads(row, clock()):
        raise DataError(
            _("A worker is running on {host}, process {pid}.").format(host=row.host, pid=row.pid),
            _("Stop it, and close the workspace, before you restore. Nothing was changed."),
        )


@contextmanager
def _unpacked(paths: Paths, source: Path) -> Iterator[tuple[Path, zipfile.ZipFile | None]]:
    """A private copy of the database in a backup, and its archive if it is one."""
    try:
        paths.data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="restore-", dir=paths.data) as scratch:
            copy = Path(scratch) / DATABASE
            if not zipfile.is_zipfile(source):
                shutil.copyfile(source, copy)
                yield copy, None
                return
            with zipfile.ZipFile(source) as archive:
                archive.extract(DATABASE, scratch)
                yield copy, archive
    except FileNotFoundError as error:
        raise InvalidInput(_("There is no file {path}.").format(path=source), field="file") from error
    except OSError as error:
        raise DataError(
            _("{path} cannot be restored: {reason}.").format(path=source, reason=error.strerror or error),
            _("Check its rights and the room on the disk. Nothing was changed."),
        ) from error
    except (KeyError, zipfile.BadZipFile) as error:
        raise _not_ours(source) from error


def _schema_of(copy: Path, source: Path) -> str:
    """The schema of a backup's database; DataError when this program cannot use it."""
    try:
        schema = migrate.revision_of(copy)
        probe.check_integrity(copy)
    except DataError as error:
        raise _not_ours(source) from error
    if schema is None:
        raise _not_ours(source)
    if schema > migrate.HEAD:
        raise DataError(
            _(
                "The backup {path} was written by a newer smm-tui (schema {theirs}, this program knows {ours})."
            ).format(path=source, theirs=schema, ours=migrate.HEAD),
            _("Update smm-tui. Nothing was changed."),
        )
    return schema


def _not_ours(source: Path) -> DataError:
    return DataError(
        _("{path} is damaged or no backup of smm-tui.").format(path=source),
        _("Take a file that `smm-tui backup` wrote, or one of the backups folder. Nothing was changed."),
    )


def _hold_doubtful(copy: Path, current: Path, actor: str, clock: Clock) -> int:
    """Hold what the backup believes unsent but may be out: what was due, and what the current database tried."""
    from sqlmodel import col, or_, select

    from smm_tui.db.tables import DeliveryTable, LeaseTable, PostTable
    from smm_tui.services import lifecycle

    tried: list[int] = []
    if current.exists():
        with suppress(DataError):  # a damaged one cannot tell
            tried = probe.tried_deliveries(current)
    db = Database(copy, clock=clock)
    try:
        with db.unit() as unit:
            for row in unit.session.exec(select(LeaseTable)).all():
                unit.session.delete(row)
            doubtful = unit.session.exec(
                select(DeliveryTable).where(
                    col(DeliveryTable.state).in_((State.PLANNED, State.APPROVED, State.ARMED)),
                    or_(col(DeliveryTable.due_at) <= unit.now, col(DeliveryTable.id).in_(tried)),
                )
            ).all()
            for delivery in doubtful:
                # Its intents stay: sent again, it goes out under the identity it had.
                delivery.state, delivery.needs_human, delivery.next_try_at = State.HELD, True, None
                delivery.error_kind = "restored"
                delivery.error_message = _("Restored from a backup: it may have gone out since.")
                delivery.error_hint = _("Look on the account: is it there, shall it be sent, or let go?")
                delivery.error_field = ""
                unit.session.flush()
                lifecycle.refresh_post(unit, unit.session.get_one(PostTable, delivery.post_id))
            unit.audit("restore", "database", None, _("Restored a backup."), actor=actor)
            return len(doubtful)
    finally:
        db.close()


def _bring_media(archive: zipfile.ZipFile, paths: Paths) -> int:
    """Copy the media the store lacks, checked by their hashes."""
    brought = 0
    for member in archive.infolist():
        match = _MEDIA.fullmatch(member.filename)
        if match is None or paths.media_file(match[1]).exists():
            continue
        target = paths.media_file(match[1])
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + ".partial")
        try:
            with archive.open(member) as packed, partial.open("wb") as file:
                shutil.copyfileobj(packed, file, 1 << 20)
            with partial.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != match[1]:
                    raise DataError(
                        _("The file {name} in the backup is damaged.").format(name=member.filename),
                        _("Take another backup. The database was not changed."),
                    )
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        brought += 1
    return brought


def _replace(copy: Path, paths: Paths, clock: Clock) -> Path | None:
    """Write the restored database over the current one, inside SQLite's own locking; where the former one is now."""
    stamp = f"{datetime.fromtimestamp(clock() / 1000, UTC):%Y%m%dT%H%M%SZ}"
    if not paths.database.exists() or paths.database.stat().st_size == 0:
        sqlite.overwrite(copy, paths.database)
        return None
    kept = paths.backups / f"before-restore-{stamp}.db"
    try:
        sqlite.backup(paths.database, kept)
    except DataError:
        if not probe.is_damaged(paths.database):
            raise
        kept = paths.backups / f"damaged-{stamp}.db"
        for suffix in ("", "-wal", "-shm"):
            part = paths.database.with_name(paths.database.name + suffix)
            if part.exists():
                part.replace(kept.with_name(kept.name + suffix))
    sqlite.overwrite(copy, paths.database)
    return kept
