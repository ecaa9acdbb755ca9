#!/usr/bin/env python3
"""Make or refresh ``.venv`` from the lock files; needs nothing but Python 3.11+ with venv.

``python3 tools/setup.py`` installs what the program needs, ``--dev`` what its tests need too.
A second run that finds nothing changed does nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also install what the tests and checks need")
    dev = parser.parse_args().dev
    if sys.version_info < (3, 11):  # noqa: UP036 - said in words before pip says it in riddles
        print(f"smm-tui needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    lock = ROOT / "requirements" / ("dev.lock" if dev else "core.lock")
    state = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"installed-{lock.stem}"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == state:
        return 0
    if not PYTHON.exists():
        print("Making .venv ...", file=sys.stderr)
        venv.create(VENV, with_pip=True)
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", "install")
    print(f"Installing {lock.relative_to(ROOT)} (about a minute the first time) ...", file=sys.stderr)
    run(*pip, "--require-hashes", "-r", lock)
    # The build backend is in the lock as well, so nothing unpinned is fetched for the build.
    run(*pip, "--no-deps", "--no-build-isolation", "-e", ".")
    stamp.write_text(state)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        print(f"Set-up stopped: {' '.join(error.cmd[:6])} ... failed; its message is above.", file=sys.stderr)
        sys.exit(1)
