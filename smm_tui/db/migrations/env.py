"""Alembic environment: always run by the program on a connection it hands over, never from an ini file."""

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from smm_tui.db import tables  # noqa: F401 - fills the metadata


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name SQLAlchemy's own types, so that they outlive a change of SQLModel."""
    return "sa.String()" if kind == "type" and isinstance(item, AutoString) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
