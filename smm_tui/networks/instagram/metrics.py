"""Figures of an Instagram account and its media."""

from __future__ import annotations

from smm_tui.domain.clock import DAY, Instant
from smm_tui.networks.instagram import mapping
from smm_tui.networks.instagram.api import InstagramApi
from smm_tui.networks.meta import insights
from smm_tui.networks.page import Metric, Reading, Readings
from smm_tui.networks.ports import RemoteRef

WINDOW: Instant = 30 * DAY  # what one call may ask for


class InstagramMetrics:
    """Metrics over the Graph API."""

    def __init__(self, api: InstagramApi) -> None:
        self._api = api

    async def of_post(self, ref: RemoteRef) -> Readings:
        """See `Metrics.of_post`."""
        now = self._api.around.clock()
        found = insights.Gathering(self._api)
        try:
            counts = await self._api.get(f"/{ref.id}", mapping.totals, fields=mapping.COUNT_FIELDS)
            found.add(Reading(metric, count, now) for metric, count in counts.items())
        except insights.REFUSED as error:
            found.refuse((Metric.LIKES, Metric.REPLIES), error.message)
        for metric, name in mapping.POST_METRICS.items():
            value = await found.insight(f"/{ref.id}", metric, name)
            found.add(insights.totals(metric, value, at=now))
        return found.done()

    async def of_page(self, since: Instant, until: Instant) -> Readings:
        """See `Metrics.of_page`. Views and people engaged are told for up to 30 days at a time, not day by day."""
        account = await self._api.node()
        now = self._api.around.clock()
        found = insights.Gathering(self._api)
        try:
            counts = await self._api.get(f"/{account}", mapping.followers, fields=mapping.PAGE_FIELDS)
            found.add(Reading(metric, count, now) for metric, count in counts.items())
        except insights.REFUSED as error:
            found.refuse((Metric.FOLLOWERS,), error.message)
        for window in insights.windows(since, until, WINDOW):
            for metric, name in mapping.DAILY_METRICS.items():
                value = await found.insight(f"/{account}", metric, name, period="day", **window)
                found.add(insights.by_day(metric, value))
            for metric, name in mapping.TOTAL_METRICS.items():
                value = await found.insight(
                    f"/{account}", metric, name, period="day", metric_type="total_value", **window
                )
                begin, end = insights.bounds(window)
                found.add(insights.totals(metric, value, at=end, since=begin))
        return found.done()
