"""The nameless many who follow a page: how many came and went on each day, and why they go.

The people of :mod:`smm_tui.sandbox.audience` have names and write; this is everybody else, kept as numbers a day, so
that years of them cost nothing. Every face adds them to what it tells, in its network's own way: as a total, as days,
or both. Why they leave is planted: a part of them by themselves, and a part for each share of selling posts on the
day.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from smm_tui.domain.clock import DAY, Instant
from smm_tui.sandbox.http import JSON
from smm_tui.sandbox.things import Account, Object
from smm_tui.sandbox.world import World

_KEPT, _LIKES = "crowd", "crowd_likes"


@dataclass(frozen=True, slots=True)
class Temper:
    """Parts of the crowd a day: who come, who leave by themselves, and who leave over a day of nothing but
    selling."""

    gain: float = 0.004
    loss: float = 0.002
    cost: float = 0.0


def found(world: World, account: Account, size: int) -> None:
    """Let so many follow from before all days."""
    world.update_account(account, {_KEPT: {"size": size, "days": []}})


def move(world: World, account: Account, gained: int, lost: int, *, at: Instant | None = None) -> None:
    """Let so many come and go at a moment, now unless told; nobody leaves who is not there."""
    lost = min(lost, size(world.account(account.id)) + gained)
    move_all(world, account, [(world.clock() if at is None else at, gained, lost)])


def move_all(world: World, account: Account, moves: Iterable[tuple[Instant, int, int]]) -> None:
    """Let many come and go, each time at a moment: who came, who left."""
    crowd = world.account(account.id).data.get(_KEPT) or {"size": 0, "days": []}
    days = [*crowd["days"], *(list(move) for move in moves)]
    world.update_account(account, {_KEPT: {**crowd, "days": days}})


def live_a_day(
    world: World, account: Account, temper: Temper, *, selling: float, dice: random.Random, at: Instant | None = None
) -> tuple[int, int]:
    """A day on which this share of the posts sold something; how many came and how many left."""
    gained, lost = turnover(size(world.account(account.id)), temper, selling=selling, dice=dice)
    move(world, account, gained, lost, at=at)
    return gained, lost


def turnover(there: int, temper: Temper, *, selling: float, dice: random.Random) -> tuple[int, int]:
    """How many of a crowd come and leave on a day on which this share of the posts sold something."""
    return _some(there, temper.gain, dice), _some(there, temper.loss + temper.cost * selling, dice)


def like(world: World, account: Account, likes: Mapping[int, int]) -> None:
    """Let so many like what an account published, by the numbers of these objects in the world."""
    known = world.account(account.id).data.get(_LIKES, {})
    world.update_account(account, {_LIKES: {**known, **{str(number): count for number, count in likes.items()}}})


def liked(world: World, item: Object) -> int:
    """How many of the crowd like it."""
    return int(world.account(item.account_id).data.get(_LIKES, {}).get(str(item.id), 0))


def size(account: Account) -> int:
    """How many there are now."""
    return _size(account.data.get(_KEPT))


def changes(account: Account, start: Instant, end: Instant) -> tuple[int, int]:
    """How many came and how many left between two instants."""
    crowd = account.data.get(_KEPT)
    days = [] if crowd is None else [day for day in crowd["days"] if start <= day[0] < end]
    return sum(day[1] for day in days), sum(day[2] for day in days)


def reached(account: Account, start: Instant, end: Instant) -> int:
    """How many saw anything of the page: a part of those who are there, on each day that has begun."""
    crowd = account.data.get(_KEPT)
    if crowd is None:
        return 0
    passed = sum(1 for day in crowd["days"] if start <= day[0] < end)
    return _size(crowd) * min(passed, (end - start) // DAY) * 2 // 5


def _size(crowd: JSON | None) -> int:
    if crowd is None:
        return 0
    return int(crowd["size"]) + sum(int(day[1]) - int(day[2]) for day in crowd["days"])


def _some(there: int, share: float, dice: random.Random) -> int:
    """How many of them, each deciding alone: a binomial draw, by the gaps between those who do."""
    if share <= 0:
        return 0
    count, at, scale = 0, 0, math.log1p(-min(share, 0.999))
    while (at := at + 1 + int(math.log(1 - dice.random()) / scale)) <= there:
        count += 1
    return count
