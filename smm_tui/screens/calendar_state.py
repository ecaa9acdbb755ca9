"""What the calendar shows of a month, read and worked out beside the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from smm_tui.bootstrap import Workspace
from smm_tui.db.reads.ads import Promotion
from smm_tui.db.reads.posts import EVERYTHING, CalendarRow, CollisionRow, Which
from smm_tui.db.reads.projects import ProjectRow
from smm_tui.domain import rhythm, zones
from smm_tui.domain.alternation import Turn
from smm_tui.domain.clock import DAY, Instant, to_datetime, to_instant
from smm_tui.domain.content_types import DEFAULTS, ContentTypes
from smm_tui.domain.inert import inert
from smm_tui.domain.promise import Fact, Promise
from smm_tui.domain.rhythm import Share
from smm_tui.domain.searching import searched
from smm_tui.domain.states import State
from smm_tui.glyphs import Glyphs
from smm_tui.i18n import N_, _, ngettext
from smm_tui.screens import ads_look as look
from smm_tui.services import turns
from smm_tui.services.mix import Portion
from smm_tui.services.places import OpenPlace, days_named, open_places
from smm_tui.widgets.month_cells import Entry, MonthPlan

CARRIED = {"poll": N_("poll"), "card": N_("link card"), "first_comment": N_("first comment")}
"""What a post may carry beside text and files, by the words of the query."""
DECIDED = frozenset({State.APPROVED, State.ARMED, State.SENDING, State.LIVE})
"""States of posts that have been approved."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the plan: a sentence, and the day and post to look at first."""

    text: str
    day: date
    post_id: int | None = None


@dataclass(frozen=True, slots=True)
class CalendarState:
    """A month of one client, or of all of them (`client` None), or a week of it. The figures are the month's."""

    client: int | None
    plan: MonthPlan
    today: date
    shares: tuple[Share, ...] = ()
    approved: int = 0
    total: int = 0
    to_approve: int = 0  # planned, ahead of now
    findings: tuple[Finding, ...] = ()
    found: int | None = None  # posts that fit the filter; None without one
    drafts: tuple[Entry, ...] = ()  # without a time
    types: ContentTypes = DEFAULTS
    places: Mapping[int, OpenPlace] = field(default_factory=dict)  # by the numbers of their entries
    mix: tuple[Portion, ...] = ()  # of one client
    project: ProjectRow | None = None
    ads: tuple[str, ...] = ()  # what ads show which posts, in words


@dataclass(frozen=True, slots=True)
class View:
    """What is to be shown: the month around a day (None: today), or its week, and of that what fits."""

    client: int | None
    day: date | None = None
    week: bool = False
    fitting: Which = EVERYTHING

    @property
    def narrow(self) -> bool:
        """Whether not all is shown."""
        return self.fitting != EVERYTHING


def read_month(w: Workspace, view: View, glyphs: Glyphs) -> CalendarState:
    """The month of a view: of its client, or of all."""
    now, client = w.clock(), view.client
    projects = {row.id: row for row in w.project_queries.all(archived=True)}
    project = projects.get(client) if client is not None else None
    today = zones.local(now, project.timezone).date() if project else to_datetime(now).astimezone().date()
    day = view.day or today
    month = (day.replace(day=1), last_of_month(day))
    monday = day - timedelta(days=day.weekday())
    span = (monday, monday + timedelta(days=6)) if view.week else month
    start, end = _around(min(span[0], month[0]), max(span[1], month[1]))
    near = w.post_queries.between(client, start, end)
    rows = _within(near, month)
    shown = _within(near, span) if view.week else rows
    if view.narrow:
        fitting = {
            row.id for row in w.post_queries.find(view.fitting._replace(project_id=client, start=start, end=end))
        }
        shown = [row for row in shown if row.id in fitting]
    types = {number: w.scheme_queries.content_types(number) for number in projects if client in (None, number)}

    promoted = w.ads_queries.promotions(client, start, end)

    def entry(row: CalendarRow) -> Entry:
        number = row.project_id
        one = entry_of(row, projects.get(number), types.get(number, DEFAULTS), glyphs, digit=client is None)
        return _promoted(one, promoted.get(row.id, ()), glyphs)

    kinds = DEFAULTS if client is None else types[client]
    taken = [(row.planned_wall, row.content_type) for row in rows]
    places: list[OpenPlace] = []
    dotted: list[tuple[Entry, OpenPlace]] = []
    names: dict[date, str] = {}
    if project is not None:
        here = zones.local(now, project.timezone).replace(tzinfo=None)
        special = w.scheme_queries.special_days(project.id)
        slots = w.scheme_queries.slots(project.id)
        places = open_places(slots, special, taken, month, here)
        names = {one: ", ".join(inert(s.name) for s in found) for one, found in days_named(special, *span).items()}
        if not view.narrow:
            of_span = [(row.planned_wall, row.content_type) for row in shown]
            here_open = open_places(slots, special, of_span, span, here) if view.week else places
            dotted = [(_dotted(place, project, kinds), place) for place in here_open]
    days: dict[date, tuple[Entry, ...]] = {}
    for one in sorted([*map(entry, shown), *(one for one, _place in dotted)], key=lambda one: one.wall):
        days[one.wall.date()] = (*days.get(one.wall.date(), ()), one)
    return CalendarState(
        client,
        MonthPlan(day.year, day.month, days, names, monday if view.week else None),
        today,
        tuple(rhythm.mix(rows)),
        sum(row.state in DECIDED for row in rows),
        len(rows),
        sum(row.state == State.PLANNED and row.planned_at > now for row in rows),
        tuple(
            _findings(rows, w.post_queries.collisions(client, start, end), day, today, now, types.get(client or 0))
        ),
        len(shown) if view.narrow else None,
        tuple(_drafts(w, view, entry, today)),
        kinds,
        {one.post_id: place for one, place in dotted},
        ()
        if project is None
        else tuple(w.scheme_queries.mix(project.id, kinds, taken, places, month, _until(now, day, project))),
        project,
        tuple(told for row in rows for told in _told(row, promoted.get(row.id, ()))),
    )


def _around(first: date, last: date) -> tuple[Instant, Instant]:
    """Instants between which these days lie in every zone: a wall time lies within a day of the same one in UTC."""
    start, end = (to_instant(datetime.combine(day, time(), UTC)) for day in (first, last + timedelta(days=1)))
    return start - DAY, end + DAY


def _within(rows: Sequence[CalendarRow], span: tuple[date, date]) -> list[CalendarRow]:
    first, after = span[0].isoformat(), (span[1] + timedelta(days=1)).isoformat()
    return [row for row in rows if first <= row.planned_wall < after]


def _until(now: Instant, day: date, project: ProjectRow) -> Instant:
    start, end = zones.month_bounds(day.year, day.month, project.timezone)
    return min(max(now, start), end)


def _dotted(place: OpenPlace, project: ProjectRow, types: ContentTypes) -> Entry:
    kind = types.get(place.slot.content_type)
    return Entry(
        -((place.slot.id or 0) * 32 + place.day.day),  # no post has it, and it stays the same
        project.id,
        place.wall,
        project.timezone,
        place.slot.content_type,
        kind.glyph if kind else "",
        "",
        "",
        inert(place.slot.title) or _("an open place"),
        kind_colour=kind.colour if kind else "",
        open=True,
    )


def entry_of(
    row: CalendarRow, project: ProjectRow | None, types: ContentTypes, glyphs: Glyphs, *, digit: bool
) -> Entry:
    """A post as the grid shows it; `digit`: with the key of its client."""
    kind = types.get(row.content_type)
    return Entry(
        row.id,
        row.project_id,
        datetime.fromisoformat(row.planned_wall),
        row.zone,
        row.content_type,
        kind.glyph if kind else "?",
        row.state,
        glyphs.state.get(row.state, "?"),
        inert(row.head) or (_("(media)") if row.has_media else ""),
        str(project.hotkey or "-") if digit and project else "",
        project.colour if project else "",
        kind_colour=kind.colour if kind else "",
        carries=", ".join(_(CARRIED[word]) for word in row.carries.split()),
    )


def _promoted(entry: Entry, ads: Sequence[Promotion], glyphs: Glyphs) -> Entry:
    """The post with a sign that ads show it."""
    if not ads:
        return entry
    return entry._replace(
        state_glyph=glyphs.promoted + entry.state_glyph,
        carries=", ".join(part for part in (entry.carries, _("ad")) if part),
    )


def _told(row: CalendarRow, ads: Sequence[Promotion]) -> Iterator[str]:
    """Each ad of a post: when the post goes out, the campaign, and what it brought."""
    when = f"{row.planned_wall[8:10]} {row.planned_wall[11:16]}"
    for one in ads:
        told = f"{when} {inert(one.campaign)}: {_(look.STATES.get(one.state, one.state))}"
        if one.spent is not None:
            told += f", {look.short(one.spent, one.currency)} {one.currency}"
        if one.results is not None:
            told += ", " + ngettext("{count} result", "{count} results", one.results).format(count=one.results)
        yield told


def _drafts(w: Workspace, view: View, entry: Callable[[CalendarRow], Entry], today: date) -> Iterator[Entry]:
    wanted = view.fitting
    words = [searched(word) for word in wanted.words]
    proposal = datetime.combine(today, time(10)).isoformat()
    for post in w.post_queries.unplanned(view.client):
        if (
            all(word in searched(post.text) for word in words)
            and wanted.content_type in ("", post.content_type)
            and (not wanted.states or post.state in wanted.states)
            and wanted.account_id is None
        ):
            row = CalendarRow(
                post.id,
                post.project_id,
                post.content_type,
                0,
                proposal,
                post.zone,
                post.state,
                post.text[:120],
                False,
                " ".join(word for word in CARRIED if word in post.extras),
            )
            yield entry(row)._replace(dated=False)


class Beside(NamedTuple):
    """What takes its time: the names of the days, holidays among them, what only a look at every post finds, and how
    much of what was due is as promised."""

    names: Mapping[date, str] = MappingProxyType({})
    findings: tuple[Finding, ...] = ()
    promise: Promise = Promise(0, 0)


def read_beside(w: Workspace, project: ProjectRow, first: date, last: date) -> Beside:
    """Look at everything of a month."""
    week = timedelta(days=6)  # a week of it may begin or end in another month
    named = w.scheme_queries.named_days(project, first - week, last + week)
    names = {day: ", ".join(found) for day, found in named.items()}
    fact = w.fact_queries.month(project.id, first.year, first.month)
    together: dict[str, list[Finding]] = {}
    for delivery in fact.broken:
        if delivery.fact in THERE:
            day = date.fromisoformat(delivery.row.planned_wall[:10])
            message = _(THERE[delivery.fact])
            together.setdefault(message, []).append(Finding(message, day, delivery.row.post_id))
    for item in w.plan_queries.lint(project.id, first.year, first.month).findings:
        if item.rule in DEEP:
            together.setdefault(item.message, []).append(Finding(item.message, item.day, item.post_id))
    findings = tuple(
        same[0]
        if len(same) == 1
        else replace(same[0], text=_("{count} posts: {message}").format(count=len(same), message=message))
        for message, same in together.items()
    )
    return Beside(names, findings, fact.promise)


THERE = {
    Fact.DELETED: N_("It was deleted there."),
    Fact.EDITED: N_("It was edited there by somebody else."),
    Fact.MEDIA: N_("It shows other files there than were sent."),
}
"""What somebody else did to a live post."""
DEEP = ("waiting", "returned", "deviation", "media", "preflight", "accounts", "duplicate")
"""Rules of the lint that the month alone does not tell."""


def _findings(
    rows: Sequence[CalendarRow],
    collisions: Sequence[CollisionRow],
    day: date,
    today: date,
    now: Instant,
    types: ContentTypes | None,
) -> list[Finding]:
    """What limps, the urgent first. Rhythm is a matter of one client: without its `types` it is left out."""
    found: list[Finding] = []
    days = {row.id: date.fromisoformat(row.planned_wall[:10]) for row in rows}
    if late := rhythm.unapproved(rows, now):
        text = ngettext(
            "{count} post not approved within 48 h", "{count} posts not approved within 48 h", len(late)
        ).format(count=len(late))
        found.append(Finding(text, days[late[0].id], late[0].id))
    walls = {row.id: row.planned_wall for row in rows}
    handles: dict[int, list[str]] = {}
    for row in collisions:
        handles.setdefault(row.post_id, []).append(row.handle)
    for post_id, names in handles.items():
        if post_id in walls:
            text = _("{time} on {day}: several posts on {handle}").format(
                time=walls[post_id][11:16],
                day=days[post_id].day,
                handle=inert(names[0]) if len(names) == 1 else _("{count} accounts").format(count=len(names)),
            )
            found.append(Finding(text, days[post_id], post_id))
    if types is None:
        return found
    last = last_of_month(day)
    sequence = [Turn(days[row.id], row.content_type) for row in rows]
    found += [
        Finding(limp.message, limp.day, rows[limp.turns[0]].id if limp.turns else None)
        for limp in turns.limps(sequence, types, day.replace(day=1), last, today)
    ]
    for first, until in rhythm.gaps(days.values(), max(today, day.replace(day=1)), last) if rows else ():
        found.append(Finding(_("no post from {first} to {last}").format(first=first.day, last=until.day), first))
    return found


def last_of_month(day: date) -> date:
    """The last day of a day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
