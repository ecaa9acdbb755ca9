"""The media store: files by their content, verified when they come in and again before they go out."""

from __future__ import annotations

import hashlib
import os
import shutil
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from smm_tui.db.database import Database
from smm_tui.db.reads import posts as reads
from smm_tui.db.reads.posts import MediaRow
from smm_tui.domain import media_types
from smm_tui.domain.errors import DataError, InvalidInput
from smm_tui.domain.inert import inert
from smm_tui.i18n import _
from smm_tui.networks.ports import MediaFile

SIZE_LIMIT = 1_000_000_000
"""Bytes. No network takes more; a file beyond it is a mistake."""
PIXEL_LIMIT = 200_000_000
"""Pixels. A picture beyond it is a decompression bomb, not a photo."""


class MediaStore:
    """Files of posts, each stored once under its SHA-256."""

    def __init__(self, db: Database, folder: Path) -> None:
        self._db = db
        self._folder = folder
        self._new: list[str] = []

    def add(self, source: str | Path, alt: str = "", *, position: int = 0) -> MediaRow:
        """Copy a file into the store, after looking what it really is; adding it again is free."""
        path = Path(os.path.expanduser(source))  # noqa: PTH111 - Path raises for a user who is not there
        name = inert(path.name or str(path))
        try:
            size = path.stat().st_size
            if not path.is_file():
                raise InvalidInput(
                    _("{name} is not a file.").format(name=name),
                    _("Media are given as FILE or FILE::DESCRIPTION."),
                    field="media",
                )
            with path.open("rb") as file:
                head = file.read(4096)
        except OSError as error:
            raise InvalidInput(
                _("{path} cannot be read: {reason}.").format(path=inert(str(path)), reason=error.strerror),
                _("Check the name and its rights."),
                field="media",
            ) from error
        if size == 0:
            raise InvalidInput(_("{name} is empty.").format(name=name), field="media")
        if size > SIZE_LIMIT:
            raise InvalidInput(
                _("{name} has {size:.0f} MB; no network takes more than {limit:.0f}.").format(
                    name=name, size=size / 1e6, limit=SIZE_LIMIT / 1e6
                ),
                field="media",
            )
        mime = media_types.sniff(head)
        if mime is None:
            raise InvalidInput(
                _("{name} is neither a picture nor a video that is known here, whatever its name says.").format(
                    name=name
                ),
                _("Use JPEG, PNG, GIF, WebP, AVIF, HEIC, MP4, MOV or WebM."),
                field="media",
            )
        width, height = _dimensions(path, name, mime)
        sha256 = self._store(path)
        self._record(sha256, mime, size, width, height, name)
        row = reads.media_file(self._db, sha256, alt, position)
        if row is None:
            raise DataError(_("The media store lost {name} while it was added.").format(name=name))
        return row

    @contextmanager
    def provisional(self) -> Iterator[None]:
        """What comes in for the first time meanwhile goes again when the block fails."""
        self._new.clear()
        try:
            yield
        except BaseException:
            self._drop_unused(self._new)
            raise

    def get(self, sha256: str, alt: str, position: int) -> MediaRow | None:
        """A stored file by its hash."""
        return reads.media_file(self._db, sha256, alt, position)

    def path(self, sha256: str) -> Path:
        """Where a stored file is."""
        return self._folder / sha256[:2] / sha256

    def verified(self, row: MediaRow) -> MediaFile:
        """A stored file ready to send; raises DataError when it is gone or no longer what was approved."""
        path = self.path(row.sha256)
        try:
            with path.open("rb") as file:
                intact = hashlib.file_digest(file, "sha256").hexdigest() == row.sha256
        except OSError as error:
            raise DataError(
                _("The file {name} of this post is gone from the media store.").format(name=row.original_name),
                _("Add it to the post again."),
            ) from error
        if not intact:
            raise DataError(
                _("The file {name} in the media store is damaged.").format(name=row.original_name),
                _("Add it to the post again."),
            )
        return MediaFile(path, row.sha256, row.mime, row.size, row.width, row.height, row.alt)

    def _store(self, source: Path) -> str:
        partial = self._folder / f"incoming-{os.getpid()}-{os.urandom(4).hex()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as file, partial.open("wb") as copy:
                shutil.copyfileobj(file, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
            # The copy is what counts: the source may change while it is read.
            with partial.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            target = self.path(sha256)
            target.parent.mkdir(exist_ok=True)
            partial.replace(target)
        except OSError as error:
            raise DataError(
                _("The file could not be copied into the media store: {reason}.").format(reason=error.strerror),
                _("Make room on the disk, or check the rights of {folder}.").format(folder=self._folder),
            ) from error
        finally:
            with suppress(OSError):  # a read-only disk refuses that even for a file that is not there
                partial.unlink()
        return sha256

    def _record(self, sha256: str, mime: str, size: int, width: int | None, height: int | None, name: str) -> None:
        from smm_tui.db.tables import MediaTable

        with self._db.unit() as unit:
            if unit.session.get(MediaTable, sha256) is None:
                unit.session.add(
                    MediaTable(
                        sha256=sha256,
                        mime=mime,
                        size=size,
                        width=width,
                        height=height,
                        original_name=name,
                        created_at=unit.now,
                    )
                )
                self._new.append(sha256)

    def _drop_unused(self, hashes: Sequence[str]) -> None:
        from sqlmodel import select

        from smm_tui.db.tables import MediaTable, PostMediaTable

        for sha256 in hashes:
            with self._db.unit() as unit:  # nobody else can attach the file before it is gone
                row = unit.session.get(MediaTable, sha256)
                used = unit.session.exec(select(PostMediaTable).where(PostMediaTable.sha256 == sha256)).first()
                if row is not None and used is None:
                    unit.session.delete(row)
                    self.path(sha256).unlink(missing_ok=True)


def _dimensions(path: Path, name: str, mime: str) -> tuple[int | None, int | None]:
    if not mime.startswith("image/") or mime in ("image/heic", "image/avif"):
        return None, None
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                width, height = image.size
                if width * height <= PIXEL_LIMIT:
                    image.load()
    except Exception as error:
        raise InvalidInput(
            _("{name} is damaged: it begins like {mime} but cannot be opened.").format(name=name, mime=mime),
            _("Export it again and add it anew."),
            field="media",
        ) from error
    if width * height > PIXEL_LIMIT:
        raise InvalidInput(_("{name} has too many pixels.").format(name=name), _("Make it smaller."), field="media")
    return width, height
