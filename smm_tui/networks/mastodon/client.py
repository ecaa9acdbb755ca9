"""All that an account can do there."""

from __future__ import annotations

from functools import cached_property

from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.mastodon.api import MastodonApi
from smm_tui.networks.mastodon.publisher import MastodonPublisher
from smm_tui.networks.mastodon.spec import TITLE
from smm_tui.networks.mastodon.uploads import Uploads
from smm_tui.networks.ports import Account, SecretSlot


class MastodonClient(Client):
    """The ports of one account, over one API."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self._api = MastodonApi(account, slot, around)
        self._uploads = Uploads(self._api)

    @cached_property
    def publisher(self) -> MastodonPublisher:
        """See `Client.publisher`."""
        return MastodonPublisher(self._api, self._uploads)

    async def aclose(self) -> None:
        """See `Client.aclose`."""
        await self._api.aclose()
