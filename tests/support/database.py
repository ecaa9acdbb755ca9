"""Looking at a whole database, and making fresh ones quickly."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from smm_tui.db.database import Database
from smm_tui.db.unit_of_work import BOOKKEEPING, UNDOABLE

Content = dict[str, list[dict[str, Any]]]


@cache
def _template() -> Path:
    path = Path(tempfile.mkdtemp(prefix="smm-tui-template-")) / "smm-tui.db"
    Database(path).close()
    return path


def fresh_database(path: Path) -> Path:
    """A new database of the current schema at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_template(), path)
    return path


def content(path: Path) -> Content:
    """All rows that undo restores, without the columns that only count or date changes."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            table: [
                {name: row[name] for name in row.keys() if name not in BOOKKEEPING}  # noqa: SIM118 - a Row has values
                for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            ]
            for table in UNDOABLE
        }


def differences(before: Content, after: Content) -> str:
    """What two contents differ in, for a message."""
    return json.dumps(
        {
            table: [row for row in before[table] if row not in after[table]]
            + ["->"]
            + [row for row in after[table] if row not in before[table]]
            for table in before
            if before[table] != after[table]
        },
        indent=1,
    )
