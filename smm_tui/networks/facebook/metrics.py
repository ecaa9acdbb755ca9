"""Figures of a Page and its posts."""

from __future__ import annotations

from smm_tui.domain.clock import DAY, Instant
from smm_tui.networks.facebook import mapping, mapping_page
from smm_tui.networks.facebook.api import FacebookApi
from smm_tui.networks.meta import insights
from smm_tui.networks.page import Metric, Reading, Readings
from smm_tui.networks.ports import RemoteRef

WINDOW: Instant = 90 * DAY  # what one call may ask for


class FacebookMetrics:
    """Metrics over the Graph API. Insights come a day or two late; counts of the post itself at once."""

    def __init__(self, api: FacebookApi) -> None:
        self._api = api

    async def of_post(self, ref: RemoteRef) -> Readings:
        """See `Metrics.of_post`."""
        now = self._api.around.clock()
        found = insights.Gathering(self._api)
        video = mapping.is_video(ref.id)
        fields = mapping_page.VIDEO_FIELDS if video else mapping_page.POST_FIELDS
        try:
            counts = await self._api.get(f"/{ref.id}", mapping_page.totals, fields=fields)
            found.add(Reading(metric, count, now) for metric, count in counts.items())
        except insights.REFUSED as error:
            found.refuse((Metric.LIKES, Metric.REPLIES, Metric.REPOSTS), error.message)
        post = ref.id
        if video:
            page = await self._api.node()
            number = await self._api.get(f"/{ref.id}", mapping.post_of, fields="post_id")
            post = number if "_" in number else f"{page}_{number}"
        for metric, name in mapping_page.POST_METRICS.items():
            value = await found.insight(f"/{post}", metric, name, period="lifetime")
            found.add(insights.totals(metric, value, at=now))
        return found.done()

    async def of_page(self, since: Instant, until: Instant) -> Readings:
        """See `Metrics.of_page`."""
        page = await self._api.node()
        now = self._api.around.clock()
        found = insights.Gathering(self._api)
        try:
            counts = await self._api.get(f"/{page}", mapping_page.followers, fields=mapping_page.PAGE_FIELDS)
            found.add(Reading(metric, count, now) for metric, count in counts.items())
        except insights.REFUSED as error:
            found.refuse((Metric.FOLLOWERS,), error.message)
        for metric, name in mapping_page.PAGE_METRICS.items():
            for window in insights.windows(since, until, WINDOW):
                value = await found.insight(f"/{page}", metric, name, period="day", **window)
                found.add(insights.by_day(metric, value))
        return found.done()
