"""What VK's older interface (api.vk.com) knows of metro stations, which VK Реклама does not.

The lists of cities and stations need a user token and no right; how many people are near the stations is told to
accounts that still have a cabinet of the old kind.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from smm_tui.domain.errors import AuthExpired, Forbidden, Rejected, Unsupported
from smm_tui.networks import shape
from smm_tui.networks.advertising import Audience, Place, PlaceKind
from smm_tui.networks.vk.ads import stations
from smm_tui.networks.vk.api import VkApi
from smm_tui.networks.vk.spec import USER

MOST = "500"
COMMUNITY_POST = "9"  # the format of ads that promote posts
_SEXES = {"female": 1, "male": 2}
_NOT_FOR_US = (AuthExpired, Forbidden, Rejected, Unsupported)


class Legacy:
    """Questions that come to nothing where the account has no user token or no such right."""

    def __init__(self, api: VkApi) -> None:
        self._api = api
        self._listed: dict[str, dict[str, int]] = {}  # city -> station's name -> its number

    async def stations(self, city: str) -> list[str]:
        """The names of a city's stations as VK lists them; empty when it does not tell."""
        return list(await self._stations(city))

    async def cabinet(self) -> str:
        """The number of the cabinet of the old kind; empty when there is none."""
        try:
            listed = await self._api.ask("ads.getAccounts", {}, USER, lambda value: shape.a_list(value, "accounts"))
        except _NOT_FOR_US:
            return ""
        usable = [item for item in listed if isinstance(item, dict) and item.get("account_status", 1) in (1, True)]
        number = shape.number(usable[0], "account_id", 0) if usable else 0
        return str(number) if number else ""

    async def people_near(self, audience: Audience, link: str) -> int | None:
        """How many people live or are near the stations of an audience; None when that cannot be told."""
        near = [place for place in audience.places if place.kind is PlaceKind.STATION]
        if not near or len(near) != len(audience.places) or not await self._has_token():
            return None
        numbers = await self._numbers(near)
        cabinet = await self.cabinet() if len(numbers) == len(near) else ""
        if not cabinet:
            return None
        form = {
            "account_id": cabinet,
            "criteria": json.dumps(_criteria(audience, numbers)),
            "ad_format": COMMUNITY_POST,
            "link_url": link,
        }
        try:
            return await self._api.ask("ads.getTargetingStats", form, USER, _people)
        except _NOT_FOR_US:
            return None

    async def _numbers(self, near: Sequence[Place]) -> list[int]:
        found = []
        for place in near:
            listed = await self._stations(stations.city_of(place))
            wanted = stations.folded(place.name)
            found += [number for name, number in listed.items() if stations.folded(name) == wanted][:1]
        return found

    async def _stations(self, city: str) -> dict[str, int]:
        if city not in self._listed:
            self._listed[city] = await self._asked_for(city) if await self._has_token() else {}
        return self._listed[city]

    async def _asked_for(self, city: str) -> dict[str, int]:
        try:
            form = {"q": city, "count": "10"}
            cities = await self._api.ask("database.getCities", form, USER, _items)
            number = next((key for name, key in cities if stations.folded(name) == stations.folded(city)), 0)
            if not number:
                return {}
            form = {"city_id": str(number), "count": MOST}
            return dict(await self._api.ask("database.getMetroStations", form, USER, _items))
        except _NOT_FOR_US:
            return {}

    async def _has_token(self) -> bool:
        return bool(await self._api.token(USER))


def _items(value: Any) -> list[tuple[str, int]]:
    """The names and numbers of a list of the database; what cannot be read is left out."""
    found = shape.an_object(value, "database")
    shape.a_list(found.get("items"), "items")
    return [
        (name, number)
        for item in shape.objects(found, "items")
        if (name := shape.text(item, "title") or shape.text(item, "name")) and (number := shape.number(item, "id", 0))
    ]


def _criteria(audience: Audience, numbers: Sequence[int]) -> dict[str, Any]:
    """The criteria of ads of the old kind."""
    found: dict[str, Any] = {"stations": ",".join(map(str, numbers)), "sex": _SEXES.get(audience.sex, 0)}
    if audience.age_from is not None:
        found["age_from"] = audience.age_from
    if audience.age_to is not None:
        found["age_to"] = audience.age_to
    return found


def _people(value: Any) -> int | None:
    return shape.number(shape.an_object(value, "targeting"), "audience_count", 0) or None
