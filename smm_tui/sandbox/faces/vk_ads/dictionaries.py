"""What may be chosen: packages, places, interests, pads, lists; and the forecast."""

from __future__ import annotations

from typing import Any

from smm_tui.sandbox import market, population
from smm_tui.sandbox.faces.vk_ads.audience import crowd
from smm_tui.sandbox.faces.vk_ads.call import ROUTER, Call
from smm_tui.sandbox.http import JSON, Response, json_response

PACKAGES: tuple[JSON, ...] = tuple(
    {"id": number, "name": name, "objective": [objective], "status": status, "description": ""}
    for number, name, objective, status in (
        (3122, "Вступление в сообщество", "socialengagement", "active"),
        (3127, "Сообщения в сообщество", "socialengagement", "active"),
        (3194, "Продвижение поста", "socialengagement", "active"),
        (3101, "Клики по рекламе", "traffic", "active"),
        (2001, "Старый трафик", "traffic", "blocked"),
        (3150, "Охват", "reach", "active"),
        (3210, "Мини-приложения", "vk_miniapps", "active"),
    )
)
PADS = ({"id": 102634, "name": "ВКонтакте: лента"}, {"id": 1010345, "name": "Одноклассники: лента"})
_BARS = ((0.5, 0.2), (0.8, 0.45), (1.0, 0.7), (1.3, 0.9), (1.8, 1.0))  # price and share of the people it reaches


@ROUTER.on("GET", "/api/v2/packages.json")
def packages(call: Call) -> Response:
    """What is sold; all at once."""
    call.authorised()
    return json_response({"count": len(PACKAGES), "items": list(PACKAGES)})


@ROUTER.on("GET", "/api/v2/currencies.json")
def currencies(call: Call) -> Response:
    """The money of cabinets."""
    call.authorised()
    return json_response({"count": 1, "items": [{"id": 1, "name": "RUB", "step": "0.01"}]})


@ROUTER.on("GET", "/api/v2/packages_pads.json")
def pads(call: Call) -> Response:
    """Where packages are shown."""
    call.authorised()
    items: list[JSON] = [{**pad, "packages": [each["id"] for each in PACKAGES]} for pad in PADS]
    return call.listed(items, ("id", "name", "packages"))


@ROUTER.on("GET", "/api/v2/regions.json")
def regions(call: Call) -> Response:
    """Countries with their regions and cities."""
    call.authorised()
    words = call.request.argument("_q") or ""
    kinds = (population.COUNTRY, population.REGION, population.CITY)
    items: list[JSON] = [
        {
            "id": int(place.id),
            "name": place.name,
            "parent_id": int(place.parent) if place.parent else None,
            "flags": ["geo_tree_extended"],
        }
        for place in population.spots(kinds, words)
    ]
    return call.listed(items, ("id", "name", "parent_id", "flags"))


@ROUTER.on("GET", "/api/v2/targetings_tree.json")
def tree(call: Call) -> Response:
    """Interests, under one heading."""
    call.authorised()
    leaves = [{"id": int(each.id), "name": each.name, "children": []} for each in population.INTERESTS.values()]
    return json_response(
        {
            "interests": [{"id": 100, "name": "All interests", "children": leaves}],
            "interests_soc_dem": [],
            "interests_stable": [],
        }
    )


@ROUTER.on("GET", "/api/v2/remarketing/segments.json")
def segments(call: Call) -> Response:
    """The cabinet's lists of people."""
    cabinet = call.authorised()
    items = [{"id": 700 + at, "name": name} for at, name in enumerate(cabinet.data.get("segments", ()))]
    return call.listed(items, ("id", "name"))


@ROUTER.on("POST", "/api/v3/projection.json")
def projection(call: Call) -> Response:
    """How many people a price reaches. Circles are not taken, pads are demanded."""
    cabinet = call.authorised()
    wanted: Any = call.parameters.get("targetings")
    if not isinstance(wanted, dict) or not wanted.get("pads"):
        raise call.wrong("targetings.pads", "required", "This field is required")
    if "local_geo" in wanted.get("geo", {}):
        raise call.wrong("targetings.geo", "unknown_field", "local_geo is not supported here")
    known = {each["id"] for each in PACKAGES}
    if not set(call.parameters.get("package_ids") or [0]) <= known:
        raise call.wrong("package_ids", "bad_value", "Unknown package")
    people = population.people(crowd(call, wanted))
    price = market.estimated_cpm(cabinet, people) / 100
    bars = [{"price": f"{price * of:.2f}", "uniqs": round(people * share), "share": share} for of, share in _BARS]
    return json_response({"histogram": bars})
