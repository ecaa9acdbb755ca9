"""The log of every call to a network: names and figures, never values (see `networks/http.py`)."""

from __future__ import annotations

import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from smm_tui.domain.errors import DataError
from smm_tui.domain.inert import inert
from smm_tui.i18n import _

SIZE = 4 * 1024 * 1024
"""Bytes of the file before it becomes its own ``.1`` and a new one is begun."""
SOURCE = "smm_tui.networks.http"


class HttpLog:
    """A file that gets a line for each call of this process, from opening it to closing it."""

    def __init__(self, path: Path) -> None:
        """Raises DataError when the file cannot be written."""
        self.path = path
        self._logger = logging.getLogger(SOURCE)
        self._before = (self._logger.level, self._logger.propagate)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._handler = _Private(path, maxBytes=SIZE, backupCount=1, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise DataError(
                _("The log {path} cannot be written: {reason}.").format(path=path, reason=error.strerror),
                _("Check the rights of its folder, or choose another with --data."),
            ) from error
        self._handler.setFormatter(_Inert("%(asctime)s.%(msecs)03d %(process)d %(message)s", "%Y-%m-%dT%H:%M:%S"))
        self._logger.addHandler(self._handler)
        self._logger.setLevel(logging.DEBUG)
        self._logger.propagate = False

    def close(self) -> None:
        """Write nothing more."""
        self._logger.removeHandler(self._handler)
        self._logger.level, self._logger.propagate = self._before
        self._handler.close()


class _Private(RotatingFileHandler):
    """For the eyes of its owner only."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=_owner_only)

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk must not stop what is logged."""


class _Inert(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return inert(super().format(record))


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
