"""How much work the coming weeks bring, and whether there is room for another client. Pure; in milliseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from smm_tui.domain.clock import MINUTE, Instant
from smm_tui.domain.worktime import Kind

POST: Instant = 25 * MINUTE
MESSAGE: Instant = 3 * MINUTE
"""What a post and a message are taken to cost while too few of them were measured."""

ENOUGH_POSTS = 8
ENOUGH_MESSAGES = 30
"""So many of them make a measurement."""

PAST_WEEKS = 4
"""The weeks of the past that the coming ones are judged by."""

COMFORTABLE, MOST = 4, 6
"""From the first number of clients on, one more is thought over; from the second on, it is advised against."""

RESERVE = 10
"""Percent of the capacity that should stay free: somebody falls ill, something burns."""


class Past(NamedTuple):
    """What a client took in the last weeks: time by kind, posts that went out or were planned, messages settled and
    received."""

    spent: Mapping[str, Instant]
    posts: int
    settled: int
    received: int


class Client(NamedTuple):
    """One client's load: what a post and a message cost (and whether that was measured), and the weeks to come."""

    project_id: int
    per_post: Instant
    per_message: Instant
    measured: bool
    weeks: tuple[Instant, ...]

    @property
    def typical(self) -> Instant:
        """Of a week."""
        return sum(self.weeks) // len(self.weeks) if self.weeks else 0


class Room(StrEnum):
    """Whether another client fits."""

    YES = "yes"
    TIGHT = "tight"
    NO = "no"


class Outlook(NamedTuple):
    """The coming weeks of all clients. `free` is what the fullest week leaves of the capacity (negative: too much),
    `another` what one more client like the others would take, None while there is nothing to judge by."""

    capacity: Instant
    clients: tuple[Client, ...]
    weeks: tuple[Instant, ...]
    free: Instant
    another: Instant | None
    room: Room

    def percent(self, week: int) -> int | None:
        """How full a week is; None without a capacity."""
        return None if self.capacity <= 0 else round(100 * self.weeks[week] / self.capacity)


def load_of(project_id: int, past: Past, posts_ahead: Sequence[int]) -> Client:
    """A client's load in the coming weeks: their posts and the usual messages at what these took lately, and the
    other work as it was. A post is taken to be made in the week in which it goes out."""
    posts_time = past.spent.get(Kind.POSTS, 0)
    messages_time = past.spent.get(Kind.MESSAGES, 0)
    posts_known = past.posts >= ENOUGH_POSTS and posts_time > 0
    messages_known = past.settled >= ENOUGH_MESSAGES and messages_time > 0
    per_post = posts_time // past.posts if posts_known else POST
    per_message = messages_time // past.settled if messages_known else MESSAGE
    other = sum(spent for kind, spent in past.spent.items() if kind not in (Kind.POSTS, Kind.MESSAGES))
    weekly = past.received * per_message // PAST_WEEKS + other // PAST_WEEKS
    return Client(
        project_id,
        per_post,
        per_message,
        posts_known and (messages_known or not past.received),
        tuple(count * per_post + weekly for count in posts_ahead),
    )


def outlook(capacity: Instant, clients: Sequence[Client], weeks: int) -> Outlook:
    """All clients together. Another one fits if what the fullest week leaves, less the reserve, is as much as the
    clients usually take, and they are not too many to know by heart."""
    totals = tuple(sum(client.weeks[week] for client in clients) for week in range(weeks))
    free = capacity - max(totals, default=0)
    loads = [client.typical for client in clients if client.typical]
    another = round(median(loads)) if loads else None
    spare = free - capacity * RESERVE // 100
    if len(clients) >= MOST or free <= 0 or (another is not None and free < another):
        room = Room.NO
    elif len(clients) >= COMFORTABLE or (another is not None and spare < another):
        room = Room.TIGHT
    else:
        room = Room.YES
    return Outlook(capacity, tuple(clients), totals, free, another, room)
