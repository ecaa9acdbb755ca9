"""Figures of a Bluesky account: running totals, no history."""

from __future__ import annotations

from functools import partial

from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import NotFound
from smm_tui.i18n import _
from smm_tui.networks.bluesky import mapping_page
from smm_tui.networks.bluesky.api import BlueskyApi
from smm_tui.networks.page import Readings
from smm_tui.networks.ports import RemoteRef


class BlueskyMetrics:
    """Metrics over the AppView."""

    def __init__(self, api: BlueskyApi) -> None:
        self._api = api

    async def of_post(self, ref: RemoteRef) -> Readings:
        """See `Metrics.of_post`."""
        read = partial(mapping_page.post_readings, at=self._api.around.clock())
        found = await self._api.ask("app.bsky.feed.getPosts", {"uris": [ref.id]}, read)
        if found is None:
            raise NotFound(_("The post is gone, or not shown yet."), _("Look again in a minute."))
        return found

    async def of_page(self, since: Instant, until: Instant) -> Readings:
        """See `Metrics.of_page`. The network tells nothing of the past."""
        del since, until
        read = partial(mapping_page.page_readings, at=self._api.around.clock())
        return await self._api.ask("app.bsky.actor.getProfile", {"actor": await self._api.did()}, read)
