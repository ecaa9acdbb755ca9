"""Places, interests and lists of people as VK's dictionaries name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smm_tui.networks import shape
from smm_tui.networks.advertising import AudienceField, Place, PlaceKind, Topic
from smm_tui.networks.vk.ads import mapping, stations
from smm_tui.networks.vk.ads.api import VkAdsApi
from smm_tui.networks.vk.ads.legacy import Legacy
from smm_tui.networks.vk.ads.words import PAGE

DEEPEST = 5  # places around a place

_WORDS = 100  # characters of a search


class Dictionaries:
    """Suggestions. Metro stations come from VK's own list of the city, located by this program's."""

    def __init__(self, api: VkAdsApi, legacy: Legacy) -> None:
        self._api = api
        self._legacy = legacy
        self._tree: Any = None

    async def places(self, kind: PlaceKind, words: str, within: str) -> Sequence[Place]:
        """Places of a kind. `within` is a place's id, for stations also a city's name."""
        if kind is PlaceKind.STATION:
            return await self._stations(words, within)
        if kind not in (PlaceKind.COUNTRY, PlaceKind.REGION, PlaceKind.CITY):
            raise mapping.no_list(kind)
        items = await self._regions(_q=words[:_WORDS])
        above = await self._above(items)
        found = []
        for item in items:
            chain = _chain(item, above)
            try:
                place = mapping.region(item, len(chain))
            except shape.WrongShape:
                continue  # one that cannot be read spoils none of the others
            if place.kind is kind and (not within or within in chain):
                found.append(place)
        return found

    async def topics(self, kind: AudienceField, words: str) -> Sequence[Topic]:
        """Interests or lists of people."""
        if kind is AudienceField.INTERESTS:
            if self._tree is None:
                self._tree = await self._api.get("v2/targetings_tree", lambda value: shape.an_object(value, "tree"))
            return mapping.topics(self._tree, words)[:PAGE]
        if kind is AudienceField.LISTS:
            items = await self._api.all("v2/remarketing/segments", fields="id,name")
            named = [mapping.segment(item) for item in items if shape.text(item, "name")]
            return [topic for topic in named if stations.begins(topic.name, words)]
        raise mapping.no_list(kind)

    async def _stations(self, words: str, within: str) -> Sequence[Place]:
        city = within
        if within.isascii() and within.isdigit():
            items = await self._regions(_id__in=within)
            city = next((shape.text(item, "name") for item in items), "")
        listed = await self._legacy.stations(city) if city else []
        if listed:
            return [place for place in stations.located(city, listed) if stations.begins(place.name, words)][:PAGE]
        return stations.found(words, city)

    async def _regions(self, **params: str) -> list[dict[str, Any]]:
        page = await self._api.get(
            "v2/regions",
            lambda value: shape.an_object(value, "regions"),
            limit=str(PAGE),
            fields="id,name,parent_id,flags",
            **params,
        )
        shape.a_list(page.get("items"), "items")
        return shape.objects(page, "items")

    async def _above(self, items: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """The places around these, storey by storey: each one's id and that of the one around it."""
        known = {str(item.get("id")): _parent(item) for item in items}
        for _storey in range(DEEPEST):
            wanted = sorted({parent for parent in known.values() if parent and parent not in known})[:PAGE]
            if not wanted:
                break
            known |= dict.fromkeys(wanted, "")
            known |= {str(item.get("id")): _parent(item) for item in await self._regions(_id__in=",".join(wanted))}
        return known


def _parent(item: Mapping[str, Any]) -> str:
    number = shape.number(item, "parent_id", 0)
    return str(number) if number else ""


def _chain(item: Mapping[str, Any], above: Mapping[str, str]) -> list[str]:
    """The ids of the places around one."""
    found: list[str] = []
    parent = _parent(item)
    while parent and parent not in found and len(found) < DEEPEST:
        found.append(parent)
        parent = above.get(parent, "")
    return found
