"""The demo's own day: what each client took in the weeks before the opening, and how it pays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from smm_tui.bootstrap import Workspace
from smm_tui.domain import worktime, zones
from smm_tui.domain.clock import MINUTE
from smm_tui.sandbox.demo.clients import DemoClient
from smm_tui.services.pay import AgreementDraft, PayService
from smm_tui.services.worktime import WorkTimeService

WEEKS = 5
"""So far back the hours go."""


def fill(workspace: Workspace, actor: str, clients: Iterable[DemoClient]) -> None:
    """Write time and agreements down for `actor`: each client has its hour of the day, posts are made
    on Tuesdays and Thursdays, messages answered on all working days."""
    zone, now = workspace.work_queries.zone(), workspace.clock()
    times, money = WorkTimeService(workspace.db, actor), PayService(workspace.db, actor)
    monday = worktime.week_of(zones.local(now, zone).date())
    begun = (monday - timedelta(weeks=WEEKS)).replace(day=1)
    for client in clients:
        project = workspace.projects.find(client.name).id
        for terms in client.pay:
            money.agree(project, AgreementDraft(from_day=begun.isoformat(), **terms))
        for name, weeks_ago in client.tasks:
            money.add_task(project, name, monday - timedelta(weeks=weeks_ago))
        for day in (monday + timedelta(days=count) for count in range(-7 * WEEKS, 7)):
            if day.weekday() > 4:
                continue
            work = {"messages": client.worked["messages"] // 5}
            if day.weekday() in (1, 3):
                work["posts"] = client.worked["posts"] // 2
            start = zones.resolve(datetime.combine(day, time(7)), zone) + (client.hotkey - 1) * 130 * MINUTE
            for what, minutes in work.items():
                end = start + (minutes + (day.toordinal() * client.hotkey) % 7 - 3) * MINUTE
                if end <= now:
                    times.add(project, start, end, what)
                start = end
