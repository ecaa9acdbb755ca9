"""``smm-tui status``: what waits."""

from __future__ import annotations

import click

from smm_tui.cli import layout, shapes
from smm_tui.cli.session import DONE, WAITING, Session
from smm_tui.cli.verbs import Verb, pass_session
from smm_tui.domain.clock import iso
from smm_tui.domain.states import State
from smm_tui.i18n import _
from smm_tui.services.account_queries import secret_ends

SHOWN = (
    State.PLANNED,
    State.APPROVED,
    State.ARMED,
    State.SENDING,
    State.UNKNOWN,
    State.REJECTED,
    State.MISSED,
    State.HELD,
)

SHOWN_WAITING = 200
"""So many of those who wait are named; the counts are of all."""


@click.command(cls=Verb, help=_("What waits. Exit status 3: a person is needed."))
@pass_session
def status(session: Session) -> int:
    now = session.workspace.records.status()
    expiring = session.workspace.account_queries.expiring()
    unsettled = session.workspace.inbox_queries.waiting()
    unanswered = sum(backlog.waits for backlog in session.workspace.inbox_queries.backlog().values())
    alarms = session.workspace.campaign_queries.alarms()
    needs_human = now.needs_human or bool(unsettled) or bool(alarms)
    waiting = session.workspace.delivery_queries.rows(now.waiting[:SHOWN_WAITING])
    document = {
        "due": now.due,
        **{str(state): now.in_state(state) for state in SHOWN},
        "unanswered": unanswered,
        "ads_alarms": len(alarms),
        "needs_human": needs_human,
        "waiting": [shapes.delivery(waiting[number]) for number in now.waiting if number in waiting],
        "waiting_count": len(now.waiting),
        "actions": [shapes.action(row) for row in unsettled[:SHOWN_WAITING]],
        "expiring": [
            {"account": row.id, "project": row.project, "handle": row.handle, "expires_at": iso(secret_ends(row))}
            for row in expiring
        ],
        "worker": {
            "state": now.worker.where,
            "host": now.worker.host or None,
            "pid": now.worker.pid or None,
            "beat_at": iso(now.worker.beat_at),
        },
    }
    worker = _("off")
    if now.worker.where != "off":
        worker = _("on {host}, process {pid}").format(host=now.worker.host, pid=now.worker.pid)
    lines = list(
        layout.facts(
            [
                (_("due"), now.due),
                *((str(state), now.in_state(state)) for state in SHOWN),
                (_("unanswered"), unanswered),
                (_("worker"), worker),
            ]
        )
    )
    lines += [
        f"{row.id}  {row.project}  {row.handle}  {row.state}  {row.error_message} {row.error_hint}".rstrip()
        for row in waiting.values()
    ]
    lines += [
        _(
            "{handle} ({project}): its token ends {when}. Give it a new one with `smm-tui account secret {id}`."
        ).format(
            handle=row.handle,
            project=row.project,
            when=layout.ends(secret_ends(row) or 0, session.workspace.clock()),
            id=row.id,
        )
        for row in expiring
    ]
    lines += [
        f"{row.id}  {row.verb}  {row.state}  {row.error_message} {row.error_hint}".rstrip()
        for row in unsettled[:SHOWN_WAITING]
    ]
    lines += [f"{row.project}  {row.campaign}  {row.message}" for row in alarms[:SHOWN_WAITING]]
    if alarms:
        lines.append(_("See them with `smm-tui ads alarms`, and say so with `smm-tui ads settle ALARM`."))
    if unsettled:
        lines.append(_("Answer with `smm-tui inbox resolve ACTION --sent, --again or --drop`."))
    if now.needs_human:
        lines.append(_("Answer with `smm-tui post resolve DELIVERY --live URL, --resend or --drop`."))
    if now.due and now.worker.where == "off":
        lines.append(_("Something is due and no worker runs: start `smm-tui worker` or the workspace."))
    session.show(document, lines)
    return WAITING if needs_human else DONE
