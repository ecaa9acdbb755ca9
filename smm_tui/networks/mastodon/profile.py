"""How the account's page looks."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from smm_tui.domain.errors import Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import outgoing
from smm_tui.networks.mastodon import mapping_page as mapping
from smm_tui.networks.mastodon.api import VERIFY, MastodonApi, account_path
from smm_tui.networks.mastodon.uploads import file_name
from smm_tui.networks.page import Profile, ProfileChange

UPDATE = "/api/v1/accounts/update_credentials"


class MastodonProfile:
    """A ProfileReader and ProfileWriter over ``verify_credentials`` and ``update_credentials``."""

    def __init__(self, api: MastodonApi) -> None:
        self._api = api

    async def read_profile(self) -> Profile:
        """See `ProfileReader.read_profile`."""
        pinned = await self._api.get(
            account_path(await self._api.own(), "statuses?pinned=true&limit=1"), mapping.pinned
        )
        return await self._api.get(VERIFY, lambda value: mapping.profile(value, pinned))

    async def write_profile(self, change: ProfileChange, *, expected: Profile) -> Profile:
        """See `ProfileWriter.write_profile`. All links are set at once: the server drops those not sent."""
        if change.website is not None:
            raise Unsupported(_("A page has no website of its own there."), _("Put it among the links."))
        live = await self.read_profile()
        if live.revision != expected.revision:
            raise Rejected(
                _("The page was changed meanwhile."),
                _("Look at it as it is now, then change it again."),
                field="page",
            )
        pictures = {name: file for name, file in (("avatar", change.avatar), ("header", change.cover)) if file}
        with ExitStack() as opened:
            files = {}
            for name, file in pictures.items():
                handle = opened.enter_context(await asyncio.to_thread(outgoing.opened, file))
                files[name] = (file_name(file), handle, file.mime)
            answer = await self._api.call(
                "PATCH",
                UPDATE,
                form=mapping.form(change),
                files=files or None,
                size=sum(file.size for file in pictures.values()),
            )
        return self._api.result(answer, lambda value: mapping.profile(value, live.pinned))
