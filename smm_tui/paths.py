"""Where everything of one workspace lives: one folder, chosen once."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Paths(NamedTuple):
    """The files and folders of a workspace, all below `data`."""

    data: Path
    database: Path

    @property
    def media(self) -> Path:
        return self.data / "media"

    def media_file(self, sha256: str) -> Path:
        """Where the store keeps the file with that hash."""
        return self.media / sha256[:2] / sha256

    @property
    def backups(self) -> Path:
        return self.data / "backups"

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    @property
    def world(self) -> Path:
        """The sandbox's own file. Where it exists, this workspace talks to the sandbox and to nothing else."""
        return self.data / "world.db"

    @property
    def lesson(self) -> Path:
        """Says that this folder holds a day of learning, and which."""
        return self.data / "lesson.txt"

    @property
    def log(self) -> Path:
        return self.data / "smm-tui.log"

    @property
    def http_log(self) -> Path:
        """What `--debug-http` writes."""
        return self.data / "http.log"

    @property
    def config(self) -> Path:
        return self.data / "config.toml"


def default_data() -> Path:
    """The platform's folder for this user's data."""
    from platformdirs import user_data_path

    return user_data_path("smm-tui", appauthor=False)
