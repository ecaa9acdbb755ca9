"""Posts that VK itself publishes at a time."""

from __future__ import annotations

from smm_tui.domain.clock import Instant
from smm_tui.networks.ports import JSON, RemoteRef
from smm_tui.networks.vk import mapping
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.publisher import VkPublisher, post
from smm_tui.networks.vk.wall import PAGE, Wall

PAGES = 3  # VK keeps about 150 postponed posts


class VkScheduler:
    """A Scheduler over ``publish_date``. A post gets another number when VK publishes it."""

    def __init__(self, api: VkApi, wall: Wall, publisher: VkPublisher) -> None:
        self._api = api
        self._wall = wall
        self._publisher = publisher

    async def schedule(self, identity: str, wire: JSON, at: Instant) -> RemoteRef:
        """See `Scheduler.schedule`. VK counts in whole seconds."""
        return await post(self._api, {**wire["form"], "publish_date": str(at // 1000)}, str(wire["as"]))

    async def scheduled(self) -> tuple[RemoteRef, ...]:
        """See `Scheduler.scheduled`."""
        owner = await self._api.owner()
        found: dict[int, RemoteRef] = {}
        for page in range(PAGES):
            posts = await self._wall.page(owner, offset=page * PAGE, count=PAGE, postponed=True)
            found |= {post["id"]: mapping.ref(f"{owner}_{post['id']}") for post in posts}
            if len(posts) < PAGE:
                break
        return tuple(found.values())

    async def unschedule(self, ref: RemoteRef) -> None:
        """See `Scheduler.unschedule`. What VK published meanwhile has another number and stays."""
        await self._publisher.delete(ref)
