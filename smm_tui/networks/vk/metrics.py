"""The figures of a community and its posts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from smm_tui.domain.clock import Instant
from smm_tui.domain.errors import Forbidden, NotFound, Rejected, Unsupported
from smm_tui.i18n import _
from smm_tui.networks import shape
from smm_tui.networks.page import Metric, Reading, Readings
from smm_tui.networks.ports import RemoteRef
from smm_tui.networks.vk import mapping
from smm_tui.networks.vk import mapping_page as page
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.spec import USER


class VkMetrics:
    """Metrics over the posts themselves, ``stats.getPostReach`` and ``stats.get``, each call on its own."""

    def __init__(self, api: VkApi) -> None:
        self._api = api

    async def of_post(self, ref: RemoteRef) -> Readings:
        """See `Metrics.of_post`. NotFound when it is gone."""
        now = self._api.around.clock()
        owner, _bar, number = ref.id.partition("_")
        return await _gathered(
            (page.POST_TOTALS, lambda: self._totals(ref, now)),
            (
                page.POST_REACH,
                lambda: self._api.ask(
                    "stats.getPostReach",
                    {"owner_id": owner, "post_ids": number},
                    USER,
                    lambda value: page.post_reach(value, now),
                ),
            ),
        )

    async def of_page(self, since: Instant, until: Instant) -> Readings:
        """See `Metrics.of_page`."""
        group, now = await self._api.group(), self._api.around.clock()
        form = {
            "group_id": group,
            "timestamp_from": str(since // 1000),
            "timestamp_to": str(until // 1000),
            "interval": "day",
            "stats_groups": "visitors,reach,activity",
            "extended": "0",
        }
        return await _gathered(
            (
                (Metric.FOLLOWERS,),
                lambda: self._api.first(
                    "groups.getById",
                    {"group_id": group, "fields": "members_count"},
                    lambda value: page.members(value, now),
                ),
            ),
            (page.PAGE_DAYS, lambda: self._api.ask("stats.get", form, USER, page.days)),
        )

    async def _totals(self, ref: RemoteRef, now: Instant) -> list[Reading]:
        posts = await self._api.first("wall.getById", {"posts": ref.id}, mapping.posts)
        live = next((post for post in posts if not mapping.is_gone(post)), None)
        if live is None:
            raise NotFound(
                _("The post is not on the wall any more."),
                _("It was deleted, or this account may not see it."),
                status=200,
            )
        return page.post_totals(live, now)


async def _gathered(*sources: tuple[Iterable[Metric], Callable[[], Awaitable[list[Reading]]]]) -> Readings:
    """The readings of all sources; what one of them refuses is missing. Raises its error when all refuse."""
    values: list[Reading] = []
    missing: dict[Metric, str] = {}
    errors = []
    for metrics, read in sources:
        told: list[Reading] = []
        why = _("VK does not tell it.")
        try:
            told = await read()
        except (Forbidden, NotFound, Rejected, Unsupported, shape.WrongShape) as error:
            errors.append(error)
            why = error.message
        values += told
        there = {reading.metric for reading in told}
        missing |= {metric: why for metric in metrics if metric not in there}
    if len(errors) == len(sources):
        raise errors[0]
    return Readings(tuple(values), missing)
