"""``smm-tui worker``: publish what is due."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import DONE, WAITING, Session
from smm_tui.cli.verbs import Verb, pass_session
from smm_tui.domain.inert import inert
from smm_tui.domain.states import State
from smm_tui.i18n import _

if TYPE_CHECKING:
    from smm_tui.db.reads.profiles import WishRow
    from smm_tui.domain.clock import Instant
    from smm_tui.workers.runner import PassReport

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@click.command(cls=Verb, help=_("Publish what is due, for ever; SIGTERM, SIGINT and SIGHUP end it cleanly."))
@click.option("--once", is_flag=True, help=_("One pass: until nothing is due. Exit status 3: a person is needed."))
@click.option("--dry-run", is_flag=True, help=_("Name what is due, and send nothing."))
@pass_session
def worker(session: Session, once: bool, dry_run: bool) -> int:
    if dry_run:
        return _name_due(session)
    with _logging_to_stderr():
        return _run(session, once=once)


def _run(session: Session, *, once: bool) -> int:
    runner = session.workspace.worker()
    with _stopped_by_signals() as stop:
        if once:
            report = runner.run_once(stop)
            session.show(asdict(report), [_told(session, report)])
            return WAITING if report.waiting_for_human else DONE
        session.say(_("The worker runs. It publishes what is due until it is stopped."))
        runner.run(stop, lambda report: session.say(_told(session, report)))
    session.show({"stopped": True}, [_("The worker has stopped; nothing was left half done.")])
    return DONE


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that is set by the first signal to stop: what is under way is finished, and nothing more begun."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_arguments: stop.set()) for number in STOPS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _told(session: Session, report: PassReport) -> str:
    if not report.led:
        other = session.workspace.records.worker()
        return _("Nothing done: the worker on {host}, process {pid}, leads.").format(host=other.host, pid=other.pid)
    return _(
        "Handled {sent}: {live} live, {rejected} rejected, {unknown} unknown, {missed} missed, {held} held; "
        "{messages} messages came in, {actions} actions, {pages} pages changed, {figures} figures read; "
        "{waiting} wait for a person."
    ).format(
        messages=report.messages,
        actions=report.actions,
        pages=report.pages,
        figures=report.figures,
        sent=report.sent,
        live=report.live,
        rejected=report.rejected,
        unknown=report.unknown,
        missed=report.missed,
        held=report.held,
        waiting=report.waiting_for_human,
    )


def _name_due(session: Session) -> int:
    workspace = session.workspace
    rows = workspace.delivery_queries.rows(workspace.delivery_queries.ids(which="queue"))
    now = workspace.clock()
    due = [
        row for row in rows.values() if row.state == State.SENDING or (row.due_at is not None and row.due_at <= now)
    ]
    pages = [page for page in workspace.profile_queries.pages() if any(_is_due(wish, now) for wish in page.waiting)]
    lines = layout.table(
        (_("Delivery"), _("Project"), _("Account"), _("State"), _("Due")),
        [(row.id, row.project, row.handle, row.state, layout.moment(row.due_at)) for row in due],
        _("Nothing is due."),
    )
    session.show(
        {
            "dry_run": True,
            "due": [shapes.delivery(row) for row in due],
            "pages": [
                {"account_id": page.account.id, "change": wish.id, "fields": list(wish.wanted)}
                for page in pages
                for wish in page.waiting
                if _is_due(wish, now)
            ],
        },
        [*lines, *(_("The page of {handle} is to be changed.").format(handle=page.account.handle) for page in pages)],
    )
    return DONE


def _is_due(wish: WishRow, now: Instant) -> bool:
    return wish.due_at is not None and wish.due_at <= now


class _Inert(logging.Formatter):
    """Answers of servers may stand in a line of the log: it must not steer the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return inert(super().format(record), newlines=True)


@contextmanager
def _logging_to_stderr() -> Iterator[None]:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Inert("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("smm_tui")
    logger.addHandler(handler)
    level, propagate = logger.level, logger.propagate
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
