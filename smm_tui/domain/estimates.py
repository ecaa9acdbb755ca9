"""What a sample says of the mean behind it, and how sure that is. Pure arithmetic; no data, no claim.

The interval is Student's: mean ± t(n - 1) * s / sqrt(n). Engagement is far from normal, so callers give logarithms,
``ln(1 + x)``, whose means behave, and at least `LEAST` values. Several intervals that are looked at together are each
widened as Bonferroni says: of k of them, each is one at 1 - (1 - level) / k.

Quantiles of t: G. W. Hill, "Algorithm 396: Student's t-quantiles", CACM 13 (1970), 619-620.
"""

from __future__ import annotations

import math
from typing import NamedTuple

LEAST = 5
"""Values below which nothing is said: so few tell hardly more than that they are few."""
LEVEL = 0.95


class Estimate(NamedTuple):
    """A mean of `n` values and the interval that holds the true one; None: not enough data."""

    n: int
    mean: float | None
    low: float | None = None
    high: float | None = None

    @property
    def known(self) -> bool:
        """Whether there are enough values to speak of an interval."""
        return self.low is not None


def of_sums(n: int, total: float, squares: float, *, level: float = LEVEL, among: int = 1) -> Estimate:
    """The estimate from count, sum and sum of squares; `among`: of so many intervals that are compared."""
    if n <= 0:
        return Estimate(0, None)
    mean = total / n
    if n < LEAST:
        return Estimate(n, mean)
    variance = max(squares - n * mean * mean, 0.0) / (n - 1)
    half = t_quantile((1 - level) / max(among, 1), n - 1) * math.sqrt(variance / n)
    return Estimate(n, mean, mean - half, mean + half)


def t_quantile(alpha: float, freedom: int) -> float:
    """The t that a Student variable with so many degrees of freedom exceeds, on either side, with chance `alpha`.

    ValueError outside of 0 < alpha < 1 and freedom >= 1.
    """
    if not 0 < alpha < 1 or freedom < 1:
        raise ValueError("alpha lies between 0 and 1, freedom is at least 1")
    if freedom == 1:
        angle = alpha * math.pi / 2
        return math.cos(angle) / math.sin(angle)
    if freedom == 2:
        return math.sqrt(2 / (alpha * (2 - alpha)) - 2)
    n = float(freedom)
    a = 1 / (n - 0.5)
    b = 48 / (a * a)
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * math.sqrt(a * math.pi / 2) * n
    y = (d * alpha) ** (2 / n)
    if y > 0.05 + a:
        x = _normal_quantile(alpha / 2)
        y = x * x
        if freedom < 5:
            c += 0.3 * (n - 4.5) * (x + 0.6)
        c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
        y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
        y = a * y * y
        y = math.exp(y) - 1 if y > 0.002 else 0.5 * y * y + y
    else:
        y = ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * (n + 1) / (
            n + 2
        ) + 1 / y
    return math.sqrt(n * y)


def normal_tail(z: float) -> float:
    """The chance that a standard normal variable exceeds z."""
    return 0.5 * math.erfc(z / math.sqrt(2))


def _normal_quantile(tail: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(tail)
