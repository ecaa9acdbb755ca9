"""Looking at the community's wall: what stands there, what waits there, what is gone."""

from __future__ import annotations

from smm_tui.domain.errors import Forbidden, NetworkError
from smm_tui.networks.ports import JSON, RemoteRef
from smm_tui.networks.vk import mapping
from smm_tui.networks.vk.api import VkApi

PAGE = 100  # posts a page: the API's maximum


class Wall:
    """Reads the wall."""

    def __init__(self, api: VkApi) -> None:
        self._api = api

    async def page(self, owner: str, *, offset: int, count: int, postponed: bool = False) -> list[JSON]:
        """Own posts, newest first, a pinned one before them; or the postponed ones."""
        form = {
            "owner_id": owner,
            "filter": "postponed" if postponed else "owner",
            "offset": str(offset),
            "count": str(count),
        }
        return await self._api.first("wall.get", form, mapping.posts)

    async def newest(self) -> int | None:
        """The number of the newest post, 0 when there is none; None: no token can read the wall."""
        facts = self._api.account.facts
        if facts.get("reads") is False:
            return None
        try:  # two, since a pinned post stands first
            posts = await self.page(await self._api.owner(), offset=0, count=2)
        except Forbidden:
            if facts.get("reads") is True:
                raise
            return None
        return max((post["id"] for post in posts), default=0)

    async def post(self, ref: RemoteRef) -> JSON | None:
        """A post as the API shows it, None when it is gone."""
        posts = await self._api.first("wall.getById", {"posts": ref.id}, mapping.posts)
        return next((post for post in posts if not mapping.is_gone(post)), None)

    async def is_gone(self, ref: RemoteRef) -> bool:
        """Whether a post is certainly not there any more."""
        try:
            return await self.post(ref) is None
        except NetworkError:
            return False
