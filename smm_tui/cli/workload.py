"""``smm-tui workload``: the coming weeks, and whether there is room for another client."""

from __future__ import annotations

import click

from smm_tui.cli import layout
from smm_tui.cli.session import Session
from smm_tui.cli.verbs import Verb, pass_session
from smm_tui.domain import worktime
from smm_tui.domain.clock import MINUTE
from smm_tui.i18n import _
from smm_tui.services import room
from smm_tui.services.work_queries import WEEKS


@click.command(
    cls=Verb, help=_("Time per client, the load of the coming weeks, and whether you can take another client.")
)
@click.option("--weeks", type=click.IntRange(1, 26), default=WEEKS, show_default=True, help=_("How far ahead."))
@pass_session
def workload(session: Session, weeks: int) -> None:
    session.workspace.worktime.collect()
    queries = session.workspace.work_queries
    found, times = queries.outlook(weeks), queries.times()
    names = {row.id: row.name for row in session.workspace.project_queries.all()}
    sentences = room.sentences(found)
    document = {
        "capacity_minutes": found.capacity // MINUTE,
        "weeks": [
            {"minutes": load // MINUTE, "percent": found.percent(number)} for number, load in enumerate(found.weeks)
        ],
        "free_minutes": found.free // MINUTE,
        "another_client": found.room,
        "another_client_minutes": None if found.another is None else found.another // MINUTE,
        "sentences": sentences,
        "clients": [
            {
                "project": names[client.project_id],
                "project_id": client.project_id,
                "today_minutes": times[client.project_id].today // MINUTE if client.project_id in times else 0,
                "week_minutes": times[client.project_id].week // MINUTE if client.project_id in times else 0,
                "month_minutes": times[client.project_id].month // MINUTE if client.project_id in times else 0,
                "minutes_per_post": client.per_post // MINUTE,
                "minutes_per_message": round(client.per_message / MINUTE, 1),
                "measured": client.measured,
                "weeks": [load // MINUTE for load in client.weeks],
            }
            for client in found.clients
        ],
    }
    titles = (
        _("Client"),
        _("Today"),
        _("Week"),
        _("Month"),
        *(_("+{count} w").format(count=number) if number else _("this w") for number in range(weeks)),
    )
    rows: list[tuple[str, ...]] = [
        (
            names[client.project_id],
            *(
                worktime.clock_time(spent)
                for spent in (times[client.project_id][1:] if client.project_id in times else (0, 0, 0))
            ),
            *(worktime.clock_time(load) for load in client.weeks),
        )
        for client in found.clients
    ]
    if rows:
        spent = [sum(item[place] for item in times.values()) for place in (1, 2, 3)]
        rows.append((_("All"), *map(worktime.clock_time, spent), *map(worktime.clock_time, found.weeks)))
    session.show(document, [*layout.table(titles, rows, _("No clients yet.")), "", *sentences])
