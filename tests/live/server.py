"""Running Bluesky servers, as the live tests see them."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .install import Installed, install

STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class PdsAccount:
    """An account. `expired_access_token` is what a session by its app password is left with after 2 hours."""

    handle: str
    did: str
    password: str
    app_password: str
    expired_access_token: str


@dataclass(frozen=True, slots=True)
class Pds:
    """A PDS and its PLC directory on loopback; `url` and `plc_url` have no trailing slash.

    `moderation_did` is the moderation service's, where there is one, and then an AppView too.
    """

    url: str
    plc_url: str
    accounts: dict[str, PdsAccount]
    moderation_did: str = ""

    def __getitem__(self, name: str) -> PdsAccount:
        """The account of this name: alice, bob or carol."""
        return self.accounts[name]


@contextmanager
def running_pds(*, rate_limits: bool = False) -> Iterator[Pds]:
    """A fresh PDS on free ports with the accounts alice, bob and carol; gone, with its data, on leaving.

    Raises:
        Unavailable: it cannot be installed on this machine.
        RuntimeError: it was installed, but could not be built or did not start.
    """
    with _running(install(), "start_pds.mjs", *(["--rate-limits"] if rate_limits else [])) as server:
        yield server


@contextmanager
def running_network() -> Iterator[Pds]:
    """The same with an AppView and a moderation service behind the PDS.

    Raises:
        Unavailable: it cannot be installed on this machine.
        RuntimeError: it was installed, but could not be built or did not start.
    """
    installed = install()
    installed.require_postgres()
    with _running(installed, "start_network.mjs") as server:
        yield server


@contextmanager
def _running(installed: Installed, starter: str, *options: str) -> Iterator[Pds]:
    with tempfile.TemporaryDirectory(prefix="smm-tui-live-", ignore_cleanup_errors=True) as data:
        errors = Path(data) / "stderr.log"
        command: list[str | Path] = [installed.node, installed.folder / starter, "--data", data, *options]
        with (
            errors.open("wb") as stderr,
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True
            ) as process,
        ):
            try:
                assert process.stdout is not None
                line = process.stdout.readline()
                if not line:
                    raise RuntimeError(f"the server did not start:\n{errors.read_text()[-3000:]}")
                yield _pds(json.loads(line))
            finally:
                process.terminate()
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()


def _pds(ready: dict[str, Any]) -> Pds:
    accounts = [PdsAccount(**account) for account in ready["accounts"]]
    return Pds(
        url=ready["url"],
        plc_url=ready["plc_url"],
        accounts={account.handle.partition(".")[0]: account for account in accounts},
        moderation_did=ready.get("moderation_did", ""),
    )
