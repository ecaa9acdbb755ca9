"""How the kinds of post take turns in a month, in words: for the calendar's side panel and for the lint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from smm_tui.domain import alternation
from smm_tui.domain.alternation import Breach, Rule, Turn
from smm_tui.domain.content_types import ContentTypes
from smm_tui.domain.inert import inert
from smm_tui.i18n import _, ngettext

ENOUGH = 8
"""With fewer posts, a share says nothing yet."""


class Limp(NamedTuple):
    """Where the turns limp: a machine word, a sentence, the day to look at, the posts by position."""

    rule: str
    message: str
    day: date
    turns: tuple[int, ...]


def limps(turns: Sequence[Turn], kinds: ContentTypes, first: date, last: date, today: date) -> Iterator[Limp]:
    """What is wrong from `today` on with posts from `first` to `last`, both days included."""
    if not turns:
        return
    for breach in alternation.breaches(turns, kinds, first, last):
        if breach.last >= today:
            yield _in_words(breach, kinds)
    if last >= today:
        yield from _shares(turns, kinds)


def _in_words(breach: Breach, kinds: ContentTypes) -> Limp:
    name = inert(kinds.shown(breach.kind))
    count = len(breach.turns)
    if breach.rule is Rule.IN_ROW:
        message = _("{count} {kind} posts in a row, until {day}.").format(count=count, kind=name, day=breach.last)
        return Limp("run", message, breach.first, breach.turns)
    if breach.rule is Rule.PER_DAY:
        most = kinds[breach.kind].max_per_day
        message = _("{count} {kind} posts on {day}: at most {most} are meant.").format(
            count=count, kind=name, day=breach.first, most=most
        )
        return Limp("per_day", message, breach.first, breach.turns)
    days = (breach.last - breach.first).days
    message = ngettext(
        "{count} day without a {kind} post, until {day}.", "{count} days without a {kind} post, until {day}.", days
    ).format(count=days, kind=name, day=breach.last)
    return Limp("kind_gap", message, breach.first, breach.turns)


def _shares(turns: Sequence[Turn], kinds: ContentTypes) -> Iterator[Limp]:
    if len(turns) < ENOUGH:
        return
    parts = alternation.shares(turns)
    for kind in kinds.values():
        percent = round(parts.get(kind.name, 0.0))
        if kind.share is None or kind.share.low <= percent <= kind.share.high:
            continue
        own = [position for position, turn in enumerate(turns) if turn.kind == kind.name]
        message = _("{kind} is {percent} % of the posts: {low} to {high} % are meant.").format(
            kind=inert(kind.shown), percent=percent, low=kind.share.low, high=kind.share.high
        )
        yield Limp("share", message, turns[own[-1] if own else -1].day, tuple(own[-1:]))
