"""The profile of a channel or group, and the figures that bots are told."""

from __future__ import annotations

from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import Forbidden, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.page import Metric, Profile, ProfileChange, Reading, Readings
from smm_tui.networks.ports import Capability, RemoteRef
from smm_tui.networks.telegram import mapping_page
from smm_tui.networks.telegram.api import TelegramApi
from smm_tui.networks.telegram.spec import PROFILE


class TelegramProfile:
    """A ProfileReader and ProfileWriter over the Bot API."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api

    async def read_profile(self) -> Profile:
        """See `ProfileReader.read_profile`."""
        return mapping_page.profile(await self._api.ask("getChat", {"chat_id": self._api.chat()}))

    async def write_profile(self, change: ProfileChange, *, expected: Profile) -> Profile:
        """See `ProfileWriter.write_profile`. Field by field: what was broken off goes on when it is repeated."""
        self._api.ensure(Capability.PROFILE_WRITE)
        mapping_page.ensure_writable(change, PROFILE)
        if (await self.read_profile()).revision != expected.revision:
            raise Rejected(
                _("The profile was changed meanwhile, in Telegram or by somebody else."),
                _("Look at it as it is now, then change it again."),
            )
        for call in mapping_page.changes(change, self._api.chat()):
            await self._api.change(call["method"], call["parameters"], call["files"])
        return await self.read_profile()


class TelegramMetrics:
    """Metrics over the Bot API, which knows how many people a chat has, and nothing else."""

    def __init__(self, api: TelegramApi) -> None:
        self._api = api

    async def of_post(self, ref: RemoteRef) -> Readings:
        """Unsupported: views and forwards are for people's own programs."""
        raise Unsupported(
            _("Telegram tells a bot no figures of posts."), _("Look at the statistics in Telegram itself.")
        )

    async def of_page(self, since: Instant, until: Instant) -> Readings:
        """See `Metrics.of_page`: the members now."""
        try:
            count = await self._api.ask("getChatMemberCount", {"chat_id": self._api.chat()})
        except (Forbidden, Rejected) as error:
            return Readings((), {Metric.FOLLOWERS: error.message})
        members = shape.number({"count": count}, "count", 0)
        if not members:
            raise shape.WrongShape("count")
        return Readings((Reading(Metric.FOLLOWERS, members, self._api.around.clock()),))
