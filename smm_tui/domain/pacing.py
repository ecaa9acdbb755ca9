"""Whether money is spent at the rate it was meant to be: budget against time. Pure; money in minor units."""

from __future__ import annotations

from typing import NamedTuple

from smm_tui.domain.clock import DAY, Instant

AHEAD, BEHIND = 1.15, 0.7
"""Beyond these shares of what should be spent by now, somebody should look."""


class Pace(NamedTuple):
    """What may be spent in all, and what should be by now; None where nobody said."""

    budget: int | None
    due: int | None = None

    def share(self, amount: int | None) -> float | None:
        """An amount as a share of the budget."""
        return None if amount is None or not self.budget else amount / self.budget

    def verdict(self, spent: int | None) -> str:
        """``ahead``, ``behind``, or nothing: too little is due, or known, to tell, or it is as it should be."""
        if spent is None or not self.due or not self.budget:
            return ""
        if spent > self.due * AHEAD and spent - self.due > self.budget * 0.02:
            return "ahead"
        return "behind" if spent < self.due * BEHIND and self.due > self.budget * 0.1 else ""


def pace(
    total: int | None,
    daily: int | None,
    starts_at: Instant,
    ends_at: Instant | None,
    now: Instant,
    *,
    cap: int | None = None,
    running: bool = True,
) -> Pace:
    """The pace of something with a budget for all of its time, or for a day, that may lose `cap` at most.

    Without an end a daily budget has no sum: then it is the cap. Nothing is due of what does not run yet.
    """
    whole = None if ends_at is None else max(ends_at - starts_at, 1)
    budget = total
    if budget is None and daily is not None and whole is not None:
        budget = daily * -(-whole // DAY)
    known = [amount for amount in (budget, cap) if amount is not None]
    if not known:
        return Pace(None)
    most = min(known)
    if not running or now < starts_at:
        return Pace(most, None)
    gone = now - starts_at if whole is None else min(now - starts_at, whole)
    due: int | None = None
    if total is not None and whole is not None:
        due = total * gone // whole
    elif daily is not None:
        due = daily * gone // DAY
    return Pace(most, None if due is None else min(due, most))
