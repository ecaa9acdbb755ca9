"""What figures say of an ad: cost per result, frequency, click rate, spend. Pure; missing is not zero."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from smm_tui.domain.money import decimals


@dataclass(frozen=True, slots=True)
class Sums:
    """Figures added up over days and ads; None: nobody told. `spent` in minor units."""

    impressions: int | None = None
    reach: int | None = None
    clicks: int | None = None
    results: int | None = None
    spent: int | None = None

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            _sum(self.impressions, other.impressions),
            _sum(self.reach, other.reach),
            _sum(self.clicks, other.clicks),
            _sum(self.results, other.results),
            _sum(self.spent, other.spent),
        )


def total(sums: Iterable[Sums]) -> Sums:
    """All of them together."""
    found = Sums()
    for one in sums:
        found += one
    return found


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other


FIGURES = ("cost_per_result", "frequency", "ctr", "spend")
"""What a rule may look at: money in whole units of the currency, click rate in per cent, frequency in impressions a
person sees a day."""


def figure(name: str, sums: Sums, currency: str) -> float | None:
    """One of `FIGURES`; None when it cannot be told. Money spent without any result makes a result cost all that was
    spent, at least."""
    if name == "spend":
        return None if sums.spent is None else _major(sums.spent, currency)
    if name == "ctr":
        if not sums.impressions or sums.clicks is None:
            return None
        return 100 * sums.clicks / sums.impressions
    if name == "frequency":
        return sums.impressions / sums.reach if sums.impressions is not None and sums.reach else None
    if name == "cost_per_result":
        if sums.spent is None or sums.results is None:
            return None
        return _major(sums.spent, currency) / max(1, sums.results)
    raise ValueError(name)


def crosses(value: float | None, bound: Decimal, *, above: bool) -> bool:
    """Whether a figure is beyond its bound."""
    if value is None or math.isnan(value):
        return False
    return value > float(bound) if above else value < float(bound)


def _major(amount: int, currency: str) -> float:
    return float(Decimal(amount).scaleb(-decimals(currency)))
