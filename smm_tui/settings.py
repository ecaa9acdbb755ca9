"""Settings: defaults, then ``config.toml`` of the workspace, then ``SMM_TUI_*`` variables, then options."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from smm_tui.domain.errors import DataError, InvalidInput
from smm_tui.i18n import _
from smm_tui.paths import Paths, default_data


class Settings(NamedTuple):
    """Everything that may be set. Each field is read from the key of its name and from ``SMM_TUI_<NAME>``."""

    paths: Paths
    language: str = ""  # interface language; empty: the environment's
    secrets: str = "auto"  # where secrets are kept: auto, keyring or file
    line: str = "auto"  # the line to the terminal: auto, fast or slow
    glyphs: str = "auto"  # auto, unicode or ascii
    colours: str = "auto"  # auto, none, 16, 256 or true
    mouse: str = "auto"  # auto, on or off
    pictures: str = "auto"  # auto, off, blocks, sixel or kitty
    actor: str = ""  # the name in the log; empty: the login name
    keys: Mapping[str, str] = MappingProxyType({})  # action id -> keys, from [keys]


CHOICES = {
    "secrets": ("auto", "keyring", "file"),
    "line": ("auto", "fast", "slow"),
    "glyphs": ("auto", "unicode", "ascii"),
    "colours": ("auto", "none", "16", "256", "true"),
    "mouse": ("auto", "on", "off"),
    "pictures": ("auto", "off", "blocks", "sixel", "kitty"),
}


def load(data: str | Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of the workspace in `data`; raises InvalidInput for a wrong value, naming it."""
    folder = _folder(data or environ.get("SMM_TUI_DATA") or default_data())
    paths = Paths(folder, _database(environ.get("SMM_TUI_DATABASE"), folder))
    values: dict[str, object] = {}
    known = set(Settings._fields) - {"paths"}
    for name, value in _read_config(paths.config).items():
        if name not in known:
            raise InvalidInput(
                _("{file}: there is no setting “{name}”.").format(file=paths.config, name=name),
                _("Known settings: {names}.").format(names=", ".join(sorted(known))),
            )
        values[name] = value
    for name in known - {"keys"}:
        if (text := environ.get(f"SMM_TUI_{name.upper()}")) is not None:
            values[name] = text
    for name, value in values.items():
        if not _has_kind(name, value):
            raise InvalidInput(
                _("The setting “{name}” cannot be “{value}”.").format(name=name, value=value),
                _("Give it as text in quotes; [keys] is a table of them."),
            )
    for name, choices in CHOICES.items():
        if values.get(name, choices[0]) not in choices:
            raise InvalidInput(
                _("The setting “{name}” cannot be “{value}”.").format(name=name, value=values[name]),
                _("Use one of: {names}.").format(names=", ".join(choices)),
            )
    return Settings(paths=paths, **values)  # type: ignore[arg-type]


def _folder(text: str | Path) -> Path:
    try:
        str(text).encode()  # its name stands in messages and in addresses of files
        return Path(text).expanduser().absolute()
    except (RuntimeError, UnicodeEncodeError) as error:
        raise InvalidInput(
            _("{folder} cannot be the name of a folder.").format(folder=ascii(str(text))),
            _("Choose another with --data."),
        ) from error


def _has_kind(name: str, value: object) -> bool:
    if name == "keys":
        return isinstance(value, dict) and all(isinstance(keys, str) for keys in value.values())
    return isinstance(value, str)


def _read_config(path: Path) -> dict[str, object]:
    try:
        text = path.read_text(encoding="utf-8")
        import tomllib  # after that: most workspaces have no such file, and start without it

        return tomllib.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise DataError(
            _("The settings file {path} cannot be read: {reason}.").format(path=path, reason=error),
            _("Mend it or move it away."),
        ) from error


def _database(url: str | None, folder: Path) -> Path:
    if not url:
        return folder / "smm-tui.db"
    if url.startswith("sqlite:///"):
        return _folder(url.removeprefix("sqlite:///"))
    raise InvalidInput(
        _("SMM_TUI_DATABASE: only SQLite is supported, as sqlite:///PATH."),
        _("Unset it to use {path}.").format(path=folder / "smm-tui.db"),
    )
