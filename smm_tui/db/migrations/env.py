"""Alembic environment: always run by the program on a connection it hands over, never from an ini file."""

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from smm_tui.db import tables


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name SQLAlchemy's own types, so that they outlive a change of SQLModel."""
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Full-text indexes are no tables of ours."""
    return kind != "table" or not (name or "").startswith(tables.VIRTUAL)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
    include_name=include_name,
)
with context.begin_transaction():
    context.run_migrations()
