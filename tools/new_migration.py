#!/usr/bin/env python3
"""Write the next migration from the difference between the tables and an empty, fully migrated database.

usage: .venv/bin/python tools/new_migration.py "Add the inbox"
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from smm_tui.db.migrate import HEAD, alembic_config


def main() -> None:
    message = sys.argv[1]
    number = int(HEAD) + 1 if HEAD else 1
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        with engine.begin() as connection:
            config = alembic_config(connection)
            if HEAD:
                command.upgrade(config, "head")
            slug = re.sub(r"\W+", "_", message.lower())
            config.set_main_option("file_template", f"{number:04d}_{slug}")
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
    print(f'Now set HEAD = "{number:04d}" in smm_tui/db/migrate.py and read the new file.')


if __name__ == "__main__":
    main()
