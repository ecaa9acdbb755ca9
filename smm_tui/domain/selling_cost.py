"""Does selling cost followers here? A question to a history, answered with "yes, so many", "no sign" or "not enough".

The test is a permutation test of the daily share of selling posts against the followers lost on the same day, within
strata. If selling does not matter, the shares of the days of one stratum could as well stand in any other order.
Strata are four weeks each, working days and weekends apart: what grows or shrinks over months, and what weekends do
by themselves, is no sign of anything. The statistic is T = sum of share * loss; its exact mean and variance over all
orders are known (N. Mantel, JASA 58 (1963), 690-700; H. Strasser and C. Weber, "On the asymptotic theory of
permutation statistics", 1999), and (T - mean) / deviation is taken for normal, which the thresholds below make fit.
Nothing is drawn at random, so the same history always gets the same answer.

The effect is the slope within strata: followers lost more on a day with nothing but selling than on a day without,
with the interval of the same deviation.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from smm_tui.domain.estimates import normal_tail

DAYS = 35
"""Days with posts and with figures, at least."""
EACH = 8
"""Of them so many that sell and so many that do not, at least."""
LOSSES = 25
"""Followers lost in all, at least: of fewer, a single one weighs too much."""
LEVEL = 0.01
"""How often "it costs followers" may be said where it does not: once in a hundred looks."""
_STRATUM = 28  # days
_Z95 = 1.959964


class Verdict(StrEnum):
    """The answer; part of the command line's contract."""

    COSTS = "costs"
    NO_SIGN = "no_sign"
    NOT_ENOUGH = "not_enough"


class Day(NamedTuple):
    """One day (counted from 1970-01-01): posts, those of them that sell, followers at its beginning and lost on
    it."""

    day: int
    posts: int
    selling: int
    followers: int
    lost: int


class Finding(NamedTuple):
    """`extra` followers lost more on an all-selling day than on one without, per 1,000 followers, from `low` to
    `high` (95 %); `p` is the chance of as much or more without any effect. None with NOT_ENOUGH."""

    verdict: Verdict
    days: int
    with_selling: int
    without: int
    lost: int
    extra: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None


def examine(days: Iterable[Day]) -> Finding:
    """Judge a history; days without posts say nothing of the mix and are left out."""
    known = [day for day in days if day.posts > 0 and day.followers > 0]
    selling = sum(day.selling > 0 for day in known)
    lost = sum(day.lost for day in known)
    counts = (len(known), selling, len(known) - selling, lost)
    if len(known) < DAYS or min(counts[1:3]) < EACH or lost < LOSSES:
        return Finding(Verdict.NOT_ENOUGH, *counts)
    strata: dict[tuple[int, bool], list[tuple[float, float]]] = defaultdict(list)
    for day in known:
        weekend = (day.day + 3) % 7 >= 5  # 1970-01-01 was a Thursday
        strata[day.day // _STRATUM, weekend].append((day.selling / day.posts, 1000 * day.lost / day.followers))
    together = variance = spread = 0.0
    for pairs in strata.values():
        n = len(pairs)
        if n < 2:
            continue
        shares, losses = _squares([share for share, _loss in pairs]), _squares([loss for _share, loss in pairs])
        mean_share, mean_loss = (sum(column) / n for column in zip(*pairs, strict=True))
        together += sum((share - mean_share) * (loss - mean_loss) for share, loss in pairs)
        variance += shares * losses / (n - 1)
        spread += shares
    if spread <= 0 or variance <= 0:
        return Finding(Verdict.NOT_ENOUGH, *counts)
    deviation = math.sqrt(variance)
    p = normal_tail(together / deviation)
    extra, half = together / spread, _Z95 * deviation / spread
    verdict = Verdict.COSTS if p < LEVEL else Verdict.NO_SIGN
    return Finding(verdict, *counts, extra, extra - half, extra + half, p)


def _squares(values: Sequence[float]) -> float:
    """The sum of squares around the mean."""
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values)
