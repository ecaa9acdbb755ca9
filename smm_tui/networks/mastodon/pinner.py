"""Keeping statuses on top of the page."""

from __future__ import annotations

from smm_tui.domain.errors import NotFound, Rejected
from smm_tui.networks.mastodon import mapping
from smm_tui.networks.mastodon.api import MastodonApi, status_path
from smm_tui.networks.ports import RemoteRef


class MastodonPinner:
    """A Pinner over ``/pin`` and ``/unpin``."""

    def __init__(self, api: MastodonApi) -> None:
        self._api = api

    async def pin(self, ref: RemoteRef) -> None:
        """See `Pinner.pin`. Rejected when five are pinned already: the server takes no more."""
        try:
            await self._api.do("POST", status_path(ref.id, "pin"))
        except Rejected:  # also the answer to a second pin
            if not await self._api.get(status_path(ref.id), mapping.is_pinned):
                raise

    async def unpin(self, ref: RemoteRef) -> None:
        """See `Pinner.unpin`. What is gone is not pinned either."""
        try:
            await self._api.do("POST", status_path(ref.id, "unpin"))
        except NotFound:
            return
