"""Undo and redo, from the durable record of what each command changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect

from smm_tui.db.database import Database
from smm_tui.db.reads import records
from smm_tui.db.reads.records import UndoRow
from smm_tui.db.tables import DeliveryTable, PostTable, UndoTable
from smm_tui.db.unit_of_work import ACTIONS, BOOKKEEPING, UNDOABLE, Image, UnitOfWork
from smm_tui.domain.errors import Conflict, InvalidInput
from smm_tui.domain.states import State
from smm_tui.i18n import _, ngettext
from smm_tui.services import actions, campaign_follow, lifecycle
from smm_tui.services.receipt import Receipt


class UndoService:
    """Takes commands back, newest first, and does them again."""

    def __init__(self, db: Database, actor: str) -> None:
        self._db = db
        self._actor = actor

    def next(self) -> UndoRow | None:
        """What `undo` would take back."""
        return records.next_undo(self._db)

    def undo(self, steps: int = 1) -> Receipt:
        """Take back the last steps; each whole or not at all. Refuses where something changed since."""
        if steps < 1:
            raise InvalidInput(_("How many steps? Give a number from 1 up."), field="steps")
        labels = []
        for _step in range(steps):
            row = records.next_undo(self._db)
            if row is None:
                break
            self._apply(row, forward=False)
            labels.append(row.label)
        if not labels:
            return Receipt(_("There is nothing to undo."), 0)
        if len(labels) == 1:
            return Receipt(_("Undone: {label}").format(label=labels[0]))
        return Receipt(
            ngettext("Undone {count} step.", "Undone {count} steps.", len(labels)).format(count=len(labels)),
            len(labels),
        )

    def redo(self) -> Receipt:
        """Do the step again that was undone last."""
        row = records.next_redo(self._db)
        if row is None:
            return Receipt(_("There is nothing to redo."), 0)
        self._apply(row, forward=True)
        return Receipt(_("Done again: {label}").format(label=row.label))

    def _apply(self, row: UndoRow, *, forward: bool) -> None:
        with self._db.unit() as unit:
            # A step may create rows that refer to each other; only the end result must hold together.
            unit.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            record = unit.session.get_one(UndoTable, row.id)
            posts: set[int] = set()
            for change in record.changes if forward else reversed(record.changes):
                now, then = (change["before"], change["after"]) if forward else (change["after"], change["before"])
                posts |= self._change(unit, change["table"], change["key"], now, then, row.label)
            unit.session.flush()
            for post_id in sorted(posts):
                post = unit.session.get(PostTable, post_id)
                if post is not None:
                    # Its state may rest on deliveries that the worker moved meanwhile.
                    if lifecycle.deliveries_of(unit, post_id):
                        lifecycle.refresh_post(unit, post)
                    else:
                        post.updated_at, post.version = unit.now, post.version + 1
            record.undone_at = None if forward else unit.now
            verb, told = ("redo", _("Done again: {label}")) if forward else ("undo", _("Undone: {label}"))
            unit.audit(
                verb, "undo", row.id, told.format(label=row.label), actor=self._actor, project_id=row.project_id
            )

    def _change(
        self, unit: UnitOfWork, table: str, key: str, now: Image | None, then: Image | None, label: str
    ) -> set[int]:
        """Bring one row from the image `now` to the image `then`; the posts it belongs to."""
        if table == ACTIONS:
            actions.set_wanted(self._db, unit, int(key), wanted=bool((then or {})["wanted"]), actor=self._actor)
            return set()
        model = UNDOABLE[table]
        column = inspect(model).primary_key[0]
        row: Any = unit.session.get(model, int(key) if column.type.python_type is int else key)
        queued = isinstance(row, DeliveryTable) and row.state == State.ARMED and not lifecycle.is_out(row)
        if queued and now is not None and now["state"] != State.ARMED:
            # The worker has only put it in its queue: nothing has left, so it can be taken out again.
            lifecycle.change_delivery(unit, row, state=State.APPROVED)
            unit.session.flush()
        changed = [name for name in (now or then or {}) if now is None or then is None or now[name] != then[name]]
        expected = None if now is None else {name: now[name] for name in changed if not _follows(table, name)}
        current = None if row is None else {name: getattr(row, name) for name in expected or {}}
        if expected != current if now is not None else row is not None:
            raise Conflict(
                _("“{label}” cannot be taken back: it has moved on since.").format(label=label),
                _("Look at it first; the log tells what happened."),
            )
        touched = _posts_of(table, now, then)
        if then is None:
            if row is not None:
                campaign_follow.ensure_deletable(unit, table, row)
                if isinstance(row, DeliveryTable):
                    lifecycle.drop_unsent_intents(unit, row.id or 0)
                unit.session.delete(row)
        elif row is None:
            unit.session.add(model(**then))
        else:
            for name in changed:
                if name not in BOOKKEEPING and not _is_kept(table, name):
                    setattr(row, name, then[name])
            if hasattr(row, "version") and not isinstance(row, PostTable):
                row.version += 1
        unit.session.flush()
        return touched


def _follows(table: str, column: str) -> bool:
    """Columns that follow from others: they are no sign that somebody changed the row."""
    return (
        column in BOOKKEEPING or (table == PostTable.__tablename__ and column == "state") or _is_kept(table, column)
    )


def _is_kept(table: str, column: str) -> bool:
    """Columns of campaigns that the worker keeps, whatever people do."""
    return column in campaign_follow.FOLLOWING.get(table, ())


def _posts_of(table: str, *images: Image | None) -> set[int]:
    column = "id" if table == PostTable.__tablename__ else "post_id"
    return {int(image[column]) for image in images if image and image.get(column) is not None}
