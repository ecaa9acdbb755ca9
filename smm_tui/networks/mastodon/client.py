"""All that an account can do there. Each port is imported when it is first used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from smm_tui.i18n import _
from smm_tui.networks.api import Surroundings
from smm_tui.networks.client import Client
from smm_tui.networks.mastodon.api import MastodonApi
from smm_tui.networks.mastodon.spec import TITLE, rules
from smm_tui.networks.ports import Account, Capability, SecretSlot

if TYPE_CHECKING:
    from smm_tui.networks.mastodon.editor import MastodonEditor
    from smm_tui.networks.mastodon.inbox import MastodonInbox
    from smm_tui.networks.mastodon.metrics import MastodonMetrics
    from smm_tui.networks.mastodon.moderator import MastodonModerator
    from smm_tui.networks.mastodon.pinner import MastodonPinner
    from smm_tui.networks.mastodon.profile import MastodonProfile
    from smm_tui.networks.mastodon.publisher import MastodonPublisher
    from smm_tui.networks.mastodon.responder import MastodonResponder
    from smm_tui.networks.mastodon.scheduler import MastodonScheduler
    from smm_tui.networks.mastodon.uploads import Uploads


class MastodonClient(Client):
    """The ports of one account, over one API."""

    title = TITLE

    def __init__(self, account: Account, slot: SecretSlot, around: Surroundings) -> None:
        self._api = MastodonApi(account, slot, around)

    @cached_property
    def _uploads(self) -> Uploads:
        from smm_tui.networks.mastodon.uploads import Uploads

        return Uploads(self._api)

    @cached_property
    def publisher(self) -> MastodonPublisher:
        """See `Client.publisher`."""
        from smm_tui.networks.mastodon.publisher import MastodonPublisher

        return MastodonPublisher(self._api, self._uploads)

    @cached_property
    def editor(self) -> MastodonEditor:
        """See `Client.editor`."""
        from smm_tui.networks.mastodon.editor import MastodonEditor

        return MastodonEditor(self._api, self._uploads)

    @cached_property
    def pinner(self) -> MastodonPinner:
        """See `Client.pinner`."""
        from smm_tui.networks.mastodon.pinner import MastodonPinner

        return MastodonPinner(self._api)

    @cached_property
    def scheduler(self) -> MastodonScheduler:
        """See `Client.scheduler`."""
        from smm_tui.networks.mastodon.scheduler import MastodonScheduler

        if Capability.SCHEDULE not in rules(self._api.account.facts).capabilities:
            raise self._unsupported(_("keep posts for later by itself"))
        return MastodonScheduler(self._api)

    @cached_property
    def inbox(self) -> MastodonInbox:
        """See `Client.inbox`."""
        from smm_tui.networks.mastodon.inbox import MastodonInbox

        return MastodonInbox(self._api)

    @cached_property
    def responder(self) -> MastodonResponder:
        """See `Client.responder`."""
        from smm_tui.networks.mastodon.responder import MastodonResponder

        return MastodonResponder(self._api, self._uploads, self.publisher)

    @cached_property
    def moderator(self) -> MastodonModerator:
        """See `Client.moderator`."""
        from smm_tui.networks.mastodon.moderator import MastodonModerator

        return MastodonModerator(self._api)

    @cached_property
    def profile_reader(self) -> MastodonProfile:
        """See `Client.profile_reader`."""
        from smm_tui.networks.mastodon.profile import MastodonProfile

        return MastodonProfile(self._api)

    @cached_property
    def profile_writer(self) -> MastodonProfile:
        """See `Client.profile_writer`."""
        return self.profile_reader

    @cached_property
    def metrics(self) -> MastodonMetrics:
        """See `Client.metrics`."""
        from smm_tui.networks.mastodon.metrics import MastodonMetrics

        return MastodonMetrics(self._api)

    async def aclose(self) -> None:
        """See `Client.aclose`."""
        await self._api.aclose()
