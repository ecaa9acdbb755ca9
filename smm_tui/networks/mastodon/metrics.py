"""The figures that servers tell: running totals, no history, no reach."""

from __future__ import annotations

from smm_tui.domain.clock import Instant
from smm_tui.networks.mastodon import mapping_page as mapping
from smm_tui.networks.mastodon.api import MastodonApi, account_path, status_path
from smm_tui.networks.page import Readings
from smm_tui.networks.ports import RemoteRef


class MastodonMetrics:
    """A Metrics over the counts of Status and Account."""

    def __init__(self, api: MastodonApi) -> None:
        self._api = api

    async def of_post(self, ref: RemoteRef) -> Readings:
        """See `Metrics.of_post`."""
        now = self._api.around.clock()
        return await self._api.get(status_path(ref.id), lambda value: mapping.of_post(value, now))

    async def of_page(self, since: Instant, until: Instant) -> Readings:
        """See `Metrics.of_page`. Nothing is told of a period."""
        now = self._api.around.clock()
        own = await self._api.own()
        return await self._api.get(account_path(own), lambda value: mapping.of_page(value, now))
