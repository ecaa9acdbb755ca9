"""Files that a verb writes: what kind, where, and never half."""

from __future__ import annotations

import os
import sys
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

from smm_tui.cli.session import Session
from smm_tui.domain.errors import DataError
from smm_tui.domain.inert import inert
from smm_tui.i18n import _


def kind_of(file: Path | None, kinds: Sequence[str]) -> str:
    """The kind that a file's name says, or the first where it says none of these."""
    ending = "" if file is None else file.suffix.lstrip(".").casefold()
    return ending if ending in kinds else kinds[0]


def put(session: Session, data: bytes, kind: str, file: Path | None, *, binary: bool = False) -> None:
    """Write what a verb made into a file, or to standard output where none is named (or ``-``)."""
    if file is None or str(file) == "-":
        if session.json:
            content = b64encode(data).decode() if binary else data.decode()
            encoding = "base64" if binary else "utf-8"
            session.show({"format": kind, "encoding": encoding, "content": content})
        else:
            # Bytes, because the file's own line ends must arrive as they are.
            sys.stdout.buffer.write(data)
        return
    write(file, data)
    message = _("Wrote {path}.").format(path=file)
    session.show({"format": kind, "path": str(file.absolute()), "message": message}, [message])


def write(file: Path, data: bytes) -> None:
    """Whole under its name, or not there at all."""
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(file)
    except OSError as error:
        raise DataError(
            _("{path} cannot be written: {reason}.").format(path=inert(str(file)), reason=error.strerror)
        ) from error
    finally:
        partial.unlink(missing_ok=True)
