"""What the load of the coming weeks means, in sentences: for the screen and the command line. Light to import."""

from __future__ import annotations

from smm_tui.domain import worktime
from smm_tui.domain.clock import MINUTE
from smm_tui.domain.workload import COMFORTABLE, MESSAGE, MOST, POST, Outlook, Room
from smm_tui.i18n import _

FULL = 90
"""Percent of the capacity from which on a week is said to be full."""


def sentences(found: Outlook) -> list[str]:
    """The fullest week, the number of clients, the answer about another one, and what all that is guessed from."""
    said: list[str] = []
    if not found.clients:
        return [_("No clients yet: there is room.")]
    fullest = max(range(len(found.weeks)), key=lambda week: found.weeks[week])
    percent = found.percent(fullest)
    if percent is None:
        said.append(_("You have no hours a week: say how many with `time settings --capacity`."))
    elif percent >= FULL:
        said.append(
            _("Week {number} is full: {load} of {capacity} hours ({percent} %).").format(
                number=fullest + 1,
                load=worktime.clock_time(found.weeks[fullest]),
                capacity=worktime.clock_time(found.capacity),
                percent=percent,
            )
        )
    said.append(another(found))
    if any(not client.measured for client in found.clients):
        said.append(
            _("Where too little was measured, a post counts {post} minutes and a message {message}.").format(
                post=POST // MINUTE, message=MESSAGE // MINUTE
            )
        )
    return said


def another(found: Outlook) -> str:
    """Whether another client fits."""
    count = len(found.clients)
    usual = worktime.clock_time(found.another or 0)
    free = worktime.clock_time(max(found.free, 0))
    if count >= MOST:
        return _("Another client: no. {count} are as many as most people answer well.").format(count=count)
    if found.room == Room.NO:
        return _("Another client: no. {free} hours a week are free, one like the others takes {usual}.").format(
            free=free, usual=usual
        )
    if found.room == Room.TIGHT:
        if count >= COMFORTABLE:
            return _(
                "Another client: think it over. There are {count} already; {free} hours a week are free, "
                "one like the others takes {usual}."
            ).format(count=count, free=free, usual=usual)
        return _(
            "Another client: it would be tight. {free} hours a week are free, one like the others takes {usual}."
        ).format(free=free, usual=usual)
    return _("Another client: yes. {free} hours a week are free, one like the others takes {usual}.").format(
        free=free, usual=usual
    )
