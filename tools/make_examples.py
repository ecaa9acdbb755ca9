#!/usr/bin/env python3
"""Write docs/examples/bakery-2026-12.html and .xlsx from the Markdown plan beside them.

``--check`` writes nothing and fails when a file is stale.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from smm_tui.bootstrap import Workspace
from smm_tui.domain.clock import to_instant
from smm_tui.paths import Paths
from smm_tui.services.plan_file import source
from smm_tui.services.project_queries import ProjectDraft
from smm_tui.settings import Settings

EXAMPLES = Path(__file__).resolve().parent.parent / "docs" / "examples"
PLAN = EXAMPLES / "bakery-2026-12.md"
WHEN = to_instant(datetime(2026, 11, 2, 9, tzinfo=UTC))
"""Before the month begins: a plan lies ahead."""
ACCOUNTS = (
    ("mastodon", "@kovasz@social.example", {"token": "example"}, "https://social.example"),
    ("bluesky", "kovasz.example", {"app_password": "example"}, "https://bsky.example"),
)


def bakery(folder: Path) -> tuple[Workspace, int]:
    """A workspace with the bakery and its December, and the number of the project."""
    workspace = Workspace(
        Settings(paths=Paths(folder, folder / "smm-tui.db"), secrets="file", actor="example"), clock=lambda: WHEN
    )
    project = workspace.projects.add(ProjectDraft("Kovász Pékség", "Europe/Budapest", language="hu")).ids[0]
    for network, handle, secret, server in ACCOUNTS:
        workspace.accounts.add(project, network, handle, secret, server=server, check=False)
    workspace.plans.apply(project, 2026, 12, *source.read(PLAN.read_bytes(), "md"))
    return workspace, project


def examples() -> dict[str, bytes]:
    """The files, by name."""
    with tempfile.TemporaryDirectory() as folder:
        workspace, project = bakery(Path(folder))
        page = workspace.plan_queries.export(project, 2026, 12, "html").encode()
        workbook = workspace.plan_queries.workbook(project, 2026, 12)
        workspace.close()
    return {"bakery-2026-12.html": page, "bakery-2026-12.xlsx": workbook}


def same(name: str, one: bytes, other: bytes) -> bool:
    """Whether two files say the same: how a workbook is packed depends on the machine."""
    return _parts(one) == _parts(other) if name.endswith(".xlsx") else one == other


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a file is stale")
    check = parser.parse_args().check
    stale = 0
    for name, data in examples().items():
        path = EXAMPLES / name
        if path.exists() and same(name, path.read_bytes(), data):
            continue
        stale += 1
        print(f"{name} {'is stale: run tools/make_examples.py' if check else 'written'}")
        if not check:
            path.write_bytes(data)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
