"""All rows of a database as plain values, table by table, and the way back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from smm_tui.db import sqlite

Row = Mapping[str, str | int | float | None]

SEQUENCE = "sqlite_sequence"
"""The highest number each table ever gave, so that none is given twice."""

_OWN = ("alembic_version", "lease")
"""What belongs to one database file and not to what is in it."""


def tables(path: Path) -> list[str]:
    """The tables that hold something of the user's, by name; what SQLite derives from them is left out."""
    with sqlite.explained(path), closing(sqlite.connect_readonly(path)) as connection:
        return _tables(connection)


def read(path: Path, table: str) -> Iterator[Row]:
    """The rows of a table, by their first column, which is mostly their number."""
    with sqlite.explained(path), closing(sqlite.connect_readonly(path)) as connection:
        cursor = connection.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 - a name of tables()
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))


def fill(path: Path, contents: Iterable[tuple[str, Iterable[Row]]]) -> None:
    """Put rows into the tables of a new database, in one transaction; what its migrations put there goes.

    ValueError for a table, a column or a value that does not fit, or a row that refers to nothing.
    """
    with sqlite.explained(path), closing(sqlite.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")  # rows may come before those they refer to
        connection.execute("BEGIN IMMEDIATE")
        known = {table: _columns(connection, table) for table in _tables(connection)}
        for table in known:
            connection.execute(f'DELETE FROM "{table}"')  # noqa: S608
        try:
            for table, rows in sorted(contents, key=lambda content: content[0] == SEQUENCE):
                for row in rows:
                    _insert(connection, table, row, known)
        except sqlite3.IntegrityError as error:
            raise ValueError(str(error)) from error
        if (dangling := connection.execute("PRAGMA foreign_key_check").fetchone()) is not None:
            raise ValueError(f"{dangling[0]} {dangling[1]} -> {dangling[2]}")
        connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, table: str, row: Row, known: Mapping[str, set[str]]) -> None:
    if not row or not row.keys() <= known.get(table, set()):
        raise ValueError(table)
    if not all(value is None or isinstance(value, str | int | float) for value in row.values()):
        raise ValueError(table)
    if table == SEQUENCE:
        connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (row.get("name"),))
    columns = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    connection.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', list(row.values()))  # noqa: S608


def _tables(connection: sqlite3.Connection) -> list[str]:
    listed = connection.execute("PRAGMA table_list").fetchall()
    plain = {name for _schema, name, kind, *_rest in listed if kind == "table" and not name.startswith("sqlite_")}
    return sorted({*plain, SEQUENCE} - set(_OWN))


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}
