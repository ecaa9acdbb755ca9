"""Figures of the Graph API, metric by metric: one invalid name fails a whole call, so each is asked for alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from smm_tui.domain.clock import DAY, SECOND, Instant
from smm_tui.domain.errors import Forbidden, NotFound, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.meta import paging
from smm_tui.networks.meta.api import MetaApi
from smm_tui.networks.meta.counts import whole
from smm_tui.networks.page import Metric, Reading, Readings

REFUSED = (Rejected, Forbidden, NotFound, Unsupported)  # of one figure; anything else fails the whole reading


class Gathering:
    """Readings as they come in."""

    def __init__(self, api: MetaApi) -> None:
        self._api = api
        self._values: list[Reading] = []
        self._missing: dict[Metric, str] = {}

    def add(self, readings: Iterable[Reading]) -> None:
        """Keep readings."""
        self._values += readings

    def refuse(self, metrics: Iterable[Metric], why: str) -> None:
        """Keep why these are absent."""
        self._missing |= dict.fromkeys(metrics, why)

    async def insight(self, path: str, metric: Metric, name: str, **params: str) -> Any:
        """The answer for one metric by its name there; None, with the reason kept, when it is refused.

        A name that is not known to the server is not asked for again on this connection.
        """
        if name in self._api.dead_metrics:
            self.refuse([metric], _("the network no longer tells it"))
            return None
        try:
            return await self._api.get(f"{path}/insights", lambda value: value, metric=name, **params)
        except REFUSED as error:
            if isinstance(error, Rejected):
                self._api.dead_metrics.add(name)
            self.refuse([metric], error.message)
            return None

    def done(self) -> Readings:
        """All of them."""
        told = {reading.metric for reading in self._values}
        return Readings(tuple(self._values), {name: why for name, why in self._missing.items() if name not in told})


def totals(metric: Metric, value: Any, *, at: Instant, since: Instant | None = None) -> list[Reading]:
    """The one number of an answer: of all time, or of a period; nothing when there is none."""
    for item in _results(value):
        for raw in (shape.inner(item, "total_value").get("value"), *(each.get("value") for each in _values(item))):
            if (count := whole(raw)) is not None:
                return [Reading(metric, count, at, since)]
    return []


def by_day(metric: Metric, value: Any) -> list[Reading]:
    """The days of an answer; what is no number is left out."""
    found = []
    for item in _results(value):
        for day in _values(item):
            count = whole(day.get("value"))
            try:
                end = paging.moment(day, "end_time")
            except shape.WrongShape:
                continue
            if count is not None:
                found.append(Reading(metric, count, end, end - DAY))
    return found


def windows(since: Instant, until: Instant, longest: Instant) -> list[dict[str, str]]:
    """The parameters that cut a time into pieces which one call may ask for."""
    found = []
    start = since
    while start < until:
        end = min(start + longest, until)
        found.append({"since": str(start // SECOND), "until": str(-(-end // SECOND))})
        start = end
    return found


def bounds(window: Mapping[str, str]) -> tuple[Instant, Instant]:
    """The instants of a piece of time."""
    return int(window["since"]) * SECOND, int(window["until"]) * SECOND


def _results(value: Any) -> list[dict[str, Any]]:
    return shape.objects(value, "data") if isinstance(value, dict) else []


def _values(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    return shape.objects(item, "values")
