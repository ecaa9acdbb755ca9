"""The profile of an Instagram account, which can be read only."""

from __future__ import annotations

from smm_tui.networks.instagram import mapping
from smm_tui.networks.instagram.api import InstagramApi
from smm_tui.networks.page import Profile


class InstagramProfile:
    """A ProfileReader over the Graph API."""

    def __init__(self, api: InstagramApi) -> None:
        self._api = api

    async def read_profile(self) -> Profile:
        """See `ProfileReader.read_profile`."""
        account = await self._api.node()
        return await self._api.get(f"/{account}", mapping.profile, fields=mapping.PROFILE_FIELDS)
