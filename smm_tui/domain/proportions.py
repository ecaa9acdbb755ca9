"""Whether two shares differ: the pooled two-proportion z-test, and how many trials it needs. Pure.

With x of n successes on either side, p = (x1 + x2) / (n1 + n2) and

    z = (x1 / n1 - x2 / n2) / sqrt(p (1 - p) (1 / n1 + 1 / n2)),      P = erfc(|z| / sqrt 2), two-sided

(Fleiss, Levin, Paik: Statistical Methods for Rates and Proportions, 3rd ed., 2.3, without continuity correction). The
trials that each side needs to tell p1 from p2 with significance a and power b (the same, 4.2; R's power.prop.test):

    n = (z(1-a/2) sqrt((p1 + p2)(1 - (p1 + p2) / 2)) + z(b) sqrt(p1 (1 - p1) + p2 (1 - p2)))^2 / (p1 - p2)^2
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

SIGNIFICANCE = 0.05
POWER = 0.8
LEAST_OF_EACH = 10
"""So many successes and failures on either side, below which the normal approximation does not hold."""


class Sample(NamedTuple):
    """So many successes of so many trials."""

    successes: int
    trials: int

    @property
    def share(self) -> float:
        """From 0 to 1; 0 without trials."""
        return self.successes / self.trials if self.trials else 0.0


class Comparison(NamedTuple):
    """`z` above 0: the first share is the larger one. `p`: how likely a difference like this is by chance alone."""

    z: float
    p: float


def compare(one: Sample, other: Sample) -> Comparison:
    """The test itself; z is 0 where nothing can be told. ValueError for counts that cannot be."""
    for sample in (one, other):
        if not 0 <= sample.successes <= sample.trials:
            raise ValueError(sample)
    if not one.trials or not other.trials:
        return Comparison(0.0, 1.0)
    pooled = (one.successes + other.successes) / (one.trials + other.trials)
    spread = math.sqrt(pooled * (1 - pooled) * (1 / one.trials + 1 / other.trials))
    if spread == 0:
        return Comparison(0.0, 1.0)
    z = (one.share - other.share) / spread
    return Comparison(z, math.erfc(abs(z) / math.sqrt(2)))


def trials_needed(p1: float, p2: float, *, significance: float = SIGNIFICANCE, power: float = POWER) -> float:
    """Trials on each side that tell two shares apart; infinite for equal ones."""
    if p1 == p2:
        return math.inf
    normal = NormalDist()
    both = p1 + p2
    chance = normal.inv_cdf(1 - significance / 2) * math.sqrt(both * (1 - both / 2))
    miss = normal.inv_cdf(power) * math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    return (chance + miss) ** 2 / (p1 - p2) ** 2


def missing(one: Sample, other: Sample, lift: float) -> int:
    """How many more trials the smaller side needs until a verdict is worth something: enough to find that the larger
    share is `lift` (0.2: by a fifth) above the smaller, and enough of each outcome. 0: enough are there."""
    fewest = min(one.trials, other.trials)
    needed = 0.0
    pooled = (one.successes + other.successes) / max(1, one.trials + other.trials)
    if not 0 < pooled < 1:
        needed = max(LEAST_OF_EACH * 100.0, 2.0 * fewest)  # nothing to go by yet
    else:
        higher = min(pooled * (1 + lift / 2), 1.0)
        needed = trials_needed(higher, max(0.0, pooled * (1 - lift / 2)))
        needed = max(needed, LEAST_OF_EACH / min(pooled, 1 - pooled))
    return max(0, math.ceil(needed) - fewest)
