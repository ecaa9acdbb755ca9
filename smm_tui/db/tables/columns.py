"""What columns are made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, text
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# An undone creation deletes its row; its number, which a log may name, must not come to mean another thing.
NEVER_REUSE_IDS = {"sqlite_autoincrement": True}


def instant(*, nullable: bool = True) -> Any:
    """Milliseconds since 1970 UTC."""
    return Field(default=None, sa_type=BigInteger, nullable=nullable)


def json(default: type[Any]) -> Any:
    """A list or an object."""
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))


def optional_json() -> Any:
    """A list or an object, or nothing."""
    return Field(default=None, sa_column=Column(JSON, nullable=True))


def later(default: str | int) -> Any:
    """A column that came with a later revision: what the rows from before hold."""
    spelled = text(f"'{default}'" if isinstance(default, str) else str(default))
    return Field(default=default, sa_column_kwargs={"server_default": spelled}, nullable=False)
