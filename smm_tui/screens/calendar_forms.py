"""The forms of the calendar: what is shown, many posts to other days, copies to other weeks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.accounts import AccountRow
from smm_tui.db.reads.posts import EVERYTHING, Which
from smm_tui.domain.content_types import ContentTypes
from smm_tui.domain.distance import distance, week_numbers
from smm_tui.domain.errors import InvalidInput
from smm_tui.domain.inert import inert
from smm_tui.domain.states import CHANGEABLE, NEEDS_HUMAN, State
from smm_tui.i18n import N_, _, ngettext
from smm_tui.screens.form import FormScreen, Values
from smm_tui.services.receipt import Receipt
from smm_tui.widgets.form import Field
from smm_tui.widgets.month_cells import Entry

STATES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "": (N_("all"), ()),
    "draft": (N_("draft"), (State.DRAFT,)),
    "planned": (N_("planned"), (State.PLANNED,)),
    "approved": (N_("approved"), (State.APPROVED, State.ARMED)),
    "live": (N_("live"), (State.SENDING, State.LIVE)),
    "waiting": (N_("needs you"), tuple(sorted(NEEDS_HUMAN))),
}
"""The sets of states that can be shown, with their titles."""

Sets = dict[str, tuple[str, Sequence[Entry]]]
"""Sets of posts by a word, each with its title."""
Named = Callable[[set[int]], str]
"""Which clients these projects are, in a sentence."""
Give = Callable[[Callable[[Workspace], Receipt]], None]


def filters(
    rows: Sequence[AccountRow], types: ContentTypes, which: Which, narrow: Callable[[Which], None]
) -> FormScreen:
    """Which posts are shown."""
    state = next((word for word, (_title, states) in STATES.items() if states == which.states), "")
    accounts = [("", _("all")), *((str(row.id), f"{row.network} {inert(row.handle)}") for row in rows)]

    async def save(values: Values) -> None:
        narrow(
            EVERYTHING._replace(
                content_type=values["type"],
                states=STATES[values["state"]][1],
                account_id=int(values["account"]) if values["account"] else None,
            )
        )

    fields = [
        Field(
            "type",
            _("Type"),
            which.content_type,
            choices=(("", _("all")), *((kind.name, inert(kind.shown)) for kind in types.values())),
        ),
        Field("state", _("State"), state, choices=tuple((word, _(title)) for word, (title, _s) in STATES.items())),
        Field("account", _("Account"), str(which.account_id or ""), choices=tuple(accounts)),
    ]
    return FormScreen(_("Which posts?"), lambda typed: fields, save)


def told(which: Which, types: ContentTypes) -> str:
    """A filter in words; empty: none."""
    parts = [types.shown(which.content_type)] if which.content_type else []
    parts += [_(title) for title, states in STATES.values() if states and states == which.states]
    if which.account_id is not None:
        parts.append(_("one account"))
    return ", ".join(map(inert, parts))


def sets(entries: Sequence[Entry], day: date, chosen: Sequence[Entry]) -> Sets:
    """What one command may be about: posts after a day, of a day, of its week, all that are shown."""
    posts = [entry for entry in entries if entry.dated and not entry.open]
    monday = day - timedelta(days=day.weekday())

    def between(first: date, last: date) -> list[Entry]:
        return [entry for entry in posts if first <= entry.wall.date() <= last]

    found: Sets = {
        "after": (_("after day {day}").format(day=day.day), between(day + timedelta(days=1), date.max)),
        "from": (_("from it on"), between(day, date.max)),
        "day": (_("this day"), between(day, day)),
        "week": (_("its week"), between(monday, monday + timedelta(days=6))),
        "all": (_("all"), posts),
    }
    several = [entry for entry in chosen if entry.dated and not entry.open]
    if len(several) > 1:
        found = {"chosen": (_("selected"), several), **found}
    return found


def shift(found: Sets, named: Named, give: Give) -> FormScreen:
    """Which posts, and by how much."""

    def movable(values: Values) -> list[Entry]:
        return [entry for entry in found[values["which"]][1] if State(entry.state) in CHANGEABLE]

    def note(values: Values) -> str:
        posts, all_of = movable(values), found[values["which"]][1]
        stay = len(all_of) - len(posts)
        words = ngettext("{count} post moves.", "{count} posts move.", len(posts)).format(count=len(posts))
        if stay:
            words += " " + ngettext(
                "{count} is out already and stays.", "{count} are out already and stay.", stay
            ).format(count=stay)
        return f"{words} {named({entry.project_id for entry in posts})}" if posts else words

    async def save(values: Values) -> None:
        by, ids = distance(values["by"]), [entry.post_id for entry in movable(values)]
        if not ids:
            raise InvalidInput(_("There is no post to move there."), field="which")
        give(lambda w: w.reschedule.shift(ids, by))

    fields = [
        Field("by", _("By"), "1d", _("As in 2d, -1w, 3h; each keeps its zone.")),
        Field("which", _("Posts"), choices=tuple((word, title) for word, (title, _posts) in found.items())),
    ]
    return FormScreen(_("Move many posts"), lambda typed: fields, save, note=note)


def repeat(found: Sets, named: Named, give: Give) -> FormScreen:
    """Which posts, and to which weeks."""
    first = next((word for word in ("chosen", "week") if word in found and found[word][1]), "all")

    def note(values: Values) -> str:
        posts = found[values["which"]][1]
        try:
            weeks = len(week_numbers(values["weeks"]))
        except InvalidInput:
            weeks = 0
        count = len(posts) * weeks
        words = ngettext("{count} post will be planned.", "{count} posts will be planned.", count).format(count=count)
        return f"{words} {named({entry.project_id for entry in posts})}" if posts else words

    async def save(values: Values) -> None:
        weeks, ids = week_numbers(values["weeks"]), [entry.post_id for entry in found[values["which"]][1]]
        if not ids:
            raise InvalidInput(_("There is no post to copy there."), field="which")
        give(lambda w: w.reschedule.repeat(ids, weeks))

    fields = [
        Field("weeks", _("Weeks later"), "1", _("As in 1, or 1,2,4, or 1-4. Nothing of the copies is approved.")),
        Field("which", _("Posts"), first, choices=tuple((word, title) for word, (title, _posts) in found.items())),
    ]
    return FormScreen(_("Copy to later weeks"), lambda typed: fields, save, note=note)
