"""One command, one transaction: new state, audit line and undo record are committed together or not at all."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, event, inspect
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Session, SQLModel, col, delete

from smm_tui.db import tables
from smm_tui.db.tables import AuditTable, UndoTable
from smm_tui.domain.clock import Clock

UNDOABLE: dict[str, type[SQLModel]] = {str(table.__tablename__): table for table in tables.UNDOABLE}
# Never restored: they count changes or say when one happened.
BOOKKEEPING = frozenset({"version", "updated_at"})

ACTIONS = "action"
"""Not restored as rows are: an action is taken back on its network, or wanted there again."""

Image = dict[str, Any]


class UnitOfWork:
    """A session that remembers what it changed. Use it through :meth:`Database.unit`."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.session = Session(engine, expire_on_commit=False, autoflush=True)
        self.now = clock()
        self.wrote = False
        self._images: dict[tuple[str, str], tuple[Image | None, Image | None]] = {}
        self._actions: dict[int, tuple[bool, bool]] = {}
        event.listen(self.session, "after_flush", self._remember)

    def __enter__(self) -> UnitOfWork:
        self.session.begin()
        self.session.connection()  # BEGIN IMMEDIATE now: what is read from here on stays true until the commit
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.session.flush()
                self.session.commit()
            else:
                self.session.rollback()
        finally:
            self.session.close()

    @property
    def connection(self) -> Connection:
        """The connection of this transaction, for plain SQL; such changes are not remembered for undo."""
        self.wrote = True
        return self.session.connection()

    def audit(
        self,
        verb: str,
        subject: str,
        subject_id: int | None,
        summary: str,
        *,
        actor: str,
        project_id: int | None = None,
        **details: Any,
    ) -> None:
        """Write one line of the log."""
        self.session.add(
            AuditTable(
                at=self.now,
                actor=actor,
                project_id=project_id,
                verb=verb,
                subject=subject,
                subject_id=subject_id,
                summary=summary,
                details=details,
            )
        )

    def want(self, action_id: int, *, before: bool, after: bool) -> None:
        """Remember for undo that this unit wants an action to be in force on its network, or no longer."""
        self._actions[action_id] = (self._actions.get(action_id, (before, before))[0], after)

    def undoable(self, label: str, *, actor: str, project_id: int | None = None) -> int | None:
        """Record all that changed so far in this unit as one step of undo; its number, or None if nothing changed."""
        self.session.flush()
        changes = [
            {"table": table, "key": key, "before": before, "after": after}
            for (table, key), (before, after) in self._images.items()
            if _differ(before, after)
        ] + [
            {"table": ACTIONS, "key": str(number), "before": {"wanted": before}, "after": {"wanted": after}}
            for number, (before, after) in self._actions.items()
            if before != after
        ]
        if not changes:
            return None
        # What was undone before cannot be done again on top of this: the way forward ends here.
        self.session.exec(delete(UndoTable).where(col(UndoTable.undone_at).is_not(None)))
        record = UndoTable(at=self.now, actor=actor, project_id=project_id, label=label, changes=changes)
        self.session.add(record)
        self.session.flush()
        return record.id

    def changes(self, table: str) -> list[tuple[Image | None, Image | None]]:
        """The rows of an undoable table that changed so far in this unit: as they were before, and as they are."""
        self.session.flush()
        return [images for (name, _key), images in self._images.items() if name == table]

    def _remember(self, session: Session, _flush: UOWTransaction) -> None:
        self.wrote = True
        for row in session.new:
            self._note(row, None, _image(row))
        for row in session.deleted:
            self._note(row, _image(row, old=True), None)
        for row in session.dirty:
            if session.is_modified(row):
                self._note(row, _image(row, old=True), _image(row))

    def _note(self, row: Any, before: Image | None, after: Image | None) -> None:
        table = str(row.__tablename__)
        if table not in UNDOABLE:
            return
        key = (table, str(inspect(row).mapper.primary_key_from_instance(row)[0]))
        first, _ = self._images.get(key, (before, None))
        self._images[key] = (first, after)


def _differ(before: Image | None, after: Image | None) -> bool:
    """Whether undo would bring anything back: counting a change is none."""
    if before is None or after is None:
        return before is not after
    return any(before[name] != after[name] for name in before.keys() - BOOKKEEPING)


def _image(row: SQLModel, *, old: bool = False) -> Image:
    """All columns of a row, as they are or as they were before this flush."""
    state = inspect(row)
    image: Image = {}
    for attribute in state.mapper.column_attrs:
        value = getattr(row, attribute.key)
        if old:
            history = state.attrs[attribute.key].history
            value = history.deleted[0] if history.deleted else value
        image[attribute.key] = value
    return image
