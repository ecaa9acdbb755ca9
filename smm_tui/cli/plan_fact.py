"""How plan against fact is printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from smm_tui.cli import layout
from smm_tui.domain.clock import Instant, iso
from smm_tui.domain.promise import Fact
from smm_tui.i18n import N_, _
from smm_tui.services.plan_fact import DeliveryFact, MonthFact

WORDS = {
    Fact.WAITING: N_("not due yet"),
    Fact.KEPT: N_("as planned"),
    Fact.LATE: N_("late"),
    Fact.MISSING: N_("missing"),
    Fact.EDITED: N_("edited there"),
    Fact.MEDIA: N_("other files"),
    Fact.DELETED: N_("deleted there"),
}


def promise(found: MonthFact) -> dict[str, Any]:
    """The figure, as JSON."""
    return {"due": found.promise.due, "kept": found.promise.kept, "percent": found.promise.percent}


def document(found: MonthFact) -> list[dict[str, Any]]:
    """Every delivery, as JSON."""
    return [
        {
            "delivery": item.row.id,
            "post": item.row.post_id,
            "account": item.row.handle,
            "network": item.row.network,
            "state": item.row.state,
            "fact": item.fact,
            "planned_at": iso(item.row.due_at),
            "live_at": iso(item.row.live_at),
            "read_at": iso(item.row.looked_at),
            "shown": item.row.shown if item.fact is Fact.EDITED else None,
            "url": item.row.remote_url or None,
            "error": item.row.error_message or None,
        }
        for item in found.deliveries
    ]


def lines(found: MonthFact, zone: str) -> Iterator[str]:
    """The figure and every delivery, for people."""
    figure = found.promise
    if figure.percent is None:
        yield _("Nothing was due yet.")
    else:
        yield _("Promise kept: {percent} % ({kept} of {due})").format(
            percent=figure.percent, kept=figure.kept, due=figure.due
        )
    yield from layout.table(
        (_("Planned"), _("Live"), _("Post"), _("Account"), _("Fact"), _("What")),
        [_row(item, zone) for item in found.deliveries],
        _("Nothing is planned."),
    )


def _row(item: DeliveryFact, zone: str) -> tuple[object, ...]:
    row = item.row
    what = row.shown if item.fact is Fact.EDITED else row.error_message or row.head
    return (_short(row.due_at, zone), _short(row.live_at, zone), row.post_id, row.handle, _(WORDS[item.fact]), what)


def _short(instant: Instant | None, zone: str) -> str:
    return layout.moment(instant, zone).removesuffix(f" {zone}")[5:16]
