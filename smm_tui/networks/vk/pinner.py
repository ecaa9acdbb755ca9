"""Keeping a post on top of the wall."""

from __future__ import annotations

from smm_tui.domain.errors import Forbidden, Rejected
from smm_tui.networks.ports import RemoteRef
from smm_tui.networks.vk import mapping
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.spec import USER
from smm_tui.networks.vk.wall import Wall


class VkPinner:
    """A Pinner over ``wall.pin``. VK keeps one pinned post: pinning another lets go of the first."""

    def __init__(self, api: VkApi, wall: Wall) -> None:
        self._api = api
        self._wall = wall

    async def pin(self, ref: RemoteRef) -> None:
        """See `Pinner.pin`."""
        await self._bring("wall.pin", ref, pinned=True)

    async def unpin(self, ref: RemoteRef) -> None:
        """See `Pinner.unpin`."""
        await self._bring("wall.unpin", ref, pinned=False)

    async def _bring(self, method: str, ref: RemoteRef, *, pinned: bool) -> None:
        try:
            await self._api.ask(method, mapping.place(ref.id), USER, lambda value: value)
        except (Forbidden, Rejected):  # as VK may say of what is so already
            live = await self._wall.post(ref)
            if live is None or mapping.is_pinned(live) != pinned:
                raise
