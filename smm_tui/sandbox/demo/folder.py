"""The demo's folder: a marker file says that everything in it may be thrown away; no other folder is touched."""

from __future__ import annotations

import shutil
from pathlib import Path

from smm_tui.domain.errors import DataError, InvalidInput
from smm_tui.i18n import _

MARKER = "demo.txt"
DATABASES = ("smm-tui.db", "world.db")
FOLDERS = ("media", "backups", "secrets")


def claim(data: Path) -> None:
    """Make the folder a demo's, if it is empty or new; InvalidInput when it holds something else."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        if (data / MARKER).is_file():
            return
        if any(data.iterdir()):
            raise InvalidInput(
                _("The folder {folder} holds something, and no demo.").format(folder=data),
                _("Choose an empty or new folder for the demo with --data."),
                field="data",
            )
        (data / MARKER).write_text(
            _("This folder holds the demo of smm-tui. `smm-tui demo --reset` begins it anew.") + "\n",
            encoding="utf-8",
        )
    except OSError as error:
        raise _refused(data, error) from error


def empty(data: Path) -> None:
    """Remove what the demo wrote; whatever else somebody put there stays."""
    try:
        for name in DATABASES:
            for suffix in ("", "-wal", "-shm", "-journal"):
                (data / f"{name}{suffix}").unlink(missing_ok=True)
        for name in FOLDERS:
            if (data / name).exists():
                shutil.rmtree(data / name)
    except OSError as error:
        raise _refused(data, error) from error


def _refused(data: Path, error: OSError) -> DataError:
    return DataError(
        _("The demo's folder {folder} cannot be written: {reason}.").format(folder=data, reason=error.strerror),
        _("Choose another with --data."),
    )
