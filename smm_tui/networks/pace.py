"""Staying within what a network allows, together with every other process that uses the same account.

A call that is too early is refused here, before it leaves: waiting is the business of whoever asked for it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from smm_tui.domain.clock import SECOND, Clock, Instant
from smm_tui.domain.errors import RateLimited, SmmError, Transient
from smm_tui.i18n import _
from smm_tui.networks import waits


class Rates(Protocol):
    """How many calls are left, known to every process that uses the same accounts."""

    def take(self, bucket: str, limit: int, window: float) -> float:
        """Take one of `limit` calls in `window` seconds; 0 when it may be made now, else the seconds to wait."""

    def learn(self, bucket: str, remaining: int, resets_at: Instant) -> None:
        """What the network itself said is left, and until when."""


class Bucket(NamedTuple):
    """`limit` calls within `window` seconds, counted together under a name that all processes use."""

    name: str
    limit: int
    window: float


class Pace:
    """The buckets that each call is taken from. `buckets` tells them by method and URL, narrowest first."""

    def __init__(
        self, title: str, rates: Rates, clock: Clock, buckets: Callable[[str, str], Iterable[Bucket]]
    ) -> None:
        self._title = title
        self._rates = rates
        self._clock = clock
        self._buckets = buckets

    async def before(self, method: str, url: str) -> None:
        """Count a call that is about to be made. RateLimited when it must wait."""
        for bucket in self._buckets(method, url):
            try:
                wait = await asyncio.to_thread(self._rates.take, bucket.name, bucket.limit, bucket.window)
            except SmmError as error:  # nothing has left yet, so this is no doubt
                raise Transient(error.message, error.hint) from None
            if wait > 0:
                raise RateLimited(
                    _("{network} takes no more calls of this account for now.").format(network=self._title),
                    _("It goes on by itself when the network allows it."),
                    retry_after=wait,
                )

    async def after(self, method: str, url: str, headers: Mapping[str, str], wait: float | None) -> None:
        """Keep what an answer tells of the calls that are left; `wait`: seconds that a refused one must wait."""
        now = self._clock()
        told = (0, now + round(wait * SECOND)) if wait is not None else remaining(headers, now)
        if told is None:
            return
        for bucket in self._buckets(method, url):
            try:
                await asyncio.to_thread(self._rates.learn, bucket.name, *told)
            except SmmError:
                return  # the answer is what counts
            return  # the network speaks of the narrowest one


def remaining(headers: Mapping[str, str], now: Instant) -> tuple[int, Instant] | None:
    """The calls left and when they are counted anew, by the headers that networks use; None when they do not say.

    ``X-RateLimit-*`` (Mastodon: an ISO time), ``RateLimit-*`` (Bluesky: Unix seconds; seconds from now by the
    draft standard), and Meta's usage headers, where only an exhausted allowance is told: by minutes until it is back.
    """
    date = waits.http_date(headers.get("date", ""))  # the server's own clock, where it tells it
    server_now = now / SECOND if date is None else date
    for prefix in ("x-ratelimit-", "ratelimit-"):
        left, reset = headers.get(f"{prefix}remaining", ""), headers.get(f"{prefix}reset", "")
        if left.isascii() and left.isdigit() and len(left) < 10:
            seconds = waits.reset(reset, server_now)
            if seconds is not None:
                return int(left), now + round(seconds * SECOND)
    for name in ("x-business-use-case-usage", "x-app-usage"):
        minutes = _regained(headers.get(name, ""))
        if minutes is not None:
            return 0, now + minutes * 60 * SECOND
    return None


def _regained(header: str) -> int | None:
    """Minutes until Meta takes calls again; None while it does."""
    try:
        usages = [usage for usage in _objects(json.loads(header or "null")) if _exhausted(usage)]
    except (ValueError, RecursionError):
        return None
    if not usages:
        return None
    told = [usage.get("estimated_time_to_regain_access") for usage in usages]
    return max([5, *(minutes for minutes in told if type(minutes) is int and 0 < minutes < 10_000)])


def _objects(value: Any) -> Iterable[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        if isinstance(item, (dict, list)):
            yield from _objects(item)


def _exhausted(usage: dict[str, Any]) -> bool:
    shares = [usage.get(name) for name in ("call_count", "total_cputime", "total_time")]
    return any(isinstance(share, (int, float)) and share >= 100 for share in shares)
