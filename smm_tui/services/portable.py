"""The whole workspace as text that any program can read, and the way back. Secrets are not in it.

An export is a zip archive of ``tables/NAME.jsonl`` (a row a line, one JSON object), ``media/<2>/<sha256>`` and
``manifest.json``. Unlike a backup it needs no SQLite to be read, and it takes no other workspace's place.
"""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from smm_tui.db import migrate, probe, rows
from smm_tui.db.database import Database
from smm_tui.domain.clock import Clock, system_clock
from smm_tui.domain.errors import DataError, InvalidInput
from smm_tui.i18n import _
from smm_tui.paths import Paths
from smm_tui.services import backup

KIND = "export"
_TABLE = re.compile(r"tables/(\w+)\.jsonl")


def write(db: Database, paths: Paths, target: Path) -> backup.Written:
    """Write an export of this moment, complete under its name or not at all."""
    return backup.write_archive(db, paths, target, {"kind": KIND}, _pack)


def bring(paths: Paths, source: Path, *, actor: str, clock: Clock = system_clock) -> backup.Restored:
    """Bring an export into a workspace that has no project yet; what may have gone out meanwhile is held.

    InvalidInput or DataError, with nothing changed, where there are projects, and for a file that is damaged, newer
    or no export.
    """
    if source.exists() and not source.is_file():  # a pipe or a device would be read for ever
        raise InvalidInput(_("{path} is not a file.").format(path=source), field="file")
    if migrate.revision_of(paths.database) is not None and probe.projects(paths.database):
        raise InvalidInput(
            _("There are projects here already, and an import brings a whole workspace."),
            _("Import into a new folder (--data DIR), or bring back a backup with `smm-tui restore`."),
            field="file",
        )
    try:
        with zipfile.ZipFile(source) as archive:
            schema = _schema_of(archive, source)
            paths.data.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="import-", dir=paths.data) as scratch:
                copy = Path(scratch) / backup.DATABASE
                migrate.create(copy, schema)
                rows.fill(copy, _tables(archive))
                return backup.put_in_place(copy, archive, paths, schema=schema, actor=actor, clock=clock)
    except FileNotFoundError as error:
        raise InvalidInput(_("There is no file {path}.").format(path=source), field="file") from error
    except OSError as error:
        raise DataError(
            _("{path} cannot be imported: {reason}.").format(path=source, reason=error.strerror or error),
            _("Check its rights and the room on the disk. Nothing was changed."),
        ) from error
    except (KeyError, ValueError, OverflowError, zipfile.BadZipFile, zlib.error) as error:
        raise _not_ours(source) from error


def _pack(copy: Path, archive: zipfile.ZipFile) -> None:
    for table in rows.tables(copy):
        with archive.open(f"tables/{table}.jsonl", "w") as file:
            for row in rows.read(copy, table):
                file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def _tables(archive: zipfile.ZipFile) -> Iterator[tuple[str, Iterator[rows.Row]]]:
    for name in archive.namelist():
        if match := _TABLE.fullmatch(name):
            yield match[1], _rows(archive, name)


def _rows(archive: zipfile.ZipFile, name: str) -> Iterator[rows.Row]:
    with archive.open(name) as file:
        for line in file:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(name)  # noqa: TRY004 - of the file, like all that is wrong with it
            yield row


def _schema_of(archive: zipfile.ZipFile, source: Path) -> str:
    manifest = json.loads(archive.read(backup.MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
        raise _not_ours(source)
    schema = str(manifest["schema"])
    if not re.fullmatch(r"\d{4}", schema):
        raise _not_ours(source)
    if schema > migrate.HEAD:
        raise DataError(
            _("{path} was written by a newer smm-tui (schema {theirs}, this program knows {ours}).").format(
                path=source, theirs=schema, ours=migrate.HEAD
            ),
            _("Update smm-tui. Nothing was changed."),
        )
    return schema


def _not_ours(source: Path) -> DataError:
    return DataError(
        _("{path} is damaged or no export of smm-tui.").format(path=source),
        _("Take a file of `smm-tui export`; a backup comes back with `smm-tui restore`. Nothing was changed."),
    )
