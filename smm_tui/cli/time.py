"""``smm-tui time``: time spent for clients."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import click

from smm_tui import formats
from smm_tui.cli import layout, shapes
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import NUMBER, Noun, ids_from, pass_session
from smm_tui.db.reads.work import EntryRow
from smm_tui.domain import pay, worktime, zones
from smm_tui.domain.clock import MINUTE, Instant, iso
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.when import parse_when
from smm_tui.i18n import _
from smm_tui.services.scheme_parts import day_of_words
from smm_tui.services.work_queries import SOURCES
from smm_tui.services.work_queries import what as what_was_done

PROJECT = click.option("--project", required=True, metavar="P", help=_("The client, by id or name."))


@click.group(cls=Noun, help=_("Time spent for clients: the timer, entries by hand, and what the log says was done."))
def time() -> None:
    pass


@time.command(help=_("Start the timer for a client; one that runs for another client stops."))
@PROJECT
@click.option("--what", default="", metavar="TEXT", help=_("What is done."))
@pass_session
def start(session: Session, project: str, what: str) -> None:
    number = session.workspace.project_queries.find(project).id
    receipt = session.workspace.worktime.start(number, what)
    row = session.workspace.work_queries.running()
    session.show({**(_document(session, row) if row else {}), "message": receipt.message}, [receipt.message])


@time.command(help=_("Stop the timer."))
@click.option("--at", metavar="WHEN", help=_("When it should have been stopped; default: now."))
@pass_session
def stop(session: Session, at: str | None) -> None:
    queries = session.workspace.work_queries
    row = queries.running()
    receipt = session.workspace.worktime.stop(None if at is None else _past(session, at, "at"))
    stopped = queries.entry(row.id) if row else None
    document = {} if stopped is None else _document(session, stopped)
    session.show({**document, "message": receipt.message}, [receipt.message])


@time.command(help=_("Write time down by hand. What the log says of the same time gives way."))
@PROJECT
@click.option("--from", "start", required=True, metavar="WHEN", help=_("When it began, as 2026-12-01 09:00."))
@click.option("--to", "end", metavar="WHEN", help=_("When it ended."))
@click.option("--for", "length", metavar="TIME", help=_("How long it took, as 1:30, 90m or 1.5h."))
@click.option("--what", default="", metavar="TEXT", help=_("What was done."))
@pass_session
def add(session: Session, project: str, start: str, end: str | None, length: str | None, what: str) -> None:
    number = session.workspace.project_queries.find(project).id
    began = _past(session, start, "from")
    receipt = session.workspace.worktime.add(number, began, _end(session, began, end, length), what)
    _show(session, receipt.ids[0], receipt.message)


@time.command("list", help=_("Entries, newest first; what was done since the last time is added to them."))
@click.option("--project", metavar="P", help=_("Of one client."))
@click.option("--from", "first", metavar="DAY", help=_("From this day on; default: the first of this month."))
@click.option("--to", "last", metavar="DAY", help=_("Until this day."))
@click.option("--everybody", is_flag=True, help=_("Also what others worked."))
@pass_session
def list_(session: Session, project: str | None, first: str | None, last: str | None, everybody: bool) -> None:
    session.workspace.worktime.collect()
    queries = session.workspace.work_queries
    number = None if project is None else session.workspace.project_queries.find(project).id
    zone = queries.zone()
    today = zones.local(session.workspace.clock(), zone).date()
    rows = queries.entries(
        first=today.replace(day=1) if first is None else day_of_words(first, "from"),
        last=None if last is None else day_of_words(last, "to"),
        project_id=number,
        everybody=everybody,
    )
    now = session.workspace.clock()
    lines = [
        (
            row.id,
            formats.weekday_moment(zones.local(row.started_at, zone)),
            worktime.clock_time((now if row.ended_at is None else row.ended_at) - row.started_at),
            row.project,
            what_was_done(row),
            _("running") if row.ended_at is None else _(SOURCES[row.source]),
        )
        for row in rows
    ]
    titles = (_("ID"), _("Began"), _("Time"), _("Client"), _("What"), _("From"))
    session.show([_document(session, row) for row in rows], layout.table(titles, lines, _("No time is written.")))


@time.command(help=_("Correct an entry; what is not given stays."))
@click.option("--project", metavar="P", help=_("It was for this client."))
@click.option("--from", "start", metavar="WHEN", help=_("When it began."))
@click.option("--to", "end", metavar="WHEN", help=_("When it ended."))
@click.option("--for", "length", metavar="TIME", help=_("How long it took."))
@click.option("--what", metavar="TEXT", help=_("What was done."))
@click.argument("entry", type=NUMBER, metavar="ID")
@pass_session
def edit(
    session: Session,
    project: str | None,
    start: str | None,
    end: str | None,
    length: str | None,
    what: str | None,
    entry: int,
) -> None:
    row = session.workspace.work_queries.entry(entry)
    if row is None:
        raise InvalidInput(_("There is no time entry {id}.").format(id=entry), field="id")
    began = row.started_at if start is None else _past(session, start, "from")
    ended = None if end is None and length is None else _end(session, began, end, length)
    receipt = session.workspace.worktime.edit(
        entry,
        project_id=None if project is None else session.workspace.project_queries.find(project).id,
        started_at=began,
        ended_at=ended,
        what=what,
    )
    _show(session, entry, receipt.message)


@time.command(help=_("Take entries away; `undo` brings them back."))
@click.argument("entries", nargs=-1, metavar="ID...")
@pass_session
def remove(session: Session, entries: tuple[str, ...]) -> None:
    receipt = session.workspace.worktime.remove(ids_from(entries, "entry"))
    session.show(shapes.receipt(receipt), [receipt.message])


@time.command(help=_("How you work: hours a week, the zone of your days, what an hour costs you."))
@click.option("--capacity", metavar="TIME", help=_("Hours a week, as 32h or 37:30."))
@click.option("--zone", metavar="ZONE", help=_("Where your days begin and end; empty: where most clients live."))
@click.option(
    "--idle", type=click.IntRange(1, 60), metavar="MINUTES", help=_("The longest break that still is work.")
)
@click.option("--cost", metavar="AMOUNT", help=_("What an hour costs you, for the margin; empty: not told."))
@click.option("--currency", metavar="CODE", help=_("The currency of the cost."))
@pass_session
def settings(
    session: Session,
    capacity: str | None,
    zone: str | None,
    idle: int | None,
    cost: str | None,
    currency: str | None,
) -> None:
    queries = session.workspace.work_queries
    found = queries.settings()
    if capacity is not None:
        found = found._replace(capacity=worktime.weekly(capacity))
    if zone is not None:
        found = found._replace(zone=zone)
    if idle is not None:
        found = found._replace(idle=idle * MINUTE)
    if currency is not None:
        found = found._replace(currency=pay.currency_code(currency))
    if cost is not None:
        found = found._replace(cost=pay.money(cost, "cost") if cost.strip() else None)
    if found.cost is not None and not found.currency:
        raise InvalidInput(_("In which currency?"), _("Add --currency, as HUF or EUR."), field="currency")
    changed = any(value is not None for value in (capacity, zone, idle, cost, currency))
    message = session.workspace.worktime.set_up(found).message if changed else ""
    shown = queries.settings()
    document = {
        "capacity_minutes": shown.capacity // MINUTE,
        "zone": queries.zone(),
        "idle_minutes": shown.idle // MINUTE,
        "cost": _amount(shown.cost),
        "currency": shown.currency,
    }
    session.show({**document, "message": message}, [message] if message else layout.facts(list(document.items())))


def _past(session: Session, words: str, field: str) -> Instant:
    """An instant that was typed, in the zone of the user's days."""
    planned = parse_when(words, now=session.workspace.clock(), zone=session.workspace.work_queries.zone())
    instant = planned.instant
    if instant > session.workspace.clock() and re.fullmatch(r"\d{1,2}:\d\d", words.strip()):
        # "9:00" means the one that has passed: time is written down afterwards.
        instant = parse_when(
            f"{date.fromordinal(planned.wall.date().toordinal() - 1)} {planned.wall:%H:%M}",
            now=session.workspace.clock(),
            zone=planned.zone,
        ).instant
    if instant > session.workspace.clock():
        raise InvalidInput(_("That is still to come."), _("Give a time that has passed."), field=field)
    return instant


def _end(session: Session, began: Instant, end: str | None, length: str | None) -> Instant:
    if (end is None) == (length is None):
        raise InvalidInput(_("Until when?"), _("Give one of --to and --for."), field="to")
    if length is not None:
        return began + worktime.duration(length)
    ended = _past(session, end or "", "to")
    worktime.checked(ended - began)
    return ended


def _show(session: Session, entry_id: int, message: str) -> None:
    row = session.workspace.work_queries.entry(entry_id)
    session.show({**(_document(session, row) if row else {}), "message": message}, [message])


def _document(session: Session, row: EntryRow) -> dict[str, Any]:
    end = session.workspace.clock() if row.ended_at is None else row.ended_at
    return {
        "id": row.id,
        "project": row.project,
        "project_id": row.project_id,
        "actor": row.actor,
        "what": row.what,
        "source": row.source,
        "started_at": iso(row.started_at),
        "ended_at": iso(row.ended_at),
        "minutes": (end - row.started_at) // MINUTE,
    }


def _amount(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
