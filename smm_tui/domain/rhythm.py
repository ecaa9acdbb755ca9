"""The rhythm of a plan: what share each kind of post has, and where the plan limps.

Pure functions over posts in the order of their time; whoever shows the findings words them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol, TypeVar

from smm_tui.domain.clock import HOUR, Instant
from smm_tui.domain.states import State

SAME_KIND = 3
"""So many posts of one kind in a row tire the reader."""
QUIET_DAYS = 3
"""So many days without a post are a gap."""
APPROVE_AHEAD: Instant = 48 * HOUR
"""A post that goes out sooner than this should be approved by now."""


class Planned(Protocol):
    """What is asked of a post here; the calendar's rows have it."""

    @property
    def content_type(self) -> str: ...
    @property
    def planned_at(self) -> Instant: ...
    @property
    def state(self) -> str: ...


P = TypeVar("P", bound=Planned)


class Share(NamedTuple):
    """How many posts are of one kind, and what part of all of them that is, in percent."""

    content_type: str
    posts: int
    percent: int


def mix(posts: Sequence[Planned]) -> list[Share]:
    """The kinds of these posts, the most frequent first."""
    counts = Counter(post.content_type for post in posts)
    return [Share(kind, count, round(100 * count / len(posts))) for kind, count in counts.most_common()]


def runs(posts: Sequence[P], at_least: int = SAME_KIND) -> list[list[P]]:
    """Posts of one kind that follow each other without another kind between them."""
    found: list[list[P]] = []
    run: list[P] = []
    for post in posts:
        if run and run[-1].content_type == post.content_type:
            run.append(post)
            continue
        if len(run) >= at_least:
            found.append(run)
        run = [post]
    return [*found, run] if len(run) >= at_least else found


def gaps(days: Iterable[date], first: date, last: date, at_least: int = QUIET_DAYS) -> list[tuple[date, date]]:
    """Stretches from `first` to `last`, both included, in which none of `days` lies."""
    found = []
    before = first - timedelta(days=1)
    for day in [*sorted(day for day in set(days) if first <= day <= last), last + timedelta(days=1)]:
        if (day - before).days > at_least:
            found.append((before + timedelta(days=1), day - timedelta(days=1)))
        before = day
    return found


def unapproved(posts: Sequence[P], now: Instant) -> list[P]:
    """Posts that go out soon and have no approval yet."""
    return [
        post
        for post in posts
        if post.state in (State.DRAFT, State.PLANNED) and now < post.planned_at <= now + APPROVE_AHEAD
    ]
